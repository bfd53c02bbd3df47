-- How this city's hotline takes part: one row, written by its administrators. Reference table.
CREATE TABLE hotline.setting (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    -- Who keeps what comes in; without one nothing is taken in.
    centre_id uuid,
    -- Reports that one address, or one account, may send in an hour. Whole villages share an address of a mobile network.
    reports_an_hour integer NOT NULL DEFAULT 20 CHECK (reports_an_hour BETWEEN 1 AND 10000),
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL
);
