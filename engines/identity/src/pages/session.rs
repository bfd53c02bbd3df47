//! Signing in and out.
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use jh_core::actor::ActorKind;
use jh_web::{App, Failure, FieldErrors, Page, Submission, local_path, redirect, render, render_with};
use serde::Deserialize;

use super::{From, on_form, with_session, without_session};
use crate::actions::session::{end_everywhere, end_one, sign_in, sign_out};
use crate::model::session::SessionId;

/// Where to go on after signing in.
#[derive(Deserialize)]
pub struct Next {
    next: Option<String>,
}

impl Next {
    /// The path asked for, or nothing.
    pub(crate) fn next(&self) -> &str {
        self.next.as_deref().unwrap_or("")
    }
}

/// The sign-in form as sent.
#[derive(Deserialize)]
pub struct Form {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

#[derive(Template)]
#[template(path = "identity/session.html")]
struct SessionPage {
    page: Page,
    name: String,
    next: String,
    errors: FieldErrors,
}

/// The sign-in form; whoever is signed in is told so.
pub async fn show(page: Page, Query(query): Query<Next>) -> Result<Response, Failure> {
    let next = query.next().to_owned();
    let page = page.with_title("identity-session-title");
    render(&SessionPage { page, name: String::new(), next, errors: FieldErrors::default() })
}

/// Signs in.
pub async fn begin(
    State(app): State<App>,
    page: Page,
    From(origin): From,
    Submission { form, command }: Submission<Form>,
) -> Result<Response, Failure> {
    match sign_in(&app, &command, &form.name, &form.password, &origin).await {
        Ok(begun) => {
            let home = if begun.kind == ActorKind::Resident { "/" } else { "/workbench" };
            let to = if begun.must_change_password { "/identity/password" } else { local_path(&form.next, home) };
            Ok(with_session(&app, &begun, redirect(to)))
        }
        Err(error) => {
            let (status, errors) = on_form(&page, error)?;
            let page = page.with_title("identity-session-title");
            // The name stays, the password does not.
            render_with(status, &SessionPage { page, name: form.name, next: form.next, errors })
        }
    }
}

/// A form without fields.
#[derive(Deserialize)]
pub struct Nothing {}

/// Signs out.
pub async fn end(
    State(app): State<App>,
    From(origin): From,
    Submission { command, .. }: Submission<Nothing>,
) -> Result<Response, Failure> {
    sign_out(&app, &command, origin.token.as_deref()).await?;
    Ok(without_session(&app, redirect("/identity/session")))
}

/// Ends one of one's own sessions.
pub async fn end_other(
    State(app): State<App>,
    axum::extract::Path(id): axum::extract::Path<String>,
    Submission { command, .. }: Submission<Nothing>,
) -> Result<Response, Failure> {
    let id: SessionId = id.parse().map_err(|_| Failure::not_found())?;
    end_one(&app, &command, id).await?;
    Ok(redirect("/identity/account"))
}

/// Ends all of one's own sessions.
pub async fn end_all(
    State(app): State<App>,
    Submission { command, .. }: Submission<Nothing>,
) -> Result<Response, Failure> {
    end_everywhere(&app, &command).await?;
    Ok(without_session(&app, redirect("/identity/session")))
}
