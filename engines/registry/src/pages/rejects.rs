//! The report of a delivery: rows that did not land, by rule; and the same as a file to correct and deliver again.
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures::stream::{self, StreamExt as _};
use jh_core::paging::PageRequest;
use jh_db::Base;
use jh_web::{App, Failure, Page, render};
use serde::Deserialize;

use super::delivery;
use super::words::{FaultLine, RuleLine, given, href, mend_words, pager_href, rule_words, tidy};
use crate::check::write_record;
use crate::fault::RegistryError;
use crate::land::open_cells;
use crate::model::DeliveryId;
use crate::store::reject::{self, ReportRow};
use crate::store::views::deliveries::{self as store, Shown};

/// Rows of the report read at a time.
const REPORT_PART_ROWS: i64 = 500;

/// Which part of the report.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Choice {
    #[serde(deserialize_with = "tidy")]
    rule: String,
    #[serde(deserialize_with = "tidy")]
    page: String,
}

#[derive(Template)]
#[template(path = "registry/rejects.html")]
struct RejectsPage {
    page: Page,
    it: Shown,
    may_submit: bool,
    chosen: String,
    rules: Vec<RuleLine>,
    rejects: Vec<FaultLine>,
    pager: String,
    number: u32,
    has_more: bool,
}

impl RejectsPage {
    fn all_href(&self) -> String {
        format!("/registry/deliveries/{}/rejects", self.it.delivery_id)
    }
}

/// `GET /registry/deliveries/{id}/rejects`.
pub async fn show(
    State(app): State<App>,
    page: Page,
    Path(id): Path<DeliveryId>,
    Query(choice): Query<Choice>,
) -> Result<Response, Failure> {
    let request = PageRequest { page: choice.page.parse().ok(), size: Some(50) };
    let mut conn = app.db.read().await?;
    let it = delivery::find(&mut conn, &page, id).await?;
    let may_submit = delivery::may_submit(&mut conn, &page, id).await?;
    let rules = store::rules(&mut conn, id).await?;
    let mut faults =
        reject::list(&mut conn, id, given(&choice.rule), request.offset(), request.limit()).await?;
    drop(conn);
    let has_more = faults.len() > request.size() as usize;
    faults.truncate(request.size() as usize);
    let address = href(&format!("/registry/deliveries/{id}/rejects"), &[("rule", &choice.rule)]);
    render(&RejectsPage {
        may_submit,
        rules: rules.into_iter().map(|count| RuleLine::of(&page, count)).collect(),
        rejects: faults.into_iter().map(|fault| FaultLine::of(&page, fault)).collect(),
        chosen: choice.rule,
        pager: pager_href(&address),
        number: request.number(),
        has_more,
        page: page
            .crumb_key("/registry/deliveries", "registry-page-deliveries-title")
            .crumb(format!("/registry/deliveries/{id}"), it.file_name.clone())
            .with_title("registry-page-rejects-title"),
        it,
    })
}

/// `GET /registry/deliveries/{id}/rejects.csv`: the columns as they were sent and one more that says what is wrong.
/// Read from the database a part at a time, so that a long report needs no more memory than a short one.
pub async fn download(State(app): State<App>, page: Page, Path(id): Path<DeliveryId>) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let it = delivery::find(&mut conn, &page, id).await?;
    drop(conn);
    // The mark tells spreadsheets that this is UTF-8.
    let mut head = String::from("\u{feff}");
    let problem = page.t("registry-page-problem");
    let columns = it.columns.unwrap_or_default();
    write_record(columns.iter().map(String::as_str).chain([problem.as_str()]), &mut head);
    let width = columns.len();
    let parts = stream::try_unfold((app, page, Some(0_i64)), move |(app, page, after)| async move {
        let Some(after) = after else { return Ok::<_, RegistryError>(None) };
        let rows = reject::report(&mut *app.db.read().await?, id, after, REPORT_PART_ROWS).await?;
        let next = rows.last().map(|row| row.row_no);
        let mut text = String::new();
        for row in &rows {
            report_row(&app, &page, width, row, &mut text)?;
        }
        Ok(next.map(|next| (text, (app, page, Some(next)))))
    });
    let body = Body::from_stream(stream::once(async { Ok(head) }).chain(parts));
    let disposition = format!("attachment; filename=\"rejects-{id}.csv\"");
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, &disposition)];
    Ok((headers, body).into_response())
}

fn report_row(base: &Base, page: &Page, width: usize, row: &ReportRow, out: &mut String) -> Result<(), RegistryError> {
    let mut cells = open_cells(&base.keys, &row.cells_sealed)?;
    cells.resize(width, String::new());
    let faults = row.column_names.iter().zip(row.rules.iter().zip(&row.details));
    let told: Vec<String> = faults
        .map(|(column, (rule, detail))| {
            let (words, mend) = (rule_words(page, rule), mend_words(page, rule, detail));
            if column.is_empty() { format!("{words} {mend}") } else { format!("{column}: {words} {mend}") }
        })
        .collect();
    cells.push(told.join("; "));
    write_record(cells.iter().map(String::as_str), out);
    Ok(())
}
