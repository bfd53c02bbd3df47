//! The centre's list of what has to be looked at where no officer walks, and the form that sends somebody there.
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use casework::api::due_badge;
use jh_core::actor::AccountId;
use jh_core::fault::Fault;
use jh_core::paging::Paged;
use jh_web::{App, Failure, FieldErrors, Page, Pairs, Submission, redirect, render_with};
use uuid::Uuid;

use crate::case::CHECK;
use crate::case::check::{self, PATH, Whom};
use crate::case::store::check::{self as store, CheckRow};
use crate::category::pages::problems;
use crate::fault::CityError;

/// As an officer: whoever reported the case.
const REPORTER: &str = "reporter";

#[derive(Template)]
#[template(path = "city_management/case_checks.html")]
struct ChecksPage {
    page: Page,
    rows: Paged<CheckRow>,
    pager: String,
    officers: Vec<(String, String)>,
    form: Pairs,
    sent: String,
    errors: FieldErrors,
}

impl ChecksPage {
    fn problems(&self) -> Vec<(&str, &str)> {
        problems(&self.errors)
    }

    fn due(&self, row: &CheckRow) -> casework::api::Badge {
        due_badge(&self.page, row.due_at, false, false)
    }

    fn task_key(&self, row: &CheckRow) -> &'static str {
        if row.stage == "inspection" { "city-management-task-inspect" } else { "city-management-task-verify" }
    }

    fn is_chosen(&self, row: &CheckRow) -> bool {
        let id = row.case_id.to_string();
        self.form.all("case").any(|chosen| chosen == id)
    }

    fn sent_words(&self, row: &CheckRow) -> Option<String> {
        let (name, at) = (row.sent_name.clone()?, self.page.instant(row.sent_at?));
        Some(self.page.ta("city-management-check-sent-to", &[("name", name), ("time", at)]))
    }
}

async fn shown(app: &App, page: Page, form: Pairs, errors: FieldErrors) -> Result<Response, Failure> {
    let scopes = page.actor()?.scopes(CHECK);
    let mut conn = app.db.read().await?;
    let request = form.page();
    let rows = store::unwalked(&mut conn, &scopes, (request.limit(), request.offset()), page.now()).await?;
    let reporter = (REPORTER.to_owned(), page.t("city-management-check-by-reporter"));
    let officers = store::officers(&mut conn, page.now()).await?;
    let officers = officers.into_iter().map(|(id, name, of)| (id.to_string(), format!("{name}（{of}）")));
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let checks = ChecksPage {
        rows: Paged::from_rows(rows, request),
        pager: format!("{PATH}?"),
        officers: std::iter::once(reporter).chain(officers).collect(),
        sent: form.line("sent", 4),
        form,
        errors,
        page: page.with_title("city-management-checks-title"),
    };
    render_with(status, &checks)
}

/// `GET /city_management/checks`.
pub async fn show(State(app): State<App>, page: Page, asked: Pairs) -> Result<Response, Failure> {
    shown(&app, page, asked, FieldErrors::default()).await
}

/// `POST /city_management/checks`.
pub async fn send(State(app): State<App>, page: Page, sent: Submission<Pairs>) -> Result<Response, Failure> {
    let form = &sent.form;
    let cases: Vec<Uuid> = form.all("case").filter_map(|id| id.parse().ok()).collect();
    let whom = match form.id("officer").map(AccountId) {
        Some(account) => Whom::Officer(account),
        None => Whom::Reporter,
    };
    match check::send(&app, &sent.command, &cases, whom).await {
        Ok(()) => Ok(redirect(&format!("{PATH}?sent={}", cases.len()))),
        Err(error @ CityError::Invalid(_)) => {
            let errors = FieldErrors::new(&page, &error.refusal());
            shown(&app, page, sent.form, errors).await
        }
        Err(error) => Err(error.into()),
    }
}
