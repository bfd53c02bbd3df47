//! What the public finds: published, open resources, ranked, with the counts to narrow them by.
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;

use crate::fault::CatalogueError;
use crate::model::{Classification, Format, SharingKind, State, Theme, UpdateCycle};

/// What narrows a search; none is everything.
#[derive(Clone, Default, Debug)]
pub struct Narrow<'a> {
    /// The text form of a `tsquery`.
    pub words: Option<&'a str>,
    /// The provider's organisation code.
    pub provider: Option<&'a str>,
    /// The theme.
    pub theme: Option<&'a str>,
    /// The sharing kind.
    pub sharing: Option<&'a str>,
    /// The format.
    pub format: Option<&'a str>,
    /// A keyword, exactly.
    pub keyword: Option<&'a str>,
}

/// One line of a list of resources.
#[derive(FromRow, Clone, Debug)]
pub struct Summary {
    /// Its code.
    pub code: String,
    /// The version meant.
    pub version: i32,
    /// Where it stands.
    pub state: State,
    /// Title.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// Description.
    pub description: String,
    /// English description.
    pub description_en: String,
    /// The theme.
    pub theme: Theme,
    /// The format.
    pub format: Format,
    /// How often it is brought up to date.
    pub update_cycle: UpdateCycle,
    /// The class.
    pub classification: Classification,
    /// The sharing kind.
    pub sharing_kind: SharingKind,
    /// Open to the public.
    pub open: bool,
    /// The provider's organisation code.
    pub provider_code: String,
    /// The provider's name.
    pub provider_name: String,
    /// When it was last changed.
    pub changed_at: OffsetDateTime,
    /// Whether there are rows behind it, or only a description.
    pub has_rows: bool,
}

/// In which order hits come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Order {
    /// Best first; newest first where nothing is searched for.
    #[default]
    Rank,
    /// Newest first.
    Newest,
    /// By title.
    Title,
}

impl Order {
    fn word(self) -> &'static str {
        match self {
            Self::Rank => "rank",
            Self::Newest => "newest",
            Self::Title => "title",
        }
    }
}

/// A page of the open resources that match.
pub async fn open(
    conn: &mut PgConnection,
    narrow: &Narrow<'_>,
    order: Order,
    limit: i64,
    offset: i64,
) -> Result<Vec<Summary>, CatalogueError> {
    Ok(sqlx::query_as(
        "SELECT v.code, v.version, v.state, v.title, v.title_en, v.description, v.description_en,
                v.theme, v.format, v.update_cycle, v.classification, v.sharing_kind, v.open,
                o.code AS provider_code, o.name AS provider_name, v.changed_at,
                v.rows_kind IS NOT NULL AS has_rows
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
                  v.published_at DESC, v.code
         LIMIT $8 OFFSET $9",
    )
    .bind(narrow.words)
    .bind(narrow.provider)
    .bind(narrow.theme)
    .bind(narrow.sharing)
    .bind(narrow.format)
    .bind(narrow.keyword)
    .bind(order.word())
    .bind(limit)
    .bind(offset)
    .fetch_all(conn)
    .await?)
}

/// One value of one facet with the number of hits that have it.
#[derive(FromRow, Clone, Debug)]
pub struct FacetRow {
    /// `provider`, `theme`, `sharing`, `format`, or `all` for the number of all hits.
    pub facet: String,
    /// The value in the address bar.
    pub value: String,
    /// The name, where it is data (a provider's).
    pub name: String,
    /// Hits.
    pub hits: i64,
}

