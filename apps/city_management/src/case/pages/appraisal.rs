//! The page of appraisal, and the same as a table for spreadsheets.
use std::borrow::Borrow;

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jh_core::clock::china_day;
use jh_core::csv_cell::guarded;
use jh_core::fault::Fault;
use jh_core::paging::{PageRequest, Paged};
use jh_web::{App, Failure, FieldErrors, Page, Pairs, render_with};
use time::Date;

use crate::case::APPRAISE;
use crate::case::appraisal::{By, Rate, period, tallies};
use crate::case::report::short;
use crate::case::store::appraisal::TallyRow;
use crate::category::pages::problems;
use crate::code::plausible;

/// Rows of an export that are read at a time, and how often at the most: some thousand organisations, officers or grids.
const PORTION: u32 = 200;
/// See [`PORTION`].
const PORTIONS_MAX: u32 = 25;

#[derive(Template)]
#[template(path = "city_management/case_appraisal.html")]
struct AppraisalPage {
    page: Page,
    by: By,
    from: String,
    to: String,
    rows: Paged<TallyRow>,
    pager: String,
    query: String,
    errors: FieldErrors,
}

impl AppraisalPage {
    fn problems(&self) -> Vec<(&str, &str)> {
        problems(&self.errors)
    }

    fn reports(&self) -> bool {
        self.by != By::Organisation
    }

    fn is_by(&self, by: &By) -> bool {
        self.by == *by
    }

    fn by_words(&self, by: &By) -> String {
        self.page.t(&format!("city-management-by-{}", by.code()))
    }

    /// What a line is called: of a grid its place and serial, since nobody reads fifteen digits off a chart.
    fn label(&self, row: &TallyRow) -> String {
        if row.place.is_empty() { row.name.clone() } else { short(&row.place, &row.name) }
    }

    fn rate(&self, rate: impl Borrow<Rate>) -> String {
        let rate = *rate.borrow();
        percent(rate).map_or_else(|| "—".to_owned(), |percent| format!("{percent}%（{}/{}）", rate.of, rate.all))
    }

    fn percent(&self, rate: impl Borrow<Rate>) -> String {
        percent(*rate.borrow()).unwrap_or_default()
    }
}

/// A rate in percent with one digit after the point.
fn percent(rate: Rate) -> Option<String> {
    rate.per_mille().map(|tenths| format!("{}.{}", tenths / 10, tenths % 10))
}

/// The period of an address, or this month so far with what is wrong.
fn asked_period(page: &Page, asked: &Pairs) -> ((Date, Date), FieldErrors) {
    let today = china_day(page.now());
    let day = |name| asked.day(name).filter(plausible);
    match period(day("from"), day("to"), today) {
        Ok(period) => (period, FieldErrors::default()),
        Err(error) => {
            let month = today.replace_day(1).unwrap_or(today);
            ((month, today), FieldErrors::new(page, &error.refusal()))
        }
    }
}

/// `GET /city_management/appraisal`.
pub async fn show(State(app): State<App>, page: Page, asked: Pairs) -> Result<Response, Failure> {
    let by = By::parse(asked.get("by"));
    let (period, errors) = asked_period(&page, &asked);
    let scopes = page.actor()?.scopes(APPRAISE);
    let rows = tallies(&mut *app.db.read().await?, &scopes, by, period, asked.page()).await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (from, to) = (page.day(period.0), page.day(period.1));
    let appraisal = AppraisalPage {
        query: format!("from={from}&to={to}"),
        pager: asked.before_page("/city_management/appraisal"),
        page: page.with_title("city-management-appraisal-title"),
        by,
        from,
        to,
        rows,
        errors,
    };
    render_with(status, &appraisal)
}

/// `GET /city_management/appraisal.csv`.
pub async fn export(State(app): State<App>, page: Page, asked: Pairs) -> Result<Response, Failure> {
    let by = By::parse(asked.get("by"));
    let (period, _) = asked_period(&page, &asked);
    let scopes = page.actor()?.scopes(APPRAISE);
    let mut rows = Vec::new();
    for number in 1..=PORTIONS_MAX {
        let request = PageRequest { page: Some(number), size: Some(PORTION) };
        let portion = tallies(&mut *app.db.read().await?, &scopes, by, period, request).await?;
        rows.extend(portion.items);
        if !portion.has_more {
            break;
        }
    }
    let heads = [
        by.code(),
        "reported",
        "filed",
        "dispatched",
        "on-time",
        "late",
        "returned",
        "reopened",
        "inspected",
        "passed-first",
    ];
    let mut table = csv::Writer::from_writer(Vec::new());
    let head = heads
        .iter()
        .enumerate()
        .map(|(at, name)| page.t(&format!("city-management-{}{name}", if at == 0 { "by-" } else { "appraised-" })));
    table.write_record(head).map_err(Failure::internal)?;
    for row in &rows {
        let counts = [
            row.reported,
            row.filed,
            row.dispatched,
            row.on_time,
            row.late,
            row.returned,
            row.reopened,
            row.inspected,
            row.passed_first,
        ];
        let cells = std::iter::once(guarded(&row.name).into_owned()).chain(counts.iter().map(i64::to_string));
        table.write_record(cells).map_err(Failure::internal)?;
    }
    let text = table.into_inner().map_err(Failure::internal)?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"appraisal-{}.csv\"", by.code())),
    ];
    Ok((headers, [b"\xef\xbb\xbf".as_slice(), &text].concat()).into_response())
}
