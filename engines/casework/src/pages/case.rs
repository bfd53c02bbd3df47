//! One case: what was reported, how it stands, what happened, and what the reader can do next.
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use jh_web::{App, Failure, Page, Pairs, render};
use serde_json::json;
use sqlx::PgConnection;

use super::lines::{self, ClockLine, StepLine};
use super::offer::{Waits, Way, ways};
use super::party::{self, PartyLine};
use super::{case_id, span_words};
use crate::actions::{self, REVEAL};
use crate::fault::CaseError;
use crate::kind::{self, Fact};
use crate::memory::Memory;
use crate::model::act::Act;
use crate::model::calendar::Span;
use crate::model::procedure::Procedure;
use crate::model::{CaseId, Part};
use crate::store;
use crate::store::asked::Asked;
use crate::store::attachment::AttachmentRow;
use crate::store::attribute::AttributeRow;
use crate::store::file::{FileRow, Held};
use crate::store::organisation::OrganisationRow;
use crate::store::side::{CallbackRow, ExtensionRow, InvolvedRow, LinkRow, SupervisionRow};
use crate::store::step::Step;
use crate::view::{Badge, due_badge};

#[derive(Template)]
#[template(path = "casework/case.html")]
struct CasePage {
    page: Page,
    held: Held,
    stage: String,
    due: Badge,
    centre: String,
    holder: String,
    owner: String,
    ways: Vec<Way>,
    waits: Waits,
    signs: Vec<Asked>,
    done: Option<(String, String)>,
    category: String,
    parties: Vec<PartyLine>,
    may_reveal: bool,
    clocks: Vec<ClockLine>,
    steps: Vec<StepLine>,
    answers: Vec<AttributeRow>,
    facts: Vec<Fact>,
    callbacks: Vec<CallbackRow>,
    supervisions: Vec<SupervisionRow>,
    extensions: Vec<ExtensionRow>,
    involved: Vec<InvolvedRow>,
    links: Vec<LinkRow>,
    photos: Vec<(&'static str, Vec<PhotoLine>)>,
    procedure: Arc<Procedure>,
    merged_into: Option<(CaseId, String)>,
    kind_name: String,
}

/// A case that the reader may see.
pub async fn seen(conn: &mut PgConnection, page: &Page, id: CaseId) -> Result<Held, Failure> {
    let scopes = actions::scopes(page.actor()?);
    Ok(store::file::seen(conn, id, &scopes).await?.ok_or(CaseError::NotFound("case"))?)
}

async fn named(conn: &mut PgConnection, id: jh_core::actor::OrganisationId) -> Result<String, Failure> {
    let found = identity::api::organisation(conn, id).await?;
    Ok(found.map(|organisation| organisation.name).unwrap_or_default())
}

/// How a case stands, in words: its stage, or what it came to.
pub fn stage_words(page: &Page, procedure: &Procedure, file: &FileRow) -> String {
    match file.outcome.filter(|_| file.closed) {
        Some(outcome) => page.t(&outcome.key()),
        None => procedure
            .stage(&file.stage)
            .map_or_else(|| file.stage.clone(), |stage| page.pick(&stage.name, &stage.name_en).to_owned()),
    }
}

/// What the reader has just done, if it is among the last steps and he did it, and how the case stands now.
fn done(
    page: &Page,
    kind: Option<&dyn kind::CaseKind>,
    act: Option<Act>,
    steps: &[Step],
    words: [&str; 2],
    closed: bool,
) -> Option<(String, String)> {
    let (act, [stage, owner]) = (act?, words);
    let own = page.actor.as_ref()?.account?;
    // The part of a case that was split off begins with its own opening.
    let began = if act == Act::Split { Act::Opening } else { act };
    let mut last = steps.iter().rev().take(4).filter(|step| step.account_id == Some(own));
    let step = last.find(|step| step.act == act || step.act == began)?;
    let now = match (act, closed) {
        (Act::Split, _) => page.t("casework-done-split"),
        (_, true) => page.t1("casework-done-closed", "outcome", stage),
        _ => page.ta("casework-done-now", &[("stage", stage.to_owned()), ("owner", owner.to_owned())]),
    };
    let what = if step.act == act { lines::happened(page, kind, step) } else { page.t(&act.past_key()) };
    Some((what, now))
}

/// One case.
pub async fn show(
    State(app): State<App>,
    page: Page,
    Path(text): Path<String>,
    query: Pairs,
) -> Result<Response, Failure> {
    let id = case_id(&text)?;
    let mut conn = app.db.read().await?;
    let held = seen(&mut conn, &page, id).await?;
    let file = &held.file;
    let procedure = Memory::of(&app).procedure(&mut conn, &file.kind, file.version).await?;
    let kind = kind::find(&app, &file.kind);
    let stage = stage_words(&page, &procedure, file);
    let clock_rows = store::clock::of_case(&mut conn, id).await?;
    let step_rows = store::step::of_case(&mut conn, id).await?;
    let holder = match file.holder_id {
        Some(holder) => named(&mut conn, holder).await?,
        None => String::new(),
    };
    let merged_into = match file.merged_into {
        Some(other) => store::file::find(&mut conn, other).await?.map(|other| (other.case_id, other.number)),
        None => None,
    };
    let owner = named(&mut conn, file.owner_id).await?;
    let waits = Waits::of(&mut conn, page.actor()?, &held).await?;
    let warned = store::asked::warned(&mut conn, &[id], page.now()).await?;
    let signs = store::asked::signs(&mut conn, &[id]).await?;
    let title = format!("{} {}", file.number, file.title);
    let shown = CasePage {
        done: done(&page, kind.as_deref(), Act::parse(query.get("done")), &step_rows, [&stage, &owner], file.closed),
        stage,
        due: due_badge(&page, file.due_at, file.paused, file.closed).near(!warned.is_empty()),
        signs: signs.into_iter().map(|(_, what)| what).filter(|_| !file.closed).collect(),
        category: lines::category(&page, &app, &mut conn, file).await?,
        centre: named(&mut conn, file.centre_id).await?,
        owner,
        holder,
        ways: ways(kind.as_deref(), &procedure, &held, &waits),
        waits,
        parties: party::lines(&app, &page, &mut conn, id, held.as_centre || held.as_inspector).await?,
        may_reveal: page.may(REVEAL) && (held.as_centre || held.as_inspector || held.as_holder),
        clocks: lines::clocks(&page, &procedure, &clock_rows),
        steps: lines::steps(&page, kind.as_deref(), &procedure, &step_rows),
        callbacks: store::side::callbacks(&mut conn, id).await?,
        supervisions: store::side::supervisions(&mut conn, id).await?,
        extensions: store::side::extensions(&mut conn, id).await?,
        involved: store::side::involved(&mut conn, id).await?,
        links: store::side::links(&mut conn, id).await?,
        facts: match &kind {
            Some(kind) => kind.facts(&mut conn, file).await?,
            None => Vec::new(),
        },
        answers: store::attribute::of_case(&mut conn, id).await?,
        photos: photo_lines(&page, &step_rows, store::attachment::attachments(&mut conn, id).await?),
        merged_into,
        kind_name: page.pick(&procedure.name, &procedure.name_en).to_owned(),
        page: page.with_title_text(title).crumb_key("/casework/cases", "casework-cases-title"),
        procedure,
        held,
    };
    render(&shown)
}

/// A photo on the page.
struct PhotoLine {
    id: String,
    words: String,
    who: String,
    at: String,
}

/// When a photo was added, in the course of a case: with the result, at an inspection, while it was handled, or before.
fn moment(row: &AttachmentRow, steps: &[Step]) -> &'static str {
    let with = |act: Act| steps.iter().any(|step| step.act == act && step.at == row.added_at);
    let given = steps.iter().find(|step| step.act.gives_to_organisation());
    match () {
        () if with(Act::Result) => "casework-photos-result",
        () if with(Act::InspectionPassed) || with(Act::InspectionFailed) => "casework-photos-inspected",
        () if row.added_role != "reporter" && given.is_some_and(|step| step.at <= row.added_at) => {
            "casework-photos-handling"
        }
        () => "casework-photos-reported",
    }
}

