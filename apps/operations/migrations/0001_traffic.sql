-- Answers by minute and route, added up over all processes. Small: some hundred rows a minute at the most.
CREATE TABLE operations.traffic_minute (
    minute_at timestamptz NOT NULL,
    route     text        NOT NULL,
    requests  bigint      NOT NULL,
    refused   bigint      NOT NULL,
    failed    bigint      NOT NULL,
    total_us  bigint      NOT NULL,
    max_us    bigint      NOT NULL,
    PRIMARY KEY (minute_at, route)
);
