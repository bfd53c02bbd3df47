//! An act on a case: who may is looked at under the row's lock, the machine says what it makes of the case, and everything that
//! follows from it is written with it.
use jh_core::actor::{AccountId, ActorKind, Command, OrganisationId};
use jh_core::fault::FieldError;
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::clocks::{Clocks, rules};
use super::{HANDLE, amend, effects, scopes, step, tell, text};
use crate::fault::CaseError;
use crate::kind::{self, Category};
use crate::model::act::Act;
use crate::model::calendar::Unit;
use crate::model::clocks::Move;
use crate::model::machine::{Given, Stuck, apply};
use crate::model::procedure::Role;
use crate::model::{CaseId, NOTE_CHARS_MAX, Outcome, Point, Priority, REASON_CHARS_MIN, TEXT_CHARS_MAX};
use crate::store;
use crate::store::file::{FileRow, Scopes};
use crate::store::organisation::OrganisationRow;

/// What somebody does, with all that may come with it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Doing {
    /// Why, or what; 4 to 1,000 characters where it is wanted.
    #[serde(default)]
    pub note: String,
    /// The organisation that gets the case, or is asked to help.
    #[serde(default)]
    pub organisation: Option<OrganisationId>,
    /// Organisations that are to help besides (协办), with a dispatch.
    #[serde(default)]
    pub assistants: Vec<OrganisationId>,
    /// The person who gets it.
    #[serde(default)]
    pub person: Option<AccountId>,
    /// The answer to the reporter; up to 4,000 characters.
    #[serde(default)]
    pub answer: String,
    /// What it came to, with a result.
    #[serde(default)]
    pub outcome: Option<Outcome>,
    /// How content the reporter is, 1 to 5, with a callback or a rating.
    #[serde(default)]
    pub stars: Option<i16>,
    /// Which limit is to be extended, and by how much.
    #[serde(default)]
    pub limit: Option<String>,
    /// See `limit`.
    #[serde(default)]
    pub amount: Option<i32>,
    /// See `limit`.
    #[serde(default)]
    pub unit: Option<Unit>,
    /// How urgent it is from now on, with an acceptance or a dispatch.
    #[serde(default)]
    pub priority: Option<Priority>,
    /// What the public may see: `nothing`, `place`, `words`; with a publication.
    #[serde(default)]
    pub shown: Option<String>,
    /// What it is about, with an amendment: a category of its kind.
    #[serde(default)]
    pub category: Option<String>,
    /// Where it is in words, with an amendment; up to 200 characters.
    #[serde(default)]
    pub address: Option<String>,
    /// Where it is, with an amendment.
    #[serde(default)]
    pub point: Option<Point>,
    /// Whether a photo comes with it.
    #[serde(skip)]
    pub photo: bool,
    /// The revision of the case that the person saw; another one refuses the act.
    #[serde(default)]
    pub revision: Option<i32>,
}

/// How a case stands after an act.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Done {
    /// The case.
    pub case_id: CaseId,
    /// Its number.
    pub number: String,
    /// Its stage.
    pub stage: String,
    /// Whether it is closed.
    pub closed: bool,
    /// In whose inbox it is.
    pub owner_id: OrganisationId,
    /// Its revision.
    pub revision: i32,
}

/// What an act is done with: looked up once, used by its effects.
pub struct Scene<'a> {
    /// The act.
    pub act: Act,
    /// What came with it, checked.
    pub doing: &'a Doing,
    /// The organisation named, if one is.
    pub organisation: Option<OrganisationRow>,
    /// The category that an amendment gives it.
    pub category: Option<Category>,
    /// The scopes of whoever acts.
    pub scopes: Scopes,
}

/// Does an act as a member of staff, or as a department's system.
pub async fn act(base: &Base, command: &Command, id: CaseId, act: Act, doing: Doing) -> Result<Done, CaseError> {
    let mut work = Work::begin(base, command).await?;
    let done = act_in(base, &mut work, id, act, doing).await?;
    work.commit().await?;
    Ok(done)
}

