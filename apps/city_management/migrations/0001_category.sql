-- Classes of components and events (GB/T 30428.2). Reference tables: a few hundred rows.
CREATE TABLE city_management.category (
    kind         text NOT NULL CHECK (kind IN ('component', 'event')),
    -- Two digits of the major class, two of the minor.
    code         text NOT NULL CHECK (code ~ '^[0-9]{4}$'),
    major_name    text NOT NULL CHECK (length(major_name) BETWEEN 1 AND 40),
    major_name_en text NOT NULL CHECK (length(major_name_en) BETWEEN 1 AND 80),
    name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
    name_en      text NOT NULL CHECK (length(name_en) BETWEEN 1 AND 80),
    -- The city's own, not of the national arrangement.
    extension    boolean NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (kind, code)
);

-- Who answers, from when a case is opened, by when it must be done, when it may be closed. A change is a new version;
-- the newest version that is valid on a day holds on that day.
CREATE TABLE city_management.category_version (
    kind              text NOT NULL,
    code              text NOT NULL,
    version           integer NOT NULL CHECK (version > 0),
    valid_from_on     date NOT NULL,
    organisation_id   uuid REFERENCES identity.organisation (organisation_id),
    filing_condition  text NOT NULL CHECK (length(filing_condition) <= 500),
    limit_amount      integer NOT NULL CHECK (limit_amount BETWEEN 1 AND 999),
    limit_unit        text NOT NULL CHECK (limit_unit IN ('hour', 'day', 'working_hour', 'working_day')),
    closing_condition text NOT NULL CHECK (length(closing_condition) <= 500),
    changed_at        timestamptz NOT NULL,
    changed_by        uuid,
    changed_by_name   text NOT NULL,
    PRIMARY KEY (kind, code, version),
    FOREIGN KEY (kind, code) REFERENCES city_management.category (kind, code)
);
