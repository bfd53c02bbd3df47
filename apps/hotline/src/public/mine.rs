//! What somebody reported and follows, and following what others reported.
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::api::{Badge, CaseId, ListRow, due_badge};
use jh_core::paging::Paged;
use jh_web::{App, Failure, Page, Pairs, Submission, redirect, render};

use super::map;
use crate::fault::HotlineError;

/// A report in the list: no words of it, for whoever only follows a case does not see them.
struct Row {
    id: CaseId,
    number: String,
    category: String,
    address: String,
    stage: String,
    closed: bool,
    day: String,
    due: Badge,
}

#[derive(Template)]
#[template(path = "hotline/public_mine.html")]
struct MinePage {
    page: Page,
    rows: Paged<Row>,
    pager: String,
}

/// Mine and followed, the last one first.
pub async fn list(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    let account = page.actor()?.account.ok_or(HotlineError::NoPerson)?;
    let mut conn = app.db.read().await?;
    let rows = casework::api::of_account(&mut conn, account, query.page()).await?;
    let rows = Paged::from_rows(rows, query.page());
    let versions: Vec<_> = rows.items.iter().map(|row| (row.kind.clone(), row.version)).collect();
    let stages = casework::api::stage_names(&page, &app, &mut conn, versions).await?;
    let rows = rows.map(|row: ListRow| Row {
        stage: stages.get(&(row.kind.clone(), row.version, row.stage.clone())).cloned().unwrap_or_default(),
        due: due_badge(&page, row.due_at, row.paused, row.closed),
        day: page.day(jh_core::clock::china_day(row.reported_at)),
        id: row.case_id,
        number: row.number,
        category: row.category_name,
        address: row.address,
        closed: row.closed,
    });
    let pager = query.before_page("/my/reports");
    render(&MinePage { page: page.with_title("hotline-mine-title"), rows, pager })
}

/// Follows what somebody else reported.
pub async fn follow(
    State(app): State<App>,
    page: Page,
    Path(number): Path<String>,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    page.actor()?;
    let row = map::public_row(&mut *app.db.read().await?, &number).await?;
    casework::api::follow(&app, &sent.command, row.case_id).await.map_err(HotlineError::from)?;
    Ok(redirect(&format!("/my/reports/{}", row.case_id)))
}
