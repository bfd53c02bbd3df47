//! JSON: reports, cases, acts. The pages do the same through the same actions.
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jh_core::actor::{AccountId, OrganisationId};
use jh_core::paging::Paged;
use jh_web::{ApiCommand, App, Body, Failure, Page, Pairs};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::{OpenApi, ToSchema};

use crate::actions::doing::{self, Doing, Done};
use crate::actions::open::{self, Opened, Report, Reporter};
use crate::actions::{READ, merge, scopes};
use crate::fault::CaseError;
use crate::kind;
use crate::model::act::Act;
use crate::model::words::Sought;
use crate::model::{CaseId, Channel, Outcome, Point, Priority, StepId};
use crate::store;
use crate::store::file::FileRow;
use crate::store::list::{Inbox, ListRow, Search};

/// The description of all of this.
#[derive(OpenApi)]
#[openapi(paths(report, list, inbox, show, act, merger))]
pub struct Described;

/// A report as JSON.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewCase {
    /// The kind's code, for example `hotline.request`.
    kind: String,
    /// Made of the description where it is left out.
    #[serde(default)]
    title: String,
    /// 2 to 4,000 characters.
    description: String,
    /// One of the kind's categories.
    category: String,
    #[serde(default)]
    priority: Priority,
    #[serde(default = "api")]
    channel: Channel,
    /// Which centre keeps it; the caller's own organisation where it is left out.
    #[serde(default)]
    centre: Option<OrganisationId>,
    #[serde(default)]
    address: String,
    #[serde(default)]
    place: Option<Point>,
    #[serde(default)]
    name: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    confidential: bool,
}

fn api() -> Channel {
    Channel::Api
}

/// A case in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseSummary {
    case_id: CaseId,
    number: String,
    kind: String,
    stage: String,
    closed: bool,
    title: String,
    category_name: String,
    priority: Priority,
    channel: Channel,
    owner_id: OrganisationId,
    owner_name: Option<String>,
    address: String,
    #[serde(with = "time::serde::rfc3339")]
    reported_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    due_at: Option<OffsetDateTime>,
    overdue: bool,
    outcome: Option<Outcome>,
}

impl From<ListRow> for CaseSummary {
    fn from(row: ListRow) -> Self {
        Self {
            case_id: row.case_id,
            number: row.number,
            kind: row.kind,
            stage: row.stage,
            closed: row.closed,
            title: row.title,
            category_name: row.category_name,
            priority: row.priority,
            channel: row.channel,
            owner_id: row.owner_id,
            owner_name: row.owner_name,
            address: row.address,
            reported_at: row.reported_at,
            due_at: row.due_at,
            overdue: row.overdue,
            outcome: row.outcome,
        }
    }
}

/// An entry of the timeline.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepView {
    step_id: StepId,
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    act: Act,
    stage_before: String,
    stage_after: String,
    actor_name: String,
    organisation_name: String,
    target_name: String,
    note: String,
}

/// One case.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseView {
    case_id: CaseId,
    number: String,
    kind: String,
    version: i32,
    revision: i32,
    stage: String,
    closed: bool,
    title: String,
    description: String,
    category: String,
    category_name: String,
    priority: Priority,
    channel: Channel,
    centre_id: OrganisationId,
    holder_id: Option<OrganisationId>,
    owner_id: OrganisationId,
    assignee_id: Option<AccountId>,
    address: String,
    place: Option<Point>,
    #[serde(with = "time::serde::rfc3339")]
    reported_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    due_at: Option<OffsetDateTime>,
    overdue: bool,
    paused: bool,
    result: String,
    outcome: Option<Outcome>,
    merged_into: Option<CaseId>,
    stars: Option<i16>,
    timeline: Vec<StepView>,
}

impl CaseView {
    fn new(row: FileRow, steps: Vec<store::step::Step>) -> Self {
        let step = |step: store::step::Step| StepView {
            step_id: step.step_id,
            at: step.at,
            act: step.act,
            stage_before: step.stage_before,
            stage_after: step.stage_after,
            actor_name: step.actor_name,
            organisation_name: step.organisation_name,
            target_name: step.target_name,
            note: step.note,
        };
        Self {
            place: row.point(),
            case_id: row.case_id,
            number: row.number,
            kind: row.kind,
            version: row.version,
            revision: row.revision,
            stage: row.stage,
            closed: row.closed,
            title: row.title,
            description: row.description,
            category: row.category,
            category_name: row.category_name,
            priority: row.priority,
            channel: row.channel,
            centre_id: row.centre_id,
            holder_id: row.holder_id,
            owner_id: row.owner_id,
            assignee_id: row.assignee_id,
            address: row.address,
            reported_at: row.reported_at,
            due_at: row.due_at,
            overdue: row.overdue,
            paused: row.paused,
            result: row.result,
            outcome: row.outcome,
            merged_into: row.merged_into,
            stars: row.stars,
            timeline: steps.into_iter().map(step).collect(),
        }
    }
}

