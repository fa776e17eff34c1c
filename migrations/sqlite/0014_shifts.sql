-- What the page of a shift says of a visit beside its purpose: about how many
-- people were talked with, and that a correction withdraws.
ALTER TABLE visits ADD COLUMN contacts TEXT;
ALTER TABLE visits ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0;
CREATE INDEX visits_unit ON visits (municipality, unit);
