-- What the page of a shift says of a visit beside its purpose: about how many
-- people were talked with, and that a correction withdraws.
ALTER TABLE visits ADD COLUMN contacts TEXT;
ALTER TABLE visits ADD COLUMN withdrawn BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX visits_unit ON visits (municipality, unit);
