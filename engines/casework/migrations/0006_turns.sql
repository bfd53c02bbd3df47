-- The rows behind a board's figure: what was done in a day or a week, found by what it was and when.
CREATE INDEX step_by_act ON casework.step (act, at);

-- Whose turn it is: the organisations whose cases wait for somebody with these scopes who works at `home`, each with the stages in which
-- they do (kind, version and code in one text). A stage waits for its owner's side: the holder's for who handles, the centre's for the
-- centre, its inspectors and who watches over it. What a permission covers far from home waits for whoever works there, unless it
-- was given for just that organisation.
CREATE FUNCTION casework.turns(manage uuid[], handle uuid[], inspect uuid[], supervise uuid[], home uuid)
RETURNS TABLE (organisation_id uuid, stages text[]) LANGUAGE sql STABLE ROWS 10 AS $$
    WITH near AS (
        SELECT descendant_id AS organisation_id FROM identity.v_organisation_closure WHERE ancestor_id = home
        UNION SELECT ancestor_id FROM identity.v_organisation_closure WHERE descendant_id = home
    ), part AS (
        SELECT r.role, c.descendant_id AS organisation_id
        FROM (SELECT 'centre' AS role, unnest(manage) AS scope UNION ALL SELECT 'holder', unnest(handle)
              UNION ALL SELECT 'inspector', unnest(inspect) UNION ALL SELECT 'supervisor', unnest(supervise)) AS r
        JOIN identity.v_organisation_closure c ON c.ancestor_id = r.scope
        WHERE c.descendant_id = r.scope OR home IS NULL OR c.descendant_id IN (SELECT n.organisation_id FROM near n)
    ), mine AS (
        SELECT p.organisation_id, array_agg(DISTINCT p.role ORDER BY p.role) AS roles FROM part p GROUP BY 1
    ), turn AS (
        SELECT m.roles, array_agg(DISTINCT s.kind || ' ' || s.version || ' ' || s.code) AS stages
        FROM (SELECT DISTINCT roles FROM mine) AS m
        JOIN casework.transition t ON t.roles && m.roles
            AND t.act NOT IN ('extension_granted', 'extension_refused', 'pause', 'resumption')
        JOIN casework.stage s ON s.kind = t.kind AND s.version = t.version AND s.code = t.stage AND NOT s.closed
        WHERE CASE s.owner WHEN 'holder' THEN 'holder' = ANY(m.roles) AND 'holder' = ANY(t.roles)
                           ELSE t.roles && array_remove(m.roles, 'holder') END
        GROUP BY m.roles
    )
    SELECT mine.organisation_id, turn.stages FROM mine JOIN turn USING (roles)
$$;
