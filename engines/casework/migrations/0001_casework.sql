-- What a kind of case passes through: versions that never change once written. Reference tables.
CREATE TABLE casework.procedure (
    kind text NOT NULL CHECK (kind ~ '^[a-z_]{1,30}\.[a-z_]{1,30}$'),
    version integer NOT NULL CHECK (version > 0),
    name text NOT NULL,
    name_en text NOT NULL,
    held_stage text,
    -- SM3 of the definition that came with the program, while nobody of the city has changed it.
    shipped bytea CHECK (octet_length(shipped) = 32),
    note text NOT NULL DEFAULT '',
    published_at timestamptz NOT NULL,
    published_by text NOT NULL,
    PRIMARY KEY (kind, version)
);

CREATE TABLE casework.stage (
    kind text NOT NULL,
    version integer NOT NULL,
    code text NOT NULL CHECK (code ~ '^[a-z_]{1,30}$'),
    place integer NOT NULL,
    name text NOT NULL,
    name_en text NOT NULL,
    owner text NOT NULL CHECK (owner IN ('centre', 'holder')),
    closed boolean NOT NULL,
    PRIMARY KEY (kind, version, code),
    FOREIGN KEY (kind, version) REFERENCES casework.procedure (kind, version)
);

CREATE TABLE casework.transition (
    kind text NOT NULL,
    version integer NOT NULL,
    place integer NOT NULL,
    -- '*' is any open stage, '=' as an aim stays where it is.
    stage text NOT NULL,
    act text NOT NULL,
    aim text NOT NULL,
    roles text[] NOT NULL,
    needs text[] NOT NULL,
    PRIMARY KEY (kind, version, stage, act),
    FOREIGN KEY (kind, version) REFERENCES casework.procedure (kind, version)
);

CREATE TABLE casework.limit_rule (
    kind text NOT NULL,
    version integer NOT NULL,
    code text NOT NULL,
    place integer NOT NULL,
    name text NOT NULL,
    name_en text NOT NULL,
    stages text[] NOT NULL,
    amount integer NOT NULL CHECK (amount > 0),
    unit text NOT NULL,
    urgent_amount integer CHECK (urgent_amount > 0),
    urgent_unit text,
    emergency_amount integer CHECK (emergency_amount > 0),
    emergency_unit text,
    restarts text[] NOT NULL,
    warn_percent smallint NOT NULL CHECK (warn_percent BETWEEN 0 AND 99),
    PRIMARY KEY (kind, version, code),
    FOREIGN KEY (kind, version) REFERENCES casework.procedure (kind, version)
);

-- Days that are not what their weekday says: holidays, and weekends that are worked (调休).
CREATE TABLE casework.calendar_day (
    day_on date PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('holiday', 'workday')),
    name text NOT NULL,
    source text NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL
);

CREATE TABLE casework.office_hours (
    opens time PRIMARY KEY,
    closes time NOT NULL,
    CHECK (opens < closes)
);
INSERT INTO casework.office_hours (opens, closes) VALUES ('08:30', '12:00'), ('14:00', '17:30');

-- Grows with every change of the two tables above, so that a process knows whether what it remembers of them is true.
CREATE TABLE casework.calendar_version (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    version integer NOT NULL
);
INSERT INTO casework.calendar_version (version) VALUES (1);

CREATE SEQUENCE casework.number_serial;

