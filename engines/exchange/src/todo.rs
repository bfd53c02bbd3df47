//! What waits for people: requests to decide, offers to answer, agreements about to run out.
use async_trait::async_trait;
use jh_core::actor::Actor;
use jh_core::clock::{CHINA, china_day};
use jh_db::{Base, DbError};
use jh_web::{Message, Todo, TodoItem};

use catalogue::api::{Offer, Offered, SharingKind, Version};

use crate::actions::{CREATE, DECIDE};
use crate::model::RequestState;
use crate::store;

/// At most so many of each.
const ITEMS_MAX: i64 = 50;
/// An agreement is about to run out within so many days.
const ENDING_DAYS: i64 = 30;
/// A request should be decided within so many days (国发〔2016〕51号, article 12: ten working days).
const DECIDE_DAYS: i64 = 14;

/// The exchange's part of the to-do list.
pub struct Waiting;

#[async_trait]
impl Todo for Waiting {
    async fn items(&self, base: &Base, actor: &Actor) -> Result<Vec<TodoItem>, DbError> {
        let (decide, ask) = (actor.scopes(DECIDE), actor.scopes(CREATE));
        if decide.is_empty() && ask.is_empty() {
            return Ok(Vec::new());
        }
        let mut conn = base.db.read().await?;
        let account = actor.account.map(Into::into);
        let mut items = Vec::new();
        for row in store::waiting(&mut conn, &decide, &ask, account, ITEMS_MAX).await? {
            let (key, due_at) = match row.state {
                RequestState::Requested => {
                    ("exchange-todo-decide", Some(row.changed_at + time::Duration::days(DECIDE_DAYS)))
                }
                _ => ("exchange-todo-offer", None),
            };
            let title = Message::new(key)
                .arg("number", row.number)
                .arg("resource", row.resource_title)
                .arg("other", row.other_name);
            let path = format!("/exchange/requests/{}", row.request_id);
            items.push(TodoItem { title, path, due_at, since_at: row.changed_at, near: None });
        }
        let today = china_day(base.clock.now());
        let until = today + time::Duration::days(ENDING_DAYS);
        for row in store::agreement::ending(&mut conn, &ask, today, until, ITEMS_MAX).await? {
            let after = row.to_on.next_day().unwrap_or(row.to_on);
            let title =
                Message::new("exchange-todo-ending").arg("number", row.number).arg("resource", row.resource_title);
            items.push(TodoItem {
                title,
                path: format!("/exchange/agreements/{}", row.agreement_id),
                due_at: Some(after.midnight().assume_offset(CHINA)),
                since_at: row.made_at,
                near: None,
            });
        }
        items.sort_by_key(|item| (item.due_at.is_none(), item.due_at, item.since_at));
        Ok(items)
    }
}

/// The link on a resource's page.
pub struct AskForIt;

impl Offer for AskForIt {
    fn offers(&self, resource: &Version, actor: &Actor) -> Vec<Offered> {
        let own = actor.organisation == Some(resource.provider_id);
        let withheld = resource.content.sharing.kind() == SharingKind::Withheld;
        if own || withheld || resource.content.rows.is_none() || !actor.may(CREATE) {
            return Vec::new();
        }
        let path = format!("/exchange/requests/new?resource={}", resource.code);
        vec![Offered { label: "exchange-offer-link", path }]
    }
}