/// The counts beside the hits. A catalogue has thousands of entries, so counting the hits is cheap.
pub async fn facets(conn: &mut PgConnection, narrow: &Narrow<'_>) -> Result<Vec<FacetRow>, CatalogueError> {
    Ok(sqlx::query_as(
        "WITH hits AS (
             SELECT o.code AS provider, o.name, v.theme, v.sharing_kind, v.format
             FROM catalogue.version_row v
             JOIN identity.v_organisation o ON o.organisation_id = v.provider_id
             WHERE v.state = 'published' AND v.open
               AND ($1::text IS NULL OR v.search @@ $1::tsquery)
               AND ($2::text IS NULL OR lower(o.code) = lower($2))
               AND ($3::text IS NULL OR v.theme = $3)
               AND ($4::text IS NULL OR v.sharing_kind = $4)
               AND ($5::text IS NULL OR v.format = $5)
               AND ($6::text IS NULL OR $6 = ANY(v.keywords)))
         SELECT CASE WHEN grouping(provider) = 0 THEN 'provider' WHEN grouping(theme) = 0 THEN 'theme'
                     WHEN grouping(sharing_kind) = 0 THEN 'sharing' WHEN grouping(format) = 0 THEN 'format'
                     ELSE 'all' END AS facet,
                coalesce(provider, theme, sharing_kind, format, '') AS value, coalesce(name, '') AS name,
                count(*) AS hits
         FROM hits
         GROUP BY GROUPING SETS ((provider, name), (theme), (sharing_kind), (format), ())
         ORDER BY facet, hits DESC, value
         LIMIT 500",
    )
    .bind(narrow.words)
    .bind(narrow.provider)
    .bind(narrow.theme)
    .bind(narrow.sharing)
    .bind(narrow.format)
    .bind(narrow.keyword)
    .fetch_all(conn)
    .await?)
}

/// The keywords of the hits with their counts, most used first.
pub async fn keyword_counts(
    conn: &mut PgConnection,
    narrow: &Narrow<'_>,
    limit: i64,
) -> Result<Vec<FacetRow>, CatalogueError> {
    Ok(sqlx::query_as(
        "SELECT 'tags' AS facet, k AS value, '' AS name, count(*) AS hits
         FROM catalogue.version_row v
         JOIN identity.v_organisation o ON o.organisation_id = v.provider_id
         CROSS JOIN unnest(v.keywords) k
         WHERE v.state = 'published' AND v.open
           AND ($1::text IS NULL OR v.search @@ $1::tsquery)
           AND ($2::text IS NULL OR lower(o.code) = lower($2))
           AND ($3::text IS NULL OR v.theme = $3)
           AND ($4::text IS NULL OR $4 = ANY(v.keywords))
         GROUP BY k ORDER BY hits DESC, k LIMIT $5",
    )
    .bind(narrow.words)
    .bind(narrow.provider)
    .bind(narrow.theme)
    .bind(narrow.keyword)
    .bind(limit)
    .fetch_all(conn)
    .await?)
}

/// The keywords of open resources that begin with a text, most used first.
pub async fn keywords(conn: &mut PgConnection, like: Option<&str>, limit: i64) -> Result<Vec<String>, CatalogueError> {
    Ok(sqlx::query_scalar(
        "SELECT k FROM catalogue.resource_version v, unnest(v.keywords) k
         WHERE v.state = 'published' AND v.open AND ($1::text IS NULL OR starts_with(lower(k), lower($1)))
         GROUP BY k ORDER BY count(*) DESC, k LIMIT $2",
    )
    .bind(like)
    .bind(limit)
    .fetch_all(conn)
    .await?)
}

/// An organisation that provides open resources.
#[derive(FromRow, Clone, Debug)]
pub struct Provider {
    /// Its organisation code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How many.
    pub resources: i64,
}

/// The providers of open resources, or one of them by code or CKAN name.
pub async fn providers(conn: &mut PgConnection, code: Option<&str>) -> Result<Vec<Provider>, CatalogueError> {
    Ok(sqlx::query_as(
        "SELECT o.code, o.name, count(*) AS resources
         FROM catalogue.v_resource v
         JOIN identity.v_organisation o ON o.organisation_id = v.provider_id
         WHERE v.open AND ($1::text IS NULL OR lower(o.code) = lower($1))
         GROUP BY o.code, o.name ORDER BY o.code LIMIT 1000",
    )
    .bind(code)
    .fetch_all(conn)
    .await?)
}
