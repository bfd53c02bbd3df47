//! Roles in SQL, and the question who holds what where.
use jh_core::actor::{Actor, OrganisationId};
use jh_db::DbError;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::model::role::{Audience, Role, RoleId};

#[derive(sqlx::FromRow)]
struct Row {
    role_id: RoleId,
    code: String,
    audience: Audience,
    name: String,
    name_en: String,
    summary: String,
    summary_en: String,
    permissions: Vec<String>,
}

impl From<Row> for Role {
    fn from(row: Row) -> Self {
        Self {
            id: row.role_id,
            code: row.code,
            audience: row.audience,
            name: row.name,
            name_en: row.name_en,
            summary: row.summary,
            summary_en: row.summary_en,
            permissions: row.permissions,
        }
    }
}

/// All roles, or those for one audience, by code. A city has tens.
pub async fn list(conn: &mut PgConnection, audience: Option<Audience>) -> Result<Vec<Role>, DbError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT r.role_id, r.code, r.audience, r.name, r.name_en, r.summary, r.summary_en,
                ARRAY (SELECT p.permission FROM identity.role_permission p WHERE p.role_id = r.role_id
                       ORDER BY p.permission) AS permissions
         FROM identity.role r WHERE ($1::text IS NULL OR r.audience = $1) ORDER BY r.audience, r.code LIMIT 500",
    )
    .bind(audience.map(Audience::code))
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Role::from).collect())
}

/// By id, or by code.
pub async fn find(conn: &mut PgConnection, id: Option<RoleId>, code: Option<&str>) -> Result<Option<Role>, DbError> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT r.role_id, r.code, r.audience, r.name, r.name_en, r.summary, r.summary_en,
                ARRAY (SELECT p.permission FROM identity.role_permission p WHERE p.role_id = r.role_id
                       ORDER BY p.permission) AS permissions
         FROM identity.role r WHERE r.role_id = $1 OR r.code = $2",
    )
    .bind(id)
    .bind(code)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Role::from))
}

/// Adds a role with what it grants. False: the code is taken.
pub async fn insert(conn: &mut PgConnection, role: &Role, now: OffsetDateTime) -> Result<bool, DbError> {
    let added = sqlx::query(
        "INSERT INTO identity.role (role_id, code, audience, name, name_en, summary, summary_en, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (code) DO NOTHING",
    )
    .bind(role.id)
    .bind(&role.code)
    .bind(role.audience.code())
    .bind(&role.name)
    .bind(&role.name_en)
    .bind(&role.summary)
    .bind(&role.summary_en)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    if added.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query(
        "INSERT INTO identity.role_permission (role_id, permission) SELECT DISTINCT $1::uuid, unnest($2::text[])",
    )
    .bind(role.id)
    .bind(&role.permissions)
    .execute(conn)
    .await?;
    Ok(true)
}

/// The first of `permissions` that the actor does not hold at `place`, if any: what keeps anybody from giving more
/// than he has.
pub async fn first_not_held(
    conn: &mut PgConnection,
    actor: &Actor,
    permissions: &[String],
    place: OrganisationId,
) -> Result<Option<String>, DbError> {
    let held: Vec<&str> = actor.grants.iter().map(|grant| grant.permission.as_str()).collect();
    let scopes: Vec<Uuid> = actor.grants.iter().map(|grant| grant.scope.0).collect();
    Ok(sqlx::query_scalar(
        "SELECT wanted.permission FROM unnest($1::text[]) AS wanted (permission)
         WHERE NOT EXISTS (
             SELECT 1 FROM unnest($2::text[], $3::uuid[]) AS held (permission, scope_id)
             JOIN identity.organisation_closure c ON c.ancestor_id = held.scope_id AND c.descendant_id = $4
             WHERE held.permission = wanted.permission)
         ORDER BY wanted.permission LIMIT 1",
    )
    .bind(permissions)
    .bind(held)
    .bind(scopes)
    .bind(place)
    .fetch_optional(conn)
    .await?)
}

/// Those of `permissions` that some role for staff has.
pub async fn held_by_staff(conn: &mut PgConnection, permissions: &[String]) -> Result<Vec<String>, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT DISTINCT rp.permission FROM identity.role_permission rp JOIN identity.role r USING (role_id)
         WHERE r.audience = 'staff' AND rp.permission = ANY($1) ORDER BY rp.permission",
    )
    .bind(permissions)
    .fetch_all(conn)
    .await?)
}
