//! What acts do besides moving a case: results, callbacks, supervisions, extensions, helpers.
use jh_core::actor::OrganisationId;
use jh_core::fault::{Kind, Refusal};
use jh_core::id::uuid_at;
use jh_db::Work;
use time::Duration;

use super::clocks::Clocks;
use super::doing::Scene;
use super::person;
use crate::fault::CaseError;
use crate::model::act::Act;
use crate::model::calendar::{Calendar, Span};
use crate::model::clocks::ClockState;
use crate::model::machine::Stuck;
use crate::model::{Outcome, StepId};
use crate::store;
use crate::store::file::FileRow;
use crate::store::side::{CallbackRow, ExtensionRow, SupervisionRow};
use crate::store::step::Step;

/// The extensions of one limit that a case gets.
const EXTENSIONS_MAX: usize = 2;
/// How far apart callbacks are that reach nobody: three within a minute are one.
const UNREACHED_EVERY: Duration = Duration::minutes(30);

/// Writes what an act leaves beside the case, and completes the case and the step.
pub async fn rows(
    work: &mut Work,
    row: &mut FileRow,
    before: &FileRow,
    scene: &Scene<'_>,
    step: &mut Step,
) -> Result<(), CaseError> {
    match scene.act {
        act if act.gives_to_organisation() => give(work, row, before, scene, step).await?,
        Act::Signing | Act::Assignment => assign(work, row, scene, step).await?,
        Act::Answer | Act::Result | Act::Rejection | Act::Withdrawal | Act::Closure => conclude(row, scene, step),
        Act::CallbackSolved | Act::CallbackUnsolved | Act::CallbackUnreached => callback(work, row, scene).await?,
        Act::Rating => rate(work, row, scene).await?,
        Act::Release => row.shown = row.shown_later.take().unwrap_or_else(|| row.shown.clone()),
        Act::Reopening => {
            row.reopened = row.reopened.saturating_add(1);
            row.closed_at = None;
            row.outcome = None;
        }
        Act::Supervision => supervise(work, row, scene, step).await?,
        Act::SupervisionReply => {
            let by = work.actor().name.to_string();
            let now = row.changed_at;
            if store::side::answer_supervisions(work.conn(), row.case_id, &by, &scene.doing.note, now).await? == 0 {
                return Err(CaseError::NothingWaits("supervision"));
            }
        }
        Act::ExtensionAsked => ask_extension(work, row, scene, step).await?,
        Act::Assistance => {
            let helper = scene.organisation.as_ref().ok_or(CaseError::NotFound("organisation"))?;
            let whom = (helper.organisation_id, helper.name.as_str());
            step.target_id = Some(helper.organisation_id.0);
            step.target_name.clone_from(&helper.name);
            store::side::involve(work.conn(), row.case_id, whom, "assistant", &scene.doing.note, row.changed_at)
                .await?;
        }
        Act::AssistanceReply => {
            let (scopes, note) = (&scene.scopes.handle, &scene.doing.note);
            if !store::side::assisted(work.conn(), row.case_id, scopes, note, row.changed_at).await? {
                return Err(CaseError::NothingWaits("assistance"));
            }
        }
        Act::Amendment => super::amend::amend(work, row, scene, step).await?,
        Act::Publication => {
            row.shown = scene.doing.shown.clone().unwrap_or_else(|| row.shown.clone());
            row.shown_later = None;
            step.target_name.clone_from(&row.shown);
            store::attachment::show_attachments(work.conn(), row.case_id, row.shown == "words").await?;
        }
        _ => {}
    }
    // Time asked for where the case was is nothing to whoever has it now.
    if before.holder_id.is_some() && (scene.act.gives_to_organisation() || scene.act == Act::Return) {
        let by = work.actor().name.to_string();
        store::side::decide_extension(work.conn(), row.case_id, false, &by, "", row.changed_at).await?;
    }
    if let Some(priority) =
        scene.doing.priority.filter(|_| matches!(scene.act, Act::Acceptance | Act::Dispatch | Act::Release))
    {
        row.priority = priority;
    }
    if row.closed && !before.closed {
        row.closed_at = Some(row.changed_at);
        row.outcome = row.outcome.or(Some(Outcome::Unsolved));
    }
    Ok(())
}

/// To an organisation, with helpers; who had it before keeps seeing it.
async fn give(
    work: &mut Work,
    row: &mut FileRow,
    before: &FileRow,
    scene: &Scene<'_>,
    step: &mut Step,
) -> Result<(), CaseError> {
    let to = scene.organisation.as_ref().ok_or(CaseError::NotFound("organisation"))?;
    step.target_id = Some(to.organisation_id.0);
    step.target_name.clone_from(&to.name);
    if let Some(past) = before.holder_id.filter(|past| *past != to.organisation_id) {
        let name = name(work, past).await?;
        store::side::involve(work.conn(), row.case_id, (past, &name), "past", "", row.changed_at).await?;
    }
    for helper in &scene.doing.assistants {
        if *helper == to.organisation_id {
            continue;
        }
        let found = store::organisation::organisation(work.conn(), *helper).await?;
        let found = found.ok_or_else(|| CaseError::field("assistants", "casework-organisation-unknown"))?;
        let whom = (found.organisation_id, found.name.as_str());
        store::side::involve(work.conn(), row.case_id, whom, "assistant", &scene.doing.note, row.changed_at).await?;
    }
    Ok(())
}

