//! Loading thousands of organisations at once, for the first day of an installation. A handful of statements, however
//! many rows.
use std::collections::HashMap;

use jh_core::actor::OrganisationId;
use jh_db::DbError;
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::model::organisation::{NewOrganisation, OrganisationKind};

/// Those of `codes` that exist, with id and kind.
pub async fn known(
    conn: &mut PgConnection,
    codes: &[String],
) -> Result<HashMap<String, (OrganisationId, OrganisationKind)>, DbError> {
    let rows: Vec<(String, OrganisationId, OrganisationKind)> =
        sqlx::query_as("SELECT code, organisation_id, kind FROM identity.organisation WHERE code = ANY ($1)")
            .bind(codes)
            .fetch_all(conn)
            .await?;
    Ok(rows.into_iter().map(|(code, id, kind)| (code, (id, kind))).collect())
}

/// One organisation with the ids it and its parent got.
pub struct Placed<'a> {
    /// Its id.
    pub id: OrganisationId,
    /// Its parent's id.
    pub parent: Option<OrganisationId>,
    /// What it is.
    pub new: &'a NewOrganisation,
}

/// Adds all of them with closure, paths and first periods.
pub async fn insert(
    conn: &mut PgConnection,
    rows: &[Placed<'_>],
    opened_on: Date,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id.0).collect();
    sqlx::query(
        "INSERT INTO identity.organisation
             (organisation_id, parent_id, code, kind, name, short_name, division_code, opened_on, created_at, changed_at)
         SELECT n.*, $8, $9, $9
         FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) AS n",
    )
    .bind(&ids)
    .bind(rows.iter().map(|row| row.parent.map(|id| id.0)).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.new.code.as_str()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.new.kind.code()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.new.name.as_str()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.new.short_name.as_str()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.new.division_code.as_deref()).collect::<Vec<_>>())
    .bind(opened_on)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    close_over(conn, &ids).await?;
    sqlx::query(
        "INSERT INTO identity.organisation_period (organisation_id, begins_at, name, parent_id, cause)
         SELECT organisation_id, $2, name, parent_id, 'created' FROM identity.organisation
         WHERE organisation_id = ANY ($1)",
    )
    .bind(&ids)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Closure rows and paths of organisations that have none yet.
async fn close_over(conn: &mut PgConnection, ids: &[Uuid]) -> Result<(), DbError> {
    sqlx::query(
        "WITH RECURSIVE up AS (
             SELECT organisation_id AS descendant_id, organisation_id AS ancestor_id, parent_id, 0 AS depth
             FROM identity.organisation WHERE organisation_id = ANY ($1)
             UNION ALL
             SELECT up.descendant_id, o.organisation_id, o.parent_id, up.depth + 1
             FROM up JOIN identity.organisation o ON o.organisation_id = up.parent_id)
         INSERT INTO identity.organisation_closure (ancestor_id, descendant_id, depth)
         SELECT ancestor_id, descendant_id, depth FROM up",
    )
    .bind(ids)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "UPDATE identity.organisation o SET path = p.path
         FROM (SELECT c.descendant_id, string_agg(a.name, ' / ' ORDER BY c.depth DESC) AS path
               FROM identity.organisation_closure c
               JOIN identity.organisation a ON a.organisation_id = c.ancestor_id
               WHERE c.descendant_id = ANY ($1) GROUP BY c.descendant_id) p
         WHERE o.organisation_id = p.descendant_id",
    )
    .bind(ids)
    .execute(conn)
    .await?;
    Ok(())
}
