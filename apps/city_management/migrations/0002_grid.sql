-- Unit grids (GB/T 30428.1), WGS84. Reference table: some tens of thousands. A grid is never changed once it stands: a
-- division, merger or new boundary ends it on the day and begins others, and its code is never used again.
CREATE TABLE city_management.unit_grid (
    grid_id         uuid PRIMARY KEY,
    -- 6 county, 3 street, 3 community, 3 serial; or 6 county, a 9 and 8 digits where no community is known yet.
    code            text NOT NULL UNIQUE CHECK (code ~ '^[0-9]{15}$'),
    community_code  text CHECK (community_code ~ '^[0-9]{12}$'),
    -- The community, else the street, else the county of the tree in which it lies.
    organisation_id uuid NOT NULL REFERENCES identity.organisation (organisation_id),
    geom            geometry(Polygon, 4326) NOT NULL,
    area_m2         double precision NOT NULL CHECK (area_m2 > 0),
    origin          text NOT NULL CHECK (origin IN ('generated', 'divided', 'merged', 'redrawn')),
    valid_from_on   date NOT NULL,
    -- The first day on which it is no more.
    valid_to_on     date,
    created_at      timestamptz NOT NULL,
    created_by_name text NOT NULL,
    ended_at        timestamptz,
    generation_id   uuid,
    CHECK ((valid_to_on IS NULL) = (ended_at IS NULL)),
    CHECK (community_code IS NULL OR substr(code, 1, 12) = community_code)
);
CREATE INDEX unit_grid_by_place ON city_management.unit_grid USING gist (geom) WHERE valid_to_on IS NULL;
CREATE INDEX unit_grid_by_organisation ON city_management.unit_grid (organisation_id, code);

-- Which came of which.
CREATE TABLE city_management.grid_succession (
    old_grid_id uuid NOT NULL REFERENCES city_management.unit_grid (grid_id),
    new_grid_id uuid NOT NULL REFERENCES city_management.unit_grid (grid_id),
    PRIMARY KEY (old_grid_id, new_grid_id)
);
CREATE INDEX grid_succession_by_new ON city_management.grid_succession (new_grid_id);

-- The last serial given out under the beginning of a code. A small local table.
CREATE TABLE city_management.grid_serial (
    prefix      text PRIMARY KEY CHECK (length(prefix) IN (7, 12)),
    last_serial integer NOT NULL CHECK (last_serial >= 0)
);

-- A run that lays grids over an area. Small local tables; what a run that ended leaves in `piece` is removed.
CREATE TABLE city_management.generation (
    generation_id   uuid PRIMARY KEY,
    county_code     text NOT NULL CHECK (county_code ~ '^[0-9]{6}$'),
    name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    -- In this metric system the squares are cut.
    srid            integer NOT NULL,
    edge_m          integer NOT NULL CHECK (edge_m BETWEEN 50 AND 300),
    state           text NOT NULL CHECK (state IN ('waiting', 'cutting', 'merging', 'done', 'cancelled', 'failed')),
    -- Why it failed, as the end of a Fluent key.
    failure         text CHECK (length(failure) <= 80),
    strips          integer NOT NULL CHECK (strips > 0),
    strips_done     integer NOT NULL DEFAULT 0,
    grids           integer NOT NULL DEFAULT 0,
    first_code      text,
    last_code       text,
    cancel_wanted   boolean NOT NULL DEFAULT false,
    requested_at    timestamptz NOT NULL,
    requested_by    uuid,
    requested_by_name text NOT NULL,
    ended_at        timestamptz
);
CREATE INDEX generation_by_time ON city_management.generation (requested_at DESC);

-- The communities of a run, or the whole area where none is known; in the metric system, free of grids that stand already.
CREATE TABLE city_management.generation_part (
    generation_id   uuid NOT NULL REFERENCES city_management.generation (generation_id),
    part            integer NOT NULL,
    community_code  text CHECK (community_code ~ '^[0-9]{12}$'),
    organisation_id uuid NOT NULL REFERENCES identity.organisation (organisation_id),
    geom            geometry NOT NULL,
    PRIMARY KEY (generation_id, part)
);

CREATE TABLE city_management.piece (
    generation_id uuid NOT NULL REFERENCES city_management.generation (generation_id),
    piece_no      bigint GENERATED ALWAYS AS IDENTITY,
    part          integer NOT NULL,
    geom          geometry NOT NULL,
    area_m2       double precision NOT NULL,
    PRIMARY KEY (generation_id, piece_no)
);
CREATE INDEX piece_by_place ON city_management.piece USING gist (geom);

-- Officers' grids (责任网格): who answers for seeing what happens in a set of unit grids.
CREATE TABLE city_management.officer_grid (
    officer_grid_id uuid PRIMARY KEY,
    name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    organisation_id uuid NOT NULL REFERENCES identity.organisation (organisation_id),
    -- One of the six colours of our maps.
    colour          smallint NOT NULL CHECK (colour BETWEEN 1 AND 6),
    created_at      timestamptz NOT NULL,
    closed_at       timestamptz
);
CREATE INDEX officer_grid_by_organisation ON city_management.officer_grid (organisation_id, name);

CREATE TABLE city_management.officer_grid_member (
    grid_id         uuid NOT NULL REFERENCES city_management.unit_grid (grid_id),
    officer_grid_id uuid NOT NULL REFERENCES city_management.officer_grid (officer_grid_id),
    begins_at       timestamptz NOT NULL,
    ends_at         timestamptz,
    PRIMARY KEY (grid_id, officer_grid_id, begins_at)
);
-- A unit grid belongs to one officers' grid at the most.
CREATE UNIQUE INDEX officer_grid_member_once ON city_management.officer_grid_member (grid_id) WHERE ends_at IS NULL;
CREATE INDEX officer_grid_member_by_officer_grid ON city_management.officer_grid_member (officer_grid_id) WHERE ends_at IS NULL;

CREATE TABLE city_management.patrol (
    officer_grid_id uuid NOT NULL REFERENCES city_management.officer_grid (officer_grid_id),
    account_id      uuid NOT NULL,
    shift           text NOT NULL CHECK (shift IN ('whole_day', 'early', 'middle', 'late')),
    begins_at       timestamptz NOT NULL,
    ends_at         timestamptz,
    PRIMARY KEY (officer_grid_id, account_id, shift, begins_at)
);
CREATE UNIQUE INDEX patrol_once ON city_management.patrol (officer_grid_id, account_id, shift) WHERE ends_at IS NULL;
CREATE INDEX patrol_by_account ON city_management.patrol (account_id) WHERE ends_at IS NULL;
