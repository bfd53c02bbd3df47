-- The base records. Distribution columns (see README): identifier by scheme_key; person, organisation, place, record and
-- record_past by the subject; dataset_row by resource_id. Every key contains its own.

-- A blind index of scheme and value (HMAC-SM3) to the subject it identifies. A uuid because it is 16 bytes that
-- compare fast, not because it is one.
CREATE TABLE registry.identifier (
    scheme_key uuid PRIMARY KEY,
    subject_id uuid NOT NULL
);

-- The golden record: what a search needs, and of each attribute the provider whose value stands. The values
-- themselves are in that provider's record. provider_nos is null while all come from provider_no.
CREATE TABLE registry.person (
    person_id uuid PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    sex smallint,
    birth_on date,
    division_code text COLLATE "C",
    -- The first 64 bits of the blind index of the telephone number.
    phone_key bigint,
    provider_no smallint NOT NULL,
    provider_nos smallint[],
    revised_at timestamptz NOT NULL
);
CREATE INDEX person_by_name ON registry.person (name);
CREATE INDEX person_by_phone ON registry.person (phone_key) WHERE phone_key IS NOT NULL;

CREATE TABLE registry.organisation (
    organisation_id uuid PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    division_code text COLLATE "C",
    industry text COLLATE "C",
    status text COLLATE "C",
    established_on date,
    provider_no smallint NOT NULL,
    provider_nos smallint[],
    revised_at timestamptz NOT NULL
);
CREATE INDEX organisation_by_name ON registry.organisation (name);
CREATE INDEX organisation_by_division ON registry.organisation (division_code, name);

CREATE TABLE registry.place (
    place_id uuid PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    division_code text COLLATE "C",
    category text COLLATE "C",
    point geometry(Point, 4490),
    provider_no smallint NOT NULL,
    provider_nos smallint[],
    revised_at timestamptz NOT NULL
);
CREATE INDEX place_by_name ON registry.place (name);
CREATE INDEX place_by_division ON registry.place (division_code, name);
CREATE INDEX place_by_point ON registry.place USING gist (point);

-- The outline of a place, where one is known.
CREATE TABLE registry.place_boundary (
    place_id uuid PRIMARY KEY,
    boundary geometry(MultiPolygon, 4490) NOT NULL,
    source text NOT NULL,
    set_at timestamptz NOT NULL
);
CREATE INDEX place_boundary_by_area ON registry.place_boundary USING gist (boundary);

-- What one provider says of one subject: the values by position of the kind's attributes (engines/registry/src/kind.rs).
-- Sensitive ones are null in clear_values and together in sealed. delivery_nos is null while all came with delivery_no.
CREATE TABLE registry.record (
    kind smallint NOT NULL,
    subject_id uuid NOT NULL,
    provider_no smallint NOT NULL,
    delivery_no integer NOT NULL,
    -- A blind index of the row as delivered: the same row again is recognised without opening anything.
    digest uuid NOT NULL,
    clear_values text[] NOT NULL,
    sealed bytea,
    delivery_nos integer[],
    -- The subject first: a search by many subjects must have no other way to use the index.
    PRIMARY KEY (subject_id, provider_no)
);
-- Rows land in the order of their deliveries, so that a summary of each stretch of the table finds those of one.
CREATE INDEX record_by_delivery ON registry.record USING brin (delivery_no) WITH (pages_per_range = 32);
-- Persons are nearly all of the table; the other kinds are read in order through an index that costs persons nothing.
CREATE INDEX record_of_few ON registry.record (kind, subject_id) WHERE kind <> 1;
-- The values that were replaced.
CREATE TABLE registry.record_past (
    kind smallint NOT NULL,
    subject_id uuid NOT NULL,
    provider_no smallint NOT NULL,
    delivery_no integer NOT NULL,
    clear_values text[] NOT NULL,
    sealed bytea,
    delivery_nos integer[],
    -- The delivery that brought what replaced them.
    replaced_by integer NOT NULL,
    replaced_at timestamptz NOT NULL,
    past_id uuid NOT NULL DEFAULT gen_random_uuid(),
    PRIMARY KEY (subject_id, past_id)
);

-- Rows of a catalogue resource, known by the blind index of what identifies them.
CREATE TABLE registry.dataset_row (
    resource_id uuid NOT NULL,
    row_key uuid NOT NULL,
    -- The delivery's number and the row in its file: the order in which rows are shown.
    row_no bigint NOT NULL,
    delivery_no integer NOT NULL,
    digest uuid NOT NULL,
    clear_values text[] NOT NULL,
    sealed bytea,
    -- The key first, as in registry.record.
    PRIMARY KEY (row_key, resource_id)
);
CREATE INDEX dataset_row_in_order ON registry.dataset_row (resource_id, row_no, row_key);

