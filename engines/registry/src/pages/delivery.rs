//! One delivery: what came of it, live while it runs; its rows; calling it off.
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use catalogue::api::{ResourceId, RowKind};
use jh_web::{App, Failure, Page, Submission, redirect, render};
use serde::Deserialize;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::words::{FaultLine, RuleLine, bytes, kind_key};
use super::{READ, SUBMIT};
use crate::actions;
use crate::fault::RegistryError;
use crate::model::DeliveryId;
use crate::schema::Schema;
use crate::standards;
use crate::store::reject;
use crate::store::views::deliveries::{self as store, Shown};

/// The faults shown on the delivery's own page; the report has them all.
const FAULTS_SHOWN: i64 = 8;

/// One moment of a delivery's life.
struct Event {
    at: OffsetDateTime,
    title: String,
    note: String,
    mark: &'static str,
}

/// One figure, and where its rows are.
struct Figure {
    label: &'static str,
    value: i64,
    href: String,
}

#[derive(Template)]
#[template(path = "registry/delivery.html")]
struct DeliveryPage {
    page: Page,
    it: Shown,
    may_submit: bool,
    failure: String,
    rules: Vec<RuleLine>,
    rejects: Vec<FaultLine>,
    facts: Vec<(&'static str, String)>,
    columns: Vec<(String, String)>,
    related: Vec<(Uuid, String, bool)>,
    events: Vec<Event>,
}

#[derive(Template)]
#[template(path = "registry/delivery_progress.html")]
struct ProgressPart {
    page: Page,
    it: Shown,
}

impl DeliveryPage {
    fn figures(&self) -> Vec<Figure> {
        figures(&self.it)
    }
    fn time_left(&self) -> Option<String> {
        time_left(&self.page, &self.it)
    }
    fn pause(&self) -> Option<String> {
        pause(&self.page, &self.it)
    }
}

impl ProgressPart {
    fn figures(&self) -> Vec<Figure> {
        figures(&self.it)
    }
    fn time_left(&self) -> Option<String> {
        time_left(&self.page, &self.it)
    }
    fn pause(&self) -> Option<String> {
        pause(&self.page, &self.it)
    }
}

/// The delivery of a path, if the reader may see it; otherwise it does not exist.
pub async fn find(conn: &mut PgConnection, page: &Page, id: DeliveryId) -> Result<Shown, Failure> {
    let scopes = page.actor()?.scopes(READ);
    store::one(conn, &scopes, id).await?.ok_or_else(Failure::not_found)
}

/// Whether the reader may act on it: the scope of the other permission, asked of the database and not of the page.
pub async fn may_submit(conn: &mut PgConnection, page: &Page, id: DeliveryId) -> Result<bool, Failure> {
    let scopes = page.actor()?.scopes(SUBMIT);
    Ok(!scopes.is_empty() && store::one(conn, &scopes, id).await?.is_some())
}

/// The page under its list, titled with the file.
pub fn titled(page: Page, it: &Shown) -> Page {
    page.crumb_key("/registry/deliveries", "registry-page-deliveries-title").with_title_text(it.file_name.clone())
}

/// `GET /registry/deliveries/{id}`.
pub async fn show(State(app): State<App>, page: Page, Path(id): Path<DeliveryId>) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let it = find(&mut conn, &page, id).await?;
    let may_submit = may_submit(&mut conn, &page, id).await?;
    let rules = store::rules(&mut conn, id).await?;
    let rejects = reject::list(&mut conn, id, None, 0, FAULTS_SHOWN).await?;
    let columns = columns(&mut conn, &page, &it).await?;
    let related = store::related(&mut conn, &page.actor()?.scopes(READ), &it).await?;
    drop(conn);
    render(&DeliveryPage {
        may_submit,
        failure: failure(&page, &it),
        rules: rules.into_iter().map(|count| RuleLine::of(&page, count)).collect(),
        rejects: rejects.into_iter().map(|fault| FaultLine::of(&page, fault)).collect(),
        facts: facts(&page, &it),
        columns,
        related,
        events: events(&page, &it),
        page: titled(page, &it),
        it,
    })
}

