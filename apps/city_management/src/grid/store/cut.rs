//! The SQL that cuts: a run's parts, the cutting strip by strip, the joining of slivers, and the landing. All of it is
//! computed in the run's metric system on whole millimetres, so that neighbours keep every shared point; what lands in
//! `unit_grid` is rounded once more, to a billionth of a degree.
use jh_core::actor::OrganisationId;
use jh_db::DbError;
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::code::GenerationId;

/// Adds a part: the union of some GeoJSON outlines, without the parts before it and without grids that stand. Returns its
/// area, which is nothing when all of it is taken.
pub async fn insert_part(
    conn: &mut PgConnection,
    run: GenerationId,
    part: i32,
    (community, organisation): (Option<&str>, OrganisationId),
    outlines: &[String],
    srid: i32,
) -> Result<f64, DbError> {
    sqlx::query_scalar(
        "WITH drawn AS (
             SELECT ST_ReducePrecision(ST_Transform(ST_UnaryUnion(ST_Collect(ST_CollectionExtract(ST_MakeValid(
                    ST_SetSRID(ST_GeomFromGeoJSON(one), 4326)), 3))), $6), 0.001) AS geom
             FROM unnest($5::text[]) AS one),
         taken AS (
             SELECT ST_Union(one.geom, 0.001) AS geom FROM (
                 SELECT p.geom FROM city_management.generation_part p WHERE p.generation_id = $1
                 UNION ALL
                 SELECT ST_ReducePrecision(ST_Transform(g.geom, $6), 0.001) FROM city_management.unit_grid g
                 WHERE g.valid_to_on IS NULL AND g.geom && (SELECT ST_Transform(ST_Envelope(geom), 4326) FROM drawn)) one),
         free AS (
             SELECT ST_CollectionExtract(CASE WHEN taken.geom IS NULL THEN drawn.geom
                    ELSE ST_Difference(drawn.geom, taken.geom, 0.001) END, 3) AS geom FROM drawn, taken),
         put AS (
             INSERT INTO city_management.generation_part (generation_id, part, community_code, organisation_id, geom)
             SELECT $1, $2, $3, $4, geom FROM free WHERE ST_Area(geom) >= 1)
         SELECT CASE WHEN ST_Area(geom) >= 1 THEN ST_Area(geom) ELSE 0 END FROM free",
    )
    .bind(run)
    .bind(part)
    .bind(community)
    .bind(organisation)
    .bind(outlines)
    .bind(srid)
    .fetch_one(conn)
    .await
    .map_err(DbError::from)
}

/// Whether the parts reach more than a kilometre beyond a county's outlines, which are drawn that roughly.
pub async fn reaches_beyond(
    conn: &mut PgConnection,
    run: GenerationId,
    county: &[String],
    srid: i32,
) -> Result<bool, DbError> {
    sqlx::query_scalar(
        "SELECT coalesce(bool_or(NOT ST_CoveredBy(part.geom, county.geom)), true)
         FROM city_management.generation_part part,
              (SELECT ST_Buffer(ST_Transform(ST_UnaryUnion(ST_Collect(ST_SetSRID(ST_GeomFromGeoJSON(one), 4326))), $3), 1000) AS geom
               FROM unnest($2::text[]) AS one) county
         WHERE part.generation_id = $1",
    )
    .bind(run)
    .bind(county)
    .bind(srid)
    .fetch_one(conn)
    .await
    .map_err(DbError::from)
}

/// Counts the strips of ten rows of squares, and writes down how many there are.
pub async fn count_strips(conn: &mut PgConnection, run: GenerationId) -> Result<(), DbError> {
    sqlx::query(
        "UPDATE city_management.generation g SET strips = e.strips
         FROM (SELECT r.generation_id, (floor(ST_YMax(ST_Extent(p.geom)) / (r.edge_m * 10))
                      - floor(ST_YMin(ST_Extent(p.geom)) / (r.edge_m * 10)) + 1)::int AS strips
               FROM city_management.generation r JOIN city_management.generation_part p USING (generation_id)
               WHERE r.generation_id = $1 GROUP BY r.generation_id, r.edge_m) e
         WHERE g.generation_id = e.generation_id",
    )
    .bind(run)
    .execute(conn)
    .await?;
    Ok(())
}

/// Claims the next strip for this transaction; none when the run was cancelled, has ended, or has no strip left.
pub async fn claim_strip(conn: &mut PgConnection, run: GenerationId) -> Result<Option<i32>, DbError> {
    sqlx::query_scalar(
        "UPDATE city_management.generation SET strips_done = strips_done + 1, state = 'cutting'
         WHERE generation_id = $1 AND state IN ('waiting', 'cutting') AND NOT cancel_wanted AND strips_done < strips
         RETURNING strips_done - 1",
    )
    .bind(run)
    .fetch_optional(conn)
    .await
    .map_err(DbError::from)
}

