//! The staff's list of resources; its filters stand in the address bar, so that a bookmark is a saved filter.
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use jh_core::paging::Paged;
use jh_web::{App, Failure, Page, render};
use serde::Deserialize;

use crate::model::{SharingKind, State as Stand, Theme};
use crate::pages::{Worded, given, href, pager_href, paging, tidy};
use crate::permission::{DRAFT, READ};
use crate::search;
use crate::store::list::Filter;
use crate::store::search::Summary;

/// The filters.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub struct Choice {
    #[serde(deserialize_with = "tidy")]
    q: String,
    #[serde(deserialize_with = "tidy")]
    provider: String,
    #[serde(deserialize_with = "tidy")]
    state: String,
    #[serde(deserialize_with = "tidy")]
    theme: String,
    #[serde(deserialize_with = "tidy")]
    sharing: String,
    #[serde(deserialize_with = "tidy")]
    own: String,
    #[serde(deserialize_with = "tidy")]
    page: String,
}

impl Choice {
    fn address(&self) -> String {
        let parameters = [
            ("q", self.q.as_str()),
            ("provider", &self.provider),
            ("state", &self.state),
            ("theme", &self.theme),
            ("sharing", &self.sharing),
            ("own", &self.own),
        ];
        href("/catalogue/resources", &parameters)
    }

    fn filter(&self) -> Filter<'_> {
        Filter {
            words: None,
            provider: given(&self.provider),
            state: given(&self.state),
            theme: given(&self.theme),
            sharing: given(&self.sharing),
            format: None,
            own: !self.own.is_empty(),
        }
    }

    fn narrowed(&self) -> bool {
        self.address() != "/catalogue/resources"
    }
}

/// A view that people come back to.
struct Saved {
    name: String,
    href: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "catalogue/resources.html")]
struct ListPage {
    page: Page,
    hits: Paged<Summary>,
    saved: Vec<Saved>,
    states: Vec<(String, String)>,
    themes: Vec<(String, String)>,
    kinds: Vec<(String, String)>,
    may_draft: bool,
    href: String,
    choice: Choice,
}

/// `GET /catalogue/resources`.
pub async fn list(State(app): State<App>, page: Page, Query(choice): Query<Choice>) -> Result<Response, Failure> {
    let scopes = page.actor()?.scopes(READ);
    let mut conn = app.db.read().await?;
    let hits = search::staff(&mut conn, &scopes, &choice.q, &choice.filter(), paging(&choice.page)).await?;
    drop(conn);
    let page = page.with_title("catalogue-resources-title");
    let all = |options: Vec<(String, String)>| {
        let mut with_all = vec![(String::new(), page.t("web-all"))];
        with_all.extend(options);
        with_all
    };
    let address = choice.address();
    render(&ListPage {
        saved: saved(&page, &address),
        states: all(Stand::options(&page)),
        themes: all(Theme::options(&page)),
        kinds: all(SharingKind::options(&page)),
        may_draft: page.may(DRAFT),
        href: pager_href(&address),
        page,
        hits,
        choice,
    })
}

fn saved(page: &Page, address: &str) -> Vec<Saved> {
    let views = [
        ("catalogue-view-all", "/catalogue/resources"),
        ("catalogue-view-own", "/catalogue/resources?own=1"),
        ("catalogue-view-drafts", "/catalogue/resources?state=draft"),
        ("catalogue-view-review", "/catalogue/resources?state=in_review"),
        ("catalogue-view-conditional", "/catalogue/resources?sharing=conditional"),
    ];
    views.map(|(key, href)| Saved { name: page.t(key), href: href.into(), current: href == address }).into()
}
