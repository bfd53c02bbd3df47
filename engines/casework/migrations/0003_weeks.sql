-- Every word of a case has the week of its report before it, in place of the week as one word more: a search goes from the newest
-- week to older ones until its page is full, and reads of each no more than the pairs of that week.
CREATE TABLE casework.weekly (
    case_id uuid PRIMARY KEY,
    week integer NOT NULL,
    search tsvector NOT NULL
);
INSERT INTO casework.weekly (case_id, week, search)
SELECT case_id, week, array_to_tsvector(ARRAY(
    SELECT week || '@' || word FROM unnest(tsvector_to_array(search)) AS word WHERE word NOT LIKE '@%'))
FROM casework.words;
DROP TABLE casework.words;
ALTER TABLE casework.weekly RENAME TO words;
ALTER TABLE casework.words RENAME CONSTRAINT weekly_pkey TO words_pkey;
CREATE INDEX words_search ON casework.words USING gin (search) WITH (fastupdate = off);

-- A case as a line of a list.
CREATE VIEW casework.line AS
SELECT f.case_id, f.number, f.kind, f.version, f.stage, f.closed, f.title, f.category_name, f.priority, f.channel, f.centre_id,
       f.holder_id, f.owner_id, o.name AS owner_name, f.shown, f.assignee_id, f.assignee_name, f.address, f.reported_at, f.due_at, f.overdue, f.paused, f.outcome
FROM casework.file f LEFT JOIN identity.v_organisation o ON o.organisation_id = f.owner_id;
