-- Partners: organisations (a housing company, a school, guards) whose people
-- report by a link of their own. The link's token is kept as its hash.
CREATE TABLE partners (
    municipality TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    token_hash BYTEA NOT NULL,
    made_at BIGINT NOT NULL,
    revoked_at BIGINT,
    CONSTRAINT partners_pk PRIMARY KEY (municipality, id),
    CONSTRAINT partners_token UNIQUE (token_hash),
    CONSTRAINT partners_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
);
