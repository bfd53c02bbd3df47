//! Webhooks: who is told of stages, the last things told, and trying one.
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use jh_core::actor::OrganisationId;
use jh_core::paging::Paged;
use jh_web::{App, Failure, FieldErrors, Page, Pairs, Submission, redirect, render, render_with};

use super::case::find_organisation;
use super::form_errors;
use super::given::which;
use super::lines::kinds;
use crate::actions::webhook::{self, Made, NewWebhook, scopes};
use crate::fault::CaseError;
use crate::model::act::Act;
use crate::model::webhook::WebhookId;
use crate::store::organisation::OrganisationRow;
use crate::store::webhook::{self as store, DeliveryRow, WebhookRow};

#[derive(Template)]
#[template(path = "casework/webhooks.html")]
struct WebhooksPage {
    page: Page,
    rows: Paged<WebhookRow>,
    pager: String,
    networks: Vec<String>,
    kinds: Vec<(String, String)>,
    events: Vec<(String, String)>,
    organisations: Vec<OrganisationRow>,
    candidates: Vec<String>,
    form: Pairs,
    errors: FieldErrors,
}

impl WebhooksPage {
    fn chosen(&self, name: &str, value: &str) -> bool {
        self.form.0.iter().any(|(key, held)| key == name && held == value)
    }
}

async fn list_page(
    app: &App,
    page: Page,
    query: &Pairs,
    form: Pairs,
    (status, errors, candidates): (StatusCode, FieldErrors, Vec<String>),
) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let rows = store::list(&mut conn, &scopes(page.actor()?), query.page()).await?;
    let events = Act::ALL.iter().map(|act| (act.event().to_owned(), page.action(act.event()))).collect();
    let shown = WebhooksPage {
        rows: Paged::from_rows(rows, query.page()),
        pager: query.before_page("/casework/webhooks"),
        networks: store::networks(&mut conn).await?,
        kinds: kinds(&page, app).await,
        events,
        organisations: crate::store::organisation::departments(&mut conn).await?,
        candidates,
        form,
        errors,
        page: page.crumb_key("/casework/setup", "casework-setup-title").with_title("casework-webhooks-title"),
    };
    render_with(status, &shown)
}

/// Everybody who is told, and the form for one more.
pub async fn list(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    list_page(&app, page, &query, Pairs::default(), (StatusCode::OK, FieldErrors::default(), Vec::new())).await
}

#[derive(Template)]
#[template(path = "casework/webhook_shown.html")]
struct ShownPage {
    page: Page,
    made: Made,
}

/// The organisation of a code or a name, or those that may be meant.
async fn organisation(app: &App, text: &str) -> Result<Result<OrganisationId, Vec<String>>, Failure> {
    let text: String = text.chars().take(60).collect();
    let found = find_organisation(&mut *app.db.read().await?, &text).await?;
    Ok(found.map(|row| row.organisation_id).map_err(|rows| rows.into_iter().map(|row| row.name).collect()))
}

/// Everything that is wrong with a form, an organisation that is not clear among it.
fn unclear(error: CaseError, candidates: &[String]) -> CaseError {
    match error {
        CaseError::Invalid(mut faults) if !candidates.is_empty() => {
            faults.retain(|fault| fault.field != "organisation");
            if let CaseError::Invalid(which) = which("organisation", candidates) {
                faults.extend(which);
            }
            CaseError::Invalid(faults)
        }
        other => other,
    }
}

/// Sets one up, and shows its secret, this once.
pub async fn create(
    State(app): State<App>,
    page: Page,
    Submission { form, command }: Submission<Pairs>,
) -> Result<Response, Failure> {
    let (organisation, candidates) = match organisation(&app, form.get("organisation")).await? {
        Ok(id) => (Some(id), Vec::new()),
        Err(candidates) => (None, candidates),
    };
    let all = |name| form.all(name).filter(|value| !value.is_empty()).map(str::to_owned).collect();
    let new = NewWebhook {
        name: form.get("name").to_owned(),
        url: form.get("url").to_owned(),
        organisation,
        kinds: all("kinds"),
        events: all("events"),
    };
    match webhook::create(&app, &command, &new).await {
        Ok(made) => {
            let page = page.crumb_key("/casework/webhooks", "casework-webhooks-title");
            let mut response = render(&ShownPage { page: page.with_title("casework-webhook-shown-title"), made })?;
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store, private"));
            Ok(response)
        }
        Err(error) => {
            let errors = form_errors(&page, unclear(error, &candidates))?;
            let answer = (StatusCode::UNPROCESSABLE_ENTITY, errors, candidates);
            list_page(&app, page, &Pairs::default(), form, answer).await
        }
    }
}

