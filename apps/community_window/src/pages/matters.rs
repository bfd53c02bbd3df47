//! Which matters the window takes: their list, and the form of one.
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jh_core::fault::{Fault, Kind};
use jh_core::paging::Paged;
use jh_web::{App, Failure, FieldErrors, Page, Pairs, Submission, redirect, render, render_with};

use super::words;
use crate::MANAGE;
use crate::fault::WindowError;
use crate::matter::{Matter, write};
use crate::store::{self, MatterRow};

const PATH: &str = "/community_window/matters";

#[derive(Template)]
#[template(path = "community_window/matters.html")]
struct ListPage {
    page: Page,
    text: String,
    rows: Paged<MatterRow>,
    pager: String,
    form: Matter,
    errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "community_window/matter.html")]
struct MatterPage {
    page: Page,
    form: Matter,
    errors: FieldErrors,
}

fn read(code: &str, form: &Pairs) -> Matter {
    Matter {
        code: code.to_owned(),
        name: form.line("name", 201),
        name_en: form.line("name_en", 201),
        organisation: form.line("organisation", 60),
        materials: form.get("materials").chars().take(2_001).collect(),
        working_days: form.whole("working_days").unwrap_or(0).try_into().unwrap_or(0),
        active: form.get("active") == "1",
    }
}

/// The matters of departments in scope, and the form of a new one.
pub async fn list(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    let form = Matter { active: true, working_days: 5, ..Matter::default() };
    let shown = listed(&app, page, &query, form, FieldErrors::default()).await?;
    render(&shown)
}

async fn listed(app: &App, page: Page, query: &Pairs, form: Matter, errors: FieldErrors) -> Result<ListPage, Failure> {
    let scopes = page.actor()?.scopes(MANAGE);
    let (text, asked) = (query.line("q", 100), query.page());
    let mut conn = app.db.read().await?;
    let found = store::list(&mut conn, &words(&text), Some(&scopes), false, asked.limit(), asked.offset()).await?;
    Ok(ListPage {
        pager: query.before_page(PATH),
        rows: Paged::from_rows(found, asked),
        page: page.with_title("community-window-matters"),
        text,
        form,
        errors,
    })
}

/// Adds one.
pub async fn add(State(app): State<App>, page: Page, sent: Submission<Pairs>) -> Result<Response, Failure> {
    let form = read("", &sent.form);
    match write(&app, &sent.command, &form).await {
        Ok(code) => Ok(redirect(&format!("{PATH}/{code}"))),
        Err(error) => {
            let errors = errors(&page, error)?;
            let shown = listed(&app, page, &Pairs::default(), form, errors).await?;
            render_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

/// The form of one in scope.
pub async fn show(State(app): State<App>, page: Page, Path(code): Path<String>) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let row = store::find(&mut conn, &code).await?.ok_or(WindowError::NotFound)?;
    let scopes = page.actor()?.scopes(MANAGE);
    let within = identity::api::in_scope(&mut conn, &scopes, row.organisation_id).await;
    if !within.map_err(casework::api::CaseError::from)? {
        return Err(WindowError::NotFound.into());
    }
    let form = Matter {
        code: row.code,
        name: row.name,
        name_en: row.name_en,
        organisation: row.organisation_name,
        materials: row.materials,
        working_days: row.working_days,
        active: row.active,
    };
    render(&matter_page(page, form, FieldErrors::default()))
}

/// Changes one.
pub async fn change(
    State(app): State<App>,
    page: Page,
    Path(code): Path<String>,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    let form = read(&code, &sent.form);
    match write(&app, &sent.command, &form).await {
        Ok(_) => Ok(redirect(PATH)),
        Err(error) => {
            let errors = errors(&page, error)?;
            render_with(StatusCode::UNPROCESSABLE_ENTITY, &matter_page(page, form, errors))
        }
    }
}

fn matter_page(page: Page, form: Matter, errors: FieldErrors) -> MatterPage {
    let page = page.with_title_text(form.name.clone()).crumb_key(PATH, "community-window-matters");
    MatterPage { page, form, errors }
}

/// What is wrong with a form; anything else is no form's business.
fn errors(page: &Page, error: WindowError) -> Result<FieldErrors, Failure> {
    let refusal = error.refusal();
    if refusal.kind == Kind::Invalid { Ok(FieldErrors::new(page, &refusal)) } else { Err(error.into()) }
}
