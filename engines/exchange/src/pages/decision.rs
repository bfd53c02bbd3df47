//! Deciding: what was asked on the left, what is given on the right; narrowing is unticking and lowering.
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jh_core::fault::FieldError;
use jh_web::{App, Failure, FieldErrors, Page, Submission, redirect, render, render_with};
use sqlx::PgConnection;

use super::form::{ConditionLines, conditions, day, wanted, whole};
use super::{FieldLine, TermsLines, form_errors, options, request, sharing_key};
use crate::actions::decide::{self, Decision, Grant};
use crate::actions::{DECIDE, Outcome};
use crate::fault::ExchangeError;
use crate::model::{Handling, Onward, RequestState};
use crate::store::neighbour::sides;
use crate::store::terms::Stored;
use crate::store::{self, RequestRow};
use jh_web::Pairs;

#[derive(Template)]
#[template(path = "exchange/decision.html")]
struct DecisionPage {
    page: Page,
    row: RequestRow,
    sharing: &'static str,
    asked: TermsLines,
    conditions: ConditionLines,
    onward: Vec<(&'static str, String)>,
    form: Pairs,
    errors: FieldErrors,
}

impl DecisionPage {
    /// Whether a field is ticked.
    fn ticked(&self, field: &FieldLine) -> bool {
        self.form.all("field").any(|name| name == field.name)
    }

    /// The provider's reason for clear text.
    fn reason(&self, field: &FieldLine) -> &str {
        self.form.0.iter().find(|(name, _)| *name == format!("reason.{}", field.name)).map_or("", |(_, value)| value)
    }
}

/// The form, filled in as asked: approving is sending it off unchanged.
pub async fn show(State(app): State<App>, page: Page, Path(text): Path<String>) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let (row, asked) = open(&mut conn, &page, &text).await?;
    let terms = &asked.terms;
    let mut form = vec![
        ("calls_a_day".to_owned(), terms.calls_a_day.to_string()),
        ("rate_a_minute".to_owned(), terms.rate_a_minute.to_string()),
        ("from_on".to_owned(), page.day(terms.from_on)),
        ("to_on".to_owned(), page.day(terms.to_on)),
        ("onward".to_owned(), terms.onward.code().to_owned()),
    ];
    form.extend(terms.fields.iter().map(|field| ("field".to_owned(), field.name.clone())));
    render(&form_page(&mut conn, page, row, &asked, Pairs(form), FieldErrors::default()).await?)
}

/// The request, if the reader may decide it and it waits for that.
async fn open(conn: &mut PgConnection, page: &Page, text: &str) -> Result<(RequestRow, Stored), Failure> {
    let row = request::found(conn, page, text).await?;
    let actor = page.actor()?;
    let parties = (row.provider_id, row.requester_id);
    let (providing, _) = sides(conn, parties, &actor.scopes(DECIDE), &[]).await?;
    if !providing {
        return Err(ExchangeError::NotFound("request").into());
    }
    if row.asked_by.is_some() && row.asked_by == actor.account.map(Into::into) {
        return Err(ExchangeError::SamePerson.into());
    }
    if row.state != RequestState::Requested {
        return Err(ExchangeError::WrongState(row.state.code()).into());
    }
    let asked = store::terms::fetch(conn, row.asked_terms_id).await?.ok_or(ExchangeError::NotFound("terms"))?;
    Ok((row, asked))
}

async fn form_page(
    conn: &mut PgConnection,
    page: Page,
    row: RequestRow,
    asked: &Stored,
    form: Pairs,
    errors: FieldErrors,
) -> Result<DecisionPage, Failure> {
    let published = catalogue::api::published(conn, row.resource_id).await?;
    let published = published.map(|version| version.content.fields).unwrap_or_default();
    let known = decide::known_fields(asked, &published);
    let here = format!("/exchange/requests/{}", row.request_id);
    let number = row.number.clone();
    Ok(DecisionPage {
        sharing: sharing_key(row.sharing),
        asked: TermsLines::new(&page, asked),
        conditions: ConditionLines::new(&page, &known, &form),
        onward: options(&page, &Onward::ALL, Onward::code, Onward::key),
        page: page
            .with_title("exchange-decision-title")
            .crumb_key("/exchange/requests", "exchange-requests-title")
            .crumb(here, number),
        row,
        form,
        errors,
    })
}

/// The decision of a form, with what of it could not be read.
fn read(form: &Pairs, asked: &Stored) -> (Decision, Vec<FieldError>) {
    if form.get("decision") == "refuse" {
        return (Decision::Refuse { reason: form.get("reason").to_owned() }, Vec::new());
    }
    let mut faults = Vec::new();
    let grant = Grant {
        fields: Some(wanted(form)),
        added_conditions: conditions(form, &mut faults),
        from_on: Some(day(form, "from_on", &mut faults)),
        to_on: Some(day(form, "to_on", &mut faults)),
        calls_a_day: Some(whole(form, "calls_a_day", &mut faults)),
        rate_a_minute: Some(whole(form, "rate_a_minute", &mut faults)),
        onward: Onward::parse(form.get("onward")),
        note: form.given("note").map(str::to_owned),
    };
    // A reason typed beside a field that nobody asked in clear would be a wider offer; the form shows no such box.
    let clear = |name: &str| asked.terms.fields.iter().any(|f| f.name == name && f.handling == Handling::Clear);
    let mut grant = grant;
    for field in grant.fields.iter_mut().flatten().filter(|field| !clear(&field.name)) {
        field.clear_reason = None;
    }
    (Decision::Grant(grant), faults)
}

/// Decides, or shows the form again with everything that is wrong with it.
pub async fn submit(
    State(app): State<App>,
    page: Page,
    Path(text): Path<String>,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    let id = text.parse().map_err(|_| ExchangeError::NotFound("request"))?;
    let mut conn = app.db.read().await?;
    let row = request::found(&mut conn, &page, &text).await?;
    let asked = store::terms::fetch(&mut conn, row.asked_terms_id).await?.ok_or(ExchangeError::NotFound("terms"))?;
    let (decision, mut faults) = read(&sent.form, &asked);
    if faults.is_empty() {
        match decide::decide(&app, &sent.command, id, decision).await {
            Ok(outcome) => return Ok(redirect(&after(&outcome))),
            Err(ExchangeError::Invalid(found)) => faults = found,
            Err(error) => return Err(error.into()),
        }
    }
    let errors = form_errors(&page, faults);
    let shown = form_page(&mut conn, page, row, &asked, sent.form, errors).await?;
    render_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

fn after(outcome: &Outcome) -> String {
    match outcome.agreement_id {
        Some(id) => format!("/exchange/agreements/{id}"),
        None => format!("/exchange/requests/{}", outcome.request_id),
    }
}
