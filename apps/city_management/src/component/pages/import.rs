//! Delivering a survey: the form, the list, the page of one with its progress, and the report of what was not taken.
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jh_core::clock::china_day;
use jh_core::csv_cell::guarded;
use jh_core::fault::Fault;
use jh_core::paging::Paged;
use jh_web::{App, Failure, FieldErrors, Page, Pairs, Submission, Upload, redirect, render, render_with};
use time::Date;

use crate::category::pages::problems;
use crate::code::ImportId;
use crate::component::actions::{self, Wish};
use crate::component::check::FIELDS;
use crate::component::store::import::{self as store, ErrorRow, ImportRow};
use crate::component::{FILE_BYTES_MAX, IMPORT};
use crate::fault::CityError;

/// Rows not taken that the page shows; all of them are in the report.
const SHOWN: i64 = 50;
/// Rows of the report read at once.
const PORTION: i64 = 2_000;

#[derive(Template)]
#[template(path = "city_management/import_new.html")]
struct FormPage {
    page: Page,
    datums: Vec<(&'static str, String)>,
    datum: String,
    source: String,
    surveyed_on: String,
    renew: bool,
    fields: Vec<(&'static str, String)>,
    errors: FieldErrors,
}

impl FormPage {
    fn problems(&self) -> Vec<(&str, &str)> {
        problems(&self.errors)
    }
    fn size(&self) -> String {
        format!("{} MB", FILE_BYTES_MAX / 1024 / 1024)
    }
}

fn crumbs(page: Page) -> Page {
    page.crumb_key("/city_management/components", "city-management-components-title")
}

fn blank_form(page: Page, sent: Option<&Upload>, errors: FieldErrors) -> FormPage {
    let field = |name: &str| sent.map_or(String::new(), |sent| sent.field(name).to_owned());
    let datums = ["wgs84", "gcj02"].map(|datum| (datum, page.t(&format!("city-management-datum-{datum}")))).to_vec();
    let own = FIELDS.iter().filter(|(field, _)| !field.is_empty());
    let fields = own
        .map(|(field, names)| (names[0], page.t(&format!("city-management-column-{}", field.replace('_', "-")))))
        .collect();
    FormPage {
        datums,
        datum: field("datum"),
        source: field("source"),
        surveyed_on: sent.map_or_else(|| page.day(china_day(page.now())), |sent| sent.field("surveyed_on").to_owned()),
        renew: field("renew") == "yes",
        fields,
        errors,
        page: crumbs(page)
            .crumb_key("/city_management/imports", "city-management-imports-title")
            .with_title("city-management-import-title"),
    }
}

/// `GET /city_management/imports/new`.
pub async fn form(page: Page) -> Result<Response, Failure> {
    render(&blank_form(page, None, FieldErrors::default()))
}

/// `GET /city_management/imports/blank.csv`: the header of a survey, for spreadsheets.
pub async fn blank() -> Response {
    let header: Vec<&str> = FIELDS.iter().filter(|(field, _)| !field.is_empty()).map(|(_, names)| names[0]).collect();
    csv_answer("components.csv", format!("\u{feff}{}\r\n", header.join(",")))
}

fn csv_answer(name: &str, text: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, text).into_response()
}

fn day(text: &str) -> Option<Date> {
    Date::parse(text.trim(), time::macros::format_description!("[year]-[month]-[day]")).ok()
}

/// `POST /city_management/imports`.
pub async fn submit(State(app): State<App>, page: Page, sent: Upload) -> Result<Response, Failure> {
    let wish = Wish {
        file: sent.file.as_ref(),
        datum: sent.field("datum"),
        renew: sent.field("renew") == "yes",
        source: sent.field("source").trim(),
        surveyed_on: day(sent.field("surveyed_on")),
    };
    match actions::submit(&app, &sent.command, wish).await {
        Ok(id) => Ok(redirect(&format!("/city_management/imports/{id}"))),
        Err(error @ CityError::Invalid(_)) => {
            let errors = FieldErrors::new(&page, &error.refusal());
            render_with(StatusCode::UNPROCESSABLE_ENTITY, &blank_form(page, Some(&sent), errors))
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "city_management/imports.html")]
struct ListPage {
    page: Page,
    rows: Paged<ImportRow>,
}

impl ListPage {
    fn badge(&self, row: &ImportRow) -> &'static str {
        match row.state.as_str() {
            "done" if row.rows_refused == 0 => "good",
            "done" => "warn",
            "failed" => "bad",
            "cancelled" => "neutral",
            _ => "info",
        }
    }
    fn state_key(&self, row: &ImportRow) -> String {
        format!("city-management-import-{}", row.state)
    }
}

/// `GET /city_management/imports`.
pub async fn list(State(app): State<App>, page: Page, asked: Pairs) -> Result<Response, Failure> {
    let scopes = page.actor()?.scopes(IMPORT);
    let request = asked.page();
    let mut conn = app.db.read().await?;
    let rows = store::list(&mut conn, Some(&scopes), None, request.limit(), request.offset()).await?;
    let page = crumbs(page).with_title("city-management-imports-title");
    render(&ListPage { page, rows: Paged::from_rows(rows, request) })
}

/// A row that was not taken, in words.
struct ErrorLine {
    row_no: i64,
    field: String,
    problem: String,
}

fn problem(page: &Page, row: &ErrorRow) -> ErrorLine {
    ErrorLine {
        row_no: row.row_no,
        field: page.t(&format!("city-management-column-{}", row.field.replace('_', "-"))),
        problem: page.t1(&format!("city-management-refused-{}", row.code), "value", &row.value),
    }
}

#[derive(Template)]
#[template(path = "city_management/import.html")]
struct OnePage {
    page: Page,
    it: ImportRow,
    reasons: Vec<(String, i64)>,
    lines: Vec<ErrorLine>,
}

#[derive(Template)]
#[template(path = "city_management/import_progress.html")]
struct Progress {
    page: Page,
    it: ImportRow,
}

async fn import_of(app: &App, page: &Page, id: ImportId) -> Result<ImportRow, Failure> {
    let scopes = page.actor()?.scopes(IMPORT);
    let found = store::list(&mut *app.db.read().await?, Some(&scopes), Some(id), 1, 0).await?;
    found.into_iter().next().ok_or_else(Failure::not_found)
}

/// `GET /city_management/imports/{id}`.
pub async fn show(State(app): State<App>, Path(id): Path<ImportId>, page: Page) -> Result<Response, Failure> {
    let it = import_of(&app, &page, id).await?;
    let mut conn = app.db.read().await?;
    let rows = store::errors(&mut conn, id, 0, SHOWN).await?;
    let named = |(code, rows): (String, i64)| {
        let words = page.t1(&format!("city-management-refused-{code}"), "value", "…");
        (words, rows)
    };
    let reasons = store::reasons(&mut conn, id).await?.into_iter().map(named).collect();
    let lines = rows.iter().map(|row| problem(&page, row)).collect();
    let page = crumbs(page)
        .crumb_key("/city_management/imports", "city-management-imports-title")
        .with_title_text(it.file_name.clone());
    render(&OnePage { page, it, reasons, lines })
}

/// `GET /city_management/imports/{id}/progress`: the part that changes while it runs.
pub async fn progress(State(app): State<App>, Path(id): Path<ImportId>, page: Page) -> Result<Response, Failure> {
    let it = import_of(&app, &page, id).await?;
    render(&Progress { page, it })
}

/// `GET /city_management/imports/{id}/errors.csv`: the rows that were not taken as they came, each with its reason, ready to
/// be corrected and delivered again: the reader takes off again what keeps a spreadsheet from computing a cell.
pub async fn errors(State(app): State<App>, Path(id): Path<ImportId>, page: Page) -> Result<Response, Failure> {
    let it = import_of(&app, &page, id).await?;
    let mut conn = app.db.read().await?;
    let mut writer = csv::Writer::from_writer(Vec::from("\u{feff}"));
    let own = [page.t("city-management-column-row"), page.t("city-management-column-problem")];
    let safe = |cell: &String| guarded(cell).into_owned();
    let written = writer.write_record(it.columns.iter().chain(&own).map(safe));
    written.map_err(Failure::internal)?;
    let mut after = 0;
    loop {
        let rows = store::errors(&mut conn, id, after, PORTION).await?;
        let Some(last) = rows.last() else { break };
        after = last.row_no;
        for row in &rows {
            let line = problem(&page, row);
            let own = [line.row_no.to_string(), format!("{}：{}", line.field, line.problem)];
            writer.write_record(row.cells.iter().chain(&own).map(safe)).map_err(Failure::internal)?;
        }
    }
    let bytes = writer.into_inner().map_err(Failure::internal)?;
    let text = String::from_utf8(bytes).map_err(Failure::internal)?;
    Ok(csv_answer("not-taken.csv", text))
}

/// `POST /city_management/imports/{id}/cancellation`.
pub async fn cancel(
    State(app): State<App>,
    Path(id): Path<ImportId>,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    actions::cancel(&app, &sent.command, id).await?;
    Ok(redirect(&format!("/city_management/imports/{id}")))
}
