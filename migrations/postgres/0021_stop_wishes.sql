-- Wishes for stops in the patrol plans to come, in the police context alone:
-- by the code of a unit, never a name, until a day. One that is taken back is
-- ended, not deleted.
CREATE TABLE stop_wishes (
    municipality TEXT NOT NULL,
    id TEXT NOT NULL,
    unit TEXT NOT NULL,
    longitude DOUBLE PRECISION NOT NULL,
    latitude DOUBLE PRECISION NOT NULL,
    name TEXT NOT NULL,
    note TEXT NOT NULL,
    until_day TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    by_role TEXT NOT NULL,
    ended_at BIGINT,
    CONSTRAINT stop_wishes_pk PRIMARY KEY (municipality, id),
    CONSTRAINT stop_wishes_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
);
