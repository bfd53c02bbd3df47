//! Asking: choose a resource, then one page of form.
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jh_core::clock::china_day;
use jh_core::fault::{Fault, FieldError};
use jh_core::paging::Paged;
use jh_web::{App, Failure, FieldErrors, Page, Submission, redirect, render, render_with};

use catalogue::api::Version;

use super::form::{ConditionLines, conditions, day, merge, wanted, whole};
use super::{class_key, form_errors, label, options, sharing_key, type_key};
use crate::actions::{self, Ask};
use crate::fault::ExchangeError;
use crate::model::Onward;
use crate::store::neighbour::{self, AskableRow};
use crate::store::{Narrowing, Side};
use jh_web::Pairs;

#[derive(Template)]
#[template(path = "exchange/choose.html")]
struct ChoosePage {
    page: Page,
    text: String,
    pager: String,
    rows: Paged<AskableRow>,
}

impl ChoosePage {
    fn sharing(&self, row: &AskableRow) -> &'static str {
        sharing_key(row.sharing_kind)
    }
}

/// A field as a box to tick.
struct FieldBox {
    name: String,
    label: String,
    type_key: &'static str,
    class_key: &'static str,
    sensitive: bool,
    ticked: bool,
    reason: String,
}

#[derive(Template)]
#[template(path = "exchange/ask.html")]
struct AskPage {
    page: Page,
    version: Version,
    provider: String,
    sharing: &'static str,
    /// Why nothing can be asked; then there is no form.
    barred: Option<String>,
    fields: Vec<FieldBox>,
    conditions: ConditionLines,
    onward: Vec<(&'static str, String)>,
    form: Pairs,
    errors: FieldErrors,
}

/// The form for a resource, or the resources to choose from.
pub async fn show(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    page.actor()?;
    let Some(code) = query.given("resource") else { return choose(&app, page, &query).await };
    let today = china_day(page.now());
    let year = today.replace_year(today.year() + 1).unwrap_or(today) - time::Duration::DAY;
    let blank = [
        ("from_on", page.day(today)),
        ("to_on", page.day(year)),
        ("calls_a_day", "1000".to_owned()),
        ("onward", Onward::Forbidden.code().to_owned()),
    ];
    let form = Pairs(blank.into_iter().map(|(name, value)| (name.to_owned(), value)).collect());
    render(&form_page(&app, page, code, form, FieldErrors::default()).await?)
}

async fn choose(app: &App, page: Page, query: &Pairs) -> Result<Response, Failure> {
    let narrowing = Narrowing { scopes: &[], side: Side::Any, state: None, text: query.given("q"), page: query.page() };
    let own = page.actor()?.organisation;
    let pattern = narrowing.pattern();
    let rows = neighbour::askable(&mut *app.db.read().await?, own, pattern.as_deref(), query.page()).await?;
    let page = page.with_title("exchange-choose-title");
    let page = page.crumb_key("/exchange/requests", "exchange-requests-title");
    let (text, pager) = (query.get("q").to_owned(), query.before_page("/exchange/requests/new"));
    render(&ChoosePage { page, text, pager, rows: Paged::from_rows(rows, query.page()) })
}

async fn version(app: &App, code: &str) -> Result<(Version, String), ExchangeError> {
    let gone = || ExchangeError::NotFound("resource");
    let mut conn = app.db.read().await?;
    let id = catalogue::api::resource_by_code(&mut conn, code).await?.ok_or_else(gone)?;
    let version = catalogue::api::published(&mut conn, id).await?.ok_or_else(gone)?;
    let provider = neighbour::name_of(&mut conn, version.provider_id).await?.unwrap_or_default();
    Ok((version, provider))
}

async fn form_page(app: &App, page: Page, code: &str, form: Pairs, errors: FieldErrors) -> Result<AskPage, Failure> {
    let (version, provider) = version(app, code).await?;
    let own = page.actor()?.organisation.ok_or(ExchangeError::OutOfScope(actions::CREATE))?;
    let barred = actions::fit_to_ask(&version, own).err().map(|error| {
        let refusal = error.refusal();
        page.ta(&format!("error-{}", refusal.code), &refusal.args)
    });
    let tick = |field: &catalogue::api::Field| FieldBox {
        name: field.name.clone(),
        label: label(&page, field).to_owned(),
        type_key: type_key(field.field_type),
        class_key: class_key(field.classification),
        sensitive: field.sensitive(),
        ticked: form.all("field").any(|name| name == field.name),
        reason: form.get(&format!("reason.{}", field.name)).to_owned(),
    };
    Ok(AskPage {
        fields: version.content.fields.iter().map(tick).collect(),
        conditions: ConditionLines::new(&page, &version.content.fields, &form),
        onward: options(&page, &Onward::ALL, Onward::code, Onward::key),
        sharing: sharing_key(version.content.sharing.kind()),
        page: page.with_title("exchange-ask-title").crumb_key("/exchange/requests", "exchange-requests-title"),
        version,
        provider,
        barred,
        form,
        errors,
    })
}

/// The request of a form, with what of it could not be read.
fn read(form: &Pairs) -> (Ask, Vec<FieldError>) {
    let mut faults = Vec::new();
    let ask = Ask {
        resource_code: form.get("resource").to_owned(),
        purpose: form.get("purpose").to_owned(),
        legal_basis: form.given("legal_basis").map(str::to_owned),
        fields: wanted(form),
        conditions: conditions(form, &mut faults),
        from_on: day(form, "from_on", &mut faults),
        to_on: day(form, "to_on", &mut faults),
        calls_a_day: whole(form, "calls_a_day", &mut faults),
        onward: Onward::parse(form.get("onward")).unwrap_or(Onward::Forbidden),
    };
    (ask, faults)
}

/// Makes the request, or shows the form again with everything that is wrong with it.
pub async fn submit(State(app): State<App>, page: Page, sent: Submission<Pairs>) -> Result<Response, Failure> {
    let (ask, faults) = read(&sent.form);
    let faults = if faults.is_empty() {
        match actions::ask(&app, &sent.command, ask).await {
            Ok(outcome) => return Ok(redirect(&after(&outcome))),
            Err(ExchangeError::Invalid(faults)) => faults,
            Err(error) => return Err(error.into()),
        }
    } else {
        let (version, _) = version(&app, &ask.resource_code).await?;
        match actions::checked(&ask, &version.content.fields, china_day(sent.command.now)) {
            Err(ExchangeError::Invalid(judged)) => merge(faults, judged),
            _ => faults,
        }
    };
    let errors = form_errors(&page, faults);
    let code = sent.form.get("resource").to_owned();
    render_with(StatusCode::UNPROCESSABLE_ENTITY, &form_page(&app, page, &code, sent.form, errors).await?)
}

fn after(outcome: &actions::Outcome) -> String {
    match outcome.agreement_id {
        Some(id) => format!("/exchange/agreements/{id}"),
        None => format!("/exchange/requests/{}", outcome.request_id),
    }
}
