//! The window: which matter, then who and what. The first button looks a person up, the second takes the matter.
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use casework::api::{CaseId, FollowPage};
use jh_core::fault::{Fault, Kind};
use jh_core::paging::Paged;
use jh_db::Work;
use jh_web::{App, Failure, FieldErrors, Page, Pairs, Submission, redirect, render, render_with};

use super::words;
use crate::fault::WindowError;
use crate::store::{self, MatterRow};
use crate::take::{Application, look_up, matter, take};

#[derive(Template)]
#[template(path = "community_window/choose.html")]
struct ChoosePage {
    page: Page,
    text: String,
    rows: Paged<MatterRow>,
    pager: String,
    taken: Option<TakenLine>,
}

/// What was taken last, for its receipt.
struct TakenLine {
    number: String,
    case: String,
    follow: Option<String>,
}

#[derive(Template)]
#[template(path = "community_window/take.html")]
struct TakePage {
    page: Page,
    matter: MatterRow,
    form: Application,
    /// Fluent key of what the look-up came to; empty before it.
    looked: &'static str,
    errors: FieldErrors,
}

/// The matters that the window takes.
pub async fn choose(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    let text = query.line("q", 100);
    let asked = query.page();
    let mut conn = app.db.read().await?;
    let found = store::list(&mut conn, &words(&text), None, true, asked.limit(), asked.offset()).await?;
    let follow = app.services.all::<dyn FollowPage>().into_iter().next();
    let case: Option<CaseId> = query.get("case").parse().ok();
    // The secret of the link never stands in an address of the clerk's, which browsers keep and proxies log.
    let token = match (page.actor()?.account, case) {
        (Some(clerk), Some(id)) => {
            casework::api::link_token(&app, &mut conn, clerk, id, page.now()).await.map_err(WindowError::from)?
        }
        _ => None,
    };
    let taken = query.given("taken").zip(case).map(|(number, case)| TakenLine {
        number: number.chars().take(20).collect(),
        case: case.to_string(),
        follow: follow.zip(token).map(|(pages, token)| format!("{}{}", page.public_url(), pages.path(&token))),
    });
    render(&ChoosePage {
        pager: query.before_page("/community_window/window"),
        rows: Paged::from_rows(found, asked),
        page: page.with_title("community-window-title"),
        text,
        taken,
    })
}

/// The form of a matter.
pub async fn show(State(app): State<App>, page: Page, Path(code): Path<String>) -> Result<Response, Failure> {
    let matter = matter(&mut *app.db.read().await?, &code).await?;
    answer(StatusCode::OK, page, matter, Application::default(), "", FieldErrors::default())
}

/// Looks the person up, or takes the matter.
pub async fn submit(
    State(app): State<App>,
    page: Page,
    Path(code): Path<String>,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    let matter = matter(&mut *app.db.read().await?, &code).await?;
    let form = &sent.form;
    let mut form = Application {
        matter: matter.code.clone(),
        id_number: form.line("id_number", 30),
        name: form.line("name", 60),
        phone: form.line("phone", 30),
        address: form.line("address", 201),
        words: form.get("words").chars().take(3_001).collect(),
    };
    let outcome = if sent.form.get("way") == "look_up" {
        known(&app, &sent, &matter, &mut form).await.map(Some)
    } else {
        match take(&app, &sent.command, &form).await {
            Ok(taken) => {
                let (number, id) = (&taken.opened.number, taken.opened.case_id);
                return Ok(redirect(&format!("/community_window/window?taken={number}&case={id}")));
            }
            Err(error) => Err(error),
        }
    };
    match outcome {
        Ok(looked) => answer(StatusCode::OK, page, matter, form, looked.unwrap_or_default(), FieldErrors::default()),
        Err(error) => {
            let refusal = error.refusal();
            if refusal.kind != Kind::Invalid {
                return Err(error.into());
            }
            let errors = FieldErrors::new(&page, &refusal);
            answer(StatusCode::UNPROCESSABLE_ENTITY, page, matter, form, "", errors)
        }
    }
}

/// Fills what is empty from the base of persons; answers the key of what it came to.
async fn known(
    app: &App,
    sent: &Submission<Pairs>,
    matter: &MatterRow,
    form: &mut Application,
) -> Result<&'static str, WindowError> {
    let mut work = Work::begin(app, &sent.command).await?;
    let found = look_up(app, &mut work, &form.id_number, matter).await?;
    work.commit().await?;
    let Some(known) = found else { return Ok("community-window-unknown") };
    for (typed, value) in
        [(&mut form.name, known.name), (&mut form.phone, known.phone), (&mut form.address, known.address)]
    {
        if typed.is_empty() {
            *typed = value;
        }
    }
    Ok("community-window-known")
}

/// The form, which no cache keeps: it may hold what the base of persons says of somebody.
fn answer(
    status: StatusCode,
    page: Page,
    matter: MatterRow,
    form: Application,
    looked: &'static str,
    errors: FieldErrors,
) -> Result<Response, Failure> {
    let page =
        page.with_title_text(matter.name.clone()).crumb_key("/community_window/window", "community-window-title");
    let mut response = render_with(status, &TakePage { page, matter, form, looked, errors })?;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
