-- Golden records being decided anew after the order of sources has changed: how far that has come. Small, local.
CREATE TABLE registry.revision (
    kind smallint PRIMARY KEY,
    asked_at timestamptz NOT NULL,
    -- Subjects up to this one are done.
    done_to uuid NOT NULL,
    subjects_seen bigint NOT NULL,
    subjects_changed bigint NOT NULL,
    finished_at timestamptz
);