-- Whether a row's clear values meet conditions in parallel arrays: position from 1, test, value (of `in`: values with U+001F
-- between), whether numbers. A value that is not in clear meets a condition as far as can be told here if the row has
-- sealed values.
CREATE FUNCTION registry.meets(clear_values text[], has_sealed boolean, positions integer[], tests text[], wanted text[],
    numeric_ones boolean[]) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    found text;
    met boolean;
BEGIN
    -- A loop, for a query inside a function costs twenty times as much a row.
    FOR i IN 1 .. cardinality(positions) LOOP
        found := clear_values[positions[i]];
        met := CASE
            WHEN found IS NULL THEN NULL
            WHEN tests[i] = 'in' THEN found = ANY (string_to_array(wanted[i], chr(31)))
            WHEN tests[i] = 'prefix' THEN starts_with(found, wanted[i])
            WHEN numeric_ones[i] AND found !~ '^-?[0-9]+([.][0-9]+)?$' THEN NULL
            WHEN numeric_ones[i] AND tests[i] = 'eq' THEN found::numeric = wanted[i]::numeric
            WHEN numeric_ones[i] AND tests[i] = 'ge' THEN found::numeric >= wanted[i]::numeric
            WHEN numeric_ones[i] AND tests[i] = 'le' THEN found::numeric <= wanted[i]::numeric
            WHEN tests[i] = 'eq' THEN found = wanted[i]
            WHEN tests[i] = 'ge' THEN found COLLATE "C" >= wanted[i]
            WHEN tests[i] = 'le' THEN found COLLATE "C" <= wanted[i]
        END;
        IF NOT coalesce(met, has_sealed) THEN
            RETURN false;
        END IF;
    END LOOP;
    RETURN true;
END
$$;

-- Counters, kept in the transaction that changes what they count. Small, local.
-- People of one division and sex, first those whose year of birth is not known, then by year from 1850: one row for
-- what is counted together, for every chunk touches nearly every year.
CREATE TABLE registry.population (
    division_code text NOT NULL,
    sex smallint NOT NULL,
    people bigint[] NOT NULL,
    PRIMARY KEY (division_code, sex)
);
CREATE TABLE registry.holding (
    kind smallint NOT NULL,
    division_code text NOT NULL,
    subjects bigint NOT NULL,
    PRIMARY KEY (kind, division_code)
);
-- What each provider holds and has delivered; for a dataset, by resource (else the zero uuid).
CREATE TABLE registry.provider_tally (
    provider_no smallint NOT NULL,
    kind smallint NOT NULL,
    resource_id uuid NOT NULL,
    records bigint NOT NULL,
    deliveries bigint NOT NULL,
    rows_changed bigint NOT NULL,
    rows_unchanged bigint NOT NULL,
    rows_rejected bigint NOT NULL,
    landed_at timestamptz,
    PRIMARY KEY (provider_no, kind, resource_id)
);

-- Whose value stands: the lowest rank that has one; without a rule the rank is 100, and among equals the latest.
CREATE TABLE registry.attribute_rule (
    kind smallint NOT NULL,
    attribute text NOT NULL,
    provider_no smallint NOT NULL REFERENCES registry.provider (provider_no),
    rank smallint NOT NULL CHECK (rank BETWEEN 1 AND 999),
    basis text NOT NULL CHECK (length(basis) BETWEEN 1 AND 200),
    PRIMARY KEY (kind, attribute, provider_no)
);
-- The organisation that keeps a base database as a whole: its resources show the golden records.
CREATE TABLE registry.keeper (
    kind smallint PRIMARY KEY,
    organisation_id uuid NOT NULL
);

-- For higher engines: people without anything sealed, and the numbers.
CREATE VIEW registry.v_person AS
SELECT person_id, name, sex, birth_on, division_code, revised_at FROM registry.person;
CREATE VIEW registry.v_organisation AS
SELECT organisation_id, name, division_code, industry, status, established_on, revised_at FROM registry.organisation;
CREATE VIEW registry.v_place AS
SELECT p.place_id, p.name, p.division_code, p.category, p.point, b.boundary, p.revised_at
FROM registry.place p LEFT JOIN registry.place_boundary b USING (place_id);
CREATE VIEW registry.v_population AS
SELECT division_code, sex, (CASE WHEN n = 1 THEN 0 ELSE 1848 + n END)::smallint AS birth_year, born.people
FROM registry.population, unnest(population.people) WITH ORDINALITY AS born (people, n) WHERE born.people <> 0;
