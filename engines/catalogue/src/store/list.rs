//! What staff see: any resource of their scope in any state, and everyone's published ones.
use jh_core::actor::{AccountId, OrganisationId};
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::fault::CatalogueError;
use crate::model::{ResourceId, State};
use crate::store::search::Summary;

/// What narrows the staff's list; none is everything visible.
#[derive(Clone, Default, Debug)]
pub struct Filter<'a> {
    /// The text form of a `tsquery`.
    pub words: Option<&'a str>,
    /// The provider's organisation code.
    pub provider: Option<&'a str>,
    /// The state.
    pub state: Option<&'a str>,
    /// The theme.
    pub theme: Option<&'a str>,
    /// The sharing kind.
    pub sharing: Option<&'a str>,
    /// The format.
    pub format: Option<&'a str>,
    /// Only those of the scope.
    pub own: bool,
}

/// A page of resources: the newest version of those in scope, the published version of the rest.
pub async fn list(
    conn: &mut PgConnection,
    scopes: &[Uuid],
    filter: &Filter<'_>,
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
         LEFT JOIN (SELECT DISTINCT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1)) s
                ON s.descendant_id = v.provider_id
         WHERE CASE WHEN s.descendant_id IS NOT NULL THEN v.version = v.newest_version
                    ELSE NOT $8 AND v.version = v.published_version END
           AND ($2::text IS NULL OR v.search @@ $2::tsquery)
           AND ($3::text IS NULL OR o.code = $3)
           AND ($4::text IS NULL OR v.state = $4)
           AND ($5::text IS NULL OR v.theme = $5)
           AND ($6::text IS NULL OR v.sharing_kind = $6)
           AND ($7::text IS NULL OR v.format = $7)
         ORDER BY CASE WHEN $2 IS NOT NULL
                       THEN ts_rank('{0.1,0.2,0.5,1.0}', v.search, $2::tsquery, 0) END DESC NULLS LAST,
                  v.changed_at DESC, v.code
         LIMIT $9 OFFSET $10",
    )
    .bind(scopes)
    .bind(filter.words)
    .bind(filter.provider)
    .bind(filter.state)
    .bind(filter.theme)
    .bind(filter.sharing)
    .bind(filter.format)
    .bind(filter.own)
    .bind(limit)
    .bind(offset)
    .fetch_all(conn)
    .await?)
}

/// One version that waits for a reviewer.
#[derive(FromRow, Clone, Debug)]
pub struct Waiting {
    /// The resource's code.
    pub code: String,
    /// The version.
    pub version: i32,
    /// Its title.
    pub title: String,
    /// Its English title.
    pub title_en: String,
    /// The provider's name.
    pub provider_name: String,
    /// Since when.
    pub submitted_at: OffsetDateTime,
    /// Whether the actor wrote it and so cannot publish it.
    pub own_work: bool,
}

/// What waits for review within `scopes`, longest first.
pub async fn waiting(
    conn: &mut PgConnection,
    scopes: &[Uuid],
    account: Option<AccountId>,
    limit: i64,
    offset: i64,
) -> Result<Vec<Waiting>, CatalogueError> {
    Ok(sqlx::query_as(
        "SELECT v.code, v.version, v.title, v.title_en, o.name AS provider_name,
                coalesce(v.submitted_at, v.changed_at) AS submitted_at,
                coalesce($2 = ANY(v.drafters), false) AS own_work
         FROM catalogue.version_row v
         JOIN identity.v_organisation o ON o.organisation_id = v.provider_id
         WHERE v.state = 'in_review' AND v.provider_id IN
               (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($1))
         ORDER BY v.submitted_at LIMIT $3 OFFSET $4",
    )
    .bind(scopes)
    .bind(account)
    .bind(limit)
    .bind(offset)
    .fetch_all(conn)
    .await?)
}

/// A draft that a reviewer sent back to its writers.
#[derive(FromRow, Clone, Debug)]
pub struct Returned {
    /// The resource's code.
    pub code: String,
    /// Its title.
    pub title: String,
    /// When it came back.
    pub taken_at: OffsetDateTime,
}

