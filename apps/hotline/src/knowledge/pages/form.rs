//! Writing, changing and renewing an answer.
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jh_core::actor::{AccountId, OrganisationId};
use jh_core::clock::china_day;
use jh_core::fault::FieldError;
use jh_web::{App, Failure, FieldErrors, Page, Pairs, Submission, redirect, render, render_with};
use sqlx::PgConnection;
use time::{Date, Duration};
use uuid::Uuid;

use super::super::WRITE;
use super::super::actions::{self, Draft, keeping};
use super::super::model::{Audience, Content};
use super::super::store::{self, EntryRow, VersionRow, neighbour};
use super::{Line, audience_key, entry_id, entry_path, faults_of, form_errors, lines, merged};
use crate::fault::HotlineError;

/// A new answer is good for a year unless somebody says otherwise.
const TERM_DAYS: i64 = 365;

#[derive(Template)]
#[template(path = "hotline/knowledge_form.html")]
struct FormPage {
    page: Page,
    /// Where it is sent.
    action: String,
    /// Where "cancel" leads.
    back: String,
    form: Pairs,
    errors: FieldErrors,
    organisation: String,
    /// Others that the writer may write for; only for a new entry.
    organisations: Vec<(String, String)>,
    /// Who can keep it; only for a new entry.
    keepers: Vec<(String, String)>,
    audiences: Vec<(&'static str, String)>,
    /// Whether something was published, so that a reason is asked for.
    published: bool,
    new: bool,
}

/// What the form holds, with what of it could not be read.
fn read(form: &Pairs) -> (Draft, Vec<FieldError>) {
    let mut faults = Vec::new();
    let draft = Draft {
        content: Content {
            question: form.get("question").to_owned(),
            aliases: form.get("aliases").lines().map(str::to_owned).collect(),
            short_answer: form.get("short_answer").to_owned(),
            answer: form.get("answer").to_owned(),
            keywords: vec![form.get("keywords").to_owned()],
            service_path: form.given("service_path").map(str::to_owned),
            audience: Audience::parse(form.get("audience")).unwrap_or(Audience::Internal),
            from_on: day(form, "from_on", &mut faults),
            expires_on: day(form, "expires_on", &mut faults),
        },
        reason: form.line("reason", usize::MAX),
        submit: form.get("then") == "submit",
    };
    (draft, faults)
}

/// A day, or an error and a day that stands for it.
fn day(form: &Pairs, name: &'static str, faults: &mut Vec<FieldError>) -> Date {
    form.day(name).unwrap_or_else(|| {
        let code = if form.get(name).is_empty() { "required" } else { "not-a-date" };
        faults.push(FieldError { field: name, code, args: Vec::new() });
        if name == "from_on" { Date::MIN } else { Date::MAX }
    })
}

/// What is wrong with a form of which something could not be read already.
fn all_faults(draft: &Draft, read: Vec<FieldError>, today: Date) -> Vec<FieldError> {
    merged(read, draft.content.clone().tidy().faults(today))
}

fn audiences(page: &Page) -> Vec<(&'static str, String)> {
    Audience::ALL.map(|audience| (audience.code(), page.t(audience_key(audience)))).to_vec()
}

fn texts(rows: Vec<(Uuid, String)>) -> Vec<(String, String)> {
    rows.into_iter().map(|(id, name)| (id.to_string(), name)).collect()
}

/// The organisation that a new entry is for: the one named, if it is in scope; else the writer's own; else the first.
async fn organisation_for(
    conn: &mut PgConnection,
    page: &Page,
    form: &Pairs,
) -> Result<(Uuid, String, Vec<(Uuid, String)>), Failure> {
    let actor = page.actor()?;
    let scopes = actor.scopes(WRITE);
    let writable = neighbour::writable(conn, &scopes).await?;
    let own = actor.organisation.map(Uuid::from);
    for wanted in [form.id("organisation"), own].into_iter().flatten() {
        if let Some(name) = neighbour::organisation_within(conn, OrganisationId(wanted), &scopes).await? {
            return Ok((wanted, name, writable));
        }
    }
    let (first, name) = writable.first().cloned().ok_or(HotlineError::OutOfScope(WRITE))?;
    Ok((first, name, writable))
}

async fn new_page(
    conn: &mut PgConnection,
    page: Page,
    mut form: Pairs,
    errors: FieldErrors,
) -> Result<FormPage, Failure> {
    let (id, organisation, writable) = organisation_for(conn, &page, &form).await?;
    form.0.retain(|(name, _)| name != "organisation");
    form.0.push(("organisation".into(), id.to_string()));
    let keepers = texts(neighbour::keepers(conn, OrganisationId(id)).await?);
    Ok(FormPage {
        audiences: audiences(&page),
        page: page.with_title("hotline-knowledge-new-title").crumb_key("/hotline/knowledge", "hotline-knowledge-title"),
        action: "/hotline/knowledge/entries".into(),
        back: "/hotline/knowledge/entries".into(),
        form,
        errors,
        organisation,
        organisations: texts(writable),
        keepers,
        published: false,
        new: true,
    })
}

/// The empty form; `?question=` comes from the list of what was searched for in vain.
pub async fn new(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    let today = china_day(page.now());
    let me = page.actor()?.account.map(|account| account.to_string()).unwrap_or_default();
    let form = Pairs::of([
        ("organisation", query.get("organisation").to_owned()),
        ("question", query.line("question", 200)),
        ("owner", me),
        ("audience", Audience::Public.code().to_owned()),
        ("from_on", page.day(today)),
        ("expires_on", page.day(today + Duration::days(TERM_DAYS))),
    ]);
    let mut conn = app.db.read().await?;
    render(&new_page(&mut conn, page, form, FieldErrors::default()).await?)
}

/// Writes a new entry, or shows the form again with everything that is wrong with it.
pub async fn create(State(app): State<App>, page: Page, sent: Submission<Pairs>) -> Result<Response, Failure> {
    let (draft, faults) = read(&sent.form);
    let organisation = OrganisationId(sent.form.id("organisation").unwrap_or_default());
    let owner = AccountId(sent.form.id("owner").unwrap_or_default());
    let faults = if faults.is_empty() {
        match faults_of(actions::create(&app, &sent.command, organisation, owner, draft).await)? {
            Ok(id) => return Ok(redirect(&entry_path(id))),
            Err(faults) => faults,
        }
    } else {
        all_faults(&draft, faults, china_day(sent.command.now))
    };
    let errors = form_errors(&page, faults);
    let mut conn = app.db.read().await?;
    render_with(StatusCode::UNPROCESSABLE_ENTITY, &new_page(&mut conn, page, sent.form, errors).await?)
}

/// The entry to change and its newest version, if it is in the writer's scope.
async fn writable(conn: &mut PgConnection, page: &Page, text: &str) -> Result<(EntryRow, VersionRow), Failure> {
    let scopes = page.actor()?.scopes(WRITE);
    let gone = || HotlineError::NotFound("entry");
    let entry = store::entry(conn, entry_id(text)?, &scopes).await?.ok_or_else(gone)?;
    neighbour::organisation_within(conn, entry.organisation_id, &scopes).await?.ok_or_else(gone)?;
    let version = store::version(conn, entry.entry_id, entry.current_version()).await?.ok_or_else(gone)?;
    Ok((entry, version))
}

async fn edit_page(
    conn: &mut PgConnection,
    page: Page,
    entry: &EntryRow,
    form: Pairs,
    errors: FieldErrors,
) -> Result<FormPage, Failure> {
    let path = entry_path(entry.entry_id);
    let page =
        page.with_title("hotline-knowledge-edit-title").crumb_key("/hotline/knowledge", "hotline-knowledge-title");
    Ok(FormPage {
        audiences: audiences(&page),
        page: page.crumb(path.clone(), entry.question.clone()),
        action: format!("{path}/revision"),
        back: path,
        form,
        errors,
        organisation: neighbour::organisation_name(conn, entry.organisation_id).await?,
        organisations: Vec::new(),
        keepers: Vec::new(),
        published: entry.published_version.is_some(),
        new: false,
    })
}

/// The form with the newest version in it.
pub async fn edit(State(app): State<App>, page: Page, Path(text): Path<String>) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let (entry, version) = writable(&mut conn, &page, &text).await?;
    entry.state().written().ok_or(HotlineError::WrongState("hotline-knowledge-not-open"))?;
    let form = Pairs::of([
        ("question", version.question),
        ("aliases", version.aliases),
        ("short_answer", version.short_answer),
        ("answer", version.answer),
        ("keywords", version.keywords),
        ("service_path", version.service_path.unwrap_or_default()),
        ("audience", version.audience.code().to_owned()),
        ("from_on", page.day(version.from_on)),
        ("expires_on", page.day(version.expires_on)),
    ]);
    render(&edit_page(&mut conn, page, &entry, form, FieldErrors::default()).await?)
}

