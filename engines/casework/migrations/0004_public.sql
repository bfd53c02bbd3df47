-- What a person still has to read is nobody's to see, whatever becomes of it; what it will show once released waits here.
ALTER TABLE casework.file ADD COLUMN shown_later text CHECK (shown_later IN ('nothing', 'place', 'words'));
UPDATE casework.file f SET shown_later = f.shown, shown = 'nothing'
FROM casework.procedure p
WHERE p.kind = f.kind AND p.version = f.version AND p.held_stage = f.stage;
CREATE OR REPLACE VIEW casework.file_listed AS
SELECT case_id, number, kind, version, stage, closed, title, description, category, category_name, priority, channel, centre_id,
       holder_id, owner_id, assignee_id, assignee_name, address, ST_X(geom) AS lon, ST_Y(geom) AS lat, reported_at, due_at,
       overdue, paused, confirmed, unreached, photo, inspected, awaited, result, outcome, closed_at, merged_into, reopened, stars, shown, app_ref,
       revision, changed_at, shown_later
FROM casework.file;

-- Whoever reported the same and was joined to this case by a merger: more than a follower, less than its reporter.
ALTER TABLE casework.party DROP CONSTRAINT party_role_check;
UPDATE casework.party p SET role = 'joined'
WHERE p.role = 'subscriber' AND p.merged_from IS NOT NULL AND EXISTS (
    SELECT 1 FROM casework.party o WHERE o.case_id = p.merged_from AND o.party_id = p.party_id AND o.role = 'reporter');
ALTER TABLE casework.party ADD CONSTRAINT party_role_check CHECK (role IN ('reporter', 'joined', 'subscriber', 'concerned'));
