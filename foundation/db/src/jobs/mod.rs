//! Work for later, and work by the clock. A job is enqueued in the transaction of the change that needs it, runs at
//! least once, and is taken over by another worker within seconds when its own is killed.
//!
//! Why a table of our own and not a library: `docs/decisions/0002-jobs.md`.
pub mod list;
pub(crate) mod queue;
mod schedule;
mod worker;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use jh_core::actor::Command;
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::Base;

pub use schedule::Schedule;
pub use worker::{Runner, run_due};

/// Attempts after which a job is set aside as failed and waits for a person.
pub const ATTEMPTS_MAX: i32 = 10;

/// The pause before attempt `attempts + 1`: 5 s, 10 s, 20 s and so on, at most an hour.
pub(crate) fn back_off(attempts: i32) -> time::Duration {
    let doublings = u32::try_from(attempts.clamp(1, 11) - 1).unwrap_or(0);
    time::Duration::seconds(5 * 2_i64.pow(doublings)).min(time::Duration::hours(1))
}

/// What a job is given besides its payload.
#[derive(Clone)]
pub struct JobContext {
    /// The store and all else.
    pub base: Base,
    /// Cancelled when the program stops, or when the job's lease is lost: leave off at the next safe point and
    /// return [`JobError::stopped`]; the job will be resumed.
    pub stop: CancellationToken,
    /// This run's job.
    pub job_id: Uuid,
    /// 1 for the first try.
    pub attempt: i32,
    name: &'static str,
}

impl JobContext {
    /// A command of the program itself, named after the job, at the present instant.
    pub fn command(&self) -> Command {
        Command::system(self.name, self.base.clock.now())
    }
}

/// Why a job did not finish. Any error turns into one by `?` and is tried again after a pause.
pub struct JobError {
    pub(crate) outcome: Unfinished,
    cause: String,
}

/// What to do with a job that did not finish.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unfinished {
    TryAgain,
    GiveUp,
    Stopped,
}

impl JobError {
    /// Trying again is useless: set the job aside at once.
    pub fn give_up(cause: impl fmt::Display) -> Self {
        Self { outcome: Unfinished::GiveUp, cause: cause.to_string() }
    }

    /// Try again after a pause.
    pub fn again(cause: impl fmt::Display) -> Self {
        Self { outcome: Unfinished::TryAgain, cause: cause.to_string() }
    }

    /// The job left off because it was told to stop; it is resumed without counting an attempt.
    pub fn stopped() -> Self {
        Self { outcome: Unfinished::Stopped, cause: "stopped".into() }
    }
}

// Not a std::error::Error itself, so that every error can turn into one by `?`.
impl<E: std::error::Error + Send + Sync + 'static> From<E> for JobError {
    fn from(error: E) -> Self {
        let mut cause = error.to_string();
        let mut source = error.source();
        while let Some(inner) = source {
            let text = inner.to_string();
            // thiserror's messages often end with their source's own.
            if !cause.ends_with(&text) {
                cause = format!("{cause}: {text}");
            }
            source = inner.source();
        }
        Self { outcome: Unfinished::TryAgain, cause }
    }
}

impl fmt::Display for JobError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.cause)
    }
}

impl fmt::Debug for JobError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JobError({:?}, {})", self.outcome, self.cause)
    }
}

/// What a job does.
pub type JobFn =
    Arc<dyn Fn(JobContext, Value) -> Pin<Box<dyn Future<Output = Result<(), JobError>> + Send>> + Send + Sync>;

/// A kind of job.
#[derive(Clone)]
pub struct JobDef {
    /// Prefixed by its room, for example `registry.ingest`.
    pub name: &'static str,
    /// What it does.
    pub run: JobFn,
    /// When it runs by itself, if it does.
    pub schedule: Option<Schedule>,
    /// How many of this name one process runs at a time.
    pub at_most: usize,
    /// After how many attempts it is set aside.
    pub attempts_max: i32,
}

impl JobDef {
    /// `JobDef::new("registry.ingest", |ctx: JobContext, payload: Value| async move { … Ok::<(), JobError>(()) })`
    pub fn new<F, Fut>(name: &'static str, run: F) -> Self
    where
        F: Fn(JobContext, Value) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        let run: JobFn = Arc::new(move |context, payload| Box::pin(run(context, payload)));
        Self { name, run, schedule: None, at_most: usize::MAX, attempts_max: ATTEMPTS_MAX }
    }

    /// Runs by itself, this long after it last began. Missed times are made up by one run.
    #[must_use]
    pub fn every(mut self, period: Duration) -> Self {
        self.schedule = Some(Schedule::Every(period));
        self
    }

    /// Runs by itself once a day at this time in China.
    #[must_use]
    pub fn daily_at(mut self, hour: u8, minute: u8) -> Self {
        self.schedule = Some(Schedule::Daily { hour, minute });
        self
    }

    /// Runs by itself as told.
    #[must_use]
    pub fn scheduled(mut self, schedule: Schedule) -> Self {
        self.schedule = Some(schedule);
        self
    }

    /// Runs at most so many at a time in one process.
    #[must_use]
    pub fn at_most(mut self, at_a_time: usize) -> Self {
        self.at_most = at_a_time.max(1);
        self
    }

    /// Is set aside after so many attempts instead of [`ATTEMPTS_MAX`].
    #[must_use]
    pub fn attempts(mut self, attempts_max: i32) -> Self {
        self.attempts_max = attempts_max.max(1);
        self
    }
}

/// The jobs of this crate itself: sealing the audit's days, and sweeping what has outlived its use.
pub fn own() -> Vec<JobDef> {
    vec![
        JobDef::new("db.audit_seal", |context: JobContext, _: Value| async move {
            crate::audit::seal_finished_days(&context.base).await?;
            Ok(())
        })
        .daily_at(0, 10),
        JobDef::new("db.sweep", |context: JobContext, _: Value| async move {
            let JobContext { base, .. } = context;
            crate::idempotency::sweep(&base.db, &base.clock).await?;
            list::sweep(&base).await?;
            let day_ago = std::time::SystemTime::from(base.clock.now() - time::Duration::DAY);
            base.files.sweep(day_ago).await?;
            let unneeded = crate::files::sweep(&base, day_ago).await?;
            if unneeded > 0 {
                tracing::info!(unneeded, "removed stored files that nothing refers to");
            }
            Ok(())
        })
        .daily_at(3, 20),
    ]
}
