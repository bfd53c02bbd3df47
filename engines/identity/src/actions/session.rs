//! Signing in and out, and changing one's own password.
use std::sync::Arc;

use jh_core::actor::{AccountId, Actor, ActorKind, Command};
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use serde_json::json;

use super::back_off::Guard;
use crate::fault::IdentityError;
use crate::hashing::{self, Checked};
use crate::model::account::{AccountKind, SignInName};
use crate::model::back_off::Subject;
use crate::model::fields::Fields;
use crate::model::password::Password;
use crate::model::session::{Limits, SessionId};
use crate::store::account::Entrant;
use crate::store::{self, session::Begin};
use crate::token::{Fresh, Presented};

/// What is read of a password field; past this nobody types.
const TYPED_BYTES_MAX: usize = 1_024;
/// What is kept of a browser's description of itself.
const AGENT_LEN_MAX: usize = 200;

/// Where a request came from.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The network address.
    pub address: String,
    /// What the browser calls itself.
    pub agent: String,
    /// The session cookie it brought, if any.
    pub token: Option<String>,
}

/// A session just begun or renewed.
pub struct Begun {
    /// The token, for the cookie and for nothing else.
    pub token: String,
    /// Whether a password must be chosen before anything else.
    pub must_change_password: bool,
    /// Staff, resident or service.
    pub kind: ActorKind,
    /// How long the cookie is good for, in seconds.
    pub lasts_s: i64,
}

/// The form in which a sign-in name is compared.
pub(crate) fn blind_name(base: &Base, name: &SignInName) -> [u8; 16] {
    base.keys.blind("identity.sign_in_name", name.as_str())
}

/// Signs in with a username or phone and a password. It claims no key: signing in twice does no harm, and a kept
/// answer could not bring the cookie along.
pub async fn sign_in(
    base: &Base,
    command: &Command,
    name: &str,
    password: &str,
    origin: &Origin,
) -> Result<Begun, IdentityError> {
    let mut fields = Fields::new();
    for (field, text) in [("name", name), ("password", password)] {
        if text.trim().is_empty() {
            fields.wrong(field, "required");
        }
    }
    fields.done()?;
    let parsed = SignInName::parse(name);
    let guard = Guard::sign_in(base, parsed.as_ref().map_or(name.trim(), SignInName::as_str), &origin.address);
    let failures = guard.enter(base, command.now).await?;
    let entrant = match &parsed {
        Some(name) => store::account::entrant(&mut *base.db.read().await?, &blind_name(base, name)).await?,
        None => None,
    };
    let stored = entrant.as_ref().and_then(|entrant| entrant.password_hash.clone());
    match (entrant, check(base, command, &guard, password, stored).await?) {
        (Some(entrant), Checked::Right) => admit(base, command, &guard, entrant, origin, None).await,
        (Some(entrant), Checked::RightButOld) => {
            let renewed = hashing::hash(Password::typed(password)).await.ok();
            admit(base, command, &guard, entrant, origin, renewed).await
        }
        (known, _) => {
            let account = known.map(|entrant| entrant.account_id);
            if failures.here == Subject::NameHere.free() + 1 {
                let facts = json!({ "failures": failures.here, "address": origin.address });
                note_held_back(base, command, account, facts).await?;
            }
            if failures.anywhere == Subject::NameAnywhere.free() + 1 {
                let facts = json!({ "failures": failures.anywhere, "address": "*" });
                note_held_back(base, command, account, facts).await?;
            }
            Err(IdentityError::SignInRefused)
        }
    }
}

/// Checks a password off the request's thread; an attempt that the machine was too busy for is not held against anyone.
async fn check(
    base: &Base,
    command: &Command,
    guard: &Guard,
    typed: &str,
    stored: Option<String>,
) -> Result<Checked, IdentityError> {
    // Longer than any password of ours: the same work on its beginning, and wrong.
    let stored = stored.filter(|_| typed.len() <= TYPED_BYTES_MAX);
    let typed = typed.chars().take(TYPED_BYTES_MAX).collect();
    let checked = hashing::check(typed, stored).await;
    if matches!(checked, Err(IdentityError::Busy)) {
        guard.take_back(base, command.now).await?;
    }
    checked
}

