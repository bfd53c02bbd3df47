//! What everybody reads: the public answers in force, and one of them in full.
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use jh_core::clock::china_day;
use jh_core::paging::Paged;
use jh_web::{App, Failure, Page, Pairs, render};
use uuid::Uuid;

use super::super::model::Audience;
use super::super::search;
use super::super::store::answer::{self, AnswerRow};
use super::super::store::{self, VersionRow, neighbour};
use super::{Line, entry_id, lines};
use crate::fault::HotlineError;

/// Answers found that are shown.
const FOUND: usize = 20;
/// Others that may be meant, beside an answer.
const NEAR: usize = 4;
const TEXT_CHARS_MAX: usize = 200;

#[derive(Template)]
#[template(path = "hotline/answers.html")]
struct AnswersPage {
    page: Page,
    text: String,
    organisation: String,
    organisations: Vec<(Uuid, String)>,
    rows: Paged<AnswerRow>,
    pager: String,
}

impl AnswersPage {
    /// The name of the organisation the list is narrowed to.
    fn chosen(&self) -> &str {
        let chosen = self.organisations.iter().find(|(id, _)| id.to_string() == self.organisation);
        chosen.map_or("", |(_, name)| name)
    }
}

/// The list, or what was found in it.
pub async fn list(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    let today = china_day(page.now());
    let text = query.line("q", TEXT_CHARS_MAX);
    let mut conn = app.db.read().await?;
    let rows = if text.is_empty() {
        let rows = answer::public(&mut conn, today, query.id("organisation"), query.page()).await?;
        Paged::from_rows(rows, query.page())
    } else {
        let found = search::answers(&mut conn, today, &text, FOUND, true).await?;
        Paged { items: found.into_iter().map(|found| found.answer).collect(), page: 1, has_more: false }
    };
    render(&AnswersPage {
        organisations: answer::public_organisations(&mut conn, today).await?,
        organisation: query.id("organisation").map(|id| id.to_string()).unwrap_or_default(),
        pager: query.before_page("/answers"),
        page: page.with_title("hotline-answers-title"),
        text,
        rows,
    })
}

#[derive(Template)]
#[template(path = "hotline/answer.html")]
struct AnswerPage {
    page: Page,
    shown: VersionRow,
    organisation: String,
    near: Vec<AnswerRow>,
}

impl AnswerPage {
    fn lines(&self) -> Vec<Line> {
        lines(&self.shown.answer)
    }
}

/// One public answer in force. What is internal or over does not exist here.
pub async fn show(State(app): State<App>, page: Page, Path(text): Path<String>) -> Result<Response, Failure> {
    let today = china_day(page.now());
    let id = entry_id(&text)?;
    let gone = || HotlineError::NotFound("answer");
    let mut conn = app.db.read().await?;
    let version = answer::public_version(&mut conn, id, today).await?.ok_or_else(gone)?;
    let shown = store::version(&mut conn, id, version).await?.filter(|row| row.audience == Audience::Public);
    let shown = shown.ok_or_else(gone)?;
    let entry = store::entry_organisation(&mut conn, id).await?.ok_or_else(gone)?;
    let near = search::answers(&mut conn, today, &shown.question, NEAR + 1, true).await?;
    render(&AnswerPage {
        organisation: neighbour::organisation_name(&mut conn, entry).await?,
        near: near.into_iter().map(|found| found.answer).filter(|row| row.entry_id != id).take(NEAR).collect(),
        page: page.with_title_text(shown.question.clone()).crumb_key("/answers", "hotline-answers-title"),
        shown,
    })
}
