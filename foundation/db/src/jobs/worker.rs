//! The worker: claims jobs, runs each in a task of its own, renews their leases, and winds down in order.
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::queue::{self, Back, Claim, Claimed};
use super::{ATTEMPTS_MAX, JobContext, JobDef, JobError, Unfinished, back_off, schedule};
use crate::outbox::{self, Handler};
use crate::{Base, DbError, audit};

/// How often to look for jobs that others enqueued or that came due.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// A killed worker's jobs are taken over after this long.
const LEASE: Duration = Duration::from_secs(15);
/// How long running jobs get to leave off when the program stops.
const GRACE: Duration = Duration::from_secs(10);

/// Everything that runs in the background of one process: jobs, schedules, event delivery, the audit chain.
///
/// `Runner::new(base).jobs(defs).handlers(handlers).run(stop).await`
pub struct Runner {
    base: Base,
    jobs: Arc<[JobDef]>,
    handlers: Vec<Arc<dyn Handler>>,
    slots: usize,
    lease: Duration,
    grace: Duration,
}

impl Runner {
    /// With this crate's own jobs only.
    pub fn new(base: Base) -> Self {
        Self { base, jobs: super::own().into(), handlers: Vec::new(), slots: 4, lease: LEASE, grace: GRACE }
    }

    /// Adds the rooms' jobs.
    #[must_use]
    pub fn jobs(mut self, jobs: impl IntoIterator<Item = JobDef>) -> Self {
        self.jobs = self.jobs.iter().cloned().chain(jobs).collect();
        self
    }

    /// Adds the rooms' handlers of events.
    #[must_use]
    pub fn handlers(mut self, handlers: impl IntoIterator<Item = Arc<dyn Handler>>) -> Self {
        self.handlers.extend(handlers);
        self
    }

    /// How many jobs run at a time; 4 unless told.
    #[must_use]
    pub fn slots(mut self, slots: usize) -> Self {
        self.slots = slots.max(1);
        self
    }

    /// How long after its worker's death a job is taken over; 15 s unless told.
    #[must_use]
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease.max(Duration::from_millis(300));
        self
    }

    /// How long running jobs get to leave off when the program stops; 10 s unless told.
    #[must_use]
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// Runs until told to stop, then lets the running jobs leave off.
    pub async fn run(self, stop: CancellationToken) {
        let deliver = outbox::run(self.base.clone(), self.handlers.clone(), stop.clone());
        let link = audit::run(self.base.clone(), stop.clone());
        let tick = tick(self.base.clone(), self.jobs.clone(), stop.clone());
        let work = Worker::new(self).run(stop);
        tokio::join!(deliver, link, tick, work);
    }
}

