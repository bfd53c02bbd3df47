-- What an officer still has to look at, and whom the centre sent where no officer walks (核实、核查).
ALTER TABLE city_management.case_course
    -- The case stands at its inspection and was found right: nobody has to go there again.
    ADD COLUMN checked boolean NOT NULL DEFAULT false,
    -- Named by the centre; whoever walks the grid needs no name.
    ADD COLUMN sent_to uuid,
    ADD COLUMN sent_at timestamptz,
    ADD COLUMN sent_by_name text;
-- A case that was inspected once and found right is either there still, or further on.
UPDATE city_management.case_course SET checked = true WHERE passed_first AND inspections = 1 AND closed_on IS NULL;
CREATE INDEX case_course_by_sent ON city_management.case_course (sent_to) WHERE closed_on IS NULL AND sent_to IS NOT NULL;
