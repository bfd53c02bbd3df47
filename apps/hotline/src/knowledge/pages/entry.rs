//! One entry: what it says, what has changed, what happened, what is said of it, and what the reader can do next.
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use jh_core::clock::china_day;
use jh_web::{App, Failure, Page, render};
use sqlx::PgConnection;
use time::Duration;

use super::super::difference::{Piece, compare};
use super::super::model::{Revision, Standing};
use super::super::store::using::{self, RemarkRow};
use super::super::store::{self, EntryRow, StepRow, VersionRow, neighbour};
use super::super::{PUBLISH, READ, WRITE};
use super::{Badge, Line, audience_key, badges, entry_id, lines};
use crate::fault::HotlineError;

/// Uses are shown of so many days.
const USE_DAYS: i64 = 30;

/// What has changed of one part of an answer.
pub struct Changed {
    /// The Fluent key of the part.
    pub label: &'static str,
    /// The text, old and new.
    pub pieces: Vec<Piece>,
}

/// One event of the history.
pub struct EventLine {
    /// What happened.
    pub title: String,
    /// By whom.
    pub who: String,
    /// When.
    pub at: String,
    /// What was said.
    pub note: String,
}

/// What the reader may do with the entry as it stands.
#[derive(Default)]
struct May {
    edit: bool,
    submit: bool,
    take_back: bool,
    review: bool,
    /// The reader wrote it, and so may not publish it although the permission would allow it.
    own: bool,
    renew: bool,
    withdraw: bool,
    discard: bool,
    hand_over: bool,
    settle: bool,
}

#[derive(Template)]
#[template(path = "hotline/knowledge_entry.html")]
struct EntryPage {
    page: Page,
    entry: EntryRow,
    shown: VersionRow,
    organisation: String,
    owner: String,
    owner_working: bool,
    badges: Vec<Badge>,
    /// What the version under review changes; empty when nothing was published before.
    changed: Vec<Changed>,
    versions: Vec<VersionRow>,
    events: Vec<EventLine>,
    remarks: Vec<RemarkRow>,
    keepers: Vec<(String, String)>,
    uses: i64,
    may: May,
    /// Whether the reader's scope covers it; others see only what is in force.
    within: bool,
    given: bool,
}

impl EntryPage {
    fn lines(&self) -> Vec<Line> {
        lines(&self.shown.answer)
    }

    fn audience(&self) -> &'static str {
        audience_key(self.shown.audience)
    }
}

/// The entry behind an address, as far as the reader may see it.
async fn found(conn: &mut PgConnection, page: &Page, text: &str) -> Result<EntryRow, Failure> {
    let scopes = page.actor()?.scopes(READ);
    Ok(store::entry(conn, entry_id(text)?, &scopes).await?.ok_or(HotlineError::NotFound("entry"))?)
}

async fn version_of(conn: &mut PgConnection, entry: &EntryRow, version: i32) -> Result<VersionRow, HotlineError> {
    store::version(conn, entry.entry_id, version).await?.ok_or(HotlineError::NotFound("version"))
}

/// Whether the scopes of a permission cover the entry.
async fn covers(conn: &mut PgConnection, page: &Page, entry: &EntryRow, permission: &str) -> Result<bool, Failure> {
    let scopes = page.actor()?.scopes(permission);
    Ok(neighbour::organisation_within(conn, entry.organisation_id, &scopes).await?.is_some())
}

async fn allowed(conn: &mut PgConnection, page: &Page, entry: &EntryRow) -> Result<May, Failure> {
    let (write, publish) = (covers(conn, page, entry, WRITE).await?, covers(conn, page, entry, PUBLISH).await?);
    let state = entry.state();
    let in_review = entry.revision == Revision::InReview;
    let own = match page.actor()?.account.filter(|_| publish && in_review) {
        Some(account) => store::wrote(conn, entry, account).await?,
        None => false,
    };
    Ok(May {
        edit: write && state.written().is_some(),
        submit: write && state.submitted().is_some(),
        take_back: write && in_review,
        review: publish && in_review && !own,
        own,
        renew: write && state.renewed().is_some(),
        withdraw: write && state.withdrawn().is_some(),
        discard: write && state.discarded().is_some(),
        hand_over: write && entry.standing != Standing::Withdrawn,
        settle: write,
    })
}

