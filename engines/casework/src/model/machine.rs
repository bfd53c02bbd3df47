//! The machine: what an act makes of a case, by the case's own procedure. Pure, so that every rule can be driven by a test.
use jh_core::actor::{AccountId, OrganisationId};

use super::act::Act;
use super::procedure::{Need, Owner, Procedure, Role};

/// So many callbacks that reached nobody are as good as one that did.
pub const UNREACHED_ENOUGH: i16 = 3;

/// What of a case decides what can happen to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    /// The stage's code.
    pub stage: String,
    /// Who keeps it.
    pub centre: OrganisationId,
    /// Who handles it, once it was dispatched.
    pub holder: Option<OrganisationId>,
    /// In whose inbox it is.
    pub owner: OrganisationId,
    /// The person who has it.
    pub assignee: Option<AccountId>,
    /// Whether its clocks stand still.
    pub paused: bool,
    /// Whether the last callback since the last result said that it is solved.
    pub confirmed: bool,
    /// Callbacks since the last result that reached nobody.
    pub unreached: i16,
    /// Whether there is a photo since the last dispatch.
    pub photo: bool,
    /// Whether an inspection since the last result found it right.
    pub inspected: bool,
    /// Whether anybody waits to be called back.
    pub awaited: bool,
}

/// What came with an act.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Given {
    /// A text long enough.
    pub note: bool,
    /// An organisation.
    pub organisation: Option<OrganisationId>,
    /// A person.
    pub person: Option<AccountId>,
    /// An answer for the reporter.
    pub answer: bool,
    /// A photo.
    pub photo: bool,
}

/// Why an act is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stuck {
    /// The stage has no such way.
    NotNow,
    /// It is for somebody else to do.
    NotYours,
    /// Something must come with it.
    Missing(Need),
    /// It was dispatched to the organisation that has it already.
    SameHolder,
}

/// What a case is after an act.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Moved {
    /// The stage.
    pub stage: String,
    /// Whether it is closed there.
    pub closed: bool,
    /// Who handles it.
    pub holder: Option<OrganisationId>,
    /// In whose inbox it is.
    pub owner: OrganisationId,
    /// The person who has it.
    pub assignee: Option<AccountId>,
    /// Whether its clocks stand still.
    pub paused: bool,
    /// The last callback's word.
    pub confirmed: bool,
    /// Callbacks in vain.
    pub unreached: i16,
    /// Whether there is a photo.
    pub photo: bool,
    /// Whether an inspection found it right.
    pub inspected: bool,
}

/// What an act by somebody in these roles makes of a case, or why it does nothing.
pub fn apply(procedure: &Procedure, case: &Standing, act: Act, roles: &[Role], given: &Given) -> Result<Moved, Stuck> {
    let way = procedure.way(&case.stage, act).ok_or(Stuck::NotNow)?;
    if !way.by.iter().any(|role| roles.contains(role)) {
        return Err(Stuck::NotYours);
    }
    if (act == Act::Pause && case.paused) || (act == Act::Resumption && !case.paused) {
        return Err(Stuck::NotNow);
    }
    for need in &way.needs {
        if !met(*need, act, case, given) {
            return Err(Stuck::Missing(*need));
        }
    }
    if act.wants_reason() && !given.note {
        return Err(Stuck::Missing(Need::Note));
    }
    let aim = procedure.aim(&case.stage, way);
    let stage = procedure.stage(aim).ok_or(Stuck::NotNow)?;
    let holder = if act.gives_to_organisation() { given.organisation.or(case.holder) } else { case.holder };
    if act == Act::Redirection && holder == case.holder {
        return Err(Stuck::SameHolder);
    }
    let owner = match stage.owner {
        _ if stage.closed => case.owner,
        Owner::Centre => case.centre,
        Owner::Holder => holder.ok_or(Stuck::Missing(Need::Organisation))?,
    };
    Ok(Moved {
        closed: stage.closed,
        holder,
        owner,
        assignee: assignee(case, act, given, owner),
        paused: paused(case, act, aim),
        confirmed: confirmed(case, act),
        unreached: unreached(case, act),
        inspected: inspected(case, act),
        photo: (case.photo && !act.gives_to_organisation()) || given.photo,
        stage: aim.to_owned(),
    })
}

fn met(need: Need, act: Act, case: &Standing, given: &Given) -> bool {
    match need {
        Need::Note => given.note,
        Need::Organisation => given.organisation.is_some(),
        Need::Person => given.person.is_some(),
        Need::Answer => given.answer,
        Need::Inspection => case.inspected,
        Need::Awaited => case.awaited,
        // An inspection proves itself by its own photo, not by the holder's.
        Need::Photo => given.photo || (case.photo && act != Act::InspectionPassed),
        Need::Callback => !case.awaited || case.confirmed || case.unreached >= UNREACHED_ENOUGH,
    }
}

/// A case that changes hands is nobody's in particular until somebody there is named.
fn assignee(case: &Standing, act: Act, given: &Given, owner: OrganisationId) -> Option<AccountId> {
    match act {
        Act::Assignment => given.person,
        Act::Signing => given.person.or(case.assignee),
        _ if owner != case.owner => None,
        _ => case.assignee,
    }
}

/// A pause is for one stage: who waits for the reporter does not wait any more once the case moves on.
fn paused(case: &Standing, act: Act, aim: &str) -> bool {
    match act {
        Act::Pause => true,
        Act::Resumption => false,
        _ => case.paused && aim == case.stage,
    }
}

fn confirmed(case: &Standing, act: Act) -> bool {
    match act {
        Act::CallbackSolved => true,
        Act::Result | Act::CallbackUnsolved | Act::Reopening | Act::InspectionFailed => false,
        _ => case.confirmed,
    }
}

fn inspected(case: &Standing, act: Act) -> bool {
    match act {
        Act::InspectionPassed => true,
        Act::Result | Act::InspectionFailed | Act::CallbackUnsolved | Act::Reopening => false,
        _ => case.inspected,
    }
}

fn unreached(case: &Standing, act: Act) -> i16 {
    match act {
        Act::CallbackUnreached => case.unreached.saturating_add(1),
        Act::Result | Act::CallbackSolved | Act::CallbackUnsolved | Act::Reopening => 0,
        _ => case.unreached,
    }
}

#[cfg(test)]
mod tests;
#[cfg(any(test, feature = "testing"))]
pub mod walk;
