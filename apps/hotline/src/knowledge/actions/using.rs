//! What agents leave behind: this answer helped, this one is wrong, nothing was found for that.
use jh_core::actor::Command;
use jh_core::clock::china_day;
use jh_core::mask;
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use serde_json::json;

use super::super::model::{EntryId, RemarkId};
use super::super::search;
use super::super::store::{self, EntryRow};
use super::super::{READ, WRITE};
use super::{Named, locked, note, noted, person};
use crate::fault::HotlineError;

/// Rows a day's uses of one answer are spread over.
const SHARDS: u8 = 16;
/// The longest search that is kept.
const GAP_CHARS_MAX: usize = 100;

/// The answer helped. Counted, not audited: it changes nothing about the answer.
pub async fn used(base: &Base, command: &Command, id: EntryId) -> Result<(), HotlineError> {
    let mut work = Work::begin(base, command).await?;
    readable(&mut work, id).await?;
    // The last byte of a UUIDv7 is random.
    let shard = jh_core::id::uuid_at(command.now).as_bytes()[15] % SHARDS;
    store::using::count_use(work.conn(), id, china_day(command.now), i16::from(shard)).await?;
    Ok(work.commit().await?)
}

/// The answer is wrong or out of date: goes to its owner.
pub async fn remark(base: &Base, command: &Command, id: EntryId, said: &str) -> Result<(), HotlineError> {
    let mut work = Work::begin(base, command).await?;
    let entry = readable(&mut work, id).await?;
    let (by, by_name) = person(command)?;
    let said = mask::numbers(noted("remark", said)?);
    let version = entry.published_version.ok_or(HotlineError::WrongState("hotline-knowledge-not-given"))?;
    let remark = RemarkId::at(command.now);
    store::using::insert_remark(work.conn(), (id, remark), version, &said, (by, &by_name), command.now).await?;
    note(&mut work, "hotline.knowledge.remarked", &Named::of(&entry, version), &said).await?;
    Ok(work.commit().await?)
}

/// The owner looked into a remark and says what came of it.
pub async fn settle(
    base: &Base,
    command: &Command,
    id: EntryId,
    remark: RemarkId,
    reply: &str,
) -> Result<(), HotlineError> {
    let mut work = Work::begin(base, command).await?;
    let entry = locked(&mut work, id, WRITE).await?;
    let (_, by_name) = person(command)?;
    let reply = noted("reply", reply)?;
    if !store::using::close_remark(work.conn(), (id, remark), &by_name, reply, command.now).await? {
        return Err(HotlineError::WrongState("hotline-knowledge-remark-closed"));
    }
    note(&mut work, "hotline.knowledge.remark_settled", &Named::of(&entry, entry.current_version()), reply).await?;
    Ok(work.commit().await?)
}

/// Keeps what somebody searched for and found nothing, without what may be anybody's number.
pub async fn missed(base: &Base, command: &Command, text: &str) -> Result<(), HotlineError> {
    let shown: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let shown: String = mask::numbers(shown.trim()).chars().take(GAP_CHARS_MAX).collect();
    // A search that does not say what it is about is a slip of the hand, not a question.
    if !search::says_something(&shown) {
        return Ok(());
    }
    let mut work = Work::begin(base, command).await?;
    store::using::count_gap(work.conn(), &shown, china_day(command.now), command.now).await?;
    Ok(work.commit().await?)
}

/// A gap is seen to: written about, or no question for us.
pub async fn close_gap(base: &Base, command: &Command, text: &str) -> Result<(), HotlineError> {
    let mut work = Work::begin(base, command).await?;
    person(command)?;
    if !store::using::close_gap(work.conn(), text, command.now).await? {
        return Err(HotlineError::NotFound("gap"));
    }
    let subject = jh_core::id::uuid_at(command.now);
    work.audit(Entry::new("hotline.knowledge.gap_closed", subject).detail(json!({ "name": text })));
    Ok(work.commit().await?)
}

async fn readable(work: &mut Work, id: EntryId) -> Result<EntryRow, HotlineError> {
    let scopes = work.actor().scopes(READ);
    store::entry(work.conn(), id, &scopes).await?.ok_or(HotlineError::NotFound("entry"))
}
