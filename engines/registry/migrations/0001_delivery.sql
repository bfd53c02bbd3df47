-- Deliveries and what belongs to them. A city has thousands, not millions: small tables, no distribution column,
-- except the rejected rows, which are spread by delivery_id.

-- The organisations that have ever delivered, with the small number that records carry instead of their id.
CREATE TABLE registry.provider (
    provider_no smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id uuid NOT NULL UNIQUE,
    added_at timestamptz NOT NULL
);

CREATE TABLE registry.delivery (
    delivery_id uuid PRIMARY KEY,
    -- Later deliveries have larger numbers; records carry it, and a row never gives way to one of an earlier delivery.
    delivery_no integer GENERATED ALWAYS AS IDENTITY UNIQUE,
    provider_id uuid NOT NULL,
    provider_no smallint NOT NULL REFERENCES registry.provider (provider_no),
    kind text NOT NULL CHECK (kind IN ('person', 'organisation', 'place', 'dataset')),
    resource_id uuid,
    file_name text NOT NULL CHECK (length(file_name) BETWEEN 1 AND 200),
    file_sm3 bytea NOT NULL CHECK (length(file_sm3) = 32),
    file_bytes bigint NOT NULL CHECK (file_bytes >= 0),
    -- What the first look at the file showed; empty until then.
    format text CHECK (format IN ('csv', 'xlsx')),
    delimiter text,
    sheet text,
    serial_dates boolean NOT NULL DEFAULT false,
    header_row bigint,
    rows_declared bigint,
    columns text[],
    -- For each column the attribute it is, null where it is left out.
    attributes text[],
    -- Of what was delivered to where with which columns: the same again changes nothing.
    fingerprint bytea CHECK (length(fingerprint) = 32),
    state text NOT NULL CHECK (state IN ('received', 'checking', 'mapping', 'landing', 'done', 'cancelled', 'failed')),
    failure text,
    failure_detail text NOT NULL DEFAULT '',
    -- The delivery that brought the same file before.
    same_as uuid,
    -- The delivery whose rejected rows this one brings corrected.
    corrects uuid,
    -- When its rejected rows were corrected or let go; until then they wait for the provider.
    settled_at timestamptz,
    submitted_by uuid,
    submitted_by_name text NOT NULL,
    received_at timestamptz NOT NULL,
    started_at timestamptz,
    changed_at timestamptz NOT NULL,
    ended_at timestamptz,
    -- Why it waits at this moment: the disk is full, the database was away.
    paused text,
    cancel_asked_at timestamptz,
    -- Where the next chunk begins. Moved in the transaction that lands the chunk, never apart from it.
    next_offset bigint NOT NULL DEFAULT 0,
    next_row bigint NOT NULL DEFAULT 0,
    next_line bigint NOT NULL DEFAULT 0,
    encoding text NOT NULL DEFAULT 'ascii',
    rows_read bigint NOT NULL DEFAULT 0,
    rows_new bigint NOT NULL DEFAULT 0,
    rows_changed bigint NOT NULL DEFAULT 0,
    rows_unchanged bigint NOT NULL DEFAULT 0,
    rows_rejected bigint NOT NULL DEFAULT 0,
    rows_mended bigint NOT NULL DEFAULT 0,
    CHECK ((kind = 'dataset') = (resource_id IS NOT NULL)),
    CHECK ((state = 'failed') = (failure IS NOT NULL)),
    CHECK (rows_read = rows_new + rows_changed + rows_unchanged + rows_rejected)
);
CREATE INDEX delivery_by_provider ON registry.delivery (provider_id, delivery_no DESC);
CREATE INDEX delivery_by_resource ON registry.delivery (resource_id, delivery_no DESC) WHERE resource_id IS NOT NULL;
CREATE INDEX delivery_unsettled ON registry.delivery (provider_id) WHERE state = 'done' AND rows_rejected > 0 AND settled_at IS NULL;
CREATE INDEX delivery_by_fingerprint ON registry.delivery (fingerprint) WHERE state = 'done';
CREATE INDEX delivery_unfinished ON registry.delivery (state) WHERE state IN ('received', 'checking', 'landing');

-- A rejected row: its cells as they were sent, sealed, so that it can be given back for correction.
CREATE TABLE registry.delivery_reject (
    delivery_id uuid NOT NULL,
    row_no bigint NOT NULL,
    line_no bigint NOT NULL,
    cells_sealed bytea NOT NULL,
    PRIMARY KEY (delivery_id, row_no)
);
CREATE TABLE registry.delivery_fault (
    delivery_id uuid NOT NULL,
    row_no bigint NOT NULL,
    fault_no smallint NOT NULL,
    column_name text NOT NULL,
    rule text NOT NULL,
    detail text NOT NULL,
    -- Masked where the column is sensitive.
    value_shown text NOT NULL,
    PRIMARY KEY (delivery_id, row_no, fault_no)
);
-- How often each rule was broken in each column, for the summary above the list.
CREATE TABLE registry.delivery_fault_count (
    delivery_id uuid NOT NULL,
    column_name text NOT NULL,
    rule text NOT NULL,
    rows bigint NOT NULL,
    PRIMARY KEY (delivery_id, column_name, rule)
);

-- A provider's own choice of what a header means.
CREATE TABLE registry.column_choice (
    provider_id uuid NOT NULL,
    kind text NOT NULL,
    -- The zero uuid where the kind is not a dataset.
    resource_id uuid NOT NULL,
    column_name text NOT NULL,
    attribute text,
    chosen_at timestamptz NOT NULL,
    PRIMARY KEY (provider_id, kind, resource_id, column_name)
);

-- Division codes of other schemes and what they are in GB/T 2260.
CREATE TABLE registry.division_alias (
    alias text PRIMARY KEY CHECK (length(alias) BETWEEN 1 AND 60),
    division_code text NOT NULL CHECK (division_code ~ '^[0-9]{6}$')
);

-- Where a dataset's fields stand in its rows. A field keeps its place through all versions of the resource.
CREATE TABLE registry.dataset_field (
    resource_id uuid NOT NULL,
    position smallint NOT NULL CHECK (position BETWEEN 0 AND 255),
    field_name text NOT NULL,
    PRIMARY KEY (resource_id, position),
    UNIQUE (resource_id, field_name)
);