/// One entry.
pub async fn show(State(app): State<App>, page: Page, Path(text): Path<String>) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let entry = found(&mut conn, &page, &text).await?;
    let within = covers(&mut conn, &page, &entry, READ).await?;
    let number = if within { entry.current_version() } else { entry.published_version.unwrap_or(entry.last_version) };
    let shown = version_of(&mut conn, &entry, number).await?;
    let changed = match entry.published_version.filter(|published| *published != number) {
        Some(published) => differences(&page, &version_of(&mut conn, &entry, published).await?, &shown),
        None => Vec::new(),
    };
    let may = allowed(&mut conn, &page, &entry).await?;
    let keepers = match may.hand_over {
        true => neighbour::keepers(&mut conn, entry.organisation_id).await?,
        false => Vec::new(),
    };
    let (owner, owner_working) = neighbour::person(&mut conn, entry.owner_id).await?;
    let since = china_day(page.now()) - Duration::days(USE_DAYS);
    let title = shown.question.clone();
    render(&EntryPage {
        organisation: neighbour::organisation_name(&mut conn, entry.organisation_id).await?,
        owner,
        owner_working,
        badges: if within { badges(entry.standing, entry.revision) } else { badges(entry.standing, Revision::None) },
        versions: if within { store::versions(&mut conn, entry.entry_id).await? } else { Vec::new() },
        events: if within { events(&page, &store::steps(&mut conn, entry.entry_id).await?) } else { Vec::new() },
        remarks: if within { using::remarks(&mut conn, entry.entry_id).await? } else { Vec::new() },
        keepers: keepers.into_iter().map(|(id, name)| (id.to_string(), name)).collect(),
        uses: using::uses(&mut conn, entry.entry_id, since).await?,
        given: entry.standing == Standing::Published,
        page: page.with_title_text(title).crumb_key("/hotline/knowledge", "hotline-knowledge-title"),
        entry,
        shown,
        changed,
        may,
        within,
    })
}

#[derive(Template)]
#[template(path = "hotline/knowledge_version.html")]
struct VersionPage {
    page: Page,
    entry: EntryRow,
    shown: VersionRow,
    /// The version before it.
    before: Option<i32>,
    changed: Vec<Changed>,
}

impl VersionPage {
    fn lines(&self) -> Vec<Line> {
        lines(&self.shown.answer)
    }

    fn audience(&self) -> &'static str {
        audience_key(self.shown.audience)
    }
}

/// One version, and what it changed. Only for those who keep the entry or may read all of its organisation.
pub async fn version(
    State(app): State<App>,
    page: Page,
    Path((text, number)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let entry = found(&mut conn, &page, &text).await?;
    if !covers(&mut conn, &page, &entry, READ).await? {
        return Err(HotlineError::NotFound("version").into());
    }
    let number: i32 = number.parse().map_err(|_| HotlineError::NotFound("version"))?;
    let shown = version_of(&mut conn, &entry, number).await?;
    let before = Some(number - 1).filter(|before| *before > 0);
    let changed = match before {
        Some(before) => differences(&page, &version_of(&mut conn, &entry, before).await?, &shown),
        None => Vec::new(),
    };
    let title = page.t1("hotline-knowledge-version-title", "n", number);
    let page = page.with_title_text(title).crumb_key("/hotline/knowledge", "hotline-knowledge-title");
    let page = page.crumb(super::entry_path(entry.entry_id), entry.question.clone());
    render(&VersionPage { page, entry, shown, before, changed })
}

/// The parts in which two versions differ, in the order of the form.
fn differences(page: &Page, older: &VersionRow, newer: &VersionRow) -> Vec<Changed> {
    let path = |row: &VersionRow| row.service_path.clone().unwrap_or_default();
    let audience = |row: &VersionRow| page.t(audience_key(row.audience));
    let parts = [
        ("hotline-knowledge-question", older.question.clone(), newer.question.clone()),
        ("hotline-knowledge-aliases", older.aliases.clone(), newer.aliases.clone()),
        ("hotline-knowledge-short-answer", older.short_answer.clone(), newer.short_answer.clone()),
        ("hotline-knowledge-answer", older.answer.clone(), newer.answer.clone()),
        ("hotline-knowledge-keywords", older.keywords.clone(), newer.keywords.clone()),
        ("hotline-knowledge-service", path(older), path(newer)),
        ("hotline-knowledge-audience", audience(older), audience(newer)),
        ("hotline-knowledge-from-on", page.date(older.from_on), page.date(newer.from_on)),
        ("hotline-knowledge-expires-on", page.date(older.expires_on), page.date(newer.expires_on)),
    ];
    let differ = parts.into_iter().filter(|(_, older, newer)| older != newer);
    differ.map(|(label, older, newer)| Changed { label, pieces: compare(&older, &newer) }).collect()
}

/// Puts the history into words.
fn events(page: &Page, steps: &[StepRow]) -> Vec<EventLine> {
    let line = |step: &StepRow| EventLine {
        title: page.t1(&format!("hotline-knowledge-step-{}", step.kind.replace('_', "-")), "version", step.version),
        who: step.actor_name.clone(),
        at: page.instant(step.at),
        note: step.note.clone(),
    };
    steps.iter().map(line).collect()
}
