//! One's own account: who one is, the password, and where one is signed in.
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jh_core::actor::ActorKind;
use jh_core::mask;
use jh_web::{App, Failure, FieldErrors, Page, Submission, redirect, render_with};
use serde::Deserialize;

use super::{From, on_form, with_session};
use crate::actions::session::{PasswordChange, change_password};
use crate::fault::IdentityError;
use crate::model::role::Assignment;
use crate::model::session::{SessionRow, device};
use crate::store;
use crate::token::Presented;

/// What the page of one's own account shows.
struct Own {
    name: String,
    username: String,
    organisation: String,
    phone: String,
    phone_confirmed: bool,
    assignments: Vec<Assignment>,
    sessions: Vec<SessionRow>,
}

impl Own {
    /// What a browser calls itself, in a few words.
    fn device(page: &Page, agent: &str) -> String {
        match device(agent) {
            Some((program, system)) => {
                page.ta("identity-device", &[("program", program.into()), ("system", system.into())])
            }
            None => page.t("identity-device-unknown"),
        }
    }
}

#[derive(Template)]
#[template(path = "identity/account.html")]
struct StaffPage {
    page: Page,
    own: Own,
}

#[derive(Template)]
#[template(path = "identity/account_portal.html")]
struct ResidentPage {
    page: Page,
    own: Own,
}

fn resident(page: &Page) -> bool {
    page.actor.as_ref().is_some_and(|actor| actor.kind == ActorKind::Resident)
}

/// One's own account.
pub async fn show(State(app): State<App>, From(origin): From, page: Page) -> Result<Response, Failure> {
    let actor = page.actor()?;
    let id = actor.account.ok_or(IdentityError::AccountNotFound)?;
    let mut conn = app.db.read().await?;
    let found = store::account::entrant_by_id(&mut conn, id).await?.ok_or(IdentityError::AccountNotFound)?;
    let phone = match &found.phone_sealed {
        Some(sealed) => {
            let clear = app.keys.open("identity.account.phone", sealed).map_err(IdentityError::from)?;
            mask::phone(&String::from_utf8_lossy(&clear))
        }
        None => String::new(),
    };
    let hash = origin.token.as_deref().and_then(Presented::session).map(|presented| presented.hash);
    let own = Own {
        name: found.name,
        username: found.username.unwrap_or_default(),
        organisation: found.organisation_name,
        phone,
        phone_confirmed: found.phone_confirmed_at.is_some(),
        assignments: store::assignment::of_account(&mut conn, id, page.now()).await?,
        sessions: store::session::list(&mut conn, id, hash.as_ref(), page.now()).await?,
    };
    let portal = resident(&page);
    let page = page.with_title("identity-account-title");
    match portal {
        true => render_with(StatusCode::OK, &ResidentPage { page, own }),
        false => render_with(StatusCode::OK, &StaffPage { page, own }),
    }
}

/// The change of password as sent.
#[derive(Deserialize)]
pub struct Form {
    #[serde(default)]
    current: String,
    #[serde(default)]
    new: String,
    #[serde(default)]
    repeat: String,
}

#[derive(Template)]
#[template(path = "identity/password.html")]
struct StaffPassword {
    page: Page,
    first: bool,
    errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "identity/password_portal.html")]
struct ResidentPassword {
    page: Page,
    first: bool,
    errors: FieldErrors,
}

async fn password_page(app: &App, page: Page, status: StatusCode, errors: FieldErrors) -> Result<Response, Failure> {
    let id = page.actor()?.account.ok_or(IdentityError::AccountNotFound)?;
    let found = store::account::entrant_by_id(&mut *app.db.read().await?, id).await?;
    let first = found.is_some_and(|entrant| entrant.must_change_password);
    let portal = resident(&page);
    let above = page.t("identity-account-title");
    let page = page.crumb("/identity/account", above).with_title(if first {
        "identity-password-first-title"
    } else {
        "identity-password-title"
    });
    match portal {
        true => render_with(status, &ResidentPassword { page, first, errors }),
        false => render_with(status, &StaffPassword { page, first, errors }),
    }
}

/// The form for one's own password.
pub async fn password(State(app): State<App>, page: Page) -> Result<Response, Failure> {
    password_page(&app, page, StatusCode::OK, FieldErrors::default()).await
}

/// Changes one's own password.
pub async fn submit_password(
    State(app): State<App>,
    page: Page,
    From(origin): From,
    Submission { form, command }: Submission<Form>,
) -> Result<Response, Failure> {
    let input = PasswordChange { current: &form.current, new: &form.new, repeat: &form.repeat };
    match change_password(&app, &command, input, &origin).await {
        Ok(begun) => {
            let home = if begun.kind == ActorKind::Resident { "/identity/account" } else { "/workbench" };
            Ok(with_session(&app, &begun, redirect(home)))
        }
        Err(error) => {
            let (status, errors) = on_form(&page, error)?;
            password_page(&app, page, status, errors).await
        }
    }
}
