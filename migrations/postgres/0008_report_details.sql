-- Answers to the few questions that only some categories ask, and photos.
ALTER TABLE reports ADD COLUMN details TEXT NOT NULL DEFAULT '';

-- Photos as they were written anew; only staff see them.
CREATE TABLE photos (
    municipality TEXT NOT NULL,
    report TEXT NOT NULL,
    position BIGINT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    jpeg BYTEA NOT NULL,
    CONSTRAINT photos_pk PRIMARY KEY (municipality, report, position),
    CONSTRAINT photos_report_fk FOREIGN KEY (municipality, report) REFERENCES reports (municipality, id)
);
