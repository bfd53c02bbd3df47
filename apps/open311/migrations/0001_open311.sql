-- How this city takes part: one row, written by its administrators. Reference table.
CREATE TABLE open311.setting (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    -- Who keeps what comes in; without one nothing is taken in.
    centre_id uuid,
    -- Empty: any `jurisdiction_id` is ours, as the specification lets a server of one city do.
    jurisdiction text NOT NULL DEFAULT '',
    anonymous boolean NOT NULL DEFAULT false,
    -- New reports wait for a person before they have an id that the public can ask for.
    held boolean NOT NULL DEFAULT false,
    posts_a_minute integer NOT NULL DEFAULT 60 CHECK (posts_a_minute BETWEEN 1 AND 6000),
    contact text NOT NULL DEFAULT '',
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL
);

-- Who may post. Reference table.
CREATE TABLE open311.api_key (
    key_id uuid PRIMARY KEY,
    name text NOT NULL CHECK (length(name) BETWEEN 2 AND 60),
    contact text NOT NULL CHECK (length(contact) BETWEEN 2 AND 200),
    -- SM3 of the key: 256 random bits need no slow digest.
    key_sm3 bytea NOT NULL CHECK (octet_length(key_sm3) = 32),
    hint text NOT NULL,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    used_on date,
    revoked_at timestamptz,
    revoked_by text
);
CREATE UNIQUE INDEX api_key_by_digest ON open311.api_key (key_sm3);

-- What was taken in, by what it is recognised again. Local and small: swept daily. Distributed by digest.
CREATE TABLE open311.submission (
    digest bytea PRIMARY KEY CHECK (octet_length(digest) = 32),
    content_sm3 bytea NOT NULL CHECK (octet_length(content_sm3) = 32),
    sent_at timestamptz NOT NULL,
    case_id uuid,
    held boolean NOT NULL DEFAULT false
);
CREATE INDEX submission_to_sweep ON open311.submission (sent_at);

-- Tokens of reports that wait for a person. Distributed by token_sm3.
CREATE TABLE open311.token (
    token_sm3 bytea PRIMARY KEY CHECK (octet_length(token_sm3) = 32),
    case_id uuid NOT NULL,
    since_at timestamptz NOT NULL
);

-- Posts by key and by address in a minute; addresses are blinded. Local and small: swept daily.
CREATE TABLE open311.rate (
    who bytea NOT NULL CHECK (octet_length(who) = 16),
    minute_at timestamptz NOT NULL,
    n integer NOT NULL,
    PRIMARY KEY (who, minute_at)
);
