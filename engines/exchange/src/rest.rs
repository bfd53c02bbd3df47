//! JSON: requests, decisions, agreements, calls and their log. The pages do the same through the same actions.
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jh_core::actor::OrganisationId;
use jh_core::paging::Paged;
use jh_web::{ApiCommand, App, Body, Failure, Page};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use crate::actions::decide::Decision;
use crate::actions::{self, Ask, Outcome, READ, agree, decide};
use crate::call;
use crate::fault::ExchangeError;
use crate::model::{AgreementId, AgreementState, RequestId, RequestState};
use crate::question::Question;
use crate::store::agreement::AgreementRow;
use crate::store::{self, Narrowing, RequestRow, Side};
use jh_web::Pairs;

pub mod view;

use view::{AgreementView, CallPage, RequestView, RowsView};

/// The description of all of this.
#[derive(OpenApi)]
#[openapi(paths(
    list_requests,
    make_request,
    show_request,
    decide_request,
    accept_offer,
    withdraw_request,
    list_agreements,
    show_agreement,
    revoke_agreement,
    end_agreement,
    rows,
    calls
))]
pub struct Described;

/// Why something ends.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct Because {
    /// Up to 500 characters; a revocation needs at least 5.
    #[serde(default)]
    pub reason: Option<String>,
}

/// A request in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestSummary {
    request_id: RequestId,
    number: String,
    resource_code: String,
    resource_title: String,
    provider_id: OrganisationId,
    provider_name: String,
    requester_id: OrganisationId,
    requester_name: String,
    state: RequestState,
    by_rule: bool,
    #[serde(with = "time::serde::rfc3339")]
    asked_at: time::OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    changed_at: time::OffsetDateTime,
}

impl From<RequestRow> for RequestSummary {
    fn from(row: RequestRow) -> Self {
        Self {
            request_id: row.request_id,
            number: row.number,
            resource_code: row.resource_code,
            resource_title: row.resource_title,
            provider_id: row.provider_id,
            provider_name: row.provider_name,
            requester_id: row.requester_id,
            requester_name: row.requester_name,
            state: row.state,
            by_rule: row.by_rule,
            asked_at: row.asked_at,
            changed_at: row.changed_at,
        }
    }
}

/// An agreement in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgreementSummary {
    agreement_id: AgreementId,
    number: String,
    resource_code: String,
    resource_title: String,
    provider_id: OrganisationId,
    provider_name: String,
    requester_id: OrganisationId,
    requester_name: String,
    state: AgreementState,
    calls_a_day: i32,
    #[serde(with = "crate::day::plain")]
    #[schema(value_type = String, format = Date)]
    from_on: time::Date,
    #[serde(with = "crate::day::plain")]
    #[schema(value_type = String, format = Date)]
    to_on: time::Date,
    #[serde(with = "time::serde::rfc3339")]
    made_at: time::OffsetDateTime,
}

impl From<AgreementRow> for AgreementSummary {
    fn from(row: AgreementRow) -> Self {
        Self {
            agreement_id: row.agreement_id,
            number: row.number,
            resource_code: row.resource_code,
            resource_title: row.resource_title,
            provider_id: row.provider_id,
            provider_name: row.provider_name,
            requester_id: row.requester_id,
            requester_name: row.requester_name,
            state: row.state,
            calls_a_day: row.calls_a_day,
            from_on: row.from_on,
            to_on: row.to_on,
            made_at: row.made_at,
        }
    }
}

fn id<T: std::str::FromStr>(text: &str, what: &'static str) -> Result<T, ExchangeError> {
    text.parse().map_err(|_| ExchangeError::NotFound(what))
}

/// The requests on either side of us, newest first.
#[utoipa::path(get, path = "/api/exchange/requests", tag = "exchange", security(("department" = [])),
    params(("side" = Option<String>, Query, description = "asking, providing; both when left out"),
        ("state" = Option<String>, Query, description = "requested, offered, agreed, refused, withdrawn"),
        ("q" = Option<String>, Query, description = "part of a number, a title or a party's name"),
        ("page" = Option<String>, Query, description = "from 1"), ("size" = Option<String>, Query, description = "1 to 100")),
    responses((status = 200, body = Paged<RequestSummary>)))]
