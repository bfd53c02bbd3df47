//! The catalogue as JSON: open resources and standards for everyone, the whole directory for staff and systems.
use axum::Json;
use axum::extract::{Path, Query, RawQuery, State};
use axum::response::Response;
use jh_core::paging::{PageRequest, Paged};
use jh_web::{ApiCommand, App, Body, Caller, Failure};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::{IntoParams, OpenApi, ToSchema};

use crate::actions::draft::{self, Seen};
use crate::actions::open::open_version;
use crate::actions::step::take;
use crate::fault::CatalogueError;
use crate::field::Field;
use crate::model::{Content, State as Stand, Step, Version};
use crate::pages::given;
use crate::permission::READ;
use crate::reading::open_fields;
use crate::standard::{CodeSet, Element};
use crate::store::list::Filter;
use crate::store::search::{Narrow, Order, Summary};
use crate::store::{list, resource, standard};
use crate::{downloads, search};

/// One entry of a list.
#[derive(Serialize, ToSchema)]
pub struct Entry {
    /// Catalogue code.
    code: String,
    /// The version meant.
    version: i32,
    /// Where it stands.
    state: Stand,
    /// Title in Chinese.
    title: String,
    /// Title in English; may be empty.
    title_en: String,
    /// Two sentences in Chinese.
    description: String,
    /// Two sentences in English; may be empty.
    description_en: String,
    /// Theme.
    theme: crate::model::Theme,
    /// Format.
    format: crate::model::Format,
    /// Update cycle.
    update_cycle: crate::model::UpdateCycle,
    /// Classification.
    classification: crate::model::Classification,
    /// Sharing kind.
    sharing: crate::model::SharingKind,
    /// Open to the public.
    open: bool,
    /// The provider's organisation code.
    provider: String,
    /// The provider's name.
    provider_name: String,
    /// When it last changed.
    #[serde(with = "time::serde::rfc3339")]
    changed_at: OffsetDateTime,
}

impl From<Summary> for Entry {
    fn from(one: Summary) -> Self {
        Self {
            code: one.code,
            version: one.version,
            state: one.state,
            title: one.title,
            title_en: one.title_en,
            description: one.description,
            description_en: one.description_en,
            theme: one.theme,
            format: one.format,
            update_cycle: one.update_cycle,
            classification: one.classification,
            sharing: one.sharing_kind,
            open: one.open,
            provider: one.provider_code,
            provider_name: one.provider_name,
            changed_at: one.changed_at,
        }
    }
}

/// A resource with its fields.
#[derive(Serialize, ToSchema)]
pub struct Detail {
    /// Catalogue code.
    code: String,
    /// The version shown.
    version: i32,
    /// Where it stands.
    state: Stand,
    /// The provider's organisation code.
    provider: String,
    /// The provider's name.
    provider_name: String,
    /// What it says. For the public its fields are the open ones only.
    content: Content,
    /// When this version was published.
    #[serde(with = "time::serde::rfc3339::option")]
    published_at: Option<OffsetDateTime>,
    /// Names this text when a draft is saved: `seen`.
    seen: String,
}

impl Detail {
    fn of(version: Version, provider: list::ProviderName) -> Self {
        Self {
            seen: Seen::of(&version).to_string(),
            code: version.code,
            version: version.version,
            state: version.state,
            provider: provider.code,
            provider_name: provider.name,
            content: version.content,
            published_at: version.published_at,
        }
    }
}

/// What narrows a list.
#[derive(Deserialize, IntoParams, Default)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct Narrowing {
    /// Words in Chinese or English.
    q: String,
    /// The provider's organisation code.
    provider: String,
    /// A theme.
    theme: String,
    /// A sharing kind.
    sharing: String,
    /// A format.
    format: String,
    /// A state; for staff only.
    state: String,
    /// From 1.
    page: Option<u32>,
    /// Entries a page, 1 to 100.
    size: Option<u32>,
}

impl Narrowing {
    fn page(&self) -> PageRequest {
        PageRequest { page: self.page, size: self.size }
    }
}

/// Open resources, best first
///
/// Searches the published resources that are open to the public.
#[utoipa::path(get, path = "/api/catalogue/resources", tag = "catalogue", params(Narrowing), responses(
    (status = 200, description = "A page of open resources", body = Paged<Entry>),
    (status = 400, description = "The query cannot be read"),
    (status = 422, description = "The query cannot be read")))]
pub async fn open_list(State(app): State<App>, Query(wanted): Query<Narrowing>) -> Result<Json<Paged<Entry>>, Failure> {
    let narrow = Narrow {
        provider: given(&wanted.provider),
        theme: given(&wanted.theme),
        sharing: given(&wanted.sharing),
        format: given(&wanted.format),
        ..Narrow::default()
    };
    let mut conn = app.db.read().await?;
    let found = search::open(&mut conn, &wanted.q, &narrow, Order::Rank, wanted.page()).await?;
    Ok(Json(found.hits.map(Entry::from)))
}

