//! The page of a call: what the agent types on the left, and beside it what is known. It is one form, so that it works without
//! scripts; with them, what stands beside follows the typing. Everything typed travels in the body of a POST: telephone and words
//! have no place in an address, which browsers and logs remember.
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use casework::api::{CaseError, CaseId, Category, Priority, grouped};
use jh_core::actor::OrganisationId;
use jh_core::fault::{Fault, FieldError, Refusal};
use jh_web::{App, Failure, FieldErrors, Page, Pairs, Submission, redirect, render, render_with};
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

use super::addition::{self, Again};
use super::beside::{Beside, filled};
use super::call::{Call, Way, take};
use super::dismissal::{self, REASONS};
use super::kind::all;
use super::place;
use super::told::{self, Pointed, Told};
use crate::fault::HotlineError;

/// As much is kept of what a caller says.
const DESCRIPTION_CHARS_MAX: usize = 4_000;
/// The same words of the same telephone within this time are taken for a form that was sent twice.
const TWICE: Duration = Duration::minutes(10);

/// The room's own address leads to what most people come for.
pub async fn front() -> Response {
    redirect("/hotline/desk")
}

#[derive(Template)]
#[template(path = "hotline/desk.html")]
struct DeskPage {
    page: Page,
    form: Pairs,
    errors: FieldErrors,
    categories: Vec<(String, Vec<Category>)>,
    priorities: Vec<(String, String)>,
    reasons: Vec<(String, String)>,
    beside: Beside,
    told: Option<Told>,
    /// Where the map begins.
    bounds: String,
    /// The case that the same call became a moment ago.
    twice: Option<Pointed>,
}

#[derive(Template)]
#[template(path = "hotline/desk_beside.html")]
struct BesidePage {
    page: Page,
    beside: Beside,
}

async fn desk(
    app: &App,
    conn: &mut PgConnection,
    page: Page,
    form: Pairs,
    errors: FieldErrors,
    twice: Option<Pointed>,
) -> Result<DeskPage, Failure> {
    let beside = Beside::look(app, conn, &page, &form).await?;
    let reason = |code: &str| (code.to_owned(), page.t(&format!("hotline-desk-reason-{code}")));
    let none = (String::new(), page.t("hotline-desk-reason-choose"));
    Ok(DeskPage {
        beside,
        told: told::of(app, conn, &page, &form).await?,
        twice,
        bounds: crate::public::begin(conn, place::point(&form)).await?,
        categories: grouped(all().iter().cloned()),
        priorities: Priority::ALL
            .map(|one| (one.code().to_owned(), page.t(&format!("casework-priority-{}", one.code()))))
            .to_vec(),
        reasons: std::iter::once(none).chain(REASONS.map(reason)).collect(),
        page: page.with_title("hotline-desk-title"),
        form,
        errors,
    })
}

/// The page of a call. A telephone system may open it with `?phone=`.
pub async fn show(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    render(&desk(&app, &mut conn, page, query, FieldErrors::default(), None).await?)
}

/// The page again with what was found, and with what a button beside the call fills in: the way without scripts.
pub async fn lookup(State(app): State<App>, page: Page, sent: Submission<Pairs>) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    render(&desk(&app, &mut conn, page, filled(sent.form), FieldErrors::default(), None).await?)
}

/// What stands beside the form, for what is typed so far.
pub async fn beside(State(app): State<App>, page: Page, sent: Submission<Pairs>) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let beside = Beside::look(&app, &mut conn, &page, &sent.form).await?;
    render(&BesidePage { page, beside })
}

/// The decision of a form: the button that was pressed, with what belongs to it.
async fn way(conn: &mut PgConnection, form: &Pairs) -> Result<Way, CaseError> {
    match form.get("way").split_once(':').unwrap_or((form.get("way"), "")) {
        ("answer", _) => match form.get("answer").chars().count() {
            0 => Err(CaseError::field("answer", "casework-answer-missing")),
            _ => Ok(Way::Answer(form.get("answer").to_owned())),
        },
        ("dispatch", _) => {
            let text: String = form.get("organisation").chars().take(60).collect();
            let found = match text.parse() {
                Ok(id) => identity::api::organisation(conn, OrganisationId(id)).await?,
                Err(_) => casework::api::organisation_named(conn, &text).await?,
            };
            let found = found.filter(|found| found.closed_on.is_none());
            let found = found.ok_or_else(|| CaseError::field("organisation", "casework-organisation-unknown"))?;
            Ok(Way::Dispatch(found.id))
        }
        ("same", id) => id.parse().map(Way::Same).map_err(|_| CaseError::NotFound("case")),
        _ => Ok(Way::Ticket),
    }
}

