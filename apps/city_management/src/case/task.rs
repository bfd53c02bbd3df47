//! What an officer finds where he was sent: a report is true or not (核实), a thing was put right or not (核查).
//!
//! Only what lies in an officers' grid that he walks is his to look at; who may do the act at all, casework says.
use casework::api::{Act, CaseId, Doing, Done, PhotoFile};
use jh_core::actor::Command;
use jh_db::Base;

use super::store;
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
    let scopes = command.actor.scopes("casework.case.inspect");
    let mut conn = base.db.read().await?;
    let stage = store::task_stage(&mut conn, id, account, &scopes).await?.ok_or(CityError::NotFound)?;
    drop(conn);
    let act = act(&stage, finding).ok_or(CityError::Conflict("city-management-task-done"))?;
    let note = if note.is_empty() && finding == Finding::No { otherwise } else { note };
    let doing = Doing { note: note.chars().take(super::report::NOTE_CHARS_MAX).collect(), ..Doing::default() };
    Ok(casework::api::act_with(base, command, id, act, doing, photo).await?)
}
