//! What identity says of organisations and people.
use jh_core::actor::{AccountId, OrganisationId};
use jh_db::DbError;
use sqlx::PgConnection;
use uuid::Uuid;

/// An open organisation's name, if the scopes cover it.
pub async fn organisation_within(
    conn: &mut PgConnection,
    id: OrganisationId,
    scopes: &[Uuid],
) -> Result<Option<String>, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT o.name FROM identity.v_organisation o
         WHERE o.organisation_id = $1 AND o.closed_on IS NULL AND EXISTS (
             SELECT 1 FROM identity.v_organisation_closure c
             WHERE c.ancestor_id = ANY($2) AND c.descendant_id = o.organisation_id)",
    )
    .bind(id)
    .bind(scopes)
    .fetch_optional(conn)
    .await?)
}

/// An open organisation by its code, if the scopes cover it.
pub async fn organisation_coded(
    conn: &mut PgConnection,
    code: &str,
    scopes: &[Uuid],
) -> Result<Option<OrganisationId>, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT o.organisation_id FROM identity.v_organisation o
         WHERE o.code = upper($1) AND o.closed_on IS NULL AND EXISTS (
             SELECT 1 FROM identity.v_organisation_closure c
             WHERE c.ancestor_id = ANY($2) AND c.descendant_id = o.organisation_id)",
    )
    .bind(code)
    .bind(scopes)
    .fetch_optional(conn)
    .await?)
}

/// Organisations that answers can be written for: in scope, and no streets and communities, of which there are thousands
/// and which keep no answers of their own.
pub async fn writable(conn: &mut PgConnection, scopes: &[Uuid]) -> Result<Vec<(Uuid, String)>, DbError> {
    Ok(sqlx::query_as(
        "SELECT o.organisation_id, o.name FROM identity.v_organisation o
         WHERE o.closed_on IS NULL AND (o.organisation_id = ANY($1) OR o.kind NOT IN ('street', 'community'))
           AND EXISTS (SELECT 1 FROM identity.v_organisation_closure c
               WHERE c.ancestor_id = ANY($1) AND c.descendant_id = o.organisation_id)
         ORDER BY o.path LIMIT 300",
    )
    .bind(scopes)
    .fetch_all(conn)
    .await?)
}

/// Those who can keep an organisation's answers: staff who work there or below it.
pub async fn keepers(conn: &mut PgConnection, organisation: OrganisationId) -> Result<Vec<(Uuid, String)>, DbError> {
    Ok(sqlx::query_as(
        "SELECT a.account_id, a.name FROM identity.v_account a
         WHERE a.kind = 'staff' AND a.working AND a.organisation_id IN (
             SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = $1)
         ORDER BY (a.organisation_id <> $1), a.name, a.account_id LIMIT 200",
    )
    .bind(organisation)
    .fetch_all(conn)
    .await?)
}

/// Whether somebody can keep an organisation's answers.
pub async fn is_keeper(
    conn: &mut PgConnection,
    account: AccountId,
    organisation: OrganisationId,
) -> Result<bool, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM identity.v_account a
             JOIN identity.v_organisation_closure c ON c.descendant_id = a.organisation_id AND c.ancestor_id = $2
             WHERE a.account_id = $1 AND a.kind = 'staff' AND a.working)",
    )
    .bind(account)
    .bind(organisation)
    .fetch_one(conn)
    .await?)
}

/// Keepers of a name in an organisation; two are enough to know that the name is not.
pub async fn keepers_named(
    conn: &mut PgConnection,
    organisation: OrganisationId,
    name: &str,
) -> Result<Vec<AccountId>, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT a.account_id FROM identity.v_account a
         JOIN identity.v_organisation_closure c ON c.descendant_id = a.organisation_id AND c.ancestor_id = $1
         WHERE a.kind = 'staff' AND a.working AND a.name = $2 LIMIT 2",
    )
    .bind(organisation)
    .bind(name)
    .fetch_all(conn)
    .await?)
}

/// The name of an organisation, open or closed.
pub async fn organisation_name(conn: &mut PgConnection, id: OrganisationId) -> Result<String, DbError> {
    let name: Option<String> =
        sqlx::query_scalar("SELECT o.name FROM identity.v_organisation o WHERE o.organisation_id = $1")
            .bind(id)
            .fetch_optional(conn)
            .await?;
    Ok(name.unwrap_or_default())
}

/// The name of an account, and whether it works.
pub async fn person(conn: &mut PgConnection, id: AccountId) -> Result<(String, bool), DbError> {
    let found = sqlx::query_as("SELECT a.name, a.working FROM identity.v_account a WHERE a.account_id = $1")
        .bind(id)
        .fetch_optional(conn)
        .await?;
    Ok(found.unwrap_or_default())
}