pub async fn list_requests(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    let scopes = page.actor()?.scopes(READ);
    let state = RequestState::parse(query.get("state")).map(RequestState::code);
    let narrowing = Narrowing {
        scopes: &scopes,
        side: Side::of(query.get("side")),
        state,
        text: query.given("q"),
        page: query.page(),
    };
    let rows = store::requests(&mut *app.db.read().await?, &narrowing).await?;
    Ok(Json(Paged::from_rows(rows, query.page()).map(RequestSummary::from)).into_response())
}

/// Ask for fields of a published resource.
#[utoipa::path(post, path = "/api/exchange/requests", tag = "exchange", security(("department" = [])),
    request_body = Ask, responses((status = 201, body = Outcome)))]
pub async fn make_request(State(app): State<App>, api: ApiCommand, body: Body<Ask>) -> Result<Response, Failure> {
    let outcome = actions::ask(&app, &api.command, body.0).await?;
    let location = format!("/api/exchange/requests/{}", outcome.request_id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(outcome)).into_response())
}

/// One request with the terms asked and offered.
#[utoipa::path(get, path = "/api/exchange/requests/{id}", tag = "exchange", security(("department" = [])),
    params(("id" = String, Path)), responses((status = 200, body = RequestView)))]
pub async fn show_request(State(app): State<App>, page: Page, Path(text): Path<String>) -> Result<Response, Failure> {
    let scopes = page.actor()?.scopes(READ);
    let mut conn = app.db.read().await?;
    let row = store::request(&mut conn, id(&text, "request")?, &scopes).await?;
    let row = row.ok_or(ExchangeError::NotFound("request"))?;
    Ok(Json(view::request(&mut conn, row).await?).into_response())
}

/// Grant, narrow or refuse, as the provider.
#[utoipa::path(post, path = "/api/exchange/requests/{id}/decision", tag = "exchange", security(("department" = [])),
    params(("id" = String, Path)), request_body = Decision, responses((status = 200, body = Outcome)))]
pub async fn decide_request(
    State(app): State<App>,
    Path(text): Path<String>,
    api: ApiCommand,
    body: Body<Decision>,
) -> Result<Response, Failure> {
    Ok(Json(decide::decide(&app, &api.command, id(&text, "request")?, body.0).await?).into_response())
}

/// Accept a narrowed offer, as the asker.
#[utoipa::path(post, path = "/api/exchange/requests/{id}/acceptance", tag = "exchange", security(("department" = [])),
    params(("id" = String, Path)), responses((status = 200, body = Outcome)))]
pub async fn accept_offer(
    State(app): State<App>,
    Path(text): Path<String>,
    api: ApiCommand,
) -> Result<Response, Failure> {
    Ok(Json(decide::accept(&app, &api.command, id(&text, "request")?).await?).into_response())
}

/// Take a request back or decline an offer, as the asker.
#[utoipa::path(post, path = "/api/exchange/requests/{id}/withdrawal", tag = "exchange", security(("department" = [])),
    params(("id" = String, Path)), request_body = Because, responses((status = 200, body = Outcome)))]
pub async fn withdraw_request(
    State(app): State<App>,
    Path(text): Path<String>,
    api: ApiCommand,
    body: Body<Because>,
) -> Result<Response, Failure> {
    let outcome = decide::withdraw(&app, &api.command, id(&text, "request")?, body.0.reason.as_deref()).await?;
    Ok(Json(outcome).into_response())
}

/// The agreements on either side of us, newest first.
#[utoipa::path(get, path = "/api/exchange/agreements", tag = "exchange", security(("department" = [])),
    params(("side" = Option<String>, Query, description = "asking, providing; both when left out"),
        ("state" = Option<String>, Query, description = "in_force, expired, revoked, ended"),
        ("q" = Option<String>, Query, description = "part of a number, a title or a party's name"),
        ("page" = Option<String>, Query, description = "from 1"), ("size" = Option<String>, Query, description = "1 to 100")),
    responses((status = 200, body = Paged<AgreementSummary>)))]
pub async fn list_agreements(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    let scopes = page.actor()?.scopes(READ);
    let state = AgreementState::parse(query.get("state")).map(AgreementState::code);
    let narrowing = Narrowing {
        scopes: &scopes,
        side: Side::of(query.get("side")),
        state,
        text: query.given("q"),
        page: query.page(),
    };
    let rows = store::agreement::list(&mut *app.db.read().await?, &narrowing).await?;
    Ok(Json(Paged::from_rows(rows, query.page()).map(AgreementSummary::from)).into_response())
}