/// The drafts of an account whose last step was a return, longest first.
pub async fn returned(conn: &mut PgConnection, account: AccountId) -> Result<Vec<Returned>, CatalogueError> {
    Ok(sqlx::query_as(
        "SELECT v.code, v.title, s.taken_at
         FROM catalogue.version_row v
         CROSS JOIN LATERAL (SELECT step, taken_at FROM catalogue.step t
                             WHERE t.resource_id = v.resource_id AND t.version = v.version
                             ORDER BY t.taken_at DESC, t.step_id DESC LIMIT 1) s
         WHERE v.state = 'draft' AND $1 = ANY(v.drafters) AND s.step = 'return'
         ORDER BY s.taken_at LIMIT 20",
    )
    .bind(account)
    .fetch_all(conn)
    .await?)
}

/// One version of a resource, for the list of its versions.
#[derive(FromRow, Clone, Debug)]
pub struct VersionLine {
    /// The number.
    pub version: i32,
    /// Where it stands.
    pub state: State,
    /// When it last changed.
    pub changed_at: OffsetDateTime,
}

/// All versions, newest first.
pub async fn versions(conn: &mut PgConnection, resource_id: ResourceId) -> Result<Vec<VersionLine>, CatalogueError> {
    Ok(sqlx::query_as(
        "SELECT version, state, changed_at FROM catalogue.resource_version WHERE resource_id = $1
         ORDER BY version DESC LIMIT 100",
    )
    .bind(resource_id)
    .fetch_all(conn)
    .await?)
}

/// An organisation for which the actor may write drafts.
#[derive(FromRow, Clone, Debug)]
pub struct Organisation {
    /// Its id.
    pub organisation_id: Uuid,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// The organisations within `scopes` that may provide data.
pub async fn organisations(conn: &mut PgConnection, scopes: &[Uuid]) -> Result<Vec<Organisation>, CatalogueError> {
    Ok(sqlx::query_as(
        "SELECT DISTINCT o.organisation_id, o.code, o.name, o.path
         FROM identity.v_organisation o
         JOIN identity.v_organisation_closure c ON c.descendant_id = o.organisation_id
         WHERE c.ancestor_id = ANY($1) AND o.closed_on IS NULL AND o.kind NOT IN ('street', 'community')
         ORDER BY o.path LIMIT 300",
    )
    .bind(scopes)
    .fetch_all(conn)
    .await?)
}

/// What an organisation is called.
#[derive(FromRow, Clone, Debug)]
pub struct ProviderName {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// An organisation's code and name.
pub async fn provider_name(
    conn: &mut PgConnection,
    organisation: OrganisationId,
) -> Result<Option<ProviderName>, CatalogueError> {
    Ok(sqlx::query_as("SELECT code, name FROM identity.v_organisation WHERE organisation_id = $1")
        .bind(organisation)
        .fetch_optional(conn)
        .await?)
}

/// An organisation by its code.
pub async fn organisation_by_code(
    conn: &mut PgConnection,
    code: &str,
) -> Result<Option<OrganisationId>, CatalogueError> {
    Ok(sqlx::query_scalar("SELECT organisation_id FROM identity.v_organisation WHERE code = $1 AND closed_on IS NULL")
        .bind(code)
        .fetch_optional(conn)
        .await?)
}

/// What an actor's scopes let them do for one provider.
#[derive(FromRow, Clone, Copy, Debug)]
pub struct Abilities {
    /// See drafts.
    pub read: bool,
    /// Write drafts.
    pub draft: bool,
    /// Send back.
    pub review: bool,
    /// Publish and withdraw.
    pub publish: bool,
}

/// Which of the four scopes (read, draft, review, publish) cover a provider.
pub async fn abilities(
    conn: &mut PgConnection,
    provider: OrganisationId,
    [read, draft, review, publish]: [&[Uuid]; 4],
) -> Result<Abilities, CatalogueError> {
    Ok(sqlx::query_as(
        "SELECT coalesce(bool_or(ancestor_id = ANY($2)), false) AS read,
                coalesce(bool_or(ancestor_id = ANY($3)), false) AS draft,
                coalesce(bool_or(ancestor_id = ANY($4)), false) AS review,
                coalesce(bool_or(ancestor_id = ANY($5)), false) AS publish
         FROM identity.v_organisation_closure WHERE descendant_id = $1",
    )
    .bind(provider)
    .bind(read)
    .bind(draft)
    .bind(review)
    .bind(publish)
    .fetch_one(conn)
    .await?)
}
