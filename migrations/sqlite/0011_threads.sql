-- Who answers is told by organisation and role; steps from before are without.
ALTER TABLE status_changes ADD COLUMN role TEXT;

-- What staff and the resident write to each other about a report. Without a
-- role it is the resident's. `after_step` is the number of steps that stood
-- before it, since both are known to the hour only; `seen` says whether staff
-- have read what the resident wrote.
CREATE TABLE messages (
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
    CONSTRAINT messages_kind CHECK (kind IN ('answer', 'question', 'reply', 'solved', 'not_solved')),
    CONSTRAINT messages_role CHECK ((kind IN ('answer', 'question')) = (role IS NOT NULL)),
    CONSTRAINT messages_something CHECK (text IS NOT NULL OR photos > 0 OR kind IN ('solved', 'not_solved')),
    CONSTRAINT messages_report_fk FOREIGN KEY (municipality, report) REFERENCES reports (municipality, id)
) STRICT;