/// What is wrong with a call before anything is made of it; each fault names its field in words.
fn faults(app: &App, page: &Page, form: &Pairs) -> Vec<FieldError> {
    let fault = |field, code, args| FieldError { field, code, args };
    let length = form.get("description").chars().filter(|c| *c != '\r').count();
    let mut faults = Vec::new();
    if length < 2 {
        faults.push(fault("description", "hotline-desk-description-missing", Vec::new()));
    } else if length > DESCRIPTION_CHARS_MAX {
        faults.push(fault("description", "hotline-desk-description-long", vec![("n", page.number(length as i64))]));
    }
    if form.get("category").is_empty() {
        faults.push(fault("category", "hotline-desk-category-missing", Vec::new()));
    }
    faults.extend(place::fault(app, page, form));
    faults
}

/// The case that the same words of the same telephone became a moment ago.
async fn twice(
    app: &App,
    conn: &mut PgConnection,
    page: &Page,
    form: &Pairs,
    now: OffsetDateTime,
) -> Result<Option<Pointed>, CaseError> {
    let (Some(phone), Ok(actor)) = (form.given("phone"), page.actor()) else { return Ok(None) };
    let scopes = actor.scopes(casework::api::READ);
    for row in casework::api::of_caller(app, conn, phone, &scopes).await? {
        if row.reported_at + TWICE < now {
            break;
        }
        let file = casework::api::find(conn, row.case_id).await?;
        let plain = |text: &str| text.split_whitespace().collect::<String>();
        if file.is_some_and(|file| plain(&file.description) == plain(form.get("description"))) {
            return Ok(Some(Pointed { id: row.case_id, number: row.number }));
        }
    }
    Ok(None)
}

/// What became of a form: an address to go to, or the case that it was before.
enum Outcome {
    Gone(String),
    Twice(Pointed),
}

async fn done(app: &App, page: &Page, sent: &Submission<Pairs>) -> Result<Outcome, HotlineError> {
    let form = &sent.form;
    let again = match form.get("way").split_once(':') {
        Some(("add", id)) => Some((Again::Addition, "addition", id)),
        Some(("urge", id)) => Some((Again::Urging, "urging", id)),
        _ => None,
    };
    if let Some((again, code, id)) = again {
        let id: CaseId = id.parse().map_err(|_| HotlineError::NotFound("case"))?;
        let done = addition::add(app, page, &sent.command, id, again, form.get("description")).await?;
        return Ok(Outcome::Gone(format!("/hotline/desk?added={code}&case={}", done.case_id)));
    }
    if form.get("way") == "dismiss" {
        dismissal::dismiss(app, &sent.command, form.get("phone"), form.get("reason"), form.get("description")).await?;
        return Ok(Outcome::Gone("/hotline/desk?dismissed=1".into()));
    }
    let mut conn = app.db.read().await?;
    let way = way(&mut conn, form).await?;
    let faults = faults(app, page, form);
    if !faults.is_empty() {
        return Err(HotlineError::Invalid(faults));
    }
    // What goes into another case is no second one.
    if form.get("again") != "1"
        && !matches!(way, Way::Same(_))
        && let Some(before) = twice(app, &mut conn, page, form, sent.command.now).await?
    {
        return Ok(Outcome::Twice(before));
    }
    drop(conn);
    let taken = take(app, &sent.command, call(form, way)).await?;
    let (number, id) = (&taken.opened.number, taken.opened.case_id);
    let alone = if taken.alone { "&alone=1" } else { "" };
    Ok(Outcome::Gone(format!("/hotline/desk?taken={number}&case={id}{alone}")))
}

fn call(form: &Pairs, way: Way) -> Call {
    Call {
        phone: form.get("phone").to_owned(),
        name: form.get("name").to_owned(),
        description: form.get("description").to_owned(),
        category: form.get("category").to_owned(),
        address: form.get("address").to_owned(),
        point: place::point(form),
        priority: Priority::parse(form.get("priority")).unwrap_or_default(),
        confidential: form.get("confidential") == "1",
        wants_answer: form.get("wants_answer") == "1",
        way,
    }
}

/// Does what the pressed button says, or shows the form again with everything that is wrong with it.
pub async fn submit(State(app): State<App>, page: Page, sent: Submission<Pairs>) -> Result<Response, Failure> {
    let (errors, twice) = match done(&app, &page, &sent).await {
        Ok(Outcome::Gone(path)) => return Ok(redirect(&path)),
        Ok(Outcome::Twice(before)) => (FieldErrors::default(), Some(before)),
        Err(error) => {
            let refusal: Refusal = error.refusal();
            if refusal.fields.is_empty() && !matches!(error, HotlineError::Case(CaseError::Stuck(_))) {
                return Err(error.into());
            }
            (FieldErrors::new(&page, &refusal), None)
        }
    };
    let mut conn = app.db.read().await?;
    let shown = desk(&app, &mut conn, page, sent.form, errors, twice).await?;
    render_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

impl DeskPage {
    /// The point as it was typed, or as the address brought it.
    fn point(&self) -> String {
        let brought = || place::point(&self.form).map(|point| format!("{:.6},{:.6}", point.lon, point.lat));
        self.form.given("point").map(str::to_owned).or_else(brought).unwrap_or_default()
    }
}
