//! The form of an act, with what it needs and nothing else, and the act itself.
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jh_web::{App, Failure, FieldErrors, Page, Pairs, Submission, Upload, redirect, render, render_with};
use sqlx::PgConnection;

use super::case::seen;
use super::given::{part, read};
use super::lines::{asks, latest};
use super::offer::{Waits, ways};
use super::{case_id, form_errors, wrong};
use crate::actions::attach::{PhotoFile, act_with};
use crate::actions::doing::{self, Doing};
use crate::actions::{CREATE, READ, merge};
use crate::api::Alike;
use crate::fault::CaseError;
use crate::kind::{CaseKind, Category, grouped};
use crate::memory::Memory;
use crate::model::act::Act;
use crate::model::calendar::Unit;
use crate::model::procedure::{Need, Procedure};
use crate::model::{CaseId, Outcome, Priority};
use crate::store;
use crate::store::file::{FileRow, Held};
use crate::store::list::Whose;

/// Which fields the form shows.
#[derive(Clone, Copy, Debug, Default)]
struct Fields {
    organisation: bool,
    assistants: bool,
    person: bool,
    answer: bool,
    outcome: bool,
    stars: bool,
    extension: bool,
    priority: bool,
    shown: bool,
    other: bool,
    reason: bool,
    photo: bool,
    amendment: bool,
    part: bool,
}

impl Fields {
    fn of(act: Act, needs: &[Need]) -> Self {
        let needs = |need: Need| needs.contains(&need);
        Self {
            organisation: act.gives_to_organisation() || act == Act::Assistance || needs(Need::Organisation),
            assistants: act == Act::Dispatch,
            person: act == Act::Assignment || needs(Need::Person),
            answer: matches!(act, Act::Answer | Act::Result) || needs(Need::Answer),
            outcome: act == Act::Result,
            stars: matches!(act, Act::CallbackSolved | Act::CallbackUnsolved),
            extension: act == Act::ExtensionAsked,
            priority: matches!(act, Act::Acceptance | Act::Dispatch | Act::Release),
            shown: act == Act::Publication,
            amendment: act == Act::Amendment,
            part: act == Act::Split,
            other: matches!(act, Act::Merger | Act::Link),
            photo: matches!(act, Act::Attachment | Act::Result | Act::InspectionPassed | Act::InspectionFailed),
            reason: act.wants_reason() || needs(Need::Note),
        }
    }
}

type Choices = Vec<(String, String)>;

#[derive(Template)]
#[template(path = "casework/act.html")]
struct ActPage {
    page: Page,
    held: Held,
    act: Act,
    /// The Fluent key of what it is called here.
    key: String,
    fields: Fields,
    form: Pairs,
    errors: FieldErrors,
    people: Choices,
    organisations: Choices,
    candidates: Vec<String>,
    outcomes: Choices,
    priorities: Choices,
    units: Choices,
    limits: Choices,
    views: Choices,
    categories: Vec<(String, Choices)>,
    advice: crate::advice::Advised,
    alike: Vec<Alike>,
    /// The request that a decision is about, in words.
    asked: Option<String>,
    /// What happened last, where the case has moved on since the form was opened.
    latest: Option<String>,
    /// Whether this can still be done.
    possible: bool,
}

fn act_of(text: &str) -> Result<Act, Failure> {
    let act = Act::parse(text).filter(|act| !act.is_automatic());
    act.ok_or_else(|| CaseError::NotFound("act").into())
}

/// The form of an act.
pub async fn show(
    State(app): State<App>,
    page: Page,
    Path((text, act)): Path<(String, String)>,
    query: Pairs,
) -> Result<Response, Failure> {
    let (id, act) = (case_id(&text)?, act_of(&act)?);
    let mut conn = app.db.read().await?;
    let shown = form_page(&app, &mut conn, page, id, act, query, FieldErrors::default(), Vec::new()).await?;
    render(&shown)
}

