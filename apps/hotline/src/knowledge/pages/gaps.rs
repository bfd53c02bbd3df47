//! What agents searched for and found nothing: so that somebody writes the missing answer.
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jh_core::clock::china_day;
use jh_core::paging::Paged;
use jh_web::{App, Failure, Page, Pairs, Submission, encoded, redirect, render};
use time::Duration;

use super::super::WRITE;
use super::super::actions::using;
use super::super::store::using::{GapRow, gaps};

/// Searches of so many days are listed.
const DAYS: i64 = 90;
const PATH: &str = "/hotline/knowledge/gaps";

#[derive(Template)]
#[template(path = "hotline/knowledge_gaps.html")]
struct GapsPage {
    page: Page,
    rows: Paged<GapRow>,
    pager: String,
    may_write: bool,
}

impl GapsPage {
    fn write_href(&self, row: &GapRow) -> String {
        format!("/hotline/knowledge/entries/new?question={}", encoded(&row.text))
    }
}

/// Open gaps, those searched most first.
pub async fn show(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    page.actor()?;
    let since = china_day(page.now()) - Duration::days(DAYS);
    let rows = gaps(&mut *app.db.read().await?, since, query.page()).await?;
    let page =
        page.with_title("hotline-knowledge-gaps-title").crumb_key("/hotline/knowledge", "hotline-knowledge-title");
    let may_write = page.may(WRITE);
    render(&GapsPage { page, rows: Paged::from_rows(rows, query.page()), pager: query.before_page(PATH), may_write })
}

/// One is seen to.
pub async fn close(State(app): State<App>, sent: Submission<Pairs>) -> Result<Response, Failure> {
    using::close_gap(&app, &sent.command, sent.form.get("text")).await?;
    Ok(redirect(PATH))
}
