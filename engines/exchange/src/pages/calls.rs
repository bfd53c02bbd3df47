//! The call log, the same for both sides, and its export.
use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jh_core::csv_cell::guarded;
use jh_web::{App, Failure, Page, render};

use super::agreement;
use crate::fault::ExchangeError;
use crate::store::agreement::AgreementRow;
use crate::store::call::{self, CallRow};
use jh_web::Pairs;

/// The most calls in one export; more are read through the interface, page by page.
const EXPORT_MAX: i64 = 10_000;
/// Calls on one page.
const SHOWN: usize = 50;
/// The outcomes, in the order offered.
const OUTCOMES: [&str; 3] = ["answered", "refused", "failed"];

#[derive(Template)]
#[template(path = "exchange/calls.html")]
struct CallsPage {
    page: Page,
    row: AgreementRow,
    calls: Vec<CallRow>,
    outcome: String,
    outcomes: [&'static str; 3],
    next: Option<uuid::Uuid>,
    first: bool,
}

impl CallsPage {
    fn badge(&self, call: &CallRow) -> &'static str {
        match call.outcome.as_str() {
            "answered" => "good",
            "refused" => "warn",
            _ => "bad",
        }
    }

    fn outcome_key(&self, outcome: &str) -> String {
        format!("exchange-outcome-{outcome}")
    }

    fn milliseconds(&self, call: &CallRow) -> String {
        milliseconds(call)
    }

    fn second(&self, call: &CallRow) -> String {
        format!("{}:{:02}", self.page.instant(call.called_at), call.called_at.second())
    }
}

fn milliseconds(call: &CallRow) -> String {
    format!("{}.{}", call.elapsed_us / 1_000, call.elapsed_us % 1_000 / 100)
}

fn outcome(query: &Pairs) -> Option<&'static str> {
    OUTCOMES.into_iter().find(|known| *known == query.get("outcome"))
}

/// The log.
pub async fn show(
    State(app): State<App>,
    page: Page,
    Path(text): Path<String>,
    query: Pairs,
) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let row = agreement::found(&mut conn, &page, &text).await?;
    let before: Option<uuid::Uuid> = query.get("before").parse().ok();
    let outcome = outcome(&query);
    let limit = i64::try_from(SHOWN).unwrap_or(0) + 1;
    let mut calls = call::log(&mut conn, row.agreement_id, outcome, before, limit).await?;
    let more = calls.len() > SHOWN;
    calls.truncate(SHOWN);
    let here = format!("/exchange/agreements/{}", row.agreement_id);
    let number = row.number.clone();
    let page = page.with_title("exchange-calls-title");
    let page = page.crumb_key("/exchange/agreements", "exchange-agreements-title").crumb(here, number);
    render(&CallsPage {
        next: calls.last().filter(|_| more).map(|call| call.call_id),
        outcome: outcome.unwrap_or("").to_owned(),
        outcomes: OUTCOMES,
        first: before.is_none(),
        page,
        row,
        calls,
    })
}

/// The log as CSV with a byte order mark, so that spreadsheets read the Chinese right.
pub async fn export(
    State(app): State<App>,
    page: Page,
    Path(text): Path<String>,
    query: Pairs,
) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let row = agreement::found(&mut conn, &page, &text).await?;
    let calls = call::log(&mut conn, row.agreement_id, outcome(&query), None, EXPORT_MAX).await?;
    let body = csv(&page, &calls).map_err(|error| ExchangeError::Write(error.to_string()))?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}-calls.csv\"", row.number)),
    ];
    Ok((headers, body).into_response())
}

fn csv(page: &Page, calls: &[CallRow]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let heads = ["time", "caller", "fields", "filter", "rows", "outcome", "clause", "code", "elapsed", "request"];
    writer.write_record(heads.map(|head| page.t(&format!("exchange-call-{head}"))))?;
    for call in calls {
        let at = call.called_at.format(&time::format_description::well_known::Rfc3339).unwrap_or_default();
        writer.write_record([
            at,
            guarded(&call.caller_name).into_owned(),
            guarded(&call.fields.join(" ")).into_owned(),
            guarded(&call.filter).into_owned(),
            call.rows_returned.to_string(),
            page.t(&format!("exchange-outcome-{}", call.outcome)),
            call.clause.map(|clause| clause.to_string()).unwrap_or_default(),
            call.code.clone().unwrap_or_default(),
            milliseconds(call),
            call.request_id.clone(),
        ])?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}
