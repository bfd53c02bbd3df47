//! Open resources with everything a harvesting catalogue asks for: what CKAN and DCAT answer with.
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;

use crate::fault::CatalogueError;
use crate::model::{Format, ResourceId, RowKind, SharingKind, Theme, UpdateCycle};
use crate::store::search::Narrow;

/// One open resource, described in full but for its fields.
#[derive(FromRow, Clone, Debug)]
pub struct Described {
    /// The resource.
    pub resource_id: ResourceId,
    /// Its code.
    pub code: String,
    /// The published version.
    pub version: i32,
    /// Title.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// Description.
    pub description: String,
    /// English description.
    pub description_en: String,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Theme.
    pub theme: Theme,
    /// Format.
    pub format: Format,
    /// Update cycle.
    pub update_cycle: UpdateCycle,
    /// Sharing kind.
    pub sharing_kind: SharingKind,
    /// Whom to ask.
    pub contact: String,
    /// What its rows are; none when only described.
    pub rows_kind: Option<RowKind>,
    /// The provider's code.
    pub provider_code: String,
    /// The provider's name.
    pub provider_name: String,
    /// When its first version was published.
    pub issued_at: OffsetDateTime,
    /// When this version was published.
    pub published_at: OffsetDateTime,
}

/// A page of the open resources that match, in the order `rank`, `newest`, `title` or `code`.
pub async fn described(
    conn: &mut PgConnection,
    narrow: &Narrow<'_>,
    order: &str,
    limit: i64,
    offset: i64,
) -> Result<Vec<Described>, CatalogueError> {
    Ok(sqlx::query_as(
        "SELECT v.resource_id, v.code, v.version, v.title, v.title_en, v.description, v.description_en, v.keywords,
                v.theme, v.format, v.update_cycle, v.sharing_kind, v.contact, v.rows_kind,
                o.code AS provider_code, o.name AS provider_name,
                (SELECT min(w.published_at) FROM catalogue.resource_version w WHERE w.resource_id = v.resource_id)
                    AS issued_at, v.published_at
         FROM catalogue.version_row v
         JOIN identity.v_organisation o ON o.organisation_id = v.provider_id
         WHERE v.state = 'published' AND v.open
           AND ($1::text IS NULL OR v.search @@ $1::tsquery)
           AND ($2::text IS NULL OR lower(o.code) = lower($2))
           AND ($3::text IS NULL OR v.theme = $3)
           AND ($4::text IS NULL OR v.sharing_kind = $4)
           AND ($5::text IS NULL OR v.format = $5)
           AND ($6::text IS NULL OR $6 = ANY(v.keywords))
         ORDER BY CASE WHEN $7 = 'rank' AND $1 IS NOT NULL
                       THEN ts_rank('{0.1,0.2,0.5,1.0}', v.search, $1::tsquery, 0) END DESC NULLS LAST,
                  CASE WHEN $7 = 'title' THEN v.title END,
                  CASE WHEN $7 IN ('rank', 'newest') THEN v.published_at END DESC, v.code
         LIMIT $8 OFFSET $9",
    )
    .bind(narrow.words)
    .bind(narrow.provider)
    .bind(narrow.theme)
    .bind(narrow.sharing)
    .bind(narrow.format)
    .bind(narrow.keyword)
    .bind(order)
    .bind(limit)
    .bind(offset)
    .fetch_all(conn)
    .await?)
}

/// One open resource by its code, in capitals or not, or by its id.
pub async fn by_code(conn: &mut PgConnection, code: &str) -> Result<Option<Described>, CatalogueError> {
    let id = code.parse::<uuid::Uuid>().ok();
    Ok(sqlx::query_as(
        "SELECT v.resource_id, v.code, v.version, v.title, v.title_en, v.description, v.description_en, v.keywords,
                v.theme, v.format, v.update_cycle, v.sharing_kind, v.contact, v.rows_kind,
                o.code AS provider_code, o.name AS provider_name,
                (SELECT min(w.published_at) FROM catalogue.resource_version w WHERE w.resource_id = v.resource_id)
                    AS issued_at, v.published_at
         FROM catalogue.version_row v
         JOIN identity.v_organisation o ON o.organisation_id = v.provider_id
         WHERE v.state = 'published' AND v.open AND (lower(v.code) = lower($1) OR v.resource_id = $2)
         LIMIT 1",
    )
    .bind(code)
    .bind(id)
    .fetch_optional(conn)
    .await?)
}

/// The codes of open resources in order, for a plain list of names.
pub async fn codes(conn: &mut PgConnection, limit: i64, offset: i64) -> Result<Vec<String>, CatalogueError> {
    Ok(sqlx::query_scalar(
        "SELECT lower(code) FROM catalogue.version_row WHERE state = 'published' AND open
         ORDER BY lower(code) LIMIT $1 OFFSET $2",
    )
    .bind(limit)
    .bind(offset)
    .fetch_all(conn)
    .await?)
}