/// Writes the next version.
pub async fn revise(
    State(app): State<App>,
    page: Page,
    Path(text): Path<String>,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    let id = entry_id(&text)?;
    let (draft, faults) = read(&sent.form);
    let faults = if faults.is_empty() {
        match faults_of(actions::revise(&app, &sent.command, id, draft).await)? {
            Ok(()) => return Ok(redirect(&entry_path(id))),
            Err(faults) => faults,
        }
    } else {
        all_faults(&draft, faults, china_day(sent.command.now))
    };
    let errors = form_errors(&page, faults);
    let mut conn = app.db.read().await?;
    let (entry, _) = writable(&mut conn, &page, &text).await?;
    render_with(StatusCode::UNPROCESSABLE_ENTITY, &edit_page(&mut conn, page, &entry, sent.form, errors).await?)
}

#[derive(Template)]
#[template(path = "hotline/knowledge_renewal.html")]
struct RenewalPage {
    page: Page,
    entry: EntryRow,
    shown: VersionRow,
    form: Pairs,
    errors: FieldErrors,
}

impl RenewalPage {
    fn lines(&self) -> Vec<Line> {
        lines(&self.shown.answer)
    }
}

fn renewal_page(page: Page, entry: EntryRow, shown: VersionRow, form: Pairs, errors: FieldErrors) -> RenewalPage {
    let page =
        page.with_title("hotline-knowledge-renewal-title").crumb_key("/hotline/knowledge", "hotline-knowledge-title");
    let page = page.crumb(entry_path(entry.entry_id), entry.question.clone());
    RenewalPage { page, entry, shown, form, errors }
}

