-- Calls. Both tables are distributed by agreement_id; nothing refers to them and they refer to nothing.

-- A row owns its slice of the day's quota and of the rate, so its own count is the exact limit and no row is hot.
CREATE TABLE exchange.call_tally (
    agreement_id uuid NOT NULL,
    day_on date NOT NULL,
    shard smallint NOT NULL,
    quota_slice integer NOT NULL,
    rate_slice integer NOT NULL,
    taken integer NOT NULL CHECK (taken >= 0),
    refused integer NOT NULL CHECK (refused >= 0),
    -- The minute that minute_taken counts.
    minute_at timestamptz NOT NULL,
    minute_taken integer NOT NULL CHECK (minute_taken >= 0),
    PRIMARY KEY (agreement_id, day_on, shard),
    CHECK (taken <= quota_slice)
) WITH (fillfactor = 50);

CREATE TABLE exchange.call_log (
    agreement_id uuid NOT NULL,
    -- Time-ordered, so the key is also the order in which the log is read.
    call_id uuid NOT NULL,
    called_at timestamptz NOT NULL,
    -- The organisation and the credential that called; not always the agreement's own.
    caller_id uuid,
    caller_name text NOT NULL,
    fields text[] NOT NULL,
    -- Names, operators and values; anything but a public field's value is a keyed hash.
    filter text NOT NULL,
    rows_returned integer NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('answered', 'refused', 'failed')),
    -- The refusing clause and the refusal's code.
    clause smallint,
    code text,
    elapsed_us bigint NOT NULL,
    request_id text NOT NULL,
    PRIMARY KEY (agreement_id, call_id)
);
