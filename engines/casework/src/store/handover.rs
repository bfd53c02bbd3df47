//! Open cases of a person or an organisation, locked to be handed over.
use jh_core::actor::{AccountId, OrganisationId};
use jh_db::DbError;
use sqlx::PgConnection;
use uuid::Uuid;

use super::file::FileRow;
use crate::model::CaseId;

/// The open cases that a person has, within scopes where any are given.
pub async fn of_person(
    conn: &mut PgConnection,
    account: AccountId,
    scopes: Option<&[Uuid]>,
    limit: i64,
) -> Result<Vec<FileRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT f.* FROM casework.file_listed f
         WHERE f.assignee_id = $1 AND NOT f.closed AND ($2::uuid[] IS NULL OR EXISTS (
             SELECT 1 FROM identity.v_organisation_closure c
             WHERE c.ancestor_id = ANY($2) AND c.descendant_id IN (f.owner_id, f.centre_id)))
         ORDER BY f.case_id LIMIT $3 FOR UPDATE OF f",
    )
    .bind(account)
    .bind(scopes)
    .bind(limit)
    .fetch_all(conn)
    .await?)
}

/// Open cases that an organisation keeps, holds or owns.
pub async fn of_organisation(
    conn: &mut PgConnection,
    organisation: OrganisationId,
    limit: i64,
) -> Result<Vec<FileRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT f.* FROM casework.file_listed f
         WHERE NOT f.closed AND (f.owner_id = $1 OR f.holder_id = $1 OR f.centre_id = $1)
         ORDER BY f.case_id LIMIT $2 FOR UPDATE OF f",
    )
    .bind(organisation)
    .bind(limit)
    .fetch_all(conn)
    .await?)
}

/// Another centre keeps the case.
pub async fn set_centre(conn: &mut PgConnection, id: CaseId, centre: OrganisationId) -> Result<(), DbError> {
    sqlx::query("UPDATE casework.file SET centre_id = $2 WHERE case_id = $1")
        .bind(id)
        .bind(centre)
        .execute(conn)
        .await?;
    Ok(())
}

/// Staff within scopes, with where they work: for choosing who hands over to whom.
pub async fn staff(conn: &mut PgConnection, scopes: &[Uuid]) -> Result<Vec<(AccountId, String)>, DbError> {
    Ok(sqlx::query_as(
        "SELECT DISTINCT a.account_id, o.name || ' ' || a.name AS name
         FROM identity.v_account a
         JOIN identity.v_organisation_closure c ON c.descendant_id = a.organisation_id AND c.ancestor_id = ANY($1)
         JOIN identity.v_organisation o ON o.organisation_id = a.organisation_id
         WHERE a.kind = 'staff' ORDER BY name, a.account_id LIMIT 500",
    )
    .bind(scopes)
    .fetch_all(conn)
    .await?)
}
