//! What people do with an entry: write, submit, take back, return, publish, discard. Each is permission, rule, store, audit
//! and outbox in one transaction. `keeping` holds what happens to what was published, `using` what agents leave behind.
use jh_core::actor::{AccountId, ActorKind, Command, OrganisationId};
use jh_core::clock::china_day;
use jh_core::fault::FieldError;
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use serde_json::json;

use super::model::{Content, EntryId, NOTE_CHARS_MAX, NOTE_CHARS_MIN, Standing, State};
use super::store::{self, EntryRow, StepRow, VersionRow, Writing};
use super::{PUBLISH, WRITE};
use crate::fault::HotlineError;

pub mod keeping;
pub mod using;

/// The most characters of a question that an audit row repeats.
const NAME_CHARS_MAX: usize = 60;

/// A draft as it is sent.
#[derive(Clone, Debug)]
pub struct Draft {
    /// What it says.
    pub content: Content,
    /// Why it is changed; a first version needs no reason.
    pub reason: String,
    /// Whether it goes to review at once.
    pub submit: bool,
}

/// Writes a new entry for an organisation in scope.
pub async fn create(
    base: &Base,
    command: &Command,
    organisation: OrganisationId,
    owner: AccountId,
    draft: Draft,
) -> Result<EntryId, HotlineError> {
    let mut work = Work::begin(base, command).await?;
    let scopes = work.actor().scopes(WRITE);
    let covered = store::neighbour::organisation_within(work.conn(), organisation, &scopes).await?;
    covered.ok_or(HotlineError::OutOfScope(WRITE))?;
    let content = draft.content.tidy();
    let mut faults = content.faults(china_day(command.now));
    if !store::neighbour::is_keeper(work.conn(), owner, organisation).await? {
        faults.push(FieldError { field: "owner", code: "hotline-knowledge-owner", args: Vec::new() });
    }
    if !faults.is_empty() {
        return Err(HotlineError::Invalid(faults));
    }
    let id = insert(&mut work, (organisation, owner), &content, draft.submit).await?;
    work.commit().await?;
    Ok(id)
}

/// A new entry that was checked.
pub(super) async fn insert(
    work: &mut Work,
    (organisation, owner): (OrganisationId, AccountId),
    content: &Content,
    submit: bool,
) -> Result<EntryId, HotlineError> {
    let (by, by_name) = person(work.command())?;
    let id = EntryId::at(work.now());
    let writing = Writing { by, by_name: &by_name, reason: "", now: work.now() };
    store::insert(work.conn(), id, (organisation, owner), content, &writing).await?;
    let named = Named { id, organisation, question: &content.question, version: 1 };
    note(work, "hotline.knowledge.written", &named, "").await?;
    step(work, id, "written", 1, "").await?;
    if submit {
        let state = State::NEW.submitted().ok_or(HotlineError::WrongState("hotline-knowledge-not-draft"))?;
        store::change(work.conn(), id, state, None, writing.now).await?;
        step(work, id, "submitted", 1, "").await?;
        note(work, "hotline.knowledge.submitted", &named, "").await?;
    }
    Ok(id)
}

/// Writes the next version of an entry. What is published stays given until this one is.
pub async fn revise(base: &Base, command: &Command, id: EntryId, draft: Draft) -> Result<(), HotlineError> {
    let mut work = Work::begin(base, command).await?;
    let entry = locked(&mut work, id, WRITE).await?;
    let (by, by_name) = person(command)?;
    let state = entry.state().written().ok_or(HotlineError::WrongState("hotline-knowledge-not-open"))?;
    let content = draft.content.tidy();
    let mut faults = content.faults(china_day(command.now));
    let reason = draft.reason.trim();
    // Nobody has read a first draft yet; from then on the next reader wants to know what changed.
    if entry.published_version.is_some() || reason.chars().count() > NOTE_CHARS_MAX {
        faults.extend(note_fault("reason", reason));
    }
    // Published, it would take the place of an answer that is still right until then.
    if entry.standing == Standing::Published && content.from_on > china_day(command.now) {
        faults.push(FieldError { field: "from_on", code: "hotline-knowledge-from-later", args: Vec::new() });
    }
    if !faults.is_empty() {
        return Err(HotlineError::Invalid(faults));
    }
    let writing = Writing { by, by_name: &by_name, reason, now: command.now };
    let version = store::add_version(work.conn(), &entry, state, &content, &writing).await?;
    step(&mut work, id, "written", version, reason).await?;
    let named = Named { id, organisation: entry.organisation_id, question: &content.question, version };
    note(&mut work, "hotline.knowledge.written", &named, reason).await?;
    if draft.submit {
        let state = state.submitted().ok_or(HotlineError::WrongState("hotline-knowledge-not-draft"))?;
        store::change(work.conn(), id, state, None, command.now).await?;
        step(&mut work, id, "submitted", version, "").await?;
        note(&mut work, "hotline.knowledge.submitted", &named, "").await?;
    }
    Ok(work.commit().await?)
}

