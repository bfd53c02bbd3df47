-- The audit: one row for each change. Distribution column: audit_id. No row is ever updated or deleted.
-- `detail` is json and not jsonb: json keeps the text as it was written, and that text is what the chain binds.
CREATE TABLE audit (
    audit_id              uuid        NOT NULL PRIMARY KEY,
    happened_at           timestamptz NOT NULL,
    action                text        NOT NULL,
    subject_id            uuid        NOT NULL,
    account_id            uuid,
    actor_kind            text        NOT NULL,
    actor_name            text        NOT NULL,
    actor_organisation_id uuid,
    organisation_id       uuid,
    purpose               text,
    request_id            text        NOT NULL,
    detail                json        NOT NULL
);
CREATE INDEX audit_subject ON audit (subject_id, happened_at DESC);
CREATE INDEX audit_happened ON audit (happened_at DESC);
CREATE INDEX audit_account ON audit (account_id, happened_at DESC) WHERE account_id IS NOT NULL;
CREATE INDEX audit_organisation ON audit (organisation_id, happened_at DESC) WHERE organisation_id IS NOT NULL;

-- Rows not yet in the chain: a small local queue.
CREATE TABLE audit_pending (
    audit_id    uuid        NOT NULL PRIMARY KEY,
    happened_at timestamptz NOT NULL
);

-- The chain. Distribution column: audit_id, colocated with audit; hence seq is unique by the lock on audit_head
-- under which rows are linked, and `audit verify` checks it, not a constraint.
CREATE TABLE audit_link (
    audit_id uuid   NOT NULL PRIMARY KEY,
    seq      bigint NOT NULL,
    day_on   date   NOT NULL,
    digest   bytea  NOT NULL CHECK (octet_length(digest) = 32),
    link     bytea  NOT NULL CHECK (octet_length(link) = 32)
);
CREATE INDEX audit_link_seq ON audit_link (seq);
CREATE INDEX audit_link_day ON audit_link (day_on, seq);

-- Where the chain ends: one local row, whose lock lets one process link at a time.
CREATE TABLE audit_head (
    only_row boolean NOT NULL PRIMARY KEY DEFAULT true CHECK (only_row),
    seq      bigint  NOT NULL,
    link     bytea   NOT NULL,
    day_on   date    NOT NULL
);
INSERT INTO audit_head (seq, link, day_on) VALUES (0, decode(repeat('00', 32), 'hex'), '0001-01-01');

-- One signed root for each day: a small reference table.
CREATE TABLE audit_root (
    day_on         date        NOT NULL PRIMARY KEY,
    first_seq      bigint      NOT NULL,
    last_seq       bigint      NOT NULL,
    root           text        NOT NULL,
    signature      bytea       NOT NULL,
    public_key_pem text        NOT NULL,
    sealed_at      timestamptz NOT NULL
);

-- Events not yet handed to their handlers: a small local queue.
CREATE TABLE outbox (
    seq         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id    uuid        NOT NULL,
    event       text        NOT NULL,
    subject_id  uuid        NOT NULL,
    payload     jsonb       NOT NULL,
    happened_at timestamptz NOT NULL,
    request_id  text        NOT NULL
);

-- One row for each event and handler, until that handler has it: a small local queue.
CREATE TABLE outbox_delivery (
    handler     text        NOT NULL,
    seq         bigint      NOT NULL,
    event_id    uuid        NOT NULL,
    event       text        NOT NULL,
    subject_id  uuid        NOT NULL,
    payload     jsonb       NOT NULL,
    happened_at timestamptz NOT NULL,
    request_id  text        NOT NULL,
    attempts    integer     NOT NULL DEFAULT 0,
    due_at      timestamptz NOT NULL,
    failure     text,
    PRIMARY KEY (handler, seq)
);
CREATE INDEX outbox_delivery_order ON outbox_delivery (handler, subject_id, seq);

-- Keys of requests already done, for 48 hours. Distribution column: owner_id.
CREATE TABLE idempotency (
    owner_id       uuid        NOT NULL,
    key            uuid        NOT NULL,
    claimed_at     timestamptz NOT NULL,
    request_digest bytea,
    status         smallint,
    location       text,
    content_type   text,
    body           bytea       CHECK (octet_length(body) <= 65536),
    PRIMARY KEY (owner_id, key)
);
CREATE INDEX idempotency_claimed ON idempotency (claimed_at);

-- Work for later: a small local queue; finished jobs are kept for a week for the operations page.
CREATE TABLE job (
    job_id       uuid        NOT NULL PRIMARY KEY,
    name         text        NOT NULL,
    key          text,
    payload      jsonb       NOT NULL,
    state        text        NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    attempts     integer     NOT NULL DEFAULT 0,
    enqueued_at  timestamptz NOT NULL,
    due_at       timestamptz NOT NULL,
    started_at   timestamptz,
    finished_at  timestamptz,
    worker_id    uuid,
    leased_until timestamptz,
    failure      text
);
CREATE UNIQUE INDEX job_waiting_key ON job (name, key) WHERE state = 'waiting' AND key IS NOT NULL;
CREATE INDEX job_due ON job (due_at) WHERE state = 'waiting';
CREATE INDEX job_running ON job (name, key) WHERE state = 'running';
CREATE INDEX job_finished ON job (finished_at) WHERE state IN ('done', 'failed');

CREATE TABLE job_schedule (
    name     text        NOT NULL PRIMARY KEY,
    schedule text        NOT NULL,
    next_at  timestamptz NOT NULL
);

-- What rooms above may read.
CREATE VIEW v_audit AS
    SELECT a.audit_id, a.happened_at, a.action, a.subject_id, a.account_id, a.actor_kind, a.actor_name,
           a.actor_organisation_id, a.organisation_id, a.purpose, a.request_id, a.detail, l.seq, l.day_on
    FROM audit a LEFT JOIN audit_link l ON l.audit_id = a.audit_id;
CREATE VIEW v_audit_root AS SELECT day_on, first_seq, last_seq, sealed_at FROM audit_root;
CREATE VIEW v_job AS
    SELECT job_id, name, key, state, attempts, enqueued_at, due_at, started_at, finished_at, failure FROM job;
CREATE VIEW v_job_schedule AS SELECT name, schedule, next_at FROM job_schedule;
CREATE VIEW v_delivery AS
    SELECT handler, seq, event_id, event, subject_id, happened_at, attempts, due_at, failure FROM outbox_delivery;
CREATE VIEW v_migration AS SELECT schema, name, sm3, applied_at FROM migration;
