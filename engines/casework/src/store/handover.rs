//! Open cases of a person or an organisation, locked to be handed over.
use jh_core::actor::{AccountId, OrganisationId};
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
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

/// Somebody with where he works, and how many open cases he has.
#[derive(Clone, Debug, FromRow)]
pub struct StaffRow {
    pub account_id: AccountId,
    pub name: String,
    pub organisation: String,
    pub cases: i64,
}

/// Whoever has open cases within scopes and whose name contains some text: for choosing who hands over.
pub async fn leaving(conn: &mut PgConnection, scopes: &[Uuid], text: &str) -> Result<Vec<StaffRow>, DbError> {
    Ok(sqlx::query_as(
        "WITH mine AS (SELECT DISTINCT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1)),
         has AS (
             SELECT f.assignee_id AS account_id, count(*) AS cases FROM casework.file f
             WHERE f.assignee_id IS NOT NULL AND NOT f.closed
               AND (f.owner_id IN (SELECT descendant_id FROM mine) OR f.centre_id IN (SELECT descendant_id FROM mine))
             GROUP BY f.assignee_id
         )
         SELECT a.account_id, a.name, o.name AS organisation, has.cases
         FROM has JOIN identity.v_account a USING (account_id)
         JOIN identity.v_organisation o ON o.organisation_id = a.organisation_id
         WHERE position($2 IN a.name || ' ' || o.name) > 0
         ORDER BY o.name, a.name, a.account_id LIMIT 200",
    )
    .bind(scopes)
    .bind(text)
    .fetch_all(conn)
    .await?)
}

/// Colleagues who may take over what somebody has, whose name contains some text: staff of the organisations that hold his open cases.
pub async fn taking(conn: &mut PgConnection, from: AccountId, text: &str) -> Result<Vec<StaffRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT DISTINCT a.account_id, a.name, o.name AS organisation,
                (SELECT count(*) FROM casework.file f WHERE f.assignee_id = a.account_id AND NOT f.closed) AS cases
         FROM casework.file h
         JOIN identity.v_organisation_closure c ON c.ancestor_id = COALESCE(h.holder_id, h.owner_id)
         JOIN identity.v_account a ON a.organisation_id = c.descendant_id AND a.kind = 'staff'
         JOIN identity.v_organisation o ON o.organisation_id = a.organisation_id
         WHERE h.assignee_id = $1 AND NOT h.closed AND a.account_id <> $1 AND position($2 IN a.name || ' ' || o.name) > 0
         ORDER BY organisation, a.name, a.account_id LIMIT 200",
    )
    .bind(from)
    .bind(text)
    .fetch_all(conn)
    .await?)
}
