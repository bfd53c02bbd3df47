//! The SQL of cases in the field: classes as categories, the supervision centre, where a case lies, an officer's tasks.
use casework::api::CaseId;
use jh_core::actor::{AccountId, OrganisationId};
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

pub mod appraisal;
pub mod check;

/// A class as a category.
#[derive(FromRow, Clone, Debug)]
pub struct ClassRow {
    /// `component` or `event`.
    pub kind: String,
    /// Four digits.
    pub code: String,
    /// The major class.
    pub major: String,
    /// The minor class.
    pub name: String,
    /// The minor class in English.
    pub name_en: String,
    /// From when a case is filed.
    pub filing_condition: String,
}

/// Every class with its newest condition, by kind and code.
pub async fn classes(conn: &mut PgConnection) -> Result<Vec<ClassRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT DISTINCT ON (c.kind, c.code) c.kind, c.code, c.major_name AS major, c.name, c.name_en, v.filing_condition
         FROM city_management.category c JOIN city_management.category_version v USING (kind, code)
         ORDER BY c.kind, c.code, v.version DESC LIMIT 2000",
    )
    .fetch_all(conn)
    .await?)
}

/// Whether a place lies in a standing unit grid; any place, and none, will do while the city has laid no grid at all.
pub async fn gridded(conn: &mut PgConnection, place: Option<(f64, f64)>) -> Result<bool, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM city_management.unit_grid
                        WHERE valid_to_on IS NULL AND $1::float8 IS NOT NULL
                          AND ST_Intersects(geom, ST_SetSRID(ST_MakePoint($1, $2), 4326)))
             OR NOT EXISTS (SELECT 1 FROM city_management.unit_grid WHERE valid_to_on IS NULL)",
    )
    .bind(place.map(|(lon, _)| lon))
    .bind(place.map(|(_, lat)| lat))
    .fetch_one(conn)
    .await?)
}

/// A point within a standing grid of a code.
pub async fn within(conn: &mut PgConnection, code: &str) -> Result<Option<(f64, f64)>, DbError> {
    Ok(sqlx::query_as(
        "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_PointOnSurface(geom) AS p FROM city_management.unit_grid
         WHERE code = $1 AND valid_to_on IS NULL) AS inside",
    )
    .bind(code)
    .fetch_optional(conn)
    .await?)
}

/// The supervision centre, where one is set.
pub async fn centre(conn: &mut PgConnection) -> Result<Option<OrganisationId>, DbError> {
    Ok(sqlx::query_scalar("SELECT organisation_id FROM city_management.centre").fetch_optional(conn).await?)
}

/// Which organisation is the supervision centre, by name, since when and set by whom.
pub async fn centre_set(conn: &mut PgConnection) -> Result<Option<(String, OffsetDateTime, String)>, DbError> {
    Ok(sqlx::query_as(
        "SELECT o.name, c.changed_at, c.changed_by_name
         FROM city_management.centre c JOIN identity.v_organisation o USING (organisation_id)",
    )
    .fetch_optional(conn)
    .await?)
}

