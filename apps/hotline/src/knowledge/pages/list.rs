//! The keepers' list. The filters stand in the address bar.
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jh_core::clock::china_day;
use jh_core::paging::Paged;
use jh_web::{App, Failure, Page, Pairs, render};
use time::{Date, Duration};
use uuid::Uuid;

use super::super::model::{REMIND_DAYS, Standing};
use super::super::store::list::{self, ListRow, Narrowing};
use super::super::{READ, WRITE};
use super::{Badge, badges};

const PATH: &str = "/hotline/knowledge/entries";
const TEXT_CHARS_MAX: usize = 100;
/// What can be asked for, with its Fluent key.
const STATES: [(&str, &str); 5] = [
    ("draft", "web-state-draft"),
    ("in_review", "web-state-review"),
    ("published", "web-state-published"),
    ("expired", "web-state-expired"),
    ("withdrawn", "web-state-withdrawn"),
];

#[derive(Template)]
#[template(path = "hotline/knowledge_entries.html")]
struct ListPage {
    page: Page,
    rows: Paged<ListRow>,
    states: Vec<(&'static str, String)>,
    organisations: Vec<(String, String)>,
    state: String,
    organisation: String,
    expiring: bool,
    text: String,
    pager: String,
    today: Date,
    may_write: bool,
}

impl ListPage {
    fn narrowed(&self) -> bool {
        !self.state.is_empty() || !self.organisation.is_empty() || self.expiring || !self.text.is_empty()
    }

    fn badges(&self, row: &ListRow) -> Vec<Badge> {
        badges(row.standing, row.revision)
    }

    /// Days until a published answer expires, if they are few.
    fn days_left(&self, row: &ListRow) -> Option<i64> {
        let left = (row.expires_on? - self.today).whole_days();
        (row.standing == Standing::Published && left <= REMIND_DAYS[0]).then_some(left.max(0))
    }
}

/// Every entry the reader may see.
pub async fn show(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    let scopes = page.actor()?.scopes(READ);
    let today = china_day(page.now());
    let state = STATES.iter().map(|(code, _)| *code).find(|code| *code == query.get("state"));
    let organisation: Option<Uuid> = query.id("organisation");
    let expiring = query.get("expiring") == "1";
    let text = query.line("q", TEXT_CHARS_MAX);
    let narrowing = Narrowing {
        scopes: &scopes,
        state,
        organisation,
        expiring_before: expiring.then(|| today + Duration::days(REMIND_DAYS[0] + 1)),
        text: &text,
        page: query.page(),
    };
    let mut conn = app.db.read().await?;
    let rows = Paged::from_rows(list::entries(&mut conn, &narrowing).await?, query.page());
    let all = std::iter::once((String::new(), page.t("web-all")));
    let kept = list::organisations(&mut conn).await?.into_iter().map(|(id, name)| (id.to_string(), name));
    let organisations = all.chain(kept).collect();
    let states =
        std::iter::once(("", page.t("web-all"))).chain(STATES.map(|(code, key)| (code, page.t(key)))).collect();
    let page = page.with_title("hotline-knowledge-entries-title");
    let page = page.crumb_key("/hotline/knowledge", "hotline-knowledge-title");
    render(&ListPage {
        may_write: page.may(WRITE),
        page,
        rows,
        states,
        organisations,
        state: state.unwrap_or("").to_owned(),
        organisation: organisation.map(|id| id.to_string()).unwrap_or_default(),
        expiring,
        text,
        pager: query.before_page(PATH),
        today,
    })
}
