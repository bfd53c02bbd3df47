-- The organisation tree of the city. Reference tables: thousands of rows, joined by everything.
CREATE TABLE identity.organisation (
    organisation_id uuid PRIMARY KEY,
    -- How files, forms and other systems name it; never changes and is never used again.
    code text NOT NULL UNIQUE CHECK (code ~ '^[A-Z0-9][A-Z0-9-]{0,31}$'),
    parent_id uuid REFERENCES identity.organisation (organisation_id),
    kind text NOT NULL CHECK (kind IN ('city', 'county', 'department', 'office', 'street', 'community', 'enterprise')),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    short_name text NOT NULL CHECK (length(short_name) BETWEEN 1 AND 30),
    -- GB/T 2260 or the statistical code, for counties, streets and communities.
    division_code text CHECK (division_code ~ '^[0-9]{6}([0-9]{3}([0-9]{3})?)?$'),
    -- The names from the root, for lists and searches; kept by the actions.
    path text NOT NULL DEFAULT '',
    opened_on date NOT NULL,
    -- The first day on which it is no more.
    closed_on date,
    successor_id uuid REFERENCES identity.organisation (organisation_id),
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    CHECK ((parent_id IS NULL) = (kind = 'city')),
    CHECK (parent_id <> organisation_id),
    CHECK (closed_on >= opened_on),
    CHECK (successor_id IS NULL OR closed_on IS NOT NULL)
);
CREATE UNIQUE INDEX organisation_one_root ON identity.organisation ((true)) WHERE parent_id IS NULL;
CREATE INDEX organisation_by_parent ON identity.organisation (parent_id, code);

-- Every ancestor of every organisation, itself at depth 0. The scope of a permission is a lookup here.
CREATE TABLE identity.organisation_closure (
    ancestor_id uuid NOT NULL REFERENCES identity.organisation (organisation_id),
    descendant_id uuid NOT NULL REFERENCES identity.organisation (organisation_id),
    depth integer NOT NULL CHECK (depth >= 0),
    PRIMARY KEY (ancestor_id, descendant_id)
);
CREATE INDEX organisation_closure_by_descendant ON identity.organisation_closure (descendant_id, depth);

-- What it was called and under whom it stood, from when until when.
CREATE TABLE identity.organisation_period (
    organisation_id uuid NOT NULL REFERENCES identity.organisation (organisation_id),
    begins_at timestamptz NOT NULL,
    ends_at timestamptz,
    name text NOT NULL,
    parent_id uuid REFERENCES identity.organisation (organisation_id),
    -- What ended the period before: created, renamed, moved, closed.
    cause text NOT NULL CHECK (cause IN ('created', 'renamed', 'moved', 'closed')),
    PRIMARY KEY (organisation_id, begins_at)
);

-- For our own lists: what a page or a JSON answer shows of one organisation.
CREATE VIEW identity.organisation_listed AS
SELECT o.organisation_id, o.code, o.parent_id, o.kind, o.name, o.short_name, o.path, o.division_code,
       o.opened_on, o.closed_on, o.successor_id,
       EXISTS (SELECT 1 FROM identity.organisation c WHERE c.parent_id = o.organisation_id AND c.closed_on IS NULL)
           AS has_children,
       EXISTS (SELECT 1 FROM identity.organisation c WHERE c.parent_id = o.organisation_id AND c.closed_on IS NOT NULL)
           AS has_former
FROM identity.organisation o;

CREATE VIEW identity.v_organisation AS
SELECT organisation_id, parent_id, code, name, short_name, kind, path, closed_on, successor_id
FROM identity.organisation;

CREATE VIEW identity.v_organisation_closure AS
SELECT ancestor_id, descendant_id FROM identity.organisation_closure;
