//! One search box for everything that is public: each engine's finder gives its part.
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use jh_web::{App, Failure, Finder, Hit, Page, render};
use serde::Deserialize;

/// The longest question looked at.
const TEXT_CHARS_MAX: usize = 100;
/// Hits a group shows.
const HITS: u32 = 10;

/// What is searched for.
#[derive(Deserialize)]
pub struct SearchQuery {
    #[serde(default)]
    q: String,
}

struct Found {
    heading: &'static str,
    hits: Vec<Hit>,
}

#[derive(Template)]
#[template(path = "portal/search.html")]
struct Results {
    page: Page,
    text: String,
    found: Vec<Found>,
}

/// What the question finds, by group.
pub async fn search(State(app): State<App>, page: Page, Query(query): Query<SearchQuery>) -> Result<Response, Failure> {
    let text: String = query.q.trim().chars().filter(|c| !c.is_control()).take(TEXT_CHARS_MAX).collect();
    let mut found: Vec<Found> = Vec::new();
    if !text.is_empty() {
        for finder in app.services.all::<dyn Finder>() {
            let hits = finder.find(&app, None, &text, page.english(), HITS).await?;
            if !hits.is_empty() {
                found.push(Found { heading: finder.group(), hits });
            }
        }
    }
    let page = page.with_title("portal-search-title");
    render(&Results { page, text, found })
}
