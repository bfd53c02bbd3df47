//! Delivering a file and following it.
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use catalogue::api::RowKind;
use jh_core::actor::{Actor, ActorKind};
use jh_core::paging::{PageRequest, Paged};
use jh_db::Base;
use jh_web::{ApiCommand, App, Body as JsonBody, Caller, Failure, FileBody, Page};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::UPLOAD_BYTES_MAX;
use crate::actions::{self, Submitted};
use crate::fault::RegistryError;
use crate::mapping::Choice;
use crate::model::{DeliveryId, State as Stand, Target};
use crate::permission::{READ, SUBMIT, require};
use crate::store::progress::{self, Narrow, Progress};
use crate::store::reject;

/// What is delivered; the file itself is the body.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct About {
    /// The delivering organisation's code, for example `NT-GA`.
    provider: String,
    /// What the rows are: `person`, `organisation`, `place` or `dataset`.
    kind: RowKind,
    /// The catalogue code of the resource; for a dataset only.
    #[serde(default)]
    resource: Option<String>,
    /// The file's name, for people.
    #[serde(default)]
    file_name: Option<String>,
    /// The delivery whose rejected rows this file brings corrected.
    #[serde(default)]
    corrects: Option<DeliveryId>,
}

/// The scopes of a permission; none for the program itself, which sees everything.
pub fn scopes(actor: &Actor, permission: &str) -> Option<Vec<Uuid>> {
    (actor.kind != ActorKind::System).then(|| actor.scopes(permission))
}

async fn target(connection: &mut PgConnection, about: &About) -> Result<Target, RegistryError> {
    let provider = identity::api::organisation_by_code(&mut *connection, &about.provider).await?;
    let provider_id = provider.ok_or(RegistryError::OutsideScope)?.id;
    let resource_id = match &about.resource {
        Some(code) => {
            let found = catalogue::api::resource_by_code(connection, code).await?;
            Some(found.ok_or(RegistryError::Field("resource", "registry-resource-missing"))?)
        }
        None => None,
    };
    Ok(Target { kind: about.kind, resource_id, provider_id })
}

/// Deliver a file
///
/// CSV (UTF-8 or GB18030) or XLSX as the body. Answered once the file is durably stored; it is then checked and landed in
/// the background. The same `Idempotency-Key` again answers the first delivery; with another file or query it is refused.
#[utoipa::path(post, path = "/api/registry/deliveries", tag = "registry", params(About),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 202, description = "Acknowledged", body = Progress),
        (status = 403, description = "The organisation is outside the caller's scope"),
        (status = 413, description = "Larger than a gigabyte"), (status = 422, description = "Something in the query does not fit")),
    security(("department" = [])))]
pub async fn submit(
    State(app): State<App>,
    Query(about): Query<About>,
    ApiCommand { command }: ApiCommand,
    body: FileBody,
) -> Result<Response, Failure> {
    let mut connection = app.db.read().await?;
    let target = target(&mut connection, &about).await?;
    // Before the file is taken: nothing of it is stored for an organisation that is not the caller's.
    require(&mut connection, &command.actor, SUBMIT, target.provider_id).await?;
    drop(connection);
    let file = body.store(UPLOAD_BYTES_MAX as u64).await?;
    let file_name = about.file_name.unwrap_or_default();
    let submitted = Submitted { target, file_name, file, choices: Vec::new(), corrects: about.corrects };
    let id = actions::submit(&app, &command, submitted).await?;
    let shown = find(&app, None, id).await?;
    let place = [(header::LOCATION, format!("/api/registry/deliveries/{id}"))];
    Ok((StatusCode::ACCEPTED, place, Json(shown)).into_response())
}

async fn find(base: &Base, scopes: Option<&[Uuid]>, id: DeliveryId) -> Result<Progress, RegistryError> {
    let found = progress::find(&mut *base.db.read().await?, scopes, id).await?;
    found.ok_or(RegistryError::DeliveryNotFound)
}

