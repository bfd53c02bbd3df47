//! Creating, renaming, moving and closing organisations.
use jh_core::actor::{Command, OrganisationId};
use jh_core::clock::china_day;
use jh_core::paging::PageRequest;
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use serde_json::json;
use time::Date;

use super::{named, permission};
use crate::fault::IdentityError;
use crate::model::fields::Fields;
use crate::model::organisation::{
    Closing, NAME_LEN_MAX, NewOrganisation, OrganisationKind, SHORT_NAME_LEN_MAX, Standing, check_closing, check_move,
    check_parent, is_division_code, parse_code,
};
use crate::store::{self, scope};

/// A new organisation as a form or a document says it.
#[derive(Clone, Debug, Default)]
pub struct Creation<'a> {
    /// Its stable code.
    pub code: &'a str,
    /// The parent's code or name.
    pub parent: &'a str,
    /// What it is.
    pub kind: &'a str,
    /// The full name.
    pub name: &'a str,
    /// The name for lists; empty: the full name's beginning.
    pub short_name: &'a str,
    /// The division it governs, or empty.
    pub division_code: &'a str,
    /// Since when; empty: today.
    pub opened_on: &'a str,
}

/// Creates an organisation under a parent within the actor's scope.
pub async fn create(base: &Base, command: &Command, input: &Creation<'_>) -> Result<OrganisationId, IdentityError> {
    let mut work = Work::begin(base, command).await?;
    let reach = scope(&command.actor, permission::ORGANISATION);
    let mut fields = Fields::new();
    let code = fields.take("code", parse_code(input.code), "organisation-code-shape").unwrap_or_default();
    let kind = fields.take("kind", OrganisationKind::parse(input.kind), "not-a-choice");
    let name = fields.line("name", input.name, NAME_LEN_MAX);
    let mut short_name = fields.line_or_empty("short_name", input.short_name, SHORT_NAME_LEN_MAX);
    if short_name.is_empty() {
        short_name = name.chars().take(SHORT_NAME_LEN_MAX).collect();
    }
    let division = Some(input.division_code.trim()).filter(|text| !text.is_empty());
    if division.is_some_and(|text| !is_division_code(text)) {
        fields.wrong("division_code", "division-code-shape");
    }
    let opened_on = fields.date("opened_on", input.opened_on).unwrap_or(china_day(work.now()));
    store::tree::lock(work.conn()).await?;
    let parent = named(work.conn(), reach.as_deref(), &mut fields, "parent", input.parent).await?;
    fields.done()?;
    let (Some(kind), Some(parent)) = (kind, parent) else { return Err(IdentityError::OrganisationNotFound) };
    let above = in_reach(&mut work, parent).await?;
    check_parent(kind, 0, above)?;
    let new =
        NewOrganisation { code, parent_code: None, kind, name, short_name, division_code: division.map(str::to_owned) };
    let (id, now) = (OrganisationId::at(work.now()), work.now());
    if !store::tree::insert(work.conn(), id, Some(parent), &new, opened_on, now).await? {
        return Err(IdentityError::CodeTaken);
    }
    let facts = json!({ "code": new.code, "kind": kind.code(), "name": new.name, "parent": parent });
    record(&mut work, "identity.organisation.created", id, facts).await?;
    work.commit().await?;
    Ok(id)
}

/// Gives an organisation another name.
pub async fn rename(
    base: &Base,
    command: &Command,
    id: OrganisationId,
    name: &str,
    short_name: &str,
) -> Result<(), IdentityError> {
    let mut work = Work::begin(base, command).await?;
    let mut fields = Fields::new();
    let name = fields.line("name", name, NAME_LEN_MAX);
    let short_name = fields.line("short_name", short_name, SHORT_NAME_LEN_MAX);
    fields.done()?;
    store::tree::lock(work.conn()).await?;
    let standing = in_reach(&mut work, id).await?;
    if standing.closed {
        return Err(IdentityError::OrganisationClosed);
    }
    let before = store::organisation::find(work.conn(), id).await?.map(|o| o.name).unwrap_or_default();
    let now = work.now();
    store::tree::rename(work.conn(), id, &name, &short_name, now).await?;
    record(&mut work, "identity.organisation.renamed", id, json!({ "from": before, "to": name })).await?;
    Ok(work.commit().await?)
}

