//! The forms that move a version on. Each is a noun of its own.
use axum::extract::{Path, State};
use axum::response::Response;
use jh_web::{App, Failure, Submission, redirect};
use serde::Deserialize;

use crate::actions::step::take;
use crate::model::Step;

/// The one thing such a form may say.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Reason {
    reason: String,
}

async fn moved(app: &App, code: &str, sent: Submission<Reason>, step: Step) -> Result<Response, Failure> {
    let version = take(app, &sent.command, code, step, &sent.form.reason).await?;
    Ok(redirect(&format!("/catalogue/resources/{}", version.code)))
}

/// `POST /catalogue/resources/{code}/submission`.
pub async fn submission(
    State(app): State<App>,
    Path(code): Path<String>,
    sent: Submission<Reason>,
) -> Result<Response, Failure> {
    moved(&app, &code, sent, Step::Submission).await
}

/// `POST /catalogue/resources/{code}/return`.
pub async fn give_back(
    State(app): State<App>,
    Path(code): Path<String>,
    sent: Submission<Reason>,
) -> Result<Response, Failure> {
    moved(&app, &code, sent, Step::Return).await
}

/// `POST /catalogue/resources/{code}/publication`.
pub async fn publication(
    State(app): State<App>,
    Path(code): Path<String>,
    sent: Submission<Reason>,
) -> Result<Response, Failure> {
    moved(&app, &code, sent, Step::Publication).await
}

/// `POST /catalogue/resources/{code}/withdrawal`.
pub async fn withdrawal(
    State(app): State<App>,
    Path(code): Path<String>,
    sent: Submission<Reason>,
) -> Result<Response, Failure> {
    moved(&app, &code, sent, Step::Withdrawal).await
}
