-- Roles. Reference tables: tens of rows. A role is never changed once made.
CREATE TABLE identity.role (
    role_id uuid PRIMARY KEY,
    code text NOT NULL UNIQUE CHECK (code ~ '^[a-z][a-z0-9-]{1,39}$'),
    -- People hold roles for staff, departments' systems hold roles for systems.
    audience text NOT NULL CHECK (audience IN ('staff', 'system')),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
    name_en text NOT NULL DEFAULT '' CHECK (length(name_en) <= 80),
    summary text NOT NULL DEFAULT '' CHECK (length(summary) <= 300),
    summary_en text NOT NULL DEFAULT '' CHECK (length(summary_en) <= 300),
    created_at timestamptz NOT NULL
);
CREATE TABLE identity.role_permission (
    role_id uuid NOT NULL REFERENCES identity.role (role_id),
    permission text NOT NULL CHECK (permission ~ '^[a-z_]+(\.[a-z_]+)+$'),
    PRIMARY KEY (role_id, permission)
);

-- Accounts and what belongs to one account: all spread by account_id.
CREATE TABLE identity.account (
    account_id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('staff', 'resident', 'service')),
    -- As the person writes it; a resident signs in with the phone and has none.
    username text CHECK (username ~ '^[a-z0-9][a-z0-9._-]{2,31}$'),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 50),
    organisation_id uuid REFERENCES identity.organisation (organisation_id),
    phone_sealed bytea,
    phone_confirmed_at timestamptz,
    password_hash text,
    password_changed_at timestamptz,
    must_change_password boolean NOT NULL DEFAULT false,
    suspended_at timestamptz,
    suspension_reason text CHECK (length(suspension_reason) <= 300),
    -- Sessions whose token is older than this get a new one.
    rights_changed_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    signed_in_at timestamptz,
    CHECK ((kind = 'resident') = (organisation_id IS NULL)),
    CHECK ((kind = 'service') = (password_hash IS NULL)),
    CHECK ((kind = 'staff') = (username IS NOT NULL))
);
CREATE INDEX account_by_organisation ON identity.account (organisation_id, kind, name, account_id);

-- Username or phone to account, blinded: a copy of this table is no phone list.
CREATE TABLE identity.sign_in_name (
    name_blind bytea PRIMARY KEY CHECK (length(name_blind) = 16),
    account_id uuid NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE TABLE identity.assignment (
    account_id uuid NOT NULL REFERENCES identity.account (account_id),
    assignment_id uuid NOT NULL,
    role_id uuid NOT NULL REFERENCES identity.role (role_id),
    organisation_id uuid NOT NULL REFERENCES identity.organisation (organisation_id),
    begins_at timestamptz NOT NULL,
    ends_at timestamptz,
    given_at timestamptz NOT NULL,
    given_by uuid,
    withdrawn_at timestamptz,
    withdrawn_by uuid,
    PRIMARY KEY (account_id, assignment_id),
    CHECK (ends_at > begins_at OR withdrawn_at IS NOT NULL)
);
CREATE UNIQUE INDEX assignment_once ON identity.assignment (account_id, role_id, organisation_id)
    WHERE withdrawn_at IS NULL;
CREATE INDEX assignment_by_organisation ON identity.assignment (organisation_id) WHERE withdrawn_at IS NULL;

CREATE TABLE identity.session (
    account_id uuid NOT NULL REFERENCES identity.account (account_id),
    session_id uuid NOT NULL,
    token_hash bytea NOT NULL CHECK (length(token_hash) = 32),
    -- The token before the last rotation, honoured for requests that were under way.
    previous_hash bytea CHECK (length(previous_hash) = 32),
    previous_ends_at timestamptz,
    begun_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    rotated_at timestamptz NOT NULL,
    idle_s_max integer NOT NULL CHECK (idle_s_max > 0),
    ends_at timestamptz NOT NULL,
    address text NOT NULL CHECK (length(address) <= 64),
    agent text NOT NULL CHECK (length(agent) <= 200),
    PRIMARY KEY (account_id, session_id)
);
CREATE UNIQUE INDEX session_by_token ON identity.session (account_id, token_hash);
CREATE INDEX session_by_end ON identity.session (ends_at);

CREATE TABLE identity.credential (
    account_id uuid NOT NULL REFERENCES identity.account (account_id),
    credential_id uuid NOT NULL,
    token_hash bytea NOT NULL CHECK (length(token_hash) = 32),
    -- The token's last four characters, so that people can tell which one a system holds.
    hint text NOT NULL CHECK (length(hint) = 4),
    issued_at timestamptz NOT NULL,
    issued_by uuid,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_by uuid,
    used_at timestamptz,
    PRIMARY KEY (account_id, credential_id)
);
CREATE UNIQUE INDEX credential_by_token ON identity.credential (account_id, token_hash);

-- Failed sign-ins. A small local table, swept hourly.
CREATE TABLE identity.back_off (
    subject_blind bytea PRIMARY KEY CHECK (length(subject_blind) = 16),
    failures integer NOT NULL CHECK (failures >= 0),
    failed_at timestamptz NOT NULL,
    blocked_until_at timestamptz NOT NULL
);
CREATE INDEX back_off_by_time ON identity.back_off (failed_at);

CREATE VIEW identity.v_account AS
SELECT account_id, kind, name, organisation_id FROM identity.account;
