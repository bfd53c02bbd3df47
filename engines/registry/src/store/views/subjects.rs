//! Base records as pages search and show them: golden rows for lists, and what every provider says for one subject.
//!
//! The values come as they are stored; what is sealed is opened, masked and shown by the page that may.
use jh_core::actor::OrganisationId;
use jh_core::paging::PageRequest;
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::model::SubjectId;

/// A subject in a list; what is shown of it is read by [`crate::reading`].
#[derive(FromRow, Clone, Debug)]
pub struct Found {
    pub subject_id: SubjectId,
    pub revised_at: OffsetDateTime,
}

/// What a list is narrowed to. All that is given must hold.
#[derive(Clone, Debug, Default)]
pub struct Narrow {
    /// The beginning of the name.
    pub name: Option<String>,
    /// The division's codes, past and present.
    pub divisions: Option<Vec<String>>,
    /// A telephone number's key.
    pub phone_key: Option<i64>,
    /// These subjects.
    pub subjects: Option<Vec<Uuid>>,
    /// The scopes of the reader's permission: a subject is found where a provider within them has spoken of it.
    pub scopes: Vec<Uuid>,
}

impl Narrow {
    /// The least text behind all that begin with the name. The columns are in collation C, where this is an index range.
    fn name_end(&self) -> Option<String> {
        self.name.as_ref().map(|name| format!("{name}\u{10ffff}"))
    }
}