async fn name(work: &mut Work, id: OrganisationId) -> Result<String, CaseError> {
    Ok(identity::api::organisation(work.conn(), id).await?.map(|found| found.name).unwrap_or_default())
}

async fn assign(work: &mut Work, row: &mut FileRow, scene: &Scene<'_>, step: &mut Step) -> Result<(), CaseError> {
    let Some(account) = scene.doing.person else { return Ok(()) };
    let holder = row.holder_id.unwrap_or(row.owner_id);
    let found = store::organisation::colleague(work.conn(), account, holder).await?;
    let found = found.ok_or_else(|| CaseError::field("person", "casework-person-unknown"))?;
    step.target_id = Some(account.0);
    step.target_name.clone_from(&found);
    row.assignee_name = Some(found);
    Ok(())
}

/// What it came to.
fn conclude(row: &mut FileRow, scene: &Scene<'_>, step: &mut Step) {
    let doing = scene.doing;
    if !doing.answer.is_empty() {
        row.result.clone_from(&doing.answer);
        step.note.clone_from(&doing.answer);
    }
    step.shown = !matches!(scene.act, Act::Closure);
    row.outcome = match scene.act {
        Act::Answer => Some(Outcome::Answered),
        Act::Rejection => {
            row.result.clone_from(&doing.note);
            Some(Outcome::NotAccepted)
        }
        Act::Withdrawal => Some(Outcome::Withdrawn),
        Act::Result => doing.outcome.or(Some(Outcome::Solved)),
        // Whoever was called back and did not say that it is solved has not said so. Where nobody waits to be called back,
        // the inspection says it.
        _ => row.outcome.filter(|outcome| {
            *outcome != Outcome::Solved || row.confirmed || row.unreached > 0 || (row.inspected && !row.awaited)
        }),
    };
}

/// What the handler adds to an answer is for colleagues: an entry of its own after the answer's, which the reporter does not see.
pub fn remark(step: &Step, scene: &Scene<'_>) -> Option<Step> {
    let (answer, note) = (&scene.doing.answer, &scene.doing.note);
    let apart = matches!(scene.act, Act::Answer | Act::Result) && !answer.is_empty() && !note.is_empty();
    apart.then(|| Step {
        step_id: StepId::at(step.at),
        act: Act::Note,
        stage_before: step.stage_after.clone(),
        target_id: None,
        target_name: String::new(),
        note: note.clone(),
        shown: false,
        ..step.clone()
    })
}

/// Once for each closing; what is withdrawn or rated already is not rated.
async fn rate(work: &mut Work, row: &mut FileRow, scene: &Scene<'_>) -> Result<(), CaseError> {
    let withdrawn = row.outcome == Some(Outcome::Withdrawn);
    if withdrawn || store::step::rated(work.conn(), row.case_id, row.closed_at).await? {
        return Err(CaseError::Stuck(Stuck::NotNow));
    }
    row.stars = scene.doing.stars;
    Ok(())
}

async fn callback(work: &mut Work, row: &mut FileRow, scene: &Scene<'_>) -> Result<(), CaseError> {
    let (by_account_id, by_name) = (work.actor().account, work.actor().name.to_string());
    let reached = scene.act != Act::CallbackUnreached;
    if !reached {
        let last = store::side::last_unreached(work.conn(), row.case_id).await?;
        if last.is_some_and(|last| row.changed_at < last.saturating_add(UNREACHED_EVERY)) {
            return Err(CaseError::Refused(Refusal::new(Kind::Conflict, "casework-callback-soon")));
        }
    }
    let made = CallbackRow {
        callback_id: uuid_at(row.changed_at),
        at: row.changed_at,
        by_account_id,
        by_name,
        reached,
        solved: reached.then_some(scene.act == Act::CallbackSolved),
        stars: scene.doing.stars.filter(|_| reached),
        note: scene.doing.note.clone(),
    };
    if made.stars.is_some() {
        row.stars = made.stars;
    }
    Ok(store::side::insert_callback(work.conn(), row.case_id, &made).await?)
}

