//! A call that reports nothing: silence, abuse, a wrong number. It is kept with its reason and counted apart, and is no case, so that
//! no figure of requests, of answers or of departments has it.
use casework::api::CaseError;
use jh_core::actor::Command;
use jh_core::code::phone::Phone;
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use serde_json::json;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::store::{self, NewDismissed};
use crate::fault::HotlineError;

/// Why a call is none, as the form and the table name it.
pub const REASONS: [&str; 5] = ["abuse", "silent", "wrong", "prank", "advert"];
/// How long one is known.
pub const KEPT: Duration = Duration::days(366);
/// How far back a caller's are counted for whoever answers him.
const TOLD_OF: Duration = Duration::days(90);
/// The scheme of the telephone's blind index.
const PHONE_BLIND: &str = "hotline.dismissed.phone";
const NOTE_CHARS_MAX: usize = 500;

fn blinded(base: &Base, phone: &str) -> Option<[u8; 16]> {
    let phone = Phone::parse(phone).ok()?;
    Some(base.keys.blind(PHONE_BLIND, phone.normalised()))
}

/// Keeps a call that reports nothing, for the agent's own organisation.
pub async fn dismiss(
    base: &Base,
    command: &Command,
    phone: &str,
    reason: &str,
    note: &str,
) -> Result<(), HotlineError> {
    let reason = REASONS.iter().find(|known| **known == reason);
    let reason = reason.ok_or_else(|| HotlineError::field("reason", "hotline-desk-reason-missing"))?;
    let note = note.trim();
    if note.chars().count() > NOTE_CHARS_MAX {
        return Err(HotlineError::field("description", "hotline-desk-dismissal-long"));
    }
    let out_of_scope = || CaseError::OutOfScope(super::DESK);
    let centre = command.actor.organisation.ok_or_else(out_of_scope)?;
    let mut work = Work::begin(base, command).await?;
    let scopes = command.actor.scopes(super::DESK);
    if !identity::api::in_scope(work.conn(), &scopes, centre).await.map_err(CaseError::from)? {
        return Err(out_of_scope().into());
    }
    let phone_blind = blinded(base, phone);
    let call = NewDismissed {
        call_id: jh_core::id::uuid_at(command.now),
        centre_id: centre,
        called_at: command.now,
        phone_blind: phone_blind.as_ref().map(<[u8; 16]>::as_slice),
        reason,
        note,
        agent_name: &command.actor.name,
    };
    store::dismiss(work.conn(), &call).await?;
    let entry = Entry::new("hotline.call.dismissed", call.call_id).organisation(centre);
    work.audit(entry.detail(json!({ "reason": reason })));
    Ok(work.commit().await?)
}

/// How often a telephone reported nothing lately.
pub async fn of_caller(
    base: &Base,
    conn: &mut PgConnection,
    phone: &str,
    now: OffsetDateTime,
    scopes: &[Uuid],
) -> Result<i64, HotlineError> {
    match blinded(base, phone) {
        Some(blind) => Ok(store::dismissed_of(conn, &blind, now - TOLD_OF, scopes).await?),
        None => Ok(0),
    }
}
