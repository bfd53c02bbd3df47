-- The directory of data. Everything here is small: a city has thousands of resources, so these are reference tables.

CREATE TABLE catalogue.element (
    identifier      text        NOT NULL,
    version         integer     NOT NULL CHECK (version > 0),
    code            text        NOT NULL,
    name            text        NOT NULL,
    name_en         text        NOT NULL,
    definition      text        NOT NULL,
    definition_en   text        NOT NULL,
    field_type      text        NOT NULL,
    rule            text        NOT NULL,
    code_set        text,
    length_max      integer     NOT NULL CHECK (length_max > 0),
    classification  text        NOT NULL,
    source          text        NOT NULL,
    synonyms        text[]      NOT NULL,
    valid_from_on   date        NOT NULL,
    PRIMARY KEY (identifier, version),
    CHECK ((rule = 'code') = (code_set IS NOT NULL))
);

CREATE TABLE catalogue.code_set (
    identifier      text        NOT NULL,
    version         integer     NOT NULL CHECK (version > 0),
    name            text        NOT NULL,
    name_en         text        NOT NULL,
    source          text        NOT NULL,
    valid_from_on   date        NOT NULL,
    PRIMARY KEY (identifier, version)
);

CREATE TABLE catalogue.code (
    code_set        text        NOT NULL,
    version         integer     NOT NULL,
    code            text        NOT NULL,
    position        integer     NOT NULL,
    name            text        NOT NULL,
    name_en         text        NOT NULL,
    PRIMARY KEY (code_set, version, code),
    FOREIGN KEY (code_set, version) REFERENCES catalogue.code_set (identifier, version)
);

-- The serial number of the catalogue code.
CREATE SEQUENCE catalogue.resource_serial;

CREATE TABLE catalogue.resource (
    resource_id       uuid        PRIMARY KEY,
    code              text        NOT NULL,
    provider_id       uuid        NOT NULL,
    newest_version    integer     NOT NULL,
    published_version integer,
    changed_at        timestamptz NOT NULL
);
-- CKAN names are in small letters, so two codes may not differ in case alone.
CREATE UNIQUE INDEX resource_code ON catalogue.resource (lower(code));
CREATE INDEX resource_provider ON catalogue.resource (provider_id);

CREATE TABLE catalogue.resource_version (
    resource_id     uuid        NOT NULL REFERENCES catalogue.resource (resource_id),
    version         integer     NOT NULL CHECK (version > 0),
    state           text        NOT NULL CHECK (state IN ('draft', 'in_review', 'published', 'superseded', 'withdrawn')),
    title           text        NOT NULL,
    title_en        text        NOT NULL,
    description     text        NOT NULL,
    description_en  text        NOT NULL,
    keywords        text[]      NOT NULL,
    theme           text        NOT NULL,
    format          text        NOT NULL,
    update_cycle    text        NOT NULL,
    classification  text        NOT NULL CHECK (classification IN ('public', 'internal', 'sensitive')),
    sharing_kind    text        NOT NULL CHECK (sharing_kind IN ('unconditional', 'conditional', 'withheld')),
    sharing_terms   text        NOT NULL,
    open            boolean     NOT NULL,
    contact         text        NOT NULL,
    rows_kind       text,
    drafters        uuid[]      NOT NULL,
    search          tsvector    NOT NULL,
    submitted_at    timestamptz,
    published_at    timestamptz,
    changed_at      timestamptz NOT NULL,
    PRIMARY KEY (resource_id, version),
    -- What has left the drawing board names its terms, whatever the program believes.
    CHECK (state = 'draft' OR sharing_kind = 'unconditional' OR sharing_terms <> '')
);
CREATE INDEX resource_version_search ON catalogue.resource_version USING gin (search);
CREATE UNIQUE INDEX resource_version_one_published ON catalogue.resource_version (resource_id) WHERE state = 'published';
CREATE UNIQUE INDEX resource_version_one_open_draft ON catalogue.resource_version (resource_id)
    WHERE state IN ('draft', 'in_review');
CREATE INDEX resource_version_in_review ON catalogue.resource_version (submitted_at) WHERE state = 'in_review';

CREATE TABLE catalogue.field (
    resource_id     uuid        NOT NULL,
    version         integer     NOT NULL,
    position        integer     NOT NULL,
    name            text        NOT NULL,
    label           text        NOT NULL,
    label_en        text        NOT NULL,
    element         text,
    field_type      text        NOT NULL,
    required        boolean     NOT NULL,
    classification  text        NOT NULL CHECK (classification IN ('public', 'internal', 'sensitive')),
    unit            text        NOT NULL,
    PRIMARY KEY (resource_id, version, position),
    UNIQUE (resource_id, version, name),
    FOREIGN KEY (resource_id, version) REFERENCES catalogue.resource_version (resource_id, version)
);

CREATE TABLE catalogue.step (
    step_id         uuid        PRIMARY KEY,
    resource_id     uuid        NOT NULL REFERENCES catalogue.resource (resource_id),
    version         integer     NOT NULL,
    step            text        NOT NULL,
    account_id      uuid,
    account_name    text        NOT NULL,
    reason          text        NOT NULL,
    taken_at        timestamptz NOT NULL
);
CREATE INDEX step_resource ON catalogue.step (resource_id, taken_at);

-- One version as the program reads it.
CREATE VIEW catalogue.version_row AS
SELECT v.resource_id, r.code, v.version, r.provider_id, r.newest_version, r.published_version, v.state,
       v.title, v.title_en, v.description, v.description_en, v.keywords, v.theme, v.format, v.update_cycle,
       v.classification, v.sharing_kind, v.sharing_terms, v.open, v.contact, v.rows_kind, v.drafters, v.search,
       v.submitted_at, v.published_at, v.changed_at
FROM catalogue.resource_version v
JOIN catalogue.resource r ON r.resource_id = v.resource_id;

-- For the engines above: what is published, its fields, and the elements in force.
CREATE VIEW catalogue.v_resource AS
SELECT resource_id, code, version, provider_id, title, title_en, theme, update_cycle, classification, sharing_kind,
       sharing_terms, open, rows_kind, published_at
FROM catalogue.version_row
WHERE state = 'published';

CREATE VIEW catalogue.v_field AS
SELECT f.resource_id, f.version, f.position, f.name, f.label, f.label_en, f.element, f.field_type, f.required,
       f.classification, f.unit
FROM catalogue.field f
JOIN catalogue.resource r ON r.resource_id = f.resource_id AND r.published_version = f.version;

CREATE VIEW catalogue.v_element AS
SELECT DISTINCT ON (identifier) identifier, version, code, name, name_en, definition, definition_en, field_type, rule, code_set, length_max,
       classification, source, synonyms, valid_from_on
FROM catalogue.element
ORDER BY identifier, version DESC;
