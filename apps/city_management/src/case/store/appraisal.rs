//! The SQL of appraisal: what became of the cases that were reported in a period, by officer, by grid and by who handles them.
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::Date;
use uuid::Uuid;

/// Counts of the cases of one officer or grid.
#[derive(FromRow, Clone, Debug, Default)]
pub struct TallyRow {
    /// By name, or the grid's code.
    pub name: String,
    /// Of a grid, the community, street or county in which it lies.
    #[sqlx(default)]
    pub place: String,
    /// Cases reported in the period.
    pub reported: i64,
    /// Of them filed (立案).
    pub filed: i64,
    /// Dispatched.
    pub dispatched: i64,
    /// Handled within the limit.
    pub on_time: i64,
    /// Over the limit, handled since or not.
    pub late: i64,
    /// Returned by a holder at least once.
    pub returned: i64,
    /// Opened again at least once.
    pub reopened: i64,
    /// Inspected at least once.
    pub inspected: i64,
    /// Found right by the first inspection.
    pub passed_first: i64,
}

/// A period, both days included, and which part of the list.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// The most rows.
    pub limit: i64,
    /// Rows left out before them.
    pub offset: i64,
}

/// By the officer who reported, for centres in scope; most cases first.
pub async fn by_officer(conn: &mut PgConnection, scopes: &[Uuid], span: Span) -> Result<Vec<TallyRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT max(a.name) AS name, count(*) AS reported, count(k.filed_on) AS filed,
                count(k.dispatched_on) AS dispatched, count(*) FILTER (WHERE k.handled_on IS NOT NULL AND NOT k.late) AS on_time,
                count(*) FILTER (WHERE k.late) AS late, count(*) FILTER (WHERE k.returned > 0) AS returned,
                count(*) FILTER (WHERE k.reopened > 0) AS reopened, count(k.passed_first) AS inspected,
                count(*) FILTER (WHERE k.passed_first) AS passed_first
         FROM city_management.case_course k JOIN casework.v_case c USING (case_id)
         JOIN identity.v_account a ON a.account_id = k.officer_id
         WHERE k.reported_on BETWEEN $2 AND $3 AND EXISTS (
             SELECT 1 FROM identity.v_organisation_closure t WHERE t.ancestor_id = ANY($1) AND t.descendant_id = c.centre_id)
         GROUP BY k.officer_id ORDER BY count(*) DESC, k.officer_id LIMIT $4 OFFSET $5",
    )
    .bind(scopes)
    .bind(span.from)
    .bind(span.to)
    .bind(span.limit)
    .bind(span.offset)
    .fetch_all(conn)
    .await?)
}

/// By the unit grid where the case lies, for centres in scope and for grids of organisations in scope; most cases first.
pub async fn by_grid(conn: &mut PgConnection, scopes: &[Uuid], span: Span) -> Result<Vec<TallyRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT max(g.code) AS name, coalesce(max(o.short_name), '') AS place, count(*) AS reported, count(k.filed_on) AS filed,
                count(k.dispatched_on) AS dispatched, count(*) FILTER (WHERE k.handled_on IS NOT NULL AND NOT k.late) AS on_time,
                count(*) FILTER (WHERE k.late) AS late, count(*) FILTER (WHERE k.returned > 0) AS returned,
                count(*) FILTER (WHERE k.reopened > 0) AS reopened, count(k.passed_first) AS inspected,
                count(*) FILTER (WHERE k.passed_first) AS passed_first
         FROM city_management.case_course k JOIN casework.v_case c USING (case_id)
         JOIN city_management.unit_grid g USING (grid_id)
         LEFT JOIN identity.v_organisation o ON o.organisation_id = g.organisation_id
         WHERE k.reported_on BETWEEN $2 AND $3 AND EXISTS (
             SELECT 1 FROM identity.v_organisation_closure t
             WHERE t.ancestor_id = ANY($1) AND t.descendant_id IN (c.centre_id, g.organisation_id))
         GROUP BY k.grid_id ORDER BY count(*) DESC, max(g.code) LIMIT $4 OFFSET $5",
    )
    .bind(scopes)
    .bind(span.from)
    .bind(span.to)
    .bind(span.limit)
    .bind(span.offset)
    .fetch_all(conn)
    .await?)
}

/// Inspections of cases reported in a period, by who handles them: inspected at least once, and found right the first time.
pub async fn first_time(
    conn: &mut PgConnection,
    scopes: &[Uuid],
    from: Date,
    to: Date,
) -> Result<Vec<(Uuid, i64, i64)>, DbError> {
    Ok(sqlx::query_as(
        "SELECT c.holder_id, count(*), count(*) FILTER (WHERE k.passed_first)
         FROM city_management.case_course k JOIN casework.v_case c USING (case_id)
         WHERE k.reported_on BETWEEN $2 AND $3 AND k.passed_first IS NOT NULL AND c.holder_id IS NOT NULL AND EXISTS (
             SELECT 1 FROM identity.v_organisation_closure t
             WHERE t.ancestor_id = ANY($1) AND t.descendant_id IN (c.centre_id, c.holder_id))
         GROUP BY c.holder_id LIMIT 2000",
    )
    .bind(scopes)
    .bind(from)
    .bind(to)
    .fetch_all(conn)
    .await?)
}
