-- What moderators do to a report beside its status.

-- What was made unreadable, by whom and why, and what stood there before until
-- a decision of retention lets it go.
CREATE TABLE redactions (
    municipality TEXT NOT NULL,
    report TEXT NOT NULL,
    step BIGINT NOT NULL,
    at_hour BIGINT NOT NULL,
    by_name TEXT NOT NULL,
    photo BIGINT,
    reason TEXT NOT NULL,
    original_text TEXT,
    original_jpeg BYTEA,
    CONSTRAINT redactions_pk PRIMARY KEY (municipality, report, step),
    CONSTRAINT redactions_step CHECK (step > 0),
    CONSTRAINT redactions_original CHECK (original_text IS NULL OR original_jpeg IS NULL),
    CONSTRAINT redactions_report_fk FOREIGN KEY (municipality, report) REFERENCES reports (municipality, id)
);

-- Owners without an account who were asked by a link; its code is kept as a hash.
CREATE TABLE forwards (
    municipality TEXT NOT NULL,
    id TEXT NOT NULL,
    report TEXT NOT NULL,
    code_hash BYTEA NOT NULL,
    owner TEXT NOT NULL,
    question TEXT,
    by_name TEXT NOT NULL,
    sent_hour BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    opened_hour BIGINT,
    reply TEXT,
    by_day TEXT,
    note TEXT,
    answered_hour BIGINT,
    closed_hour BIGINT,
    CONSTRAINT forwards_pk PRIMARY KEY (municipality, id),
    CONSTRAINT forwards_code UNIQUE (code_hash),
    CONSTRAINT forwards_answer CHECK ((reply IS NULL) = (answered_hour IS NULL)),
    CONSTRAINT forwards_day CHECK (by_day IS NULL OR reply IS NOT NULL),
    CONSTRAINT forwards_report_fk FOREIGN KEY (municipality, report) REFERENCES reports (municipality, id)
);
CREATE INDEX forwards_report ON forwards (municipality, report);

-- Answers that are written often, in both languages.
CREATE TABLE answer_templates (
    municipality TEXT NOT NULL,
    id TEXT NOT NULL,
    category TEXT,
    status TEXT,
    title TEXT NOT NULL,
    text_sv TEXT NOT NULL,
    text_en TEXT NOT NULL,
    CONSTRAINT answer_templates_pk PRIMARY KEY (municipality, id),
    CONSTRAINT answer_templates_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
);

-- What waits for a moderator, found without a look at every event.
CREATE INDEX events_waiting ON events (municipality, received_hour) WHERE kind = 'report' AND status IN ('received', 'reopened');
CREATE INDEX reports_aside ON reports (municipality, id) WHERE quarantine IS NOT NULL;
