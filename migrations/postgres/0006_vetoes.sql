-- Vetoes on hot spots: what was vetoed, and every step since. Rows are added
-- and never changed.

-- The cell of the spot that stood out most, and its middle.
CREATE TABLE vetoes (
    municipality TEXT NOT NULL,
    id TEXT NOT NULL,
    cell TEXT NOT NULL,
    longitude DOUBLE PRECISION NOT NULL,
    latitude DOUBLE PRECISION NOT NULL,
    CONSTRAINT vetoes_pk PRIMARY KEY (municipality, id),
    CONSTRAINT vetoes_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
);

-- A step with a reason and a day of review sets or renews a veto, one without
-- ends it.
CREATE TABLE veto_steps (
    municipality TEXT NOT NULL,
    veto TEXT NOT NULL,
    position BIGINT NOT NULL,
    done_at BIGINT NOT NULL,
    by_role TEXT NOT NULL,
    reason TEXT,
    note TEXT,
    review_on TEXT,
    CONSTRAINT veto_steps_pk PRIMARY KEY (municipality, veto, position),
    CONSTRAINT veto_steps_terms CHECK ((reason IS NULL) = (review_on IS NULL)),
    CONSTRAINT veto_steps_first CHECK (position > 0 OR reason IS NOT NULL),
    CONSTRAINT veto_steps_veto_fk FOREIGN KEY (municipality, veto) REFERENCES vetoes (municipality, id)
);
