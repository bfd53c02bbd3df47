//! JSON: who am I, and the organisation tree.
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jh_core::actor::{AccountId, ActorKind, OrganisationId};
use jh_core::paging::{PageRequest, Paged};
use jh_web::{ApiCommand, App, Body, Caller, Failure};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use crate::actions::organisation::{self, Closure, Creation};
use crate::fault::IdentityError;
use crate::model::organisation::OrganisationKind;
use crate::store;
use crate::store::organisation::{Organisation, Search};

/// The longest text searched for, in characters.
const TEXT_LEN_MAX: usize = 100;

/// The caller.
#[derive(Serialize, ToSchema)]
pub struct Me {
    /// The account.
    account_id: Option<AccountId>,
    /// `staff`, `resident`, `service` or `system`.
    kind: &'static str,
    /// The name to show.
    name: String,
    /// On whose behalf it acts.
    organisation_id: Option<OrganisationId>,
    /// That organisation's name.
    organisation_name: String,
    /// What it may do and where.
    grants: Vec<GrantedPermission>,
}

/// One permission within one subtree.
#[derive(Serialize, ToSchema)]
pub struct GrantedPermission {
    /// For example `registry.delivery.submit`.
    permission: String,
    /// The root of the subtree in which it holds.
    scope_id: OrganisationId,
}

/// Who calls, and what it may do.
#[utoipa::path(get, path = "/api/identity/me", tag = "identity", security(("department" = [])),
    responses((status = 200, description = "The caller", body = Me)))]
pub async fn me(Caller(actor): Caller) -> Json<Me> {
    let kind = match actor.kind {
        ActorKind::Staff => "staff",
        ActorKind::Resident => "resident",
        ActorKind::Service => "service",
        ActorKind::System => "system",
    };
    let grant = |grant: &jh_core::actor::Grant| GrantedPermission {
        permission: grant.permission.clone(),
        scope_id: grant.scope,
    };
    Json(Me {
        account_id: actor.account,
        kind,
        name: actor.name.to_string(),
        organisation_id: actor.organisation,
        organisation_name: actor.organisation_name.to_string(),
        grants: actor.grants.iter().map(grant).collect(),
    })
}

/// What a list of organisations asks.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Part of a name, the beginning of a code, or a division code.
    q: Option<String>,
    /// Only this kind.
    kind: Option<OrganisationKind>,
    /// Only what stands under this organisation, at any depth, itself included.
    under: Option<OrganisationId>,
    /// Also those that are no more.
    closed: Option<bool>,
    /// From 1.
    page: Option<u32>,
    /// Rows a page, 1 to 100.
    size: Option<u32>,
}

/// Organisations of the tree, by code.
#[utoipa::path(get, path = "/api/identity/organisations", tag = "identity", params(ListQuery),
    security(("department" = [])),
    responses((status = 200, description = "One page of organisations", body = Paged<Organisation>)))]
pub async fn organisations(
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> Result<Json<Paged<Organisation>>, Failure> {
    let text = query.q.map(|text| text.trim().chars().take(TEXT_LEN_MAX).collect::<String>());
    let search = Search {
        // PostgreSQL's text cannot hold U+0000, and no name has it.
        text: text.filter(|text| !text.is_empty()).map(|text| text.replace('\0', "\u{fffd}")),
        kind: query.kind,
        under: query.under,
        with_closed: query.closed.unwrap_or(false),
    };
    let page = PageRequest { page: query.page, size: query.size };
    Ok(Json(organisation::search(&app, &search, page).await?))
}

/// One organisation, by id or by code.
#[utoipa::path(get, path = "/api/identity/organisations/{id}", tag = "identity", security(("department" = [])),
    params(("id" = String, Path, description = "The id, or the code")),
    responses((status = 200, description = "The organisation", body = Organisation)))]
pub async fn organisation(State(app): State<App>, Path(id): Path<String>) -> Result<Json<Organisation>, Failure> {
    let mut conn = app.db.read().await?;
    let found = match id.parse::<OrganisationId>() {
        Ok(id) => store::organisation::find(&mut conn, id).await?,
        Err(_) if id.contains('\0') => None,
        Err(_) => store::organisation::find_by_code(&mut conn, &id).await?,
    };
    Ok(Json(found.ok_or(IdentityError::OrganisationNotFound)?))
}