-- The case as it stands. Millions of rows; distributed by case_id.
CREATE TABLE casework.file (
    case_id uuid PRIMARY KEY,
    number text NOT NULL,
    kind text NOT NULL,
    version integer NOT NULL,
    stage text NOT NULL,
    closed boolean NOT NULL DEFAULT false,
    title text NOT NULL CHECK (length(title) BETWEEN 1 AND 100),
    description text NOT NULL CHECK (length(description) <= 4000),
    category text NOT NULL,
    category_name text NOT NULL,
    priority text NOT NULL CHECK (priority IN ('normal', 'urgent', 'emergency')),
    channel text NOT NULL,
    -- Who keeps it, who handles it, in whose inbox it is, and who there has it.
    centre_id uuid NOT NULL,
    holder_id uuid,
    owner_id uuid NOT NULL,
    assignee_id uuid,
    assignee_name text,
    address text NOT NULL DEFAULT '',
    geom geometry(Point, 4326),
    reported_at timestamptz NOT NULL,
    -- The nearest time limit that runs.
    due_at timestamptz,
    overdue boolean NOT NULL DEFAULT false,
    paused boolean NOT NULL DEFAULT false,
    confirmed boolean NOT NULL DEFAULT false,
    unreached smallint NOT NULL DEFAULT 0,
    photo boolean NOT NULL DEFAULT false,
    -- Whether somebody looked and found it right, since the last result; and whether anybody waits to be called back.
    inspected boolean NOT NULL DEFAULT false,
    awaited boolean NOT NULL DEFAULT false,
    result text NOT NULL DEFAULT '',
    outcome text,
    closed_at timestamptz,
    merged_into uuid,
    reopened smallint NOT NULL DEFAULT 0,
    stars smallint CHECK (stars BETWEEN 1 AND 5),
    -- What the public may see: nothing, that there is something, or its words too.
    shown text NOT NULL DEFAULT 'place' CHECK (shown IN ('nothing', 'place', 'words')),
    app_ref text,
    search tsvector NOT NULL,
    revision integer NOT NULL DEFAULT 1,
    changed_at timestamptz NOT NULL,
    UNIQUE (case_id, number),
    CHECK (closed OR owner_id IS NOT NULL)
);
CREATE INDEX file_by_number ON casework.file (number);
-- The inbox: one range per organisation.
CREATE INDEX file_inbox ON casework.file (owner_id, due_at, case_id) WHERE NOT closed;
CREATE INDEX file_of_centre ON casework.file (centre_id, case_id);
CREATE INDEX file_of_holder ON casework.file (holder_id, case_id) WHERE holder_id IS NOT NULL;
CREATE INDEX file_of_assignee ON casework.file (assignee_id, due_at) WHERE NOT closed AND assignee_id IS NOT NULL;
CREATE INDEX file_overdue ON casework.file (owner_id, due_at) WHERE overdue AND NOT closed;
CREATE INDEX file_near ON casework.file USING gist (geom) WHERE NOT closed;
CREATE INDEX file_closed_lately ON casework.file (closed_at) WHERE closed AND shown <> 'nothing';
CREATE INDEX file_search ON casework.file USING gin (search);
CREATE INDEX file_by_ref ON casework.file (app_ref) WHERE app_ref IS NOT NULL;

-- The timeline.
CREATE TABLE casework.step (
    case_id uuid NOT NULL,
    step_id uuid NOT NULL,
    at timestamptz NOT NULL,
    act text NOT NULL,
    stage_before text NOT NULL,
    stage_after text NOT NULL,
    account_id uuid,
    actor_name text NOT NULL,
    organisation_id uuid,
    organisation_name text NOT NULL,
    -- Whom or what the act names: an organisation, a person, a limit, another case.
    target_id uuid,
    target_name text NOT NULL DEFAULT '',
    note text NOT NULL DEFAULT '',
    -- Whether the reporter may read the note.
    shown boolean NOT NULL DEFAULT false,
    due_before_at timestamptz,
    due_after_at timestamptz,
    PRIMARY KEY (case_id, step_id)
);

CREATE TABLE casework.party (
    case_id uuid NOT NULL,
    party_id uuid NOT NULL,
    role text NOT NULL CHECK (role IN ('reporter', 'subscriber', 'concerned')),
    account_id uuid,
    name_sealed bytea,
    phone_sealed bytea,
    email_sealed bytea,
    -- SM3 of the token with which somebody without an account follows the case.
    token_sm3 bytea CHECK (octet_length(token_sm3) = 32),
    confidential boolean NOT NULL DEFAULT false,
    wants_answer boolean NOT NULL DEFAULT true,
    channel text NOT NULL,
    -- The report this person came with, when it was merged into this case.
    merged_from uuid,
    since_at timestamptz NOT NULL,
    PRIMARY KEY (case_id, party_id)
);
CREATE INDEX party_by_account ON casework.party (account_id, since_at) WHERE account_id IS NOT NULL;
CREATE INDEX party_by_token ON casework.party (token_sm3) WHERE token_sm3 IS NOT NULL;

-- Which telephone has which cases. Distributed by phone_blind, so that the call desk asks one shard.
CREATE TABLE casework.caller (
    phone_blind bytea NOT NULL CHECK (octet_length(phone_blind) = 16),
    case_id uuid NOT NULL,
    since_at timestamptz NOT NULL,
    PRIMARY KEY (phone_blind, case_id)
);

