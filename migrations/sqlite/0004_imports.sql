-- One row a file that was imported. Its events have identities that begin
-- with the import's, so that they are found again without a further index.
-- `municipality` is `all` where each row went into the one it lies in; `undo`
-- is what stood there before, where an import replaces something.
CREATE TABLE imports (
    id TEXT NOT NULL,
    municipality TEXT NOT NULL,
    kind TEXT NOT NULL,
    dataset TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    actor TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    alive_until INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    state TEXT NOT NULL,
    rows_read INTEGER NOT NULL,
    rows_stored INTEGER NOT NULL,
    rows_known INTEGER NOT NULL,
    rows_refused INTEGER NOT NULL,
    undo TEXT,
    CONSTRAINT imports_pk PRIMARY KEY (id),
    CONSTRAINT imports_id_form CHECK (length(id) = 32),
    CONSTRAINT imports_attempts CHECK (attempts BETWEEN 1 AND 255),
    CONSTRAINT imports_state CHECK (state IN ('running', 'done', 'undoing', 'undone'))
) STRICT;
CREATE INDEX imports_municipality ON imports (municipality, id);
