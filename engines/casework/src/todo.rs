//! What waits for people: cases in their inboxes, supervisions to answer, help that was asked. And cases found by the one search.
use async_trait::async_trait;
use jh_core::actor::Actor;
use jh_core::paging::PageRequest;
use jh_db::{Base, DbError};
use jh_web::{Finder, Hit, Message, Todo, TodoItem, TodoMore};

use crate::actions::{READ, scopes};
use crate::memory::Memory;
use crate::model::CaseId;
use crate::model::words::Sought;
use crate::store::asked;
use crate::store::inbox::{COUNTED_MAX, waiting_count};
use crate::store::list::{self, Inbox, Search};

/// At most so many of each.
const ITEMS_MAX: u32 = 20;

/// Casework's part of the to-do list.
pub struct Waiting;

#[async_trait]
impl Todo for Waiting {
    async fn items(&self, base: &Base, actor: &Actor) -> Result<Vec<TodoItem>, DbError> {
        let (scopes, home) = (scopes(actor), actor.organisation);
        if scopes.working().is_empty() && scopes.supervise.is_empty() {
            return Ok(Vec::new());
        }
        let mut conn = base.db.read().await?;
        let page = PageRequest { page: None, size: Some(ITEMS_MAX) };
        let rows = list::inbox(&mut conn, &Inbox::of(&scopes, home, page)).await?;
        let ids: Vec<CaseId> = rows.iter().map(|row| row.case_id).collect();
        let warned = asked::warned(&mut conn, &ids, base.clock.now()).await?;
        let mut items = Vec::new();
        for row in rows.into_iter().take(ITEMS_MAX as usize) {
            let procedure = Memory::of(base).procedure(&mut conn, &row.kind, row.version).await.ok();
            let stage = procedure.as_ref().and_then(|procedure| procedure.stage(&row.stage));
            let (zh, en) = stage.map_or((&row.stage, &row.stage), |stage| (&stage.name, &stage.name_en));
            let title = Message::new("casework-todo-case")
                .arg("stage", zh)
                .arg("stage_en", en)
                .arg("number", &row.number)
                .arg("title", &row.title);
            let path = format!("/casework/cases/{}", row.case_id);
            let near = Some(warned.contains(&row.case_id));
            items.push(TodoItem { title, path, due_at: row.due_at, since_at: row.reported_at, near });
        }
        for row in asked::asked(&mut conn, &scopes, (home, actor.account), page).await? {
            let title = Message::new(row.what.todo_key()).arg("number", row.number).arg("title", row.title);
            let path = format!("/casework/cases/{}", row.case_id);
            items.push(TodoItem { title, path, due_at: None, since_at: row.since_at, near: None });
        }
        Ok(items)
    }

    async fn more(&self, base: &Base, actor: &Actor) -> Result<Option<TodoMore>, DbError> {
        let scopes = scopes(actor);
        if scopes.working().is_empty() && scopes.supervise.is_empty() {
            return Ok(None);
        }
        let total = waiting_count(&mut *base.db.read().await?, &scopes, actor.organisation).await?;
        let key = if total < COUNTED_MAX { "casework-todo-total" } else { "casework-todo-total-many" };
        let label = Message::new(key).arg("n", total);
        Ok((total > i64::from(ITEMS_MAX)).then(|| TodoMore { label, path: "/casework/inbox".into() }))
    }
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