CREATE TABLE casework.involved (
    case_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    organisation_name text NOT NULL,
    role text NOT NULL CHECK (role IN ('assistant', 'past')),
    asked text NOT NULL DEFAULT '',
    since_at timestamptz NOT NULL,
    done_at timestamptz,
    answer text NOT NULL DEFAULT '',
    PRIMARY KEY (case_id, organisation_id)
);
CREATE INDEX involved_waiting ON casework.involved (organisation_id, since_at) WHERE role = 'assistant' AND done_at IS NULL;
CREATE INDEX involved_of_organisation ON casework.involved (organisation_id, case_id);

CREATE TABLE casework.deadline (
    case_id uuid NOT NULL,
    code text NOT NULL,
    -- 1, 2, 3: a limit that began anew is another row, so that nothing that was missed is forgotten.
    round smallint NOT NULL,
    base_at timestamptz NOT NULL,
    started_at timestamptz NOT NULL,
    amount integer NOT NULL CHECK (amount >= 0),
    unit text NOT NULL,
    extra_amount integer,
    extra_unit text,
    due_at timestamptz NOT NULL,
    warn_at timestamptz,
    state text NOT NULL CHECK (state IN ('running', 'paused', 'met', 'late')),
    level smallint NOT NULL DEFAULT 0,
    missed_at timestamptz,
    ended_at timestamptz,
    fire_at timestamptz,
    -- Who had the case when it ended or was missed: whose punctuality it is.
    organisation_id uuid,
    PRIMARY KEY (case_id, code, round)
);
CREATE INDEX deadline_to_fire ON casework.deadline (fire_at) WHERE fire_at IS NOT NULL;

CREATE TABLE casework.attachment (
    case_id uuid NOT NULL,
    attachment_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('photo', 'file')),
    name text NOT NULL,
    media_type text NOT NULL,
    size_bytes bigint NOT NULL,
    -- As it came, with all that is in it; as the public may see it; and small.
    original_sm3 bytea NOT NULL CHECK (octet_length(original_sm3) = 32),
    shown_sm3 bytea CHECK (octet_length(shown_sm3) = 32),
    small_sm3 bytea CHECK (octet_length(small_sm3) = 32),
    taken_at timestamptz,
    geom geometry(Point, 4326),
    added_at timestamptz NOT NULL,
    added_by text NOT NULL,
    added_role text NOT NULL,
    shown boolean NOT NULL DEFAULT false,
    PRIMARY KEY (case_id, attachment_id)
);

-- Answers to the questions of a case's category, as they were put and given.
CREATE TABLE casework.attribute (
    case_id uuid NOT NULL,
    place smallint NOT NULL,
    code text NOT NULL,
    label text NOT NULL,
    key text NOT NULL DEFAULT '',
    value text NOT NULL,
    PRIMARY KEY (case_id, place)
);

CREATE TABLE casework.callback (
    case_id uuid NOT NULL,
    callback_id uuid NOT NULL,
    at timestamptz NOT NULL,
    by_account_id uuid,
    by_name text NOT NULL,
    reached boolean NOT NULL,
    solved boolean,
    stars smallint CHECK (stars BETWEEN 1 AND 5),
    note text NOT NULL DEFAULT '',
    PRIMARY KEY (case_id, callback_id)
);

CREATE TABLE casework.supervision (
    case_id uuid NOT NULL,
    supervision_id uuid NOT NULL,
    asked_at timestamptz NOT NULL,
    asked_by text NOT NULL,
    -- Whose matter it is to see to it; for an escalation the organisation above the holder.
    organisation_id uuid NOT NULL,
    reason text NOT NULL,
    level smallint NOT NULL DEFAULT 0,
    answered_at timestamptz,
    answered_by text,
    answer text NOT NULL DEFAULT '',
    PRIMARY KEY (case_id, supervision_id)
);
CREATE INDEX supervision_waiting ON casework.supervision (organisation_id, asked_at) WHERE answered_at IS NULL;

