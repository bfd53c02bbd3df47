//! The pages of officers' grids: the list, and one with its unit grids and officers.
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jh_core::actor::{AccountId, OrganisationId};
use jh_core::fault::Fault;
use jh_core::paging::Paged;
use jh_web::{App, Failure, FieldErrors, Page, Pairs, Submission, redirect, render, render_with};
use uuid::Uuid;

use super::{area, bounds};

use crate::category::pages::problems;
use crate::code::{OfficerGridId, SHIFTS};
use crate::fault::CityError;
use crate::grid::actions::{codes, officer as actions};
use crate::grid::store::officer::{self as store, OfficerGridRow, PatrolRow};
use crate::grid::store::{self as grids, GridRow, Narrowing};
use crate::grid::{MANAGE, READ};

#[derive(Template)]
#[template(path = "city_management/officer_grids.html")]
struct ListPage {
    page: Page,
    rows: Paged<OfficerGridRow>,
    may_manage: bool,
    name: String,
    codes: String,
    organisation: String,
    organisations: Vec<(String, String)>,
    map_bounds: String,
    errors: FieldErrors,
}

impl ListPage {
    fn area(&self, square_m: &f64) -> String {
        area(&self.page, *square_m)
    }
    fn problems(&self) -> Vec<(&str, &str)> {
        problems(&self.errors)
    }
}

async fn listed(app: &App, page: Page, asked: &Pairs, errors: FieldErrors) -> Result<ListPage, Failure> {
    let scopes = page.actor()?.scopes(READ);
    let mut conn = app.db.read().await?;
    let request = asked.page();
    let rows = store::list(&mut conn, &scopes, None, request.limit(), request.offset()).await?;
    let extent = grids::extent(&mut conn, &scopes).await?;
    let managed = page.actor()?.scopes(MANAGE);
    let holders = grids::holders(&mut conn, &managed).await?;
    let own = page.actor()?.organisation.map(|id| id.to_string());
    Ok(ListPage {
        rows: Paged::from_rows(rows, request),
        may_manage: page.may(MANAGE),
        name: asked.get("name").to_owned(),
        codes: asked.get("codes").to_owned(),
        organisation: asked.given("organisation").map_or_else(|| own.unwrap_or_default(), str::to_owned),
        organisations: holders.into_iter().map(|(id, name)| (id.to_string(), name)).collect(),
        map_bounds: extent.bounds.as_deref().map(|at| bounds(at, 0.02)).unwrap_or_default(),
        errors,
        page: page
            .crumb_key("/city_management/grids", "city-management-grids-title")
            .with_title("city-management-officer-grids-title"),
    })
}

/// `GET /city_management/officer_grids`.
pub async fn list(State(app): State<App>, page: Page, asked: Pairs) -> Result<Response, Failure> {
    render(&listed(&app, page, &asked, FieldErrors::default()).await?)
}

