//! Duties: which document says that an organisation is responsible for what.
use jh_core::actor::OrganisationId;
use jh_core::paging::PageRequest;
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::suggestion::DutyId;

/// A duty.
#[derive(Clone, Debug, FromRow)]
pub struct DutyRow {
    pub duty_id: DutyId,
    pub organisation_id: OrganisationId,
    pub organisation_name: String,
    pub clause: String,
    pub source: String,
    pub valid_from_on: Date,
    pub valid_to_on: Option<Date>,
}

/// Writes a duty.
pub async fn insert(conn: &mut PgConnection, row: &DutyRow, sought: &str, now: OffsetDateTime) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO hotline.duty (duty_id, organisation_id, clause, source, valid_from_on, valid_to_on, sought, written_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7::tsvector, $8)",
    )
    .bind(row.duty_id)
    .bind(row.organisation_id)
    .bind(&row.clause)
    .bind(&row.source)
    .bind(row.valid_from_on)
    .bind(row.valid_to_on)
    .bind(sought)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends a duty that is in force, within the scopes. Says whose it was.
pub async fn end(
    conn: &mut PgConnection,
    id: DutyId,
    on: Date,
    scopes: &[Uuid],
) -> Result<Option<OrganisationId>, DbError> {
    Ok(sqlx::query_scalar(
        "UPDATE hotline.duty d SET valid_to_on = greatest($2, d.valid_from_on + 1)
         WHERE d.duty_id = $1 AND (d.valid_to_on IS NULL OR d.valid_to_on > $2) AND EXISTS (
             SELECT 1 FROM identity.v_organisation_closure c
             WHERE c.ancestor_id = ANY($3) AND c.descendant_id = d.organisation_id)
         RETURNING d.organisation_id",
    )
    .bind(id)
    .bind(on)
    .bind(scopes)
    .fetch_optional(conn)
    .await?)
}

/// Duties in the order of organisations.
pub async fn list(conn: &mut PgConnection, page: PageRequest) -> Result<Vec<DutyRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT d.duty_id, d.organisation_id, coalesce(o.name, '') AS organisation_name, d.clause, d.source,
             d.valid_from_on, d.valid_to_on
         FROM hotline.duty d LEFT JOIN identity.v_organisation o ON o.organisation_id = d.organisation_id
         ORDER BY o.path, d.valid_from_on DESC, d.duty_id LIMIT $1 OFFSET $2",
    )
    .bind(page.limit())
    .bind(page.offset())
    .fetch_all(conn)
    .await?)
}

/// Duties in force on a day that have any of these grams, of some organisations or, with none given, of all.
pub async fn fitting(
    conn: &mut PgConnection,
    organisations: &[Uuid],
    query: &str,
    on: Date,
) -> Result<Vec<DutyRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT d.duty_id, d.organisation_id, coalesce(o.name, '') AS organisation_name, d.clause, d.source,
             d.valid_from_on, d.valid_to_on
         FROM hotline.duty d LEFT JOIN identity.v_organisation o ON o.organisation_id = d.organisation_id
         WHERE (cardinality($1::uuid[]) = 0 OR d.organisation_id = ANY($1)) AND d.sought @@ $2::tsquery
           AND d.valid_from_on <= $3 AND (d.valid_to_on IS NULL OR d.valid_to_on > $3)
         ORDER BY ts_rank(d.sought, $2::tsquery) DESC, d.duty_id LIMIT 60",
    )
    .bind(organisations)
    .bind(query)
    .bind(on)
    .fetch_all(conn)
    .await?)
}
