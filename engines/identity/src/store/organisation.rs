//! Reading the organisation tree.
use jh_core::actor::OrganisationId;
use jh_core::paging::PageRequest;
use jh_db::DbError;
use serde::Serialize;
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};
use utoipa::ToSchema;

use crate::model::organisation::{OrganisationKind, Standing};

/// The most children of one organisation shown at once.
pub const CHILDREN_MAX: i64 = 300;
/// The most organisations the whole tree is read for.
const TREE_MAX: i64 = 50_000;

// Dates in JSON as 2026-11-22 (RFC 3339 full-date).
time::serde::format_description!(full_date, Date, "[year]-[month]-[day]");

/// One organisation.
#[derive(Clone, Debug, Serialize, ToSchema, sqlx::FromRow)]
#[schema(as = Organisation)]
pub struct Organisation {
    /// Which one.
    #[sqlx(rename = "organisation_id")]
    pub id: OrganisationId,
    /// How files and forms name it; never changes.
    pub code: String,
    /// Under which it stands; none for the root.
    pub parent_id: Option<OrganisationId>,
    /// What it is.
    pub kind: OrganisationKind,
    /// The full name.
    pub name: String,
    /// The name for lists.
    pub short_name: String,
    /// The names from the root, separated by " / ".
    pub path: String,
    /// The division it governs.
    pub division_code: Option<String>,
    /// Since when it exists.
    #[serde(with = "full_date")]
    pub opened_on: Date,
    /// The first day on which it is no more.
    #[serde(with = "full_date::option")]
    pub closed_on: Option<Date>,
    /// Who took over.
    pub successor_id: Option<OrganisationId>,
    /// Whether anything open stands under it.
    pub has_children: bool,
    /// Whether anything closed stands under it.
    #[serde(skip)]
    pub has_former: bool,
}

impl Organisation {
    /// Whether it is no more.
    pub fn closed(&self) -> bool {
        self.closed_on.is_some()
    }
}

/// What it was called and where it stood for a while.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Period {
    /// From when.
    pub begins_at: OffsetDateTime,
    /// Until when; none: still.
    pub ends_at: Option<OffsetDateTime>,
    /// Its name then.
    pub name: String,
    /// The name of what it stood under then, as that is called now.
    pub parent_name: Option<String>,
    /// What began the period: created, renamed, moved, closed.
    pub cause: String,
}

/// By id, wherever it stands.
pub async fn find(conn: &mut PgConnection, id: OrganisationId) -> Result<Option<Organisation>, DbError> {
    Ok(sqlx::query_as("SELECT o.* FROM identity.organisation_listed o WHERE o.organisation_id = $1")
        .bind(id)
        .fetch_optional(conn)
        .await?)
}

/// By code, wherever it stands.
pub async fn find_by_code(conn: &mut PgConnection, code: &str) -> Result<Option<Organisation>, DbError> {
    Ok(sqlx::query_as("SELECT o.* FROM identity.organisation_listed o WHERE o.code = upper($1)")
        .bind(code)
        .fetch_optional(conn)
        .await?)
}

/// Open organisations in the scope whose code or name is exactly `text`: what people type into forms; and whether it was
/// the code. At most two, the code's first, which is enough to know that a name is ambiguous.
pub async fn named(
    conn: &mut PgConnection,
    scope: Option<&[uuid::Uuid]>,
    text: &str,
) -> Result<Vec<(OrganisationId, bool)>, DbError> {
    Ok(sqlx::query_as(
        "SELECT o.organisation_id, o.code = upper($2) FROM identity.organisation o
         WHERE (o.code = upper($2) OR o.name = $2 OR o.short_name = $2 OR o.path = $2) AND o.closed_on IS NULL
           AND ($1::uuid[] IS NULL OR EXISTS (SELECT 1 FROM identity.organisation_closure c
                WHERE c.descendant_id = o.organisation_id AND c.ancestor_id = ANY ($1)))
         ORDER BY (o.code = upper($2)) DESC, o.path LIMIT 2",
    )
    .bind(scope)
    .bind(text)
    .fetch_all(conn)
    .await?)
}

/// Open organisations of the scope for a list of suggestions, the highest first.
pub async fn suggestions(
    conn: &mut PgConnection,
    scope: Option<&[uuid::Uuid]>,
    limit: i64,
) -> Result<Vec<(String, String)>, DbError> {
    Ok(sqlx::query_as(
        "SELECT o.code, o.path FROM identity.organisation o
         JOIN identity.organisation_closure d ON d.descendant_id = o.organisation_id
         JOIN identity.organisation r ON r.organisation_id = d.ancestor_id AND r.parent_id IS NULL
         WHERE o.closed_on IS NULL
           AND ($1::uuid[] IS NULL OR EXISTS (SELECT 1 FROM identity.organisation_closure c
                WHERE c.descendant_id = o.organisation_id AND c.ancestor_id = ANY ($1)))
         ORDER BY d.depth, o.code LIMIT $2",
    )
    .bind(scope)
    .bind(limit)
    .fetch_all(conn)
    .await?)
}