/// A step from one state to the next without a new version.
struct Move {
    permission: &'static str,
    next: fn(State) -> Option<State>,
    /// The code of the refusal when it has no place.
    refusal: &'static str,
    step: &'static str,
    action: &'static str,
}

async fn moved(base: &Base, command: &Command, id: EntryId, how: Move, said: &str) -> Result<(), HotlineError> {
    let mut work = Work::begin(base, command).await?;
    let entry = locked(&mut work, id, how.permission).await?;
    person(command)?;
    let state = (how.next)(entry.state()).ok_or(HotlineError::WrongState(how.refusal))?;
    let version = entry.current_version();
    store::change(work.conn(), id, state, None, command.now).await?;
    step(&mut work, id, how.step, version, said).await?;
    note(&mut work, how.action, &Named::of(&entry, version), said).await?;
    Ok(work.commit().await?)
}

/// Gives a draft to review.
pub async fn submit(base: &Base, command: &Command, id: EntryId) -> Result<(), HotlineError> {
    let how = Move {
        permission: WRITE,
        next: State::submitted,
        refusal: "hotline-knowledge-not-draft",
        step: "submitted",
        action: "hotline.knowledge.submitted",
    };
    moved(base, command, id, how, "").await
}

/// Takes it back from review, to change it.
pub async fn take_back(base: &Base, command: &Command, id: EntryId) -> Result<(), HotlineError> {
    let how = Move {
        permission: WRITE,
        next: State::returned,
        refusal: "hotline-knowledge-not-in-review",
        step: "taken_back",
        action: "hotline.knowledge.taken_back",
    };
    moved(base, command, id, how, "").await
}

/// Returns it to its writer, saying what has to change.
pub async fn send_back(base: &Base, command: &Command, id: EntryId, said: &str) -> Result<(), HotlineError> {
    let said = noted("note", said)?;
    let how = Move {
        permission: PUBLISH,
        next: State::returned,
        refusal: "hotline-knowledge-not-in-review",
        step: "returned",
        action: "hotline.knowledge.returned",
    };
    moved(base, command, id, how, said).await
}

/// Throws a draft away.
pub async fn discard(base: &Base, command: &Command, id: EntryId) -> Result<(), HotlineError> {
    let how = Move {
        permission: WRITE,
        next: State::discarded,
        refusal: "hotline-knowledge-not-draft",
        step: "discarded",
        action: "hotline.knowledge.discarded",
    };
    moved(base, command, id, how, "").await
}