/// The photos of a case under what they show, in the order of its course.
fn photo_lines(page: &Page, steps: &[Step], rows: Vec<AttachmentRow>) -> Vec<(&'static str, Vec<PhotoLine>)> {
    let line = |row: &AttachmentRow| PhotoLine {
        id: row.attachment_id.to_string(),
        words: page.ta("casework-photo-alt", &[("time", page.instant(row.added_at)), ("who", row.added_by.clone())]),
        who: row.added_by.clone(),
        at: page.instant(row.taken_at.unwrap_or(row.added_at)),
    };
    let groups =
        ["casework-photos-reported", "casework-photos-handling", "casework-photos-result", "casework-photos-inspected"];
    let of = |group: &'static str| {
        (group, rows.iter().filter(|row| moment(row, steps) == group).map(line).collect::<Vec<_>>())
    };
    groups.into_iter().map(of).filter(|(_, photos)| !photos.is_empty()).collect()
}

impl CasePage {
    fn lasts(&self, extension: &ExtensionRow) -> String {
        span_words(&self.page, Span::new(extension.amount, extension.unit))
    }

    /// What is asked, in words.
    fn asks(&self, one: &ExtensionRow) -> String {
        lines::asks(&self.page, &self.procedure, one)
    }

    /// Who supervises, and why.
    fn supervises(&self, one: &SupervisionRow) -> String {
        let who = if one.asked_by.is_empty() { self.page.t("casework-by-system") } else { one.asked_by.clone() };
        self.page.ta("casework-ask-supervision", &[("who", who), ("why", one.reason.clone())])
    }

