//! JSON: the answers that fit a text, for the call desk and for whoever builds another channel.
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use jh_core::actor::OrganisationId;
use jh_core::clock::{china_day, serialize_day};
use jh_web::{App, Failure, Page, Pairs};
use serde::Serialize;
use time::Date;
use utoipa::{OpenApi, ToSchema};

use super::model::{Audience, EntryId};
use super::search;

/// Answers when `limit` is not given, and at most.
const LIMIT: (usize, usize) = (10, 50);

/// The description of all of this.
#[derive(OpenApi)]
#[openapi(paths(answers))]
pub struct Described;

/// One answer found.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnswerView {
    /// Which one; its page is `/hotline/knowledge/entries/{entry_id}`.
    entry_id: EntryId,
    version: i32,
    question: String,
    /// To be read aloud.
    short_answer: String,
    organisation_id: OrganisationId,
    /// Who vouches for it.
    organisation_name: String,
    audience: Audience,
    /// The first day on which it is no longer given.
    #[serde(serialize_with = "serialize_day")]
    #[schema(value_type = String, format = Date)]
    expires_on: Date,
}

/// What was found, best first.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnswersView {
    items: Vec<AnswerView>,
}

/// The answers in force that fit a text, best first. The text may be a word or all that was typed during a call.
#[utoipa::path(get, path = "/api/hotline/knowledge", tag = "hotline", security(("department" = [])),
    params(("q" = String, Query, description = "what is asked, up to 1,000 characters"),
        ("limit" = Option<String>, Query, description = "1 to 50, 10 unless told")),
    responses((status = 200, body = AnswersView)))]
pub async fn answers(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    page.actor()?;
    let limit = query.get("limit").parse().unwrap_or(LIMIT.0).clamp(1, LIMIT.1);
    let mut conn = app.db.read().await?;
    let found = search::answers(&mut conn, china_day(page.now()), query.get("q"), limit, false).await?;
    let view = |search::Found { answer, .. }: search::Found| AnswerView {
        entry_id: answer.entry_id,
        version: answer.version,
        question: answer.question,
        short_answer: answer.short_answer,
        organisation_id: answer.organisation_id,
        organisation_name: answer.organisation_name,
        audience: answer.audience,
        expires_on: answer.expires_on,
    };
    Ok(Json(AnswersView { items: found.into_iter().map(view).collect() }).into_response())
}
