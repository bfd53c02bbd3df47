-- Cases in these scopes whose words are all of those sought, newest first: from the newest week on to older ones, until the page is full.
-- `few` is enough of the words to find hardly anything else by the index, `sought` all of them, each with '@ where the week puts its number.
-- Planned once a connection: no plan is better for knowing what is asked, and making one takes as long as the search. Left to itself
-- the server plans anew while the tables grow, for it weighs the one plan against older ones made when they were smaller.
-- A week at a time: several weeks in one query, each word with any of them, took half as long again.
CREATE FUNCTION casework.found(scopes uuid[], few text, sought text, of_kind text, of_closed boolean, from_at timestamptz,
    before_at timestamptz, at_most bigint, skipped bigint)
RETURNS SETOF casework.line LANGUAGE plpgsql STABLE ROWS 20 SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    newest integer := (SELECT n.week FROM casework.words n ORDER BY n.case_id DESC LIMIT 1);
    oldest integer := (SELECT o.week FROM casework.words o ORDER BY o.case_id LIMIT 1);
    by_index tsquery;
    by_row tsquery;
    seen bigint := 0;
    hit casework.line;
BEGIN
    FOR this_week IN REVERSE newest .. oldest LOOP
        by_index := replace(few, '''@', '''' || this_week || '@')::tsquery;
        by_row := replace(sought, '''@', '''' || this_week || '@')::tsquery;
        FOR hit IN
            SELECT l.* FROM (
                SELECT w.case_id FROM casework.words w
                WHERE w.search @@ by_index AND ts_match_vq(w.search, by_row)
                ORDER BY w.case_id DESC OFFSET 0) AS found
            CROSS JOIN LATERAL (SELECT * FROM casework.line l WHERE l.case_id = found.case_id OFFSET 0) AS l
            WHERE (of_kind IS NULL OR l.kind = of_kind)
              AND (of_closed IS NULL OR l.closed = of_closed)
              AND (from_at IS NULL OR l.reported_at >= from_at)
              AND (before_at IS NULL OR l.reported_at < before_at)
              AND EXISTS (
                  SELECT 1 FROM unnest(ARRAY[l.centre_id, l.owner_id, l.holder_id]
                      || ARRAY(SELECT i.organisation_id FROM casework.involved i WHERE i.case_id = l.case_id)) AS has (id)
                  WHERE EXISTS (SELECT 1 FROM identity.v_organisation_closure c
                                WHERE c.ancestor_id = ANY(scopes) AND c.descendant_id = has.id OFFSET 0))
            ORDER BY found.case_id DESC
        LOOP
            seen := seen + 1;
            IF seen > skipped THEN
                RETURN NEXT hit;
            END IF;
            IF seen >= skipped + at_most THEN
                RETURN;
            END IF;
        END LOOP;
    END LOOP;
END
$$;
