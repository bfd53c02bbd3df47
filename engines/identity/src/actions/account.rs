//! Staff accounts: creating, suspending, restoring, and a new one-time password.
use jh_core::actor::{AccountId, Command, OrganisationId};
use jh_core::clock::china_day;
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use serde_json::json;

use super::session::blind_name;
use super::{named, permission};
use crate::fault::IdentityError;
use crate::hashing;
use crate::model::account::{
    AccountKind, Managed, NAME_LEN_MAX, REASON_LEN_MAX, SignInName, check_restoration, check_suspension,
};
use crate::model::fields::Fields;
use crate::model::password::Password;
use crate::store::{self, account::New, scope};

/// A new member of staff as a form says it.
#[derive(Clone, Copy, Debug)]
pub struct NewStaff<'a> {
    /// To sign in with.
    pub username: &'a str,
    /// To show.
    pub name: &'a str,
    /// Where the person works, by code or name.
    pub organisation: &'a str,
}

/// An account with a password that is shown to its maker once and that its owner must change.
pub struct WithOneTime {
    /// Which account.
    pub id: AccountId,
    /// The one-time password.
    pub password: Password,
}

/// Creates a member of staff within the actor's scope, without any role yet.
pub async fn create_staff(base: &Base, command: &Command, input: &NewStaff<'_>) -> Result<WithOneTime, IdentityError> {
    let mut fields = Fields::new();
    let username = match SignInName::parse(input.username) {
        Some(name @ SignInName::Username(_)) => Some(name),
        _ if input.username.trim().is_empty() => fields.take("username", None, "required"),
        _ => fields.take("username", None, "username-shape"),
    };
    let name = fields.line("name", input.name, NAME_LEN_MAX);
    let reach = scope(&command.actor, permission::ACCOUNT);
    let organisation =
        named(&mut *base.db.read().await?, reach.as_deref(), &mut fields, "organisation", input.organisation).await?;
    fields.done()?;
    let (Some(username), Some(organisation)) = (username, organisation) else {
        return Err(IdentityError::OrganisationNotFound);
    };
    let password = Password::one_time(jh_crypto::random::bytes());
    let hash = hashing::hash(password.clone()).await?;
    let mut work = Work::begin(base, command).await?;
    let (id, now) = (AccountId::at(work.now()), work.now());
    if !store::account::take_name(work.conn(), &blind_name(base, &username), id, now).await? {
        return Err(IdentityError::UsernameTaken);
    }
    let new = New {
        id,
        kind: AccountKind::Staff,
        username: Some(username.as_str()),
        name: &name,
        organisation: Some(organisation),
        phone_sealed: None,
        password_hash: Some(&hash),
        must_change_password: true,
        by: command.actor.account,
    };
    store::account::insert(work.conn(), &new, now).await?;
    let facts = json!({ "kind": "staff", "username": username.as_str(), "organisation": organisation });
    record(&mut work, "identity.account.created", id, Some(organisation), facts).await?;
    work.commit().await?;
    Ok(WithOneTime { id, password })
}

/// Suspends an account: it may not sign in and its sessions end at once.
pub async fn suspend(base: &Base, command: &Command, id: AccountId, reason: &str) -> Result<(), IdentityError> {
    let mut fields = Fields::new();
    let reason = fields.line("reason", reason, REASON_LEN_MAX);
    fields.done()?;
    let mut work = Work::begin(base, command).await?;
    let account = manageable(&mut work, id).await?;
    check_suspension(&account, command.actor.account)?;
    let now = work.now();
    store::account::set_suspension(work.conn(), id, Some(now), Some(&reason), now).await?;
    let ended = store::session::end_all(work.conn(), id, None).await?;
    let facts = json!({ "reason": reason, "sessions_ended": ended });
    record(&mut work, "identity.account.suspended", id, account.organisation, facts).await?;
    Ok(work.commit().await?)
}

/// Restores a suspended account; it has the roles it had.
pub async fn restore(base: &Base, command: &Command, id: AccountId) -> Result<(), IdentityError> {
    let mut work = Work::begin(base, command).await?;
    let account = manageable(&mut work, id).await?;
    check_restoration(&account)?;
    let now = work.now();
    store::account::set_suspension(work.conn(), id, None, None, now).await?;
    record(&mut work, "identity.account.restored", id, account.organisation, json!({})).await?;
    Ok(work.commit().await?)
}

/// Sets a one-time password for somebody who has forgotten his. Whoever knows it can be that person until it is changed,
/// so it takes all the rights that person has.
pub async fn reset_password(base: &Base, command: &Command, id: AccountId) -> Result<WithOneTime, IdentityError> {
    let password = Password::one_time(jh_crypto::random::bytes());
    let hash = hashing::hash(password.clone()).await?;
    let mut work = Work::begin(base, command).await?;
    let account = manageable(&mut work, id).await?;
    if command.actor.account == Some(id) {
        return Err(IdentityError::NotYourself);
    }
    let now = work.now();
    if scope(&command.actor, permission::ACCOUNT).is_some()
        && let Some(permission) = store::assignment::first_beyond(work.conn(), &command.actor, id, now).await?
    {
        return Err(IdentityError::NotYoursToGive { permission });
    }
    store::account::set_password(work.conn(), id, &hash, true, now).await?;
    let ended = store::session::end_all(work.conn(), id, None).await?;
    let facts = json!({ "sessions_ended": ended, "day": china_day(now).to_string() });
    record(&mut work, "identity.password.reset", id, account.organisation, facts).await?;
    work.commit().await?;
    Ok(WithOneTime { id, password })
}

/// A member of staff whom the actor may manage: within his scope, and holding nothing outside it.
pub(crate) async fn manageable(work: &mut Work, id: AccountId) -> Result<Managed, IdentityError> {
    let reach = scope(work.actor(), permission::ACCOUNT);
    let now = work.now();
    let found = store::account::managed(work.conn(), reach.as_deref(), id).await?;
    let account = found.filter(|a| a.kind == AccountKind::Staff).ok_or(IdentityError::AccountNotFound)?;
    if store::assignment::reaches_beyond(work.conn(), reach.as_deref(), id, now).await? {
        return Err(IdentityError::BeyondYourRights);
    }
    Ok(account)
}

/// Audit row and event of a change of an account.
pub(crate) async fn record(
    work: &mut Work,
    action: &'static str,
    id: AccountId,
    organisation: Option<OrganisationId>,
    facts: serde_json::Value,
) -> Result<(), IdentityError> {
    let mut entry = Entry::new(action, id).detail(facts.clone());
    entry.organisation = organisation;
    work.audit(entry);
    work.emit(action, id.0, facts);
    Ok(())
}
