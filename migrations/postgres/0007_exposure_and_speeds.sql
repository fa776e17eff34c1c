-- What expectations rest on: residents, beds, berths, part-year homes, roads.
-- `months` are twelve factors separated by commas, January first. The identity
-- begins with the import's, as that of an event does.
CREATE TABLE exposures (
    municipality TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT,
    place_kind TEXT NOT NULL,
    longitude DOUBLE PRECISION,
    latitude DOUBLE PRECISION,
    radius_m DOUBLE PRECISION,
    shape TEXT,
    district TEXT,
    amount DOUBLE PRECISION NOT NULL,
    months TEXT NOT NULL,
    dataset TEXT NOT NULL,
    external_key TEXT NOT NULL,
    CONSTRAINT exposures_pk PRIMARY KEY (municipality, id),
    CONSTRAINT exposures_origin UNIQUE (municipality, dataset, external_key),
    CONSTRAINT exposures_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code),
    CONSTRAINT exposures_place_kind CHECK (place_kind IN ('around', 'area', 'district', 'municipality')),
    CONSTRAINT exposures_around CHECK (
        (place_kind = 'around') = (longitude IS NOT NULL)
        AND (longitude IS NULL) = (latitude IS NULL)
        AND (longitude IS NULL) = (radius_m IS NULL)
    ),
    CONSTRAINT exposures_area CHECK ((place_kind = 'area') = (shape IS NOT NULL)),
    CONSTRAINT exposures_district CHECK ((place_kind = 'district') = (district IS NOT NULL)),
    CONSTRAINT exposures_amount CHECK (amount >= 0)
);

-- Measured speeds, one row a site and hour.
CREATE TABLE speed_hours (
    municipality TEXT NOT NULL,
    id TEXT NOT NULL,
    site TEXT NOT NULL,
    longitude DOUBLE PRECISION,
    latitude DOUBLE PRECISION,
    start_at BIGINT NOT NULL,
    vehicles BIGINT NOT NULL,
    mean_kmh DOUBLE PRECISION,
    v85_kmh DOUBLE PRECISION,
    limit_kmh DOUBLE PRECISION,
    dataset TEXT NOT NULL,
    external_key TEXT NOT NULL,
    CONSTRAINT speed_hours_pk PRIMARY KEY (municipality, id),
    CONSTRAINT speed_hours_origin UNIQUE (municipality, dataset, external_key),
    CONSTRAINT speed_hours_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code),
    CONSTRAINT speed_hours_position CHECK ((longitude IS NULL) = (latitude IS NULL)),
    CONSTRAINT speed_hours_vehicles CHECK (vehicles >= 0)
);
CREATE INDEX speed_hours_start ON speed_hours (municipality, start_at);
