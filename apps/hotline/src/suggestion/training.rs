//! Learning as a job: all past cases in, a model out, which is put to use unless it is clearly worse than the one in use.
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jh_core::actor::Command;
use jh_db::audit::Entry;
use jh_db::jobs::{JobContext, JobError};
use jh_db::{Base, Work};
use serde_json::json;
use uuid::Uuid;

use super::learn::{self, LearnError, Learner, Lesson, Model, Options};
use super::store::model::{self, ModelRow};
use super::{MANAGE, ModelId, store};
use crate::fault::HotlineError;

/// The job.
pub const JOB: &str = "hotline.learn";
/// Past cases are read so many at a time.
const PORTION: i64 = 5_000;
/// The most that are learned from; of more, these many of no particular kind.
const CASES_MAX: usize = 300_000;
/// Decides the order in which texts are learned; any number does.
const SEED: u64 = 12_345;
/// Models that are remembered.
const MODELS: i64 = 10;
/// So much worse is chance, whatever the number of texts.
const WORSE_MIN: f64 = 0.01;

/// What came of learning.
#[derive(Clone, Debug)]
pub struct Trained {
    /// The model's row.
    pub row: ModelRow,
    /// Whether it is in use now.
    pub in_use: bool,
}

/// Learns if there is something new, or if somebody asked for it.
pub async fn run(context: &JobContext, asked: bool) -> Result<(), JobError> {
    let base = &context.base;
    if !asked && !changed(base).await? {
        return Ok(());
    }
    let stop = Arc::new(AtomicBool::new(false));
    let told = (context.stop.clone(), stop.clone());
    let watch = tokio::spawn(async move {
        told.0.cancelled().await;
        told.1.store(true, Ordering::Relaxed);
    });
    let outcome = train(base, &context.command(), stop).await;
    watch.abort();
    match outcome {
        Ok(_) => Ok(()),
        Err(Untrained::Learn(LearnError::Stopped)) => Err(JobError::stopped()),
        // The page says how much there is; trying again the same hour would find no more.
        Err(Untrained::Learn(LearnError::TooLittle { .. })) => Ok(()),
        Err(Untrained::Learn(error)) => Err(JobError::give_up(error)),
        Err(Untrained::Store(error)) => Err(error.into()),
    }
}

