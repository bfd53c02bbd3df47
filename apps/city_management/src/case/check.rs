//! Who is sent to look at what lies where no officer walks: the centre has it in a list of its own, so that a case is never in nobody's.
//!
//! Where somebody walks, nobody has to be sent: it is in his list by itself. A name stays until the centre gives another, and lets its
//! bearer look at the case as if he walked there (`duty`).
use async_trait::async_trait;
use jh_core::actor::{AccountId, Actor, Command};
use jh_core::paging::PageRequest;
use jh_db::audit::Entry;
use jh_db::{Base, DbError, Work};
use jh_web::{Message, Todo, TodoItem};
use serde_json::json;
use time::Duration;
use uuid::Uuid;

use super::CHECK;
use super::store::check as store;
use crate::fault::CityError;

/// The most cases to which somebody is sent at once: a page of the list.
const CASES_MAX: usize = 100;
/// From when on a deadline is near, as for any case.
const NEAR: Duration = Duration::hours(4);
/// The list of these cases.
pub const PATH: &str = "/city_management/checks";

/// Who is to go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whom {
    /// Whoever reported each on patrol.
    Reporter,
    /// An officer by account.
    Officer(AccountId),
}

/// Sends somebody to some cases. All of them, or none: a list half done is one that nobody trusts.
pub async fn send(base: &Base, command: &Command, cases: &[Uuid], whom: Whom) -> Result<(), CityError> {
    if cases.is_empty() || cases.len() > CASES_MAX {
        return Err(CityError::field("case", "city-management-check-none-chosen"));
    }
    let mut work = Work::begin(base, command).await?;
    let officer = match whom {
        Whom::Reporter => None,
        Whom::Officer(account) if store::can_look(work.conn(), account, cases, command.now).await? => Some(account),
        Whom::Officer(_) => return Err(CityError::field("officer", "city-management-check-no-officer")),
    };
    let scopes = command.actor.scopes(CHECK);
    let sent = store::send(work.conn(), cases, officer, &scopes, command.now, &command.actor.name).await?;
    if sent.len() < cases.len() {
        let code = match whom {
            Whom::Reporter => "city-management-check-no-reporter",
            Whom::Officer(_) => "city-management-check-moved-on",
        };
        return Err(CityError::field("officer", code));
    }
    for (id, centre) in sent {
        let detail = json!({ "officer_id": officer });
        work.audit(Entry::new("city_management.check.sent", id).organisation(centre).detail(detail));
    }
    work.commit().await?;
    Ok(())
}

/// On the centre's to-do list: what waits to be looked at, and nobody is sent there.
pub struct Unwalked;

#[async_trait]
impl Todo for Unwalked {
    async fn items(&self, base: &Base, actor: &Actor) -> Result<Vec<TodoItem>, DbError> {
        let scopes = actor.scopes(CHECK);
        if scopes.is_empty() {
            return Ok(Vec::new());
        }
        let (request, now) = (PageRequest::default(), base.clock.now());
        let rows = store::unwalked(&mut *base.db.read().await?, &scopes, (request.limit(), 0), now).await?;
        // One line leads to all of them, the first of which is due first.
        let first = rows.into_iter().find(|row| row.sent_name.is_none());
        let item = first.map(|row| TodoItem {
            title: Message::new("city-management-check-todo").arg("number", row.number).arg("title", row.title),
            path: PATH.to_owned(),
            due_at: row.due_at,
            near: row.due_at.map(|due_at| due_at - now < NEAR),
            since_at: row.since_at,
        });
        Ok(item.into_iter().collect())
    }
}
