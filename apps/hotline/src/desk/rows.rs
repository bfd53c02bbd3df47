//! The rows behind a figure of the board: each act of a day, or of a few, with its case; and the calls that reported nothing.
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::api::{Act, ActedRow};
use jh_core::clock::{CHINA, china_day};
use jh_core::paging::Paged;
use jh_web::{App, Failure, Page, Pairs, render};
use time::{Date, OffsetDateTime};

use super::store::{self, DismissedRow};
use super::{BOARD, KIND};
use crate::fault::HotlineError;

/// The acts that the board counts, as its addresses name them.
pub const COUNTED: [Act; 4] = [Act::Opening, Act::Answer, Act::Dispatch, Act::Miss];

/// A day from its first moment to the next day's.
pub fn span(day: Date) -> (OffsetDateTime, OffsetDateTime) {
    let midnight = |day: Date| day.midnight().assume_offset(CHINA);
    (midnight(day), midnight(day.next_day().unwrap_or(day)))
}

#[derive(Template)]
#[template(path = "hotline/board_rows.html")]
struct RowsPage {
    page: Page,
    acts: Paged<ActedRow>,
    dismissed: Paged<DismissedRow>,
    pager: String,
}

fn asked(page: &Page, query: &Pairs) -> Date {
    query.day("day").unwrap_or_else(|| china_day(page.now()))
}

fn titled(page: Page, key: &str, day: Date) -> Page {
    let title = page.ta("hotline-board-rows", &[("what", page.t(key)), ("day", page.date(day))]);
    page.with_title_text(title).crumb_key("/hotline/board", "hotline-board-title")
}

/// What was done on a day.
pub async fn acts(
    State(app): State<App>,
    page: Page,
    Path(act): Path<String>,
    query: Pairs,
) -> Result<Response, Failure> {
    let act = COUNTED.into_iter().find(|one| one.code() == act).ok_or(HotlineError::NotFound("figure"))?;
    let (scopes, day) = (page.actor()?.scopes(BOARD), asked(&page, &query));
    let mut conn = app.db.read().await?;
    let rows = casework::api::acted(&mut conn, (KIND, act), &scopes, span(day), query.page()).await?;
    let label = match act {
        Act::Opening => "hotline-board-requests",
        Act::Answer => "hotline-board-answered",
        Act::Dispatch => "hotline-board-ticketed",
        _ => "hotline-board-missed",
    };
    render(&RowsPage {
        acts: Paged::from_rows(rows, query.page()),
        dismissed: Paged { items: Vec::new(), page: 1, has_more: false },
        pager: query.before_page(&format!("/hotline/board/acts/{}", act.code())),
        page: titled(page, label, day),
    })
}

/// The calls of a day that reported nothing.
pub async fn dismissed(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    let (scopes, day) = (page.actor()?.scopes(BOARD), asked(&page, &query));
    let mut conn = app.db.read().await?;
    let rows = store::dismissed(&mut conn, span(day), &scopes, query.page()).await?;
    render(&RowsPage {
        acts: Paged { items: Vec::new(), page: 1, has_more: false },
        dismissed: Paged::from_rows(rows, query.page()),
        pager: query.before_page("/hotline/board/dismissed"),
        page: titled(page, "hotline-board-dismissed", day),
    })
}

impl RowsPage {
    fn reason(&self, row: &DismissedRow) -> String {
        self.page.t(&format!("hotline-desk-reason-{}", row.reason))
    }

    /// What is told of calls is masked: a board is looked at by more people than answered them.
    fn masked(&self, text: &str) -> String {
        jh_core::mask::numbers(text)
    }
}
