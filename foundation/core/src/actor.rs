//! Who acts, on whose behalf, and what that lets them do.
//!
//! A grant is a permission within a part of the organisation tree. Code asks for the organisations a permission
//! covers and hands them to SQL, which enforces the scope; code never filters rows after the fact.
use std::sync::Arc;

use time::OffsetDateTime;
use uuid::Uuid;

use crate::define_id;

define_id!(
    /// One account: a member of staff, a resident, or a department's machine credential.
    AccountId
);
define_id!(
    /// One organisation of the tree: city, county, department, office, street or community.
    OrganisationId
);

/// What sort of account acts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ActorKind {
    /// A person employed by an organisation of the tree.
    Staff,
    /// A member of the public.
    Resident,
    /// A department's system with a bearer credential.
    Service,
    /// The program itself: a job or a command of the operator.
    System,
}

/// One permission within one subtree.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grant {
    /// For example `registry.delivery.submit`.
    pub permission: String,
    /// The root of the subtree in which it holds.
    pub scope: OrganisationId,
}

/// Who acts. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The account, or none for the program itself.
    pub account: Option<AccountId>,
    /// What sort of account.
    pub kind: ActorKind,
    /// The name to show and to write into the audit.
    pub name: Arc<str>,
    /// The organisation on whose behalf it acts now.
    pub organisation: Option<OrganisationId>,
    /// That organisation's name.
    pub organisation_name: Arc<str>,
    /// All grants of the account.
    pub grants: Arc<[Grant]>,
}

impl Actor {
    /// The program itself, named after the part that acts, for example `registry.ingest`.
    pub fn system(part: &str) -> Self {
        Self {
            account: None,
            kind: ActorKind::System,
            name: part.into(),
            organisation: None,
            organisation_name: "".into(),
            grants: Arc::new([]),
        }
    }

    /// Whether the permission is held anywhere.
    pub fn may(&self, permission: &str) -> bool {
        self.kind == ActorKind::System || self.grants.iter().any(|grant| grant.permission == permission)
    }

    /// The roots of the subtrees in which the permission holds, to bind in SQL against
    /// `identity.v_organisation_closure (ancestor_id, descendant_id)`.
    pub fn scopes(&self, permission: &str) -> Vec<Uuid> {
        self.grants.iter().filter(|grant| grant.permission == permission).map(|grant| grant.scope.0).collect()
    }
}

/// The key a client gives with a POST; the same key twice is one change and one answer. It is its owner's, under whatever name
/// the change is then made: knowing another's key shows nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct IdempotencyKey {
    /// The account that brought it. The public shares one owner: its keys come from our own forms and cannot be guessed.
    pub owner: Uuid,
    /// What it brought.
    pub key: Uuid,
}

impl IdempotencyKey {
    /// A key as an actor brought it.
    pub fn of(actor: &Actor, key: Uuid) -> Self {
        Self { owner: actor.account.map_or(Uuid::nil(), |account| account.0), key }
    }
}

/// The circumstances of one change: who, when, and under which key and request.
#[derive(Clone, Debug)]
pub struct Command {
    /// Who acts.
    pub actor: Actor,
    /// The instant of the change, the same for every row it writes.
    pub now: OffsetDateTime,
    /// The client's key, where there is one.
    pub key: Option<IdempotencyKey>,
    /// The request's id, which ties log, audit and error page together.
    pub request_id: Arc<str>,
}

impl Command {
    /// A change made by the program itself.
    pub fn system(part: &str, now: OffsetDateTime) -> Self {
        Self { actor: Actor::system(part), now, key: None, request_id: part.into() }
    }
}
