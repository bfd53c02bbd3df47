//! One member of staff: what he holds, giving and withdrawing roles, suspending, a new password.
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jh_core::actor::{AccountId, Actor};
use jh_web::{App, Failure, FieldErrors, Page, Submission, redirect, render_with};
use serde::Deserialize;

use super::organisations::parse;
use super::people::one_time;
use super::session::Nothing;
use super::{on_form, role_words, suggestions};
use crate::actions::account::{reset_password, restore, suspend};
use crate::actions::assignment::{Gift, give, withdraw};
use crate::actions::permission;
use crate::fault::IdentityError;
use crate::model::role::{Assignment, Audience};
use crate::store::account::Listed;
use crate::store::{self, scope};

/// The forms of this page as sent.
#[derive(Deserialize, Default)]
pub struct Form {
    #[serde(default)]
    role: String,
    #[serde(default)]
    organisation: String,
    #[serde(default)]
    ends_on: String,
    #[serde(default)]
    reason: String,
}

#[derive(Template)]
#[template(path = "identity/person.html")]
struct PersonPage {
    page: Page,
    person: Listed,
    assignments: Vec<Assignment>,
    roles: Vec<(String, String)>,
    suggestions: Vec<(String, String)>,
    form: Form,
    oneself: bool,
    audit: bool,
    errors: FieldErrors,
}

impl PersonPage {
    /// What the browser asks before a role is withdrawn.
    fn withdrawal(&self, held: &Assignment) -> String {
        let role = self.page.pick(&held.role_name, &held.role_name_en).to_owned();
        self.page.ta("identity-withdraw-confirm", &[("role", role), ("place", held.organisation_name.clone())])
    }
}

async fn person_page(
    app: &App,
    page: Page,
    id: AccountId,
    form: Option<Form>,
    answer: (StatusCode, FieldErrors),
) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let actor: &Actor = page.actor()?;
    let reach = scope(actor, permission::ACCOUNT);
    let person =
        store::account::listed(&mut conn, reach.as_deref(), id).await?.ok_or(IdentityError::AccountNotFound)?;
    let assignments = store::assignment::of_account(&mut conn, id, page.now()).await?;
    // Only what the actor could give at all; where he can is decided when he does.
    let mut roles = vec![(String::new(), page.t("identity-role-choose"))];
    for role in store::role::list(&mut conn, Some(Audience::Staff)).await? {
        if role.permissions.iter().all(|permission| actor.may(permission)) {
            roles.push((role.id.to_string(), role_words(&page, &role).0.to_owned()));
        }
    }
    let suggestions = suggestions(&mut conn, reach.as_deref()).await?;
    let home = match person.organisation_id {
        Some(id) => store::organisation::find(&mut conn, id).await?.map(|o| o.code).unwrap_or_default(),
        None => String::new(),
    };
    let form = form.unwrap_or_else(|| Form { organisation: home, ..Form::default() });
    let oneself = actor.account == Some(id);
    let audit = page.may(permission::AUDIT);
    let list = page.t("identity-accounts-title");
    let page = page.crumb("/identity/accounts", list).with_title_text(person.name.clone());
    let (status, errors) = answer;
    let shown = PersonPage { page, person, assignments, roles, suggestions, form, oneself, audit, errors };
    render_with(status, &shown)
}

/// One member of staff.
pub async fn show(State(app): State<App>, page: Page, Path(id): Path<String>) -> Result<Response, Failure> {
    person_page(&app, page, parse(&id)?, None, (StatusCode::OK, FieldErrors::default())).await
}

/// Leads back to the page, or shows it again with what is wrong.
async fn settle(
    app: &App,
    page: Page,
    id: AccountId,
    form: Option<Form>,
    outcome: Result<(), IdentityError>,
) -> Result<Response, Failure> {
    match outcome {
        Ok(()) => Ok(redirect(&format!("/identity/accounts/{id}"))),
        Err(error) => {
            let answer = on_form(&page, error)?;
            person_page(app, page, id, form, answer).await
        }
    }
}

/// Gives a role.
pub async fn submit_assignment(
    State(app): State<App>,
    page: Page,
    Path(id): Path<String>,
    Submission { form, command }: Submission<Form>,
) -> Result<Response, Failure> {
    let id = parse(&id)?;
    let gift = Gift { role: form.role.parse().ok(), organisation: &form.organisation, ends_on: &form.ends_on };
    let outcome = give(&app, &command, id, &gift).await.map(|_| ());
    settle(&app, page, id, Some(form), outcome).await
}

/// Withdraws a role.
pub async fn submit_withdrawal(
    State(app): State<App>,
    page: Page,
    Path((id, assignment)): Path<(String, String)>,
    Submission { command, .. }: Submission<Nothing>,
) -> Result<Response, Failure> {
    let id = parse(&id)?;
    let outcome = withdraw(&app, &command, id, parse(&assignment)?).await;
    settle(&app, page, id, None, outcome).await
}

/// Suspends.
pub async fn submit_suspension(
    State(app): State<App>,
    page: Page,
    Path(id): Path<String>,
    Submission { form, command }: Submission<Form>,
) -> Result<Response, Failure> {
    let id = parse(&id)?;
    let outcome = suspend(&app, &command, id, &form.reason).await;
    let kept = Form { reason: form.reason, ..Form::default() };
    settle(&app, page, id, Some(kept), outcome).await
}

/// Restores.
pub async fn submit_restoration(
    State(app): State<App>,
    page: Page,
    Path(id): Path<String>,
    Submission { command, .. }: Submission<Nothing>,
) -> Result<Response, Failure> {
    let id = parse(&id)?;
    let outcome = restore(&app, &command, id).await;
    settle(&app, page, id, None, outcome).await
}

/// Sets a one-time password and shows it.
pub async fn submit_password(
    State(app): State<App>,
    page: Page,
    Path(id): Path<String>,
    Submission { command, .. }: Submission<Nothing>,
) -> Result<Response, Failure> {
    let id = parse(&id)?;
    match reset_password(&app, &command, id).await {
        Ok(made) => {
            let reach = scope(page.actor()?, permission::ACCOUNT);
            let person = store::account::listed(&mut *app.db.read().await?, reach.as_deref(), id).await?;
            let person = person.ok_or(IdentityError::AccountNotFound)?;
            one_time(page, &made, person.username.unwrap_or_default(), person.name)
        }
        Err(error) => {
            let answer = on_form(&page, error)?;
            person_page(&app, page, id, None, answer).await
        }
    }
}