/// As [`act`], in a transaction of the caller's.
pub async fn act_in(base: &Base, work: &mut Work, id: CaseId, act: Act, doing: Doing) -> Result<Done, CaseError> {
    let scopes = scopes(work.actor());
    let held = store::file::lock(work.conn(), id, &scopes).await?.ok_or(CaseError::NotFound("case"))?;
    let mut roles = held.roles();
    if work.actor().kind == ActorKind::System {
        roles.push(Role::System);
    }
    if roles.is_empty() {
        return Err(CaseError::NotFound("case"));
    }
    go(base, work, held.file, held.calendar_version, &roles, act, doing, scopes).await
}

/// Does an act as the reporter, whose right the caller has looked at.
pub async fn act_as_reporter(
    base: &Base,
    work: &mut Work,
    id: CaseId,
    act: Act,
    doing: Doing,
) -> Result<Done, CaseError> {
    let held = store::file::lock_plain(work.conn(), id).await?;
    let (file, calendar_version) = held.ok_or(CaseError::NotFound("case"))?;
    go(base, work, file, calendar_version, &[Role::Reporter], act, doing, Scopes::default()).await
}

/// Takes a report back for its reporter, known by his account or his token. Where others reported the same, theirs goes on, and he
/// only follows it from now on.
pub async fn withdraw(
    base: &Base,
    work: &mut Work,
    id: CaseId,
    (account, token): (Option<AccountId>, Option<&str>),
    doing: Doing,
) -> Result<(), CaseError> {
    let held = store::file::lock_plain(work.conn(), id).await?;
    let (file, _) = held.ok_or(CaseError::NotFound("case"))?;
    if file.closed || !store::party::joined(work.conn(), id).await? {
        return act_as_reporter(base, work, id, Act::Withdrawal, doing).await.map(|_| ());
    }
    let digest = token.map(|token| jh_crypto::sm3::digest(token.as_bytes()));
    store::party::step_back(work.conn(), id, account, digest.as_ref().map(<[u8; 32]>::as_slice)).await?;
    let doing = checked(Act::Withdrawal, doing)?;
    let mut step = step(&work.actor().clone(), work.now(), Act::Withdrawal, &file.stage);
    step.stage_after.clone_from(&file.stage);
    step.note = doing.note;
    store::step::insert(work.conn(), id, &step).await?;
    work.audit(Entry::new(Act::Withdrawal.event(), id).organisation(file.owner_id));
    Ok(())
}

#[allow(clippy::too_many_arguments, reason = "all of them are one act, taken apart where it was looked at")]
async fn go(
    base: &Base,
    work: &mut Work,
    mut row: FileRow,
    calendar_version: i32,
    roles: &[Role],
    act: Act,
    doing: Doing,
    scopes: Scopes,
) -> Result<Done, CaseError> {
    if doing.revision.is_some_and(|seen| seen != row.revision) {
        return Err(CaseError::MovedOn);
    }
    // What was merged goes on in the other case and nowhere else.
    if matches!(act, Act::Reopening | Act::Rating) && row.merged_into.is_some() {
        return Err(CaseError::Stuck(Stuck::NotNow));
    }
    let doing = checked(act, doing)?;
    let (procedure, calendar) = rules(base, work, &row, calendar_version).await?;
    let given = Given {
        note: doing.note.chars().count() >= REASON_CHARS_MIN,
        organisation: doing.organisation,
        person: doing.person,
        answer: !doing.answer.is_empty(),
        photo: doing.photo,
    };
    let moved = apply(&procedure, &row.standing(), act, roles, &given).map_err(CaseError::Stuck)?;
    if let Some(kind) = kind::find(base, &row.kind) {
        let by = work.actor().clone();
        kind.allow(work.conn(), &row, act, &by).await.map_err(CaseError::Refused)?;
    }
    let organisation = named_organisation(work, &row, act, &doing).await?;
    let category = amend::category(base, work, &row, act, &doing).await?;
    let scene = Scene { act, doing: &doing, organisation, category, scopes };
    let before = row.clone();
    row.changed_at = work.now();
    row.take(moved);
    let mut step = step(&work.actor().clone(), row.changed_at, act, &before.stage);
    step.note.clone_from(&doing.note);
    step.due_before_at = before.due_at;
    let mut clocks = Clocks::load(work, &row).await?;
    effects::rows(work, &mut row, &before, &scene, &mut step).await?;
    effects::clocks(work, &row, &scene, &mut clocks, &calendar).await?;
    let turn = Move { from: &before.stage, to: &row.stage, act };
    clocks.turn(base, work, &row, &procedure, &calendar, turn).await?;
    if row.closed {
        clocks.stop_all(row.changed_at);
    } else if row.paused != before.paused {
        clocks.still(&calendar, row.changed_at, row.paused);
    }
    (row.due_at, row.overdue) = clocks.nearest();
    step.stage_after.clone_from(&row.stage);
    step.due_after_at = row.due_at;
    let remark = effects::remark(&step, &scene);
    clocks.save(work, &row).await?;
    effects::counts(work, &row, &before, &scene).await?;
    store::file::update(work.conn(), &row, &step).await?;
    if let Some(remark) = remark {
        store::step::insert(work.conn(), row.case_id, &remark).await?;
    }
    tell(work, &row, act, &before.stage);
    Ok(Done {
        case_id: row.case_id,
        number: row.number,
        stage: row.stage,
        closed: row.closed,
        owner_id: row.owner_id,
        revision: row.revision + 1,
    })
}

