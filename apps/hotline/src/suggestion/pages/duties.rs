//! Duties: which document makes which organisation responsible for what.
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jh_core::actor::OrganisationId;
use jh_core::clock::china_day;
use jh_core::fault::Fault;
use jh_core::paging::Paged;
use jh_web::{App, Failure, FieldErrors, Page, Pairs, Submission, redirect, render, render_with};
use time::Date;

use super::super::duties::{self, NewDuty};
use super::super::store::duty::{self, DutyRow};
use super::super::{DutyId, MANAGE, store};
use super::choices;
use crate::fault::HotlineError;

const PATH: &str = "/hotline/suggestion/duties";
/// The longest line and text that a form may bring.
const LINE_CHARS_MAX: usize = 1_100;

#[derive(Template)]
#[template(path = "hotline/suggestion_duties.html")]
struct DutiesPage {
    page: Page,
    rows: Paged<DutyRow>,
    choices: Vec<(String, String)>,
    pager: String,
    may_manage: bool,
    today: Date,
    form: Pairs,
    errors: FieldErrors,
}

impl DutiesPage {
    fn in_force(&self, row: &DutyRow) -> bool {
        row.valid_from_on <= self.today && row.valid_to_on.is_none_or(|to| to > self.today)
    }
}

async fn page_of(
    app: &App,
    page: Page,
    query: &Pairs,
    form: Pairs,
    errors: FieldErrors,
) -> Result<DutiesPage, Failure> {
    let scopes = page.actor()?.scopes(MANAGE);
    let mut conn = app.db.read().await?;
    let rows = Paged::from_rows(duty::list(&mut conn, query.page()).await?, query.page());
    let organisations = store::names(&mut conn, &scopes).await?;
    let choices = choices(&page, "hotline-names-choose", &organisations);
    let (may_manage, today) = (page.may(MANAGE), china_day(page.now()));
    let page = page.with_title("hotline-duties-title").crumb_key("/hotline/suggestion", "hotline-suggestion-title");
    Ok(DutiesPage { page, rows, choices, pager: query.before_page(PATH), may_manage, today, form, errors })
}

/// The list, and the form for another.
pub async fn show(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    render(&page_of(&app, page, &query, Pairs::default(), FieldErrors::default()).await?)
}

/// Writes one.
pub async fn create(State(app): State<App>, page: Page, sent: Submission<Pairs>) -> Result<Response, Failure> {
    let new = NewDuty {
        organisation_id: sent.form.id("organisation_id").map(OrganisationId),
        clause: sent.form.line("clause", LINE_CHARS_MAX),
        source: sent.form.line("source", LINE_CHARS_MAX),
        valid_from_on: sent.form.day("valid_from_on"),
    };
    match duties::write(&app, &sent.command, new).await {
        Ok(_) => Ok(redirect(PATH)),
        Err(error @ HotlineError::Invalid(_)) => {
            let errors = FieldErrors::new(&page, &error.refusal());
            let shown = page_of(&app, page, &Pairs::default(), sent.form, errors).await?;
            render_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Err(error) => Err(error.into()),
    }
}

/// Ends one today.
pub async fn end(State(app): State<App>, Path(id): Path<DutyId>, sent: Submission<Pairs>) -> Result<Response, Failure> {
    duties::end(&app, &sent.command, id).await?;
    Ok(redirect(PATH))
}