async fn supervise(work: &mut Work, row: &FileRow, scene: &Scene<'_>, step: &mut Step) -> Result<(), CaseError> {
    let of = row.holder_id.unwrap_or(row.owner_id);
    step.target_id = Some(of.0);
    step.target_name = name(work, of).await?;
    let asked = SupervisionRow {
        supervision_id: uuid_at(row.changed_at),
        asked_at: row.changed_at,
        asked_by: work.actor().name.to_string(),
        organisation_id: of,
        reason: scene.doing.note.clone(),
        level: 0,
        answered_at: None,
        answered_by: None,
        answer: String::new(),
    };
    Ok(store::side::insert_supervision(work.conn(), row.case_id, &asked).await?)
}

async fn ask_extension(work: &mut Work, row: &FileRow, scene: &Scene<'_>, step: &mut Step) -> Result<(), CaseError> {
    let clocks = store::clock::of_case(work.conn(), row.case_id).await?;
    let wanted = scene.doing.limit.as_deref();
    // The one that is asked for, or the longest that runs: what somebody means who only says "more time".
    let running = clocks.iter().filter(|clock| clock.clock.state == ClockState::Running);
    let named = running.filter(|clock| wanted.is_none_or(|code| clock.clock.code == code));
    let clock = named.max_by_key(|clock| clock.clock.due_at).ok_or(CaseError::NothingWaits("limit"))?;
    let (Some(amount), Some(unit)) = (scene.doing.amount, scene.doing.unit) else {
        return Err(CaseError::field("amount", "casework-extension"));
    };
    let asked = ExtensionRow {
        extension_id: uuid_at(row.changed_at),
        code: clock.clock.code.clone(),
        amount,
        unit,
        reason: scene.doing.note.clone(),
        asked_at: row.changed_at,
        asked_by_id: work.actor().account,
        asked_by: work.actor().name.to_string(),
        decided_at: None,
        decided_by: None,
        granted: None,
        note: String::new(),
    };
    step.target_name.clone_from(&asked.code);
    let all = store::side::extensions(work.conn(), row.case_id).await?;
    if all.iter().filter(|one| one.code == asked.code && one.granted == Some(true)).count() >= EXTENSIONS_MAX {
        return Err(CaseError::Refused(Refusal::new(Kind::Conflict, "casework-extensions-many")));
    }
    match store::side::ask_extension(work.conn(), row.case_id, &asked).await? {
        true => Ok(()),
        false => Err(CaseError::Stuck(Stuck::NotNow)),
    }
}

/// What an act does to clocks besides those that start and stop by the stage.
pub async fn clocks(
    work: &mut Work,
    row: &FileRow,
    scene: &Scene<'_>,
    clocks: &mut Clocks,
    calendar: &Calendar,
) -> Result<(), CaseError> {
    let granted = match scene.act {
        Act::ExtensionGranted => true,
        Act::ExtensionRefused => false,
        _ => return Ok(()),
    };
    let all = store::side::extensions(work.conn(), row.case_id).await?;
    let asked = all.into_iter().find(|one| one.decided_at.is_none());
    let asked = asked.ok_or(CaseError::NothingWaits("extension"))?;
    let decider = person(work.actor())?;
    if asked.asked_by_id == Some(decider) {
        return Err(CaseError::SamePerson);
    }
    let by = work.actor().name.to_string();
    let (now, note) = (row.changed_at, scene.doing.note.clone());
    store::side::decide_extension(work.conn(), row.case_id, granted, &by, &note, now).await?;
    if granted {
        let more = Span::new(asked.amount, asked.unit);
        clocks.change(
            |clock| clock.ended_at.is_none() && clock.clock.code == asked.code,
            |clock| clock.clock.extend(calendar, now, more),
        );
    }
    Ok(())
}

/// Counts what an act says besides itself: how content somebody is, and what a case came to.
pub async fn counts(work: &mut Work, row: &FileRow, before: &FileRow, scene: &Scene<'_>) -> Result<(), CaseError> {
    let rated = matches!(scene.act, Act::CallbackSolved | Act::CallbackUnsolved | Act::Rating);
    let stars = |stars: i16| format!("stars.{stars}");
    let given = scene.doing.stars.filter(|_| rated);
    // A case is as good as it was called last, and counts once.
    let instead = before.stars.filter(|_| given.is_some()).map(|old| (stars(old), -1));
    let closed = row.outcome.filter(|_| row.closed && !before.closed);
    let outcome = closed.map(|outcome| (format!("outcome.{}", outcome.code()), 1));
    for (measure, n) in [instead, given.map(|given| (stars(given), 1)), outcome].into_iter().flatten() {
        let count = store::count::CountRow {
            counted_on: jh_core::clock::china_day(row.changed_at),
            centre_id: row.centre_id.0,
            organisation_id: row.holder_id.unwrap_or(row.owner_id).0,
            kind: row.kind.clone(),
            category: row.category.clone(),
            channel: row.channel.code().to_owned(),
            measure,
            n: n.into(),
        };
        store::count::note(work.conn(), &count, n).await?;
    }
    Ok(())
}
