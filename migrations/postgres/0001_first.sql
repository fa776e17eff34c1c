-- The first schema. The same tables, columns and keys stand in
-- `migrations/sqlite`; a test compares the two.
-- Time is microseconds since 1970 in UTC, a day is ISO 8601 text, an identity
-- is 32 hexadecimal digits, a hash is 32 bytes.

CREATE EXTENSION IF NOT EXISTS postgis SCHEMA public;

-- One row: whose store this is, and where the audit log ends.
CREATE TABLE store_state (
    one BIGINT NOT NULL,
    context TEXT NOT NULL,
    audit_position BIGINT NOT NULL,
    audit_hash BYTEA NOT NULL,
    CONSTRAINT store_state_pk PRIMARY KEY (one),
    CONSTRAINT store_state_one CHECK (one = 1),
    CONSTRAINT store_state_context CHECK (context IN ('municipal', 'police'))
);

-- A municipality with its policy; `seq` is the head of its feed.
CREATE TABLE municipalities (
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    full_name TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    crs TEXT NOT NULL,
    boundary TEXT NOT NULL,
    land TEXT,
    k BIGINT NOT NULL,
    delay_days BIGINT NOT NULL,
    retention_days BIGINT NOT NULL,
    retention_decision TEXT NOT NULL,
    synthetic BOOLEAN NOT NULL,
    seq BIGINT NOT NULL,
    CONSTRAINT municipalities_pk PRIMARY KEY (code),
    CONSTRAINT municipalities_code CHECK (length(code) BETWEEN 2 AND 32),
    CONSTRAINT municipalities_k CHECK (k >= 5),
    CONSTRAINT municipalities_delay CHECK (delay_days BETWEEN 7 AND 90),
    CONSTRAINT municipalities_seq CHECK (seq >= 0)
);

CREATE TABLE districts (
    municipality TEXT NOT NULL,
    code TEXT NOT NULL,
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    boundary TEXT NOT NULL,
    residents BIGINT,
    CONSTRAINT districts_pk PRIMARY KEY (municipality, code),
    CONSTRAINT districts_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
);

CREATE TABLE localities (
    municipality TEXT NOT NULL,
    id TEXT NOT NULL,
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    longitude DOUBLE PRECISION NOT NULL,
    latitude DOUBLE PRECISION NOT NULL,
    precision_m DOUBLE PRECISION NOT NULL,
    district TEXT,
    residents BIGINT,
    weight BIGINT NOT NULL,
    CONSTRAINT localities_pk PRIMARY KEY (municipality, id),
    CONSTRAINT localities_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
);

CREATE TABLE contacts (
    municipality TEXT NOT NULL,
    position BIGINT NOT NULL,
    role TEXT NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT contacts_pk PRIMARY KEY (municipality, position),
    CONSTRAINT contacts_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
);

CREATE TABLE extra_layers (
    municipality TEXT NOT NULL,
    name TEXT NOT NULL,
    geojson TEXT NOT NULL,
    CONSTRAINT extra_layers_pk PRIMARY KEY (municipality, name),
    CONSTRAINT extra_layers_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
);

-- Named groups of municipalities: local police areas, counties.
CREATE TABLE area_members (
    area TEXT NOT NULL,
    municipality TEXT NOT NULL,
    CONSTRAINT area_members_pk PRIMARY KEY (area, municipality),
    CONSTRAINT area_members_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
);

-- The change feed: the changes `first_seq` to `seq` of one kind.
-- `removed` is what stays of an erased event: its random identity.
CREATE TABLE changes (
    municipality TEXT NOT NULL,
    seq BIGINT NOT NULL,
    first_seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    removed TEXT,
    CONSTRAINT changes_pk PRIMARY KEY (municipality, seq),
    CONSTRAINT changes_range CHECK (first_seq BETWEEN 1 AND seq),
    CONSTRAINT changes_removed CHECK ((kind = 'erasure') = (removed IS NOT NULL)),
    CONSTRAINT changes_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
);