    /// What the reader can do about something that waits.
    fn ways_of(&self, acts: &'static [Act]) -> impl Iterator<Item = &Way> {
        self.ways.iter().filter(move |way| acts.contains(&way.act))
    }

    /// What stands beside the words that it answers.
    fn answers(act: Act) -> bool {
        matches!(act, Act::ExtensionGranted | Act::ExtensionRefused | Act::SupervisionReply | Act::AssistanceReply)
    }

    fn main_ways(&self) -> impl Iterator<Item = &Way> {
        self.ways.iter().filter(|way| way.main && !Self::answers(way.act))
    }

    fn other_ways(&self) -> impl Iterator<Item = &Way> {
        self.ways.iter().filter(|way| !way.main && !Self::answers(way.act))
    }

    /// The Fluent key of what the public sees.
    fn shown_key(&self) -> String {
        format!("casework-shown-{}", self.held.file.shown)
    }

    /// The Fluent key of an organisation's part.
    fn role_key(&self, one: &InvolvedRow) -> String {
        format!("casework-role-{}", one.role)
    }

    /// The Fluent key of how two cases belong together.
    fn link_key(&self, link: &LinkRow) -> String {
        format!("casework-link-{}", link.kind)
    }
}

/// The place of a case, for its map.
pub async fn place(State(app): State<App>, page: Page, Path(text): Path<String>) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let held = seen(&mut conn, &page, case_id(&text)?).await?;
    let file = held.file;
    let features: Vec<_> = file
        .point()
        .map(|point| {
            json!({ "type": "Feature", "geometry": { "type": "Point", "coordinates": [point.lon, point.lat] },
                    "properties": { "name": file.number, "address": file.address } })
        })
        .into_iter()
        .collect();
    Ok(geojson(&json!({ "type": "FeatureCollection", "features": features })))
}

/// A GeoJSON answer.
pub fn geojson(value: &serde_json::Value) -> Response {
    use axum::response::IntoResponse;
    ([(axum::http::header::CONTENT_TYPE, "application/geo+json")], value.to_string()).into_response()
}

/// So many organisations are offered where a text fits several.
pub const CANDIDATES_MAX: usize = 9;

/// Open organisations whose name, code or short name fits some text: for choosing one.
pub async fn find_organisation(
    conn: &mut PgConnection,
    text: &str,
) -> Result<Result<OrganisationRow, Vec<OrganisationRow>>, Failure> {
    let found = store::organisation::organisations_like(conn, text, CANDIDATES_MAX as i64).await?;
    let exact = found.iter().find(|row| row.code.eq_ignore_ascii_case(text) || row.name == text).cloned();
    Ok(match (exact, found.len()) {
        (Some(row), _) => Ok(row),
        (None, 1) => found.into_iter().next().ok_or_else(Vec::new),
        _ => Err(found),
    })
}

/// Organisations that fit what is being typed, as options of a list.
pub async fn suggest(State(app): State<App>, _page: Page, query: Pairs) -> Result<Response, Failure> {
    let text: String = query.get("organisation").chars().take(40).collect();
    let found = store::organisation::organisations_like(&mut *app.db.read().await?, &text, 12).await?;
    render(&Options { found })
}

#[derive(Template)]
#[template(
    source = "{% for row in found %}<option value=\"{{ row.name }}\">{{ row.code }}</option>{% endfor %}",
    ext = "html"
)]
struct Options {
    found: Vec<OrganisationRow>,
}
