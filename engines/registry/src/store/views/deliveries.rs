//! Deliveries as pages show them. Every query takes the scopes of the reader's permission and narrows by them.
use jh_core::paging::PageRequest;
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::model::{DeliveryId, State};

/// The most organisations to choose from in one selection.
const PROVIDERS_MAX: i64 = 200;

/// A delivery with all that a list or its own page says of it.
#[derive(FromRow, Clone, Debug)]
pub struct Shown {
    pub delivery_id: DeliveryId,
    pub delivery_no: i32,
    pub provider_id: Uuid,
    pub provider_no: i16,
    pub provider_name: String,
    pub kind: String,
    pub resource_id: Option<Uuid>,
    pub resource_title: Option<String>,
    pub resource_title_en: Option<String>,
    pub file_name: String,
    pub file_sm3: Vec<u8>,
    pub file_bytes: i64,
    pub format: Option<String>,
    pub sheet: Option<String>,
    pub encoding: String,
    pub header_row: Option<i64>,
    pub rows_declared: Option<i64>,
    pub columns: Option<Vec<String>>,
    pub attributes: Option<Vec<Option<String>>>,
    pub state: State,
    pub failure: Option<String>,
    pub failure_detail: String,
    pub same_as: Option<Uuid>,
    pub corrects: Option<Uuid>,
    pub settled_at: Option<OffsetDateTime>,
    pub submitted_by_name: String,
    pub received_at: OffsetDateTime,
    pub started_at: Option<OffsetDateTime>,
    pub changed_at: OffsetDateTime,
    pub ended_at: Option<OffsetDateTime>,
    pub paused: Option<String>,
    pub cancel_asked_at: Option<OffsetDateTime>,
    pub next_offset: i64,
    pub rows_read: i64,
    pub rows_new: i64,
    pub rows_changed: i64,
    pub rows_unchanged: i64,
    pub rows_rejected: i64,
    pub rows_mended: i64,
}

/// What a list is narrowed to; none is everything within the scopes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Narrow<'a> {
    /// These states.
    pub states: Option<&'a [&'a str]>,
    /// Only deliveries with rejected rows.
    pub rejected: bool,
    /// One kind.
    pub kind: Option<&'a str>,
    /// One provider, by its organisation's code.
    pub provider: Option<&'a str>,
    /// Part of the file's name.
    pub text: Option<&'a str>,
}

/// A page of deliveries, newest first.
pub async fn list(
    conn: &mut PgConnection,
    scopes: &[Uuid],
    narrow: Narrow<'_>,
    request: PageRequest,
) -> Result<Vec<Shown>, DbError> {
    sqlx::query_as(
        "SELECT d.*, o.name AS provider_name, r.title AS resource_title, r.title_en AS resource_title_en
         FROM registry.delivery d
         JOIN identity.v_organisation o ON o.organisation_id = d.provider_id
         LEFT JOIN catalogue.v_resource r ON r.resource_id = d.resource_id
         WHERE d.provider_id IN (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1))
           AND ($2::text[] IS NULL OR d.state = ANY($2))
           AND (NOT $3 OR d.rows_rejected > 0)
           AND ($4::text IS NULL OR d.kind = $4)
           AND ($5::text IS NULL OR o.code = $5)
           AND ($6::text IS NULL OR position(lower($6) IN lower(d.file_name)) > 0)
         ORDER BY d.delivery_no DESC LIMIT $7 OFFSET $8",
    )
    .bind(scopes)
    .bind(narrow.states)
    .bind(narrow.rejected)
    .bind(narrow.kind)
    .bind(narrow.provider)
    .bind(narrow.text)
    .bind(request.limit())
    .bind(request.offset())
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// One delivery, if it lies within the scopes.
pub async fn one(conn: &mut PgConnection, scopes: &[Uuid], id: DeliveryId) -> Result<Option<Shown>, DbError> {
    sqlx::query_as(
        "SELECT d.*, o.name AS provider_name, r.title AS resource_title, r.title_en AS resource_title_en
         FROM registry.delivery d
         JOIN identity.v_organisation o ON o.organisation_id = d.provider_id
         LEFT JOIN catalogue.v_resource r ON r.resource_id = d.resource_id
         WHERE d.delivery_id = $2
           AND d.provider_id IN (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1))",
    )
    .bind(scopes)
    .bind(id)
    .fetch_optional(conn)
    .await
    .map_err(DbError::from)
}

/// How many rows broke one rule.
#[derive(FromRow, Clone, Debug)]
pub struct RuleCount {
    pub rule: String,
    pub rows: i64,
}

