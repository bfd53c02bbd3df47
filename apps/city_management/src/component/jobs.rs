//! The job that reads a survey: a chunk is a transaction of its own, so that a killed run goes on where it was and its
//! counts are those that were acknowledged. The file is read on a thread beside, some chunks ahead at the most.
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jh_core::actor::Command;
use jh_core::clock::china_day;
use jh_db::audit::Entry;
use jh_db::jobs::{JobContext, JobDef, JobError};
use jh_db::{Base, Work};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::check::Columns;
use super::land::{City, land};
use super::read::{self, Item, Wrong};
use super::store::import::{self, ImportRow};
use crate::code::ImportId;
use crate::fault::CityError;
use crate::ground;

/// The job.
pub const JOB: &str = "city_management.survey";
/// Rows of one transaction.
const CHUNK_ROWS: usize = 500;
const RESUME_EVERY: Duration = Duration::from_secs(300);

/// The part's jobs.
pub fn all() -> Vec<JobDef> {
    vec![
        JobDef::new(JOB, |context: JobContext, payload: Value| async move {
            let id: Option<ImportId> = payload["import_id"].as_str().and_then(|text| text.parse().ok());
            let Some(id) = id else { return Err(JobError::give_up("the payload names no survey")) };
            if run(&context.base, id, &context.stop).await? { Ok(()) } else { Err(JobError::stopped()) }
        })
        .at_most(2),
        JobDef::new("city_management.survey_resume", |context: JobContext, _: Value| async move {
            let mut work = Work::begin(&context.base, &context.command()).await?;
            for id in import::unfinished(work.conn()).await? {
                work.enqueue(JOB, Some(&id.to_string()), json!({ "import_id": id })).await?;
            }
            work.commit().await?;
            Ok(())
        })
        .every(RESUME_EVERY),
    ]
}

/// What the reading thread hands over.
enum Portion {
    Columns(Vec<String>),
    Rows(Vec<(i64, Vec<String>)>, u64),
    Wrong(Wrong),
}

/// Takes a survey to its end; false when told to stop before. Safe to call again at any time.
pub async fn run(base: &Base, id: ImportId, stop: &CancellationToken) -> Result<bool, CityError> {
    let mut conn = base.db.read().await?;
    let found = import::list(&mut conn, None, Some(id), 1, 0).await?;
    let Some(it) = found.into_iter().next().filter(ImportRow::is_live) else { return Ok(true) };
    let city = City::read(&mut conn, &it, &ground::counties(base), china_day(base.clock.now())).await?;
    drop(conn);
    let mut portions = reading(base, &it)?;
    let Some(Portion::Columns(header)) = portions.recv().await else {
        return end(base, id, "failed", Some("unreadable")).await;
    };
    let Some(columns) = Columns::read(&header) else { return end(base, id, "failed", Some("columns")).await };
    let mut work = begin(base).await?;
    if import::lock(work.conn(), id).await?.is_none() {
        return Ok(true);
    }
    import::begin(work.conn(), id, &header).await?;
    work.commit().await?;
    let mut at = 0;
    while let Some(portion) = portions.recv().await {
        if stop.is_cancelled() {
            return Ok(false);
        }
        let (rows, bytes) = match portion {
            Portion::Rows(rows, bytes) => (rows, bytes),
            Portion::Wrong(why) => return end(base, id, "failed", Some(why)).await,
            Portion::Columns(_) => continue,
        };
        let mut work = begin(base).await?;
        match import::lock(work.conn(), id).await? {
            None => return Ok(true),
            Some((_, true)) => {
                drop(work);
                return end(base, id, "cancelled", None).await;
            }
            Some((done, false)) => {
                let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
                at += count;
                // Chunks are cut the same each time, so one is either all done or not at all.
                if at <= done {
                    continue;
                }
                let outcome = land(&mut work, &it, &city, &columns, rows).await?;
                let counts = (count, outcome.added, outcome.renewed, outcome.refused);
                import::count(work.conn(), id, counts, i64::try_from(bytes).unwrap_or(i64::MAX)).await?;
                work.commit().await?;
            }
        }
    }
    end(base, id, "done", None).await
}

/// Starts reading the file on a thread of its own.
fn reading(base: &Base, it: &ImportRow) -> Result<mpsc::Receiver<Portion>, CityError> {
    let (send, receive) = mpsc::channel(2);
    let name: [u8; 32] = it.file_sm3.clone().try_into().map_err(|_| CityError::NotFound)?;
    let file = base.files.open_blocking(&name)?;
    let format = it.format.clone();
    tokio::task::spawn_blocking(move || {
        let bytes = Arc::new(AtomicU64::new(0));
        let mut rows = Vec::with_capacity(CHUNK_ROWS);
        let (counted, sender) = (bytes.clone(), send.clone());
        let result = read::read(file, &format, bytes.clone(), |item| match item {
            Item::Columns(columns) => sender.blocking_send(Portion::Columns(columns)).is_ok(),
            Item::Row(number, cells) => {
                rows.push((number, cells));
                rows.len() < CHUNK_ROWS
                    || sender
                        .blocking_send(Portion::Rows(std::mem::take(&mut rows), counted.load(Ordering::Relaxed)))
                        .is_ok()
            }
        });
        if !rows.is_empty() {
            let _ = send.blocking_send(Portion::Rows(rows, bytes.load(Ordering::Relaxed)));
        }
        if let Err(why) = result {
            let _ = send.blocking_send(Portion::Wrong(why));
        }
    });
    Ok(receive)
}

async fn begin(base: &Base) -> Result<Work, CityError> {
    Ok(Work::begin(base, &Command::system(JOB, base.clock.now())).await?)
}

/// Ends a survey and tells the others.
async fn end(base: &Base, id: ImportId, state: &str, failure: Option<&str>) -> Result<bool, CityError> {
    let mut work = begin(base).await?;
    if import::lock(work.conn(), id).await?.is_none() {
        return Ok(true);
    }
    import::end(work.conn(), id, state, failure, base.clock.now()).await?;
    let found = import::list(work.conn(), None, Some(id), 1, 0).await?;
    let it = found.first().ok_or(CityError::NotFound)?;
    let detail = json!({
        "state": state, "read": it.rows_read, "added": it.rows_added, "renewed": it.rows_renewed, "refused": it.rows_refused,
    });
    work.audit(Entry::new("city_management.component.imported", id).detail(detail.clone()));
    work.emit("city_management.component.imported", id.into(), detail);
    work.commit().await?;
    Ok(true)
}
