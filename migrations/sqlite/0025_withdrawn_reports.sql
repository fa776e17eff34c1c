-- A resident takes a report back: a message that says all by its kind.
CREATE TABLE messages_next (
    municipality TEXT NOT NULL,
    report TEXT NOT NULL,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    role TEXT,
    text TEXT,
    first_photo INTEGER NOT NULL,
    photos INTEGER NOT NULL,
    after_step INTEGER NOT NULL,
    at_hour INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    key_hmac BLOB,
    CONSTRAINT messages_pk PRIMARY KEY (municipality, report, position),
    CONSTRAINT messages_kind CHECK (kind IN ('answer', 'question', 'reply', 'solved', 'not_solved', 'withdrawn')),
    CONSTRAINT messages_role CHECK ((kind IN ('answer', 'question')) = (role IS NOT NULL)),
    CONSTRAINT messages_something CHECK (text IS NOT NULL OR photos > 0 OR kind IN ('solved', 'not_solved', 'withdrawn')),
    CONSTRAINT messages_report_fk FOREIGN KEY (municipality, report) REFERENCES reports (municipality, id)
) STRICT;

INSERT INTO messages_next (municipality, report, position, kind, role, text, first_photo, photos,
    after_step, at_hour, seen, key_hmac)
SELECT municipality, report, position, kind, role, text, first_photo, photos,
    after_step, at_hour, seen, key_hmac FROM messages;

DROP TABLE messages;

ALTER TABLE messages_next RENAME TO messages;

-- What was taken back may go at once; the days of the other classes are checked where they are entered.
CREATE TABLE retention_decisions_next (
    municipality TEXT NOT NULL,
    class TEXT NOT NULL,
    number TEXT NOT NULL,
    decided_on TEXT NOT NULL,
    days INTEGER NOT NULL,
    entered_by TEXT NOT NULL,
    entered_hour INTEGER NOT NULL,
    CONSTRAINT retention_decisions_pk PRIMARY KEY (municipality, class, number),
    CONSTRAINT retention_decisions_days CHECK (days > 0 OR class = 'withdrawn' AND days = 0),
    CONSTRAINT retention_decisions_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
) STRICT;

INSERT INTO retention_decisions_next (municipality, class, number, decided_on, days, entered_by, entered_hour)
SELECT municipality, class, number, decided_on, days, entered_by, entered_hour FROM retention_decisions;

DROP TABLE retention_decisions;

ALTER TABLE retention_decisions_next RENAME TO retention_decisions;
