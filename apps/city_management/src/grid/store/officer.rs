//! The SQL of officers' grids: which unit grids belong, since when, and who walks them.
use jh_core::actor::{AccountId, OrganisationId};
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::code::OfficerGridId;

/// One officers' grid.
#[derive(FromRow, Clone, Debug)]
pub struct OfficerGridRow {
    /// Which.
    pub officer_grid_id: OfficerGridId,
    /// What people call it.
    pub name: String,
    /// Whose.
    pub organisation_name: String,
    /// 1 to 6.
    pub colour: i16,
    /// Unit grids.
    pub grids: i64,
    /// Their area.
    pub area_m2: f64,
    /// Who walks it, by name; empty when nobody does.
    pub officers: String,
    /// Since when there is none any more.
    pub closed_at: Option<OffsetDateTime>,
    /// West, south, east, north, when any grid belongs.
    pub bounds: Option<Vec<f64>>,
}

/// Those that are not closed, by name; or the one of an id, closed or not.
pub async fn list(
    conn: &mut PgConnection,
    scopes: &[Uuid],
    only: Option<OfficerGridId>,
    limit: i64,
    offset: i64,
) -> Result<Vec<OfficerGridRow>, DbError> {
    sqlx::query_as(
        "SELECT og.officer_grid_id, og.name, o.short_name AS organisation_name, og.colour, og.closed_at,
                e.grids, e.area_m2, e.bounds, coalesce(p.officers, '') AS officers
         FROM city_management.officer_grid og
         JOIN identity.v_organisation o ON o.organisation_id = og.organisation_id
         CROSS JOIN LATERAL (
             SELECT count(*) AS grids, coalesce(sum(g.area_m2), 0) AS area_m2,
                    CASE WHEN count(*) > 0 THEN ARRAY[ST_XMin(ST_Extent(g.geom)), ST_YMin(ST_Extent(g.geom)),
                         ST_XMax(ST_Extent(g.geom)), ST_YMax(ST_Extent(g.geom))] END AS bounds
             FROM city_management.officer_grid_member m JOIN city_management.unit_grid g USING (grid_id)
             WHERE m.officer_grid_id = og.officer_grid_id AND m.ends_at IS NULL) e
         LEFT JOIN LATERAL (
             SELECT string_agg(DISTINCT a.name, '、' ORDER BY a.name) AS officers
             FROM city_management.patrol p JOIN identity.v_account a USING (account_id)
             WHERE p.officer_grid_id = og.officer_grid_id AND p.ends_at IS NULL) p ON true
         WHERE og.organisation_id IN (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1))
           AND (og.closed_at IS NULL OR og.officer_grid_id = $2) AND ($2::uuid IS NULL OR og.officer_grid_id = $2)
         ORDER BY og.name, og.officer_grid_id LIMIT $3 OFFSET $4",
    )
    .bind(scopes)
    .bind(only)
    .bind(limit)
    .bind(offset)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// Adds an officers' grid with the colour that the fewest others have.
pub async fn insert(
    conn: &mut PgConnection,
    id: OfficerGridId,
    name: &str,
    organisation: OrganisationId,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO city_management.officer_grid (officer_grid_id, name, organisation_id, colour, created_at)
         VALUES ($1, $2, $3, (
             SELECT c FROM generate_series(1, 6) AS c
             LEFT JOIN city_management.officer_grid og ON og.colour = c AND og.closed_at IS NULL
             GROUP BY c ORDER BY count(og.colour), c LIMIT 1), $4)",
    )
    .bind(id)
    .bind(name)
    .bind(organisation)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Whose an open officers' grid is, locked, if the actor may change it.
