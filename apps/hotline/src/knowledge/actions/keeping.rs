//! What happens to what was published: it is renewed, withdrawn, handed to another owner, or its term runs out.
use jh_core::actor::{AccountId, Command};
use jh_core::clock::china_day;
use jh_core::fault::FieldError;
use jh_db::{Base, Work};
use time::{Date, Duration};

use super::super::WRITE;
use super::super::model::{Content, EntryId, State};
use super::super::store::{self, Writing};
use super::{Named, locked, note, noted, person, step, stored};
use crate::fault::HotlineError;

/// Entries whose term is over are taken out so many in one transaction.
const CHUNK: i64 = 100;
/// How long searches that found nothing are kept.
const GAP_DAYS: i64 = 183;

/// Says that the answer is still right until another day. Somebody else has to agree, as with any version.
pub async fn renew(
    base: &Base,
    command: &Command,
    id: EntryId,
    expires_on: Date,
    reason: &str,
) -> Result<(), HotlineError> {
    let mut work = Work::begin(base, command).await?;
    let entry = locked(&mut work, id, WRITE).await?;
    let (by, by_name) = person(command)?;
    let state = entry.state().renewed().ok_or(HotlineError::WrongState("hotline-knowledge-not-renewable"))?;
    let reason = noted("reason", reason)?;
    let content = Content { expires_on, ..stored(&mut work, id, entry.current_version()).await?.content() };
    let faults: Vec<FieldError> =
        content.faults(china_day(command.now)).into_iter().filter(|fault| fault.field == "expires_on").collect();
    if !faults.is_empty() {
        return Err(HotlineError::Invalid(faults));
    }
    let writing = Writing { by, by_name: &by_name, reason, now: command.now };
    let version = store::add_version(work.conn(), &entry, state, &content, &writing).await?;
    step(&mut work, id, "renewed", version, reason).await?;
    note(&mut work, "hotline.knowledge.renewed", &Named::of(&entry, version), reason).await?;
    Ok(work.commit().await?)
}

/// Takes an answer away for good, saying why.
pub async fn withdraw(base: &Base, command: &Command, id: EntryId, reason: &str) -> Result<(), HotlineError> {
    let mut work = Work::begin(base, command).await?;
    let entry = locked(&mut work, id, WRITE).await?;
    let (_, by_name) = person(command)?;
    let reason = noted("reason", reason)?;
    let state = entry.state().withdrawn().ok_or(HotlineError::WrongState("hotline-knowledge-not-given"))?;
    let version = entry.published_version.unwrap_or(entry.last_version);
    store::change(work.conn(), id, state, None, command.now).await?;
    store::answer::take_out(work.conn(), id).await?;
    store::using::close_remarks(work.conn(), id, i32::MAX, &by_name, command.now).await?;
    step(&mut work, id, "withdrawn", version, reason).await?;
    note(&mut work, "hotline.knowledge.withdrawn", &Named::of(&entry, version), reason).await?;
    Ok(work.commit().await?)
}

/// Makes somebody else the owner: at once, since what the answer says stays the same.
pub async fn hand_over(base: &Base, command: &Command, id: EntryId, owner: AccountId) -> Result<(), HotlineError> {
    let mut work = Work::begin(base, command).await?;
    let entry = locked(&mut work, id, WRITE).await?;
    person(command)?;
    if !store::neighbour::is_keeper(work.conn(), owner, entry.organisation_id).await? {
        return Err(HotlineError::field("owner", "hotline-knowledge-owner"));
    }
    let (name, _) = store::neighbour::person(work.conn(), owner).await?;
    store::hand_over(work.conn(), id, owner, command.now).await?;
    let version = entry.current_version();
    step(&mut work, id, "handed_over", version, &name).await?;
    note(&mut work, "hotline.knowledge.handed_over", &Named::of(&entry, version), "").await?;
    Ok(work.commit().await?)
}

/// Takes what has expired out of the search and forgets old searches. The search looks at the day itself, so that this
/// being late gives no outdated answer; what it does is to say so: state, history, audit and event.
pub async fn expire(base: &Base, command: &Command) -> Result<u64, HotlineError> {
    let today = china_day(command.now);
    let mut expired = 0;
    loop {
        let mut work = Work::begin(base, command).await?;
        let overdue = store::lock_overdue(work.conn(), today, CHUNK).await?;
        if overdue.is_empty() {
            store::using::forget_gaps(work.conn(), today - Duration::days(GAP_DAYS)).await?;
            work.commit().await?;
            return Ok(expired);
        }
        for entry in &overdue {
            let version = entry.published_version.unwrap_or(entry.last_version);
            let state: State = entry.state().expired().ok_or(HotlineError::NotFound("entry"))?;
            store::change(work.conn(), entry.entry_id, state, None, command.now).await?;
            store::answer::take_out(work.conn(), entry.entry_id).await?;
            step(&mut work, entry.entry_id, "expired", version, "").await?;
            note(&mut work, "hotline.knowledge.expired", &Named::of(entry, version), "").await?;
            expired += 1;
        }
        work.commit().await?;
    }
}