async fn admit(
    base: &Base,
    command: &Command,
    guard: &Guard,
    entrant: Entrant,
    origin: &Origin,
    renewed_hash: Option<String>,
) -> Result<Begun, IdentityError> {
    if entrant.suspended_at.is_some() {
        return Err(IdentityError::Suspended);
    }
    let mut work = Work::begin(base, &acting(command, &entrant)).await?;
    guard.succeed(&mut work).await?;
    if let Some(hash) = renewed_hash {
        store::account::renew_hash(work.conn(), entrant.account_id, &hash).await?;
    }
    let begun = begin(&mut work, &entrant, origin).await?;
    work.commit().await?;
    Ok(begun)
}

/// A name is under attack at an address or from everywhere, known to us or not: the same row and the same time for both.
async fn note_held_back(
    base: &Base,
    command: &Command,
    account: Option<AccountId>,
    mut facts: serde_json::Value,
) -> Result<(), IdentityError> {
    let mut work = Work::begin(base, &Command { key: None, ..command.clone() }).await?;
    let subject = account.map_or(uuid::Uuid::nil(), |id| id.0);
    facts["account_known"] = account.is_some().into();
    work.audit(Entry::new("identity.session.held_back", subject).detail(facts));
    Ok(work.commit().await?)
}

/// The command as its audit row names it: by whoever has just proved to be somebody. Without the key, which belongs
/// to the visitor who sent the form.
pub(crate) fn acting(command: &Command, entrant: &Entrant) -> Command {
    let actor = Actor {
        account: Some(entrant.account_id),
        kind: entrant.kind.into(),
        name: entrant.name.as_str().into(),
        organisation: entrant.organisation_id,
        organisation_name: entrant.organisation_name.as_str().into(),
        grants: Arc::new([]),
    };
    Command { actor, key: None, ..command.clone() }
}

/// Begins a session in the transaction; the one the browser brought along ends.
pub(crate) async fn begin(work: &mut Work, entrant: &Entrant, origin: &Origin) -> Result<Begun, IdentityError> {
    let (now, account) = (work.now(), entrant.account_id);
    if let Some(old) = origin.token.as_deref().and_then(Presented::session) {
        store::session::end_by_token(work.conn(), old.account, &old.hash).await?;
    }
    let fresh = Fresh::session(account);
    let limits = Limits::of(entrant.kind.into());
    let agent: String = origin.agent.chars().filter(|c| !c.is_control()).take(AGENT_LEN_MAX).collect();
    let begin = Begin { account, hash: fresh.hash(), limits, address: &origin.address, agent: &agent, now };
    let session = store::session::begin(work.conn(), &begin).await?;
    store::account::note_signed_in(work.conn(), account, now).await?;
    let facts = json!({ "session": session, "address": origin.address });
    let mut entry = Entry::new("identity.session.begun", account).detail(facts);
    entry.organisation = entrant.organisation_id;
    work.audit(entry);
    Ok(Begun {
        token: fresh.into_text(),
        must_change_password: entrant.must_change_password,
        kind: entrant.kind.into(),
        lasts_s: limits.absolute.whole_seconds(),
    })
}

/// Ends the session of the token that the browser brought. Nothing to end is no error: the result is the same.
pub async fn sign_out(base: &Base, command: &Command, token: Option<&str>) -> Result<(), IdentityError> {
    let Some(held) = token.and_then(Presented::session) else { return Ok(()) };
    let mut work = Work::begin(base, &Command { key: None, ..command.clone() }).await?;
    if let Some(session) = store::session::end_by_token(work.conn(), held.account, &held.hash).await? {
        record_end(&mut work, held.account, json!({ "session": session })).await?;
    }
    Ok(work.commit().await?)
}

/// Ends one of one's own sessions.
pub async fn end_one(base: &Base, command: &Command, id: SessionId) -> Result<(), IdentityError> {
    let account = own_account(command)?;
    let mut work = Work::begin(base, command).await?;
    if !store::session::end(work.conn(), account, id).await? {
        return Err(IdentityError::SessionNotFound);
    }
    record_end(&mut work, account, json!({ "session": id })).await?;
    Ok(work.commit().await?)
}