/// One open resource
///
/// The published version, with its open fields only.
#[utoipa::path(get, path = "/api/catalogue/resources/{code}", tag = "catalogue", params(("code" = String, Path)),
    responses((status = 200, description = "The resource", body = Detail), (status = 404, description = "Not open, or not there")))]
pub async fn open_one(State(app): State<App>, Path(code): Path<String>) -> Result<Json<Detail>, Failure> {
    let mut found = open_version(&app, &code).await?;
    let open: Vec<Field> = open_fields(&found.version).into_iter().cloned().collect();
    found.version.content.fields = open;
    Ok(Json(Detail::of(found.version, found.provider)))
}

/// Rows of an open resource
///
/// As at `/data/{code}/rows.json`: `fields` (names with commas between), `where` (`field:op:value` with eq, in, prefix,
/// ge, le; repeatable), `sort` (`-field` for largest first), `after` (the `next` of the page before), `limit`.
#[utoipa::path(get, path = "/api/catalogue/resources/{code}/rows", tag = "catalogue",
    params(("code" = String, Path), ("fields" = Option<String>, Query), ("where" = Option<Vec<String>>, Query),
        ("sort" = Option<String>, Query), ("after" = Option<String>, Query), ("limit" = Option<u32>, Query)),
    responses((status = 200, description = "The rows", body = serde_json::Value),
        (status = 404, description = "Not open, or without rows"), (status = 422, description = "A parameter does not fit the fields")))]
pub async fn open_rows(app: State<App>, code: Path<String>, query: RawQuery) -> Result<Response, Failure> {
    downloads::json(app, code, query).await
}

/// Data elements in force
#[utoipa::path(get, path = "/api/catalogue/elements", tag = "catalogue", params(
    ("q" = Option<String>, Query), ("page" = Option<u32>, Query), ("size" = Option<u32>, Query)),
    responses((status = 200, description = "A page of elements", body = Paged<Element>), (status = 400, description = "The query cannot be read")))]
pub async fn elements(
    State(app): State<App>,
    Query(wanted): Query<Narrowing>,
) -> Result<Json<Paged<Element>>, Failure> {
    let page = wanted.page();
    let mut conn = app.db.read().await?;
    let rows = standard::elements_like(&mut conn, given(&wanted.q), page.limit(), page.offset()).await?;
    Ok(Json(Paged::from_rows(rows, page)))
}

/// One code set with its codes
#[utoipa::path(get, path = "/api/catalogue/code-sets/{identifier}", tag = "catalogue", params(("identifier" = String, Path)),
    responses((status = 200, description = "The code set in force", body = CodeSet), (status = 404, description = "No such code set")))]
pub async fn code_set(State(app): State<App>, Path(identifier): Path<String>) -> Result<Json<CodeSet>, Failure> {
    let mut conn = app.db.read().await?;
    let found = standard::code_set(&mut conn, &identifier).await?;
    Ok(Json(found.ok_or(CatalogueError::NotFound("code-set"))?))
}

/// The directory, for staff and systems
///
/// The newest versions of one's own scope in any state, and what everyone else has published.
#[utoipa::path(get, path = "/api/catalogue/entries", tag = "catalogue", params(Narrowing), responses(
    (status = 200, description = "A page of the directory", body = Paged<Entry>),
    (status = 400, description = "The query cannot be read"), (status = 401, description = "Not signed in"),
    (status = 403, description = "Without catalogue.resource.read")), security(("department" = [])))]
pub async fn entries(
    State(app): State<App>,
    Caller(actor): Caller,
    Query(wanted): Query<Narrowing>,
) -> Result<Json<Paged<Entry>>, Failure> {
    let filter = Filter {
        provider: given(&wanted.provider),
        state: given(&wanted.state),
        theme: given(&wanted.theme),
        sharing: given(&wanted.sharing),
        format: given(&wanted.format),
        ..Filter::default()
    };
    let mut conn = app.db.read().await?;
    let found = search::staff(&mut conn, &actor.scopes(READ), &wanted.q, &filter, wanted.page()).await?;
    Ok(Json(found.map(Entry::from)))
}

/// One entry of the directory
#[utoipa::path(get, path = "/api/catalogue/entries/{code}", tag = "catalogue", params(("code" = String, Path)), responses(
    (status = 200, description = "The newest version within the scope, else the published one", body = Detail),
    (status = 401, description = "Not signed in"), (status = 403, description = "Without catalogue.resource.read"),
    (status = 404, description = "Not there, or not to be seen")), security(("department" = [])))]
pub async fn entry(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(code): Path<String>,
) -> Result<Json<Detail>, Failure> {
    let scopes = actor.scopes(READ);
    let mut conn = app.db.read().await?;
    let missing = || CatalogueError::NotFound("resource");
    let found = resource::visible(&mut conn, &code, &scopes).await?.ok_or_else(missing)?;
    let within = resource::covers(&mut conn, &scopes, found.provider_id).await?;
    let number = if within { Some(found.newest_version) } else { found.published_version };
    let version = resource::version(&mut conn, found.resource_id, number.ok_or_else(missing)?).await?;
    let version = version.ok_or_else(missing)?;
    let provider = list::provider_name(&mut conn, version.provider_id).await?.ok_or_else(missing)?;
    Ok(Json(Detail::of(version, provider)))
}

