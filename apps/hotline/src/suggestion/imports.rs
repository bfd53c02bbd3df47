//! Past cases come in: a file that is read in portions by a job, names that are explained later, and cases of our own.
//!
//! A portion is one transaction with its counts, so that a run that was killed goes on from its last portion. Whatever is brought
//! twice is kept once: a case's id is made from its text and its organisation.
use std::collections::HashMap;

use jh_core::actor::{Command, OrganisationId};
use jh_core::gram;
use jh_core::paging::PageRequest;
use jh_crypto::sm3;
use jh_db::audit::Entry;
use jh_db::files::FileRef;
use jh_db::jobs::{JobContext, JobError};
use jh_db::{Base, Work};
use serde::Serialize;
use serde_json::{Value, json};
use time::Date;
use uuid::Uuid;

use super::store::imports::{self, ImportRow, Portion};
use super::store::{self, NewCase};
use super::table::{self, Past, Row, TableError};
use super::{ImportId, MANAGE};
use crate::fault::HotlineError;

/// The job that reads files.
pub const JOB: &str = "hotline.history_import";
/// Rows of one portion.
const PORTION: usize = 500;
/// Rows of an explained name that are moved in one transaction.
const STRAYS: i64 = 500;
/// As many characters of a text are searched by; beyond, a text is about many things.
const SOUGHT_CHARS: usize = 1_000;

/// A file that was brought.
#[derive(Clone, Debug)]
pub struct Brought {
    /// Its number.
    pub import_id: ImportId,
}

/// Takes a stored file in; a job reads it.
pub async fn bring(base: &Base, command: &Command, name: &str, file: FileRef) -> Result<Brought, HotlineError> {
    let mut work = Work::begin(base, command).await?;
    let scopes = work.actor().scopes(MANAGE);
    if scopes.is_empty() {
        return Err(HotlineError::OutOfScope(MANAGE));
    }
    let import_id = ImportId::at(command.now);
    let row = ImportRow {
        import_id,
        file_name: name.chars().take(200).collect(),
        file_sm3: file.sm3.to_vec(),
        state: "waiting".into(),
        refusal: None,
        scopes,
        rows_read: 0,
        rows_kept: 0,
        rows_twice: 0,
        rows_refused: 0,
        rows_stray: 0,
        brought_by_name: command.actor.name.to_string(),
        brought_at: command.now,
    };
    imports::insert(work.conn(), &row).await?;
    let detail = json!({ "file": row.file_name, "sm3": file.hex() });
    work.audit(Entry::new("hotline.history.brought", import_id).detail(detail));
    work.enqueue(JOB, Some(&import_id.to_string()), json!({ "import_id": import_id })).await?;
    work.commit().await?;
    Ok(Brought { import_id })
}

/// The job.
pub async fn run(context: &JobContext, told: &Value) -> Result<(), JobError> {
    let id = told.get("import_id").and_then(Value::as_str).and_then(|id| id.parse().ok());
    let id: ImportId = id.ok_or_else(|| JobError::give_up("no import is named"))?;
    read_waiting(&context.base, &context.command(), id, &|| context.stop.is_cancelled()).await?;
    if context.stop.is_cancelled() { Err(JobError::stopped()) } else { Ok(()) }
}

/// Reads a file from where it was left to its end, or until it is stopped.
pub async fn read_waiting(
    base: &Base,
    command: &Command,
    id: ImportId,
    stopped: &(dyn Fn() -> bool + Send + Sync),
) -> Result<(), HotlineError> {
    let Some(import) = imports::find(&mut *base.db.read().await?, id).await? else { return Ok(()) };
    if import.state == "done" || import.state == "failed" {
        return Ok(());
    }
    let rows = match rows_of(base, &import).await? {
        Ok(rows) => rows,
        Err(fault) => return finish(base, command, id, Some(code(&fault))).await,
    };
    let known = Known::of(base, &import).await?;
    let done = usize::try_from(import.rows_read).unwrap_or(0).min(rows.len());
    for portion in rows[done..].chunks(PORTION) {
        if stopped() {
            return Ok(());
        }
        land(base, command, &import, &known, portion).await?;
    }
    finish(base, command, id, None).await
}