/// Cuts one strip into pieces. The area is first cut to the strip and a metre around it, which spares the far points of a
/// long outline and moves none of the near ones.
pub async fn cut(conn: &mut PgConnection, run: GenerationId, strip: i32) -> Result<u64, DbError> {
    let done = sqlx::query(
        "INSERT INTO city_management.piece (generation_id, part, geom, area_m2)
         SELECT $1, p.part, d.geom, ST_Area(d.geom)
         FROM (SELECT r.edge_m::float8 AS edge, r.srid,
                      (floor(min(ST_YMin(p.geom)) / (r.edge_m * 10)) + $2) * 10 AS row_from
               FROM city_management.generation r JOIN city_management.generation_part p USING (generation_id)
               WHERE r.generation_id = $1 GROUP BY r.edge_m, r.srid) r
         CROSS JOIN LATERAL generate_series(r.row_from::int, r.row_from::int + 9) AS row_no
         JOIN city_management.generation_part p ON p.generation_id = $1
              AND p.geom && ST_MakeEnvelope(ST_XMin(p.geom), row_no * r.edge, ST_XMax(p.geom), (row_no + 1) * r.edge, r.srid)
         CROSS JOIN LATERAL (SELECT ST_Intersection(p.geom, ST_MakeEnvelope(ST_XMin(p.geom) - 1, row_no * r.edge - 1,
                                    ST_XMax(p.geom) + 1, (row_no + 1) * r.edge + 1, r.srid)) AS geom) s
         CROSS JOIN LATERAL generate_series(floor(ST_XMin(s.geom) / r.edge)::int, floor(ST_XMax(s.geom) / r.edge)::int) AS column_no
         CROSS JOIN LATERAL (SELECT ST_MakeEnvelope(column_no * r.edge, row_no * r.edge, (column_no + 1) * r.edge,
                                    (row_no + 1) * r.edge, r.srid) AS square) c
         CROSS JOIN LATERAL ST_Dump(CASE WHEN ST_Covers(s.geom, c.square) THEN c.square
                                         ELSE ST_Intersection(s.geom, c.square, 0.001) END) d
         WHERE ST_Dimension(d.geom) = 2",
    )
    .bind(run)
    .bind(strip)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Joins every sliver to the whole piece it shares its longest edge with. Returns how many were joined; those that touch
/// only slivers wait for the next round.
pub async fn join_slivers(conn: &mut PgConnection, run: GenerationId, least_m2: f64) -> Result<i64, DbError> {
    sqlx::query_scalar(
        "WITH best AS MATERIALIZED (
             SELECT DISTINCT ON (s.piece_no) s.piece_no AS sliver, t.piece_no AS target
             FROM city_management.piece s
             JOIN city_management.piece t ON t.generation_id = $1 AND t.part = s.part AND t.geom && s.geom AND t.area_m2 >= $2
             CROSS JOIN LATERAL (SELECT ST_Length(ST_CollectionExtract(ST_Intersection(s.geom, t.geom, 0.001), 2)) AS shared) e
             WHERE s.generation_id = $1 AND s.area_m2 < $2 AND e.shared > 0.01
             ORDER BY s.piece_no, e.shared DESC, t.piece_no),
         joined AS MATERIALIZED (
             SELECT b.target, ST_Union(array_agg(s.geom) || max(t.geom::text)::geometry) AS geom
             FROM best b
             JOIN city_management.piece s ON s.generation_id = $1 AND s.piece_no = b.sliver
             JOIN city_management.piece t ON t.generation_id = $1 AND t.piece_no = b.target
             GROUP BY b.target),
         grown AS (
             UPDATE city_management.piece p SET geom = j.geom, area_m2 = ST_Area(j.geom)
             FROM joined j WHERE p.generation_id = $1 AND p.piece_no = j.target),
         gone AS (
             DELETE FROM city_management.piece p USING best b WHERE p.generation_id = $1 AND p.piece_no = b.sliver)
         SELECT count(*) FROM best",
    )
    .bind(run)
    .bind(least_m2)
    .fetch_one(conn)
    .await
    .map_err(DbError::from)
}

/// Joins the smallest sliver to the sliver it shares its longest edge with. False when none touches another.
pub async fn join_pair(conn: &mut PgConnection, run: GenerationId, least_m2: f64) -> Result<bool, DbError> {
    let joined: Option<i64> = sqlx::query_scalar(
        "WITH pair AS MATERIALIZED (
             SELECT s.piece_no AS sliver, t.piece_no AS target, ST_Union(ARRAY[s.geom, t.geom]) AS geom
             FROM city_management.piece s
             JOIN city_management.piece t ON t.generation_id = $1 AND t.part = s.part AND t.geom && s.geom AND t.piece_no <> s.piece_no
             CROSS JOIN LATERAL (SELECT ST_Length(ST_CollectionExtract(ST_Intersection(s.geom, t.geom, 0.001), 2)) AS shared) e
             WHERE s.generation_id = $1 AND s.area_m2 < $2 AND e.shared > 0.01
             ORDER BY s.area_m2, s.piece_no, e.shared DESC, t.piece_no LIMIT 1),
         grown AS (
             UPDATE city_management.piece p SET geom = pair.geom, area_m2 = ST_Area(pair.geom)
             FROM pair WHERE p.generation_id = $1 AND p.piece_no = pair.target),
         gone AS (
             DELETE FROM city_management.piece p USING pair WHERE p.generation_id = $1 AND p.piece_no = pair.sliver)
         SELECT sliver FROM pair",
    )
    .bind(run)
    .bind(least_m2)
    .fetch_optional(conn)
    .await?;
    Ok(joined.is_some())
}

