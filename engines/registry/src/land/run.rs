//! A delivery from where it stands to its end: one thread reads, some check and seal, and this task lands chunk after
//! chunk. Channels hold a few chunks, so memory does not depend on the file, and the order is that of the file.
use std::fs::File;
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jh_core::clock::Clock;
use jh_db::{Base, DbError};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio_util::sync::CancellationToken;

use super::batch::Batch;
use super::chunk::{Doubts, Landed, Started, finish, start};
use super::plan::Plan;
use super::seen::Seen;
use crate::check::Checker;
use crate::reader::{self, Chunk, Position, ReadFault};
use crate::store;
use crate::store::reject::REPORT_ROWS_MAX;

/// Chunks read ahead of the one that is being landed.
const AHEAD: usize = 2;
const CHECKERS_MAX: usize = 4;
const PATIENCE_FIRST: Duration = Duration::from_millis(500);
const PATIENCE_LAST: Duration = Duration::from_secs(30);

/// How a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// All rows are read.
    Finished,
    /// Somebody asked for it.
    Cancelled,
    /// Another worker is at it, or it has ended.
    Taken,
    /// The program stops; another run goes on.
    Stopped,
}

/// Why a run broke off.
#[derive(Debug, thiserror::Error)]
pub enum RunFault {
    /// The file.
    #[error(transparent)]
    Read(#[from] ReadFault),
    /// The database, in a way that waiting does not mend.
    #[error(transparent)]
    Db(#[from] DbError),
    /// A thread ended before its time.
    #[error("a checking thread ended before its time")]
    Thread,
}

struct Job {
    chunk: Chunk,
    answer: oneshot::Sender<Batch>,
}

/// Lands the file from `from` on. `rejected` rows are in the report already.
pub async fn run(
    base: &Base,
    plan: Arc<Plan>,
    file: File,
    from: Position,
    rejected: u64,
    stop: &CancellationToken,
) -> Result<Outcome, RunFault> {
    let (order, ordered) = mpsc::channel(AHEAD);
    let (jobs, waiting) = sync_channel::<Job>(AHEAD);
    let (format, width) = (plan.format, plan.mapping.columns.len());
    let reading = spawn_blocking(move || {
        reader::read(file, format, from, width, &mut |chunk| {
            let (answer, ready) = oneshot::channel();
            order.blocking_send(ready).is_ok() && jobs.send(Job { chunk, answer }).is_ok()
        })
    });
    let waiting = Arc::new(Mutex::new(waiting));
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    for _ in 0..(cores - 1).clamp(1, CHECKERS_MAX) {
        let (plan, waiting, clock) = (plan.clone(), waiting.clone(), base.clock.clone());
        spawn_blocking(move || check_jobs(&plan, &waiting, &clock));
    }
    // The checkers hold the queue among them: when the last one is gone, the reader must learn of it.
    drop(waiting);
    let outcome = land_in_order(base, &plan, ordered, (from, rejected), stop).await?;
    if outcome == Outcome::Finished {
        reading.await.map_err(|_| RunFault::Thread)??;
    }
    Ok(outcome)
}

fn check_jobs(plan: &Plan, waiting: &Mutex<Receiver<Job>>, clock: &Clock) {
    let mut checker = Checker::new(&plan.schema, &plan.mapping, plan.setting.as_setting());
    loop {
        // Whoever holds the lock waits for the next job; the others wait for the lock.
        let Ok(job) = waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner).recv() else { return };
        let checked = checker.check(&job.chunk);
        let batch = plan.prepare(checked, job.chunk.next, clock.now());
        if job.answer.send(batch).is_err() {
            return;
        }
    }
}

/// A chunk in hand, and what is being done of it ahead of its turn.
struct Ahead {
    batch: Arc<Batch>,
    started: JoinHandle<Option<Started>>,
}

/// Starts chunk after chunk ahead of their turns. At most two others are not yet committed when one is started: the one
/// being finished, and the one that waits between.
async fn start_ahead(
    base: Base,
    plan: Arc<Plan>,
    mut from: Position,
    mut ordered: mpsc::Receiver<oneshot::Receiver<Batch>>,
    ahead: mpsc::Sender<Ahead>,
) -> Result<(), RunFault> {
    let mut seen = Seen::new();
    let mut open: [Option<Arc<Batch>>; 2] = [None, None];
    while let Some(ready) = ordered.recv().await {
        let batch = ready.await.map_err(|_| RunFault::Thread)?;
        if batch.next == from {
            continue;
        }
        from = batch.next;
        let batch = Arc::new(batch);
        let doubts = Doubts::of(&batch, &mut seen, open.iter().flatten());
        let (base, plan, starting) = (base.clone(), plan.clone(), batch.clone());
        // What hinders it now is told when its turn comes, by whoever then waits patiently.
        let started = tokio::spawn(async move { start(&base, &plan, &starting, doubts).await.ok() });
        open.rotate_right(1);
        open[0] = Some(batch.clone());
        if ahead.send(Ahead { batch, started }).await.is_err() {
            break;
        }
    }
    Ok(())
}

/// Finishes chunk after chunk while the next are started.
async fn land_in_order(
    base: &Base,
    plan: &Arc<Plan>,
    ordered: mpsc::Receiver<oneshot::Receiver<Batch>>,
    (mut from, mut rejected): (Position, u64),
    stop: &CancellationToken,
) -> Result<Outcome, RunFault> {
    let (feed, mut waiting) = mpsc::channel(1);
    let starting = tokio::spawn(start_ahead(base.clone(), plan.clone(), from, ordered, feed));
    loop {
        let next = tokio::select! {
            biased;
            () = stop.cancelled() => return Ok(Outcome::Stopped),
            next = waiting.recv() => next,
        };
        let Some(Ahead { batch, started }) = next else { break };
        let started = started.await.map_err(|_| RunFault::Thread)?;
        let report_rows_left = REPORT_ROWS_MAX.saturating_sub(rejected);
        match land_patiently(base, plan, (&batch, started), from, report_rows_left, stop).await? {
            Some(Landed::Now(_) | Landed::Before) => {}
            Some(Landed::Cancelled) => return Ok(Outcome::Cancelled),
            Some(Landed::Taken) => return Ok(Outcome::Taken),
            None => return Ok(Outcome::Stopped),
        }
        from = batch.next;
        rejected += batch.rejects.len() as u64;
    }
    starting.await.map_err(|_| RunFault::Thread)??;
    Ok(Outcome::Finished)
}

/// Tries until the database is back, the disk has room, the other transaction is through. None when told to stop.
async fn land_patiently(
    base: &Base,
    plan: &Plan,
    (batch, mut started): (&Batch, Option<Started>),
    from: Position,
    report_rows_left: u64,
    stop: &CancellationToken,
) -> Result<Option<Landed>, RunFault> {
    let mut patience = PATIENCE_FIRST;
    loop {
        let landing = async {
            let ready = match started.take() {
                Some(ready) => ready,
                None => start(base, plan, batch, Doubts::all(batch)).await?,
            };
            finish(ready, plan, batch, from, report_rows_left).await
        };
        let fault = match landing.await {
            Ok(landed) => return Ok(Some(landed)),
            Err(fault) if fault.is_passing() || matches!(fault, DbError::DiskFull(_)) => fault,
            Err(fault) => return Err(fault.into()),
        };
        tracing::warn!(delivery = %plan.delivery_id, error = %fault, "a chunk waits");
        say_paused(base, plan, &fault).await;
        tokio::select! {
            () = stop.cancelled() => return Ok(None),
            () = tokio::time::sleep(patience) => patience = (patience * 2).min(PATIENCE_LAST),
        }
    }
}

/// So that the page says why nothing moves. If even this cannot be written, the page cannot be read either.
async fn say_paused(base: &Base, plan: &Plan, fault: &DbError) {
    let reason = match fault {
        DbError::DiskFull(_) => "disk-full",
        DbError::Collided(_) | DbError::TooSlow(_) => "busy",
        _ => "database-away",
    };
    let now = base.clock.now();
    let written = async { store::delivery::pause(&mut *base.db.read().await?, plan.delivery_id, reason, now).await };
    if let Err(error) = written.await {
        tracing::debug!(%error, "the pause could not be written down");
    }
}
