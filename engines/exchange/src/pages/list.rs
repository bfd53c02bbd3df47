//! The lists of requests and of agreements. The filters stand in the address bar.
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jh_core::paging::Paged;
use jh_web::{App, Failure, Page, redirect, render};

use super::options;
use crate::actions::{CREATE, READ};
use crate::model::{AgreementState, RequestState};
use crate::store::agreement::AgreementRow;
use crate::store::{self, Narrowing, RequestRow, Side};
use jh_web::Pairs;

/// What both lists share: the filters as they stand.
struct Filters {
    path: &'static str,
    side: Side,
    state: String,
    text: String,
    states: Vec<(&'static str, String)>,
    pager: String,
}

impl Filters {
    fn new(path: &'static str, query: &Pairs, states: Vec<(&'static str, String)>) -> Self {
        Self {
            path,
            side: Side::of(query.get("side")),
            state: query.get("state").to_owned(),
            text: query.get("q").to_owned(),
            states,
            pager: query.before_page(path),
        }
    }

    /// The address of the same list from another side.
    fn address_from(&self, side: &Side) -> String {
        let pairs = [("side", side.code()), ("state", &self.state), ("q", &self.text)];
        let kept: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        format!("{}?{}", self.path, serde_html_form::to_string(&kept).unwrap_or_default())
    }

    /// Whether the list is looked at from this side.
    fn looks_from(&self, side: &Side) -> bool {
        self.side == *side
    }

    /// Whether anything is narrowed.
    fn narrowed(&self) -> bool {
        !self.state.is_empty() || !self.text.is_empty()
    }
}

/// The three ways to look, with the Fluent key of each.
fn sides(keys: [&'static str; 3]) -> [(Side, &'static str); 3] {
    [(Side::Any, keys[0]), (Side::Asking, keys[1]), (Side::Providing, keys[2])]
}

#[derive(Template)]
#[template(path = "exchange/requests.html")]
struct RequestsPage {
    page: Page,
    filters: Filters,
    sides: [(Side, &'static str); 3],
    rows: Paged<RequestRow>,
    may_ask: bool,
}

/// Requests on either side of us.
pub async fn requests(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    let scopes = page.actor()?.scopes(READ);
    let state = RequestState::parse(query.get("state")).map(RequestState::code);
    let narrowing = Narrowing {
        scopes: &scopes,
        side: Side::of(query.get("side")),
        state,
        text: query.given("q"),
        page: query.page(),
    };
    let rows = store::requests(&mut *app.db.read().await?, &narrowing).await?;
    let states = options(&page, &RequestState::ALL, RequestState::code, RequestState::key);
    let filters = Filters::new("/exchange/requests", &query, states);
    let keys = ["exchange-side-any", "exchange-side-asking", "exchange-side-providing"];
    let (sides, may_ask) = (sides(keys), page.may(CREATE));
    let page = page.with_title("exchange-requests-title");
    render(&RequestsPage { page, filters, sides, rows: Paged::from_rows(rows, query.page()), may_ask })
}

#[derive(Template)]
#[template(path = "exchange/agreements.html")]
struct AgreementsPage {
    page: Page,
    filters: Filters,
    sides: [(Side, &'static str); 3],
    rows: Paged<AgreementRow>,
    today: time::Date,
}

/// Agreements on either side of us.
pub async fn agreements(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    let scopes = page.actor()?.scopes(READ);
    let state = AgreementState::parse(query.get("state")).map(AgreementState::code);
    let narrowing = Narrowing {
        scopes: &scopes,
        side: Side::of(query.get("side")),
        state,
        text: query.given("q"),
        page: query.page(),
    };
    let rows = store::agreement::list(&mut *app.db.read().await?, &narrowing).await?;
    let states = options(&page, &AgreementState::ALL, AgreementState::code, AgreementState::key);
    let filters = Filters::new("/exchange/agreements", &query, states);
    let keys = ["exchange-side-any", "exchange-side-using", "exchange-side-giving"];
    let (sides, today) = (sides(keys), jh_core::clock::china_day(page.now()));
    let page = page.with_title("exchange-agreements-title");
    render(&AgreementsPage { page, filters, sides, rows: Paged::from_rows(rows, query.page()), today })
}

impl AgreementsPage {
    /// Days until the last day of an agreement in force, if they are few.
    fn days_left(&self, row: &AgreementRow) -> Option<i64> {
        let days = (row.to_on - self.today).whole_days();
        (row.state == AgreementState::InForce && (0..=30).contains(&days)).then_some(days)
    }
}

/// The room's own address leads to what most people come for.
pub async fn front() -> Response {
    redirect("/exchange/requests")
}
