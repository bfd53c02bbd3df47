//! What waits for people: cases in their inboxes, supervisions to answer, help that was asked. And cases found by the one search.
use async_trait::async_trait;
use jh_core::actor::Actor;
use jh_core::paging::PageRequest;
use jh_db::{Base, DbError};
use jh_web::{Finder, Hit, Message, Todo, TodoItem};
use uuid::Uuid;

use crate::actions::{HANDLE, INSPECT, MANAGE, READ};
use crate::memory::Memory;
use crate::model::words::Sought;
use crate::store::list::{self, Inbox, Search};

/// At most so many of each.
const ITEMS_MAX: u32 = 20;

/// Casework's part of the to-do list.
pub struct Waiting;

#[async_trait]
impl Todo for Waiting {
    async fn items(&self, base: &Base, actor: &Actor) -> Result<Vec<TodoItem>, DbError> {
        let scopes: Vec<Uuid> = [MANAGE, HANDLE, INSPECT].into_iter().flat_map(|name| actor.scopes(name)).collect();
        if scopes.is_empty() {
            return Ok(Vec::new());
        }
        let mut conn = base.db.read().await?;
        let page = PageRequest { page: None, size: Some(ITEMS_MAX) };
        let mut items = Vec::new();
        for row in list::inbox(&mut conn, &Inbox { scopes: &scopes, page, ..Inbox::default() }).await? {
            let procedure = Memory::of(base).procedure(&mut conn, &row.kind, row.version).await.ok();
            let stage =
                procedure.as_ref().and_then(|p| p.stage(&row.stage)).map_or(row.stage.clone(), |s| s.name.clone());
            let title = Message::new("casework-todo-case")
                .arg("number", row.number)
                .arg("title", row.title)
                .arg("stage", stage);
            let path = format!("/casework/cases/{}", row.case_id);
            items.push(TodoItem { title, path, due_at: row.due_at, since_at: row.reported_at });
        }
        for (key, row) in list::asked(&mut conn, &scopes, i64::from(ITEMS_MAX)).await?.into_iter().map(keyed) {
            let title = Message::new(key).arg("number", row.number).arg("title", row.title);
            let path = format!("/casework/cases/{}", row.case_id);
            items.push(TodoItem { title, path, due_at: None, since_at: row.since_at });
        }
        Ok(items)
    }
}

fn keyed(row: list::AskedRow) -> (&'static str, list::AskedRow) {
    (if row.supervision { "casework-todo-supervision" } else { "casework-todo-assistance" }, row)
}

/// Cases, for the one search of staff.
pub struct Cases;

#[async_trait]
impl Finder for Cases {
    fn group(&self) -> &'static str {
        "casework-finder-group"
    }

    async fn find(
        &self,
        base: &Base,
        actor: Option<&Actor>,
        text: &str,
        _english: bool,
        limit: u32,
    ) -> Result<Vec<Hit>, DbError> {
        let scopes = actor.map(|actor| actor.scopes(READ)).unwrap_or_default();
        if scopes.is_empty() {
            return Ok(Vec::new());
        }
        let sought = Sought::of(text);
        if sought == Sought::Nothing {
            return Ok(Vec::new());
        }
        let ask = Search {
            scopes: &scopes,
            sought,
            page: PageRequest { page: None, size: Some(limit) },
            ..Search::default()
        };
        let rows = list::search(&mut *base.db.read().await?, &ask).await?;
        let hit = |row: list::ListRow| Hit {
            title: format!("{} {}", row.number, row.title),
            summary: format!("{} {}", row.category_name, row.address),
            path: format!("/casework/cases/{}", row.case_id),
        };
        Ok(rows.into_iter().take(limit as usize).map(hit).collect())
    }
}
