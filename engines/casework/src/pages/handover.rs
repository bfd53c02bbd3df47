//! Somebody leaves: his open cases go to a colleague, or back to the inbox, all at once.
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jh_core::actor::AccountId;
use jh_web::{App, Failure, FieldErrors, Page, Pairs, Submission, render, render_with};
use sqlx::PgConnection;

use super::{form_errors, wrong};
use crate::actions::{SUPERVISE, handover};
use crate::store;
use crate::store::handover::StaffRow;

#[derive(Template)]
#[template(path = "casework/handover.html")]
struct HandoverPage {
    page: Page,
    /// Who has open cases.
    leaving: Vec<StaffRow>,
    /// Who is leaving, once he is chosen.
    from: Option<StaffRow>,
    /// Who may take over from him.
    taking: Vec<StaffRow>,
    form: Pairs,
    errors: FieldErrors,
    done: Option<u64>,
}

async fn shown(
    conn: &mut PgConnection,
    page: Page,
    form: Pairs,
    errors: FieldErrors,
    done: Option<u64>,
) -> Result<HandoverPage, Failure> {
    let (scopes, text, chosen) = (page.actor()?.scopes(SUPERVISE), form.line("q", 30), form.id("from").map(AccountId));
    let mut leaving = store::handover::leaving(conn, &scopes, if chosen.is_some() { "" } else { &text }).await?;
    let from = leaving.iter().find(|row| Some(row.account_id) == chosen).cloned();
    let taking = match &from {
        Some(row) => store::handover::taking(conn, row.account_id, &text).await?,
        None => Vec::new(),
    };
    if from.is_some() {
        leaving.clear();
    }
    Ok(HandoverPage { page: page.with_title("casework-handover-title"), leaving, from, taking, form, errors, done })
}

/// The form.
pub async fn show(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    render(&shown(&mut conn, page, query, FieldErrors::default(), None).await?)
}

/// Hands over.
pub async fn submit(State(app): State<App>, page: Page, sent: Submission<Pairs>) -> Result<Response, Failure> {
    let person = |name: &str| sent.form.id(name).map(AccountId);
    let outcome = match person("from") {
        Some(from) => handover::person(&app, &sent.command, from, person("to")).await,
        None => Err(wrong("from", "casework-person-missing")),
    };
    let mut conn = app.db.read().await?;
    match outcome {
        Ok(moved) => render(&shown(&mut conn, page, Pairs::default(), FieldErrors::default(), Some(moved)).await?),
        Err(error) => {
            let errors = form_errors(&page, error)?;
            let again = shown(&mut conn, page, sent.form, errors, None).await?;
            render_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}
