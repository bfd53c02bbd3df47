//! Giving and withdrawing roles. Nobody gives what he does not hold himself, in the place where he gives it.
use jh_core::actor::{AccountId, Actor, ActorKind, Command, OrganisationId};
use jh_core::clock::CHINA;
use jh_db::{Base, Work};
use serde_json::json;
use time::{Date, OffsetDateTime, Time};

use super::account::record;
use super::{named, permission};
use crate::fault::IdentityError;
use crate::model::account::AccountKind;
use crate::model::fields::Fields;
use crate::model::role::{AssignmentId, Giving, Role, RoleId, check_giving};
use crate::store::{self, assignment::New, scope};

/// A role to be given as a form says it.
#[derive(Clone, Copy, Debug)]
pub struct Gift<'a> {
    /// The role's id.
    pub role: Option<RoleId>,
    /// Where, by code or name.
    pub organisation: &'a str,
    /// The last day; empty: until withdrawn.
    pub ends_on: &'a str,
}

/// Gives a role to a member of staff.
pub async fn give(
    base: &Base,
    command: &Command,
    account: AccountId,
    input: &Gift<'_>,
) -> Result<AssignmentId, IdentityError> {
    let mut work = Work::begin(base, command).await?;
    let reach = scope(&command.actor, permission::ACCOUNT);
    let managed = store::account::managed(work.conn(), reach.as_deref(), account).await?;
    let managed = managed.filter(|a| a.kind == AccountKind::Staff).ok_or(IdentityError::AccountNotFound)?;
    let mut fields = Fields::new();
    let role = match input.role {
        Some(id) => store::role::find(work.conn(), Some(id), None).await?,
        None => None,
    };
    let role = fields.take("role", role, "not-a-choice");
    let place = named(work.conn(), reach.as_deref(), &mut fields, "organisation", input.organisation).await?;
    let ends_at = fields.date("ends_on", input.ends_on).map(end_of);
    fields.done()?;
    let (Some(role), Some(place)) = (role, place) else { return Err(IdentityError::RoleNotFound) };
    let given = hand_over(&mut work, (account, managed.kind), &role, place, ends_at).await?;
    let id = given.ok_or(IdentityError::AlreadyGiven)?;
    work.commit().await?;
    Ok(id)
}

/// The rule and the row of giving, for accounts of staff and of systems alike. None: held already.
pub(crate) async fn hand_over(
    work: &mut Work,
    (account, kind): (AccountId, AccountKind),
    role: &Role,
    place: OrganisationId,
    ends_at: Option<OffsetDateTime>,
) -> Result<Option<AssignmentId>, IdentityError> {
    let (now, actor) = (work.now(), work.actor().clone());
    let standing = store::organisation::standing(work.conn(), None, place).await?;
    let scope_closed = standing.ok_or(IdentityError::OrganisationNotFound)?.closed;
    check_giving(&Giving { kind, audience: role.audience, scope_closed, ends_at, now })?;
    // What only systems hold goes out with the right to issue credentials. What people hold too is given to a system only
    // by whoever holds it, or a credential would be a way to more than one has.
    let peoples = match kind {
        AccountKind::Service => store::role::held_by_staff(work.conn(), &role.permissions).await?,
        _ => role.permissions.clone(),
    };
    check_held(work, &actor, &peoples, place).await?;
    let id = AssignmentId::at(now);
    let new = New { account, id, role: role.id, organisation: place, ends_at, by: actor.account, now };
    if !store::assignment::give(work.conn(), &new).await? {
        return Ok(None);
    }
    store::account::note_rights_changed(work.conn(), &[account], now).await?;
    let facts = json!({
        "assignment": id, "role": role.code, "organisation": place, "ends_at": ends_at.map(|at| at.unix_timestamp()),
    });
    record(work, "identity.assignment.given", account, Some(place), facts).await?;
    Ok(Some(id))
}

/// Refuses what the actor does not hold himself at the place. The program itself holds everything.
pub(crate) async fn check_held(
    work: &mut Work,
    actor: &Actor,
    permissions: &[String],
    place: OrganisationId,
) -> Result<(), IdentityError> {
    if actor.kind == ActorKind::System {
        return Ok(());
    }
    match store::role::first_not_held(work.conn(), actor, permissions, place).await? {
        Some(permission) => Err(IdentityError::NotYoursToGive { permission }),
        None => Ok(()),
    }
}

/// Withdraws a role within the actor's scope. Nobody withdraws his own: so the last administrator always remains.
pub async fn withdraw(
    base: &Base,
    command: &Command,
    account: AccountId,
    id: AssignmentId,
) -> Result<(), IdentityError> {
    if command.actor.account == Some(account) {
        return Err(IdentityError::NotYourself);
    }
    let mut work = Work::begin(base, command).await?;
    let reach = scope(&command.actor, permission::ACCOUNT);
    let (now, by) = (work.now(), command.actor.account);
    let gone = store::assignment::withdraw(work.conn(), reach.as_deref(), account, id, by, now).await?;
    let (role, place) = gone.ok_or(IdentityError::AssignmentNotFound)?;
    store::account::note_rights_changed(work.conn(), &[account], now).await?;
    let facts = json!({ "assignment": id, "role": role, "organisation": place });
    record(&mut work, "identity.assignment.withdrawn", account, Some(place), facts).await?;
    Ok(work.commit().await?)
}

/// The instant at which a day in China is over; a role "until the 30th" holds all of the 30th.
pub(crate) fn end_of(day: Date) -> OffsetDateTime {
    day.next_day().unwrap_or(day).with_time(Time::MIDNIGHT).assume_offset(CHINA)
}