CREATE TABLE casework.extension (
    case_id uuid NOT NULL,
    extension_id uuid NOT NULL,
    code text NOT NULL,
    amount integer NOT NULL CHECK (amount BETWEEN 1 AND 365),
    unit text NOT NULL,
    reason text NOT NULL,
    asked_at timestamptz NOT NULL,
    asked_by_id uuid,
    asked_by text NOT NULL,
    decided_at timestamptz,
    decided_by text,
    granted boolean,
    note text NOT NULL DEFAULT '',
    PRIMARY KEY (case_id, extension_id)
);
CREATE UNIQUE INDEX extension_one_waiting ON casework.extension (case_id) WHERE decided_at IS NULL;

CREATE TABLE casework.link (
    case_id uuid NOT NULL,
    other_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('related', 'merged', 'part', 'earlier')),
    since_at timestamptz NOT NULL,
    PRIMARY KEY (case_id, other_id)
);

-- Who is told of stages. Reference table.
CREATE TABLE casework.webhook (
    webhook_id uuid PRIMARY KEY,
    name text NOT NULL CHECK (length(name) BETWEEN 2 AND 60),
    url text NOT NULL CHECK (length(url) <= 500),
    secret_sealed bytea NOT NULL,
    -- Empty: all.
    kinds text[] NOT NULL,
    events text[] NOT NULL,
    -- It hears of cases kept, owned or held there and below.
    organisation_id uuid NOT NULL,
    active boolean NOT NULL,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    failing_since_at timestamptz,
    -- When the program switched it off by itself.
    given_up_at timestamptz
);

-- What is to be told and what came of it. Local, swept after a week.
CREATE TABLE casework.webhook_delivery (
    webhook_id uuid NOT NULL,
    delivery_id uuid NOT NULL,
    case_id uuid NOT NULL,
    -- The event's place among all: a case's are told in this order.
    seq bigint NOT NULL,
    event text NOT NULL,
    -- As it is signed and sent: the same bytes at every try.
    body text NOT NULL,
    left_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    attempts smallint NOT NULL DEFAULT 0,
    first_at timestamptz,
    tried_at timestamptz,
    settled_at timestamptz,
    told boolean NOT NULL DEFAULT false,
    status smallint,
    failure text NOT NULL DEFAULT '',
    PRIMARY KEY (webhook_id, delivery_id)
);
CREATE INDEX webhook_delivery_due ON casework.webhook_delivery (due_at) WHERE settled_at IS NULL;
CREATE INDEX webhook_delivery_of_case ON casework.webhook_delivery (webhook_id, case_id, seq) WHERE settled_at IS NULL;
CREATE INDEX webhook_delivery_to_sweep ON casework.webhook_delivery (left_at);

-- Private networks that may be called. Reference table.
CREATE TABLE casework.webhook_network (
    network cidr PRIMARY KEY,
    added_by text NOT NULL,
    added_at timestamptz NOT NULL
);

-- What happened, written beside the act and added up by a job: no act waits for a counter.
CREATE TABLE casework.count_delta (
    delta_id bigint GENERATED ALWAYS AS IDENTITY,
    counted_on date NOT NULL,
    centre_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    kind text NOT NULL,
    category text NOT NULL,
    channel text NOT NULL,
    measure text NOT NULL,
    n integer NOT NULL,
    PRIMARY KEY (counted_on, delta_id)
);

CREATE TABLE casework.count_day (
    counted_on date NOT NULL,
    centre_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    kind text NOT NULL,
    category text NOT NULL,
    channel text NOT NULL,
    measure text NOT NULL,
    n bigint NOT NULL,
    PRIMARY KEY (counted_on, centre_id, organisation_id, kind, category, channel, measure)
);
CREATE INDEX count_day_of_organisation ON casework.count_day (organisation_id, counted_on);

-- For our own statements: the case with its place as numbers.
CREATE VIEW casework.file_listed AS
SELECT case_id, number, kind, version, stage, closed, title, description, category, category_name, priority, channel, centre_id,
       holder_id, owner_id, assignee_id, assignee_name, address, ST_X(geom) AS lon, ST_Y(geom) AS lat, reported_at, due_at,
       overdue, paused, confirmed, unreached, photo, inspected, awaited, result, outcome, closed_at, merged_into, reopened, stars, shown, app_ref,
       revision, changed_at
FROM casework.file;

CREATE VIEW casework.v_case AS
SELECT case_id, number, kind, stage, closed, title, category, category_name, priority, channel, centre_id, holder_id, owner_id,
       assignee_id, geom, reported_at, due_at, overdue, outcome, closed_at, app_ref
FROM casework.file;