/// A new organisation.
#[derive(Deserialize, ToSchema)]
pub struct NewDocument {
    /// Its stable code: capitals, digits, dashes.
    code: String,
    /// The parent's code or name.
    parent: String,
    /// What it is.
    kind: OrganisationKind,
    /// The full name.
    name: String,
    /// The name for lists; else the full name's beginning.
    #[serde(default)]
    short_name: String,
    /// The division it governs.
    #[serde(default)]
    division_code: String,
    /// Since when, as 2026-11-22; else today.
    #[serde(default)]
    opened_on: String,
}

/// Creates an organisation under a parent within the caller's scope.
#[utoipa::path(post, path = "/api/identity/organisations", tag = "identity", request_body = NewDocument,
    security(("department" = [])),
    params(("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "The same key twice is one change")),
    responses((status = 201, description = "The new organisation", body = Organisation)))]
pub async fn create(
    State(app): State<App>,
    ApiCommand { command }: ApiCommand,
    Body(new): Body<NewDocument>,
) -> Result<Response, Failure> {
    let input = Creation {
        code: &new.code,
        parent: &new.parent,
        kind: new.kind.code(),
        name: &new.name,
        short_name: &new.short_name,
        division_code: &new.division_code,
        opened_on: &new.opened_on,
    };
    let id = organisation::create(&app, &command, &input).await?;
    answer(&app, id, StatusCode::CREATED).await
}

/// Another name.
#[derive(Deserialize, ToSchema)]
pub struct NameDocument {
    /// The full name.
    name: String,
    /// The name for lists.
    short_name: String,
}

/// Renames an organisation within the caller's scope.
#[utoipa::path(post, path = "/api/identity/organisations/{id}/name", tag = "identity", request_body = NameDocument,
    security(("department" = [])),
    params(("id" = OrganisationId, Path), ("Idempotency-Key" = Option<uuid::Uuid>, Header)),
    responses((status = 200, description = "The organisation", body = Organisation)))]
pub async fn name(
    State(app): State<App>,
    Path(id): Path<OrganisationId>,
    ApiCommand { command }: ApiCommand,
    Body(document): Body<NameDocument>,
) -> Result<Response, Failure> {
    organisation::rename(&app, &command, id, &document.name, &document.short_name).await?;
    answer(&app, id, StatusCode::OK).await
}

/// Another place in the tree.
#[derive(Deserialize, ToSchema)]
pub struct ParentDocument {
    /// The new parent's code or name.
    parent: String,
}

/// Moves an organisation with all below it; both places must be within the caller's scope.
#[utoipa::path(post, path = "/api/identity/organisations/{id}/parent", tag = "identity", request_body = ParentDocument,
    security(("department" = [])),
    params(("id" = OrganisationId, Path), ("Idempotency-Key" = Option<uuid::Uuid>, Header)),
    responses((status = 200, description = "The organisation", body = Organisation)))]
pub async fn parent(
    State(app): State<App>,
    Path(id): Path<OrganisationId>,
    ApiCommand { command }: ApiCommand,
    Body(document): Body<ParentDocument>,
) -> Result<Response, Failure> {
    organisation::put_under(&app, &command, id, &document.parent).await?;
    answer(&app, id, StatusCode::OK).await
}

/// The end of an organisation.
#[derive(Deserialize, ToSchema)]
pub struct ClosureDocument {
    /// The first day on which it is no more, as 2026-11-22; else today.
    #[serde(default)]
    closed_on: String,
    /// Who takes over, by code or name; else nobody.
    #[serde(default)]
    successor: String,
}

/// Closes an organisation; its staff and its place in the tree go to the successor.
#[utoipa::path(post, path = "/api/identity/organisations/{id}/closure", tag = "identity",
    request_body = ClosureDocument, security(("department" = [])),
    params(("id" = OrganisationId, Path), ("Idempotency-Key" = Option<uuid::Uuid>, Header)),
    responses((status = 200, description = "The organisation", body = Organisation)))]
pub async fn closure(
    State(app): State<App>,
    Path(id): Path<OrganisationId>,
    ApiCommand { command }: ApiCommand,
    Body(document): Body<ClosureDocument>,
) -> Result<Response, Failure> {
    let input = Closure { closed_on: &document.closed_on, successor: &document.successor };
    organisation::close(&app, &command, id, &input).await?;
    answer(&app, id, StatusCode::OK).await
}

async fn answer(app: &App, id: OrganisationId, status: StatusCode) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let found = store::organisation::find(&mut conn, id).await?.ok_or(IdentityError::OrganisationNotFound)?;
    Ok((status, Json(found)).into_response())
}

#[derive(OpenApi)]
#[openapi(
    paths(me, organisations, organisation, create, name, parent, closure),
    tags((name = "identity", description = "Who calls, and the organisation tree"))
)]
struct Description;

/// The description of these routes.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}
