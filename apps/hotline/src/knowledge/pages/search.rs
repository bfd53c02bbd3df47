//! The agents' search: answers while the question is typed. Without scripts it is a form like any other.
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jh_core::clock::china_day;
use jh_web::{App, Failure, Page, Pairs, render};

use super::super::WRITE;
use super::super::actions::using;
use super::super::search::{Found, answers};
use super::super::store::list;

/// Answers shown at once: more than anybody reads with a citizen on the line.
const SHOWN: usize = 10;
/// The longest question of the page's own field.
const TEXT_CHARS_MAX: usize = 200;

#[derive(Template)]
#[template(path = "hotline/knowledge_search.html")]
struct SearchPage {
    page: Page,
    text: String,
    found: Vec<Found>,
    /// Whether there is anything to search in.
    any: bool,
    may_write: bool,
}

#[derive(Template)]
#[template(path = "hotline/knowledge_found.html")]
struct FoundPart {
    page: Page,
    text: String,
    found: Vec<Found>,
    may_write: bool,
}

/// The page, or, while somebody types, only what was found.
pub async fn show(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    page.actor()?;
    let text = query.line("q", TEXT_CHARS_MAX);
    let mut conn = app.db.read().await?;
    let found = match text.is_empty() {
        true => Vec::new(),
        false => answers(&mut conn, china_day(page.now()), &text, SHOWN, false).await?,
    };
    let may_write = page.may(WRITE);
    if page.is_htmx {
        return render(&FoundPart { page, text, found, may_write });
    }
    let any = list::any(&mut conn).await?;
    drop(conn);
    // Half a word that finds nothing yet is no gap; what was sent by hand is one.
    if found.is_empty() && any {
        using::missed(&app, &page.command(), &text).await?;
    }
    let page = page.with_title("hotline-knowledge-title");
    render(&SearchPage { page, text, found, any, may_write })
}
