-- Which photo of an officer has proven what: a picture proves one thing, once. `revision` is the case's as it stood before.
-- Distribution column: original_sm3.
CREATE TABLE city_management.proof (
    original_sm3 bytea PRIMARY KEY CHECK (octet_length(original_sm3) = 32),
    case_id      uuid NOT NULL,
    revision     integer NOT NULL,
    account_id   uuid NOT NULL,
    at           timestamptz NOT NULL
);
CREATE INDEX proof_of_case ON city_management.proof (case_id, revision);
