-- What a measure is tied to: a promise, and the centre of a 50 m cell, which
-- only staff see.
ALTER TABLE measures ADD COLUMN promise TEXT;
ALTER TABLE measures ADD COLUMN spot_longitude REAL;
ALTER TABLE measures ADD COLUMN spot_latitude REAL;
