//! One search over everything the actor may see.
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use jh_web::{App, Failure, Finder, Hit, Page, render};
use serde::Deserialize;

const TEXT_CHARS_MAX: usize = 100;
const HITS: u32 = 10;

/// What is searched for.
#[derive(Deserialize)]
pub struct SearchQuery {
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "workbench/search.html")]
struct Results {
    page: Page,
    text: String,
    found: Vec<(&'static str, Vec<Hit>)>,
}

/// What the question finds, by group.
pub async fn search(State(app): State<App>, page: Page, Query(query): Query<SearchQuery>) -> Result<Response, Failure> {
    let actor = page.actor()?.clone();
    let text: String = query.q.trim().chars().filter(|c| !c.is_control()).take(TEXT_CHARS_MAX).collect();
    let mut found = Vec::new();
    if !text.is_empty() {
        for finder in app.services.all::<dyn Finder>() {
            let hits = finder.find(&app, Some(&actor), &text, page.english(), HITS).await?;
            if !hits.is_empty() {
                found.push((finder.group(), hits));
            }
        }
    }
    render(&Results { page: page.with_title("workbench-search-title"), text, found })
}
