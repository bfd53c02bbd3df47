//! JSON: which department should handle a text, for the call desk and for other programs.
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use jh_core::clock::serialize_day_or_null;
use jh_web::{App, Body, Failure, Page};
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use super::advice::{Alike, Asked, Named, advise};
use super::learn::Doubt;
use super::store::duty::DutyRow;

/// The description of all of this.
#[derive(OpenApi)]
#[openapi(paths(suggest))]
pub struct Described;

/// What a citizen says.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Question {
    /// The text, as long as it may be; what is beyond 10,000 characters is not read.
    pub text: String,
}

/// Words of the text and how much of what spoke for the department they said.
#[derive(Debug, Serialize, ToSchema)]
pub struct TermView {
    /// The words.
    pub text: String,
    /// Their share, 0 to 1.
    pub weight: f64,
}

/// A past case.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseView {
    /// Which one.
    pub history_id: Uuid,
    /// What was said.
    pub text: String,
    /// When.
    #[serde(serialize_with = "serialize_day_or_null")]
    #[schema(value_type = Option<String>, format = Date)]
    pub happened_on: Option<Date>,
    /// How alike, 0 to 1.
    pub likeness: f64,
    /// Where it comes from.
    pub source: String,
}

/// A clause that makes an organisation responsible.
#[derive(Debug, Serialize, ToSchema)]
pub struct DutyView {
    /// Whose.
    pub organisation_id: Uuid,
    /// Its name.
    pub organisation_name: String,
    /// What it says.
    pub clause: String,
    /// The document.
    pub source: String,
}

/// A department.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestionView {
    /// Which one.
    pub organisation_id: Uuid,
    /// Its code.
    pub organisation_code: String,
    /// Its name.
    pub organisation_name: String,
    /// How likely, 0 to 1; of a hundred with 0.8, about eighty are right.
    pub probability: f64,
    /// Words of the text that spoke most for it.
    pub terms: Vec<TermView>,
    /// Past cases of it that are like the text.
    pub cases: Vec<CaseView>,
    /// The clause that makes it responsible.
    pub duty: Option<DutyView>,
}

/// What answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct ModelView {
    /// Which one.
    pub model_id: Uuid,
    /// When it was learned.
    #[serde(with = "time::serde::rfc3339")]
    pub trained_at: OffsetDateTime,
    /// From how many past cases.
    pub rows: i64,
    /// How often the first was right on texts held out, 0 to 1.
    pub top1: f64,
    /// How often one of three was.
    pub top3: f64,
    /// By how much certainty and truth differed.
    pub ece: f64,
}

/// An answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct Answer {
    /// Whether anything was learned yet.
    pub learned: bool,
    /// Whether the first is sure; if not, a person chooses.
    pub sure: bool,
    /// Why it is not: `not_learned`, `nothing_known`, `little_known`, `close` or `weak`.
    pub doubt: Option<&'static str>,
    /// How much of the text was ever seen, 0 to 1.
    pub known: f64,
    /// Departments, likeliest first, at most three.
    pub suggestions: Vec<SuggestionView>,
    /// Duties of whatever organisation that fit, when it is not sure.
    pub duties: Vec<DutyView>,
    /// What answered.
    pub model: Option<ModelView>,
}

/// Why an answer is not sure, as a word.
pub fn doubt_code(asked: &Asked) -> Option<&'static str> {
    match (&asked.model, asked.doubt) {
        (None, _) => Some("not_learned"),
        (_, Some(Doubt::NothingKnown)) => Some("nothing_known"),
        (_, Some(Doubt::LittleKnown)) => Some("little_known"),
        (_, Some(Doubt::Close)) => Some("close"),
        (_, Some(Doubt::Weak)) => Some("weak"),
        (_, None) => None,
    }
}

fn duty_view(row: DutyRow) -> DutyView {
    DutyView {
        organisation_id: row.organisation_id.into(),
        organisation_name: row.organisation_name,
        clause: row.clause,
        source: row.source,
    }
}

fn case_view(Alike { case, likeness }: Alike) -> CaseView {
    let super::store::CaseRow { history_id, text, happened_on, source } = case;
    CaseView { history_id, text, happened_on, likeness, source }
}

fn suggestion_view(named: Named) -> SuggestionView {
    SuggestionView {
        organisation_id: named.organisation_id.into(),
        organisation_code: named.code,
        organisation_name: named.name,
        probability: named.learned.probability,
        terms: named.learned.terms.into_iter().map(|(text, weight)| TermView { text, weight }).collect(),
        cases: named.cases.into_iter().map(case_view).collect(),
        duty: named.duty.map(duty_view),
    }
}

/// Which department should handle a text, how sure that is, and why. Changes nothing; there is always an answer, which says so
/// if nothing was learned yet.
#[utoipa::path(post, path = "/api/hotline/suggestions", tag = "hotline", security(("department" = [])),
    request_body = Question, responses((status = 200, body = Answer)))]
pub async fn suggest(State(app): State<App>, page: Page, Body(sent): Body<Question>) -> Result<Response, Failure> {
    let asked = advise(&app, page.actor()?, page.now(), &sent.text).await?;
    let model = asked.model.as_ref().map(|row| ModelView {
        model_id: row.model_id.into(),
        trained_at: row.trained_at,
        rows: row.rows,
        top1: row.top1,
        top3: row.top3,
        ece: row.ece,
    });
    let answer = Answer {
        learned: model.is_some(),
        sure: asked.sure(),
        doubt: doubt_code(&asked),
        known: asked.known,
        suggestions: asked.named.into_iter().map(suggestion_view).collect(),
        duties: asked.duties.into_iter().map(duty_view).collect(),
        model,
    };
    Ok(Json(answer).into_response())
}
