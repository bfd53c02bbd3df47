//! The form of the setting, for whoever looks after the whole hotline.
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use casework::api::CaseError;
use jh_core::fault::Fault;
use jh_db::Work;
use jh_web::{App, Failure, FieldErrors, Page, Pairs, Submission, redirect, render_with};

use super::MANAGE;
use crate::fault::HotlineError;

#[derive(Template)]
#[template(path = "hotline/public_setting.html")]
struct SettingPage {
    page: Page,
    centre: String,
    reports_an_hour: String,
    errors: FieldErrors,
}

async fn form_page(app: &App, page: Page, form: Option<&Pairs>, errors: FieldErrors) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let setting = super::get(&mut conn).await?;
    let current = match setting.centre_id {
        Some(id) => identity::api::organisation(&mut conn, id).await.map_err(CaseError::from)?.map(|found| found.name),
        None => None,
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let typed = |name: &str| form.map(|form| form.get(name).to_owned());
    let shown = SettingPage {
        centre: typed("centre").or(current).unwrap_or_default(),
        reports_an_hour: typed("reports_an_hour").unwrap_or_else(|| setting.reports_an_hour.to_string()),
        page: page.with_title("hotline-setting-title"),
        errors,
    };
    render_with(status, &shown)
}

/// The form.
pub async fn show(State(app): State<App>, page: Page) -> Result<Response, Failure> {
    form_page(&app, page, None, FieldErrors::default()).await
}

/// Sets it.
pub async fn submit(State(app): State<App>, page: Page, sent: Submission<Pairs>) -> Result<Response, Failure> {
    match save(&app, &sent).await {
        Ok(()) => Ok(redirect("/hotline/setting")),
        Err(error @ HotlineError::Invalid(_)) => {
            let errors = FieldErrors::new(&page, &error.refusal());
            form_page(&app, page, Some(&sent.form), errors).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn save(app: &App, sent: &Submission<Pairs>) -> Result<(), HotlineError> {
    let mut work = Work::begin(app, &sent.command).await?;
    let text = sent.form.line("centre", 60);
    let centre = casework::api::organisation_named(work.conn(), &text).await?;
    let centre = centre.ok_or_else(|| HotlineError::field("centre", "hotline-setting-centre"))?;
    let scopes = work.actor().scopes(MANAGE);
    if !identity::api::in_scope(work.conn(), &scopes, centre.id).await.map_err(CaseError::from)? {
        return Err(HotlineError::OutOfScope(MANAGE));
    }
    // Moving the hotline from one organisation to another is for whoever is over both.
    if let Some(before) = super::centre(work.conn()).await?
        && !identity::api::in_scope(work.conn(), &scopes, before).await.map_err(CaseError::from)?
    {
        return Err(HotlineError::OutOfScope(MANAGE));
    }
    super::set(&mut work, centre.id, sent.form.whole("reports_an_hour").unwrap_or(0)).await?;
    Ok(work.commit().await?)
}