/// Puts an organisation with all below it under another parent. Both must be within the actor's scope.
pub async fn put_under(base: &Base, command: &Command, id: OrganisationId, parent: &str) -> Result<(), IdentityError> {
    let mut work = Work::begin(base, command).await?;
    let reach = scope(&command.actor, permission::ORGANISATION);
    store::tree::lock(work.conn()).await?;
    let subject = in_reach(&mut work, id).await?;
    if subject.kind == OrganisationKind::City {
        return Err(IdentityError::RootStays);
    }
    let mut fields = Fields::new();
    let target = named(work.conn(), reach.as_deref(), &mut fields, "parent", parent).await?;
    fields.done()?;
    let target = target.ok_or(IdentityError::OrganisationNotFound)?;
    let above = in_reach(&mut work, target).await?;
    let height = store::tree::height(work.conn(), id).await?;
    let within = store::tree::within(work.conn(), id, target).await?;
    check_move(subject, height, above, within)?;
    let from = store::organisation::find(work.conn(), id).await?.and_then(|o| o.parent_id);
    let now = work.now();
    store::tree::put_under(work.conn(), id, target, now).await?;
    store::tree::begin_period(work.conn(), id, "moved", now).await?;
    record(&mut work, "identity.organisation.moved", id, json!({ "from": from, "to": target })).await?;
    Ok(work.commit().await?)
}

/// A closing as a form or a document says it.
#[derive(Clone, Debug, Default)]
pub struct Closure<'a> {
    /// The first day on which it is no more; empty: today.
    pub closed_on: &'a str,
    /// Who takes over, by code or name; empty: nobody.
    pub successor: &'a str,
}

/// Closes an organisation; its staff and its place in the tree go to the successor.
pub async fn close(
    base: &Base,
    command: &Command,
    id: OrganisationId,
    input: &Closure<'_>,
) -> Result<(), IdentityError> {
    let mut work = Work::begin(base, command).await?;
    let reach = scope(&command.actor, permission::ORGANISATION);
    let today = china_day(work.now());
    store::tree::lock(work.conn()).await?;
    let subject = in_reach(&mut work, id).await?;
    let mut fields = Fields::new();
    let closed_on = fields.date("closed_on", input.closed_on).unwrap_or(today);
    let mut successor = None;
    if !input.successor.trim().is_empty() {
        successor = named(work.conn(), reach.as_deref(), &mut fields, "successor", input.successor).await?;
    }
    fields.done()?;
    let successor = match successor {
        Some(successor) => Some(in_reach(&mut work, successor).await?),
        None => None,
    };
    let (opened_on, has_open_children, has_staff) = store::tree::closing_facts(work.conn(), id).await?;
    check_closing(&Closing { subject, has_open_children, has_staff, opened_on, closed_on, today, successor })?;
    let successor = successor.map(|standing| standing.id);
    let facts = carry_out_closing(&mut work, id, closed_on, successor).await?;
    record(&mut work, "identity.organisation.closed", id, facts).await?;
    Ok(work.commit().await?)
}

async fn carry_out_closing(
    work: &mut Work,
    id: OrganisationId,
    closed_on: Date,
    successor: Option<OrganisationId>,
) -> Result<serde_json::Value, IdentityError> {
    let (now, by) = (work.now(), work.actor().account);
    let conn = work.conn();
    store::tree::close(conn, id, closed_on, successor, now).await?;
    let mut moved = 0;
    if let Some(successor) = successor {
        // Its records follow it: whoever answers for the successor answers for them from now on.
        store::tree::put_under(conn, id, successor, now).await?;
        moved = store::tree::move_accounts(conn, id, successor, now).await?;
    }
    store::tree::begin_period(conn, id, "closed", now).await?;
    let affected = store::assignment::end_in(conn, id, by, now).await?;
    store::account::note_rights_changed(conn, &affected, now).await?;
    let revoked = store::credential::revoke_of(conn, id, by, now).await?;
    Ok(json!({
        "closed_on": closed_on.to_string(), "successor": successor, "accounts_moved": moved,
        "assignments_ended": affected.len(), "credentials_revoked": revoked,
    }))
}

/// What an actor with the permission may see of an organisation for changing it; otherwise it is not found.
async fn in_reach(work: &mut Work, id: OrganisationId) -> Result<Standing, IdentityError> {
    let reach = scope(work.actor(), permission::ORGANISATION);
    let standing = store::organisation::standing(work.conn(), reach.as_deref(), id).await?;
    standing.ok_or(IdentityError::OrganisationNotFound)
}

async fn record(
    work: &mut Work,
    action: &'static str,
    id: OrganisationId,
    facts: serde_json::Value,
) -> Result<(), IdentityError> {
    work.audit(Entry::new(action, id).organisation(id).detail(facts.clone()));
    work.emit(action, id.0, facts);
    Ok(())
}

/// Organisations that match a search; the text is drawn to a bearable length.
pub async fn search(
    base: &Base,
    search: &store::organisation::Search,
    page: PageRequest,
) -> Result<jh_core::paging::Paged<store::organisation::Organisation>, IdentityError> {
    let mut conn = base.db.read().await?;
    let rows = store::organisation::search(&mut conn, search, page).await?;
    Ok(jh_core::paging::Paged::from_rows(rows, page))
}