async fn finish(base: &Base, command: &Command, id: ImportId, refusal: Option<&str>) -> Result<(), HotlineError> {
    let mut work = Work::begin(base, command).await?;
    imports::finish(work.conn(), id, refusal, command.now).await?;
    let detail = json!({ "refusal": refusal });
    work.audit(Entry::new("hotline.history.read", id).detail(detail));
    Ok(work.commit().await?)
}

async fn rows_of(base: &Base, import: &ImportRow) -> Result<Result<Vec<Row>, TableError>, HotlineError> {
    let name: [u8; 32] = import.file_sm3.as_slice().try_into().map_err(|_| HotlineError::NotFound("file"))?;
    let file = base.files.open_blocking(&name)?;
    let rows = tokio::task::spawn_blocking(move || table::read(file)).await;
    // A reader that broke off read nothing.
    Ok(rows.unwrap_or(Err(TableError::Empty)))
}

/// The Fluent key of why a file cannot be read.
pub fn code(fault: &TableError) -> &'static str {
    match fault {
        TableError::Empty => "hotline-history-file-empty",
        TableError::NoColumn(_) => "hotline-history-file-columns",
        TableError::Encoding => "hotline-history-file-encoding",
        TableError::TooLarge => "hotline-history-file-large",
    }
}

/// What names in the file stand for.
struct Known(HashMap<String, Option<Uuid>>);

impl Known {
    async fn of(base: &Base, import: &ImportRow) -> Result<Self, HotlineError> {
        let mut conn = base.db.read().await?;
        let mut known = HashMap::new();
        let rows = store::names(&mut conn, &import.scopes).await?;
        // A name that two bear is nobody's; the code is one's own.
        for name in rows.iter().flat_map(|row| [(&row.short_name, row), (&row.name, row)]) {
            let (text, row) = name;
            let id = Some(Uuid::from(row.organisation_id));
            known
                .entry(text.clone())
                .and_modify(|other| {
                    if *other != id {
                        *other = None
                    }
                })
                .or_insert(id);
        }
        known.retain(|_, id| id.is_some());
        known.extend(rows.iter().map(|row| (row.code.clone(), Some(row.organisation_id.into()))));
        known.extend(imports::explained(&mut conn).await?);
        Ok(Self(known))
    }
}

/// One portion, in one transaction.
async fn land(
    base: &Base,
    command: &Command,
    import: &ImportRow,
    known: &Known,
    rows: &[Row],
) -> Result<(), HotlineError> {
    let mut counts = Portion { read: rows.len() as i64, ..Portion::default() };
    let (mut cases, mut faults, mut strays) = (Vec::new(), Vec::new(), Vec::new());
    for (line, row) in rows {
        let line = *line as i64;
        match row {
            Err(fault) => faults.push((line, fault.code())),
            Ok(past) => match known.0.get(&past.department) {
                Some(Some(id)) => cases.push(case(past, OrganisationId(*id), &import.file_name)),
                Some(None) => faults.push((line, "left-out")),
                None => strays.push((line, past.department.clone(), past.text.clone(), past.happened_on)),
            },
        }
    }
    let mut work = Work::begin(base, command).await?;
    counts.kept = store::keep(work.conn(), &cases, command.now).await? as i64;
    counts.twice = cases.len() as i64 - counts.kept;
    (counts.refused, counts.stray) = (faults.len() as i64, strays.len() as i64);
    if !faults.is_empty() {
        imports::insert_faults(work.conn(), import.import_id, &faults).await?;
    }
    if !strays.is_empty() {
        imports::insert_strays(work.conn(), import.import_id, &strays).await?;
    }
    imports::advance(work.conn(), import.import_id, counts, command.now).await?;
    Ok(work.commit().await?)
}

fn case(past: &Past, organisation: OrganisationId, source: &str) -> NewCase {
    new_case(&past.text, organisation, past.happened_on, source)
}