/// Whether a grid that was laid meanwhile stands where this run wants to: more than a square metre of it.
pub async fn is_taken(conn: &mut PgConnection, run: GenerationId) -> Result<bool, DbError> {
    sqlx::query_scalar(
        "SELECT EXISTS (
             SELECT 1 FROM city_management.generation r
             JOIN city_management.generation_part p USING (generation_id)
             JOIN city_management.unit_grid g ON g.valid_to_on IS NULL AND g.geom && ST_Transform(ST_Envelope(p.geom), 4326)
             WHERE r.generation_id = $1 AND ST_Area(ST_Intersection(ST_Transform(g.geom, r.srid), p.geom)) > 1)",
    )
    .bind(run)
    .fetch_one(conn)
    .await
    .map_err(DbError::from)
}

/// Takes as many serials as a run has pieces under each beginning of a code; the highest serial now given out.
pub async fn take_serials(conn: &mut PgConnection, run: GenerationId) -> Result<Vec<(String, i32)>, DbError> {
    sqlx::query_as(
        "INSERT INTO city_management.grid_serial AS s (prefix, last_serial)
         SELECT coalesce(p.community_code, r.county_code || '9'), count(*)::int
         FROM city_management.piece i
         JOIN city_management.generation_part p USING (generation_id, part)
         JOIN city_management.generation r USING (generation_id)
         WHERE i.generation_id = $1 GROUP BY 1 ORDER BY 1
         ON CONFLICT (prefix) DO UPDATE SET last_serial = s.last_serial + excluded.last_serial
         RETURNING prefix, last_serial",
    )
    .bind(run)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// How many pieces a run has.
pub async fn pieces(conn: &mut PgConnection, run: GenerationId) -> Result<i64, DbError> {
    sqlx::query_scalar("SELECT count(*) FROM city_management.piece WHERE generation_id = $1")
        .bind(run)
        .fetch_one(conn)
        .await
        .map_err(DbError::from)
}

/// Makes grids of the pieces, numbered from west to east and north to south in each community (GB/T 30428.1); the serials
/// were taken before. `ids` has one for each piece. Returns the lowest and the highest code.
pub async fn land(
    conn: &mut PgConnection,
    run: GenerationId,
    ids: &[Uuid],
    (today, now, by_name): (Date, OffsetDateTime, &str),
) -> Result<(Option<String>, Option<String>), DbError> {
    sqlx::query_as(
        "WITH placed AS (
             SELECT i.geom, i.area_m2, p.community_code, p.organisation_id, s.prefix, s.last_serial,
                    count(*) OVER w AS of_prefix,
                    row_number() OVER (PARTITION BY s.prefix ORDER BY floor(ST_Y(ST_Centroid(i.geom)) / r.edge_m) DESC,
                                       ST_X(ST_Centroid(i.geom)), i.piece_no) AS place,
                    row_number() OVER (ORDER BY i.piece_no) AS id_place
             FROM city_management.piece i
             JOIN city_management.generation_part p USING (generation_id, part)
             JOIN city_management.generation r USING (generation_id)
             JOIN city_management.grid_serial s ON s.prefix = coalesce(p.community_code, r.county_code || '9')
             WHERE i.generation_id = $1 WINDOW w AS (PARTITION BY s.prefix)),
         landed AS (
             INSERT INTO city_management.unit_grid
                 (grid_id, code, community_code, organisation_id, geom, area_m2, origin, valid_from_on, created_at, created_by_name, generation_id)
             SELECT ids.id, q.prefix || lpad((q.last_serial - q.of_prefix + q.place)::text, 15 - length(q.prefix), '0'),
                    q.community_code, q.organisation_id, ST_ReducePrecision(ST_Transform(q.geom, 4326), 1e-9), q.area_m2,
                    'generated', $3, $4, $5, $1
             FROM placed q JOIN unnest($2::uuid[]) WITH ORDINALITY AS ids (id, place) ON ids.place = q.id_place
             RETURNING code)
         SELECT min(code), max(code) FROM landed",
    )
    .bind(run)
    .bind(ids)
    .bind(today)
    .bind(now)
    .bind(by_name)
    .fetch_one(conn)
    .await
    .map_err(DbError::from)
}

/// Gives components that stood in no grid the new one they stand in.
pub async fn settle_components(conn: &mut PgConnection, run: GenerationId) -> Result<(), DbError> {
    sqlx::query(
        "UPDATE city_management.component c SET grid_id = g.grid_id, organisation_id = g.organisation_id
         FROM city_management.unit_grid g
         WHERE g.generation_id = $1 AND c.grid_id IS NULL AND ST_Intersects(g.geom, c.geom)",
    )
    .bind(run)
    .execute(conn)
    .await?;
    Ok(())
}