/// Why there is no new model.
#[derive(Debug, thiserror::Error)]
pub enum Untrained {
    /// Nothing could be learned.
    #[error(transparent)]
    Learn(#[from] LearnError),
    /// The store.
    #[error(transparent)]
    Store(#[from] HotlineError),
}

impl From<jh_db::DbError> for Untrained {
    fn from(error: jh_db::DbError) -> Self {
        Self::Store(error.into())
    }
}

async fn changed(base: &Base) -> Result<bool, HotlineError> {
    let mut conn = base.db.read().await?;
    let learned = model::latest(&mut conn, 1).await?.first().map(|row| row.trained_at);
    let newest = store::newest_at(&mut conn).await?;
    Ok(newest.is_some_and(|newest| learned.is_none_or(|learned| newest > learned)))
}

/// Somebody asks for it.
pub async fn ask(base: &Base, command: &Command) -> Result<(), HotlineError> {
    let mut work = Work::begin(base, command).await?;
    if work.actor().scopes(MANAGE).is_empty() {
        return Err(HotlineError::OutOfScope(MANAGE));
    }
    work.enqueue(JOB, Some("asked"), json!({ "asked": true })).await?;
    let subject = jh_core::id::uuid_at(command.now);
    work.audit(Entry::new("hotline.suggestion.learning_asked", subject));
    Ok(work.commit().await?)
}

/// Learns from all past cases and writes the model down.
pub async fn train(base: &Base, command: &Command, stop: Arc<AtomicBool>) -> Result<Trained, Untrained> {
    let (departments, lessons) = lessons(base).await?;
    let flag = stop.clone();
    let learned = tokio::task::spawn_blocking(move || {
        let stopped = move || flag.load(Ordering::Relaxed);
        let options = Options { learner: Learner::Chosen, seed: SEED, threads: 2, stopped: &stopped };
        learn::learn(departments, lessons, &options).map(|model| (model.to_bytes(), model))
    });
    let (bytes, model) = learned.await.map_err(|_| LearnError::Stopped)??;
    let file = base.files.put(&bytes).await?;
    Ok(write_down(base, command, &model, file.sm3.to_vec()).await?)
}

async fn lessons(base: &Base) -> Result<(Vec<String>, Vec<Lesson>), HotlineError> {
    let (mut departments, mut lessons) = (Vec::<String>::new(), Vec::new());
    let mut numbers = std::collections::HashMap::<Uuid, u16>::new();
    let mut after = Uuid::nil();
    while lessons.len() < CASES_MAX {
        // Each portion on its own, so that no connection is held while much is read.
        let portion = store::portion(&mut *base.db.read().await?, after, PORTION).await?;
        let Some(last) = portion.last() else { break };
        after = last.0;
        for (_, organisation, text) in portion {
            let next = numbers.len() as u16;
            let label = *numbers.entry(organisation).or_insert_with(|| {
                departments.push(organisation.to_string());
                next
            });
            lessons.push(Lesson { text, label });
        }
    }
    Ok((departments, lessons))
}

async fn write_down(base: &Base, command: &Command, model: &Model, file_sm3: Vec<u8>) -> Result<Trained, HotlineError> {
    let facts = model.facts();
    let row = ModelRow {
        model_id: ModelId::at(command.now),
        standing: "aside".into(),
        file_sm3,
        trained_at: command.now,
        rows: facts.rows as i64,
        texts: facts.texts as i64,
        departments: model.departments().len() as i32,
        held_out: i64::from(facts.held_out.texts),
        top1: facts.held_out.top1,
        top3: facts.held_out.top3,
        macro_f1: facts.held_out.macro_f1,
        ece: facts.held_out.ece,
    };
    let mut work = Work::begin(base, command).await?;
    let before = model::in_use(work.conn()).await?;
    model::insert(work.conn(), &row).await?;
    let in_use = before.is_none_or(|before| !clearly_worse(&row, &before));
    if in_use {
        model::put_to_use(work.conn(), row.model_id, command.now).await?;
    }
    model::forget(work.conn(), MODELS).await?;
    let detail = json!({ "rows": row.rows, "departments": row.departments, "top1": row.top1, "in_use": in_use });
    work.audit(Entry::new("hotline.suggestion.learned", row.model_id).detail(detail));
    work.commit().await?;
    Ok(Trained { row, in_use })
}

/// Whether the held-out accuracy is lower by more than chance explains (two standard errors of the difference).
fn clearly_worse(new: &ModelRow, old: &ModelRow) -> bool {
    let spread = |row: &ModelRow| row.top1 * (1.0 - row.top1) / (row.held_out.max(1) as f64);
    let chance = 2.0 * (spread(new) + spread(old)).sqrt();
    old.top1 - new.top1 > chance.max(WORSE_MIN)
}

/// Puts a model to use that was kept aside or was used before.
pub async fn put_to_use(base: &Base, command: &Command, id: ModelId) -> Result<(), HotlineError> {
    let mut work = Work::begin(base, command).await?;
    if work.actor().scopes(MANAGE).is_empty() {
        return Err(HotlineError::OutOfScope(MANAGE));
    }
    if !model::put_to_use(work.conn(), id, command.now).await? {
        return Err(HotlineError::NotFound("model"));
    }
    work.audit(Entry::new("hotline.suggestion.put_to_use", id));
    Ok(work.commit().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(top1: f64, held_out: i64) -> ModelRow {
        ModelRow {
            model_id: ModelId(Uuid::nil()),
            standing: "aside".into(),
            file_sm3: Vec::new(),
            trained_at: time::OffsetDateTime::UNIX_EPOCH,
            rows: held_out,
            texts: held_out,
            departments: 2,
            held_out,
            top1,
            top3: top1,
            macro_f1: top1,
            ece: 0.0,
        }
    }

    #[test]
    fn a_model_that_is_worse_by_chance_only_is_put_to_use() {
        assert!(!clearly_worse(&row(0.78, 100), &row(0.82, 100)));
        assert!(clearly_worse(&row(0.78, 10_000), &row(0.82, 10_000)));
        assert!(!clearly_worse(&row(0.815, 1_000_000), &row(0.82, 1_000_000)));
        assert!(!clearly_worse(&row(0.9, 100), &row(0.5, 100)));
    }
}
