//! What people do here: set how the city takes part, issue keys and revoke them. Taking a report in is in `intake`.
use jh_core::actor::{Actor, Command, OrganisationId};
use jh_core::fault::FieldError;
use jh_crypto::{random, sm3};
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use serde_json::json;
use sqlx::PgConnection;

use crate::fault::Open311Error;
use crate::store::{self, KeyId, KeyRow, Setting};

/// Keys of strangers' programs, and the setting.
pub const MANAGE: &str = "open311.key.manage";
/// What a key begins with, so that people and scanners of leaked secrets recognise it.
const KEY_MARK: &str = "jho_";

/// The interface is the whole city's: who looks after it must hold the permission at the root of the tree.
pub async fn at_the_root(conn: &mut PgConnection, actor: &Actor) -> Result<(), Open311Error> {
    let root = identity::api::root(conn).await?.ok_or(Open311Error::OutOfScope)?;
    let covered = identity::api::in_scope(conn, &actor.scopes(MANAGE), root).await?;
    covered.then_some(()).ok_or(Open311Error::OutOfScope)
}

/// How the city takes part, as a form says it.
#[derive(Clone, Debug, Default)]
pub struct NewSetting {
    /// The code of the organisation that keeps what comes in.
    pub centre: String,
    /// `jurisdiction_id`; empty to take any.
    pub jurisdiction: String,
    /// Whether a report needs no key.
    pub anonymous: bool,
    /// Whether new reports wait for a person.
    pub held: bool,
    /// How many reports a key or an address may post in a minute.
    pub posts_a_minute: Option<i32>,
    /// Whom programmers ask.
    pub contact: String,
}

fn line(faults: &mut Vec<FieldError>, field: &'static str, given: &str, bounds: (usize, usize)) -> String {
    let kept: String = given.trim().chars().filter(|c| !c.is_control()).collect();
    if !(bounds.0..=bounds.1).contains(&kept.chars().count()) {
        let args = vec![("min", bounds.0.to_string()), ("max", bounds.1.to_string())];
        faults.push(FieldError { field, code: "open311-length", args });
    }
    kept
}

/// Sets how the city takes part.
pub async fn set(base: &Base, command: &Command, new: &NewSetting) -> Result<(), Open311Error> {
    let mut work = Work::begin(base, command).await?;
    at_the_root(work.conn(), &command.actor).await?;
    set_in(&mut work, new).await?;
    Ok(work.commit().await?)
}

/// As [`set`], in a transaction of the caller's, who has looked at the right to.
pub async fn set_in(work: &mut Work, new: &NewSetting) -> Result<(), Open311Error> {
    let mut faults = Vec::new();
    let jurisdiction = line(&mut faults, "jurisdiction", &new.jurisdiction, (0, 100));
    let contact = line(&mut faults, "contact", &new.contact, (0, 200));
    let posts_a_minute = new.posts_a_minute.filter(|n| (1..=6_000).contains(n));
    if posts_a_minute.is_none() {
        faults.push(FieldError { field: "posts_a_minute", code: "open311-posts", args: Vec::new() });
    }
    let centre = identity::api::organisation_by_code(work.conn(), new.centre.trim()).await?;
    let centre = centre.filter(|centre| centre.closed_on.is_none());
    if centre.is_none() {
        faults.push(FieldError { field: "centre", code: "open311-centre-unknown", args: Vec::new() });
    }
    let (Some(centre), Some(posts_a_minute), true) = (centre, posts_a_minute, faults.is_empty()) else {
        return Err(Open311Error::Invalid(faults));
    };
    let (anonymous, held) = (new.anonymous, new.held);
    let centre_id = Some(centre.id.0);
    let setting = Setting { centre_id, jurisdiction, anonymous, held, posts_a_minute, contact, changed_at: work.now() };
    let by = work.actor().name.to_string();
    store::set(work.conn(), &setting, &by).await?;
    let detail = json!({ "centre": centre.code, "jurisdiction": setting.jurisdiction, "anonymous": anonymous,
        "held": held, "posts_a_minute": posts_a_minute });
    work.audit(Entry::new("open311.setting.changed", centre.id).organisation(centre.id).detail(detail));
    Ok(())
}

/// Sets who keeps what comes in, and leaves all else as it is.
pub async fn set_centre(work: &mut Work, centre: OrganisationId) -> Result<(), Open311Error> {
    let setting = store::setting(work.conn()).await?;
    let code = identity::api::organisation(work.conn(), centre).await?.map(|found| found.code).unwrap_or_default();
    let new = NewSetting {
        centre: code,
        jurisdiction: setting.jurisdiction,
        anonymous: setting.anonymous,
        held: setting.held,
        posts_a_minute: Some(setting.posts_a_minute),
        contact: setting.contact,
    };
    set_in(work, &new).await
}

/// A key that is there now; the key itself is told once and stored nowhere.
#[derive(Clone)]
pub struct Issued {
    /// Which.
    pub key_id: KeyId,
    /// For whom.
    pub name: String,
    /// The key.
    pub key: String,
}

/// Issues a key to somebody's program.
pub async fn issue(base: &Base, command: &Command, name: &str, contact: &str) -> Result<Issued, Open311Error> {
    let mut work = Work::begin(base, command).await?;
    at_the_root(work.conn(), &command.actor).await?;
    let issued = issue_in(&mut work, name, contact).await?;
    work.commit().await?;
    Ok(issued)
}

/// As [`issue`], in a transaction of the caller's, who has looked at the right to.
pub async fn issue_in(work: &mut Work, name: &str, contact: &str) -> Result<Issued, Open311Error> {
    let mut faults = Vec::new();
    let name = line(&mut faults, "name", name, (2, 60));
    let contact = line(&mut faults, "contact", contact, (2, 200));
    if !faults.is_empty() {
        return Err(Open311Error::Invalid(faults));
    }
    let key = format!("{KEY_MARK}{}", random::token());
    let row = KeyRow {
        key_id: KeyId::at(work.now()),
        name,
        contact,
        hint: key.chars().skip(key.len() - 4).collect(),
        created_at: work.now(),
        created_by: work.actor().name.to_string(),
        used_on: None,
        revoked_at: None,
        revoked_by: None,
    };
    store::insert_key(work.conn(), &row, &sm3::digest(key.as_bytes())).await?;
    let detail = json!({ "name": row.name, "hint": row.hint });
    work.audit(Entry::new("open311.key.issued", row.key_id).detail(detail));
    Ok(Issued { key_id: row.key_id, name: row.name, key })
}

/// Revokes a key: the next post with it is refused.
pub async fn revoke(base: &Base, command: &Command, id: KeyId) -> Result<(), Open311Error> {
    let mut work = Work::begin(base, command).await?;
    at_the_root(work.conn(), &command.actor).await?;
    let by = command.actor.name.to_string();
    let name = store::revoke_key(work.conn(), id, command.now, &by).await?;
    let name = name.ok_or(Open311Error::NotFound("key"))?;
    work.audit(Entry::new("open311.key.revoked", id).detail(json!({ "name": name })));
    Ok(work.commit().await?)
}