/// A new resource.
#[derive(Deserialize, ToSchema)]
pub struct NewEntry {
    /// The provider's organisation code.
    provider: String,
    /// The catalogue code; none is given the next one of its theme.
    code: Option<String>,
    /// What it says.
    content: Content,
}

/// The answer to a change.
#[derive(Serialize, ToSchema)]
pub struct Changed {
    /// Catalogue code.
    code: String,
    /// The version.
    version: i32,
    /// Where it stands now.
    state: Stand,
}

impl From<Version> for Changed {
    fn from(version: Version) -> Self {
        Self { code: version.code, version: version.version, state: version.state }
    }
}

/// Begin a resource with its first draft
#[utoipa::path(post, path = "/api/catalogue/entries", tag = "catalogue", request_body = NewEntry, responses(
    (status = 200, description = "The draft", body = Changed), (status = 400, description = "Not JSON"),
    (status = 401, description = "Not signed in"), (status = 403, description = "Not for this organisation"),
    (status = 409, description = "The idempotency key was used before"), (status = 413, description = "Too large"),
    (status = 415, description = "Not JSON"), (status = 422, description = "Rules are broken; see fields")), security(("department" = [])))]
pub async fn create(
    State(app): State<App>,
    ApiCommand { command }: ApiCommand,
    Body(new): Body<NewEntry>,
) -> Result<Json<Changed>, Failure> {
    let mut conn = app.db.read().await?;
    let provider = list::organisation_by_code(&mut conn, &new.provider).await?;
    drop(conn);
    let provider = provider.ok_or(CatalogueError::Forbidden(crate::permission::DRAFT))?;
    Ok(Json(draft::create(&app, &command, provider, new.code.as_deref(), new.content).await?.into()))
}

/// A draft's new text.
#[derive(Deserialize, ToSchema)]
pub struct Draft {
    /// The `seen` of the text it was made from; if somebody has written since, nothing is overwritten.
    seen: Option<String>,
    /// What it says.
    content: Content,
}

/// Save a draft, or begin the next version
#[utoipa::path(put, path = "/api/catalogue/entries/{code}/draft", tag = "catalogue", params(("code" = String, Path)),
    request_body = Draft, responses(
    (status = 200, description = "The draft", body = Changed), (status = 400, description = "Not JSON"),
    (status = 401, description = "Not signed in"), (status = 403, description = "Without catalogue.resource.draft"),
    (status = 404, description = "Not within the scope"), (status = 409, description = "Under review, or somebody was faster"),
    (status = 413, description = "Too large"), (status = 415, description = "Not JSON"),
    (status = 422, description = "Rules are broken; see fields")), security(("department" = [])))]
pub async fn save(
    State(app): State<App>,
    Path(code): Path<String>,
    ApiCommand { command }: ApiCommand,
    Body(sent): Body<Draft>,
) -> Result<Json<Changed>, Failure> {
    let seen = sent.seen.as_deref().and_then(Seen::parse);
    Ok(Json(draft::save(&app, &command, &code, seen, sent.content).await?.into()))
}

/// Why a step is taken.
#[derive(Deserialize, ToSchema, Default)]
#[serde(default)]
pub struct Reason {
    /// Needed to return and to withdraw.
    reason: String,
}

macro_rules! steps {
    ($($name:ident, $path:literal, $step:expr, $title:literal;)+) => {$(
        #[doc = $title]
        #[utoipa::path(post, path = $path, tag = "catalogue", params(("code" = String, Path)), request_body = Reason, responses(
            (status = 200, description = "Where it stands now", body = Changed), (status = 400, description = "Not JSON"),
            (status = 401, description = "Not signed in"), (status = 403, description = "Without the permission, or one's own work"),
            (status = 404, description = "Not within the scope"), (status = 409, description = "Not in the state where this step begins"),
            (status = 413, description = "Too large"), (status = 415, description = "Not JSON"),
            (status = 422, description = "Rules are broken; see fields")), security(("department" = [])))]
        pub async fn $name(
            State(app): State<App>,
            Path(code): Path<String>,
            ApiCommand { command }: ApiCommand,
            Body(sent): Body<Reason>,
        ) -> Result<Json<Changed>, Failure> {
            Ok(Json(take(&app, &command, &code, $step, &sent.reason).await?.into()))
        }
    )+};
}
steps!(
    submission, "/api/catalogue/entries/{code}/submission", Step::Submission, "Submit a draft for review";
    give_back, "/api/catalogue/entries/{code}/return", Step::Return, "Return a version to its writers";
    publication, "/api/catalogue/entries/{code}/publication", Step::Publication, "Publish what somebody else wrote";
    withdrawal, "/api/catalogue/entries/{code}/withdrawal", Step::Withdrawal, "Withdraw what is published";
);

/// The description of these routes.
#[derive(OpenApi)]
#[openapi(paths(
    open_list,
    open_one,
    open_rows,
    elements,
    code_set,
    entries,
    entry,
    create,
    save,
    submission,
    give_back,
    publication,
    withdrawal
))]
pub struct Description;