#[allow(clippy::too_many_arguments, reason = "a page and all that is on it")]
async fn form_page(
    app: &App,
    conn: &mut PgConnection,
    page: Page,
    id: CaseId,
    act: Act,
    form: Pairs,
    errors: FieldErrors,
    candidates: Vec<String>,
) -> Result<ActPage, Failure> {
    let held = seen(conn, &page, id).await?;
    let file = &held.file;
    let procedure = Memory::of(app).procedure(conn, &file.kind, file.version).await?;
    let needs = procedure.way(&file.stage, act).map(|way| way.needs.as_slice()).unwrap_or_default();
    let fields = Fields::of(act, needs);
    let people = match (fields.person, file.holder_id) {
        (true, Some(holder)) => store::organisation::colleagues(conn, holder).await?,
        _ => Vec::new(),
    };
    let organisations = if fields.organisation { store::organisation::departments(conn).await? } else { Vec::new() };
    let (advice, form) = advised(app, &page, file, act, form).await?;
    let alike = if act == Act::Merger { alike(conn, &page, file).await? } else { Vec::new() };
    let waits = Waits::of(conn, page.actor()?, &held).await?;
    if act == Act::Split && !waits.allow(act, &held) {
        return Err(CaseError::OutOfScope(CREATE).into());
    }
    let kind = crate::kind::find(app, &file.kind);
    let asked = waits.extension.as_ref().filter(|_| matches!(act, Act::ExtensionGranted | Act::ExtensionRefused));
    let latest = match errors.general {
        Some(_) => latest(conn, &page, kind.as_deref(), &procedure, file).await?,
        None => None,
    };
    let possible =
        latest.is_none() || ways(kind.as_deref(), &procedure, &held, &waits).iter().any(|way| way.act == act);
    let categories =
        if fields.amendment || fields.part { categories(&page, kind.as_deref(), conn).await? } else { Vec::new() };
    let key = crate::kind::act_key(kind.as_deref(), &file.stage, act);
    let title = page.ta("casework-act-title", &[("act", page.t(&key)), ("number", file.number.clone())]);
    Ok(ActPage {
        asked: asked.map(|one| asks(&page, &procedure, one)),
        latest,
        possible,
        people: people.into_iter().map(|(id, name)| (id.to_string(), name)).collect(),
        organisations: organisations.into_iter().map(|row| (row.name, row.code)).collect(),
        outcomes: [Outcome::Solved, Outcome::Answered, Outcome::Unsolved]
            .map(|outcome| (outcome.code().to_owned(), page.t(&outcome.key())))
            .to_vec(),
        priorities: Priority::ALL.map(|one| (one.code().to_owned(), page.t(one.key()))).to_vec(),
        units: Unit::CHOICES.map(|unit| (unit.code().to_owned(), page.t(&unit.key()))).to_vec(),
        limits: limits(&page, &procedure, &file.stage),
        views: ["nothing", "place", "words"]
            .map(|view| (view.to_owned(), page.t(&format!("casework-shown-{view}"))))
            .to_vec(),
        page: page
            .with_title_text(title)
            .crumb_key("/casework/cases", "casework-cases-title")
            .crumb(format!("/casework/cases/{id}"), file.number.clone()),
        held,
        act,
        key,
        fields,
        form,
        errors,
        candidates,
        categories,
        advice,
        alike,
    })
}

/// To whom a case might go, and the form of a dispatch with what a rule says of that.
async fn advised(
    app: &App,
    page: &Page,
    file: &FileRow,
    act: Act,
    form: Pairs,
) -> Result<(crate::advice::Advised, Pairs), Failure> {
    if !matches!(act, Act::Dispatch | Act::Redirection) {
        return Ok((crate::advice::Advised::default(), form));
    }
    let advice = crate::advice::of(app, page, file).await?;
    let form = if act == Act::Dispatch { suggested(form, &advice, file) } else { form };
    Ok((advice, form))
}

/// The form with the organisation that a rule names, as long as nobody has typed another and it has not had the case already. What
/// was learned of past cases is only shown: it is for people to follow or not.
fn suggested(mut form: Pairs, advice: &crate::advice::Advised, file: &FileRow) -> Pairs {
    let mut by_rule = advice.ways.iter().filter(|way| way.sure && way.percent.is_none());
    if let (Some(only), None) = (by_rule.next(), by_rule.next())
        && file.holder_id != Some(only.organisation)
        && form.all("organisation").next().is_none()
    {
        form.0.push(("organisation".into(), only.name.clone()));
    }
    form
}

/// Open cases that may be the same as this one and that the reader may see, most likely first.
async fn alike(conn: &mut PgConnection, page: &Page, file: &FileRow) -> Result<Vec<Alike>, Failure> {
    let scopes = page.actor()?.scopes(READ);
    let text = format!("{} {}", file.description, file.address);
    let whose = Whose::Of(&scopes);
    let mut alike = crate::api::duplicates(conn, file.point(), &file.category, &text, whose).await?;
    alike.retain(|one| one.case.case_id != file.case_id);
    Ok(alike)
}

