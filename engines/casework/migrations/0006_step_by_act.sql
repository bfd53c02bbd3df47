-- The rows behind a board's figure: what was done in a day or a week, found by what it was and when.
CREATE INDEX step_by_act ON casework.step (act, at);