/// `GET /registry/deliveries/{id}/progress`: the part that moves. When it has come to rest, the whole page is shown anew.
pub async fn progress(State(app): State<App>, page: Page, Path(id): Path<DeliveryId>) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let it = find(&mut conn, &page, id).await?;
    drop(conn);
    if !page.is_htmx {
        return Ok(redirect(&format!("/registry/deliveries/{id}")));
    }
    let live = it.stand().is_live();
    let mut response = render(&ProgressPart { page, it })?;
    if !live {
        response.headers_mut().insert(HeaderName::from_static("hx-refresh"), HeaderValue::from_static("true"));
    }
    Ok(response)
}

/// Nothing but the form's hidden inputs.
#[derive(Deserialize)]
pub struct Empty {}

/// `POST /registry/deliveries/{id}/cancellation`.
pub async fn cancel(
    State(app): State<App>,
    Path(id): Path<DeliveryId>,
    submission: Submission<Empty>,
) -> Result<Response, Failure> {
    actions::cancel(&app, &submission.command, id).await?;
    Ok(redirect(&format!("/registry/deliveries/{id}")))
}

/// `POST /registry/deliveries/{id}/settlement`: its rejected rows wait for nobody any more.
pub async fn settle(
    State(app): State<App>,
    Path(id): Path<DeliveryId>,
    submission: Submission<Empty>,
) -> Result<Response, Failure> {
    actions::settle(&app, &submission.command, id).await?;
    Ok(redirect(&format!("/registry/deliveries/{id}")))
}

fn figures(it: &Shown) -> Vec<Figure> {
    let to = |part: &str| format!("/registry/deliveries/{}/{part}", it.delivery_id);
    let figure = |label, value, href| Figure { label, value, href };
    vec![
        figure("registry-page-figure-read", it.rows_read, String::new()),
        figure("registry-page-figure-new", it.rows_new, to("records?landed=new")),
        figure("registry-page-figure-updated", it.rows_changed, to("records?landed=updated")),
        figure("registry-page-figure-unchanged", it.rows_unchanged, String::new()),
        figure("registry-page-figure-mended", it.rows_mended, String::new()),
        figure("registry-page-figure-rejected", it.rows_rejected, to("rejects")),
    ]
}

/// How long it will take at the speed so far; nothing is said of the first moments.
fn time_left(page: &Page, it: &Shown) -> Option<String> {
    let (started, percent) = (it.started_at?, it.percent());
    if percent < 2 || it.paused.is_some() || !it.stand().is_live() {
        return None;
    }
    let spent = (page.now() - started).whole_seconds().max(1);
    let left = (spent * (100 - percent) / percent).max(1);
    Some(match left {
        1..90 => page.t1("registry-page-left-seconds", "n", left),
        _ => page.t1("registry-page-left-minutes", "n", (left + 30) / 60),
    })
}

/// Why it stands still at this moment.
fn pause(page: &Page, it: &Shown) -> Option<String> {
    it.paused.as_ref().filter(|_| it.stand().is_live()).map(|code| page.t(&format!("registry-page-paused-{code}")))
}

fn failure(page: &Page, it: &Shown) -> String {
    match &it.failure {
        Some(code) => page.ta(&format!("registry-page-failure-{code}"), &[("detail", it.failure_detail.clone())]),
        None => String::new(),
    }
}

