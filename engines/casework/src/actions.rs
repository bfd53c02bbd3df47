//! What people and the program do with cases. Each is permission, rule, store, audit and outbox in one transaction. This module holds
//! what the acts share.
use jh_core::actor::{Actor, ActorKind, OrganisationId};
use jh_core::fault::FieldError;
use jh_db::Work;
use jh_db::audit::Entry;
use serde_json::json;
use time::OffsetDateTime;

use crate::fault::CaseError;
use crate::model::StepId;
use crate::model::act::Act;
use crate::store::file::{FileRow, Scopes};
use crate::store::step::Step;

pub mod amend;
pub mod attach;
pub mod calendar;
pub mod clocks;
pub mod doing;
pub mod effects;
pub mod fire;
pub mod handover;
pub mod merge;
pub mod open;
pub mod procedure;
pub mod webhook;

/// Taking reports in.
pub const CREATE: &str = "casework.case.create";
/// Seeing cases.
pub const READ: &str = "casework.case.read";
/// The centre's acts.
pub const MANAGE: &str = "casework.case.manage";
/// The holder's acts.
pub const HANDLE: &str = "casework.case.handle";
/// Inspection and callback.
pub const INSPECT: &str = "casework.case.inspect";
/// Supervision, arbitration, handover.
pub const SUPERVISE: &str = "casework.case.supervise";
/// Seeing a reporter's telephone.
pub const REVEAL: &str = "casework.party.reveal";
/// Procedures, calendar, webhooks.
pub const CONFIGURE: &str = "casework.procedure.manage";

/// The scopes of whoever acts.
pub fn scopes(actor: &Actor) -> Scopes {
    Scopes {
        read: actor.scopes(READ),
        manage: actor.scopes(MANAGE),
        handle: actor.scopes(HANDLE),
        inspect: actor.scopes(INSPECT),
        supervise: actor.scopes(SUPERVISE),
    }
}

/// A text with its white space put right, if it is long enough and not too long; else a fault of its field.
pub fn text(faults: &mut Vec<FieldError>, field: &'static str, given: &str, min: usize, max: usize) -> String {
    let kept: String = given.trim().chars().filter(|c| *c == '\n' || !(c.is_control() || is_unseen(*c))).collect();
    let length = kept.chars().count();
    if length < min || length > max {
        let code = if length == 0 { "casework-text-missing" } else { "casework-text-length" };
        let args = vec![("min", min.to_string()), ("max", max.to_string())];
        faults.push(FieldError { field, code, args });
        return String::new();
    }
    kept
}

/// What is not seen and makes a text other than it looks: without width, or turning its direction.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The step of an act that is being done.
pub fn step(actor: &Actor, now: OffsetDateTime, act: Act, before: &str) -> Step {
    let named = |name: &str| if actor.kind == ActorKind::System { String::new() } else { name.to_owned() };
    Step {
        step_id: StepId::at(now),
        at: now,
        act,
        stage_before: before.to_owned(),
        stage_after: String::new(),
        account_id: actor.account,
        actor_name: named(&actor.name),
        organisation_id: actor.organisation,
        organisation_name: actor.organisation_name.to_string(),
        target_id: None,
        target_name: String::new(),
        note: String::new(),
        shown: false,
        due_before_at: None,
        due_after_at: None,
    }
}

/// Audit and outbox of an act: ids, codes and stages, no words and no names.
pub fn tell(work: &mut Work, row: &FileRow, act: Act, before: &str) {
    let detail = json!({
        "number": row.number, "kind": row.kind, "category": row.category, "from": before, "to": row.stage,
        "centre_id": row.centre_id, "owner_id": row.owner_id, "holder_id": row.holder_id,
        "outcome": row.outcome.map(crate::model::Outcome::code), "app_ref": row.app_ref,
    });
    let concerned: OrganisationId = row.holder_id.unwrap_or(row.owner_id);
    work.audit(Entry::new(act.event(), row.case_id).organisation(concerned).detail(detail.clone()));
    work.emit(act.event(), row.case_id.into(), detail);
}

/// A member of staff, since no machine decides this.
pub fn person(actor: &Actor) -> Result<jh_core::actor::AccountId, CaseError> {
    match (actor.kind, actor.account) {
        (ActorKind::Staff, Some(account)) => Ok(account),
        _ => Err(CaseError::NoPerson),
    }
}
