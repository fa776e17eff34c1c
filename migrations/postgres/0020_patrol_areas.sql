-- Patrol areas that somebody has saved, in the police context alone. A set is
-- written once and only deleted; its areas are numbered from 1.

CREATE TABLE patrol_area_sets (
    municipality TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    by_role TEXT NOT NULL,
    unit TEXT NOT NULL,
    imbalance DOUBLE PRECISION NOT NULL,
    today_imbalance DOUBLE PRECISION,
    CONSTRAINT patrol_area_sets_pk PRIMARY KEY (municipality, id),
    CONSTRAINT patrol_area_sets_name UNIQUE (municipality, name),
    CONSTRAINT patrol_area_sets_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
);

-- Districts are codes separated by commas, none where an area is made of cells;
-- the shape is GeoJSON in degrees.
CREATE TABLE patrol_areas (
    municipality TEXT NOT NULL,
    area_set TEXT NOT NULL,
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    share DOUBLE PRECISION NOT NULL,
    parts BIGINT NOT NULL,
    districts TEXT NOT NULL,
    shape TEXT NOT NULL,
    CONSTRAINT patrol_areas_pk PRIMARY KEY (municipality, area_set, position),
    CONSTRAINT patrol_areas_share CHECK (share >= 0),
    CONSTRAINT patrol_areas_set_fk FOREIGN KEY (municipality, area_set) REFERENCES patrol_area_sets (municipality, id)
);