fn new_case(text: &str, organisation: OrganisationId, happened_on: Option<Date>, source: &str) -> NewCase {
    let sought: String = text.chars().take(SOUGHT_CHARS).collect();
    NewCase {
        history_id: id_of(text, organisation),
        organisation_id: organisation,
        text: text.to_owned(),
        happened_on,
        source: source.chars().take(200).collect(),
        sought: gram::vector(&[&sought]),
    }
}

/// The same text of the same organisation has the same id (a UUID of version 8, made from an SM3 digest).
fn id_of(text: &str, organisation: OrganisationId) -> Uuid {
    let plain: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    let id: Uuid = organisation.into();
    let digest = sm3::digest(&[id.as_bytes().as_slice(), plain.as_bytes()].concat());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// Keeps a case of the city's own that was closed: what it said, who handled it in the end.
pub async fn remember(
    work: &mut Work,
    text: &str,
    organisation: OrganisationId,
    happened_on: Date,
    source: &str,
) -> Result<(), HotlineError> {
    let text: String = text.chars().filter(|c| *c != '\0').take(table::TEXT_CHARS_MAX).collect();
    if text.chars().any(char::is_alphanumeric) {
        let (case, now) = (new_case(text.trim(), organisation, Some(happened_on), source), work.now());
        store::keep(work.conn(), &[case], now).await?;
    }
    Ok(())
}

/// Explains a name, and moves the rows that waited for it. Without an organisation they are left out for good.
pub async fn explain(
    base: &Base,
    command: &Command,
    department: &str,
    organisation: Option<OrganisationId>,
) -> Result<u64, HotlineError> {
    let mut work = Work::begin(base, command).await?;
    let scopes = work.actor().scopes(MANAGE);
    if let Some(id) = organisation {
        let within = store::names(work.conn(), &scopes).await?.iter().any(|row| row.organisation_id == id);
        if !within {
            return Err(HotlineError::OutOfScope(MANAGE));
        }
    }
    if department.is_empty() || department.chars().count() > table::DEPARTMENT_CHARS_MAX {
        return Err(HotlineError::field("department", "hotline-suggestion-name"));
    }
    let by = command.actor.name.to_string();
    imports::explain(work.conn(), department, organisation, &by, command.now).await?;
    let mut moved = 0;
    loop {
        let rows = imports::take_strays(work.conn(), department, STRAYS).await?;
        if rows.is_empty() {
            break;
        }
        moved += rows.len() as u64;
        if let Some(id) = organisation {
            let cases: Vec<NewCase> =
                rows.iter().map(|row| new_case(&row.text, id, row.happened_on, &row.file_name)).collect();
            store::keep(work.conn(), &cases, command.now).await?;
        }
    }
    let detail = json!({ "department": department, "organisation_id": organisation, "rows": moved });
    work.audit(Entry::new("hotline.history.name_explained", jh_core::id::uuid_at(command.now)).detail(detail));
    work.commit().await?;
    Ok(moved)
}

/// What became of a file's rows.
#[derive(Clone, Debug, Serialize)]
pub struct Read {
    /// Rows read.
    pub rows: i64,
    /// New cases.
    pub kept: i64,
    /// Known before, word for word.
    pub twice: i64,
    /// With a fault.
    pub refused: i64,
    /// Of departments that are not known, and how often each was named, the most frequent first.
    pub unknown: Vec<(String, i64)>,
    /// Why the file could not be read at all.
    pub refusal: Option<String>,
}

/// What became of a file's rows so far.
pub async fn outcome(base: &Base, id: ImportId) -> Result<Read, HotlineError> {
    let mut conn = base.db.read().await?;
    let row = imports::find(&mut conn, id).await?.ok_or(HotlineError::NotFound("import"))?;
    let names = imports::waiting_names(&mut conn, Some(id), PageRequest { page: None, size: Some(100) }).await?;
    Ok(Read {
        rows: row.rows_read,
        kept: row.rows_kept,
        twice: row.rows_twice,
        refused: row.rows_refused,
        unknown: names.into_iter().map(|name| (name.department, name.count)).collect(),
        refusal: row.refusal,
    })
}
