//! Residents make their own accounts.
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use jh_web::{App, Failure, FieldErrors, Page, Submission, local_path, redirect, render, render_with};
use serde::Deserialize;

use super::session::Next;
use super::{From, on_form, with_session};
use crate::actions::registration::{Registration, register};

/// The registration as sent.
#[derive(Deserialize, Default)]
pub struct Form {
    #[serde(default)]
    phone: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    repeat: String,
    #[serde(default)]
    next: String,
}

#[derive(Template)]
#[template(path = "identity/registration.html")]
struct RegistrationPage {
    page: Page,
    phone: String,
    name: String,
    next: String,
    errors: FieldErrors,
}

/// The registration form.
pub async fn show(page: Page, Query(query): Query<Next>) -> Result<Response, Failure> {
    let page = page.with_title("identity-registration-title");
    let next = query.next().to_owned();
    render(&RegistrationPage { page, phone: String::new(), name: String::new(), next, errors: FieldErrors::default() })
}

/// Makes the account and signs in.
pub async fn submit(
    State(app): State<App>,
    page: Page,
    From(origin): From,
    Submission { form, command }: Submission<Form>,
) -> Result<Response, Failure> {
    let input = Registration { phone: &form.phone, name: &form.name, password: &form.password, repeat: &form.repeat };
    match register(&app, &command, &input, &origin).await {
        Ok(begun) => Ok(with_session(&app, &begun, redirect(local_path(&form.next, "/identity/account")))),
        Err(error) => {
            let (status, errors) = on_form(&page, error)?;
            let page = page.with_title("identity-registration-title");
            let again = RegistrationPage { page, phone: form.phone, name: form.name, next: form.next, errors };
            render_with(status, &again)
        }
    }
}
