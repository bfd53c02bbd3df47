//! All the SQL of operations: its one table, and what PostgreSQL says of itself.
use jh_db::{Base, Db, DbError};
use jh_web::traffic::Tally;
use sqlx::FromRow;
use time::{Duration, OffsetDateTime};

/// How long minutes are kept.
const KEPT: Duration = Duration::days(35);

/// Adds counts to the present minute. All routes in one statement, in a fixed order, so that processes never
/// wait for each other in a circle.
pub async fn add_traffic(base: &Base, tallies: &[(&'static str, Tally)]) -> Result<(), DbError> {
    if tallies.is_empty() {
        return Ok(());
    }
    let mut tallies = tallies.to_vec();
    tallies.sort_by_key(|(route, _)| *route);
    let column = |of: fn(&Tally) -> i64| tallies.iter().map(|(_, tally)| of(tally)).collect::<Vec<_>>();
    let routes: Vec<_> = tallies.iter().map(|(route, _)| (*route).to_owned()).collect();
    sqlx::query(
        "INSERT INTO operations.traffic_minute AS t (minute_at, route, requests, refused, failed, total_us, max_us)
         SELECT date_trunc('minute', $1::timestamptz), u.route, u.requests, u.refused, u.failed, u.total_us, u.max_us
         FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
              AS u (route, requests, refused, failed, total_us, max_us)
         ON CONFLICT (minute_at, route) DO UPDATE SET requests = t.requests + excluded.requests,
             refused = t.refused + excluded.refused, failed = t.failed + excluded.failed,
             total_us = t.total_us + excluded.total_us, max_us = greatest(t.max_us, excluded.max_us)",
    )
    .bind(base.clock.now())
    .bind(routes)
    .bind(column(|t| t.requests))
    .bind(column(|t| t.refused))
    .bind(column(|t| t.failed))
    .bind(column(|t| t.total_us))
    .bind(column(|t| t.max_us))
    .execute(base.db.pool())
    .await?;
    Ok(())
}

/// Forgets minutes older than 35 days.
pub async fn sweep(base: &Base) -> Result<(), DbError> {
    sqlx::query("DELETE FROM operations.traffic_minute WHERE minute_at < $1")
        .bind(base.clock.now() - KEPT)
        .execute(base.db.pool())
        .await?;
    Ok(())
}

/// Five minutes of answers.
#[derive(FromRow, Debug)]
pub struct Slice {
    /// When the five minutes began.
    pub begins_at: OffsetDateTime,
    /// Answers.
    pub requests: i64,
    /// Answers with a fault of ours.
    pub failed: i64,
}

/// The last three hours in slices of five minutes.
pub async fn slices(db: &Db, now: OffsetDateTime) -> Result<Vec<Slice>, DbError> {
    Ok(sqlx::query_as(
        "SELECT date_bin('5 minutes', minute_at, 'epoch') AS begins_at, sum(requests)::bigint AS requests,
                sum(failed)::bigint AS failed
         FROM operations.traffic_minute WHERE minute_at > $1 GROUP BY 1 ORDER BY 1",
    )
    .bind(now - Duration::hours(3))
    .fetch_all(db.pool())
    .await?)
}

/// One route over the last hour.
#[derive(FromRow, Debug)]
pub struct RouteRow {
    /// The path as declared.
    pub route: String,
    /// Answers.
    pub requests: i64,
    /// Refused: 4xx.
    pub refused: i64,
    /// Failed: 5xx.
    pub failed: i64,
    /// Mean milliseconds.
    pub mean_ms: f64,
    /// Longest milliseconds.
    pub max_ms: f64,
}

/// The routes that took the most time in the last hour.
pub async fn routes(db: &Db, now: OffsetDateTime) -> Result<Vec<RouteRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT route, sum(requests)::bigint AS requests, sum(refused)::bigint AS refused,
                sum(failed)::bigint AS failed,
                (sum(total_us) / greatest(sum(requests), 1) / 1000.0)::float8 AS mean_ms,
                (max(max_us) / 1000.0)::float8 AS max_ms
         FROM operations.traffic_minute WHERE minute_at > $1
         GROUP BY route ORDER BY sum(total_us) DESC LIMIT 15",
    )
    .bind(now - Duration::hours(1))
    .fetch_all(db.pool())
    .await?)
}

/// One schema's size.
#[derive(FromRow, Debug)]
pub struct SchemaRow {
    /// The schema, which is the room's name.
    pub schema: String,
    /// Tables and indexes.
    pub bytes: i64,
    /// Rows, as PostgreSQL estimates them: nothing is counted for a page.
    pub rows: i64,
}

/// The rooms by size.
pub async fn schemas(db: &Db) -> Result<Vec<SchemaRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT n.nspname::text AS schema, sum(pg_total_relation_size(c.oid))::bigint AS bytes,
                sum(greatest(c.reltuples, 0))::bigint AS rows
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
         GROUP BY 1 ORDER BY 2 DESC LIMIT 30",
    )
    .fetch_all(db.pool())
    .await?)
}

/// One statement by the time it took.
#[derive(FromRow, Debug)]
pub struct StatementRow {
    /// The statement with its values replaced by `$1`, `$2`.
    pub statement: String,
    /// How often.
    pub calls: i64,
    /// Mean milliseconds.
    pub mean_ms: f64,
    /// Longest milliseconds.
    pub max_ms: f64,
}

impl StatementRow {
    /// As much as fits a line of a table.
    pub fn beginning(&self) -> String {
        let text: String = self.statement.split_whitespace().collect::<Vec<_>>().join(" ");
        let short: String = text.chars().take(48).collect();
        if short.len() < text.len() { format!("{short}…") } else { short }
    }
}

/// The statements with the longest mean time, or none where pg_stat_statements is not loaded.
pub async fn statements(db: &Db) -> Result<Option<Vec<StatementRow>>, DbError> {
    let loaded: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pg_stat_statements')
            AND position('pg_stat_statements' IN current_setting('shared_preload_libraries', true)) > 0",
    )
    .fetch_one(db.pool())
    .await?;
    if !loaded {
        return Ok(None);
    }
    let rows = sqlx::query_as(
        "SELECT left(query, 400) AS statement, calls, mean_exec_time AS mean_ms, max_exec_time AS max_ms
         FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
         WHERE d.datname = current_database() AND calls > 0
         ORDER BY mean_exec_time DESC LIMIT 15",
    )
    .fetch_all(db.pool())
    .await?;
    Ok(Some(rows))
}

/// What the server says of itself.
#[derive(FromRow, Debug)]
pub struct ServerRow {
    /// For example 15.18.
    pub version: String,
    /// Since when it runs.
    pub started_at: OffsetDateTime,
    /// The whole database.
    pub bytes: i64,
    /// Connections now.
    pub connections: i64,
    /// Connections at the most.
    pub connections_max: i32,
}

/// The server.
pub async fn server(db: &Db) -> Result<ServerRow, DbError> {
    Ok(sqlx::query_as(
        "SELECT current_setting('server_version') AS version, pg_postmaster_start_time() AS started_at,
                pg_database_size(current_database()) AS bytes,
                (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
                current_setting('max_connections')::int AS connections_max",
    )
    .fetch_one(db.pool())
    .await?)
}
