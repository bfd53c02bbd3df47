//! One agreement: its clauses, its calls, what happened, and how to end it.
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jh_core::clock::china_day;
use jh_web::{App, Failure, FieldErrors, Page, Submission, redirect, render, render_with};
use sqlx::PgConnection;
use time::Date;

use super::{EventLine, events, form_errors};
use crate::actions::{CREATE, DECIDE, READ, agree};
use crate::clauses::{Clause, ClauseKind};
use crate::fault::ExchangeError;
use crate::model::{AgreementId, AgreementState};
use crate::store;
use crate::store::agreement::AgreementRow;
use crate::store::call::DayRow;
use crate::store::neighbour::sides;
use jh_web::Pairs;

/// Days in the chart.
const DAYS: i64 = 30;

#[derive(Template)]
#[template(path = "exchange/agreement.html")]
struct AgreementPage {
    page: Page,
    row: AgreementRow,
    clauses: Vec<Clause>,
    days: Vec<DayRow>,
    today: DayRow,
    any_calls: bool,
    events: Vec<EventLine>,
    curl: String,
    open: bool,
    /// The reader may revoke.
    revoke: bool,
    /// The reader may end.
    end: bool,
}

impl AgreementPage {
    fn heading(&self, clause: &Clause) -> String {
        ClauseKind::numbered(clause.number).map_or_else(String::new, |kind| self.page.t(kind.key()))
    }

    fn closed_at(&self) -> String {
        self.row.closed_at.map_or_else(String::new, |at| self.page.instant(at))
    }

    fn term(&self) -> String {
        let dates = [("from", self.page.date(self.row.from_on)), ("to", self.page.date(self.row.to_on))];
        self.page.ta("exchange-term-span", &dates)
    }

    fn left(&self) -> i64 {
        (i64::from(self.row.calls_a_day) - self.today.answered).max(0)
    }
}

/// The agreement behind an address, within the reader's scope.
pub async fn found(conn: &mut PgConnection, page: &Page, text: &str) -> Result<AgreementRow, Failure> {
    let id: AgreementId = text.parse().map_err(|_| ExchangeError::NotFound("agreement"))?;
    let scopes = page.actor()?.scopes(READ);
    Ok(store::agreement::fetch(conn, id, &scopes).await?.ok_or(ExchangeError::NotFound("agreement"))?)
}

/// Whether the reader may revoke, and whether the reader may end.
async fn rights(conn: &mut PgConnection, page: &Page, row: &AgreementRow) -> Result<(bool, bool), Failure> {
    let actor = page.actor()?;
    let parties = (row.provider_id, row.requester_id);
    let (revoke, end) = sides(conn, parties, &actor.scopes(DECIDE), &actor.scopes(CREATE)).await?;
    let live = row.state == AgreementState::InForce;
    Ok((revoke && live, end && live))
}

/// One agreement.
pub async fn show(State(app): State<App>, page: Page, Path(text): Path<String>) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let row = found(&mut conn, &page, &text).await?;
    let clauses = store::agreement::clauses(&mut conn, row.agreement_id).await?;
    let today_on = china_day(page.now());
    let since = today_on - time::Duration::days(DAYS - 1);
    let counted = store::call::days(&mut conn, row.agreement_id, since).await?;
    let steps = store::steps(&mut conn, row.request_id).await?;
    let (revoke, end) = rights(&mut conn, &page, &row).await?;
    let days = filled(&counted, since, today_on);
    let blank = DayRow { day_on: today_on, answered: 0, refused: 0 };
    let (curl, events) = (curl(&page, &row), events(&page, &steps));
    let title = format!("{} {}", row.number, page.pick(&row.resource_title, &row.resource_title_en));
    render(&AgreementPage {
        page: page.with_title_text(title).crumb_key("/exchange/agreements", "exchange-agreements-title"),
        open: row.open_on(today_on),
        today: days.last().cloned().unwrap_or(blank),
        any_calls: !counted.is_empty(),
        row,
        clauses,
        days,
        events,
        curl,
        revoke,
        end,
    })
}