pub async fn lock(
    conn: &mut PgConnection,
    scopes: &[Uuid],
    id: OfficerGridId,
) -> Result<Option<(String, OrganisationId)>, DbError> {
    sqlx::query_as(
        "SELECT name, organisation_id FROM city_management.officer_grid og
         WHERE officer_grid_id = $2 AND closed_at IS NULL AND EXISTS (
             SELECT 1 FROM identity.v_organisation_closure c
             WHERE c.descendant_id = og.organisation_id AND c.ancestor_id = ANY($1)) FOR UPDATE",
    )
    .bind(scopes)
    .bind(id)
    .fetch_optional(conn)
    .await
    .map_err(DbError::from)
}

/// Gives an officers' grid the colour that the fewest of its neighbours have, so that a map tells them apart.
pub async fn recolour(conn: &mut PgConnection, id: OfficerGridId) -> Result<(), DbError> {
    sqlx::query(
        "WITH own AS (
             SELECT g.geom FROM city_management.officer_grid_member m JOIN city_management.unit_grid g USING (grid_id)
             WHERE m.officer_grid_id = $1 AND m.ends_at IS NULL),
         beside AS (
             SELECT DISTINCT m.officer_grid_id FROM own
             JOIN city_management.unit_grid g ON g.valid_to_on IS NULL AND g.geom && ST_Expand(own.geom, 0.00001)
             JOIN city_management.officer_grid_member m ON m.grid_id = g.grid_id AND m.ends_at IS NULL AND m.officer_grid_id <> $1)
         UPDATE city_management.officer_grid SET colour = (
             SELECT c FROM generate_series(1, 6) AS c
             LEFT JOIN (SELECT og.colour, b.officer_grid_id IS NOT NULL AS near FROM city_management.officer_grid og
                        LEFT JOIN beside b USING (officer_grid_id)
                        WHERE og.closed_at IS NULL AND og.officer_grid_id <> $1) o ON o.colour = c
             GROUP BY c ORDER BY count(*) FILTER (WHERE o.near), count(o.colour), c LIMIT 1)
         WHERE officer_grid_id = $1",
    )
    .bind(id)
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends that grids belong anywhere, for those of some codes that the actor may change; of one officers' grid if given.
/// Returns how many ended.
pub async fn release(
    conn: &mut PgConnection,
    scopes: &[Uuid],
    codes: &[String],
    only: Option<OfficerGridId>,
    now: OffsetDateTime,
) -> Result<u64, DbError> {
    let done = sqlx::query(
        "UPDATE city_management.officer_grid_member m SET ends_at = $4
         FROM city_management.unit_grid g
         WHERE m.grid_id = g.grid_id AND m.ends_at IS NULL AND g.code = ANY($2) AND ($3::uuid IS NULL OR m.officer_grid_id = $3)
           AND g.organisation_id IN (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1))",
    )
    .bind(scopes)
    .bind(codes)
    .bind(only)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Puts standing grids of some codes that the actor may change into an officers' grid; the codes taken.
pub async fn take(
    conn: &mut PgConnection,
    scopes: &[Uuid],
    codes: &[String],
    id: OfficerGridId,
    now: OffsetDateTime,
) -> Result<Vec<String>, DbError> {
    sqlx::query_scalar(
        "WITH taken AS (
             INSERT INTO city_management.officer_grid_member (grid_id, officer_grid_id, begins_at)
             SELECT g.grid_id, $3, $4 FROM city_management.unit_grid g
             WHERE g.code = ANY($2) AND g.valid_to_on IS NULL AND g.organisation_id IN
                   (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1))
             ON CONFLICT DO NOTHING RETURNING grid_id)
         SELECT g.code FROM taken JOIN city_management.unit_grid g USING (grid_id) ORDER BY g.code",
    )
    .bind(scopes)
    .bind(codes)
    .bind(id)
    .bind(now)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// One officer's shift.
#[derive(FromRow, Clone, Debug)]
pub struct PatrolRow {
    /// Who.
    pub account_id: AccountId,
    /// By name.
    pub name: String,
    /// Of which organisation.
    pub organisation_name: String,
    /// In which shift.
    pub shift: String,
    /// Since when.
    pub begins_at: OffsetDateTime,
    /// Until when.
    pub ends_at: Option<OffsetDateTime>,
}

