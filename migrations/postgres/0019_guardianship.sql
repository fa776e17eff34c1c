-- Traffic controls, watch areas and their bulletins, the public calendar, and
-- single figures that are typed in.

-- A control as it was called for or done; controls are kept by the police. The
-- three numbers are those of the day on which it was called for.
CREATE TABLE controls (
    municipality TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    site TEXT NOT NULL,
    longitude DOUBLE PRECISION NOT NULL,
    latitude DOUBLE PRECISION NOT NULL,
    district TEXT,
    why_here TEXT NOT NULL,
    why_now TEXT NOT NULL,
    over_kmh DOUBLE PRECISION,
    sources BIGINT NOT NULL,
    days_since BIGINT,
    CONSTRAINT controls_pk PRIMARY KEY (municipality, id),
    CONSTRAINT controls_why CHECK (why_here <> '' AND why_now <> ''),
    CONSTRAINT controls_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
);

-- Steps are added and never changed: called, moved, lapsed or done. What came
-- of one that was done stands beside its visit; breaches are `kind=number`.
CREATE TABLE control_steps (
    municipality TEXT NOT NULL,
    control TEXT NOT NULL,
    position BIGINT NOT NULL,
    done_at BIGINT NOT NULL,
    by_role TEXT NOT NULL,
    act TEXT NOT NULL,
    on_day TEXT,
    reason TEXT,
    visit TEXT,
    minutes BIGINT,
    vehicles BIGINT,
    checked BIGINT,
    breaches TEXT,
    v85_before DOUBLE PRECISION,
    v85_after DOUBLE PRECISION,
    CONSTRAINT control_steps_pk PRIMARY KEY (municipality, control, position),
    CONSTRAINT control_steps_act CHECK (act IN ('called', 'moved', 'lapsed', 'done')),
    CONSTRAINT control_steps_day CHECK ((act = 'lapsed') = (on_day IS NULL)),
    CONSTRAINT control_steps_reason CHECK ((act IN ('moved', 'lapsed')) = (reason IS NOT NULL)),
    CONSTRAINT control_steps_visit CHECK ((act = 'done') = (visit IS NOT NULL)),
    CONSTRAINT control_steps_control_fk FOREIGN KEY (municipality, control) REFERENCES controls (municipality, id),
    CONSTRAINT control_steps_visit_fk FOREIGN KEY (municipality, visit) REFERENCES visits (municipality, id)
);

-- Boat and neighbourhood watch: where, how many take part, which functions can
-- be reached. No persons.
CREATE TABLE watch_areas (
    municipality TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    district TEXT,
    longitude DOUBLE PRECISION NOT NULL,
    latitude DOUBLE PRECISION NOT NULL,
    radius_m DOUBLE PRECISION NOT NULL,
    members BIGINT,
    contacts TEXT NOT NULL,
    status TEXT NOT NULL,
    started_on TEXT,
    CONSTRAINT watch_areas_pk PRIMARY KEY (municipality, id),
    CONSTRAINT watch_areas_radius CHECK (radius_m > 0),
    CONSTRAINT watch_areas_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
);

-- What the police or the municipality tell a watch area, or all of them.
CREATE TABLE watch_bulletins (
    municipality TEXT NOT NULL,
    id TEXT NOT NULL,
    area TEXT,
    sender TEXT NOT NULL,
    published_on TEXT NOT NULL,
    until_day TEXT NOT NULL,
    title_sv TEXT NOT NULL,
    title_en TEXT NOT NULL,
    text_sv TEXT NOT NULL,
    text_en TEXT NOT NULL,
    CONSTRAINT watch_bulletins_pk PRIMARY KEY (municipality, id),
    CONSTRAINT watch_bulletins_area_fk FOREIGN KEY (municipality, area) REFERENCES watch_areas (municipality, id),
    CONSTRAINT watch_bulletins_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
);

-- The public calendar.
CREATE TABLE calendar_entries (
    municipality TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    title_sv TEXT NOT NULL,
    title_en TEXT NOT NULL,
    place TEXT NOT NULL,
    district TEXT,
    organiser TEXT NOT NULL,
    status TEXT NOT NULL,
    visitors BIGINT,
    changed_at BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    CONSTRAINT calendar_entries_pk PRIMARY KEY (municipality, id),
    CONSTRAINT calendar_entries_span CHECK (ends_at > starts_at),
    CONSTRAINT calendar_entries_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
);

-- Single figures: tips by month, district and theme; the drug-habit survey;
-- days to the first offer of support. No district and no theme are empty texts.
CREATE TABLE single_figures (
    municipality TEXT NOT NULL,
    kind TEXT NOT NULL,
    from_day TEXT NOT NULL,
    to_day TEXT NOT NULL,
    district TEXT NOT NULL,
    theme TEXT NOT NULL,
    amount DOUBLE PRECISION NOT NULL,
    source TEXT NOT NULL,
    entered_on TEXT NOT NULL,
    CONSTRAINT single_figures_pk PRIMARY KEY (municipality, kind, from_day, district, theme),
    CONSTRAINT single_figures_days CHECK (to_day > from_day),
    CONSTRAINT single_figures_amount CHECK (amount >= 0),
    CONSTRAINT single_figures_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
);