/// Publishes what is under review. Never by anybody who wrote any of it.
pub async fn publish(base: &Base, command: &Command, id: EntryId) -> Result<(), HotlineError> {
    let mut work = Work::begin(base, command).await?;
    let entry = locked(&mut work, id, PUBLISH).await?;
    let (by, by_name) = person(command)?;
    let state = entry.state().published().ok_or(HotlineError::WrongState("hotline-knowledge-not-in-review"))?;
    if store::wrote(work.conn(), &entry, by).await? {
        return Err(HotlineError::SamePerson);
    }
    let version = entry.current_version();
    let content = stored(&mut work, id, version).await?.content();
    if content.expires_on <= china_day(command.now) {
        return Err(HotlineError::WrongState("hotline-knowledge-expired-unpublished"));
    }
    let before = match entry.published_version {
        Some(published) => Some(stored(&mut work, id, published).await?.content()),
        None => None,
    };
    store::change(work.conn(), id, state, Some((version, content.expires_on)), command.now).await?;
    let place = (id, version, entry.organisation_id);
    store::answer::put(work.conn(), place, &content, command.now).await?;
    // A renewal says again what was remarked upon; only a change of the words may settle a remark.
    if before.is_some_and(|before| before.answer != content.answer || before.short_answer != content.short_answer) {
        store::using::close_remarks(work.conn(), id, version, &by_name, command.now).await?;
    }
    step(&mut work, id, "published", version, "").await?;
    note(&mut work, "hotline.knowledge.published", &Named::of(&entry, version), "").await?;
    Ok(work.commit().await?)
}

async fn stored(work: &mut Work, id: EntryId, version: i32) -> Result<VersionRow, HotlineError> {
    store::version(work.conn(), id, version).await?.ok_or(HotlineError::NotFound("version"))
}

/// The entry, locked, if the permission covers it.
async fn locked(work: &mut Work, id: EntryId, permission: &'static str) -> Result<EntryRow, HotlineError> {
    let scopes = work.actor().scopes(permission);
    store::lock(work.conn(), id, &scopes).await?.ok_or(HotlineError::NotFound("entry"))
}

/// A member of staff, since no machine answers for what the city says.
fn person(command: &Command) -> Result<(AccountId, String), HotlineError> {
    match (command.actor.kind, command.actor.account) {
        (ActorKind::Staff, Some(account)) => Ok((account, command.actor.name.to_string())),
        _ => Err(HotlineError::NoPerson),
    }
}

fn note_fault(field: &'static str, text: &str) -> Option<FieldError> {
    let fault = |code, args| Some(FieldError { field, code, args });
    match text.chars().count() {
        n if n < NOTE_CHARS_MIN => fault("hotline-knowledge-note-short", vec![("min", NOTE_CHARS_MIN.to_string())]),
        n if n > NOTE_CHARS_MAX => fault("hotline-knowledge-too-long", vec![("max", NOTE_CHARS_MAX.to_string())]),
        _ => None,
    }
}

/// A reason that somebody else has to understand.
fn noted<'a>(field: &'static str, text: &'a str) -> Result<&'a str, HotlineError> {
    let text = text.trim();
    match note_fault(field, text) {
        Some(fault) => Err(HotlineError::Invalid(vec![fault])),
        None => Ok(text),
    }
}

/// What audit and outbox name an entry by.
struct Named<'a> {
    id: EntryId,
    organisation: OrganisationId,
    question: &'a str,
    version: i32,
}

impl<'a> Named<'a> {
    fn of(entry: &'a EntryRow, version: i32) -> Self {
        Self { id: entry.entry_id, organisation: entry.organisation_id, question: &entry.question, version }
    }
}

/// Audit row and event of an act.
async fn note(work: &mut Work, action: &'static str, of: &Named<'_>, said: &str) -> Result<(), HotlineError> {
    let name: String = of.question.chars().take(NAME_CHARS_MAX).collect();
    let detail = json!({ "name": name, "version": of.version });
    let entry = Entry::new(action, of.id).organisation(of.organisation).detail(detail);
    work.audit(if said.is_empty() { entry } else { entry.purpose(said) });
    let payload = json!({ "organisation_id": of.organisation, "version": of.version });
    work.emit(action, of.id.into(), payload);
    Ok(())
}

/// Adds to the entry's history, in the name of whoever acts.
async fn step(work: &mut Work, id: EntryId, kind: &str, version: i32, said: &str) -> Result<(), HotlineError> {
    let actor = work.actor().account;
    let row = StepRow {
        kind: kind.to_owned(),
        version,
        at: work.now(),
        actor_name: if actor.is_some() { work.actor().name.to_string() } else { String::new() },
        note: said.to_owned(),
    };
    Ok(store::insert_step(work.conn(), id, actor, &row).await?)
}
