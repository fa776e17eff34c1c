-- One row a file that was imported. Its events have identities that begin
-- with the import's, so that they are found again without a further index.
-- `municipality` is `all` where each row went into the one it lies in; `undo`
-- is what stood there before, where an import replaces something.
CREATE TABLE imports (
    id TEXT NOT NULL,
    municipality TEXT NOT NULL,
    kind TEXT NOT NULL,
    dataset TEXT NOT NULL,
    fingerprint BYTEA NOT NULL,
    actor TEXT NOT NULL,
    began_at BIGINT NOT NULL,
    alive_until BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    state TEXT NOT NULL,
    rows_read BIGINT NOT NULL,
    rows_stored BIGINT NOT NULL,
    rows_known BIGINT NOT NULL,
    rows_refused BIGINT NOT NULL,
    undo TEXT,
    CONSTRAINT imports_pk PRIMARY KEY (id),
    CONSTRAINT imports_id_form CHECK (length(id) = 32),
    CONSTRAINT imports_attempts CHECK (attempts BETWEEN 1 AND 255),
    CONSTRAINT imports_state CHECK (state IN ('running', 'done', 'undoing', 'undone'))
);
CREATE INDEX imports_municipality ON imports (municipality, id);
