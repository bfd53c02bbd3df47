//! Places that earlier cases know: words that people say for a place, with the point that somebody gave it.
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

/// A place as earlier cases call it.
#[derive(Clone, Debug, FromRow)]
pub struct PlaceRow {
    /// In words.
    pub address: String,
    /// Where its newest case was.
    pub lon: f64,
    /// See `lon`.
    pub lat: f64,
    /// How many of the cases looked at were there.
    pub n: i64,
}

/// Places of the newest eight weeks in scope whose words hold `part`, most cases first. `words` is the query that chooses cases;
/// `part` is escaped for LIKE.
pub async fn like(
    conn: &mut PgConnection,
    words: &str,
    part: &str,
    scopes: &[Uuid],
    limit: i64,
) -> Result<Vec<PlaceRow>, DbError> {
    Ok(sqlx::query_as(
        "WITH hits AS MATERIALIZED (
             SELECT w.case_id
             FROM (SELECT week FROM casework.words ORDER BY case_id DESC LIMIT 1) AS newest,
                  generate_series(newest.week - 7, newest.week) AS weeks (week), casework.words w
             WHERE w.search @@ replace($1, '''@', '''' || weeks.week || '@')::tsquery
             LIMIT 2000
         ), placed AS (
             SELECT f.case_id, f.address, ST_X(f.geom) AS lon, ST_Y(f.geom) AS lat
             FROM hits JOIN casework.file f USING (case_id)
             WHERE f.geom IS NOT NULL AND f.address LIKE '%' || $2 || '%' AND EXISTS (
                 SELECT 1 FROM identity.v_organisation_closure c
                 WHERE c.ancestor_id = ANY($3) AND c.descendant_id IN (f.centre_id, f.owner_id, f.holder_id) OFFSET 0)
         )
         SELECT address, (array_agg(lon ORDER BY case_id DESC))[1] AS lon, (array_agg(lat ORDER BY case_id DESC))[1] AS lat,
                count(*) AS n
         FROM placed GROUP BY address ORDER BY count(*) DESC, length(address), address LIMIT $4",
    )
    .bind(words)
    .bind(part)
    .bind(scopes)
    .bind(limit)
    .fetch_all(conn)
    .await?)
}
