//! What an officer finds where he was sent: a report is true or not (核实), a thing was put right or not (核查).
//!
//! Only what lies in an officers' grid that he walks is his to look at (`duty`); who may do the act at all, casework says.
use casework::api::{Act, CaseId, Doing, Done, FileRow, PhotoFile, Step};
use jh_core::actor::Command;
use jh_db::{Base, Work};
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::proof::Proof;
use super::{duty, store};
use crate::fault::CityError;

/// What was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Finding {
    /// As reported; put right.
    Yes,
    /// Not as reported; not put right.
    No,
}

impl Finding {
    /// From a form or an address.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "yes" => Some(Self::Yes),
            "no" => Some(Self::No),
            _ => None,
        }
    }
}

/// The act of a finding: a report that is not true is noted for the centre, who alone refuses it.
fn act(stage: &str, finding: Finding) -> Option<Act> {
    match (stage, finding) {
        ("collection", Finding::Yes) => Some(Act::Acceptance),
        ("collection", Finding::No) => Some(Act::Note),
        ("inspection", Finding::Yes) => Some(Act::InspectionPassed),
        ("inspection", Finding::No) => Some(Act::InspectionFailed),
        _ => None,
    }
}

/// Does what a finding means for a case as it stands now. `note` says what was seen; `otherwise` stands for it when nothing was typed.
pub async fn find(
    base: &Base,
    command: &Command,
    id: CaseId,
    finding: Finding,
    (note, otherwise): (&str, &str),
    photo: Option<PhotoFile>,
) -> Result<Done, CityError> {
    let account = command.actor.account.ok_or(CityError::NotFound)?;
    duty::walked(&mut *base.db.read().await?, id, &command.actor).await?;
    let proof = Proof::look(base, photo, command.now).await?;
    let mut work = Work::begin(base, command).await?;
    let case = casework::api::find(work.conn(), id).await?.ok_or(CityError::NotFound)?;
    let act = act(&case.stage, finding).ok_or(CityError::Conflict("city-management-task-done"))?;
    // Found right already: there is nothing to be looked at, and a second picture would prove nothing.
    if act == Act::InspectionPassed && case.inspected {
        return Err(CityError::Conflict("city-management-task-done"));
    }
    let note = if note.is_empty() && finding == Finding::No { otherwise } else { note };
    let note = note.chars().take(super::report::NOTE_CHARS_MAX).collect();
    if let Some(proof) = &proof {
        proof.since(began(work.conn(), &case).await?)?;
        proof.claim(&mut work, id, case.revision, account).await?;
    }
    // The proof is of the case as it was read here: what moved in between refuses the act.
    let doing = Doing { note, photo: proof.is_some(), revision: Some(case.revision), ..Doing::default() };
    let done = casework::api::act_in(base, &mut work, id, act, doing).await?;
    if act == Act::InspectionPassed {
        store::check::passed(work.conn(), id).await?;
    }
    if let Some(proof) = &proof {
        casework::api::keep(&mut work, id, &proof.picture, "staff", false).await?;
    }
    work.commit().await?;
    Ok(done)
}

/// Since when a case is in its stage: there is nothing to see of it before.
async fn began(conn: &mut PgConnection, case: &FileRow) -> Result<OffsetDateTime, CityError> {
    let steps = casework::api::timeline(conn, case.case_id).await?;
    let entered = |step: &&Step| step.stage_after == case.stage && step.stage_before != case.stage;
    Ok(steps.iter().rev().find(entered).map_or(case.reported_at, |step| step.at))
}