/// Takes a report in for a centre within the caller's scope of `casework.case.create`.
#[utoipa::path(post, path = "/api/casework/cases", tag = "casework", request_body = NewCase, responses((status = 201, body = Opened)))]
pub async fn report(
    State(app): State<App>,
    ApiCommand { command }: ApiCommand,
    Body(new): Body<NewCase>,
) -> Result<Response, Failure> {
    let kind = kind::find(&app, &new.kind);
    let kind = kind.ok_or_else(|| CaseError::UnknownKind(new.kind.chars().take(60).collect()))?;
    let centre = new.centre.or(command.actor.organisation).ok_or(CaseError::OutOfScope(crate::actions::CREATE))?;
    let point = match new.place {
        Some(place) => {
            Some(Point::new(place.lon, place.lat).ok_or_else(|| CaseError::field("place", "casework-place"))?)
        }
        None => None,
    };
    let named = !new.name.trim().is_empty() || !new.phone.trim().is_empty();
    let reporter = named.then(|| Reporter {
        name: new.name,
        phone: new.phone,
        confidential: new.confidential,
        wants_answer: true,
        ..Reporter::default()
    });
    let made = Report {
        kind: kind.code(),
        title: new.title,
        description: new.description,
        category: new.category,
        priority: new.priority,
        channel: new.channel,
        centre,
        address: new.address,
        point,
        reporter,
        held: false,
        photo: false,
        shown: "place",
        app_ref: None,
        attributes: Vec::new(),
        note: String::new(),
    };
    let opened = open::open(&app, &command, made).await?;
    let location = format!("/api/casework/cases/{}", opened.case_id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(opened)).into_response())
}

/// Cases that the caller may see, newest first. `q` searches words or a number; `state` is `open` or `closed`.
#[utoipa::path(get, path = "/api/casework/cases", tag = "casework",
    params(("q" = Option<String>, Query), ("kind" = Option<String>, Query), ("state" = Option<String>, Query),
           ("page" = Option<u32>, Query), ("size" = Option<u32>, Query)),
    responses((status = 200, body = Paged<CaseSummary>)))]
pub async fn list(State(app): State<App>, page: Page, query: Pairs) -> Result<Json<Paged<CaseSummary>>, Failure> {
    let own = page.actor()?.scopes(READ);
    let ask = Search {
        scopes: &own,
        sought: Sought::of(query.get("q")),
        kind: query.given("kind"),
        closed: query.given("state").map(|state| state == "closed"),
        page: query.page(),
        ..Search::default()
    };
    let rows = store::list::search(&mut *app.db.read().await?, &ask).await?;
    Ok(Json(Paged::from_rows(rows, query.page()).map(CaseSummary::from)))
}

/// Open cases at which the caller has an act now, nearest deadline first; with `overdue` all that are overdue in his scope.
#[utoipa::path(get, path = "/api/casework/inbox", tag = "casework",
    params(("overdue" = Option<bool>, Query), ("kind" = Option<String>, Query), ("stage" = Option<String>, Query),
           ("page" = Option<u32>, Query), ("size" = Option<u32>, Query)),
    responses((status = 200, body = Paged<CaseSummary>)))]
pub async fn inbox(State(app): State<App>, page: Page, query: Pairs) -> Result<Json<Paged<CaseSummary>>, Failure> {
    let actor = page.actor()?;
    let scopes = scopes(actor);
    let ask = Inbox {
        overdue: query.get("overdue") == "true",
        stage: query.given("stage"),
        kind: query.given("kind"),
        ..Inbox::of(&scopes, actor.organisation, query.page())
    };
    let rows = store::list::inbox(&mut *app.db.read().await?, &ask).await?;
    Ok(Json(Paged::from_rows(rows, query.page()).map(CaseSummary::from)))
}

fn id_of(text: &str) -> Result<CaseId, CaseError> {
    text.parse().map_err(|_| CaseError::NotFound("case"))
}

/// One case with its timeline.
#[utoipa::path(get, path = "/api/casework/cases/{id}", tag = "casework", params(("id" = CaseId, Path)),
    responses((status = 200, body = CaseView)))]
pub async fn show(State(app): State<App>, page: Page, Path(text): Path<String>) -> Result<Json<CaseView>, Failure> {
    let id = id_of(&text)?;
    let mut conn = app.db.read().await?;
    let held = store::file::seen(&mut conn, id, &scopes(page.actor()?)).await?.ok_or(CaseError::NotFound("case"))?;
    let steps = store::step::of_case(&mut conn, id).await?;
    Ok(Json(CaseView::new(held.file, steps)))
}

/// Does an act: `dispatch`, `signing`, `return`, `result`, `closure` and so on. With `revision` it is refused if the case has changed since.
#[utoipa::path(post, path = "/api/casework/cases/{id}/acts/{act}", tag = "casework",
    params(("id" = CaseId, Path), ("act" = Act, Path)), request_body = Doing, responses((status = 200, body = Done)))]
pub async fn act(
    State(app): State<App>,
    ApiCommand { command }: ApiCommand,
    Path((text, act)): Path<(String, String)>,
    Body(doing): Body<Doing>,
) -> Result<Json<Done>, Failure> {
    let id = id_of(&text)?;
    let act = Act::parse(&act).filter(|act| !act.is_automatic()).ok_or(CaseError::NotFound("act"))?;
    // These two name another case, and have their own way.
    if matches!(act, Act::Merger | Act::Split | Act::Link) {
        return Err(CaseError::NotFound("act").into());
    }
    Ok(Json(doing::act(&app, &command, id, act, doing).await?))
}

/// Into which case another goes.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Into {
    /// The case that stays.
    into: CaseId,
    /// Why.
    #[serde(default)]
    note: String,
}

/// Merges a case into another; its reporters follow that one from then on.
#[utoipa::path(post, path = "/api/casework/cases/{id}/merger", tag = "casework", params(("id" = CaseId, Path)),
    request_body = Into, responses((status = 204)))]
pub async fn merger(
    State(app): State<App>,
    ApiCommand { command }: ApiCommand,
    Path(text): Path<String>,
    Body(into): Body<Into>,
) -> Result<StatusCode, Failure> {
    merge::merge(&app, &command, id_of(&text)?, into.into, &into.note).await?;
    Ok(StatusCode::NO_CONTENT)
}
