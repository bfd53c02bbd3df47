//! The page of a call: what the agent types on the left, and beside it who calls, what is known, what was reported nearby, and who
//! might be responsible. It is one form, so that it works without scripts; with them, what stands beside follows the typing.
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use casework::api::{
    Advised, Alike, Badge, CaseError, CaseId, Category, ListRow, Point, Priority, Whose, due_badge, grouped,
};
use jh_core::actor::OrganisationId;
use jh_core::clock::china_day;
use jh_core::fault::{Fault, FieldError};
use jh_web::{App, Failure, FieldErrors, Page, Pairs, Submission, redirect, render, render_with};
use sqlx::PgConnection;

use super::adviser::advised;
use super::call::{Call, Way, take};
use super::kind::all;
use crate::knowledge::answers;

/// Answers beside a call.
const ANSWERS_MAX: usize = 4;
/// Nothing is looked for by fewer characters.
const CHARS_MIN: usize = 4;

/// The room's own address leads to what most people come for.
pub async fn front() -> Response {
    redirect("/hotline/desk")
}

/// An answer that fits what is being said.
struct Answer {
    id: String,
    question: String,
    answer: String,
    organisation: String,
}

/// An earlier case of the caller.
struct Earlier {
    row: ListRow,
    due: Badge,
}

/// What stands beside the form.
#[derive(Default)]
struct Beside {
    earlier: Vec<Earlier>,
    answers: Vec<Answer>,
    alike: Vec<Alike>,
    advice: Advised,
    asked: bool,
}

#[derive(Template)]
#[template(path = "hotline/desk.html")]
struct DeskPage {
    page: Page,
    form: Pairs,
    errors: FieldErrors,
    categories: Vec<(String, Vec<Category>)>,
    priorities: Vec<(String, String)>,
    beside: Beside,
    taken: Option<(String, String)>,
    /// With which the caller asks how the case stands.
    code: Option<String>,
    alone: bool,
}

#[derive(Template)]
#[template(path = "hotline/desk_beside.html")]
struct BesidePage {
    page: Page,
    beside: Beside,
}

async fn look_beside(app: &App, conn: &mut PgConnection, page: &Page, form: &Pairs) -> Result<Beside, Failure> {
    let text: String = form.get("description").chars().take(1_000).collect();
    let scopes = page.actor()?.scopes(casework::api::READ);
    let mut beside = Beside::default();
    if let Some(phone) = form.given("phone") {
        let rows = casework::api::of_caller(app, conn, phone, &scopes).await?;
        let line = |row: ListRow| Earlier { due: due_badge(page, row.due_at, row.paused, row.closed), row };
        beside.earlier = rows.into_iter().map(line).collect();
        beside.asked = true;
    }
    if text.chars().count() < CHARS_MIN {
        return Ok(beside);
    }
    beside.asked = true;
    let found = answers(conn, china_day(page.now()), &text, ANSWERS_MAX, false).await?;
    beside.answers = found
        .into_iter()
        .map(|found| Answer {
            id: found.answer.entry_id.to_string(),
            question: found.answer.question,
            answer: found.answer.short_answer,
            organisation: found.answer.organisation_name,
        })
        .collect();
    let sought = format!("{} {}", text, form.get("address"));
    let scopes = page.actor()?.scopes(casework::api::READ);
    let whose = Whose::Of(&scopes);
    beside.alike = casework::api::duplicates(conn, point(form), form.get("category"), &sought, whose).await?;
    beside.advice = advised(app, page, &text).await?;
    Ok(beside)
}

fn point(form: &Pairs) -> Option<Point> {
    Point::new(form.get("lon").parse().ok()?, form.get("lat").parse().ok()?)
}

