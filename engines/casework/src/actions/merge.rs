//! Two reports of one thing become one case; one report of two things becomes two.
use jh_core::actor::Command;
use jh_db::{Base, Work};

use super::clocks::Clocks;
use super::open::{Opened, Report, open_in};
use super::{CREATE, MANAGE, scopes, step, tell};
use crate::fault::CaseError;
use crate::memory::Memory;
use crate::model::act::Act;
use crate::model::machine::{Given, apply};
use crate::model::{CaseId, Outcome};
use crate::store;
use crate::store::file::Held;

/// Merges `from` into `into`: its reporters follow the other case from now on, and it says where it went.
pub async fn merge(base: &Base, command: &Command, from: CaseId, into: CaseId, note: &str) -> Result<(), CaseError> {
    if from == into {
        return Err(CaseError::NoMerger("casework-merge-itself"));
    }
    let mut work = Work::begin(base, command).await?;
    // Always in the order of their ids, so that two who merge the same two the other way round do not wait for each other.
    let (one, other) = (from.min(into), from.max(into));
    let first = held(&mut work, one).await?;
    let second = held(&mut work, other).await?;
    let (from, into) = if first.file.case_id == from { (first, second) } else { (second, first) };
    if into.file.closed || into.file.merged_into.is_some() {
        return Err(CaseError::NoMerger("casework-merge-closed"));
    }
    if from.file.centre_id != into.file.centre_id && !into.as_centre {
        return Err(CaseError::OutOfScope(MANAGE));
    }
    // What takes no part in mergers, as one person's own matter, takes nobody in either.
    let other = Memory::of(base).procedure(work.conn(), &into.file.kind, into.file.version).await?;
    if other.way(&into.file.stage, Act::Merger).is_none() {
        return Err(CaseError::NoMerger("casework-merge-own"));
    }
    let (roles, now) = (from.roles(), command.now);
    let mut gone = from.file;
    let procedure = Memory::of(base).procedure(work.conn(), &gone.kind, gone.version).await?;
    let moved =
        apply(&procedure, &gone.standing(), Act::Merger, &roles, &Given::default()).map_err(CaseError::Stuck)?;
    let before = gone.stage.clone();
    gone.changed_at = now;
    gone.stage = moved.stage;
    gone.closed = moved.closed;
    gone.merged_into = Some(into.file.case_id);
    gone.outcome = Some(Outcome::Merged);
    gone.closed_at = moved.closed.then_some(now);
    let mut clocks = Clocks::load(&mut work, &gone).await?;
    clocks.stop_all(now);
    clocks.save(&mut work, &gone).await?;
    (gone.due_at, gone.overdue) = (None, false);
    let mut leaving = step(&command.actor, now, Act::Merger, &before);
    leaving.stage_after.clone_from(&gone.stage);
    leaving.target_id = Some(into.file.case_id.0);
    leaving.target_name.clone_from(&into.file.number);
    leaving.note = note.trim().chars().take(crate::model::NOTE_CHARS_MAX).collect();
    leaving.shown = true;
    store::file::update(work.conn(), &gone, &leaving).await?;
    tell(&mut work, &gone, Act::Merger, &before);
    store::party::follow(work.conn(), gone.case_id, into.file.case_id, now).await?;
    store::side::link(work.conn(), gone.case_id, into.file.case_id, "merged", now).await?;
    let mut stays = into.file;
    stays.changed_at = now;
    stays.awaited |= gone.awaited;
    let mut coming = step(&command.actor, now, Act::Absorption, &stays.stage);
    coming.stage_after.clone_from(&stays.stage);
    coming.target_id = Some(gone.case_id.0);
    coming.target_name.clone_from(&gone.number);
    store::file::update(work.conn(), &stays, &coming).await?;
    tell(&mut work, &stays, Act::Absorption, &stays.stage);
    Ok(work.commit().await?)
}

async fn held(work: &mut Work, id: CaseId) -> Result<Held, CaseError> {
    let scopes = scopes(work.actor());
    let held = store::file::lock(work.conn(), id, &scopes).await?;
    held.filter(|held| !held.roles().is_empty()).ok_or(CaseError::NotFound("case"))
}

/// Takes a part of a case out into one of its own; whoever reported it follows both.
pub async fn split(
    base: &Base,
    command: &Command,
    from: CaseId,
    report: Report,
    note: &str,
) -> Result<Opened, CaseError> {
    let mut work = Work::begin(base, command).await?;
    let held = held(&mut work, from).await?;
    let mut row = held.file.clone();
    let procedure = Memory::of(base).procedure(work.conn(), &row.kind, row.version).await?;
    let given = Given { note: note.trim().chars().count() >= crate::model::REASON_CHARS_MIN, ..Given::default() };
    apply(&procedure, &row.standing(), Act::Split, &held.roles(), &given).map_err(CaseError::Stuck)?;
    let may =
        store::organisation::organisation_within(work.conn(), report.centre, &command.actor.scopes(CREATE)).await?;
    may.ok_or(CaseError::OutOfScope(CREATE))?;
    // A part tells no more than the whole does.
    let shown = if row.shown == "nothing" { "nothing" } else { report.shown };
    let opened = open_in(base, &mut work, Report { shown, ..report }).await?;
    store::party::follow(work.conn(), from, opened.case_id, command.now).await?;
    store::side::link(work.conn(), from, opened.case_id, "part", command.now).await?;
    row.changed_at = command.now;
    let mut step = step(&command.actor, command.now, Act::Split, &row.stage);
    step.stage_after.clone_from(&row.stage);
    step.target_id = Some(opened.case_id.0);
    step.target_name.clone_from(&opened.number);
    step.note = note.trim().chars().take(crate::model::NOTE_CHARS_MAX).collect();
    store::file::update(work.conn(), &row, &step).await?;
    tell(&mut work, &row, Act::Split, &row.stage);
    work.commit().await?;
    Ok(opened)
}

/// Ties a case to another that the actor may see: an earlier one of the same caller, or one of the same matter.
pub async fn link(base: &Base, command: &Command, one: CaseId, other: CaseId, earlier: bool) -> Result<(), CaseError> {
    if one == other {
        return Err(CaseError::NoMerger("casework-merge-itself"));
    }
    let mut work = Work::begin(base, command).await?;
    let held = held(&mut work, one).await?;
    let seen = store::file::seen(work.conn(), other, &scopes(&command.actor)).await?;
    let seen = seen.ok_or(CaseError::NotFound("case"))?;
    let roles = held.roles();
    let mut row = held.file;
    let procedure = Memory::of(base).procedure(work.conn(), &row.kind, row.version).await?;
    apply(&procedure, &row.standing(), Act::Link, &roles, &Given::default()).map_err(CaseError::Stuck)?;
    row.changed_at = command.now;
    let kind = if earlier { "earlier" } else { "related" };
    store::side::link(work.conn(), one, other, kind, command.now).await?;
    let mut step = step(&command.actor, command.now, Act::Link, &row.stage);
    step.stage_after.clone_from(&row.stage);
    step.target_id = Some(other.0);
    step.target_name = seen.file.number;
    store::file::update(work.conn(), &row, &step).await?;
    tell(&mut work, &row, Act::Link, &row.stage);
    Ok(work.commit().await?)
}
