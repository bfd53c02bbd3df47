//! The audit trail: searching it within one's scope; the chain and its signed days at the root of the tree.
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use jh_core::actor::{Actor, ActorKind};
use jh_core::clock::parse_day;
use jh_core::clock::{CHINA, china_day};
use jh_core::paging::PageRequest;
use jh_db::audit::SealedDay;
use jh_web::{App, Failure, Page, render};
use serde::Deserialize;
use sqlx::PgConnection;
use time::{Date, Duration, OffsetDateTime, Time};
use uuid::Uuid;

use super::{address, wanted};
use crate::actions::permission;
use crate::fault::IdentityError;
use crate::store::audit::{AuditRow, Filter, SignedDay};
use crate::store::{self, scope};

/// Without a day or a record, a search goes back this far.
const BACK_DAYS: i64 = 31;
/// Rows later than this tell how far the chain has come.
const RECENT: Duration = Duration::minutes(10);

/// What the address bar asks.
#[derive(Deserialize, Default)]
pub struct Asked {
    subject: Option<String>,
    actor: Option<String>,
    action: Option<String>,
    day: Option<String>,
    page: Option<u32>,
}

/// One row in words.
struct Worded {
    row: AuditRow,
    action: String,
    kind: String,
    /// Number, code or name of what it was done to, where the facts tell.
    object: String,
    /// Name and value of each further fact.
    facts: Vec<(String, String)>,
}

/// How far the chain has come.
struct Chain {
    last_seq: Option<i64>,
    pending: i64,
    today: Date,
    days: Vec<SignedDay>,
    unsigned: Vec<Date>,
}

#[derive(Template)]
#[template(path = "identity/audit.html")]
struct AuditPage {
    page: Page,
    subject: String,
    actor: String,
    action: String,
    day: String,
    bad_subject: bool,
    bad_day: bool,
    rows: Vec<Worded>,
    chain: Option<Chain>,
    number: u32,
    has_more: bool,
    pager: String,
    /// What the search for actions proposes.
    actions: Vec<String>,
}

/// The trail within the actor's scope.
pub async fn list(State(app): State<App>, page: Page, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let reach = reach(&mut conn, page.actor()?).await?;
    let (subject, day) = (wanted(asked.subject.as_ref()), wanted(asked.day.as_ref()));
    let (actor, action) = (wanted(asked.actor.as_ref()), wanted(asked.action.as_ref()));
    let subject_id = subject.as_deref().and_then(|text| text.parse::<Uuid>().ok());
    let day_on = day.as_deref().and_then(parse_day);
    let (bad_subject, bad_day) = (subject.is_some() && subject_id.is_none(), day.is_some() && day_on.is_none());
    let (from_at, to_at) = span(day_on, subject_id.is_some(), page.now());
    let words = app.messages().actions(page.lang);
    let actions = named(&words, action.as_deref());
    let filter = Filter { actor: actor.clone(), action: action.clone(), actions, from_at, to_at };
    let request = PageRequest { page: asked.page, size: Some(50) };
    let mut rows = match subject_id {
        _ if bad_subject || bad_day => Vec::new(),
        Some(id) => store::audit::of_subject(&mut conn, reach.as_deref(), id, &filter, request).await?,
        None => store::audit::search(&mut conn, reach.as_deref(), &filter, request).await?,
    };
    let has_more = rows.len() > request.size() as usize;
    rows.truncate(request.size() as usize);
    let chain = match reach {
        None => Some(chain(&app, &mut conn, page.now()).await?),
        Some(_) => None,
    };
    let pager = address(
        "/identity/audit",
        &[
            ("subject", subject.as_deref()),
            ("actor", actor.as_deref()),
            ("action", action.as_deref()),
            ("day", day.as_deref()),
        ],
    );
    let actions = words.into_iter().map(|(_, words)| words).collect();
    render(&AuditPage {
        rows: rows.into_iter().map(|row| worded(&page, row)).collect(),
        page: page.with_title("identity-audit-title"),
        subject: subject.unwrap_or_default(),
        actor: actor.unwrap_or_default(),
        action: action.unwrap_or_default(),
        day: day.unwrap_or_default(),
        bad_subject,
        bad_day,
        chain,
        number: request.number(),
        has_more,
        pager,
        actions,
    })
}

