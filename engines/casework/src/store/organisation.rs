//! Organisations and their people, as cases name them: read from identity's views.
use jh_core::actor::{AccountId, OrganisationId};
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;
use uuid::Uuid;

/// An organisation of the tree, as cases name it.
#[derive(Clone, Debug, FromRow)]
pub struct OrganisationRow {
    pub organisation_id: OrganisationId,
    pub code: String,
    pub name: String,
}

/// An open organisation.
pub async fn organisation(conn: &mut PgConnection, id: OrganisationId) -> Result<Option<OrganisationRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT organisation_id, code, name FROM identity.v_organisation
         WHERE organisation_id = $1 AND closed_on IS NULL",
    )
    .bind(id)
    .fetch_optional(conn)
    .await?)
}

/// Whether anybody can work on what an organisation is given: a person or a system whose list shows it, see the inbox.
pub async fn staffed(
    conn: &mut PgConnection,
    id: OrganisationId,
    permission: &str,
    now: OffsetDateTime,
) -> Result<bool, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (
             SELECT 1 FROM identity.v_organisation_closure c JOIN identity.v_mandate m ON m.scope_id = c.ancestor_id
             WHERE c.descendant_id = $1 AND m.permission = $2 AND m.begins_at <= $3 AND (m.ends_at IS NULL OR m.ends_at > $3)
               AND (m.scope_id = $1 OR EXISTS (
                   SELECT 1 FROM identity.v_organisation_closure h
                   WHERE (h.ancestor_id, h.descendant_id) IN ((m.home_id, $1), ($1, m.home_id)))))",
    )
    .bind(id)
    .bind(permission)
    .bind(now)
    .fetch_one(conn)
    .await?)
}

/// An open organisation within scopes.
pub async fn organisation_within(
    conn: &mut PgConnection,
    id: OrganisationId,
    scopes: &[Uuid],
) -> Result<Option<OrganisationRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT o.organisation_id, o.code, o.name
         FROM identity.v_organisation o JOIN identity.v_organisation_closure c
             ON c.descendant_id = o.organisation_id AND c.ancestor_id = ANY($2)
         WHERE o.organisation_id = $1 AND o.closed_on IS NULL LIMIT 1",
    )
    .bind(id)
    .bind(scopes)
    .fetch_optional(conn)
    .await?)
}

/// The organisation so many steps above another, or the root.
pub async fn above(conn: &mut PgConnection, id: OrganisationId, steps: i16) -> Result<OrganisationRow, DbError> {
    Ok(sqlx::query_as(
        "WITH RECURSIVE up AS (
             SELECT organisation_id, parent_id, code, name, 0 AS steps FROM identity.v_organisation
             WHERE organisation_id = $1
             UNION ALL
             SELECT o.organisation_id, o.parent_id, o.code, o.name, up.steps + 1
             FROM up JOIN identity.v_organisation o ON o.organisation_id = up.parent_id WHERE up.steps < $2
         )
         SELECT organisation_id, code, name FROM up ORDER BY steps DESC LIMIT 1",
    )
    .bind(id)
    .bind(i32::from(steps))
    .fetch_one(conn)
    .await?)
}

/// A person of staff who works in an organisation.
pub async fn colleague(
    conn: &mut PgConnection,
    account: AccountId,
    organisation: OrganisationId,
) -> Result<Option<String>, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT a.name FROM identity.v_account a JOIN identity.v_organisation_closure c
             ON c.ancestor_id = $2 AND c.descendant_id = a.organisation_id
         WHERE a.account_id = $1 AND a.kind = 'staff'",
    )
    .bind(account)
    .bind(organisation)
    .fetch_optional(conn)
    .await?)
}

/// The people of an organisation, for choosing one.
pub async fn colleagues(
    conn: &mut PgConnection,
    organisation: OrganisationId,
) -> Result<Vec<(AccountId, String)>, DbError> {
    Ok(sqlx::query_as(
        "SELECT a.account_id, a.name FROM identity.v_account a JOIN identity.v_organisation_closure c
             ON c.ancestor_id = $1 AND c.descendant_id = a.organisation_id
         WHERE a.kind = 'staff' ORDER BY a.name, a.account_id LIMIT 200",
    )
    .bind(organisation)
    .fetch_all(conn)
    .await?)
}

/// Open organisations whose code begins with, or whose names contain, some text: shorter names first.
pub async fn organisations_like(
    conn: &mut PgConnection,
    text: &str,
    limit: i64,
) -> Result<Vec<OrganisationRow>, DbError> {
    let escaped = text.trim().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    if escaped.is_empty() {
        return Ok(Vec::new());
    }
    Ok(sqlx::query_as(
        "SELECT organisation_id, code, name FROM identity.v_organisation
         WHERE closed_on IS NULL AND (name LIKE '%' || $1 || '%' OR short_name LIKE '%' || $1 || '%' OR code ILIKE $1 || '%')
         ORDER BY code ILIKE $1 DESC, name = $1 DESC, short_name = $1 DESC, length(name), code LIMIT $2",
    )
    .bind(escaped)
    .bind(limit)
    .fetch_all(conn)
    .await?)
}

/// The organisations that cases mostly go to: departments, counties and enterprises of the plan.
pub async fn departments(conn: &mut PgConnection) -> Result<Vec<OrganisationRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT organisation_id, code, name FROM identity.v_organisation
         WHERE closed_on IS NULL AND kind IN ('department', 'county', 'enterprise') ORDER BY kind, code LIMIT 200",
    )
    .fetch_all(conn)
    .await?)
}
