-- Addresses of those who asked for e-mail about their report, kept apart from
-- the report and deleted by rule. `nonce` makes the token of the letters'
-- links; only the token's hash is looked up.
CREATE TABLE mail_contacts (
    municipality TEXT NOT NULL,
    report TEXT NOT NULL,
    address TEXT NOT NULL,
    language TEXT NOT NULL,
    nonce TEXT NOT NULL,
    token_hash BYTEA NOT NULL,
    asked_hour BIGINT NOT NULL,
    confirmed_hour BIGINT,
    CONSTRAINT mail_contacts_pk PRIMARY KEY (municipality, report),
    CONSTRAINT mail_contacts_token UNIQUE (token_hash),
    CONSTRAINT mail_contacts_address CHECK (length(address) BETWEEN 3 AND 254),
    CONSTRAINT mail_contacts_report_fk FOREIGN KEY (municipality, report) REFERENCES reports (municipality, id)
);

-- Offices that are told who waits (`digest`) and what is long overdue
-- (`escalation`); never a person's address.
CREATE TABLE mail_offices (
    municipality TEXT NOT NULL,
    purpose TEXT NOT NULL,
    address TEXT NOT NULL,
    CONSTRAINT mail_offices_pk PRIMARY KEY (municipality, purpose, address),
    CONSTRAINT mail_offices_purpose CHECK (purpose IN ('digest', 'escalation')),
    CONSTRAINT mail_offices_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
);

-- Letters that are to be sent, and gone once they are. The address of one to
-- a contact stands in `mail_contacts` alone.
CREATE TABLE letters (
    id TEXT NOT NULL,
    municipality TEXT NOT NULL,
    contact TEXT,
    recipient TEXT,
    kind TEXT NOT NULL,
    language TEXT NOT NULL,
    details TEXT NOT NULL,
    queued_hour BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    CONSTRAINT letters_pk PRIMARY KEY (id),
    CONSTRAINT letters_to CHECK ((contact IS NULL) = (recipient IS NOT NULL)),
    CONSTRAINT letters_contact_fk FOREIGN KEY (municipality, contact) REFERENCES mail_contacts (municipality, report)
);
