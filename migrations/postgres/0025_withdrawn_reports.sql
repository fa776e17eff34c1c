-- A resident takes a report back: a message that says all by its kind.
ALTER TABLE messages DROP CONSTRAINT messages_kind;
ALTER TABLE messages ADD CONSTRAINT messages_kind CHECK (kind IN ('answer', 'question', 'reply', 'solved', 'not_solved', 'withdrawn'));
ALTER TABLE messages DROP CONSTRAINT messages_something;
ALTER TABLE messages ADD CONSTRAINT messages_something CHECK (text IS NOT NULL OR photos > 0 OR kind IN ('solved', 'not_solved', 'withdrawn'));

-- What was taken back may go at once; the days of the other classes are checked where they are entered.
ALTER TABLE retention_decisions DROP CONSTRAINT retention_decisions_days;
ALTER TABLE retention_decisions ADD CONSTRAINT retention_decisions_days CHECK (days > 0 OR class = 'withdrawn' AND days = 0);