/// What narrows the list.
#[derive(Deserialize, IntoParams, Default)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct Narrowing {
    /// The delivering organisation's code.
    provider: Option<String>,
    /// A state.
    state: Option<Stand>,
    /// A kind.
    kind: Option<RowKind>,
    /// From 1.
    page: Option<u32>,
    /// Rows a page, 1 to 100.
    size: Option<u32>,
}

/// Deliveries of the caller's scope, the latest first
#[utoipa::path(get, path = "/api/registry/deliveries", tag = "registry", params(Narrowing),
    responses((status = 200, description = "A page of deliveries", body = Paged<Progress>),
        (status = 400, description = "The query cannot be read")), security(("department" = [])))]
pub async fn list(
    State(app): State<App>,
    Caller(actor): Caller,
    Query(wanted): Query<Narrowing>,
) -> Result<Json<Paged<Progress>>, Failure> {
    let request = PageRequest { page: wanted.page, size: wanted.size };
    let mut connection = app.db.read().await?;
    let provider_id = match &wanted.provider {
        Some(code) => match identity::api::organisation_by_code(&mut connection, code).await? {
            Some(found) => Some(found.id),
            None => return Ok(Json(Paged::from_rows(Vec::new(), request))),
        },
        None => None,
    };
    let narrow = Narrow { provider_id, state: wanted.state, kind: wanted.kind };
    let scopes = scopes(&actor, READ);
    let bounds = (request.offset(), request.limit());
    let rows = progress::list(&mut connection, scopes.as_deref(), &narrow, bounds).await?;
    Ok(Json(Paged::from_rows(rows, request)))
}

/// How far a delivery is
#[utoipa::path(get, path = "/api/registry/deliveries/{id}", tag = "registry", params(("id" = DeliveryId, Path)),
    responses((status = 200, description = "The delivery", body = Progress),
        (status = 404, description = "Not there, or outside the caller's scope")), security(("department" = [])))]
pub async fn one(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<DeliveryId>,
) -> Result<Json<Progress>, Failure> {
    Ok(Json(find(&app, scopes(&actor, READ).as_deref(), id).await?))
}

/// One fault of one rejected row.
#[derive(Serialize, ToSchema)]
pub struct Rejected {
    /// The row as a spreadsheet numbers it.
    row: i64,
    /// Its line in the text.
    line: i64,
    /// The column's header; empty for the row as a whole.
    column: String,
    /// The rule.
    rule: String,
    /// What the rule names besides: a cell, a limit.
    detail: String,
    /// The value; masked where the column is sensitive.
    value: String,
    /// What is wrong and how to mend it, in Chinese.
    words: String,
}

/// Which faults.
#[derive(Deserialize, IntoParams, Default)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct Faults {
    /// Those of one rule.
    rule: Option<String>,
    /// From 1.
    page: Option<u32>,
    /// Rows a page, 1 to 100.
    size: Option<u32>,
}

/// The faults of the rejected rows
#[utoipa::path(get, path = "/api/registry/deliveries/{id}/rejects", tag = "registry", params(("id" = DeliveryId, Path), Faults),
    responses((status = 200, description = "A page of faults", body = Paged<Rejected>),
        (status = 400, description = "The query cannot be read"),
        (status = 404, description = "Not there, or outside the caller's scope")), security(("department" = [])))]
pub async fn rejects(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<DeliveryId>,
    Query(wanted): Query<Faults>,
    page: Page,
) -> Result<Json<Paged<Rejected>>, Failure> {
    find(&app, scopes(&actor, READ).as_deref(), id).await?;
    let request = PageRequest { page: wanted.page, size: wanted.size };
    // U+0000 is in no rule, and PostgreSQL would refuse the question.
    let rule = wanted.rule.filter(|rule| !rule.is_empty()).map(|rule| rule.replace('\0', ""));
    let mut connection = app.db.read().await?;
    let rows = reject::list(&mut connection, id, rule.as_deref(), request.offset(), request.limit()).await?;
    Ok(Json(Paged::from_rows(rows, request).map(|fault| Rejected {
        words: crate::report::words(page.lang, &fault.rule, &fault.detail),
        row: fault.row_no,
        line: fault.line_no,
        column: fault.column_name,
        rule: fault.rule,
        detail: fault.detail,
        value: fault.value_shown,
    })))
}

