//! Counters: deltas written beside the acts, added up by a job, read together.
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::Date;
use uuid::Uuid;

/// Deltas added up at a time.
const TAKEN_MAX: i64 = 20_000;

/// Adds waiting deltas to the days; how many there were. They are taken by where they lie: they are locked, so they stay there,
/// and a join would be planned by statistics of a queue, which are of when it was empty.
pub async fn add_up(conn: &mut PgConnection) -> Result<u64, DbError> {
    let taken: i64 = sqlx::query_scalar(
        "WITH taken AS (
             DELETE FROM casework.count_delta WHERE ctid = ANY(ARRAY(
                 SELECT ctid FROM casework.count_delta ORDER BY counted_on, delta_id LIMIT $1 FOR UPDATE SKIP LOCKED))
             RETURNING counted_on, centre_id, organisation_id, kind, category, channel, measure, n
         ), added AS (
             INSERT INTO casework.count_day AS d (counted_on, centre_id, organisation_id, kind, category, channel, measure, n)
             SELECT counted_on, centre_id, organisation_id, kind, category, channel, measure, sum(n) FROM taken
             GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5, 6, 7
             ON CONFLICT (counted_on, centre_id, organisation_id, kind, category, channel, measure)
             DO UPDATE SET n = d.n + excluded.n
         )
         SELECT count(*) FROM taken",
    )
    .bind(TAKEN_MAX)
    .fetch_one(conn)
    .await?;
    Ok(taken.unsigned_abs())
}

/// Counts something besides the acts: a deadline kept or missed.
pub async fn note(conn: &mut PgConnection, row: &CountRow, n: i32) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO casework.count_delta (counted_on, centre_id, organisation_id, kind, category, channel, measure, n)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(row.counted_on)
    .bind(row.centre_id)
    .bind(row.organisation_id)
    .bind(&row.kind)
    .bind(&row.category)
    .bind(&row.channel)
    .bind(&row.measure)
    .bind(n)
    .execute(conn)
    .await?;
    Ok(())
}

/// How often something happened on a day.
#[derive(Clone, Debug, FromRow)]
pub struct CountRow {
    pub counted_on: Date,
    pub centre_id: Uuid,
    pub organisation_id: Uuid,
    pub kind: String,
    pub category: String,
    pub channel: String,
    pub measure: String,
    pub n: i64,
}

/// How often each thing happened between two days, both included, at centres or organisations in scope; deltas that nobody added up yet are in it.
pub async fn between(
    conn: &mut PgConnection,
    kind: Option<&str>,
    scopes: &[Uuid],
    from: Date,
    to: Date,
) -> Result<Vec<CountRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT counted_on, centre_id, organisation_id, kind, category, channel, measure, sum(n)::bigint AS n FROM (
             SELECT counted_on, centre_id, organisation_id, kind, category, channel, measure, n FROM casework.count_day
             WHERE counted_on BETWEEN $3 AND $4
             UNION ALL
             SELECT counted_on, centre_id, organisation_id, kind, category, channel, measure, n FROM casework.count_delta
             WHERE counted_on BETWEEN $3 AND $4) AS c
         WHERE ($1::text IS NULL OR kind = $1) AND EXISTS (
             SELECT 1 FROM identity.v_organisation_closure t
             WHERE t.ancestor_id = ANY($2) AND t.descendant_id IN (c.centre_id, c.organisation_id))
         GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1 LIMIT 200000",
    )
    .bind(kind)
    .bind(scopes)
    .bind(from)
    .bind(to)
    .fetch_all(conn)
    .await?)
}