/// The rules that rows of a delivery broke, most often broken first.
pub async fn rules(conn: &mut PgConnection, id: DeliveryId) -> Result<Vec<RuleCount>, DbError> {
    sqlx::query_as(
        "SELECT rule, sum(rows)::bigint AS rows FROM registry.delivery_fault_count WHERE delivery_id = $1
         GROUP BY rule ORDER BY 2 DESC, 1 LIMIT 40",
    )
    .bind(id)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// An organisation to choose.
#[derive(FromRow, Clone, Debug)]
pub struct ProviderChoice {
    pub organisation_id: Uuid,
    pub code: String,
    pub name: String,
}

/// Those within the scopes that may deliver: units of the city and of counties, and whoever has delivered before. Towns
/// and communities are offered only to those whose scope begins there; a selection of two thousand helps nobody.
pub async fn providers_to_deliver(conn: &mut PgConnection, scopes: &[Uuid]) -> Result<Vec<ProviderChoice>, DbError> {
    sqlx::query_as(
        "SELECT o.organisation_id, o.code, o.name FROM identity.v_organisation o
         WHERE o.closed_on IS NULL
           AND o.organisation_id IN
               (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1))
           AND (o.kind IN ('city', 'county', 'department', 'enterprise') OR o.organisation_id = ANY($1)
                OR EXISTS (SELECT 1 FROM registry.provider p WHERE p.organisation_id = o.organisation_id))
         ORDER BY o.path LIMIT $2",
    )
    .bind(scopes)
    .bind(PROVIDERS_MAX)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// Those within the scopes that have delivered: what a list of deliveries can be narrowed to.
pub async fn providers_delivered(conn: &mut PgConnection, scopes: &[Uuid]) -> Result<Vec<ProviderChoice>, DbError> {
    sqlx::query_as(
        "SELECT o.organisation_id, o.code, o.name FROM registry.provider p
         JOIN identity.v_organisation o ON o.organisation_id = p.organisation_id
         WHERE o.organisation_id IN
               (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1))
         ORDER BY o.path LIMIT $2",
    )
    .bind(scopes)
    .bind(PROVIDERS_MAX)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// A resource of the catalogue that takes rows of its own.
#[derive(FromRow, Clone, Debug)]
pub struct ResourceChoice {
    pub resource_id: Uuid,
    pub title: String,
    pub title_en: String,
    pub provider_name: String,
}

/// The published resources with rows of their own of providers within the scopes.
pub async fn resources(conn: &mut PgConnection, scopes: &[Uuid]) -> Result<Vec<ResourceChoice>, DbError> {
    sqlx::query_as(
        "SELECT r.resource_id, r.title, r.title_en, o.name AS provider_name FROM catalogue.v_resource r
         JOIN identity.v_organisation o ON o.organisation_id = r.provider_id
         WHERE r.rows_kind = 'dataset' AND r.provider_id IN
               (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1))
         ORDER BY o.path, r.title LIMIT 300",
    )
    .bind(scopes)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// What waits for somebody of the scopes: columns to be named, rows to be corrected, and files that could not be read
/// unless another came from the same provider since.
pub async fn waiting(conn: &mut PgConnection, scopes: &[Uuid], since: OffsetDateTime) -> Result<Vec<Shown>, DbError> {
    sqlx::query_as(
        "SELECT d.*, o.name AS provider_name, NULL::text AS resource_title, NULL::text AS resource_title_en
         FROM registry.delivery d
         JOIN identity.v_organisation o ON o.organisation_id = d.provider_id
         WHERE d.provider_id IN (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1))
           AND (d.state = 'mapping'
                OR (d.state = 'done' AND d.rows_rejected > 0 AND d.settled_at IS NULL)
                OR (d.state = 'failed' AND d.ended_at > $2 AND NOT EXISTS (
                    SELECT 1 FROM registry.delivery later
                    WHERE later.provider_id = d.provider_id AND later.kind = d.kind AND later.delivery_no > d.delivery_no
                      AND later.resource_id IS NOT DISTINCT FROM d.resource_id AND later.state <> 'cancelled')))
         ORDER BY d.delivery_no LIMIT 20",
    )
    .bind(scopes)
    .bind(since)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// The id and file of the delivery that a delivery corrects, or that corrects it, if it lies within the scopes.
pub async fn related(
    conn: &mut PgConnection,
    scopes: &[Uuid],
    it: &Shown,
) -> Result<Vec<(Uuid, String, bool)>, DbError> {
    sqlx::query_as(
        "SELECT delivery_id, file_name, coalesce(delivery_id = $3, false) AS earlier FROM registry.delivery
         WHERE (delivery_id = $3 OR corrects = $2)
           AND provider_id IN (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1))
         ORDER BY delivery_no LIMIT 20",
    )
    .bind(scopes)
    .bind(it.delivery_id)
    .bind(it.corrects)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}
