-- The base map of a municipality: what is known of it, its tiles as they are
-- sent (packed with gzip), the parts that are computed with (roads, dwellings,
-- owners), and the names that can be searched for.

CREATE TABLE basemaps (
    municipality TEXT NOT NULL,
    version TEXT NOT NULL,
    source TEXT NOT NULL,
    attribution TEXT NOT NULL,
    imported_at INTEGER NOT NULL,
    summary TEXT NOT NULL,
    CONSTRAINT basemaps_pk PRIMARY KEY (municipality),
    CONSTRAINT basemaps_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
) STRICT;

CREATE TABLE basemap_tiles (
    municipality TEXT NOT NULL,
    z INTEGER NOT NULL,
    x INTEGER NOT NULL,
    y INTEGER NOT NULL,
    data BLOB NOT NULL,
    CONSTRAINT basemap_tiles_pk PRIMARY KEY (municipality, z, x, y),
    CONSTRAINT basemap_tiles_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
) STRICT;

CREATE TABLE basemap_parts (
    municipality TEXT NOT NULL,
    name TEXT NOT NULL,
    data BLOB NOT NULL,
    CONSTRAINT basemap_parts_pk PRIMARY KEY (municipality, name),
    CONSTRAINT basemap_parts_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
) STRICT;

CREATE TABLE names (
    municipality TEXT NOT NULL,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    longitude REAL NOT NULL,
    latitude REAL NOT NULL,
    weight INTEGER NOT NULL,
    CONSTRAINT names_pk PRIMARY KEY (municipality, position),
    CONSTRAINT names_municipality_fk FOREIGN KEY (municipality) REFERENCES municipalities (code)
) STRICT;

-- The words of each name in plain letters, so that a beginning is found by the
-- key, in the same order on both engines.
CREATE TABLE name_words (
    municipality TEXT NOT NULL,
    word TEXT NOT NULL,
    position INTEGER NOT NULL,
    CONSTRAINT name_words_pk PRIMARY KEY (municipality, word, position),
    CONSTRAINT name_words_name_fk FOREIGN KEY (municipality, position) REFERENCES names (municipality, position)
) STRICT;
