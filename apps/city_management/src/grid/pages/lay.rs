//! The form that lays grids over an area, and the page of a run.
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jh_core::fault::Fault;
use jh_core::paging::Paged;
use jh_web::{App, Failure, FieldErrors, Page, Pairs, Submission, Upload, redirect, render, render_with};

use super::one::sent_outlines;

use crate::category::pages::problems;
use crate::code::GenerationId;
use crate::fault::CityError;
use crate::grid::actions::lay::{self, EDGE_M, GRIDS_MAX, Wish};
use crate::grid::store::lay::{self as store, Run};
use crate::grid::{MANAGE, READ};
use crate::ground;

#[derive(Template)]
#[template(path = "city_management/grids_new.html")]
struct FormPage {
    page: Page,
    counties: Vec<(String, String)>,
    county: String,
    name: String,
    community: String,
    edge_m: String,
    outline: String,
    errors: FieldErrors,
}

impl FormPage {
    fn problems(&self) -> Vec<(&str, &str)> {
        problems(&self.errors)
    }
    fn grids_max(&self) -> String {
        self.page.number(GRIDS_MAX as i64)
    }
}

fn blank(app: &App, page: Page, sent: Option<&Upload>, errors: FieldErrors) -> FormPage {
    let field = |name: &str| sent.map_or(String::new(), |sent| sent.field(name).to_owned());
    let counties = ground::counties(app).into_iter().map(|county| (county.code, county.name)).collect();
    FormPage {
        counties,
        county: field("county"),
        name: field("name"),
        community: field("community"),
        edge_m: sent.map_or_else(|| EDGE_M.to_string(), |sent| sent.field("edge_m").to_owned()),
        outline: field("outline"),
        errors,
        page: page
            .crumb_key("/city_management/grids", "city-management-grids-title")
            .with_title("city-management-lay-title"),
    }
}

/// `GET /city_management/grids/new`.
pub async fn form(State(app): State<App>, page: Page) -> Result<Response, Failure> {
    render(&blank(&app, page, None, FieldErrors::default()))
}

/// `POST /city_management/generations`.
pub async fn submit(State(app): State<App>, page: Page, sent: Upload) -> Result<Response, Failure> {
    let result = match sent_outlines(&app, &sent).await? {
        Ok(outlines) => {
            let wish = Wish {
                county: sent.field("county").trim(),
                name: sent.field("name").trim(),
                edge_m: sent.field("edge_m").trim().parse().ok(),
                community: sent.field("community").trim(),
                outlines,
            };
            lay::request(&app, &sent.command, wish).await
        }
        Err(wrong) => Err(CityError::field("outline", wrong)),
    };
    match result {
        Ok(id) => Ok(redirect(&format!("/city_management/generations/{id}"))),
        Err(error @ CityError::Invalid(_)) => {
            let errors = FieldErrors::new(&page, &error.refusal());
            render_with(StatusCode::UNPROCESSABLE_ENTITY, &blank(&app, page, Some(&sent), errors))
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "city_management/generation.html")]
struct RunPage {
    page: Page,
    it: Run,
    may_manage: bool,
}

#[derive(Template)]
#[template(path = "city_management/generation_progress.html")]
struct Progress {
    page: Page,
    it: Run,
}

async fn run_of(app: &App, page: &Page, id: GenerationId) -> Result<Run, Failure> {
    let scopes = page.actor()?.scopes(READ);
    let found = store::one(&mut *app.db.read().await?, &scopes, id).await?;
    found.ok_or_else(Failure::not_found)
}

/// `GET /city_management/generations/{id}`.
pub async fn show(State(app): State<App>, Path(id): Path<GenerationId>, page: Page) -> Result<Response, Failure> {
    let it = run_of(&app, &page, id).await?;
    let may_manage = page.may(MANAGE);
    let title = page.t1("city-management-run-title", "name", &it.name);
    let page = page
        .crumb_key("/city_management/grids", "city-management-grids-title")
        .crumb_key("/city_management/generations", "city-management-runs-title")
        .with_title_text(title);
    render(&RunPage { page, it, may_manage })
}

/// `GET /city_management/generations/{id}/progress`: the part that changes while it runs.
pub async fn progress(State(app): State<App>, Path(id): Path<GenerationId>, page: Page) -> Result<Response, Failure> {
    let it = run_of(&app, &page, id).await?;
    render(&Progress { page, it })
}

/// `POST /city_management/generations/{id}/cancellation`.
pub async fn cancel(
    State(app): State<App>,
    Path(id): Path<GenerationId>,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    lay::cancel(&app, &sent.command, id).await?;
    Ok(redirect(&format!("/city_management/generations/{id}")))
}

#[derive(Template)]
#[template(path = "city_management/generations.html")]
struct ListPage {
    page: Page,
    rows: Paged<Run>,
    may_manage: bool,
}

/// The kind of the badge of a state.
fn badge(state: &str) -> &'static str {
    match state {
        "done" => "good",
        "failed" => "bad",
        "cancelled" => "neutral",
        _ => "info",
    }
}

impl ListPage {
    fn badge(&self, run: &Run) -> &'static str {
        badge(&run.state)
    }
    fn state_key(&self, run: &Run) -> String {
        format!("city-management-run-{}", run.state)
    }
}

/// `GET /city_management/generations`.
pub async fn list(State(app): State<App>, page: Page, asked: Pairs) -> Result<Response, Failure> {
    let scopes = page.actor()?.scopes(READ);
    let request = asked.page();
    let rows = store::list(&mut *app.db.read().await?, &scopes, request.limit(), request.offset()).await?;
    let may_manage = page.may(MANAGE);
    let page = page
        .crumb_key("/city_management/grids", "city-management-grids-title")
        .with_title("city-management-runs-title");
    render(&ListPage { page, rows: Paged::from_rows(rows, request), may_manage })
}
