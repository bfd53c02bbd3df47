//! Files of past cases: bringing one, and what became of its rows.
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jh_core::paging::{PageRequest, Paged};
use jh_web::{App, Failure, Page, Pairs, Upload, redirect, render, render_with};

use super::super::store::imports::{self, ImportRow, WaitingName};
use super::super::{ImportId, bring};
use crate::fault::HotlineError;

const PATH: &str = "/hotline/suggestion/history";

#[derive(Template)]
#[template(path = "hotline/suggestion_history.html")]
struct HistoryPage {
    page: Page,
    rows: Paged<ImportRow>,
    pager: String,
    refused: String,
}

impl HistoryPage {
    fn state(&self, row: &ImportRow) -> String {
        self.page.t(&format!("hotline-history-state-{}", row.state))
    }
}

#[derive(Template)]
#[template(path = "hotline/suggestion_import.html")]
struct ImportPage {
    page: Page,
    row: ImportRow,
    names: Vec<WaitingName>,
    faults: Paged<(i64, String)>,
    pager: String,
}

impl ImportPage {
    fn state(&self) -> String {
        self.page.t(&format!("hotline-history-state-{}", self.row.state))
    }

    fn fault(&self, code: &str) -> String {
        self.page.t(&format!("hotline-history-fault-{code}"))
    }

    fn refusal(&self, code: &str) -> String {
        self.page.t(&format!("error-{code}"))
    }
}

async fn history(app: &App, page: Page, query: &Pairs, refused: String) -> Result<HistoryPage, Failure> {
    page.actor()?;
    let rows = imports::list(&mut *app.db.read().await?, query.page()).await?;
    let page = page.with_title("hotline-history-title").crumb_key("/hotline/suggestion", "hotline-suggestion-title");
    Ok(HistoryPage { page, rows: Paged::from_rows(rows, query.page()), pager: query.before_page(PATH), refused })
}

/// Files brought so far, and the form for another.
pub async fn list(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    render(&history(&app, page, &query, String::new()).await?)
}

/// Takes a file in.
pub async fn submit(State(app): State<App>, page: Page, sent: Upload) -> Result<Response, Failure> {
    let Some(uploaded) = &sent.file else {
        let refused = page.t("error-hotline-history-file-none");
        let shown = history(&app, page, &Pairs::default(), refused).await?;
        return render_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    };
    let brought = bring(&app, &sent.command, &uploaded.name, uploaded.file).await?;
    Ok(redirect(&format!("{PATH}/{}", brought.import_id)))
}

/// What became of a file's rows.
pub async fn show(
    State(app): State<App>,
    page: Page,
    Path(id): Path<ImportId>,
    query: Pairs,
) -> Result<Response, Failure> {
    page.actor()?;
    let mut conn = app.db.read().await?;
    let row = imports::find(&mut conn, id).await?.ok_or(HotlineError::NotFound("import"))?;
    let names = imports::waiting_names(&mut conn, Some(id), PageRequest::default()).await?;
    let faults = Paged::from_rows(imports::faults(&mut conn, id, query.page()).await?, query.page());
    let page = page
        .with_title_text(row.file_name.clone())
        .crumb_key("/hotline/suggestion", "hotline-suggestion-title")
        .crumb_key(PATH, "hotline-history-title");
    render(&ImportPage { page, row, names, faults, pager: query.before_page(&format!("{PATH}/{id}")) })
}
