//! Roles: what each grants, and making a new one.
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jh_web::{App, Failure, FieldErrors, Page, Submission, redirect, render, render_with};
use serde::Deserialize;

use super::{on_form, permission_name, role_words};
use crate::actions::permission;
use crate::actions::role::{NewRole, create};
use crate::model::role::{Audience, Role};
use crate::store;

/// A role in words.
struct Worded {
    id: String,
    name: String,
    summary: String,
    code: String,
    system: bool,
    permissions: Vec<String>,
}

#[derive(Template)]
#[template(path = "identity/roles.html")]
struct RolesPage {
    page: Page,
    roles: Vec<Worded>,
    makes: bool,
}

fn worded(page: &Page, role: &Role) -> Worded {
    let (name, summary) = role_words(page, role);
    Worded {
        id: role.id.to_string(),
        name: name.to_owned(),
        summary: summary.to_owned(),
        code: role.code.clone(),
        system: role.audience == Audience::System,
        permissions: role.permissions.iter().map(|permission| permission_name(page, permission)).collect(),
    }
}

/// All roles.
pub async fn list(State(app): State<App>, page: Page) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let roles = store::role::list(&mut conn, None).await?;
    let roles = roles.iter().map(|role| worded(&page, role)).collect();
    let root = store::organisation::root(&mut conn).await?;
    let scopes = page.actor()?.scopes(permission::ACCOUNT);
    let makes = root.is_some_and(|root| scopes.contains(&root.0));
    render(&RolesPage { page: page.with_title("identity-roles-title"), roles, makes })
}

/// A new role as sent.
#[derive(Deserialize, Default)]
pub struct Form {
    #[serde(default)]
    code: String,
    #[serde(default)]
    audience: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    name_en: String,
    #[serde(default)]
    summary: String,
    #[serde(default)]
    summary_en: String,
    #[serde(default)]
    permissions: Vec<String>,
}

/// A permission that may go into a role.
struct Offer {
    permission: String,
    name: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "identity/role_new.html")]
struct NewPage {
    page: Page,
    form: Form,
    offers: Vec<Offer>,
    errors: FieldErrors,
}

async fn new_page(app: &App, page: Page, form: Form, answer: (StatusCode, FieldErrors)) -> Result<Response, Failure> {
    let root = store::organisation::root(&mut *app.db.read().await?).await?;
    let actor = page.actor()?;
    let held = |name: &str| root.is_some_and(|root| actor.scopes(name).contains(&root.0));
    let offers = app
        .permissions()
        .iter()
        .filter(|name| held(name))
        .map(|name| Offer {
            permission: (*name).to_owned(),
            name: permission_name(&page, name),
            chosen: form.permissions.iter().any(|chosen| chosen == name),
        })
        .collect();
    let list = page.t("identity-roles-title");
    let page = page.crumb("/identity/roles", list).with_title("identity-role-new-title");
    let (status, errors) = answer;
    render_with(status, &NewPage { page, form, offers, errors })
}

/// The form for a new role.
pub async fn new(State(app): State<App>, page: Page) -> Result<Response, Failure> {
    let form = Form { audience: "staff".into(), ..Form::default() };
    new_page(&app, page, form, (StatusCode::OK, FieldErrors::default())).await
}

/// Makes a role.
pub async fn submit_new(
    State(app): State<App>,
    page: Page,
    Submission { form, command }: Submission<Form>,
) -> Result<Response, Failure> {
    let input = NewRole {
        code: &form.code,
        audience: &form.audience,
        name: &form.name,
        name_en: &form.name_en,
        summary: &form.summary,
        summary_en: &form.summary_en,
        permissions: form.permissions.clone(),
    };
    match create(&app, &command, &input, app.permissions()).await {
        Ok(id) => Ok(redirect(&format!("/identity/roles#role-{id}"))),
        Err(error) => {
            let answer = on_form(&page, error)?;
            new_page(&app, page, form, answer).await
        }
    }
}