/// `POST /city_management/officer_grids`.
pub async fn create(State(app): State<App>, page: Page, sent: Submission<Pairs>) -> Result<Response, Failure> {
    let form = &sent.form;
    let organisation = form.get("organisation").parse::<Uuid>().ok().map(OrganisationId);
    let result = match codes(form.get("codes")) {
        Some(codes) => actions::create(&app, &sent.command, form.get("name"), organisation, &codes).await,
        None => Err(CityError::field("codes", "city-management-codes-unknown")),
    };
    match result {
        Ok(id) => Ok(redirect(&format!("/city_management/officer_grids/{id}"))),
        Err(error @ CityError::Invalid(_)) => {
            let errors = FieldErrors::new(&page, &error.refusal());
            render_with(StatusCode::UNPROCESSABLE_ENTITY, &listed(&app, page, form, errors).await?)
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "city_management/officer_grid.html")]
struct OnePage {
    page: Page,
    it: OfficerGridRow,
    patrols: Vec<PatrolRow>,
    rows: Paged<GridRow>,
    pager: String,
    staff: Vec<(String, String)>,
    shifts: Vec<(&'static str, String)>,
    map_bounds: String,
    codes: String,
    may_manage: bool,
    errors: FieldErrors,
}

impl OnePage {
    fn area(&self, square_m: &f64) -> String {
        area(&self.page, *square_m)
    }
    fn shift(&self, shift: &str) -> String {
        shift_words(&self.page, shift)
    }
    fn problems(&self) -> Vec<(&str, &str)> {
        problems(&self.errors)
    }
}

fn shift_words(page: &Page, shift: &str) -> String {
    page.t(&format!("city-management-shift-{}", shift.replace('_', "-")))
}

async fn one(app: &App, page: Page, id: OfficerGridId, asked: &Pairs, errors: FieldErrors) -> Result<OnePage, Failure> {
    let scopes = page.actor()?.scopes(READ);
    let mut conn = app.db.read().await?;
    let found = store::list(&mut conn, &scopes, Some(id), 1, 0).await?;
    let it = found.into_iter().next().ok_or_else(Failure::not_found)?;
    let by = Narrowing { scopes: &scopes, officer_grid: Some(id), page: asked.page(), ..Narrowing::default() };
    let rows = Paged::from_rows(grids::list(&mut conn, &by).await?, asked.page());
    let may_manage = page.may(MANAGE) && it.closed_at.is_none();
    let staff = if may_manage { store::staff(&mut conn, &page.actor()?.scopes(MANAGE), "").await? } else { Vec::new() };
    Ok(OnePage {
        patrols: store::patrols(&mut conn, id).await?,
        rows,
        pager: asked.before_page(&format!("/city_management/officer_grids/{id}")),
        staff: staff.into_iter().map(|(id, name, place)| (id.to_string(), format!("{name} · {place}"))).collect(),
        shifts: SHIFTS.map(|shift| (shift, shift_words(&page, shift))).to_vec(),
        map_bounds: it.bounds.as_deref().map(|at| bounds(at, 0.15)).unwrap_or_default(),
        codes: asked.get("codes").to_owned(),
        may_manage,
        errors,
        page: page
            .crumb_key("/city_management/grids", "city-management-grids-title")
            .crumb_key("/city_management/officer_grids", "city-management-officer-grids-title")
            .with_title_text(it.name.clone()),
        it,
    })
}

/// `GET /city_management/officer_grids/{id}`.
pub async fn show(
    State(app): State<App>,
    Path(id): Path<OfficerGridId>,
    page: Page,
    asked: Pairs,
) -> Result<Response, Failure> {
    render(&one(&app, page, id, &asked, FieldErrors::default()).await?)
}

async fn done(
    app: &App,
    page: Page,
    id: OfficerGridId,
    form: &Pairs,
    result: Result<(), CityError>,
) -> Result<Response, Failure> {
    match result {
        Ok(()) => Ok(redirect(&format!("/city_management/officer_grids/{id}"))),
        Err(error @ CityError::Invalid(_)) => {
            let errors = FieldErrors::new(&page, &error.refusal());
            render_with(StatusCode::UNPROCESSABLE_ENTITY, &one(app, page, id, form, errors).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /city_management/officer_grids/{id}/grids`.
pub async fn take(
    State(app): State<App>,
    Path(id): Path<OfficerGridId>,
    page: Page,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    let result = match codes(sent.form.get("codes")) {
        Some(codes) => actions::take(&app, &sent.command, id, &codes).await,
        None => Err(CityError::field("codes", "city-management-codes-unknown")),
    };
    done(&app, page, id, &sent.form, result).await
}

/// `POST /city_management/officer_grids/{id}/release`.
pub async fn release(
    State(app): State<App>,
    Path(id): Path<OfficerGridId>,
    page: Page,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    let chosen: Vec<&str> = sent.form.all("code").collect();
    let result = match codes(&chosen.join(" ")) {
        Some(codes) => actions::release(&app, &sent.command, id, &codes).await,
        None => Err(CityError::field("codes", "city-management-codes-unknown")),
    };
    done(&app, page, id, &sent.form, result).await
}

fn account(form: &Pairs) -> Option<AccountId> {
    form.get("account").parse().ok()
}

/// `POST /city_management/officer_grids/{id}/patrols`.
pub async fn appoint(
    State(app): State<App>,
    Path(id): Path<OfficerGridId>,
    page: Page,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    let result = match account(&sent.form) {
        Some(account) => actions::appoint(&app, &sent.command, id, account, sent.form.get("shift")).await,
        None => Err(CityError::field("account", "city-management-staff-unknown")),
    };
    done(&app, page, id, &sent.form, result).await
}

/// `POST /city_management/officer_grids/{id}/relief`.
pub async fn relieve(
    State(app): State<App>,
    Path(id): Path<OfficerGridId>,
    page: Page,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    let result = match account(&sent.form) {
        Some(account) => actions::relieve(&app, &sent.command, id, account, sent.form.get("shift")).await,
        None => Err(CityError::NotFound),
    };
    done(&app, page, id, &sent.form, result).await
}

/// `POST /city_management/officer_grids/{id}/closure`.
pub async fn close(
    State(app): State<App>,
    Path(id): Path<OfficerGridId>,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    actions::close(&app, &sent.command, id).await?;
    Ok(redirect("/city_management/officer_grids"))
}