/// The categories of a kind under their headings.
async fn categories(
    page: &Page,
    kind: Option<&dyn CaseKind>,
    conn: &mut PgConnection,
) -> Result<Vec<(String, Choices)>, Failure> {
    let Some(kind) = kind else { return Ok(Vec::new()) };
    let choice = |one: Category| (one.code, page.pick(&one.name, &one.name_en).to_owned());
    let groups = grouped(kind.categories(conn).await?);
    Ok(groups.into_iter().map(|(group, list)| (group, list.into_iter().map(choice).collect())).collect())
}

impl ActPage {
    /// What stands in a field of an amendment: what was typed, else what the case says.
    fn typed(&self, name: &str) -> String {
        let file = &self.held.file;
        let stands = match name {
            "category" => file.category.clone(),
            "address" => file.address.clone(),
            _ => file.point().map(|point| format!("{},{}", point.lon, point.lat)).unwrap_or_default(),
        };
        if self.form.all(name).next().is_some() { self.form.get(name).to_owned() } else { stands }
    }
}

fn limits(page: &Page, procedure: &Procedure, stage: &str) -> Choices {
    let running = procedure.limits.iter().filter(|limit| limit.runs_in(stage));
    running.map(|limit| (limit.code.clone(), page.pick(&limit.name, &limit.name_en).to_owned())).collect()
}

/// The case's page, which says what was done.
fn confirmed(id: CaseId, act: Act) -> Response {
    redirect(&format!("/casework/cases/{id}?done={}", act.code()))
}

/// As [`submit`], with a photo.
pub async fn submit_with_photo(
    State(app): State<App>,
    page: Page,
    Path((text, act)): Path<(String, String)>,
    sent: Upload,
) -> Result<Response, Failure> {
    let (id, act) = (case_id(&text)?, act_of(&act)?);
    let form: Pairs = sent.fields.into_iter().filter(|(name, _)| !name.starts_with('_')).collect::<Vec<_>>().into();
    let photo = sent.file.map(|sent| PhotoFile { name: sent.name, file: sent.file });
    let mut conn = app.db.read().await?;
    let error = match read(&mut conn, act, &form).await? {
        Ok(_) if act == Act::Attachment && photo.is_none() => wrong("file", "casework-photo-missing"),
        Ok(read) => match act_with(&app, &sent.command, id, act, read, photo).await {
            Ok(_) => return Ok(confirmed(id, act)),
            Err(error) => error,
        },
        Err((error, _)) => error,
    };
    let errors = form_errors(&page, error)?;
    let shown = form_page(&app, &mut conn, page, id, act, form, errors, Vec::new()).await?;
    render_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

/// Does an act, or shows its form again with everything that is wrong with it.
pub async fn submit(
    State(app): State<App>,
    page: Page,
    Path((text, act)): Path<(String, String)>,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    let (id, act) = (case_id(&text)?, act_of(&act)?);
    let mut conn = app.db.read().await?;
    let (error, candidates) = match read(&mut conn, act, &sent.form).await? {
        Ok(read) => match perform(&app, &mut conn, &page, &sent, id, act, read).await {
            Ok(id) => return Ok(confirmed(id, act)),
            Err(error) => (error, Vec::new()),
        },
        Err((error, candidates)) => (error, candidates),
    };
    let errors = form_errors(&page, error)?;
    let shown = form_page(&app, &mut conn, page, id, act, sent.form, errors, candidates).await?;
    render_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

async fn perform(
    app: &App,
    conn: &mut PgConnection,
    page: &Page,
    sent: &Submission<Pairs>,
    id: CaseId,
    act: Act,
    doing: Doing,
) -> Result<CaseId, CaseError> {
    let note = doing.note.clone();
    if !matches!(act, Act::Merger | Act::Link | Act::Split) {
        return doing::act(app, &sent.command, id, act, doing).await.map(|_| id);
    }
    if act == Act::Split {
        let scopes = crate::actions::scopes(page.actor.as_ref().ok_or(CaseError::NoPerson)?);
        let held = store::file::seen(conn, id, &scopes).await?.ok_or(CaseError::NotFound("case"))?;
        let opened = merge::split(app, &sent.command, id, part(app, &held, &sent.form)?, &note).await?;
        return Ok(opened.case_id);
    }
    let other = sent.form.line("other", 30);
    let other = store::file::by_number(conn, &other).await?;
    let other = other.ok_or_else(|| wrong("other", "casework-other-unknown"))?.case_id;
    match act {
        Act::Merger => merge::merge(app, &sent.command, id, other, &note).await?,
        _ => merge::link(app, &sent.command, id, other, false).await?,
    }
    Ok(id)
}