/// What came with an act, within its bounds.
fn checked(act: Act, mut doing: Doing) -> Result<Doing, CaseError> {
    let mut faults: Vec<FieldError> = Vec::new();
    let least = if act.wants_reason() { REASON_CHARS_MIN } else { 0 };
    doing.note = text(&mut faults, "note", &doing.note, least, NOTE_CHARS_MAX);
    doing.answer = text(&mut faults, "answer", &doing.answer, 0, TEXT_CHARS_MAX);
    if doing.stars.is_some_and(|stars| !(1..=5).contains(&stars)) || (act == Act::Rating && doing.stars.is_none()) {
        faults.push(FieldError { field: "stars", code: "casework-stars", args: Vec::new() });
    }
    if doing.assistants.len() > 10 {
        faults.push(FieldError { field: "assistants", code: "casework-assistants-many", args: Vec::new() });
    }
    if let Some(address) = doing.address.take() {
        doing.address = Some(text(&mut faults, "address", &address, 0, 200));
    }
    if doing.point.is_some_and(|point| Point::new(point.lon, point.lat).is_none()) {
        faults.push(FieldError { field: "point", code: "casework-point", args: Vec::new() });
    }
    let asks = act == Act::ExtensionAsked;
    let units = [Unit::Hour, Unit::WorkingHour, Unit::Day, Unit::WorkingDay];
    if asks && !(doing.amount.is_some_and(|n| (1..=60).contains(&n)) && doing.unit.is_some_and(|u| units.contains(&u)))
    {
        faults.push(FieldError { field: "amount", code: "casework-extension", args: Vec::new() });
    }
    let known = |shown: &String| matches!(shown.as_str(), "nothing" | "place" | "words");
    if act == Act::Publication && !doing.shown.as_ref().is_some_and(known) {
        faults.push(FieldError { field: "shown", code: "casework-shown", args: Vec::new() });
    }
    if faults.is_empty() { Ok(doing) } else { Err(CaseError::Invalid(faults)) }
}

/// The organisation that an act names: an open one, and for a transfer one below the holder.
async fn named_organisation(
    work: &mut Work,
    row: &FileRow,
    act: Act,
    doing: &Doing,
) -> Result<Option<OrganisationRow>, CaseError> {
    let Some(id) = doing.organisation.filter(|_| act.gives_to_organisation() || act == Act::Assistance) else {
        return if act == Act::Assistance {
            Err(CaseError::field("organisation", "casework-organisation-missing"))
        } else {
            Ok(None)
        };
    };
    let found = match (act, row.holder_id) {
        (Act::Transfer, Some(holder)) => {
            store::organisation::organisation_within(work.conn(), id, &[holder.0]).await?.filter(|_| id != holder)
        }
        _ => store::organisation::organisation(work.conn(), id).await?,
    };
    let code = if act == Act::Transfer { "casework-not-below" } else { "casework-organisation-unknown" };
    let found = found.ok_or_else(|| CaseError::field("organisation", code))?;
    let now = work.now();
    if !store::organisation::staffed(work.conn(), found.organisation_id, HANDLE, now).await? {
        return Err(CaseError::field("organisation", "casework-organisation-unstaffed"));
    }
    Ok(Some(found))
}