/// One agreement with its clauses and terms.
#[utoipa::path(get, path = "/api/exchange/agreements/{id}", tag = "exchange", security(("department" = [])),
    params(("id" = String, Path)), responses((status = 200, body = AgreementView)))]
pub async fn show_agreement(State(app): State<App>, page: Page, Path(text): Path<String>) -> Result<Response, Failure> {
    let scopes = page.actor()?.scopes(READ);
    let mut conn = app.db.read().await?;
    let row = agreement(&mut conn, &text, &scopes).await?;
    Ok(Json(view::agreement(&mut conn, row).await?).into_response())
}

async fn agreement(
    conn: &mut sqlx::PgConnection,
    text: &str,
    scopes: &[uuid::Uuid],
) -> Result<AgreementRow, ExchangeError> {
    let id: AgreementId = id(text, "agreement")?;
    store::agreement::fetch(conn, id, scopes).await?.ok_or(ExchangeError::NotFound("agreement"))
}

/// Revoke, as the provider. The next call is refused.
#[utoipa::path(post, path = "/api/exchange/agreements/{id}/revocation", tag = "exchange", security(("department" = [])),
    params(("id" = String, Path)), request_body = Because, responses((status = 204)))]
pub async fn revoke_agreement(
    State(app): State<App>,
    Path(text): Path<String>,
    api: ApiCommand,
    body: Body<Because>,
) -> Result<Response, Failure> {
    let reason = body.0.reason.unwrap_or_default();
    agree::revoke(&app, &api.command, id(&text, "agreement")?, &reason).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// End, as the using department. The next call is refused.
#[utoipa::path(post, path = "/api/exchange/agreements/{id}/ending", tag = "exchange", security(("department" = [])),
    params(("id" = String, Path)), request_body = Because, responses((status = 204)))]
pub async fn end_agreement(
    State(app): State<App>,
    Path(text): Path<String>,
    api: ApiCommand,
    body: Body<Because>,
) -> Result<Response, Failure> {
    agree::end(&app, &api.command, id(&text, "agreement")?, body.0.reason.as_deref()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The agreed rows and columns, for the using department's credential. Any further parameter is a condition on an agreed
/// field: `division=320602`, `opened_on.ge=2020-01-01`, `status.in=1,2`, `name.prefix=张`, `amount.le=100`. A refusal's
/// `args` carry the clause's number and text.
#[utoipa::path(get, path = "/api/exchange/agreements/{id}/rows", tag = "exchange", security(("department" = [])),
    params(("id" = String, Path),
        ("fields" = Option<String>, Query, description = "agreed fields, separated by commas; all when left out"),
        ("size" = Option<String>, Query, description = "rows at most: 1 to 1000, 100 when left out"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before")),
    responses((status = 200, body = RowsView)))]
pub async fn rows(
    State(app): State<App>,
    page: Page,
    Path(text): Path<String>,
    query: Pairs,
) -> Result<Response, Failure> {
    let id: AgreementId = id(&text, "agreement")?;
    let caller = call::Caller { actor: page.actor()?.clone(), request_id: page.request_id().to_owned() };
    let base = jh_db::Base::clone(&app);
    // A call is finished and logged even when the caller hangs up in the middle of it.
    let answered = tokio::spawn(async move { call::answer(&base, &caller, id, Question::parse(&query.0)).await });
    let answer = answered.await.map_err(Failure::internal)??;
    Ok(Json(RowsView::from(answer)).into_response())
}

/// The calls of an agreement, latest first, for both sides.
#[utoipa::path(get, path = "/api/exchange/agreements/{id}/calls", tag = "exchange", security(("department" = [])),
    params(("id" = String, Path),
        ("outcome" = Option<String>, Query, description = "answered, refused, failed; all when left out"),
        ("before" = Option<String>, Query, description = "`next` of the page before"),
        ("size" = Option<String>, Query, description = "1 to 100")),
    responses((status = 200, body = CallPage)))]
pub async fn calls(
    State(app): State<App>,
    page: Page,
    Path(text): Path<String>,
    query: Pairs,
) -> Result<Response, Failure> {
    let scopes = page.actor()?.scopes(READ);
    let mut conn = app.db.read().await?;
    let row = agreement(&mut conn, &text, &scopes).await?;
    let (before, limit) = (query.get("before").parse().ok(), query.page().limit());
    let rows = store::call::log(&mut conn, row.agreement_id, query.given("outcome"), before, limit).await?;
    Ok(Json(CallPage::from_rows(rows, query.page().size() as usize)).into_response())
}
