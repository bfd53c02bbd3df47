//! The form that sets the supervision centre.
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jh_core::actor::OrganisationId;
use jh_core::fault::Fault;
use jh_web::{App, Failure, FieldErrors, Page, Pairs, Submission, redirect, render_with};

use crate::case::{centre, store};
use crate::category::pages::problems;
use crate::category::store::answerable;
use crate::fault::CityError;

#[derive(Template)]
#[template(path = "city_management/case_centre.html")]
struct CentrePage {
    page: Page,
    organisations: Vec<(String, String)>,
    organisation: String,
    stands: String,
    errors: FieldErrors,
}

impl CentrePage {
    fn problems(&self) -> Vec<(&str, &str)> {
        problems(&self.errors)
    }
}

async fn shown(app: &App, page: Page, errors: FieldErrors) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let organisations = answerable(&mut conn).await?;
    let organisations = organisations.into_iter().map(|(id, name)| (id.to_string(), name));
    let none = (String::new(), page.t("city-management-centre-none"));
    let stands = match store::centre_set(&mut conn).await? {
        Some((name, at, by)) => {
            page.ta("city-management-centre-stands", &[("name", name), ("time", page.instant(at)), ("by", by)])
        }
        None => page.t("city-management-centre-unset"),
    };
    let organisation = store::centre(&mut conn).await?.map(|id| id.to_string()).unwrap_or_default();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = page.with_title("city-management-centre-title");
    // Nothing is chosen only as long as nothing is set.
    let organisations = Some(none).filter(|_| organisation.is_empty()).into_iter().chain(organisations).collect();
    render_with(status, &CentrePage { organisations, organisation, stands, errors, page })
}

/// `GET /city_management/centre`.
pub async fn show(State(app): State<App>, page: Page) -> Result<Response, Failure> {
    shown(&app, page, FieldErrors::default()).await
}

/// `POST /city_management/centre`.
pub async fn set(State(app): State<App>, page: Page, sent: Submission<Pairs>) -> Result<Response, Failure> {
    match centre::set(&app, &sent.command, sent.form.id("organisation").map(OrganisationId)).await {
        Ok(()) => Ok(redirect("/city_management/centre")),
        Err(error @ CityError::Invalid(_)) => {
            let errors = FieldErrors::new(&page, &error.refusal());
            shown(&app, page, errors).await
        }
        Err(error) => Err(error.into()),
    }
}
