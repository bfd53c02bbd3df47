//! The inbox, and the search for cases. The filters stand in the address bar.
use askama::Template;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jh_core::clock::CHINA;
use jh_core::paging::Paged;
use jh_web::{App, Failure, Page, Pairs, redirect, render};
use time::OffsetDateTime;
use uuid::Uuid;

use super::lines::{self, CaseLine};
use crate::actions::{HANDLE, INSPECT, MANAGE, READ};
use crate::model::words::Sought;
use crate::store::list::{self, Inbox, Search};

/// Rows of an export; a larger one is narrowed by dates.
const EXPORT_ROWS_MAX: u32 = 10_000;

/// The room's own address leads to what most people come for.
pub async fn front() -> Response {
    redirect("/casework/inbox")
}

/// The scopes in which somebody works on cases.
pub fn working_scopes(page: &Page) -> Result<Vec<Uuid>, Failure> {
    let actor = page.actor()?;
    let mut all: Vec<Uuid> = [MANAGE, HANDLE, INSPECT].into_iter().flat_map(|name| actor.scopes(name)).collect();
    all.sort();
    all.dedup();
    Ok(all)
}

#[derive(Template)]
#[template(path = "casework/inbox.html")]
struct InboxPage {
    page: Page,
    tab: &'static str,
    tabs: [(&'static str, &'static str); 3],
    kinds: Vec<(String, String)>,
    kind: String,
    rows: Paged<CaseLine>,
    pager: String,
}

/// What waits for the organisations in which the reader works on cases, most urgent first.
pub async fn inbox(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    let scopes = working_scopes(&page)?;
    let tab = match query.get("tab") {
        "mine" => "mine",
        "overdue" => "overdue",
        _ => "all",
    };
    let ask = Inbox {
        scopes: &scopes,
        mine: page.actor()?.account.filter(|_| tab == "mine"),
        overdue: tab == "overdue",
        stage: query.given("stage"),
        kind: query.given("kind"),
        page: query.page(),
    };
    let mut conn = app.db.read().await?;
    let rows = Paged::from_rows(list::inbox(&mut conn, &ask).await?, query.page());
    let (number, has_more) = (rows.page, rows.has_more);
    let items = lines::cases(&page, &app, &mut conn, rows.items).await?;
    let kinds = lines::kinds(&page, &app).await;
    let pager = query.before_page("/casework/inbox");
    let tabs = [("all", "casework-tab-all"), ("mine", "casework-tab-mine"), ("overdue", "casework-tab-overdue")];
    let page = page.with_title("casework-inbox-title");
    let (kind, rows) = (query.get("kind").to_owned(), Paged { items, page: number, has_more });
    render(&InboxPage { page, tab, tabs, kinds, kind, rows, pager })
}

impl InboxPage {
    fn tab_href(&self, tab: &str) -> String {
        if self.kind.is_empty() {
            format!("/casework/inbox?tab={tab}")
        } else {
            format!("/casework/inbox?tab={tab}&kind={}", self.kind)
        }
    }
}

/// What a search asks for, read from an address.
struct Asked {
    sought: Sought,
    closed: Option<bool>,
    from_at: Option<OffsetDateTime>,
    before_at: Option<OffsetDateTime>,
}

impl Asked {
    fn new(query: &Pairs) -> Self {
        let midnight = |day: time::Date| day.midnight().assume_offset(CHINA);
        Self {
            sought: Sought::of(query.get("q")),
            closed: match query.get("state") {
                "open" => Some(false),
                "closed" => Some(true),
                _ => None,
            },
            from_at: query.day("from").map(midnight),
            before_at: query.day("to").and_then(time::Date::next_day).map(midnight),
        }
    }

    fn search<'a>(&'a self, scopes: &'a [Uuid], query: &'a Pairs) -> Search<'a> {
        Search {
            scopes,
            sought: self.sought.clone(),
            kind: query.given("kind"),
            closed: self.closed,
            from_at: self.from_at,
            before_at: self.before_at,
            page: query.page(),
        }
    }
}

#[derive(Template)]
#[template(path = "casework/cases.html")]
struct CasesPage {
    page: Page,
    query: Pairs,
    kinds: Vec<(String, String)>,
    rows: Paged<CaseLine>,
    pager: String,
    export: String,
}

/// Cases that the reader may see.
pub async fn search(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    let scopes = page.actor()?.scopes(READ);
    let asked = Asked::new(&query);
    let mut conn = app.db.read().await?;
    let found = list::search(&mut conn, &asked.search(&scopes, &query)).await?;
    let rows = Paged::from_rows(found, query.page());
    let (number, has_more) = (rows.page, rows.has_more);
    let items = lines::cases(&page, &app, &mut conn, rows.items).await?;
    let kinds = lines::kinds(&page, &app).await;
    let export = query.before_page("/casework/cases.csv");
    let pager = query.before_page("/casework/cases");
    let page = page.with_title("casework-cases-title");
    render(&CasesPage { page, kinds, rows: Paged { items, page: number, has_more }, pager, export, query })
}

impl CasesPage {
    fn narrowed(&self) -> bool {
        ["q", "kind", "state", "from", "to"].iter().any(|name| !self.query.get(name).is_empty())
    }
}

/// The cases of a search as a CSV file with a byte order mark, so that spreadsheets read the Chinese.
pub async fn export(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    let scopes = page.actor()?.scopes(READ);
    let asked = Asked::new(&query);
    let mut conn = app.db.read().await?;
    let mut file = csv::Writer::from_writer(vec![0xef, 0xbb, 0xbf]);
    let heads =
        ["number", "kind", "category", "title", "priority", "channel", "stage", "owner", "reported", "due", "outcome"];
    let heads = heads.map(|name| page.t(&format!("casework-{name}")));
    file.write_record(heads).map_err(Failure::internal)?;
    let mut search = asked.search(&scopes, &query);
    for number in 1..=EXPORT_ROWS_MAX / jh_core::paging::SIZE_MAX {
        search.page = jh_core::paging::PageRequest { page: Some(number), size: Some(jh_core::paging::SIZE_MAX) };
        let rows = Paged::from_rows(list::search(&mut conn, &search).await?, search.page);
        for line in lines::cases(&page, &app, &mut conn, rows.items).await? {
            file.write_record(record(&page, &line)).map_err(Failure::internal)?;
        }
        if !rows.has_more {
            break;
        }
    }
    let bytes = file.into_inner().map_err(|error| Failure::internal(error.error()))?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"cases.csv\""),
    ];
    Ok((headers, Body::from(bytes)).into_response())
}

fn record(page: &Page, line: &CaseLine) -> [String; 11] {
    let row = &line.row;
    [
        row.number.clone(),
        row.kind.clone(),
        row.category_name.clone(),
        row.title.clone(),
        page.t(row.priority.key()),
        page.t(&row.channel.key()),
        line.stage.clone(),
        row.owner_name.clone().unwrap_or_default(),
        page.instant(row.reported_at),
        row.due_at.map(|at| page.instant(at)).unwrap_or_default(),
        row.outcome.map(|outcome| page.t(&outcome.key())).unwrap_or_default(),
    ]
    .map(|cell| jh_core::csv_cell::guarded(&cell).into_owned())
}
