//! One request: what was asked, what is offered, what happened, and what the reader can do next.
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use jh_web::{App, Failure, Page, Submission, redirect, render};
use sqlx::PgConnection;

use super::{EventLine, TermsLines, events, sharing_key};
use crate::actions::{CREATE, DECIDE, READ, decide};
use crate::fault::ExchangeError;
use crate::model::{AgreementId, RequestId, RequestState};
use crate::store::neighbour::sides;
use crate::store::{self, RequestRow};
use jh_web::Pairs;

/// A line of the table that sets asked beside offered.
pub struct Compared {
    /// What it is.
    pub label: String,
    /// The field's name in the resource, for fields.
    pub name: String,
    /// As asked.
    pub asked: String,
    /// As offered; none without an offer.
    pub offered: Option<String>,
    /// Whether the offer is less.
    pub less: bool,
}

#[derive(Template)]
#[template(path = "exchange/request.html")]
struct RequestPage {
    page: Page,
    row: RequestRow,
    sharing: &'static str,
    lines: Vec<Compared>,
    events: Vec<EventLine>,
    agreement: Option<(AgreementId, String)>,
    /// The reader may decide.
    decide: bool,
    /// The reader may accept.
    accept: bool,
    /// The reader may withdraw.
    withdraw: bool,
    /// The reader asked, and so may not decide although the permission would allow it.
    own: bool,
}

/// The request behind an address, within the reader's scope.
pub async fn found(conn: &mut PgConnection, page: &Page, text: &str) -> Result<RequestRow, Failure> {
    let id: RequestId = text.parse().map_err(|_| ExchangeError::NotFound("request"))?;
    let scopes = page.actor()?.scopes(READ);
    Ok(store::request(conn, id, &scopes).await?.ok_or(ExchangeError::NotFound("request"))?)
}

/// One request.
pub async fn show(State(app): State<App>, page: Page, Path(text): Path<String>) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let row = found(&mut conn, &page, &text).await?;
    let gone = || ExchangeError::NotFound("terms");
    let asked = store::terms::fetch(&mut conn, row.asked_terms_id).await?.ok_or_else(gone)?;
    let offered = match row.offered_terms_id {
        Some(id) => store::terms::fetch(&mut conn, id).await?,
        None => None,
    };
    let steps = store::steps(&mut conn, row.request_id).await?;
    let agreement = store::agreement::of_request(&mut conn, row.request_id).await?;
    let actor = page.actor()?;
    let account = actor.account.map(Into::into);
    let parties = (row.provider_id, row.requester_id);
    let (providing, asking) = sides(&mut conn, parties, &actor.scopes(DECIDE), &actor.scopes(CREATE)).await?;
    let own = row.asked_by.is_some() && row.asked_by == account;
    let lines = compared(&page, &TermsLines::new(&page, &asked), offered.map(|o| TermsLines::new(&page, &o)).as_ref());
    let events = events(&page, &steps);
    let title = format!("{} {}", row.number, page.pick(&row.resource_title, &row.resource_title_en));
    let page = page.with_title_text(title).crumb_key("/exchange/requests", "exchange-requests-title");
    render(&RequestPage {
        decide: providing && row.state == RequestState::Requested && !own,
        accept: asking && row.state == RequestState::Offered && row.decided_by != account,
        withdraw: asking && matches!(row.state, RequestState::Requested | RequestState::Offered),
        own: own && providing && row.state == RequestState::Requested,
        sharing: sharing_key(row.sharing),
        page,
        row,
        lines,
        events,
        agreement,
    })
}

/// The table: a line a field, then the rest of the terms.
pub fn compared(page: &Page, asked: &TermsLines, offered: Option<&TermsLines>) -> Vec<Compared> {
    let handed = |masked: bool, sensitive: bool, reason: &str| match (masked, sensitive) {
        (true, _) => page.t("exchange-handling-masked"),
        (false, true) => page.t1("exchange-handling-clear-because", "reason", reason),
        (false, false) => page.t("exchange-handling-given"),
    };
    let mut lines: Vec<Compared> = Vec::new();
    for field in &asked.fields {
        let given = offered.map(|offered| offered.field(&field.name));
        let text = given.map(|given| match given {
            Some(given) => handed(given.masked, given.sensitive, &given.reason),
            None => page.t("exchange-handling-not-given"),
        });
        let less = given.is_some_and(|given| given.is_none_or(|given| given.masked != field.masked));
        lines.push(Compared {
            label: field.label.clone(),
            name: field.name.clone(),
            asked: handed(field.masked, field.sensitive, &field.reason),
            offered: text,
            less,
        });
    }
    let rows = |terms: &TermsLines| match terms.rows.is_empty() {
        true => page.t("exchange-rows-all"),
        false => terms.rows.join(page.pick("；", "; ")),
    };
    type Part = fn(&TermsLines) -> &String;
    let parts: [(&str, Part); 4] = [
        ("exchange-quota", |terms| &terms.quota),
        ("exchange-rate", |terms| &terms.rate),
        ("exchange-term", |terms| &terms.term),
        ("exchange-onward", |terms| &terms.onward),
    ];
    let mut push = |key: &str, asked: String, offered: Option<String>| {
        let less = offered.as_ref().is_some_and(|offered| *offered != asked);
        lines.push(Compared { label: page.t(key), name: String::new(), asked, offered, less });
    };
    push("exchange-rows", rows(asked), offered.map(rows));
    for (key, part) in parts {
        push(key, part(asked).clone(), offered.map(|terms| part(terms).clone()));
    }
    lines
}

/// Accepts a narrowed offer.
pub async fn accept(
    State(app): State<App>,
    Path(text): Path<String>,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    let id = text.parse().map_err(|_| ExchangeError::NotFound("request"))?;
    let outcome = decide::accept(&app, &sent.command, id).await?;
    match outcome.agreement_id {
        Some(agreement) => Ok(redirect(&format!("/exchange/agreements/{agreement}"))),
        None => Ok(redirect(&format!("/exchange/requests/{id}"))),
    }
}

/// Takes the request back, or declines the offer.
pub async fn withdraw(
    State(app): State<App>,
    Path(text): Path<String>,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    let id = text.parse().map_err(|_| ExchangeError::NotFound("request"))?;
    decide::withdraw(&app, &sent.command, id, sent.form.given("reason")).await?;
    Ok(redirect(&format!("/exchange/requests/{id}")))
}
