//! One case: what was reported, how it stands, what happened, and what the reader can do next.
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use jh_web::{App, Failure, Page, Pairs, render};
use serde_json::json;
use sqlx::PgConnection;

use super::lines::{self, ClockLine, StepLine};
use super::party::{self, PartyLine};
use super::{case_id, span_words};
use crate::actions::{self, REVEAL};
use crate::fault::CaseError;
use crate::kind::{self, CaseKind, Fact};
use crate::memory::Memory;
use crate::model::act::Act;
use crate::model::calendar::Span;
use crate::model::machine::{Given, apply};
use crate::model::procedure::{ANY, Procedure};
use crate::model::{CaseId, Part};
use crate::store;
use crate::store::attachment::AttachmentRow;
use crate::store::attribute::AttributeRow;
use crate::store::file::Held;
use crate::store::organisation::OrganisationRow;
use crate::store::side::{CallbackRow, ExtensionRow, InvolvedRow, LinkRow, SupervisionRow};
use crate::view::{Badge, due_badge};

/// Something the reader can do.
#[derive(Clone, Debug)]
pub struct Way {
    /// The act.
    pub act: Act,
    /// The Fluent key of what it is called here.
    pub key: String,
    /// Whether it is done at once, without a form.
    pub at_once: bool,
    /// Whether it belongs to this stage rather than to any.
    pub main: bool,
}

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
    photos: Vec<PhotoLine>,
    merged_into: Option<(CaseId, String)>,
    kind_name: String,
}

/// A case that the reader may see.
pub async fn seen(conn: &mut PgConnection, page: &Page, id: CaseId) -> Result<Held, Failure> {
    let scopes = actions::scopes(page.actor()?);
    Ok(store::file::seen(conn, id, &scopes).await?.ok_or(CaseError::NotFound("case"))?)
}

/// What somebody in these roles can do with a case as it stands: tried on the machine with everything at hand.
pub fn ways(kind: Option<&dyn CaseKind>, procedure: &Procedure, held: &Held) -> Vec<Way> {
    let (standing, roles) = (held.file.standing(), held.roles());
    let nobody = jh_core::actor::OrganisationId(uuid::Uuid::nil());
    let everything = Given {
        note: true,
        organisation: Some(nobody),
        person: Some(jh_core::actor::AccountId(uuid::Uuid::nil())),
        answer: true,
        photo: true,
    };
    let gone = |act: Act| act == Act::Reopening && held.file.merged_into.is_some();
    let can = |act: Act| !gone(act) && apply(procedure, &standing, act, &roles, &everything).is_ok();
    let all = procedure.ways(&standing.stage).filter(|way| can(way.act));
    all.map(|way| Way {
        act: way.act,
        key: kind::act_key(kind, &standing.stage, way.act),
        at_once: way.needs.is_empty()
            && !way.act.wants_reason()
            && matches!(
                way.act,
                Act::Signing | Act::Acceptance | Act::Release | Act::Resumption | Act::ExtensionGranted
            ),
        main: way.stage != ANY,
    })
    .collect()
}

async fn named(conn: &mut PgConnection, id: jh_core::actor::OrganisationId) -> Result<String, Failure> {
    let found = identity::api::organisation(conn, id).await?;
    Ok(found.map(|organisation| organisation.name).unwrap_or_default())
}

/// One case.
pub async fn show(State(app): State<App>, page: Page, Path(text): Path<String>) -> Result<Response, Failure> {
    let id = case_id(&text)?;
    let mut conn = app.db.read().await?;
    let held = seen(&mut conn, &page, id).await?;
    let file = &held.file;
    let procedure = Memory::of(&app).procedure(&mut conn, &file.kind, file.version).await?;
    let kind = kind::find(&app, &file.kind);
    let stage = procedure.stage(&file.stage).map(|stage| page.pick(&stage.name, &stage.name_en).to_owned());
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
    let title = format!("{} {}", file.number, file.title);
    let shown = CasePage {
        stage: match file.outcome.filter(|_| file.closed) {
            Some(outcome) => page.t(&outcome.key()),
            None => stage.unwrap_or_else(|| file.stage.clone()),
        },
        due: due_badge(&page, file.due_at, file.paused, file.closed),
        centre: named(&mut conn, file.centre_id).await?,
        owner: named(&mut conn, file.owner_id).await?,
        holder,
        ways: ways(kind.as_deref(), &procedure, &held),
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
        photos: photo_lines(&page, store::attachment::attachments(&mut conn, id).await?),
        merged_into,
        kind_name: page.pick(&procedure.name, &procedure.name_en).to_owned(),
        page: page.with_title_text(title).crumb_key("/casework/cases", "casework-cases-title"),
        held,
    };
    render(&shown)
}

/// A photo on the page.
struct PhotoLine {
    id: String,
    words: String,
}

fn photo_lines(page: &Page, rows: Vec<AttachmentRow>) -> Vec<PhotoLine> {
    let words = |row: &AttachmentRow| {
        page.ta("casework-photo-alt", &[("time", page.instant(row.added_at)), ("who", row.added_by.clone())])
    };
    rows.iter().map(|row| PhotoLine { id: row.attachment_id.to_string(), words: words(row) }).collect()
}

impl CasePage {
    fn lasts(&self, extension: &ExtensionRow) -> String {
        span_words(&self.page, Span::new(extension.amount, extension.unit))
    }

    fn main_ways(&self) -> impl Iterator<Item = &Way> {
        self.ways.iter().filter(|way| way.main)
    }

    fn other_ways(&self) -> impl Iterator<Item = &Way> {
        self.ways.iter().filter(|way| !way.main)
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

/// Open organisations whose name, code or short name fits some text: for choosing one.
pub async fn find_organisation(
    conn: &mut PgConnection,
    text: &str,
) -> Result<Result<OrganisationRow, Vec<OrganisationRow>>, Failure> {
    let found = store::organisation::organisations_like(conn, text, 9).await?;
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
