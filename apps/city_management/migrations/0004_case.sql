-- Which organisation is the supervision centre (监督中心), in whose name cases are taken in, inspected and closed. One row.
CREATE TABLE city_management.centre (
    one             boolean PRIMARY KEY DEFAULT true CHECK (one),
    organisation_id uuid NOT NULL REFERENCES identity.organisation (organisation_id),
    changed_at      timestamptz NOT NULL,
    changed_by_name text NOT NULL
);

-- Where a case lies, who reported it on patrol, and what it went through: for the officer's list and for appraisal (综合评价).
-- A row a case, colocated with casework.file by case_id.
CREATE TABLE city_management.case_course (
    case_id         uuid PRIMARY KEY,
    grid_id         uuid,
    officer_grid_id uuid,
    officer_id      uuid,
    channel         text NOT NULL,
    reported_on     date NOT NULL,
    -- 立案: the case left the stage of filing towards dispatch.
    filed_on        date,
    dispatched_on   date,
    -- The first result that the holder told.
    handled_on      date,
    -- The handling limit passed while the case was being handled.
    late            boolean NOT NULL DEFAULT false,
    returned        smallint NOT NULL DEFAULT 0,
    inspections     smallint NOT NULL DEFAULT 0,
    -- Whether the first inspection found it right.
    passed_first    boolean,
    reopened        smallint NOT NULL DEFAULT 0,
    closed_on       date
);
CREATE INDEX case_course_by_day ON city_management.case_course (reported_on);
CREATE INDEX case_course_by_grid ON city_management.case_course (grid_id) WHERE closed_on IS NULL;
CREATE INDEX case_course_by_officer ON city_management.case_course (officer_id, reported_on) WHERE officer_id IS NOT NULL;
