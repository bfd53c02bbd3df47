//! The page of one grid, and the forms that divide, merge and redraw it.
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jh_core::fault::Fault;
use jh_web::{App, Failure, FieldErrors, Page, Pairs, Submission, Upload, redirect, render, render_with};
use serde_json::{Value, json};
use time::Date;
use tokio::io::AsyncReadExt as _;

use super::{area, bounds, geojson};

use crate::category::pages::problems;
use crate::code::digits;
use crate::fault::CityError;
use crate::geojson::{Outline, line, outlines};
use crate::grid::actions::{change, codes};
use crate::grid::store::{self, GridWhole};
use crate::grid::{MANAGE, OUTLINE_BYTES_MAX, READ};

#[derive(Template)]
#[template(path = "city_management/grid.html")]
struct OnePage {
    page: Page,
    it: GridWhole,
    lineage: Vec<(bool, String, Date)>,
    neighbours: Vec<String>,
    map_bounds: String,
    may_manage: bool,
    may_see_components: bool,
    line: String,
    outline: String,
    chosen: Vec<String>,
    errors: FieldErrors,
}

impl OnePage {
    fn problems(&self) -> Vec<(&str, &str)> {
        problems(&self.errors)
    }
    fn area(&self) -> String {
        area(&self.page, self.it.row.area_m2)
    }
    fn outline_m(&self) -> String {
        format!("{:.0} m", self.it.outline_m)
    }
    fn is_chosen(&self, code: &str) -> bool {
        self.chosen.iter().any(|one| one == code)
    }
    fn origin_key(&self) -> String {
        format!("city-management-origin-{}", self.it.row.origin)
    }
}

/// What stands in the forms when they come back with errors.
#[derive(Default)]
struct Kept {
    line: String,
    outline: String,
    chosen: Vec<String>,
    errors: FieldErrors,
}

async fn page_of(app: &App, page: Page, code: &str, kept: Kept) -> Result<OnePage, Failure> {
    let scopes = page.actor()?.scopes(READ);
    let mut conn = app.db.read().await?;
    let known = if digits(code, 15) { store::one(&mut conn, &scopes, code).await? } else { None };
    let it = known.ok_or_else(Failure::not_found)?;
    let stands = it.row.valid_to_on.is_none();
    let id = it.row.grid_id;
    Ok(OnePage {
        lineage: store::lineage(&mut conn, id).await?,
        neighbours: if stands { store::neighbours(&mut conn, &scopes, id).await? } else { Vec::new() },
        map_bounds: bounds(&it.bounds, 0.6),
        may_manage: page.may(MANAGE) && stands,
        may_see_components: page.may(crate::component::READ),
        page: page
            .crumb_key("/city_management/grids", "city-management-grids-title")
            .with_title_text(it.row.code.clone()),
        it,
        line: kept.line,
        outline: kept.outline,
        chosen: kept.chosen,
        errors: kept.errors,
    })
}

/// `GET /city_management/grids/{code}`.
pub async fn show(State(app): State<App>, Path(code): Path<String>, page: Page) -> Result<Response, Failure> {
    render(&page_of(&app, page, &code, Kept::default()).await?)
}

/// `GET /city_management/grids/{code}/around.geojson`: the grid and its neighbours with all their digits, to be edited
/// elsewhere and sent back.
pub async fn around(State(app): State<App>, Path(code): Path<String>, page: Page) -> Result<Response, Failure> {
    let scopes = page.actor()?.scopes(READ);
    if !digits(&code, 15) {
        return Err(Failure::not_found());
    }
    let mut conn = app.db.read().await?;
    let it = store::one(&mut conn, &scopes, &code).await?.ok_or_else(Failure::not_found)?;
    let mut wanted = store::neighbours(&mut conn, &scopes, it.row.grid_id).await?;
    wanted.push(code.clone());
    let rows = store::geometries(&mut conn, &wanted).await?;
    let own = |other: &str| i32::from(other == code);
    let feature = |(code, geometry): (String, sqlx::types::Json<Value>)| {
        json!({
            "type": "Feature", "geometry": geometry.0,
            "properties": { "code": code, "title": code, "colour": own(&code), "href": format!("/city_management/grids/{code}") },
        })
    };
    Ok(geojson(rows.into_iter().map(feature).collect(), false))
}

/// To the first of what came of it, or back to the form with what is wrong.
async fn done(
    app: &App,
    page: Page,
    code: &str,
    kept: Kept,
    result: Result<Vec<String>, CityError>,
) -> Result<Response, Failure> {
    match result {
        Ok(new) => {
            let first = new.first().map_or("", String::as_str);
            Ok(redirect(&format!("/city_management/grids/{first}")))
        }
        Err(error @ (CityError::Invalid(_) | CityError::Conflict(_))) => {
            let errors = FieldErrors::new(&page, &error.refusal());
            let shown = page_of(app, page, code, Kept { errors, ..kept }).await?;
            render_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /city_management/grids/{code}/division`.
pub async fn divide(
    State(app): State<App>,
    Path(code): Path<String>,
    page: Page,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    let text = sent.form.get("line").to_owned();
    let result = match line(&text) {
        Ok(line) if digits(&code, 15) => change::divide(&app, &sent.command, &code, &line).await,
        Ok(_) => Err(CityError::NotFound),
        Err(wrong) => Err(CityError::field("line", wrong)),
    };
    done(&app, page, &code, Kept { line: text, ..Kept::default() }, result).await
}

/// `POST /city_management/grids/{code}/merger`.
pub async fn merge(
    State(app): State<App>,
    Path(code): Path<String>,
    page: Page,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    let text: Vec<&str> = sent.form.all("with").chain([code.as_str()]).collect();
    let chosen: Vec<String> = sent.form.all("with").map(str::to_owned).collect();
    let result = match codes(&text.join(" ")) {
        Some(all) => change::merge(&app, &sent.command, &all).await,
        None => Err(CityError::field("with", "city-management-codes-unknown")),
    };
    done(&app, page, &code, Kept { chosen, ..Kept::default() }, result).await
}

/// `POST /city_management/grids/{code}/boundary`.
pub async fn redraw(
    State(app): State<App>,
    Path(code): Path<String>,
    page: Page,
    sent: Upload,
) -> Result<Response, Failure> {
    let kept = Kept { outline: sent.field("outline").to_owned(), ..Kept::default() };
    let result = match sent_outlines(&app, &sent).await? {
        Ok(outlines) if digits(&code, 15) && !outlines.is_empty() => {
            change::redraw(&app, &sent.command, &code, &outlines).await
        }
        Ok(_) => Err(CityError::field("outline", "city-management-geojson-few")),
        Err(wrong) => Err(CityError::field("outline", wrong)),
    };
    done(&app, page, &code, kept, result).await
}

/// The outlines of a form: those of its file, else those typed or drawn; none when it has neither.
pub async fn sent_outlines(app: &App, sent: &Upload) -> Result<Result<Vec<Outline>, &'static str>, Failure> {
    let text = match &sent.file {
        Some(sent) => {
            let mut bytes = Vec::new();
            let limit = u64::try_from(OUTLINE_BYTES_MAX).unwrap_or(u64::MAX);
            let mut file = app.files.open_read(&sent.file.sm3).await?.take(limit);
            file.read_to_end(&mut bytes).await.map_err(Failure::internal)?;
            match String::from_utf8(bytes) {
                Ok(text) => text,
                Err(_) => return Ok(Err("city-management-geojson-unreadable")),
            }
        }
        None => sent.field("outline").to_owned(),
    };
    Ok(if text.trim().is_empty() { Ok(Vec::new()) } else { outlines(&text) })
}