-- What reports, incidents and visits share, and all that the index reads.
-- The key is the feed's, so that the index is built by one walk in order.
CREATE TABLE events (
    municipality TEXT NOT NULL,
    seq BIGINT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    place_kind TEXT NOT NULL,
    longitude DOUBLE PRECISION,
    latitude DOUBLE PRECISION,
    east DOUBLE PRECISION,
    north DOUBLE PRECISION,
    precision_m DOUBLE PRECISION NOT NULL,
    shape TEXT,
    area_system TEXT,
    area_version TEXT,
    area_code TEXT,
    start_at BIGINT,
    end_at BIGINT,
    time_precision TEXT NOT NULL,
    hours BIGINT NOT NULL,
    weekdays BIGINT NOT NULL,
    seasons BIGINT NOT NULL,
    received_hour BIGINT NOT NULL,
    category TEXT NOT NULL,
    source_class TEXT NOT NULL,
    source_tag BIGINT NOT NULL,
    district TEXT,
    flags BIGINT NOT NULL,
    weight BIGINT NOT NULL,
    status TEXT NOT NULL,
    retention TEXT NOT NULL,
    dataset TEXT,
    external_key TEXT,
    -- Only here: for QGIS and other direct readers, never for the hot path.
    geometry public.geometry(Geometry, 4326) GENERATED ALWAYS AS (
        CASE
            WHEN shape IS NOT NULL THEN public.ST_SetSRID(public.ST_GeomFromGeoJSON(shape), 4326)
            WHEN longitude IS NOT NULL THEN public.ST_SetSRID(public.ST_MakePoint(longitude, latitude), 4326)
        END
    ) STORED,
    CONSTRAINT events_pk PRIMARY KEY (municipality, seq),
    CONSTRAINT events_id UNIQUE (municipality, id),
    CONSTRAINT events_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code),
    CONSTRAINT events_id_form CHECK (length(id) = 32),
    CONSTRAINT events_kind CHECK (kind IN ('report', 'incident', 'visit')),
    CONSTRAINT events_place_kind CHECK (place_kind IN ('point', 'line', 'area', 'code')),
    CONSTRAINT events_anchor CHECK (
        (place_kind = 'code') = (longitude IS NULL)
        AND (longitude IS NULL) = (latitude IS NULL)
        AND (longitude IS NULL) = (east IS NULL)
        AND (longitude IS NULL) = (north IS NULL)
    ),
    CONSTRAINT events_degrees CHECK (longitude BETWEEN -180 AND 180 AND latitude BETWEEN -90 AND 90),
    CONSTRAINT events_shape CHECK ((place_kind IN ('line', 'area')) = (shape IS NOT NULL)),
    CONSTRAINT events_area CHECK ((place_kind = 'code') = (area_code IS NOT NULL)),
    CONSTRAINT events_span CHECK (end_at IS NULL OR end_at > start_at),
    CONSTRAINT events_source_tag CHECK (source_tag >= 0),
    CONSTRAINT events_origin CHECK ((dataset IS NULL) = (external_key IS NULL))
);
CREATE UNIQUE INDEX events_origin_key ON events (municipality, kind, dataset, external_key)
    WHERE external_key IS NOT NULL;

CREATE INDEX events_geometry ON events USING gist (geometry);

