//! Deadlines that fire: a warning, the miss, and again every working day after, each told to somebody higher.
use jh_core::actor::Command;
use jh_core::id::uuid_at;
use jh_db::{Base, Work};
use time::OffsetDateTime;

use super::clocks::{Clocks, rules};
use super::{step, tell};
use crate::fault::CaseError;
use crate::memory::Memory;
use crate::model::CaseId;
use crate::model::act::Act;
use crate::model::procedure::Procedure;
use crate::store;
use crate::store::file::FileRow;
use crate::store::side::SupervisionRow;

/// Cases looked at in one run; the next run goes on at once.
const AT_ONCE: i64 = 200;

/// Tells what is due now of every case. Answers how many cases there were, so that a job can go on while there are any.
pub async fn fire_due(base: &Base, command: &Command) -> Result<usize, CaseError> {
    let due = store::clock::due(&mut *base.db.read().await?, command.now, AT_ONCE).await?;
    let mut told = 0;
    for id in &due {
        // One that fails must not keep all others from being told of; it is looked at again in the next run.
        match fire(base, command, *id).await {
            Ok(()) => told += 1,
            Err(error) => tracing::error!(case = %id, %error, "a deadline could not be told of"),
        }
    }
    Ok(told)
}

async fn fire(base: &Base, command: &Command, id: CaseId) -> Result<(), CaseError> {
    let mut work = Work::begin(base, command).await?;
    let Some((mut row, version)) = store::file::lock_plain(work.conn(), id).await? else { return Ok(()) };
    let (procedure, calendar) = rules(base, &mut work, &row, version).await?;
    let mut clocks = Clocks::load(&mut work, &row).await?;
    let now = command.now;
    let mut fired: Vec<(String, Act, OffsetDateTime, i16)> = Vec::new();
    clocks.change(
        |clock| clock.clock.fire_at.is_some_and(|at| at <= now),
        |clock| {
            if let Some(act) = clock.clock.fire(&calendar, now) {
                clock.missed_at = clock.missed_at.or((clock.clock.level > 0).then_some(now));
                fired.push((clock.clock.code.clone(), act, clock.clock.due_at, clock.clock.level));
            }
        },
    );
    row.changed_at = now;
    (row.due_at, row.overdue) = clocks.nearest();
    clocks.save(&mut work, &row).await?;
    for (code, act, due_at, level) in fired {
        let mut step = step(&command.actor, now, act, &row.stage);
        step.stage_after.clone_from(&row.stage);
        step.due_before_at = Some(due_at);
        step.note = limit_name(&procedure, &code);
        if level > 0 {
            escalate(&mut work, &row, level, &mut step).await?;
        }
        store::file::update(work.conn(), &row, &step).await?;
        tell(&mut work, &row, act, &row.stage);
    }
    Ok(work.commit().await?)
}

fn limit_name(procedure: &Procedure, code: &str) -> String {
    procedure.limits.iter().find(|limit| limit.code == code).map_or(code, |limit| &limit.name).to_owned()
}

/// Each time that a deadline has still not been met, the organisation one step higher is told, and wants an answer.
async fn escalate(work: &mut Work, row: &FileRow, level: i16, step: &mut store::step::Step) -> Result<(), CaseError> {
    let above = store::organisation::above(work.conn(), row.owner_id, level.min(20) - 1).await?;
    step.target_id = Some(above.organisation_id.0);
    step.target_name = above.name;
    let asked = SupervisionRow {
        supervision_id: uuid_at(row.changed_at),
        asked_at: row.changed_at,
        asked_by: String::new(),
        organisation_id: above.organisation_id,
        reason: step.note.clone(),
        level,
        answered_at: None,
        answered_by: None,
        answer: String::new(),
    };
    Ok(store::side::insert_supervision(work.conn(), row.case_id, &asked).await?)
}

/// Counts the clocks of one case anew after the calendar changed; each deadline that moved leaves a step.
pub async fn recount(base: &Base, command: &Command, id: CaseId, why: &str) -> Result<bool, CaseError> {
    let mut work = Work::begin(base, command).await?;
    let Some((mut row, version)) = store::file::lock_plain(work.conn(), id).await? else { return Ok(false) };
    let memory = Memory::of(base);
    let calendar = memory.calendar(work.conn(), version).await?;
    let mut clocks = Clocks::load(&mut work, &row).await?;
    let now = command.now;
    let mut moved = Vec::new();
    clocks.change(
        |clock| clock.clock.state == crate::model::clocks::ClockState::Running,
        |clock| {
            if let Some(before) = clock.clock.recount(&calendar, now) {
                moved.push((clock.clock.code.clone(), before, clock.clock.due_at));
            }
        },
    );
    if moved.is_empty() {
        return Ok(false);
    }
    row.changed_at = now;
    (row.due_at, row.overdue) = clocks.nearest();
    clocks.save(&mut work, &row).await?;
    for (code, before, after) in moved {
        let mut step = step(&command.actor, now, Act::DeadlineMoved, &row.stage);
        step.stage_after.clone_from(&row.stage);
        step.target_name = code;
        step.note = why.to_owned();
        step.due_before_at = Some(before);
        step.due_after_at = Some(after);
        store::file::update(work.conn(), &row, &step).await?;
        tell(&mut work, &row, Act::DeadlineMoved, &row.stage);
    }
    work.commit().await?;
    Ok(true)
}
