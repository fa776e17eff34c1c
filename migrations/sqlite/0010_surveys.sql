-- What residents said when they were asked, one row a question, area and group.
-- `district` is empty for the whole municipality. The identity begins with the
-- import's, as that of an event does.
CREATE TABLE survey_answers (
    municipality TEXT NOT NULL,
    id TEXT NOT NULL,
    survey TEXT NOT NULL,
    year INTEGER NOT NULL,
    mode TEXT NOT NULL,
    district TEXT,
    question TEXT NOT NULL,
    wording TEXT,
    who TEXT NOT NULL,
    asked INTEGER NOT NULL,
    value REAL NOT NULL,
    unit TEXT NOT NULL,
    low REAL,
    high REAL,
    source TEXT,
    note TEXT,
    dataset TEXT NOT NULL,
    external_key TEXT NOT NULL,
    CONSTRAINT survey_answers_pk PRIMARY KEY (municipality, id),
    CONSTRAINT survey_answers_origin UNIQUE (municipality, dataset, external_key),
    CONSTRAINT survey_answers_municipality_fk FOREIGN KEY (municipality)
        REFERENCES municipalities (code),
    CONSTRAINT survey_answers_asked CHECK (asked >= 0),
    CONSTRAINT survey_answers_interval CHECK ((low IS NULL) = (high IS NULL))
) STRICT;