/// Ends all of one's own sessions, this one included.
pub async fn end_everywhere(base: &Base, command: &Command) -> Result<(), IdentityError> {
    let account = own_account(command)?;
    let mut work = Work::begin(base, command).await?;
    let ended = store::session::end_all(work.conn(), account, None).await?;
    record_end(&mut work, account, json!({ "sessions": ended })).await?;
    Ok(work.commit().await?)
}

async fn record_end(work: &mut Work, account: AccountId, facts: serde_json::Value) -> Result<(), IdentityError> {
    let mut entry = Entry::new("identity.session.ended", account).detail(facts);
    entry.organisation = work.actor().organisation;
    work.audit(entry);
    Ok(())
}

/// The account that acts; a program has none.
pub(crate) fn own_account(command: &Command) -> Result<AccountId, IdentityError> {
    command.actor.account.ok_or(IdentityError::AccountNotFound)
}

/// A change of one's own password as the form says it.
#[derive(Clone, Copy)]
pub struct PasswordChange<'a> {
    /// The present one.
    pub current: &'a str,
    /// The new one.
    pub new: &'a str,
    /// The new one again.
    pub repeat: &'a str,
}

/// Changes one's own password. All sessions end; the one that asked goes on under a new token.
pub async fn change_password(
    base: &Base,
    command: &Command,
    input: PasswordChange<'_>,
    origin: &Origin,
) -> Result<Begun, IdentityError> {
    let account = own_account(command)?;
    let found = store::account::entrant_by_id(&mut *base.db.read().await?, account).await?;
    let mut entrant = found.filter(|e| e.kind != AccountKind::Service).ok_or(IdentityError::AccountNotFound)?;
    let phone = open_phone(base, &entrant)?;
    let own = [entrant.username.as_deref().unwrap_or(""), &entrant.name, &phone];
    let mut fields = Fields::new();
    if input.current.is_empty() {
        fields.wrong("current", "required");
    }
    let new = check_new_password(&mut fields, "new", input.new, input.repeat, &own);
    if input.new == input.current && !input.new.is_empty() {
        fields.wrong("new", "password-unchanged");
    }
    fields.done()?;
    let Some(new) = new else { return Err(IdentityError::CurrentPasswordWrong) };
    let guard = Guard::account(base, account);
    guard.enter(base, command.now).await?;
    if check(base, command, &guard, input.current, entrant.password_hash.take()).await? == Checked::Wrong {
        return Err(IdentityError::CurrentPasswordWrong);
    }
    let hash = hashing::hash(new).await?;
    let mut work = Work::begin(base, command).await?;
    let now = work.now();
    guard.succeed(&mut work).await?;
    store::account::set_password(work.conn(), account, &hash, false, now).await?;
    store::session::end_all(work.conn(), account, None).await?;
    let mut entry = Entry::new("identity.password.changed", account);
    entry.organisation = entrant.organisation_id;
    work.audit(entry);
    entrant.must_change_password = false;
    let begun = begin(&mut work, &entrant, origin).await?;
    work.commit().await?;
    Ok(begun)
}

/// A new password typed twice, against the rules.
pub(crate) fn check_new_password(
    fields: &mut Fields,
    field: &'static str,
    new: &str,
    repeat: &str,
    own: &[&str],
) -> Option<Password> {
    if new.is_empty() {
        fields.wrong(field, "required");
        return None;
    }
    let chosen = Password::choose(new, own).map_err(|fault| fields.wrong(field, fault.code())).ok();
    if new != repeat {
        fields.wrong("repeat", "password-repeat");
    }
    chosen
}

fn open_phone(base: &Base, entrant: &Entrant) -> Result<String, IdentityError> {
    match &entrant.phone_sealed {
        None => Ok(String::new()),
        Some(sealed) => {
            let clear = base.keys.open("identity.account.phone", sealed)?;
            Ok(String::from_utf8_lossy(&clear).into_owned())
        }
    }
}
