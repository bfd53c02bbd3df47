-- Calls that report nothing: silence, abuse, a wrong number. No cases, so that no figure of requests has them; counted apart, and
-- known again by the blinded telephone. Swept after a year by hotline.dismissed_sweep. Distributed by call_id.
CREATE TABLE hotline.dismissed (
    call_id uuid PRIMARY KEY,
    centre_id uuid NOT NULL,
    called_at timestamptz NOT NULL,
    -- Null: the number was not shown.
    phone_blind bytea CHECK (octet_length(phone_blind) = 16),
    reason text NOT NULL CHECK (reason IN ('abuse', 'silent', 'wrong', 'prank', 'advert')),
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 500),
    agent_name text NOT NULL
);
CREATE INDEX dismissed_by_phone ON hotline.dismissed (phone_blind, called_at) WHERE phone_blind IS NOT NULL;
CREATE INDEX dismissed_by_time ON hotline.dismissed (called_at);
