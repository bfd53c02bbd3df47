//! How a report stands, for whoever telephoned: the number and the query code that the agent told lead to the private link.
use std::net::IpAddr;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jh_core::fault::{Fault, FieldError};
use jh_core::mask;
use jh_db::Base;
use jh_web::{App, Failure, FieldErrors, Page, Pairs, Peer, Submission, redirect, render, render_with};

use time::OffsetDateTime;

use super::allowance;
use super::deed::NOBODY;
use crate::fault::HotlineError;

/// Questions an hour from one address: a number may be misread, and a household shares an address.
const FROM_ONE: i32 = 20;
/// Questions an hour about one number, from wherever: so a code of eight digits takes five hundred years to guess.
const ABOUT_ONE: i32 = 20;

#[derive(Template)]
#[template(path = "hotline/public_lookup.html")]
struct LookupPage {
    page: Page,
    number: String,
    errors: FieldErrors,
}

/// The form.
pub async fn form(page: Page, query: Pairs) -> Result<Response, Failure> {
    let number = query.line("number", 40);
    render(&LookupPage { page: page.with_title("hotline-lookup-title"), number, errors: FieldErrors::default() })
}

/// Leads to the report, or says that number and code do not belong together, and not which of the two is wrong.
pub async fn find(
    State(app): State<App>,
    page: Page,
    Peer(peer): Peer,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    let number = sent.form.line("number", 40);
    let found = token(&app, &number, &sent.form.line("code", 20), peer, sent.command.now).await;
    match found {
        Ok(token) => Ok(redirect(&format!("/reports/follow/{}", jh_web::encoded(&token)))),
        Err(error @ HotlineError::Invalid(_)) => {
            let errors = FieldErrors::new(&page, &error.refusal());
            // Whoever mixed up two fields typed a telephone or a code here.
            let number = mask::numbers(&number);
            let shown = LookupPage { page: page.with_title("hotline-lookup-title"), number, errors };
            render_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Err(error) => Err(error.into()),
    }
}

async fn token(
    base: &Base,
    number: &str,
    code: &str,
    peer: IpAddr,
    now: OffsetDateTime,
) -> Result<String, HotlineError> {
    let faults: Vec<FieldError> = [("number", number), ("code", code)]
        .into_iter()
        .filter(|(_, value)| value.is_empty())
        .map(|(field, _)| FieldError { field, code: "required", args: Vec::new() })
        .collect();
    if !faults.is_empty() {
        return Err(HotlineError::Invalid(faults));
    }
    let mut conn = base.db.read().await?;
    allowance::take(base, &mut conn, "lookup", (None, peer), now, FROM_ONE).await?;
    allowance::take(base, &mut conn, &format!("lookup of {number}"), (None, NOBODY), now, ABOUT_ONE).await?;
    let found = casework::api::token_by_code(base, &mut conn, number, code).await?;
    found.ok_or_else(|| HotlineError::field("code", "hotline-lookup-wrong"))
}
