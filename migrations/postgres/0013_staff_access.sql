-- Further proofs of who somebody is, and where a second one is demanded.

-- Counts what ends every session of a user: a session carries the number at
-- which it began.
ALTER TABLE users ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0;

-- Codes for the day that the phone is lost; each opens once.
CREATE TABLE recovery_codes (
    user_id TEXT NOT NULL,
    hash BYTEA NOT NULL,
    used_at BIGINT,
    CONSTRAINT recovery_codes_pk PRIMARY KEY (user_id, hash),
    CONSTRAINT recovery_codes_user_fk FOREIGN KEY (user_id) REFERENCES users (id)
);

-- Public keys of passkeys, by the identity that their authenticator gave them.
CREATE TABLE passkeys (
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    label TEXT NOT NULL,
    credential TEXT NOT NULL,
    made_on TEXT NOT NULL,
    last_used_on TEXT,
    CONSTRAINT passkeys_pk PRIMARY KEY (id),
    CONSTRAINT passkeys_user_fk FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX passkeys_user ON passkeys (user_id);

-- Users whom an identity provider vouches for.
CREATE TABLE outside_identities (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id TEXT NOT NULL,
    CONSTRAINT outside_identities_pk PRIMARY KEY (issuer, subject),
    CONSTRAINT outside_identities_user UNIQUE (user_id),
    CONSTRAINT outside_identities_user_fk FOREIGN KEY (user_id) REFERENCES users (id)
);

-- Roles that a municipality demands a second proof of.
CREATE TABLE second_factors (
    municipality TEXT NOT NULL,
    role TEXT NOT NULL,
    CONSTRAINT second_factors_pk PRIMARY KEY (municipality, role),
    CONSTRAINT second_factors_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
);