/// The answer as it stands, and until when it is to be good.
pub async fn renewal(State(app): State<App>, page: Page, Path(text): Path<String>) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let (entry, version) = writable(&mut conn, &page, &text).await?;
    entry.state().renewed().ok_or(HotlineError::WrongState("hotline-knowledge-not-renewable"))?;
    let from = version.expires_on.max(china_day(page.now()));
    let form = Pairs::of([("expires_on", page.day(from + Duration::days(TERM_DAYS))), ("reason", String::new())]);
    render(&renewal_page(page, entry, version, form, FieldErrors::default()))
}

/// Sends the renewal to review.
pub async fn renew(
    State(app): State<App>,
    page: Page,
    Path(text): Path<String>,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    let id = entry_id(&text)?;
    let mut faults = Vec::new();
    let expires_on = day(&sent.form, "expires_on", &mut faults);
    if faults.is_empty() {
        let outcome = keeping::renew(&app, &sent.command, id, expires_on, sent.form.get("reason")).await;
        match faults_of(outcome)? {
            Ok(()) => return Ok(redirect(&entry_path(id))),
            Err(found) => faults = found,
        }
    }
    let errors = form_errors(&page, faults);
    let mut conn = app.db.read().await?;
    let (entry, version) = writable(&mut conn, &page, &text).await?;
    render_with(StatusCode::UNPROCESSABLE_ENTITY, &renewal_page(page, entry, version, sent.form, errors))
}
