//! Residents make their own accounts, with a phone and a password.
//!
//! There is no SMS gateway yet, so nobody has confirmed that the phone is theirs. The account says so
//! (`phone_confirmed_at` is empty) and whatever needs a confirmed person must ask for more.
use jh_core::actor::{AccountId, Command};
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use serde_json::json;

use super::back_off::Guard;
use super::session::{Begun, Origin, acting, begin, blind_name, check_new_password, sign_in};
use crate::fault::IdentityError;
use crate::hashing;
use crate::model::account::{AccountKind, NAME_LEN_MAX, SignInName};
use crate::model::fields::Fields;
use crate::store;
use crate::store::account::{Entrant, New};

/// A registration as the form says it.
#[derive(Clone, Copy)]
pub struct Registration<'a> {
    /// The mainland mobile number.
    pub phone: &'a str,
    /// How to address the person.
    pub name: &'a str,
    /// The password.
    pub password: &'a str,
    /// The password again.
    pub repeat: &'a str,
}

/// Makes a resident's account and signs in.
pub async fn register(
    base: &Base,
    command: &Command,
    input: &Registration<'_>,
    origin: &Origin,
) -> Result<Begun, IdentityError> {
    let mut fields = Fields::new();
    let phone = match SignInName::parse(input.phone) {
        Some(phone @ SignInName::Phone(_)) => Some(phone),
        _ if input.phone.trim().is_empty() => fields.take("phone", None, "required"),
        _ => fields.take("phone", None, "phone-not-mobile"),
    };
    let name = fields.line("name", input.name, NAME_LEN_MAX);
    let digits = phone.as_ref().map_or("", SignInName::as_str);
    let password = check_new_password(&mut fields, "password", input.password, input.repeat, &[digits]);
    fields.done()?;
    let (Some(phone), Some(password)) = (phone, password) else { return Err(IdentityError::SignInRefused) };
    // Not taken back on success: one address makes a few accounts, not thousands.
    Guard::address(base, &origin.address).enter(base, command.now).await?;
    let hash = hashing::hash(password).await?;
    let entrant = Entrant {
        account_id: AccountId::at(command.now),
        kind: AccountKind::Resident,
        name,
        username: None,
        organisation_id: None,
        organisation_name: String::new(),
        phone_sealed: Some(base.keys.seal("identity.account.phone", phone.as_str().as_bytes())),
        phone_confirmed_at: None,
        password_hash: Some(hash),
        must_change_password: false,
        suspended_at: None,
    };
    let mut work = Work::begin(base, &acting(command, &entrant)).await?;
    let now = work.now();
    if !store::account::take_name(work.conn(), &blind_name(base, &phone), entrant.account_id, now).await? {
        drop(work);
        // The button pressed twice, or somebody who forgot that he has an account: the right password signs in.
        let again = sign_in(base, command, phone.as_str(), input.password, origin).await;
        return again.map_err(|_| IdentityError::PhoneTaken);
    }
    let new = New {
        id: entrant.account_id,
        kind: entrant.kind,
        username: None,
        name: &entrant.name,
        organisation: None,
        phone_sealed: entrant.phone_sealed.clone(),
        password_hash: entrant.password_hash.as_deref(),
        must_change_password: false,
        by: Some(entrant.account_id),
    };
    store::account::insert(work.conn(), &new, now).await?;
    let facts = json!({ "kind": "resident", "phone_confirmed": false });
    work.audit(Entry::new("identity.account.created", entrant.account_id).detail(facts.clone()));
    work.emit("identity.account.created", entrant.account_id.0, facts);
    let begun = begin(&mut work, &entrant, origin).await?;
    work.commit().await?;
    Ok(begun)
}
