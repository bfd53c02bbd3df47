//! The officer's page: report, my grid, what is to be looked at. A plain form; the script beside it keeps what cannot be sent yet.
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use casework::api::{Alike, CaseId, Category, Channel, PhotoFile, READ, Whose, due_badge};
use jh_core::actor::{AccountId, Actor};
use jh_core::clock::china_day;
use jh_core::fault::Fault;
use jh_web::{App, Failure, FieldErrors, Page, Pairs, Upload, UploadedFile, redirect, render_with};
use sqlx::PgConnection;
use time::Duration;

use crate::case::kind::KIND;
use crate::case::report::{self, NOTE_CHARS_MAX, Seen, Way, label, position};
use crate::case::store::{self, MineRow, TaskRow};
use crate::case::{PATROL, task};
use crate::category::pages::problems;
use crate::fault::CityError;
use crate::grid::pages::bounds;

/// Categories offered as buttons.
const FREQUENT: i64 = 8;
/// Offered while nobody has reported anything yet: what officers see most.
const USUAL: [&str; 8] = [
    "event-0505",
    "event-0504",
    "event-0507",
    "event-0501",
    "component-0103",
    "event-0508",
    "event-0406",
    "event-0506",
];
/// How long what was reported counts for what is offered.
const REMEMBERED: Duration = Duration::days(90);
/// Tasks shown.
const TASKS: i64 = 20;
/// Cases near by shown.
const NEAR: usize = 8;
/// From this likeness on, an officer without scripts is asked before a second case is made of one thing.
const SAME_FROM: f64 = 0.6;

/// What an officer's report comes with.
pub const WAY: Way = Way { channel: Channel::Patrol, permission: PATROL };

/// The words of the script, by the end of their Fluent keys.
const WORDS: [&str; 26] = [
    "waiting",
    "sending",
    "sent",
    "refused",
    "again",
    "discard",
    "open",
    "signin",
    "kept",
    "locating",
    "located",
    "location-refused",
    "location-away",
    "near",
    "nothing-kept",
    "discard-confirm",
    "count",
    "photo-chosen",
    "not-kept",
    "mend",
    "need-category",
    "unknown-category",
    "need-place",
    "place-outside",
    "need-photo",
    "note-long",
];

#[derive(Template)]
#[template(path = "city_management/patrol.html")]
struct PatrolPage {
    page: Page,
    account: AccountId,
    /// When it was made: what a phone sends from it is not to be done any more.
    made: String,
    /// As the phone keeps it, to be opened without a network: with nobody's cases on it.
    is_shell: bool,
    /// West, south, east, north of the city's grids.
    city: String,
    frequent: Vec<Category>,
    all: Vec<(String, String)>,
    mine: Vec<MineRow>,
    map_bounds: String,
    tasks: Vec<TaskRow>,
    alike: Vec<Alike>,
    sent: String,
    form: Pairs,
    errors: FieldErrors,
    words: String,
}

impl PatrolPage {
    fn problems(&self) -> Vec<(&str, &str)> {
        problems(&self.errors)
    }

    fn is_chosen(&self, category: &Category) -> bool {
        self.form.get("category") == category.code
    }

    fn due(&self, task: &TaskRow) -> casework::api::Badge {
        due_badge(&self.page, task.due_at, false, false)
    }

    fn metres(&self, metres: &f64) -> String {
        self.page.t1("city-management-metres", "n", metres.round())
    }

    fn inspects(&self, task: &TaskRow) -> bool {
        task.stage == "inspection"
    }
}

/// The categories of this kind, by code.
async fn own_categories(app: &App, conn: &mut PgConnection) -> Result<Vec<Category>, Failure> {
    let all = casework::api::categories(app, conn, false).await?;
    Ok(all.into_iter().filter(|(kind, _)| kind.code() == KIND).map(|(_, category)| category).collect())
}

