//! What the exchange reads of the rooms below, through the views they publish: organisations and published resources.
use jh_core::actor::OrganisationId;
use jh_core::paging::PageRequest;
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use catalogue::api::SharingKind;

/// The name of an organisation, if it lies within the scopes.
pub async fn name_within(
    conn: &mut PgConnection,
    organisation: OrganisationId,
    scopes: &[Uuid],
) -> Result<Option<String>, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT o.name FROM identity.v_organisation o
         WHERE o.organisation_id = $1 AND EXISTS (
             SELECT 1 FROM identity.v_organisation_closure c
             WHERE c.descendant_id = o.organisation_id AND c.ancestor_id = ANY($2))",
    )
    .bind(organisation)
    .bind(scopes)
    .fetch_optional(conn)
    .await?)
}

/// The name of an organisation.
pub async fn name_of(conn: &mut PgConnection, organisation: OrganisationId) -> Result<Option<String>, DbError> {
    Ok(sqlx::query_scalar("SELECT name FROM identity.v_organisation WHERE organisation_id = $1")
        .bind(organisation)
        .fetch_optional(conn)
        .await?)
}

/// Whether the scopes of deciding cover the provider, and those of asking the requester: what a page may offer to do.
pub async fn sides(
    conn: &mut PgConnection,
    (provider, requester): (OrganisationId, OrganisationId),
    decide: &[Uuid],
    ask: &[Uuid],
) -> Result<(bool, bool), DbError> {
    Ok(sqlx::query_as(
        "SELECT EXISTS (SELECT 1 FROM identity.v_organisation_closure WHERE descendant_id = $1 AND ancestor_id = ANY($3)),
                EXISTS (SELECT 1 FROM identity.v_organisation_closure WHERE descendant_id = $2 AND ancestor_id = ANY($4))",
    )
    .bind(provider)
    .bind(requester)
    .bind(decide)
    .bind(ask)
    .fetch_one(conn)
    .await?)
}

/// A published resource that may be asked for.
#[derive(Clone, Debug, FromRow)]
pub struct AskableRow {
    pub code: String,
    pub title: String,
    pub title_en: String,
    pub provider_name: String,
    pub sharing_kind: SharingKind,
}

/// Published resources with rows, of others than `own`, by title; those that are withheld too, since the page says why.
pub async fn askable(
    conn: &mut PgConnection,
    own: Option<OrganisationId>,
    text: Option<&str>,
    page: PageRequest,
) -> Result<Vec<AskableRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT r.code, r.title, r.title_en, o.name AS provider_name, r.sharing_kind
         FROM catalogue.v_resource r JOIN identity.v_organisation o ON o.organisation_id = r.provider_id
         WHERE r.rows_kind IS NOT NULL AND r.provider_id IS DISTINCT FROM $1
           AND ($2::text IS NULL OR r.title ILIKE $2 OR r.title_en ILIKE $2 OR r.code ILIKE $2 OR o.name ILIKE $2)
         ORDER BY r.title, r.code LIMIT $3 OFFSET $4",
    )
    .bind(own)
    .bind(text)
    .bind(page.limit())
    .bind(page.offset())
    .fetch_all(conn)
    .await?)
}
