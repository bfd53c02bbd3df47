//! The inbox, and the search for cases. The filters stand in the address bar.
use askama::Template;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jh_core::actor::Actor;
use jh_core::clock::CHINA;
use jh_core::paging::{PageRequest, Paged};
use jh_web::{App, Failure, Page, Pairs, redirect, render};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::lines::{self, CaseLine};
use crate::actions::{READ, scopes};
use crate::model::CaseId;
use crate::model::words::Sought;
use crate::store::asked;
use crate::store::file::Scopes;
use crate::store::list::{self, Inbox, ListRow, Search};

/// Rows of an export; a larger one is narrowed by dates.
const EXPORT_ROWS_MAX: u32 = 10_000;

/// The room's own address leads to what most people come for.
pub async fn front() -> Response {
    redirect("/casework/inbox")
}

#[derive(Template)]
#[template(path = "casework/inbox.html")]
struct InboxPage {
    page: Page,
    tab: &'static str,
    tabs: [(&'static str, &'static str); 4],
    kinds: Vec<(String, String)>,
    kind: String,
    rows: Paged<CaseLine>,
    pager: String,
}

/// What waits for the reader, most urgent first.
pub async fn inbox(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    let actor = page.actor()?.clone();
    let scopes = scopes(&actor);
    let tab = match query.get("tab") {
        "mine" => "mine",
        "asked" => "asked",
        "overdue" => "overdue",
        _ => "all",
    };
    let mut conn = app.db.read().await?;
    let rows = if tab == "asked" {
        asked_of(&mut conn, &actor, &scopes, query.page()).await?
    } else {
        let ask = Inbox {
            mine: actor.account.filter(|_| tab == "mine"),
            overdue: tab == "overdue",
            stage: query.given("stage"),
            kind: query.given("kind"),
            ..Inbox::of(&scopes, actor.organisation, query.page())
        };
        Paged::from_rows(list::inbox(&mut conn, &ask).await?, query.page())
    };
    let (number, has_more) = (rows.page, rows.has_more);
    let items = lines::cases(&page, &app, &mut conn, rows.items).await?;
    let kinds = lines::kinds(&page, &app).await;
    let pager = query.before_page("/casework/inbox");
    let tabs = [
        ("all", "casework-tab-all"),
        ("mine", "casework-tab-mine"),
        ("asked", "casework-tab-asked"),
        ("overdue", "casework-tab-overdue"),
    ];
    let page = page.with_title("casework-inbox-title");
    let (kind, rows) = (query.get("kind").to_owned(), Paged { items, page: number, has_more });
    render(&InboxPage { page, tab, tabs, kinds, kind, rows, pager })
}

/// The cases of which an answer is waited for, in the order of their asking; one that is asked twice stands there once.
async fn asked_of(
    conn: &mut PgConnection,
    actor: &Actor,
    scopes: &Scopes,
    page: PageRequest,
) -> Result<Paged<ListRow>, Failure> {
    let waits = asked::asked(conn, scopes, (actor.organisation, actor.account), page).await?;
    let waits = Paged::from_rows(waits, page);
    let ids: Vec<CaseId> = waits.items.iter().map(|row| row.case_id).collect();
    let mut items = asked::lines(conn, &ids).await?;
    items.sort_by_key(|row| ids.iter().position(|id| *id == row.case_id));
    Ok(Paged { items, page: waits.page, has_more: waits.has_more })
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
    let heads = [
        "number",
        "kind",
        "kind-code",
        "category",
        "title",
        "priority",
        "channel",
        "stage",
        "owner",
        "reported",
        "due",
        "outcome",
    ];
    let heads = heads.map(|name| page.t(&format!("casework-{name}")));
    let kinds = lines::kinds(&page, &app).await;
    file.write_record(heads).map_err(Failure::internal)?;
    let mut search = asked.search(&scopes, &query);
    for number in 1..=EXPORT_ROWS_MAX / jh_core::paging::SIZE_MAX {
        search.page = jh_core::paging::PageRequest { page: Some(number), size: Some(jh_core::paging::SIZE_MAX) };
        let rows = Paged::from_rows(list::search(&mut conn, &search).await?, search.page);
        for line in lines::cases(&page, &app, &mut conn, rows.items).await? {
            file.write_record(record(&page, &kinds, &line)).map_err(Failure::internal)?;
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

fn record(page: &Page, kinds: &[(String, String)], line: &CaseLine) -> [String; 12] {
    let row = &line.row;
    let kind = kinds.iter().find(|(code, _)| *code == row.kind).map_or(&row.kind, |(_, name)| name);
    [
        row.number.clone(),
        kind.clone(),
        row.kind.clone(),
        line.category.clone(),
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