/// Sets the supervision centre.
pub async fn set_centre(
    conn: &mut PgConnection,
    organisation: OrganisationId,
    now: OffsetDateTime,
    by: &str,
) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO city_management.centre AS c (organisation_id, changed_at, changed_by_name) VALUES ($1, $2, $3)
         ON CONFLICT (one) DO UPDATE SET organisation_id = excluded.organisation_id, changed_at = excluded.changed_at,
             changed_by_name = excluded.changed_by_name",
    )
    .bind(organisation)
    .bind(now)
    .bind(by)
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes where a new case lies, once; `officer` if somebody reported it on patrol.
pub async fn place(conn: &mut PgConnection, id: CaseId, officer: Option<AccountId>) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO city_management.case_course (case_id, grid_id, officer_grid_id, officer_id, channel, reported_on)
         SELECT c.case_id, g.grid_id, m.officer_grid_id, $2, c.channel, (c.reported_at AT TIME ZONE 'Asia/Shanghai')::date
         FROM casework.v_case c
         LEFT JOIN LATERAL (
             SELECT grid_id FROM city_management.unit_grid
             WHERE valid_to_on IS NULL AND ST_Intersects(geom, c.geom) ORDER BY code LIMIT 1) g ON true
         LEFT JOIN city_management.officer_grid_member m ON m.grid_id = g.grid_id AND m.ends_at IS NULL
         WHERE c.case_id = $1
         ON CONFLICT (case_id) DO NOTHING",
    )
    .bind(id)
    .bind(officer)
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes what happened to a case. `from` and `to` are its stages before and after.
pub async fn note_event(
    conn: &mut PgConnection,
    id: CaseId,
    event: &str,
    (from, to): (&str, &str),
    on: Date,
) -> Result<(), DbError> {
    sqlx::query(
        "UPDATE city_management.case_course SET
             filed_on = CASE WHEN $3 = 'filing' AND $4 IN ('dispatching', 'handling') THEN coalesce(filed_on, $5) ELSE filed_on END,
             dispatched_on = CASE WHEN $2 IN ('casework.case.dispatched', 'casework.case.redirected')
                                  THEN coalesce(dispatched_on, $5) ELSE dispatched_on END,
             handled_on = CASE WHEN $2 = 'casework.case.resolved' THEN coalesce(handled_on, $5) ELSE handled_on END,
             late = late OR ($2 = 'casework.deadline.missed' AND $3 = 'handling'),
             returned = returned + CASE WHEN $2 = 'casework.case.returned' THEN 1 ELSE 0 END,
             passed_first = coalesce(passed_first, CASE $2 WHEN 'casework.case.inspected' THEN true
                                                           WHEN 'casework.case.inspection_failed' THEN false END),
             inspections = inspections
                 + CASE WHEN $2 IN ('casework.case.inspected', 'casework.case.inspection_failed') THEN 1 ELSE 0 END,
             reopened = reopened + CASE WHEN $2 = 'casework.case.reopened' THEN 1 ELSE 0 END,
             checked = CASE WHEN $4 <> 'inspection' THEN false WHEN $2 = 'casework.case.inspected' THEN true ELSE checked END,
             closed_on = CASE WHEN $4 = 'appraisal' THEN $5 ELSE NULL END
         WHERE case_id = $1",
    )
    .bind(id)
    .bind(event)
    .bind(from)
    .bind(to)
    .bind(on)
    .execute(conn)
    .await?;
    Ok(())
}

/// Something that an officer is to look at: to verify what others reported, or to inspect what was put right.
#[derive(FromRow, Clone, Debug)]
pub struct TaskRow {
    /// The case.
    pub case_id: CaseId,
    /// Its number.
    pub number: String,
    /// What it is, in a line.
    pub title: String,
    /// What it is about.
    pub category_name: String,
    /// `collection` or `inspection`.
    pub stage: String,
    /// By when.
    pub due_at: Option<OffsetDateTime>,
    /// The unit grid, where it lies in any.
    pub grid: Option<String>,
    /// From the officer, in metres, if he says where he is.
    pub metres: Option<f64>,
}

/// The tasks in the officers' grids that somebody walks, and those to which he was sent, of centres in scope: nearest first, else
/// soonest first.
pub async fn tasks(
    conn: &mut PgConnection,
    account: AccountId,
    scopes: &[Uuid],
    place: Option<(f64, f64)>,
    limit: i64,
) -> Result<Vec<TaskRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT c.case_id, c.number, c.title, c.category_name, c.stage, c.due_at, g.code AS grid,
                CASE WHEN $3::float8 IS NULL THEN NULL
                     ELSE ST_DistanceSphere(c.geom, ST_SetSRID(ST_MakePoint($3, $4), 4326)) END AS metres
         FROM city_management.case_course k
         JOIN casework.v_case c USING (case_id)
         LEFT JOIN city_management.unit_grid g USING (grid_id)
         WHERE k.closed_on IS NULL AND NOT c.closed
           -- What an officer has seen himself needs no second look before it is filed, and what was found right needs none at all.
           AND ((c.stage = 'inspection' AND NOT k.checked) OR (c.stage = 'collection' AND c.channel <> 'patrol'))
           AND (k.sent_to = $1 OR EXISTS (
               SELECT 1 FROM city_management.officer_grid_member m
               JOIN city_management.patrol p ON p.officer_grid_id = m.officer_grid_id
               WHERE m.grid_id = k.grid_id AND m.ends_at IS NULL AND p.account_id = $1 AND p.ends_at IS NULL))
           AND EXISTS (SELECT 1 FROM identity.v_organisation_closure t
                       WHERE t.ancestor_id = ANY($2) AND t.descendant_id = c.centre_id)
         ORDER BY metres, c.due_at, c.case_id LIMIT $5",
    )
    .bind(account)
    .bind(scopes)
    .bind(place.map(|(lon, _)| lon))
    .bind(place.map(|(_, lat)| lat))
    .bind(limit)
    .fetch_all(conn)
    .await?)
}

