//! Credentials of departments' systems: issuing, rotating with an overlap, revoking.
use jh_core::actor::{AccountId, Command, OrganisationId};
use jh_core::clock::china_day;
use jh_core::paging::PageRequest;
use jh_db::{Base, Work};
use serde_json::json;
use time::{Duration, OffsetDateTime};

use super::account::record;
use super::assignment::{end_of, hand_over};
use super::{named, permission};
use crate::fault::IdentityError;
use crate::model::account::{AccountKind, NAME_LEN_MAX};
use crate::model::fields::Fields;
use crate::model::role::{Role, RoleId};
use crate::store::credential::{CredentialId, Filter, Listed, New};
use crate::store::{self, scope};
use crate::token::Fresh;

/// A token that nobody renews for longer than this belongs to nobody any more.
pub const LASTS_DAYS_MAX: i64 = 366;

/// A credential to be issued as a form says it.
#[derive(Clone, Copy, Debug)]
pub struct NewCredential<'a> {
    /// Whose system, by code or name.
    pub organisation: &'a str,
    /// The system's name.
    pub name: &'a str,
    /// The role it holds in its organisation.
    pub role: Option<RoleId>,
    /// The last day.
    pub expires_on: &'a str,
}

/// A token just made, to be shown once.
pub struct Issued {
    /// Which credential.
    pub id: CredentialId,
    /// The system's account.
    pub account: AccountId,
    /// The bearer token.
    pub token: String,
}

/// Issues a credential to a department's system.
pub async fn issue(base: &Base, command: &Command, input: &NewCredential<'_>) -> Result<Issued, IdentityError> {
    let mut work = Work::begin(base, command).await?;
    let reach = scope(&command.actor, permission::CREDENTIAL);
    let mut fields = Fields::new();
    let name = fields.line("name", input.name, NAME_LEN_MAX);
    let role = match input.role {
        Some(id) => store::role::find(work.conn(), Some(id), None).await?,
        None => None,
    };
    let role = fields.take("role", role, "not-a-choice");
    let place = named(work.conn(), reach.as_deref(), &mut fields, "organisation", input.organisation).await?;
    let expires_at = check_expiry(&mut fields, input.expires_on, work.now());
    fields.done()?;
    let (Some(role), Some(place), Some(expires_at)) = (role, place, expires_at) else {
        return Err(IdentityError::RoleNotFound);
    };
    let issued = issue_in(&mut work, place, &name, &[role], expires_at).await?;
    work.commit().await?;
    Ok(issued)
}

fn check_expiry(fields: &mut Fields, text: &str, now: OffsetDateTime) -> Option<OffsetDateTime> {
    if text.trim().is_empty() {
        return fields.take("expires_on", None, "required");
    }
    let day = fields.date("expires_on", text)?;
    if day < china_day(now) {
        return fields.take("expires_on", None, "ends-in-the-past");
    }
    let near = (day - china_day(now)).whole_days() <= LASTS_DAYS_MAX;
    fields.take("expires_on", near.then(|| end_of(day)), "expires-too-late")
}

/// The account, the roles and the token of a system, in the caller's transaction.
pub(crate) async fn issue_in(
    work: &mut Work,
    place: OrganisationId,
    name: &str,
    roles: &[Role],
    expires_at: OffsetDateTime,
) -> Result<Issued, IdentityError> {
    let (now, by) = (work.now(), work.actor().account);
    let account = AccountId::at(now);
    let new = store::account::New {
        id: account,
        kind: AccountKind::Service,
        username: None,
        name,
        organisation: Some(place),
        phone_sealed: None,
        password_hash: None,
        must_change_password: false,
        by,
    };
    store::account::insert(work.conn(), &new, now).await?;
    for role in roles {
        hand_over(work, (account, AccountKind::Service), role, place, None).await?;
    }
    let (id, token) = add_token(work, account, expires_at).await?;
    let facts = json!({ "credential": id, "name": name, "expires_at": expires_at.unix_timestamp() });
    record(work, "identity.credential.issued", account, Some(place), facts).await?;
    Ok(Issued { id, account, token })
}

async fn add_token(
    work: &mut Work,
    account: AccountId,
    expires_at: OffsetDateTime,
) -> Result<(CredentialId, String), IdentityError> {
    let (now, by) = (work.now(), work.actor().account);
    let (id, fresh) = (CredentialId::at(now), Fresh::credential(account));
    let hint = fresh.hint();
    let new = New { account, id, hash: fresh.hash(), hint: &hint, expires_at, by, now };
    store::credential::insert(work.conn(), &new).await?;
    Ok((id, fresh.into_text()))
}

/// How long the old token goes on working beside the new one.
pub const OVERLAPS_H: [i64; 4] = [0, 1, 24, 168];

/// Gives a system a new token; the old one goes on for the overlap, so that the system can be changed over in peace.
pub async fn rotate(
    base: &Base,
    command: &Command,
    id: CredentialId,
    overlap_h: i64,
    expires_on: &str,
) -> Result<Issued, IdentityError> {
    let mut fields = Fields::new();
    let expires_at = check_expiry(&mut fields, expires_on, command.now);
    let overlap = OVERLAPS_H.contains(&overlap_h).then(|| Duration::hours(overlap_h));
    let overlap = fields.take("overlap_h", overlap, "not-a-choice");
    fields.done()?;
    let mut work = Work::begin(base, command).await?;
    let held = in_reach(&mut work, id).await?;
    if held.revoked_at.is_some() {
        return Err(IdentityError::AlreadyRevoked);
    }
    let (Some(expires_at), Some(overlap)) = (expires_at, overlap) else {
        return Err(IdentityError::CredentialNotFound);
    };
    let now = work.now();
    let (fresh, token) = add_token(&mut work, held.account_id, expires_at).await?;
    store::credential::shorten(work.conn(), held.account_id, id, now + overlap).await?;
    let facts = json!({ "from": id, "to": fresh, "overlap_h": overlap_h, "expires_at": expires_at.unix_timestamp() });
    record(&mut work, "identity.credential.rotated", held.account_id, Some(held.organisation_id), facts).await?;
    work.commit().await?;
    Ok(Issued { id: fresh, account: held.account_id, token })
}

/// Revokes a token; the very next call with it is refused.
pub async fn revoke(base: &Base, command: &Command, id: CredentialId) -> Result<(), IdentityError> {
    let mut work = Work::begin(base, command).await?;
    let held = in_reach(&mut work, id).await?;
    let (now, by) = (work.now(), command.actor.account);
    if !store::credential::revoke(work.conn(), held.account_id, id, by, now).await? {
        return Err(IdentityError::AlreadyRevoked);
    }
    let facts = json!({ "credential": id });
    record(&mut work, "identity.credential.revoked", held.account_id, Some(held.organisation_id), facts).await?;
    Ok(work.commit().await?)
}

async fn in_reach(work: &mut Work, id: CredentialId) -> Result<Listed, IdentityError> {
    let reach = scope(work.actor(), permission::CREDENTIAL);
    let filter = Filter { only: Some(id), with_ended: true, ..Filter::default() };
    let now = work.now();
    let one = PageRequest { page: None, size: Some(1) };
    let found = store::credential::list(work.conn(), reach.as_deref(), &filter, now, one).await?;
    found.into_iter().next().ok_or(IdentityError::CredentialNotFound)
}
