//! Who did what, when, to what and why: one row in the transaction of every change, linked into an SM3 chain right
//! after, and each day's end of the chain signed with the city's SM2 key.
//!
//! The row is written inside the change, the link outside it: a chain has one end, and linking there would make
//! every change of the city wait for every other. What waits to be linked stands in `db.audit_pending`.
mod chain;
mod export;
mod line;
mod seal;
mod verify;

use jh_core::actor::{ActorKind, Command, OrganisationId};
use jh_core::id::uuid_at;
use uuid::Uuid;

pub(crate) use chain::run;
pub use chain::{chain, chain_all};
pub use export::{Export, export_day};
pub(crate) use line::Row;
pub use seal::{City, Root, SealedDay, day_so_far, seal_day, seal_finished_days, sealed_day, unsealed_days};
pub use verify::{Broken, Report, Wrong, verify, verify_with};

/// One thing done.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// A permission-like name in the past tense, for example `registry.delivery.submitted`.
    pub action: &'a str,
    /// The record it was done to.
    pub subject: Uuid,
    /// The organisation concerned, which may read this row; the actor's own is kept beside it.
    pub organisation: Option<OrganisationId>,
    /// Why, where the law wants a reason, as for reading a sealed column in clear.
    pub purpose: Option<&'a str>,
    /// Further facts. Never a secret or an identity number: the audit is read by more people than the record is.
    pub detail: serde_json::Value,
}

impl<'a> Entry<'a> {
    /// An entry without organisation, purpose or detail.
    pub fn new(action: &'a str, subject: impl Into<Uuid>) -> Self {
        Self { action, subject: subject.into(), organisation: None, purpose: None, detail: serde_json::json!({}) }
    }

    /// Names the organisation concerned.
    #[must_use]
    pub fn organisation(mut self, organisation: OrganisationId) -> Self {
        self.organisation = Some(organisation);
        self
    }

    /// Gives the reason.
    #[must_use]
    pub fn purpose(mut self, purpose: &'a str) -> Self {
        self.purpose = Some(purpose);
        self
    }

    /// Adds the facts.
    #[must_use]
    pub fn detail(mut self, detail: serde_json::Value) -> Self {
        self.detail = detail;
        self
    }
}

/// What people call the thing that something was done to, where the facts tell: its number, code, file or name.
pub fn object(detail: &serde_json::Value) -> Option<&str> {
    ["number", "code", "file", "username", "name"].iter().find_map(|key| detail.get(key)?.as_str())
}

/// The kind of actor as the audit writes it.
fn kind_name(kind: ActorKind) -> &'static str {
    match kind {
        ActorKind::Staff => "staff",
        ActorKind::Resident => "resident",
        ActorKind::Service => "service",
        ActorKind::System => "system",
    }
}

/// PostgreSQL's text cannot hold U+0000. An audit row must not fail, nor its change with it, over what a form sent.
fn without_nul(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// The row that the change will leave.
pub(crate) fn row(command: &Command, entry: Entry<'_>) -> Row {
    let Command { actor, now, request_id, .. } = command;
    Row {
        audit_id: uuid_at(*now),
        happened_at: *now,
        action: entry.action.to_owned(),
        subject_id: entry.subject,
        account_id: actor.account.map(|account| account.0),
        actor_kind: kind_name(actor.kind).to_owned(),
        actor_name: without_nul(&actor.name),
        actor_organisation_id: actor.organisation.map(|organisation| organisation.0),
        organisation_id: entry.organisation.map(|organisation| organisation.0),
        purpose: entry.purpose.map(without_nul),
        request_id: without_nul(request_id),
        detail: line::sorted(&entry.detail),
    }
}