/// The rejected rows as a file
///
/// The columns as they were sent and one more that says what is wrong, to be corrected and delivered again.
#[utoipa::path(get, path = "/api/registry/deliveries/{id}/rejects.csv", tag = "registry", params(("id" = DeliveryId, Path)),
    responses((status = 200, description = "CSV in UTF-8", body = String, content_type = "text/csv"),
        (status = 404, description = "Not there, or outside the caller's scope")), security(("department" = [])))]
pub async fn report(
    State(app): State<App>,
    Caller(actor): Caller,
    page: Page,
    Path(id): Path<DeliveryId>,
) -> Result<Response, Failure> {
    let found = find(&app, scopes(&actor, SUBMIT).as_deref(), id).await?;
    crate::actions::look::downloaded(&app, &page.command(), id, found.provider_id, found.counts.rows_rejected).await?;
    Ok(crate::pages::report_file(&app, page.lang, (id, &found.file_name), &found.columns.unwrap_or_default()))
}

/// What the columns of a waiting delivery mean.
#[derive(Deserialize, ToSchema)]
pub struct Explained {
    /// For each column that was not recognised.
    choices: Vec<Choice>,
}

/// Say what columns mean
///
/// For a delivery in state `mapping`. Kept as the provider's profile for later files.
#[utoipa::path(post, path = "/api/registry/deliveries/{id}/mapping", tag = "registry", params(("id" = DeliveryId, Path)),
    request_body = Explained, responses((status = 202, description = "It goes on", body = Progress),
        (status = 404, description = "Not there, or outside the caller's scope, or no such attribute"),
        (status = 409, description = "It does not wait for this"), (status = 422, description = "The document cannot be read")),
    security(("department" = [])))]
pub async fn map(
    State(app): State<App>,
    Path(id): Path<DeliveryId>,
    ApiCommand { command }: ApiCommand,
    JsonBody(explained): JsonBody<Explained>,
) -> Result<(StatusCode, Json<Progress>), Failure> {
    actions::map(&app, &command, id, &explained.choices).await?;
    Ok((StatusCode::ACCEPTED, Json(find(&app, None, id).await?)))
}

/// Cancel a delivery
///
/// It stops at the next chunk. What has landed stays.
#[utoipa::path(post, path = "/api/registry/deliveries/{id}/cancellation", tag = "registry", params(("id" = DeliveryId, Path)),
    responses((status = 202, description = "It will stop", body = Progress),
        (status = 404, description = "Not there, or outside the caller's scope"), (status = 409, description = "It has ended")),
    security(("department" = [])))]
pub async fn cancel(
    State(app): State<App>,
    Path(id): Path<DeliveryId>,
    ApiCommand { command }: ApiCommand,
) -> Result<(StatusCode, Json<Progress>), Failure> {
    actions::cancel(&app, &command, id).await?;
    Ok((StatusCode::ACCEPTED, Json(find(&app, None, id).await?)))
}

/// Let rejected rows go
///
/// They no longer wait for anybody.
#[utoipa::path(post, path = "/api/registry/deliveries/{id}/settlement", tag = "registry", params(("id" = DeliveryId, Path)),
    responses((status = 200, description = "Settled", body = Progress),
        (status = 404, description = "Not there, or outside the caller's scope"), (status = 409, description = "Nothing waits")),
    security(("department" = [])))]
pub async fn settle(
    State(app): State<App>,
    Path(id): Path<DeliveryId>,
    ApiCommand { command }: ApiCommand,
) -> Result<Json<Progress>, Failure> {
    actions::settle(&app, &command, id).await?;
    Ok(Json(find(&app, None, id).await?))
}