async fn desk(
    app: &App,
    conn: &mut PgConnection,
    page: Page,
    form: Pairs,
    errors: FieldErrors,
) -> Result<DeskPage, Failure> {
    let beside = look_beside(app, conn, &page, &form).await?;
    let opened: Option<CaseId> = form.get("case").parse().ok();
    let taken = form.given("taken").map(|number| (number.to_owned(), form.get("case").to_owned()));
    let code = match (page.actor()?.account, opened) {
        (Some(agent), Some(id)) => casework::api::query_code(app, conn, agent, id, page.now()).await?,
        _ => None,
    };
    Ok(DeskPage {
        beside,
        taken: taken.filter(|_| opened.is_some()),
        code,
        alone: form.get("alone") == "1",
        categories: grouped(all().iter().cloned()),
        priorities: Priority::ALL
            .map(|one| (one.code().to_owned(), page.t(&format!("casework-priority-{}", one.code()))))
            .to_vec(),
        page: page.with_title("hotline-desk-title"),
        form,
        errors,
    })
}

/// The page of a call. A telephone system may open it with `?phone=`.
pub async fn show(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    render(&desk(&app, &mut conn, page, query, FieldErrors::default()).await?)
}

/// What stands beside the form, for what is typed so far.
pub async fn beside(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let beside = look_beside(&app, &mut conn, &page, &query).await?;
    render(&BesidePage { page, beside })
}

/// The decision of a form: the button that was pressed, with what belongs to it.
async fn way(conn: &mut PgConnection, form: &Pairs) -> Result<Way, CaseError> {
    let wrong = |field, code| CaseError::Invalid(vec![FieldError { field, code, args: Vec::new() }]);
    match form.get("way").split_once(':').unwrap_or((form.get("way"), "")) {
        ("answer", _) => match form.get("answer").chars().count() {
            0 => Err(wrong("answer", "casework-answer-missing")),
            _ => Ok(Way::Answer(form.get("answer").to_owned())),
        },
        ("dispatch", _) => {
            let text: String = form.get("organisation").chars().take(60).collect();
            let found = match text.parse() {
                Ok(id) => identity::api::organisation(conn, OrganisationId(id)).await?,
                Err(_) => casework::api::organisation_named(conn, &text).await?,
            };
            let found = found.filter(|found| found.closed_on.is_none());
            let found = found.ok_or_else(|| wrong("organisation", "casework-organisation-unknown"))?;
            Ok(Way::Dispatch(found.id))
        }
        ("same", id) => id.parse().map(Way::Same).map_err(|_| CaseError::NotFound("case")),
        _ => Ok(Way::Ticket),
    }
}

/// Takes the call, or shows the form again with everything that is wrong with it.
pub async fn submit(State(app): State<App>, page: Page, sent: Submission<Pairs>) -> Result<Response, Failure> {
    let form = &sent.form;
    let mut conn = app.db.read().await?;
    let outcome = match way(&mut conn, form).await {
        Ok(way) => {
            let call = Call {
                phone: form.get("phone").to_owned(),
                name: form.get("name").to_owned(),
                description: form.get("description").to_owned(),
                category: form.get("category").to_owned(),
                address: form.get("address").to_owned(),
                point: point(form),
                priority: Priority::parse(form.get("priority")).unwrap_or_default(),
                confidential: form.get("confidential") == "1",
                wants_answer: form.get("wants_answer") == "1",
                way,
            };
            take(&app, &sent.command, call).await
        }
        Err(error) => Err(error),
    };
    match outcome {
        Ok(taken) => {
            let (number, id) = (&taken.opened.number, taken.opened.case_id);
            let alone = if taken.alone { "&alone=1" } else { "" };
            Ok(redirect(&format!("/hotline/desk?taken={number}&case={id}{alone}")))
        }
        Err(error) => {
            let errors = match &error {
                CaseError::Invalid(_) | CaseError::Stuck(_) => FieldErrors::new(&page, &error.refusal()),
                _ => return Err(error.into()),
            };
            let shown = desk(&app, &mut conn, page, sent.form, errors).await?;
            render_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

impl Beside {
    fn percent(alike: &Alike) -> u8 {
        (alike.likeness * 100.0).round().clamp(0.0, 99.0) as u8
    }
}
