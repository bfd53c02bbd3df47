//! The list of deliveries; its filters stand in the address, so that a bookmark is a saved filter.
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use jh_core::paging::{PageRequest, Paged};
use jh_web::{App, Failure, Page, render};
use serde::Deserialize;

use super::READ;
use super::words::{KINDS, given, href, kind_key, pager_href, tidy};
use crate::store::views::deliveries::{self as store, Narrow, Shown};

/// The filters.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub struct Choice {
    #[serde(deserialize_with = "tidy")]
    state: String,
    #[serde(deserialize_with = "tidy")]
    kind: String,
    #[serde(deserialize_with = "tidy")]
    provider: String,
    #[serde(deserialize_with = "tidy")]
    page: String,
}

/// The states to choose from; each covers what people would call so.
const STATES: [(&str, &str); 6] = [
    ("running", "registry-page-state-landing"),
    ("mapping", "registry-page-state-mapping"),
    ("done", "registry-page-state-done"),
    ("partial", "registry-page-state-partial"),
    ("failed", "registry-page-state-failed"),
    ("cancelled", "registry-page-state-cancelled"),
];

impl Choice {
    fn address(&self) -> String {
        let parameters = [("state", self.state.as_str()), ("kind", &self.kind), ("provider", &self.provider)];
        href("/registry/deliveries", &parameters)
    }

    fn narrowed(&self) -> bool {
        !(self.state.is_empty() && self.kind.is_empty() && self.provider.is_empty())
    }

    fn states(&self) -> Option<&'static [&'static str]> {
        match self.state.as_str() {
            "running" => Some(&["received", "checking", "landing"]),
            "mapping" => Some(&["mapping"]),
            "done" | "partial" => Some(&["done"]),
            "failed" => Some(&["failed"]),
            "cancelled" => Some(&["cancelled"]),
            _ => None,
        }
    }
}

#[derive(Template)]
#[template(path = "registry/deliveries.html")]
struct ListPage {
    page: Page,
    rows: Paged<Shown>,
    states: Vec<(String, String)>,
    kinds: Vec<(String, String)>,
    providers: Vec<(String, String)>,
    choice: Choice,
    pager: String,
}

/// `GET /registry/deliveries`.
pub async fn list(State(app): State<App>, page: Page, Query(choice): Query<Choice>) -> Result<Response, Failure> {
    let scopes = page.actor()?.scopes(READ);
    let request = PageRequest { page: choice.page.parse().ok(), size: None };
    let narrow = Narrow {
        text: None,
        states: choice.states(),
        rejected: choice.state == "partial",
        kind: given(&choice.kind),
        provider: given(&choice.provider),
    };
    let mut conn = app.db.read().await?;
    let rows = store::list(&mut conn, &scopes, narrow, request).await?;
    let providers = store::providers_delivered(&mut conn, &scopes).await?;
    drop(conn);
    let page = page.with_title("registry-page-deliveries-title");
    let all = (String::new(), page.t("web-all"));
    let with_all = |options: Vec<(String, String)>| std::iter::once(all.clone()).chain(options).collect();
    render(&ListPage {
        rows: Paged::from_rows(rows, request),
        states: with_all(STATES.iter().map(|(value, key)| ((*value).to_owned(), page.t(key))).collect()),
        kinds: with_all(KINDS.iter().map(|kind| (kind.word().to_owned(), page.t(kind_key(kind.word())))).collect()),
        providers: with_all(providers.into_iter().map(|each| (each.code, each.name)).collect()),
        pager: pager_href(&choice.address()),
        choice,
        page,
    })
}