/// What stands directly under `parent` (none: the root), open ones first.
pub async fn children(
    conn: &mut PgConnection,
    parent: Option<OrganisationId>,
    with_closed: bool,
    limit: i64,
) -> Result<Vec<Organisation>, DbError> {
    Ok(sqlx::query_as(
        "SELECT o.* FROM identity.organisation_listed o
         WHERE (o.parent_id = $1 OR ($1::uuid IS NULL AND o.parent_id IS NULL)) AND (o.closed_on IS NULL OR $2)
         ORDER BY (o.closed_on IS NOT NULL),
                  array_position(ARRAY['city', 'department', 'office', 'county', 'street', 'community', 'enterprise'], o.kind),
                  o.code
         LIMIT $3",
    )
    .bind(parent)
    .bind(with_closed)
    .bind(limit)
    .fetch_all(conn)
    .await?)
}

/// The organisations above, from the root down to itself.
pub async fn lineage(conn: &mut PgConnection, id: OrganisationId) -> Result<Vec<(OrganisationId, String)>, DbError> {
    Ok(sqlx::query_as(
        "SELECT a.organisation_id, a.short_name FROM identity.organisation_closure c
         JOIN identity.organisation a ON a.organisation_id = c.ancestor_id
         WHERE c.descendant_id = $1 ORDER BY c.depth DESC",
    )
    .bind(id)
    .fetch_all(conn)
    .await?)
}

/// What a search of the tree asks.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Part of a name or of a path, or the beginning of a code.
    pub text: Option<String>,
    /// Only this kind.
    pub kind: Option<OrganisationKind>,
    /// Only what stands under this, at any depth.
    pub under: Option<OrganisationId>,
    /// Also those that are no more.
    pub with_closed: bool,
}

/// Organisations that match, by code.
pub async fn search(conn: &mut PgConnection, search: &Search, page: PageRequest) -> Result<Vec<Organisation>, DbError> {
    Ok(sqlx::query_as(
        "SELECT o.* FROM identity.organisation_listed o
         WHERE ($1::text IS NULL OR position($1 IN o.name) > 0 OR position($1 IN o.short_name) > 0
                OR starts_with(o.code, upper($1)) OR o.division_code = $1)
           AND ($2::text IS NULL OR o.kind = $2)
           AND ($3::uuid IS NULL OR EXISTS (SELECT 1 FROM identity.organisation_closure c
                WHERE c.ancestor_id = $3 AND c.descendant_id = o.organisation_id))
           AND (o.closed_on IS NULL OR $4)
         ORDER BY (o.name = $1) DESC NULLS LAST, o.code LIMIT $5 OFFSET $6",
    )
    .bind(search.text.as_deref())
    .bind(search.kind.map(OrganisationKind::code))
    .bind(search.under)
    .bind(search.with_closed)
    .bind(page.limit())
    .bind(page.offset())
    .fetch_all(conn)
    .await?)
}

/// The whole open tree, parents before children.
pub async fn tree(conn: &mut PgConnection) -> Result<Vec<Organisation>, DbError> {
    Ok(sqlx::query_as(
        "SELECT o.* FROM identity.organisation_listed o
         JOIN identity.organisation_closure d ON d.descendant_id = o.organisation_id
         JOIN identity.organisation r ON r.organisation_id = d.ancestor_id AND r.parent_id IS NULL
         WHERE o.closed_on IS NULL ORDER BY d.depth, o.code LIMIT $1",
    )
    .bind(TREE_MAX)
    .fetch_all(conn)
    .await?)
}

/// What the rules need to know, if it stands in the scope. A forged id and one out of scope look the same.
pub async fn standing(
    conn: &mut PgConnection,
    scope: Option<&[uuid::Uuid]>,
    id: OrganisationId,
) -> Result<Option<Standing>, DbError> {
    let row: Option<(OrganisationKind, i32, bool)> = sqlx::query_as(
        "SELECT o.kind, (SELECT max(d.depth) FROM identity.organisation_closure d WHERE d.descendant_id = $2),
                o.closed_on IS NOT NULL
         FROM identity.organisation o
         WHERE o.organisation_id = $2
           AND ($1::uuid[] IS NULL OR EXISTS (SELECT 1 FROM identity.organisation_closure c
                WHERE c.descendant_id = $2 AND c.ancestor_id = ANY ($1)))",
    )
    .bind(scope)
    .bind(id)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(kind, depth, closed)| Standing { id, kind, depth, closed }))
}

/// What it was called and where it stood, the latest first.
pub async fn periods(conn: &mut PgConnection, id: OrganisationId, limit: i64) -> Result<Vec<Period>, DbError> {
    Ok(sqlx::query_as(
        "SELECT p.begins_at, p.ends_at, p.name, o.name AS parent_name, p.cause
         FROM identity.organisation_period p LEFT JOIN identity.organisation o ON o.organisation_id = p.parent_id
         WHERE p.organisation_id = $1 ORDER BY p.begins_at DESC LIMIT $2",
    )
    .bind(id)
    .bind(limit)
    .fetch_all(conn)
    .await?)
}

/// The root of the tree, once there is one.
pub async fn root(conn: &mut PgConnection) -> Result<Option<OrganisationId>, DbError> {
    Ok(sqlx::query_scalar("SELECT organisation_id FROM identity.organisation WHERE parent_id IS NULL")
        .fetch_optional(conn)
        .await?)
}
