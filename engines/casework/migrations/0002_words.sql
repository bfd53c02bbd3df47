-- The words by which a case is found. A table of their own: every act writes the case anew with all its index entries, and a
-- description has some seventy pairs of characters. The week of the report is among them as '@' and a number, so that a search
-- of the newest weeks reads no more than these. Without a list of pending entries, which every search would have to read.
-- Distribution column: case_id.
CREATE TABLE casework.words (
    case_id uuid PRIMARY KEY,
    week integer NOT NULL,
    search tsvector NOT NULL
);
INSERT INTO casework.words (case_id, week, search)
SELECT case_id, week, search || array_to_tsvector(ARRAY['@' || week])
FROM (SELECT case_id, search, floor(extract(epoch FROM reported_at) / 604800)::integer AS week FROM casework.file) f;
CREATE INDEX words_search ON casework.words USING gin (search) WITH (fastupdate = off);
ALTER TABLE casework.file DROP COLUMN search;

-- Whoever asks by centre or holder asks for what is open; what is closed is found by its words, number or reporter.
DROP INDEX casework.file_of_centre, casework.file_of_holder;
CREATE INDEX file_of_centre ON casework.file (centre_id, case_id) WHERE NOT closed;
CREATE INDEX file_of_holder ON casework.file (holder_id, case_id) WHERE NOT closed AND holder_id IS NOT NULL;