-- What only reports have; category, status, voices and flags stand in `events`.
CREATE TABLE reports (
    municipality TEXT NOT NULL,
    id TEXT NOT NULL,
    foreign_category TEXT,
    factors TEXT NOT NULL,
    feeling TEXT,
    text TEXT,
    channel TEXT NOT NULL,
    foreign_status TEXT,
    foreign_source TEXT,
    quarantine TEXT,
    merged_into TEXT,
    duplicate_of TEXT,
    key_hmac BYTEA,
    receipt_hash BYTEA,
    short_code_hash BYTEA,
    short_code_expires BIGINT,
    CONSTRAINT reports_pk PRIMARY KEY (municipality, id),
    CONSTRAINT reports_event_fk FOREIGN KEY (municipality, id) REFERENCES events (municipality, id),
    CONSTRAINT reports_short_code CHECK ((short_code_hash IS NULL) = (short_code_expires IS NULL))
);
CREATE INDEX reports_receipt ON reports (receipt_hash) WHERE receipt_hash IS NOT NULL;
CREATE INDEX reports_merged_into ON reports (municipality, merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX reports_duplicate_of ON reports (municipality, duplicate_of) WHERE duplicate_of IS NOT NULL;
CREATE INDEX reports_short_code ON reports (short_code_hash) WHERE short_code_hash IS NOT NULL;

-- The way of a report, step by step; the arrival is not one.
CREATE TABLE status_changes (
    municipality TEXT NOT NULL,
    report TEXT NOT NULL,
    step BIGINT NOT NULL,
    status TEXT NOT NULL,
    at_hour BIGINT NOT NULL,
    organisation TEXT NOT NULL,
    answer TEXT,
    CONSTRAINT status_changes_pk PRIMARY KEY (municipality, report, step),
    CONSTRAINT status_changes_report_fk FOREIGN KEY (municipality, report) REFERENCES reports (municipality, id)
);

-- Further people who feel the same, one row a source.
CREATE TABLE voices (
    municipality TEXT NOT NULL,
    report TEXT NOT NULL,
    source_tag BIGINT NOT NULL,
    CONSTRAINT voices_pk PRIMARY KEY (municipality, report, source_tag),
    CONSTRAINT voices_report_fk FOREIGN KEY (municipality, report) REFERENCES reports (municipality, id)
);

-- Defects that a moderator has released; the status is the report's.
CREATE TABLE defects (
    municipality TEXT NOT NULL,
    id TEXT NOT NULL,
    report TEXT NOT NULL,
    category TEXT NOT NULL,
    longitude DOUBLE PRECISION NOT NULL,
    latitude DOUBLE PRECISION NOT NULL,
    snapped_to TEXT NOT NULL,
    owner TEXT NOT NULL,
    published_on TEXT NOT NULL,
    CONSTRAINT defects_pk PRIMARY KEY (municipality, id),
    CONSTRAINT defects_report UNIQUE (municipality, report),
    CONSTRAINT defects_report_fk FOREIGN KEY (municipality, report) REFERENCES reports (municipality, id),
    CONSTRAINT defects_own_id CHECK (id <> report)
);

-- What only incidents have.
CREATE TABLE incidents (
    municipality TEXT NOT NULL,
    id TEXT NOT NULL,
    text TEXT,
    foreign_source TEXT,
    foreign_status TEXT,
    CONSTRAINT incidents_pk PRIMARY KEY (municipality, id),
    CONSTRAINT incidents_event_fk FOREIGN KEY (municipality, id) REFERENCES events (municipality, id)
);

-- What only visits have; kind of unit, purpose and minutes stand in `events`.
CREATE TABLE visits (
    municipality TEXT NOT NULL,
    id TEXT NOT NULL,
    unit TEXT NOT NULL,
    mode TEXT NOT NULL,
    tactics TEXT NOT NULL,
    seen TEXT,
    corrects TEXT,
    key_hmac BYTEA,
    CONSTRAINT visits_pk PRIMARY KEY (municipality, id),
    CONSTRAINT visits_corrects UNIQUE (municipality, corrects),
    CONSTRAINT visits_event_fk FOREIGN KEY (municipality, id) REFERENCES events (municipality, id),
    CONSTRAINT visits_corrects_fk FOREIGN KEY (municipality, corrects) REFERENCES visits (municipality, id)
);
CREATE UNIQUE INDEX visits_key ON visits (municipality, key_hmac) WHERE key_hmac IS NOT NULL;

-- What makes a repeated request harmless. Nothing finer than an hour.
CREATE TABLE idempotency_keys (
    municipality TEXT NOT NULL,
    key_hmac BYTEA NOT NULL,
    body_hash BYTEA NOT NULL,
    expires_at BIGINT NOT NULL,
    CONSTRAINT idempotency_keys_pk PRIMARY KEY (municipality, key_hmac),
    CONSTRAINT idempotency_keys_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
);
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);

CREATE TABLE measures (
    municipality TEXT NOT NULL,
    id TEXT NOT NULL,
    district TEXT,
    problem_sv TEXT NOT NULL,
    problem_en TEXT NOT NULL,
    action_sv TEXT NOT NULL,
    action_en TEXT NOT NULL,
    owner TEXT NOT NULL,
    context TEXT NOT NULL,
    decided_on TEXT NOT NULL,
    due_on TEXT NOT NULL,
    status TEXT NOT NULL,
    indicator TEXT NOT NULL,
    outcome_sv TEXT,
    outcome_en TEXT,
    synthetic BOOLEAN NOT NULL,
    CONSTRAINT measures_pk PRIMARY KEY (municipality, id),
    CONSTRAINT measures_outcome CHECK ((outcome_sv IS NULL) = (outcome_en IS NULL)),
    CONSTRAINT measures_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
);

CREATE TABLE promises (
    municipality TEXT NOT NULL,
    slug TEXT NOT NULL,
    id TEXT NOT NULL,
    from_day TEXT NOT NULL,
    to_day TEXT NOT NULL,
    owner TEXT NOT NULL,
    theme TEXT NOT NULL,
    text_sv TEXT NOT NULL,
    text_en TEXT NOT NULL,
    target TEXT NOT NULL,
    target_count BIGINT,
    unit TEXT NOT NULL,
    purposes TEXT NOT NULL,
    verdict TEXT,
    reason_sv TEXT,
    reason_en TEXT,
    source TEXT NOT NULL,
    CONSTRAINT promises_pk PRIMARY KEY (municipality, slug),
    CONSTRAINT promises_target CHECK (target IN ('at_least', 'need_based', 'no_number')),
    CONSTRAINT promises_target_count CHECK ((target = 'at_least') = (target_count IS NOT NULL)),
    CONSTRAINT promises_reason CHECK ((reason_sv IS NULL) = (reason_en IS NULL)),
    CONSTRAINT promises_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
);