/// Every day of the span; a day without calls has none.
fn filled(counted: &[DayRow], since: Date, until: Date) -> Vec<DayRow> {
    let mut days = Vec::new();
    let mut day = Some(since);
    while let Some(day_on) = day.filter(|day| *day <= until) {
        let known = counted.iter().find(|row| row.day_on == day_on).cloned();
        days.push(known.unwrap_or(DayRow { day_on, answered: 0, refused: 0 }));
        day = day_on.next_day();
    }
    days
}

/// A line to try. The credential is the department's own and stands nowhere here.
fn curl(page: &Page, row: &AgreementRow) -> String {
    let address = format!("{}/api/exchange/agreements/{}/rows?size=10", page.public_url(), row.agreement_id);
    format!("curl -H \"Authorization: Bearer $JIANGHAI_CREDENTIAL\" \"{address}\"")
}

#[derive(Template)]
#[template(path = "exchange/closing.html")]
struct ClosingPage {
    page: Page,
    row: AgreementRow,
    /// Revoking, by the provider; otherwise ending, by the user.
    revoking: bool,
    reason: String,
    errors: FieldErrors,
}

async fn closing_page(
    app: &App,
    page: Page,
    text: &str,
    revoking: bool,
    (reason, errors): (String, FieldErrors),
) -> Result<ClosingPage, Failure> {
    let mut conn = app.db.read().await?;
    let row = found(&mut conn, &page, text).await?;
    let (revoke, end) = rights(&mut conn, &page, &row).await?;
    if row.state != AgreementState::InForce {
        return Err(ExchangeError::WrongState(row.state.code()).into());
    }
    if !(if revoking { revoke } else { end }) {
        return Err(ExchangeError::NotFound("agreement").into());
    }
    let title = if revoking { "exchange-revoke-title" } else { "exchange-end-title" };
    let here = format!("/exchange/agreements/{}", row.agreement_id);
    let number = row.number.clone();
    let page =
        page.with_title(title).crumb_key("/exchange/agreements", "exchange-agreements-title").crumb(here, number);
    Ok(ClosingPage { page, row, revoking, reason, errors })
}

/// Asks the provider why, before revoking.
pub async fn show_revocation(
    State(app): State<App>,
    page: Page,
    Path(text): Path<String>,
) -> Result<Response, Failure> {
    render(&closing_page(&app, page, &text, true, Default::default()).await?)
}

/// Asks the user, before ending.
pub async fn show_ending(State(app): State<App>, page: Page, Path(text): Path<String>) -> Result<Response, Failure> {
    render(&closing_page(&app, page, &text, false, Default::default()).await?)
}

/// Revokes.
pub async fn revoke(
    State(app): State<App>,
    page: Page,
    Path(text): Path<String>,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    let id = text.parse().map_err(|_| ExchangeError::NotFound("agreement"))?;
    let done = agree::revoke(&app, &sent.command, id, sent.form.get("reason")).await;
    closed(&app, page, &text, &sent.form, true, done).await
}

/// Ends.
pub async fn end(
    State(app): State<App>,
    page: Page,
    Path(text): Path<String>,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    let id = text.parse().map_err(|_| ExchangeError::NotFound("agreement"))?;
    let done = agree::end(&app, &sent.command, id, sent.form.given("reason")).await;
    closed(&app, page, &text, &sent.form, false, done).await
}

async fn closed(
    app: &App,
    page: Page,
    text: &str,
    form: &Pairs,
    revoking: bool,
    done: Result<(), ExchangeError>,
) -> Result<Response, Failure> {
    match done {
        Ok(()) => Ok(redirect(&format!("/exchange/agreements/{text}"))),
        Err(ExchangeError::Invalid(faults)) => {
            let errors = form_errors(&page, faults);
            let again = closing_page(app, page, text, revoking, (form.get("reason").to_owned(), errors)).await?;
            render_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
        Err(error) => Err(error.into()),
    }
}
