//! All of identity's SQL. Every function takes a connection, so that the caller decides about the transaction.
//!
//! Scope is a parameter of the statements: `None` is the program itself and covers all; otherwise the roots of the
//! subtrees a permission covers, joined with the closure. No row is filtered after the fact.
use jh_core::actor::{Actor, ActorKind};
use uuid::Uuid;

pub mod account;
pub mod assignment;
pub mod audit;
pub mod back_off;
pub mod credential;
pub mod load;
pub mod organisation;
pub mod role;
pub mod session;
pub mod tree;

/// Where a permission holds, ready to be bound: `None` is everywhere.
pub type Scope = Option<Vec<Uuid>>;

/// The scope of a permission of an actor. The program itself acts everywhere.
pub fn scope(actor: &Actor, permission: &str) -> Scope {
    match actor.kind {
        ActorKind::System => None,
        _ => Some(actor.scopes(permission)),
    }
}
