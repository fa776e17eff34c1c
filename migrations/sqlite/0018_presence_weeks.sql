-- Presence that is told from outside a log, and what the other context has
-- signed.

CREATE TABLE presence_weeks (
    municipality TEXT NOT NULL,
    district TEXT NOT NULL,
    week TEXT NOT NULL,
    source TEXT NOT NULL,
    visits INTEGER NOT NULL,
    minutes INTEGER NOT NULL,
    CONSTRAINT presence_weeks_pk PRIMARY KEY (municipality, district, week, source),
    CONSTRAINT presence_weeks_numbers CHECK (visits >= 0 AND minutes >= 0),
    CONSTRAINT presence_weeks_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
) STRICT;

-- The latest summary of each other context: a later one replaces it, an
-- earlier one is refused.
CREATE TABLE summaries (
    municipality TEXT NOT NULL,
    context TEXT NOT NULL,
    generation INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    digest BLOB NOT NULL,
    content TEXT NOT NULL,
    CONSTRAINT summaries_pk PRIMARY KEY (municipality, context),
    CONSTRAINT summaries_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
) STRICT;
