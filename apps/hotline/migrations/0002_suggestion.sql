-- The dispatch suggestion: past cases it learns from, duties it points to, and what was learned.

-- Past cases, hundreds of thousands. Distributed by history_id, which is made from the text and the organisation: the same case
-- brought twice is one row without any lock or second index.
CREATE TABLE hotline.history (
    history_id uuid PRIMARY KEY,
    -- Who handled it.
    organisation_id uuid NOT NULL,
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 10000),
    happened_on date,
    -- Where it comes from: a file's name, or the city's own closed cases.
    source text NOT NULL CHECK (length(source) <= 200),
    sought tsvector NOT NULL,
    kept_at timestamptz NOT NULL
);
CREATE INDEX history_by_text ON hotline.history USING gin (sought);
CREATE INDEX history_by_organisation ON hotline.history (organisation_id);
CREATE INDEX history_by_time ON hotline.history (kept_at);

-- A file of past cases and how far it was read. Small: reference table.
CREATE TABLE hotline.history_import (
    import_id uuid PRIMARY KEY,
    file_name text NOT NULL CHECK (length(file_name) <= 200),
    file_sm3 bytea NOT NULL CHECK (length(file_sm3) = 32),
    state text NOT NULL CHECK (state IN ('waiting', 'reading', 'done', 'failed')),
    -- Why a file could not be read at all.
    refusal text,
    -- The organisations that rows may be of: the scopes of who brought it.
    scopes uuid[] NOT NULL,
    rows_read bigint NOT NULL DEFAULT 0,
    rows_kept bigint NOT NULL DEFAULT 0,
    -- Known before, word for word.
    rows_twice bigint NOT NULL DEFAULT 0,
    rows_refused bigint NOT NULL DEFAULT 0,
    -- Of departments whose name is not known; they wait in history_stray.
    rows_stray bigint NOT NULL DEFAULT 0,
    brought_by_name text NOT NULL,
    brought_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL
);
CREATE INDEX history_import_by_time ON hotline.history_import (brought_at DESC);

-- Rows that were refused; the first thousand of a file.
CREATE TABLE hotline.history_fault (
    import_id uuid NOT NULL REFERENCES hotline.history_import (import_id),
    line bigint NOT NULL,
    code text NOT NULL,
    PRIMARY KEY (import_id, line)
);

-- Rows whose department's name nobody has explained yet. Local; it empties as names are explained.
CREATE TABLE hotline.history_stray (
    import_id uuid NOT NULL REFERENCES hotline.history_import (import_id),
    line bigint NOT NULL,
    department text NOT NULL,
    text text NOT NULL,
    happened_on date,
    PRIMARY KEY (import_id, line)
);
CREATE INDEX history_stray_by_department ON hotline.history_stray (department, import_id, line);

-- What a name in files stands for; no organisation: rows of that name are left out.
CREATE TABLE hotline.history_name (
    department text PRIMARY KEY CHECK (length(department) BETWEEN 1 AND 100),
    organisation_id uuid,
    explained_by_name text NOT NULL,
    explained_at timestamptz NOT NULL
);

-- What an organisation is responsible for, clause by clause. Thousands: reference table.
CREATE TABLE hotline.duty (
    duty_id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    clause text NOT NULL CHECK (length(clause) BETWEEN 4 AND 1000),
    -- The document that says so.
    source text NOT NULL CHECK (length(source) BETWEEN 2 AND 200),
    valid_from_on date NOT NULL,
    -- The first day on which it is no longer so.
    valid_to_on date,
    sought tsvector NOT NULL,
    written_at timestamptz NOT NULL,
    CHECK (valid_to_on > valid_from_on)
);
CREATE INDEX duty_by_text ON hotline.duty USING gin (sought);
CREATE INDEX duty_by_organisation ON hotline.duty (organisation_id, valid_from_on);

-- What was learned, and how good it was on texts held out. One is in use. A handful of rows: reference table.
CREATE TABLE hotline.model (
    model_id uuid PRIMARY KEY,
    standing text NOT NULL CHECK (standing IN ('in_use', 'aside', 'former')),
    file_sm3 bytea NOT NULL CHECK (length(file_sm3) = 32),
    trained_at timestamptz NOT NULL,
    rows bigint NOT NULL,
    texts bigint NOT NULL,
    departments integer NOT NULL,
    held_out bigint NOT NULL,
    top1 double precision NOT NULL,
    top3 double precision NOT NULL,
    macro_f1 double precision NOT NULL,
    ece double precision NOT NULL,
    changed_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX model_in_use ON hotline.model (standing) WHERE standing = 'in_use';
CREATE INDEX model_by_time ON hotline.model (trained_at DESC);
