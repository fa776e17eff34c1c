-- Public records: what is let go by decision, and requests for documents.

-- Decisions stay for good; the latest of a class is in force.
CREATE TABLE retention_decisions (
    municipality TEXT NOT NULL,
    class TEXT NOT NULL,
    number TEXT NOT NULL,
    decided_on TEXT NOT NULL,
    days INTEGER NOT NULL,
    entered_by TEXT NOT NULL,
    entered_hour INTEGER NOT NULL,
    CONSTRAINT retention_decisions_pk PRIMARY KEY (municipality, class, number),
    CONSTRAINT retention_decisions_days CHECK (days > 0),
    CONSTRAINT retention_decisions_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
) STRICT;

-- Protocols: how much of what was let go, never which.
CREATE TABLE retention_runs (
    municipality TEXT NOT NULL,
    id TEXT NOT NULL,
    class TEXT NOT NULL,
    number TEXT NOT NULL,
    decided_on TEXT NOT NULL,
    days INTEGER NOT NULL,
    before_at INTEGER NOT NULL,
    run_at INTEGER NOT NULL,
    by_name TEXT NOT NULL,
    held_open INTEGER NOT NULL,
    held_requested INTEGER NOT NULL,
    CONSTRAINT retention_runs_pk PRIMARY KEY (municipality, id),
    CONSTRAINT retention_runs_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
) STRICT;

CREATE TABLE retention_rows (
    municipality TEXT NOT NULL,
    run TEXT NOT NULL,
    category TEXT NOT NULL,
    month TEXT NOT NULL,
    number INTEGER NOT NULL,
    CONSTRAINT retention_rows_pk PRIMARY KEY (municipality, run, category, month),
    CONSTRAINT retention_rows_run_fk FOREIGN KEY (municipality, run) REFERENCES retention_runs (municipality, id)
) STRICT;

CREATE TABLE record_requests (
    municipality TEXT NOT NULL,
    id TEXT NOT NULL,
    reference TEXT NOT NULL,
    asked TEXT NOT NULL,
    opened_by TEXT NOT NULL,
    opened_hour INTEGER NOT NULL,
    closed_hour INTEGER,
    CONSTRAINT record_requests_pk PRIMARY KEY (municipality, id),
    CONSTRAINT record_requests_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
) STRICT;

-- The secrecy review of each document; it goes with the report.
CREATE TABLE record_items (
    municipality TEXT NOT NULL,
    request TEXT NOT NULL,
    report TEXT NOT NULL,
    verdict TEXT,
    ground TEXT,
    text TEXT,
    photos INTEGER NOT NULL,
    reviewed_by TEXT,
    reviewed_hour INTEGER,
    CONSTRAINT record_items_pk PRIMARY KEY (municipality, request, report),
    CONSTRAINT record_items_review CHECK ((verdict IS NULL) = (reviewed_by IS NULL) AND (verdict IS NULL) = (reviewed_hour IS NULL)),
    CONSTRAINT record_items_request_fk FOREIGN KEY (municipality, request) REFERENCES record_requests (municipality, id),
    CONSTRAINT record_items_report_fk FOREIGN KEY (municipality, report) REFERENCES reports (municipality, id)
) STRICT;
CREATE INDEX record_items_report ON record_items (municipality, report);
