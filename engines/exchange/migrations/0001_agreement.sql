-- Requests, terms and agreements: some thousands a year, so reference tables; no distribution column.

-- The last serial number given in a year, so that numbers have no gaps. Small and local.
CREATE TABLE exchange.numbering (
    kind text NOT NULL CHECK (kind IN ('request', 'agreement')),
    year integer NOT NULL,
    last integer NOT NULL,
    PRIMARY KEY (kind, year)
);

-- What was asked, offered or agreed. Never updated.
CREATE TABLE exchange.terms (
    terms_id uuid PRIMARY KEY,
    calls_a_day integer NOT NULL CHECK (calls_a_day > 0),
    rate_a_minute integer NOT NULL CHECK (rate_a_minute > 0),
    from_on date NOT NULL,
    to_on date NOT NULL,
    onward text NOT NULL CHECK (onward IN ('forbidden', 'own_offices')),
    made_at timestamptz NOT NULL,
    CHECK (from_on <= to_on)
);

-- The field as the stated version of the resource describes it, kept here so that a call needs no second lookup.
CREATE TABLE exchange.terms_field (
    terms_id uuid NOT NULL REFERENCES exchange.terms (terms_id),
    position smallint NOT NULL,
    name text NOT NULL,
    label text NOT NULL,
    label_en text NOT NULL,
    element text,
    field_type text NOT NULL,
    classification text NOT NULL CHECK (classification IN ('public', 'internal', 'sensitive')),
    -- The element's rule, which says how a value is masked.
    rule text,
    handling text NOT NULL CHECK (handling IN ('clear', 'masked')),
    -- Why a sensitive field is needed, or given, in clear.
    reason text,
    PRIMARY KEY (terms_id, position),
    UNIQUE (terms_id, name),
    CHECK (classification <> 'sensitive' OR handling = 'masked' OR reason IS NOT NULL)
);

-- All conditions of one set of terms must hold of a row.
CREATE TABLE exchange.terms_condition (
    terms_id uuid NOT NULL REFERENCES exchange.terms (terms_id),
    position smallint NOT NULL,
    name text NOT NULL,
    label text NOT NULL,
    label_en text NOT NULL,
    element text,
    field_type text NOT NULL,
    classification text NOT NULL CHECK (classification IN ('public', 'internal', 'sensitive')),
    operator text NOT NULL CHECK (operator IN ('eq', 'in', 'prefix', 'ge', 'le')),
    operands text[] NOT NULL CHECK (cardinality(operands) > 0),
    PRIMARY KEY (terms_id, position)
);

CREATE TABLE exchange.request (
    request_id uuid PRIMARY KEY,
    number text NOT NULL UNIQUE,
    -- What is asked for, as it stood then.
    resource_id uuid NOT NULL,
    resource_code text NOT NULL,
    resource_title text NOT NULL,
    resource_title_en text NOT NULL,
    resource_version integer NOT NULL,
    row_kind text NOT NULL,
    sharing text NOT NULL CHECK (sharing IN ('unconditional', 'conditional')),
    sharing_condition text NOT NULL,
    provider_id uuid NOT NULL,
    provider_name text NOT NULL,
    requester_id uuid NOT NULL,
    requester_name text NOT NULL,
    purpose text NOT NULL CHECK (char_length(purpose) BETWEEN 10 AND 500),
    legal_basis text CHECK (char_length(legal_basis) BETWEEN 1 AND 500),
    asked_terms_id uuid NOT NULL REFERENCES exchange.terms (terms_id),
    offered_terms_id uuid REFERENCES exchange.terms (terms_id),
    state text NOT NULL CHECK (state IN ('requested', 'offered', 'agreed', 'refused', 'withdrawn')),
    asked_by uuid,
    asked_by_name text NOT NULL,
    asked_at timestamptz NOT NULL,
    -- Approved by the rule for unconditional resources: no person decided.
    by_rule boolean NOT NULL DEFAULT false,
    decided_by uuid,
    decided_by_name text,
    decided_at timestamptz,
    decision_reason text CHECK (char_length(decision_reason) <= 500),
    changed_at timestamptz NOT NULL,
    CHECK (provider_id <> requester_id),
    CHECK ((state = 'offered') <= (offered_terms_id IS NOT NULL)),
    CHECK ((state = 'refused') <= (decision_reason IS NOT NULL)),
    CHECK (decided_by IS NULL OR asked_by IS NULL OR decided_by <> asked_by)
);
CREATE INDEX request_by_provider ON exchange.request (provider_id, request_id);
CREATE INDEX request_by_requester ON exchange.request (requester_id, request_id);
CREATE INDEX request_by_resource ON exchange.request (resource_id, request_id);

CREATE TABLE exchange.agreement (
    agreement_id uuid PRIMARY KEY,
    number text NOT NULL UNIQUE,
    request_id uuid NOT NULL UNIQUE REFERENCES exchange.request (request_id),
    resource_id uuid NOT NULL,
    resource_code text NOT NULL,
    resource_title text NOT NULL,
    resource_title_en text NOT NULL,
    resource_version integer NOT NULL,
    row_kind text NOT NULL,
    provider_id uuid NOT NULL,
    provider_name text NOT NULL,
    requester_id uuid NOT NULL,
    requester_name text NOT NULL,
    terms_id uuid NOT NULL REFERENCES exchange.terms (terms_id),
    -- Over how many rows of call_tally the quota and the rate are dealt out.
    shards smallint NOT NULL CHECK (shards BETWEEN 1 AND 16),
    state text NOT NULL CHECK (state IN ('in_force', 'expired', 'revoked', 'ended')),
    made_at timestamptz NOT NULL,
    closed_at timestamptz,
    closed_by uuid,
    closed_by_name text,
    closed_reason text CHECK (char_length(closed_reason) <= 500),
    CHECK ((state = 'in_force') = (closed_at IS NULL)),
    CHECK ((state = 'revoked') <= (closed_reason IS NOT NULL))
);
CREATE INDEX agreement_by_provider ON exchange.agreement (provider_id, agreement_id);
CREATE INDEX agreement_by_requester ON exchange.agreement (requester_id, agreement_id);
CREATE INDEX agreement_by_resource ON exchange.agreement (resource_id, agreement_id);

-- The text both sides agreed to. Written once with the agreement.
CREATE TABLE exchange.clause (
    agreement_id uuid NOT NULL REFERENCES exchange.agreement (agreement_id),
    number smallint NOT NULL CHECK (number BETWEEN 1 AND 10),
    text_zh text NOT NULL,
    text_en text NOT NULL,
    PRIMARY KEY (agreement_id, number)
);

-- What happened to a request and to the agreement that came of it: the timeline people read. The evidence is the audit.
CREATE TABLE exchange.step (
    request_id uuid NOT NULL REFERENCES exchange.request (request_id),
    step_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN
        ('requested', 'approved', 'approved_by_rule', 'offered', 'refused', 'accepted', 'withdrawn', 'expired', 'revoked', 'ended')),
    at timestamptz NOT NULL,
    actor_name text NOT NULL,
    organisation_name text NOT NULL,
    note text,
    PRIMARY KEY (request_id, step_id)
);