CREATE TABLE promise_evidence (
    municipality TEXT NOT NULL,
    promise TEXT NOT NULL,
    position BIGINT NOT NULL,
    on_day TEXT NOT NULL,
    text_sv TEXT NOT NULL,
    text_en TEXT NOT NULL,
    CONSTRAINT promise_evidence_pk PRIMARY KEY (municipality, promise, position),
    CONSTRAINT promise_evidence_promise_fk FOREIGN KEY (municipality, promise) REFERENCES promises (municipality, slug)
);

-- What was released, for good. The identity is the content's hash.
CREATE TABLE releases (
    id TEXT NOT NULL,
    municipality TEXT NOT NULL,
    kind TEXT NOT NULL,
    from_day TEXT NOT NULL,
    to_day TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    k BIGINT NOT NULL,
    synthetic BOOLEAN NOT NULL,
    CONSTRAINT releases_pk PRIMARY KEY (id),
    CONSTRAINT releases_window UNIQUE (municipality, kind, from_day, to_day),
    CONSTRAINT releases_id_form CHECK (length(id) = 64),
    CONSTRAINT releases_days CHECK (to_day > from_day),
    CONSTRAINT releases_k CHECK (k >= 5),
    CONSTRAINT releases_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
);

CREATE TABLE release_cells (
    release TEXT NOT NULL,
    position BIGINT NOT NULL,
    cell_id TEXT NOT NULL,
    size_m BIGINT NOT NULL,
    counted TEXT NOT NULL,
    band TEXT NOT NULL,
    CONSTRAINT release_cells_pk PRIMARY KEY (release, position),
    CONSTRAINT release_cells_cell UNIQUE (release, cell_id, counted),
    CONSTRAINT release_cells_release_fk FOREIGN KEY (release) REFERENCES releases (id)
);

-- Without a district it is the whole municipality, without a category all of
-- what is counted; no band says "too few to show".
CREATE TABLE release_districts (
    release TEXT NOT NULL,
    position BIGINT NOT NULL,
    district TEXT,
    counted TEXT NOT NULL,
    category TEXT,
    band TEXT,
    CONSTRAINT release_districts_pk PRIMARY KEY (release, position),
    CONSTRAINT release_districts_release_fk FOREIGN KEY (release) REFERENCES releases (id)
);

CREATE TABLE users (
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    password_hash TEXT,
    totp_secret BYTEA,
    totp_last_step BIGINT,
    CONSTRAINT users_pk PRIMARY KEY (id),
    CONSTRAINT users_name UNIQUE (name),
    CONSTRAINT users_name_length CHECK (length(name) BETWEEN 1 AND 64)
);

CREATE TABLE grants (
    user_id TEXT NOT NULL,
    role TEXT NOT NULL,
    scope_kind TEXT NOT NULL,
    scope TEXT NOT NULL,
    CONSTRAINT grants_pk PRIMARY KEY (user_id, role, scope_kind, scope),
    CONSTRAINT grants_scope_kind CHECK (scope_kind IN ('municipality', 'area')),
    CONSTRAINT grants_user_fk FOREIGN KEY (user_id) REFERENCES users (id)
);

CREATE TABLE tokens (
    hash BYTEA NOT NULL,
    user_id TEXT NOT NULL,
    label TEXT NOT NULL,
    expires_at BIGINT,
    last_used_on TEXT,
    CONSTRAINT tokens_pk PRIMARY KEY (hash),
    CONSTRAINT tokens_user_fk FOREIGN KEY (user_id) REFERENCES users (id)
);

CREATE TABLE sessions (
    id TEXT NOT NULL,
    data BYTEA NOT NULL,
    expires_at BIGINT NOT NULL,
    CONSTRAINT sessions_pk PRIMARY KEY (id)
);

-- The audit log. `hash` covers the previous hash and the entry, the subject by
-- `subject_hash`, so that the subject itself can be forgotten.
-- `read_key` keeps reads to one entry a session, layer and hour.
CREATE TABLE audit (
    position BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    municipality TEXT,
    subject TEXT,
    subject_hash BYTEA,
    detail TEXT NOT NULL,
    read_key BYTEA,
    hash BYTEA NOT NULL,
    CONSTRAINT audit_pk PRIMARY KEY (position),
    CONSTRAINT audit_read_key UNIQUE (read_key),
    CONSTRAINT audit_subject CHECK (subject IS NULL OR subject_hash IS NOT NULL)
);
CREATE INDEX audit_subject ON audit (subject) WHERE subject IS NOT NULL;

CREATE TABLE jobs (
    name TEXT NOT NULL,
    payload TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    holder TEXT,
    leased_until BIGINT,
    attempts BIGINT NOT NULL,
    finished_at BIGINT,
    CONSTRAINT jobs_pk PRIMARY KEY (name),
    CONSTRAINT jobs_lease CHECK ((holder IS NULL) = (leased_until IS NULL))
);