/// Who walks an officers' grid, and the last who did.
pub async fn patrols(conn: &mut PgConnection, id: OfficerGridId) -> Result<Vec<PatrolRow>, DbError> {
    sqlx::query_as(
        "SELECT p.account_id, a.name, coalesce(o.short_name, '') AS organisation_name, p.shift, p.begins_at, p.ends_at
         FROM city_management.patrol p
         JOIN identity.v_account a USING (account_id)
         LEFT JOIN identity.v_organisation o ON o.organisation_id = a.organisation_id
         WHERE p.officer_grid_id = $1 ORDER BY p.ends_at IS NOT NULL, p.ends_at DESC, a.name LIMIT 50",
    )
    .bind(id)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// Members of staff who may be appointed: of the organisations the actor's permission covers, by name, at most three
/// hundred whose name contains the text.
pub async fn staff(
    conn: &mut PgConnection,
    scopes: &[Uuid],
    text: &str,
) -> Result<Vec<(AccountId, String, String)>, DbError> {
    sqlx::query_as(
        "SELECT a.account_id, a.name, o.short_name FROM identity.v_account a
         JOIN identity.v_organisation o ON o.organisation_id = a.organisation_id
         WHERE a.kind = 'staff' AND a.working AND strpos(a.name, $2) > 0 AND a.organisation_id IN
               (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1))
         ORDER BY a.name, a.account_id LIMIT 300",
    )
    .bind(scopes)
    .bind(text)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// Whether somebody is staff within the actor's scopes.
pub async fn is_staff(conn: &mut PgConnection, scopes: &[Uuid], account: AccountId) -> Result<bool, DbError> {
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM identity.v_account a
             JOIN identity.v_organisation_closure c ON c.descendant_id = a.organisation_id AND c.ancestor_id = ANY($1)
             WHERE a.account_id = $2 AND a.kind = 'staff' AND a.working)",
    )
    .bind(scopes)
    .bind(account)
    .fetch_one(conn)
    .await
    .map_err(DbError::from)
}

/// Gives somebody a shift; false when he has it.
pub async fn appoint(
    conn: &mut PgConnection,
    id: OfficerGridId,
    account: AccountId,
    shift: &str,
    now: OffsetDateTime,
) -> Result<bool, DbError> {
    let done = sqlx::query(
        "INSERT INTO city_management.patrol (officer_grid_id, account_id, shift, begins_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING",
    )
    .bind(id)
    .bind(account)
    .bind(shift)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends shifts of an officers' grid: one person's in one shift, or all.
pub async fn relieve(
    conn: &mut PgConnection,
    id: OfficerGridId,
    who: Option<(AccountId, &str)>,
    now: OffsetDateTime,
) -> Result<u64, DbError> {
    let done = sqlx::query(
        "UPDATE city_management.patrol SET ends_at = $4
         WHERE officer_grid_id = $1 AND ends_at IS NULL AND ($2::uuid IS NULL OR (account_id = $2 AND shift = $3))",
    )
    .bind(id)
    .bind(who.map(|(account, _)| account))
    .bind(who.map(|(_, shift)| shift))
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Closes an officers' grid: its unit grids and officers are free.
pub async fn close(conn: &mut PgConnection, id: OfficerGridId, now: OffsetDateTime) -> Result<(), DbError> {
    sqlx::query("UPDATE city_management.officer_grid SET closed_at = $2 WHERE officer_grid_id = $1")
        .bind(id)
        .bind(now)
        .execute(&mut *conn)
        .await?;
    sqlx::query(
        "UPDATE city_management.officer_grid_member SET ends_at = $2 WHERE officer_grid_id = $1 AND ends_at IS NULL",
    )
    .bind(id)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}
