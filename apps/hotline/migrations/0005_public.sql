-- Reports and photos sent by one address or account in an hour; blinded. Local and small: swept daily. Distributed by who.
CREATE TABLE hotline.allowance (
    who bytea NOT NULL CHECK (octet_length(who) = 16),
    hour_at timestamptz NOT NULL,
    n integer NOT NULL,
    PRIMARY KEY (who, hour_at)
);
CREATE INDEX allowance_to_sweep ON hotline.allowance (hour_at);

-- Letters that came by e-mail, by the digest of their Message-ID, so that a mail server may deliver one twice. Distributed by letter_sm3.
CREATE TABLE hotline.letter (
    letter_sm3 bytea PRIMARY KEY CHECK (octet_length(letter_sm3) = 32),
    received_at timestamptz NOT NULL,
    -- Null: not taken in (an automatic reply, a list).
    case_id uuid,
    outcome text NOT NULL CHECK (outcome IN ('opened', 'added', 'ignored'))
);