fn facts(page: &Page, it: &Shown) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("registry-page-fact-provider", it.provider_name.clone()),
        ("registry-page-fact-person", it.submitted_by_name.clone()),
        ("registry-page-fact-what", page.t(kind_key(&it.kind))),
    ];
    if it.resource_title.is_some() {
        facts.push(("registry-page-fact-resource", it.what(page)));
    }
    let mut format = vec![bytes(it.file_bytes)];
    match it.format.as_deref() {
        Some("xlsx") => {
            format.push("XLSX".to_owned());
            format.extend(it.sheet.as_ref().map(|sheet| page.t1("registry-page-fact-sheet", "sheet", sheet)));
        }
        Some(_) => {
            format.push("CSV".to_owned());
            let encoding = if it.encoding == "ascii" { "UTF-8".to_owned() } else { it.encoding.to_uppercase() };
            format.push(encoding);
        }
        None => {}
    }
    facts.push(("registry-page-fact-format", format.join(" · ")));
    facts.push(("registry-page-fact-digest", it.file_sm3.iter().map(|byte| format!("{byte:02x}")).collect()));
    facts
}

/// The columns with the attribute each is, in words; empty for a column that is left out.
async fn columns(conn: &mut PgConnection, page: &Page, it: &Shown) -> Result<Vec<(String, String)>, Failure> {
    let (Some(columns), Some(attributes)) = (&it.columns, &it.attributes) else { return Ok(Vec::new()) };
    let schema = schema_of(conn, it).await?;
    let words = |name: &Option<String>| name.as_ref().map_or_else(String::new, |name| label(&schema, name));
    let named = |column: &String| if column.is_empty() { page.t("registry-page-header-empty") } else { column.clone() };
    Ok(columns.iter().zip(attributes).map(|(column, attribute)| (named(column), words(attribute))).collect())
}

/// What the rows of a delivery look like now; the kind of a stored delivery is known, its resource may be gone.
pub async fn schema_of(conn: &mut PgConnection, it: &Shown) -> Result<Schema, RegistryError> {
    let kind = RowKind::from_word(&it.kind).unwrap_or(RowKind::Dataset);
    standards::schema(conn, kind, it.resource_id.map(ResourceId)).await
}

fn label(schema: &Schema, name: &str) -> String {
    schema.position(name).map_or_else(|| name.to_owned(), |at| schema.attributes[at].label.clone())
}

/// What happened, newest first.
fn events(page: &Page, it: &Shown) -> Vec<Event> {
    let mut events = vec![Event {
        at: it.received_at,
        title: page.t("registry-page-event-received"),
        note: page.t1("registry-page-event-by", "who", &it.submitted_by_name),
        mark: "",
    }];
    if let Some(at) = it.started_at {
        events.push(Event { at, title: page.t("registry-page-event-started"), note: String::new(), mark: "" });
    }
    if let Some(at) = it.cancel_asked_at.filter(|_| it.stand().is_live()) {
        events.push(Event { at, title: page.t("registry-page-event-cancel-asked"), note: String::new(), mark: "" });
    }
    let stand = it.stand();
    let (key, mark) = match stand {
        _ if stand.is_done() => ("registry-page-event-finished", "now"),
        _ if stand.is_failed() => ("registry-page-event-failed", "bad"),
        _ if stand.is_cancelled() => ("registry-page-event-cancelled", ""),
        _ if stand.awaits_mapping() => ("registry-page-event-waiting", "now"),
        _ if it.started_at.is_some() => ("registry-page-event-running", "now"),
        _ => ("", ""),
    };
    if !key.is_empty() {
        let note = match (it.started_at, it.ended_at) {
            (Some(start), Some(end)) => page.t1("registry-page-event-took", "time", took(page, end - start)),
            _ => String::new(),
        };
        events.push(Event { at: it.ended_at.unwrap_or(it.changed_at), title: page.t(key), note, mark });
    }
    events.reverse();
    events
}

fn took(page: &Page, time: Duration) -> String {
    let seconds = time.whole_seconds();
    match seconds {
        ..1 => page.t("registry-page-took-moment"),
        1..60 => page.t1("registry-page-took-seconds", "n", seconds),
        _ => page
            .ta("registry-page-took-minutes", &[("m", (seconds / 60).to_string()), ("n", (seconds % 60).to_string())]),
    }
}
