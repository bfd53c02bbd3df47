-- The component register. Some hundred thousand to a million rows in a city: spread by county_code, with which every
-- code begins.
CREATE TABLE city_management.component (
    county_code     text NOT NULL CHECK (county_code ~ '^[0-9]{6}$'),
    component_id    uuid NOT NULL,
    -- 6 county, 2 major and 2 minor class, 6 serial (GB/T 30428.2).
    code            text NOT NULL CHECK (code ~ '^[0-9]{16}$'),
    category_code   text NOT NULL CHECK (category_code ~ '^[0-9]{4}$'),
    name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    geom            geometry(Point, 4326) NOT NULL,
    -- Where it stands; none where no grid has been laid yet.
    grid_id         uuid,
    -- Whose scope it is in: of the grid, else of the county.
    organisation_id uuid NOT NULL,
    owner_id        uuid,
    maintainer_id   uuid,
    keeper_id       uuid,
    state           text NOT NULL CHECK (state IN ('sound', 'damaged', 'missing', 'disused', 'removed')),
    surveyed_on     date NOT NULL,
    source          text NOT NULL CHECK (length(source) <= 80),
    -- What the survey brought that has no column here.
    attributes      jsonb NOT NULL,
    import_id       uuid NOT NULL,
    created_at      timestamptz NOT NULL,
    changed_at      timestamptz NOT NULL,
    PRIMARY KEY (county_code, component_id),
    UNIQUE (county_code, code),
    CHECK (substr(code, 1, 6) = county_code AND substr(code, 7, 4) = category_code)
);
CREATE INDEX component_by_place ON city_management.component USING gist (geom);
CREATE INDEX component_by_grid ON city_management.component (grid_id, code);
CREATE INDEX component_by_category ON city_management.component (category_code, code);

-- The last serial given out in a county and class. A small local table.
CREATE TABLE city_management.component_serial (
    prefix      text PRIMARY KEY CHECK (length(prefix) = 10),
    last_serial integer NOT NULL CHECK (last_serial BETWEEN 0 AND 999999)
);

-- A delivered survey. Small local tables.
CREATE TABLE city_management.import (
    import_id       uuid PRIMARY KEY,
    file_sm3        bytea NOT NULL CHECK (length(file_sm3) = 32),
    file_name       text NOT NULL CHECK (length(file_name) BETWEEN 1 AND 200),
    file_bytes      bigint NOT NULL CHECK (file_bytes >= 0),
    format          text NOT NULL CHECK (format IN ('csv', 'geojson')),
    datum           text NOT NULL CHECK (datum IN ('wgs84', 'gcj02')),
    -- Whether a row with a known code may change that component.
    renew           boolean NOT NULL,
    source          text NOT NULL CHECK (length(source) BETWEEN 1 AND 80),
    surveyed_on     date NOT NULL,
    organisation_id uuid NOT NULL REFERENCES identity.organisation (organisation_id),
    scopes          uuid[] NOT NULL,
    state           text NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'cancelled', 'failed')),
    failure         text CHECK (length(failure) <= 80),
    -- The file's own columns, for the report of what was not taken.
    columns         text[] NOT NULL DEFAULT '{}',
    rows_read       bigint NOT NULL DEFAULT 0,
    rows_added      bigint NOT NULL DEFAULT 0,
    rows_renewed    bigint NOT NULL DEFAULT 0,
    rows_refused    bigint NOT NULL DEFAULT 0,
    bytes_read      bigint NOT NULL DEFAULT 0,
    cancel_wanted   boolean NOT NULL DEFAULT false,
    received_at     timestamptz NOT NULL,
    received_by     uuid,
    received_by_name text NOT NULL,
    ended_at        timestamptz
);
CREATE INDEX import_by_organisation ON city_management.import (organisation_id, received_at DESC);

CREATE TABLE city_management.import_error (
    import_id uuid NOT NULL REFERENCES city_management.import (import_id),
    -- The row of the file, the header being row 1 of a table; the place of the feature in GeoJSON.
    row_no    bigint NOT NULL,
    field     text NOT NULL,
    code      text NOT NULL,
    value     text NOT NULL CHECK (length(value) <= 200),
    -- The row as it came, cell by cell.
    cells     text[] NOT NULL,
    PRIMARY KEY (import_id, row_no)
);