/// A page of people by name.
pub async fn people(conn: &mut PgConnection, narrow: &Narrow, request: PageRequest) -> Result<Vec<Found>, DbError> {
    sqlx::query_as(
        "SELECT s.person_id AS subject_id, s.revised_at
         FROM registry.person s
         WHERE ($1::text IS NULL OR (s.name >= $1 AND s.name < $2))
           AND ($3::text[] IS NULL OR s.division_code = ANY($3))
           AND ($4::bigint IS NULL OR s.phone_key = $4)
           AND ($5::uuid[] IS NULL OR s.person_id = ANY($5))
           AND EXISTS (SELECT 1 FROM registry.record r JOIN registry.provider p USING (provider_no)
                       WHERE r.kind = 1 AND r.subject_id = s.person_id AND p.organisation_id IN
                           (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($6)))
         ORDER BY s.name, s.person_id LIMIT $7 OFFSET $8",
    )
    .bind(narrow.name.as_deref())
    .bind(narrow.name_end())
    .bind(narrow.divisions.as_deref())
    .bind(narrow.phone_key)
    .bind(narrow.subjects.as_deref())
    .bind(&narrow.scopes)
    .bind(request.limit())
    .bind(request.offset())
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// A page of organisations by name.
pub async fn organisations(
    conn: &mut PgConnection,
    narrow: &Narrow,
    request: PageRequest,
) -> Result<Vec<Found>, DbError> {
    sqlx::query_as(
        "SELECT s.organisation_id AS subject_id, s.revised_at
         FROM registry.organisation s
         WHERE ($1::text IS NULL OR (s.name >= $1 AND s.name < $2))
           AND ($3::text[] IS NULL OR s.division_code = ANY($3))
           AND ($4::uuid[] IS NULL OR s.organisation_id = ANY($4))
           AND EXISTS (SELECT 1 FROM registry.record r JOIN registry.provider p USING (provider_no)
                       WHERE r.kind = 2 AND r.subject_id = s.organisation_id AND p.organisation_id IN
                           (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($5)))
         ORDER BY s.name, s.organisation_id LIMIT $6 OFFSET $7",
    )
    .bind(narrow.name.as_deref())
    .bind(narrow.name_end())
    .bind(narrow.divisions.as_deref())
    .bind(narrow.subjects.as_deref())
    .bind(&narrow.scopes)
    .bind(request.limit())
    .bind(request.offset())
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// A page of places by name.
pub async fn places(conn: &mut PgConnection, narrow: &Narrow, request: PageRequest) -> Result<Vec<Found>, DbError> {
    sqlx::query_as(
        "SELECT s.place_id AS subject_id, s.revised_at
         FROM registry.place s
         WHERE ($1::text IS NULL OR (s.name >= $1 AND s.name < $2))
           AND ($3::text[] IS NULL OR s.division_code = ANY($3))
           AND ($4::uuid[] IS NULL OR s.place_id = ANY($4))
           AND EXISTS (SELECT 1 FROM registry.record r JOIN registry.provider p USING (provider_no)
                       WHERE r.kind = 3 AND r.subject_id = s.place_id AND p.organisation_id IN
                           (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($5)))
         ORDER BY s.name, s.place_id LIMIT $6 OFFSET $7",
    )
    .bind(narrow.name.as_deref())
    .bind(narrow.name_end())
    .bind(narrow.divisions.as_deref())
    .bind(narrow.subjects.as_deref())
    .bind(&narrow.scopes)
    .bind(request.limit())
    .bind(request.offset())
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// A provider by its number.
#[derive(FromRow, Clone, Debug)]
pub struct Provider {
    pub provider_no: i16,
    pub organisation_id: OrganisationId,
    pub name: String,
}

/// The names of providers.
pub async fn providers(conn: &mut PgConnection, numbers: &[i16]) -> Result<Vec<Provider>, DbError> {
    sqlx::query_as(
        "SELECT p.provider_no, p.organisation_id, o.name FROM registry.provider p
         JOIN identity.v_organisation o ON o.organisation_id = p.organisation_id
         WHERE p.provider_no = ANY($1)",
    )
    .bind(numbers)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// The providers that hold records of a kind or have a place in the order of one of its attributes.
pub async fn providers_of(conn: &mut PgConnection, kind_no: i16) -> Result<Vec<Provider>, DbError> {
    sqlx::query_as(
        "SELECT p.provider_no, p.organisation_id, o.name FROM registry.provider p
         JOIN identity.v_organisation o ON o.organisation_id = p.organisation_id
         WHERE p.provider_no IN (SELECT provider_no FROM registry.provider_tally WHERE kind = $1 AND records > 0
             UNION SELECT provider_no FROM registry.attribute_rule WHERE kind = $1)
         ORDER BY p.provider_no LIMIT 500",
    )
    .bind(kind_no)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// A delivery by its number, and whether the reader may open it.
#[derive(FromRow, Clone, Debug)]
pub struct Brought {
    pub delivery_no: i32,
    pub delivery_id: Uuid,
    pub provider_no: i16,
    pub file_name: String,
    pub received_at: OffsetDateTime,
    pub readable: bool,
}

/// The deliveries that brought values; `scopes` are those of the reader's permission to read deliveries.
pub async fn brought(conn: &mut PgConnection, scopes: &[Uuid], numbers: &[i32]) -> Result<Vec<Brought>, DbError> {
    sqlx::query_as(
        "SELECT delivery_no, delivery_id, provider_no, file_name, received_at,
                provider_id IN (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1))
                    AS readable
         FROM registry.delivery WHERE delivery_no = ANY($2) ORDER BY delivery_no DESC",
    )
    .bind(scopes)
    .bind(numbers)
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// A page of the subjects whose values a delivery brought and that still stand. `replaced` narrows to those that were
/// new (false) or changed (true).
pub async fn landed(
    conn: &mut PgConnection,
    kind_no: i16,
    (provider_no, delivery_no): (i16, i32),
    replaced: Option<bool>,
    request: PageRequest,
) -> Result<Vec<Uuid>, DbError> {
    sqlx::query_scalar(
        "SELECT r.subject_id FROM registry.record r
         WHERE r.kind = $1 AND r.provider_no = $2 AND r.delivery_no = $3
           AND ($4::boolean IS NULL OR $4 = EXISTS (
               SELECT 1 FROM registry.record_past p
               WHERE p.subject_id = r.subject_id AND p.provider_no = r.provider_no AND p.replaced_by = r.delivery_no))
         ORDER BY r.subject_id LIMIT $5 OFFSET $6",
    )
    .bind(kind_no)
    .bind(provider_no)
    .bind(delivery_no)
    .bind(replaced)
    .bind(request.limit())
    .bind(request.offset())
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}

/// A row of a dataset, as stored.
#[derive(FromRow, Clone, Debug)]
pub struct DatasetRow {
    pub clear_values: Vec<Option<String>>,
    pub sealed: Option<Vec<u8>>,
}

/// A page of the rows of a dataset that a delivery brought and that still stand.
pub async fn dataset_rows(
    conn: &mut PgConnection,
    resource: Uuid,
    delivery_no: i32,
    request: PageRequest,
) -> Result<Vec<DatasetRow>, DbError> {
    sqlx::query_as(
        "SELECT clear_values, sealed FROM registry.dataset_row WHERE resource_id = $1 AND delivery_no = $2
         ORDER BY row_no, row_key LIMIT $3 OFFSET $4",
    )
    .bind(resource)
    .bind(delivery_no)
    .bind(request.limit())
    .bind(request.offset())
    .fetch_all(conn)
    .await
    .map_err(DbError::from)
}