/// Lets a network of the city's own be called, or no longer.
pub async fn network(
    State(app): State<App>,
    page: Page,
    Submission { form, command }: Submission<Pairs>,
) -> Result<Response, Failure> {
    let allowed = form.get("remove").is_empty();
    match webhook::set_network(&app, &command, form.get("network"), allowed).await {
        Ok(()) => Ok(redirect("/casework/webhooks")),
        Err(error) => {
            let answer = (StatusCode::UNPROCESSABLE_ENTITY, form_errors(&page, error)?, Vec::new());
            list_page(&app, page, &Pairs::default(), form, answer).await
        }
    }
}

#[derive(Template)]
#[template(path = "casework/webhook.html")]
struct WebhookPage {
    page: Page,
    row: WebhookRow,
    deliveries: Paged<DeliveryRow>,
    pager: String,
}

impl WebhookPage {
    /// What came of a delivery, in words, and how it is coloured.
    fn outcome(&self, row: &DeliveryRow) -> (&'static str, String) {
        let page = &self.page;
        let why = match (row.status, row.failure.as_str()) {
            (Some(status), _) => page.t1("casework-webhook-answered", "status", status),
            (None, "") => String::new(),
            (None, why) => page.t(&format!("casework-webhook-failure-{why}")),
        };
        match (row.told, row.settled_at, row.tried_at) {
            (true, ..) => ("good", why),
            (false, Some(_), _) => ("bad", why),
            (false, None, Some(_)) => ("warn", why),
            (false, None, None) => ("neutral", page.t("casework-webhook-waiting")),
        }
    }

    fn event(&self, row: &DeliveryRow) -> String {
        self.page.action(&row.event)
    }
}

fn parse(id: &str) -> Result<WebhookId, Failure> {
    id.parse().map_err(|_| Failure::not_found())
}

/// One of them, with what it was told last.
pub async fn show(
    State(app): State<App>,
    page: Page,
    Path(id): Path<String>,
    query: Pairs,
) -> Result<Response, Failure> {
    let id = parse(&id)?;
    let mut conn = app.db.read().await?;
    let row = store::find(&mut conn, id, &scopes(page.actor()?)).await?.ok_or(CaseError::NotFound("webhook"))?;
    let deliveries = Paged::from_rows(store::deliveries(&mut conn, id, query.page()).await?, query.page());
    let pager = query.before_page(&format!("/casework/webhooks/{id}"));
    let page = page.crumb_key("/casework/webhooks", "casework-webhooks-title").with_title_text(row.name.clone());
    render(&WebhookPage { page, row, deliveries, pager })
}

/// Sends a trial.
pub async fn test(
    State(app): State<App>,
    Path(id): Path<String>,
    Submission { command, .. }: Submission<Pairs>,
) -> Result<Response, Failure> {
    let id = parse(&id)?;
    webhook::trial(&app, &command, id).await?;
    Ok(redirect(&format!("/casework/webhooks/{id}")))
}

/// Switches it on.
pub async fn activate(
    State(app): State<App>,
    Path(id): Path<String>,
    Submission { command, .. }: Submission<Pairs>,
) -> Result<Response, Failure> {
    let id = parse(&id)?;
    webhook::switch(&app, &command, id, true).await?;
    Ok(redirect(&format!("/casework/webhooks/{id}")))
}

/// Switches it off.
pub async fn deactivate(
    State(app): State<App>,
    Path(id): Path<String>,
    Submission { command, .. }: Submission<Pairs>,
) -> Result<Response, Failure> {
    let id = parse(&id)?;
    webhook::switch(&app, &command, id, false).await?;
    Ok(redirect(&format!("/casework/webhooks/{id}")))
}

/// Removes it.
pub async fn remove(
    State(app): State<App>,
    Path(id): Path<String>,
    Submission { command, .. }: Submission<Pairs>,
) -> Result<Response, Failure> {
    webhook::remove(&app, &command, parse(&id)?).await?;
    Ok(redirect("/casework/webhooks"))
}