async fn frequent(
    conn: &mut PgConnection,
    page: &Page,
    account: AccountId,
    all: &[Category],
) -> Result<Vec<Category>, Failure> {
    let since = china_day(page.now() - REMEMBERED);
    let mut codes = store::most_used(conn, account, since, FREQUENT).await?;
    codes.extend(USUAL.iter().map(|code| (*code).to_owned()));
    let mut chosen: Vec<Category> = Vec::new();
    for code in codes {
        let found = all.iter().find(|one| one.code == code);
        if let Some(found) = found.filter(|one| chosen.iter().all(|other| other.code != one.code)) {
            chosen.push(found.clone());
        }
    }
    chosen.truncate(usize::try_from(FREQUENT).unwrap_or(0));
    Ok(chosen)
}

/// What went wrong with a form, and what may be the same as what it reports.
#[derive(Default)]
struct Wrong {
    errors: FieldErrors,
    alike: Vec<Alike>,
}

async fn shown(app: &App, page: Page, form: Pairs, wrong: Wrong) -> Result<Response, Failure> {
    let actor = page.actor()?;
    let account = actor.account.ok_or_else(Failure::not_found)?;
    let scopes = actor.scopes("casework.case.inspect");
    let mut conn = app.db.read().await?;
    let all = own_categories(app, &mut conn).await?;
    let here = position(form.get("lon"), form.get("lat")).unwrap_or(None);
    let mine = store::mine(&mut conn, account).await?;
    let boxed: Vec<f64> = mine.iter().find_map(|grid| grid.bounds.clone()).unwrap_or_default();
    let name = |category: &Category| page.pick(&category.name, &category.name_en).to_owned();
    let is_shell = form.get("shell") == "1";
    let tasks = match is_shell {
        true => Vec::new(),
        false => store::tasks(&mut conn, account, &scopes, here, TASKS).await?,
    };
    let city = crate::grid::store::city_bounds(&mut conn).await?.unwrap_or_default();
    let words = WORDS.iter().map(|word| {
        let key = format!("city-management-queue-{word}");
        ((*word).to_owned(), serde_json::Value::String(page.ta(&key, &[("n", "{n}".to_owned())])))
    });
    let is_bad = !wrong.errors.is_empty() || !wrong.alike.is_empty();
    let status = if is_bad { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let patrol = PatrolPage {
        account,
        made: page.now().unix_timestamp().to_string(),
        is_shell,
        city: bounds(&city, 0.0),
        frequent: frequent(&mut conn, &page, account, &all).await?,
        all: all.iter().map(|one| (label(one), name(one))).collect(),
        map_bounds: bounds(&boxed, 0.1),
        mine,
        tasks,
        alike: wrong.alike,
        sent: form.line("sent", 40),
        words: serde_json::Value::Object(words.collect()).to_string(),
        form,
        errors: wrong.errors,
        page: page.with_title("city-management-patrol-title"),
    };
    render_with(status, &patrol)
}

/// `GET /city_management/worker.js`: what opens the page without a network. Its address says for which pages it may answer; its content
/// is a built file like any other.
pub async fn worker(page: Page) -> Response {
    let headers = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    (headers, format!("importScripts({:?});\n", page.asset("worker.js"))).into_response()
}

/// `GET /city_management/patrol`.
pub async fn show(State(app): State<App>, page: Page, asked: Pairs) -> Result<Response, Failure> {
    shown(&app, page, asked, Wrong::default()).await
}

/// The text fields of a form that also brought a file.
fn pairs(sent: &Upload) -> Pairs {
    Pairs(sent.fields.iter().map(|(name, value)| (name.clone(), value.clone())).collect())
}

/// The photo of a form.
pub fn photo(file: Option<&UploadedFile>) -> Option<PhotoFile> {
    file.map(|sent| PhotoFile { name: sent.name.clone(), file: sent.file })
}

/// What was seen, as a form or an address says it.
pub fn seen(form: &Pairs) -> Result<Seen, CityError> {
    let typed = form.given("other").unwrap_or_else(|| form.get("category"));
    if form.get("note").chars().count() > NOTE_CHARS_MAX {
        return Err(CityError::field("note", "city-management-note-length"));
    }
    Ok(Seen {
        category: typed.to_owned(),
        note: form.get("note").to_owned(),
        address: form.line("address", 100),
        place: position(form.get("lon"), form.get("lat"))?,
        // Picked on the map, the one picked last.
        grid: form.get("grid").split_whitespace().last().unwrap_or("").chars().take(20).collect(),
        own_ref: None,
    })
}

/// `POST /city_management/patrol`.
pub async fn submit(State(app): State<App>, page: Page, sent: Upload) -> Result<Response, Failure> {
    let form = pairs(&sent);
    let result = take(&app, &form, &sent).await;
    match result {
        Ok(Taken::Case(number)) => Ok(redirect(&format!("/city_management/patrol?sent={number}"))),
        Ok(Taken::Perhaps(alike)) => shown(&app, page, form, Wrong { alike, ..Wrong::default() }).await,
        Err(error) if !error.refusal().fields.is_empty() || matches!(error, CityError::Case(_)) => {
            let errors = FieldErrors::new(&page, &error.refusal());
            shown(&app, page, form, Wrong { errors, ..Wrong::default() }).await
        }
        Err(error) => Err(error.into()),
    }
}

enum Taken {
    Case(String),
    Perhaps(Vec<Alike>),
}

async fn take(app: &App, form: &Pairs, sent: &Upload) -> Result<Taken, CityError> {
    let seen = seen(form)?;
    if form.get("anyway") != "yes" {
        let mut alike = near(app, &sent.command.actor, &seen).await?;
        alike.retain(|one| one.likeness >= SAME_FROM);
        if !alike.is_empty() {
            return Ok(Taken::Perhaps(alike));
        }
    }
    let reported = report::take(app, &sent.command, WAY, &seen, photo(sent.file.as_ref())).await?;
    Ok(Taken::Case(reported.number))
}

/// Open cases near a place that may be the same, most likely first; none without a place. An officer is told of what he may see,
/// and of what the public may know of, in no more words than the public.
pub async fn near(app: &App, actor: &Actor, seen: &Seen) -> Result<Vec<Alike>, CityError> {
    let Some(point) = seen.place.and_then(|(lon, lat)| casework::api::Point::new(lon, lat)) else {
        return Ok(Vec::new());
    };
    let mut conn = app.db.read().await?;
    let scopes = actor.scopes(READ);
    let mut found = Vec::new();
    for whose in [Whose::Of(&scopes), Whose::Public] {
        found.push(casework::api::duplicates(&mut conn, Some(point), &seen.category, &seen.note, whose).await?);
    }
    let (public, mut alike) = (found.pop().unwrap_or_default(), found.pop().unwrap_or_default());
    for mut one in public {
        if alike.iter().any(|own| own.case.case_id == one.case.case_id) {
            continue;
        }
        if one.case.shown != "words" {
            one.case.title.clone_from(&one.case.category_name);
        }
        alike.push(one);
    }
    alike.sort_by(|one, other| other.likeness.total_cmp(&one.likeness));
    alike.truncate(NEAR);
    Ok(alike)
}

/// `POST /city_management/patrol/tasks/{id}`.
pub async fn task(
    State(app): State<App>,
    page: Page,
    Path(id): Path<CaseId>,
    sent: Upload,
) -> Result<Response, Failure> {
    let finding = task::Finding::parse(sent.field("finding")).ok_or_else(Failure::not_found)?;
    let words = (sent.field("note").trim(), page.t("city-management-task-not-so"));
    let done = task::find(&app, &sent.command, id, finding, (words.0, &words.1), photo(sent.file.as_ref())).await;
    match done {
        Ok(done) => Ok(redirect(&format!("/city_management/patrol?sent={}#tasks", done.number))),
        Err(error) if !error.refusal().fields.is_empty() => {
            let errors = FieldErrors::new(&page, &error.refusal());
            shown(&app, page, Pairs::default(), Wrong { errors, ..Wrong::default() }).await
        }
        Err(error) => Err(error.into()),
    }
}
