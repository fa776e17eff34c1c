-- When reports and places are held back from releases, and why.

-- What was seen when the server put a report aside by itself.
ALTER TABLE reports ADD COLUMN quarantine_note TEXT;

-- When a report was put aside and let back in; an open span has no end. What
-- one release has counted is counted by every later one of its days.
CREATE TABLE quarantine_spans (
    municipality TEXT NOT NULL,
    report TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    to_at BIGINT,
    CONSTRAINT quarantine_spans_pk PRIMARY KEY (municipality, report, from_at),
    CONSTRAINT quarantine_spans_order CHECK (to_at >= from_at),
    CONSTRAINT quarantine_spans_report_fk FOREIGN KEY (municipality, report) REFERENCES reports (municipality, id)
);

-- Places, days and hours that no release may speak of. One that is lifted
-- stays, with its end.
CREATE TABLE embargoes (
    municipality TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    longitude DOUBLE PRECISION,
    latitude DOUBLE PRECISION,
    radius_m DOUBLE PRECISION,
    from_day TEXT,
    to_day TEXT,
    hours BIGINT NOT NULL,
    since_at BIGINT NOT NULL,
    until_at BIGINT,
    CONSTRAINT embargoes_pk PRIMARY KEY (municipality, id),
    CONSTRAINT embargoes_place CHECK ((longitude IS NULL) = (latitude IS NULL) AND (longitude IS NULL) = (radius_m IS NULL)),
    CONSTRAINT embargoes_radius CHECK (radius_m > 0),
    CONSTRAINT embargoes_days CHECK ((from_day IS NULL) = (to_day IS NULL) AND to_day > from_day),
    CONSTRAINT embargoes_something CHECK (longitude IS NOT NULL OR from_day IS NOT NULL),
    CONSTRAINT embargoes_end CHECK (until_at >= since_at),
    CONSTRAINT embargoes_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
);
