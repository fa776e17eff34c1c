-- Route sheets by e-mail, in the police context alone. A rule is an address, or
-- `@` and a domain; the operator sets them.
CREATE TABLE sheet_recipients (
    municipality TEXT NOT NULL,
    rule TEXT NOT NULL,
    CONSTRAINT sheet_recipients_pk PRIMARY KEY (municipality, rule),
    CONSTRAINT sheet_recipients_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
) STRICT;

-- What goes with a letter, gone with it and once it has failed.
ALTER TABLE letters ADD COLUMN attachment BLOB;