/// The stage of an open case in the officers' grids that somebody walks, or to which he was sent, of a centre in scope.
pub async fn task_stage(
    conn: &mut PgConnection,
    id: CaseId,
    account: AccountId,
    scopes: &[Uuid],
) -> Result<Option<String>, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT c.stage FROM city_management.case_course k JOIN casework.v_case c USING (case_id)
         WHERE k.case_id = $1 AND NOT c.closed
           AND (k.sent_to = $2 OR EXISTS (
               SELECT 1 FROM city_management.officer_grid_member m
               JOIN city_management.patrol p ON p.officer_grid_id = m.officer_grid_id
               WHERE m.grid_id = k.grid_id AND m.ends_at IS NULL AND p.account_id = $2 AND p.ends_at IS NULL))
           AND EXISTS (SELECT 1 FROM identity.v_organisation_closure t
                       WHERE t.ancestor_id = ANY($3) AND t.descendant_id = c.centre_id)",
    )
    .bind(id)
    .bind(account)
    .bind(scopes)
    .fetch_optional(conn)
    .await?)
}

/// Enters a photo as proof of a case as it stands; the number of the case that it has proven already, if it has.
pub async fn claim_proof(
    conn: &mut PgConnection,
    sm3: &[u8],
    (id, revision): (CaseId, i32),
    by: AccountId,
    now: OffsetDateTime,
) -> Result<Option<String>, DbError> {
    let entered = sqlx::query(
        "INSERT INTO city_management.proof (original_sm3, case_id, revision, account_id, at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (original_sm3) DO NOTHING",
    )
    .bind(sm3)
    .bind(id)
    .bind(revision)
    .bind(by)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    if entered.rows_affected() == 1 {
        return Ok(None);
    }
    Ok(sqlx::query_scalar(
        "SELECT c.number FROM city_management.proof p JOIN casework.v_case c USING (case_id) WHERE p.original_sm3 = $1",
    )
    .bind(sm3)
    .fetch_optional(conn)
    .await?)
}

/// Whether an officer's photo proves a case as it stands now, which only the change that is being made can have entered.
pub async fn proven(conn: &mut PgConnection, id: CaseId, revision: i32) -> Result<bool, DbError> {
    Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM city_management.proof WHERE case_id = $1 AND revision = $2)")
        .bind(id)
        .bind(revision)
        .fetch_one(conn)
        .await?)
}

/// An officers' grid that somebody walks.
#[derive(FromRow, Clone, Debug)]
pub struct MineRow {
    /// Its name.
    pub name: String,
    /// Unit grids in it.
    pub grids: i64,
    /// West, south, east, north, when any grid belongs.
    pub bounds: Option<Vec<f64>>,
}

/// The officers' grids that somebody walks.
pub async fn mine(conn: &mut PgConnection, account: AccountId) -> Result<Vec<MineRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT og.name, count(g.grid_id) AS grids,
                CASE WHEN count(g.grid_id) > 0 THEN ARRAY[ST_XMin(ST_Extent(g.geom)), ST_YMin(ST_Extent(g.geom)),
                     ST_XMax(ST_Extent(g.geom)), ST_YMax(ST_Extent(g.geom))] END AS bounds
         FROM (SELECT DISTINCT officer_grid_id FROM city_management.patrol WHERE account_id = $1 AND ends_at IS NULL) p
         JOIN city_management.officer_grid og ON og.officer_grid_id = p.officer_grid_id AND og.closed_at IS NULL
         LEFT JOIN city_management.officer_grid_member m ON m.officer_grid_id = og.officer_grid_id AND m.ends_at IS NULL
         LEFT JOIN city_management.unit_grid g ON g.grid_id = m.grid_id
         GROUP BY og.officer_grid_id, og.name ORDER BY og.name LIMIT 20",
    )
    .bind(account)
    .fetch_all(conn)
    .await?)
}

/// Whether somebody has reported anything on patrol.
pub async fn any_of(conn: &mut PgConnection, officer: AccountId) -> Result<bool, DbError> {
    Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM city_management.case_course WHERE officer_id = $1)")
        .bind(officer)
        .fetch_one(conn)
        .await?)
}

/// The categories that somebody reported most since a day, else that everybody did.
pub async fn most_used(
    conn: &mut PgConnection,
    account: AccountId,
    since: Date,
    limit: i64,
) -> Result<Vec<String>, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT c.category FROM city_management.case_course k JOIN casework.v_case c USING (case_id)
         WHERE k.reported_on >= $2 AND k.channel = 'patrol'
         GROUP BY c.category ORDER BY count(*) FILTER (WHERE k.officer_id = $1) DESC, count(*) DESC, c.category LIMIT $3",
    )
    .bind(account)
    .bind(since)
    .bind(limit)
    .fetch_all(conn)
    .await?)
}