async fn tick(base: Base, jobs: Arc<[JobDef]>, stop: CancellationToken) {
    loop {
        if let Err(error) = schedule::tick(&base, &jobs).await {
            tracing::warn!(%error, "the schedule cannot be looked at just now");
        }
        base.db.bells().jobs.notify_one();
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

/// One job under way.
struct Running {
    name: &'static str,
    attempts: i32,
    stop: CancellationToken,
}

struct Worker {
    id: Uuid,
    runner: Runner,
    running: HashMap<Uuid, Running>,
    tasks: JoinSet<Ended>,
}

struct Ended {
    job: Claimed,
    attempts_max: i32,
    result: Result<Result<(), JobError>, JoinError>,
}

impl Worker {
    fn new(runner: Runner) -> Self {
        Self { id: Uuid::new_v4(), runner, running: HashMap::new(), tasks: JoinSet::new() }
    }

    async fn run(mut self, stop: CancellationToken) {
        let mut renewal = tokio::time::interval(self.runner.lease / 3);
        renewal.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        while !stop.is_cancelled() {
            if let Err(error) = self.claim_some().await {
                tracing::warn!(%error, "jobs cannot be claimed just now");
            }
            let base = self.runner.base.clone();
            tokio::select! {
                () = stop.cancelled() => break,
                _ = renewal.tick() => self.renew().await,
                Some(ended) = self.tasks.join_next() => self.settle(ended).await,
                () = base.db.bells().jobs.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
        self.wind_down().await;
    }

    /// Fills the free slots.
    async fn claim_some(&mut self) -> Result<(), DbError> {
        while self.running.len() < self.runner.slots {
            let names = self.open_names();
            let now = self.runner.base.clock.now();
            let claim = Claim { worker: self.id, names: &names, now, until: now + self.runner.lease };
            let Some(job) = queue::claim(&self.runner.base.db, &claim).await? else { break };
            self.start(job);
        }
        Ok(())
    }

    /// The names of which this process may begin one more.
    fn open_names(&self) -> Vec<&'static str> {
        let under_way = |name| self.running.values().filter(|running| running.name == name).count();
        self.runner.jobs.iter().filter(|job| under_way(job.name) < job.at_most).map(|job| job.name).collect()
    }

    fn start(&mut self, job: Claimed) {
        let Some(def) = self.runner.jobs.iter().find(|def| def.name == job.name).cloned() else { return };
        let stop = CancellationToken::new();
        self.running.insert(job.job_id, Running { name: def.name, attempts: job.attempts, stop: stop.clone() });
        let base = self.runner.base.clone();
        self.tasks.spawn(async move {
            let result = run_one(base, &def, &job, stop).await;
            Ended { job, attempts_max: def.attempts_max, result }
        });
    }

    /// Renews the leases, stops what another worker took over meanwhile, and puts back what the dead left.
    async fn renew(&mut self) {
        let Runner { base, lease, jobs, .. } = &self.runner;
        let now = base.clock.now();
        match queue::renew(&base.db, self.id, now + *lease).await {
            Ok(ours) => {
                for (job_id, running) in &self.running {
                    if !ours.contains(job_id) {
                        running.stop.cancel();
                    }
                }
            }
            Err(error) => tracing::warn!(%error, "leases cannot be renewed just now"),
        }
        if let Err(error) = take_over(base, jobs).await {
            tracing::warn!(%error, "cannot look for jobs of dead workers just now");
        }
    }

    async fn settle(&mut self, ended: Result<Ended, JoinError>) {
        // The task only waits for the job's own, so it cannot itself panic; it ends early only when aborted.
        let Ok(ended) = ended else { return };
        self.running.remove(&ended.job.job_id);
        if let Err(error) = write_end(&self.runner.base, self.id, &ended).await {
            // The lease will run out and the job be run again: at least once, as promised.
            tracing::warn!(%error, job = ended.job.name, "a job's end cannot be written just now");
        }
    }

    async fn wind_down(&mut self) {
        for running in self.running.values() {
            running.stop.cancel();
        }
        let over = tokio::time::sleep(self.runner.grace);
        tokio::pin!(over);
        loop {
            tokio::select! {
                () = &mut over => break,
                ended = self.tasks.join_next() => match ended {
                    Some(ended) => self.settle(ended).await,
                    None => break,
                },
            }
        }
        self.tasks.abort_all();
        let Base { db, clock, .. } = &self.runner.base;
        for (job_id, running) in &self.running {
            tracing::warn!(%job_id, job = running.name, "the job did not leave off in time and is cut off");
            let back = Back { due_at: clock.now(), attempts: running.attempts - 1, failure: None };
            if let Err(error) = queue::put_back(db, self.id, *job_id, back).await {
                tracing::warn!(%error, "it is taken over when its lease runs out");
            }
        }
    }
}

/// Puts back the jobs whose workers are dead. The attempt that was cut off stays counted and the last is the last:
/// a job that kills its worker must not do so for ever.
async fn take_over(base: &Base, jobs: &[JobDef]) -> Result<(), DbError> {
    const FAILURE: &str = "its worker went away in the middle";
    let now = base.clock.now();
    let names: Vec<_> = jobs.iter().map(|job| job.name).collect();
    for orphan in queue::orphans(&base.db, &names, now).await? {
        let queue::Orphan { job_id, worker_id, name, attempts } = orphan;
        let attempts_max = jobs.iter().find(|job| job.name == name).map_or(ATTEMPTS_MAX, |job| job.attempts_max);
        tracing::warn!(%job_id, job = name, attempt = attempts, "the job's worker is gone");
        if attempts < attempts_max {
            let back = Back { due_at: now, attempts, failure: Some(FAILURE) };
            queue::put_back(&base.db, worker_id, job_id, back).await?;
        } else {
            queue::give_up(&base.db, worker_id, job_id, now, FAILURE).await?;
        }
    }
    Ok(())
}

async fn run_one(
    base: Base,
    def: &JobDef,
    job: &Claimed,
    stop: CancellationToken,
) -> Result<Result<(), JobError>, JoinError> {
    let context = JobContext { base, stop, job_id: job.job_id, attempt: job.attempts, name: def.name };
    // A task of its own, so that a panic ends the job and not the worker; aborted with us.
    let mut alone = JoinSet::new();
    alone.spawn((def.run)(context, job.payload.clone()));
    match alone.join_next().await {
        Some(result) => result,
        None => Ok(Err(JobError::stopped())),
    }
}

async fn write_end(base: &Base, worker: Uuid, ended: &Ended) -> Result<(), DbError> {
    let (db, now, job) = (&base.db, base.clock.now(), &ended.job);
    let panicked;
    let error = match &ended.result {
        Ok(Ok(())) => return queue::finish(db, worker, job.job_id, now).await,
        Ok(Err(error)) => error,
        Err(join) => {
            panicked = JobError::again(format!("the job panicked: {join}"));
            &panicked
        }
    };
    let failure = error.to_string();
    match error.outcome {
        Unfinished::Stopped => {
            let back = Back { due_at: now, attempts: job.attempts - 1, failure: None };
            queue::put_back(db, worker, job.job_id, back).await
        }
        Unfinished::TryAgain if job.attempts < ended.attempts_max => {
            tracing::warn!(job = job.name, attempt = job.attempts, failure, "the job failed and will be tried again");
            let back = Back { due_at: now + back_off(job.attempts), attempts: job.attempts, failure: Some(&failure) };
            queue::put_back(db, worker, job.job_id, back).await
        }
        _ => {
            tracing::error!(job = job.name, attempt = job.attempts, failure, "the job is set aside");
            queue::give_up(db, worker, job.job_id, now, &failure).await
        }
    }
}

/// Runs the jobs that are due now, one after another, and returns how many; a test's way to let work be done. It
/// leaves off after a thousand, for jobs that enqueue themselves. Schedules are not looked at.
pub async fn run_due(base: &Base, jobs: &[JobDef]) -> Result<u64, DbError> {
    take_over(base, jobs).await?;
    let worker = Uuid::new_v4();
    let names: Vec<_> = jobs.iter().map(|job| job.name).collect();
    let mut ran = 0;
    while ran < 1_000 {
        let now = base.clock.now();
        let claim = Claim { worker, names: &names, now, until: now + LEASE };
        let Some(job) = queue::claim(&base.db, &claim).await? else { return Ok(ran) };
        let Some(def) = jobs.iter().find(|def| def.name == job.name) else { return Ok(ran) };
        let result = run_one(base.clone(), def, &job, CancellationToken::new()).await;
        write_end(base, worker, &Ended { job, attempts_max: def.attempts_max, result }).await?;
        ran += 1;
    }
    Ok(ran)
}
