-- What the window takes for departments, and who a matter is for.
CREATE SEQUENCE community_window.matter_serial;

-- Reference table.
CREATE TABLE community_window.matter (
    code text PRIMARY KEY CHECK (code ~ '^matter-[0-9]{1,9}$'),
    name text NOT NULL CHECK (length(name) BETWEEN 2 AND 200),
    name_en text NOT NULL DEFAULT '' CHECK (length(name_en) <= 200),
    -- Who decides it.
    organisation_id uuid NOT NULL,
    -- What must be brought, one thing a line.
    materials text NOT NULL DEFAULT '' CHECK (length(materials) <= 2000),
    working_days smallint NOT NULL CHECK (working_days BETWEEN 1 AND 60),
    active boolean NOT NULL DEFAULT true,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL
);
CREATE UNIQUE INDEX matter_by_name ON community_window.matter (name, organisation_id);

-- Distribution column: case_id.
CREATE TABLE community_window.applicant (
    case_id uuid PRIMARY KEY,
    -- The person in the base of persons; none where the base does not know him.
    subject_id uuid,
    -- What was taken over from the base, in words of ours: name, mobile_phone, residence_address.
    prefilled text[] NOT NULL
);