/// Where the actor may read the trail; none is everywhere, also what concerns no organisation.
async fn reach(conn: &mut PgConnection, actor: &Actor) -> Result<store::Scope, IdentityError> {
    let Some(held) = scope(actor, permission::AUDIT) else { return Ok(None) };
    let root = store::organisation::root(conn).await?;
    Ok(if root.is_some_and(|root| held.contains(&root.0)) { None } else { Some(held) })
}

fn span(day: Option<Date>, one_record: bool, now: OffsetDateTime) -> (OffsetDateTime, OffsetDateTime) {
    let begin = |day: Date| day.with_time(Time::MIDNIGHT).assume_offset(CHINA);
    match day {
        Some(day) => (begin(day), begin(day.next_day().unwrap_or(day))),
        None if one_record => (OffsetDateTime::UNIX_EPOCH, now + Duration::DAY),
        None => (now - Duration::days(BACK_DAYS), now + Duration::DAY),
    }
}

async fn chain(app: &App, conn: &mut PgConnection, now: OffsetDateTime) -> Result<Chain, Failure> {
    let (last_seq, pending) = store::audit::chain_state(conn, now - RECENT).await?;
    let days = store::audit::signed_days(conn, PageRequest { page: None, size: Some(14) }).await?;
    Ok(Chain { last_seq, pending, today: china_day(now), days, unsigned: jh_db::audit::unsealed_days(app).await? })
}

/// The actions whose words have this text in them.
fn named(words: &[(&str, String)], text: Option<&str>) -> Vec<String> {
    let Some(text) = text.map(str::to_lowercase) else { return Vec::new() };
    words.iter().filter(|(_, words)| words.to_lowercase().contains(&text)).map(|(key, _)| (*key).to_owned()).collect()
}

fn worded(page: &Page, row: AuditRow) -> Worded {
    let action = page.action(&row.action);
    let kind = page.t(&format!("identity-actor-{}", row.actor_kind));
    let facts = match row.detail.as_object() {
        Some(facts) => facts.iter().map(|(name, value)| (name.clone(), fact(value))).collect(),
        None => Vec::new(),
    };
    let object = jh_db::audit::object(&row.detail).unwrap_or_default().to_owned();
    Worded { object, row, action, kind, facts }
}

fn fact(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[derive(Template)]
#[template(path = "identity/audit_day.html")]
struct DayPage {
    page: Page,
    day: Date,
    is_open: bool,
    sealed: SealedDay,
    rows: i64,
    commands: [String; 2],
}

/// One signed day, or today so far: what was signed, and how anyone checks it.
pub async fn day(State(app): State<App>, page: Page, Path(day): Path<String>) -> Result<Response, Failure> {
    let day = readable_day(&app, page.actor()?, &day).await?;
    let is_open = day == china_day(app.clock.now());
    let signed = match is_open {
        true => jh_db::audit::day_so_far(&app, day).await?,
        false => jh_db::audit::sealed_day(&app, day).await?,
    };
    let sealed = signed.ok_or_else(Failure::not_found)?;
    let list = page.t("identity-audit-title");
    let title = page.t1("identity-audit-day-title", "day", page.date(day));
    let page = page.crumb("/identity/audit", list).with_title_text(title);
    let rows = sealed.last_seq - sealed.first_seq + 1;
    render(&DayPage { page, day, is_open, rows, commands: commands(day), sealed })
}

/// The day of an address, for whoever may read the whole trail; for everybody else it is not there.
pub(super) async fn readable_day(app: &App, actor: &Actor, text: &str) -> Result<Date, Failure> {
    let day = parse_day(text).ok_or_else(Failure::not_found)?;
    if day > china_day(app.clock.now()) {
        return Err(Failure::not_found());
    }
    let everywhere = actor.kind == ActorKind::System || reach(&mut *app.db.read().await?, actor).await?.is_none();
    if everywhere { Ok(day) } else { Err(IdentityError::NeedsRoot { permission: permission::AUDIT }.into()) }
}

/// What `jh_db::audit::export_day` answers for the same day; a test holds the two together.
pub(crate) fn commands(day: Date) -> [String; 2] {
    let distid = jh_crypto::signature::DISTID;
    [
        format!("grep -x \"sm3: $(openssl dgst -sm3 -r audit-{day}.jsonl | cut -d' ' -f1)\" root.txt"),
        format!(
            "openssl pkeyutl -verify -pubin -inkey public.pem -rawin -digest sm3 -in root.txt -sigfile root.sig \
             -pkeyopt distid:{distid}"
        ),
    ]
}
