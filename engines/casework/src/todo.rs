//! What waits for people: cases in their inboxes, supervisions to answer, help that was asked. And cases found by the one search.
use async_trait::async_trait;
use jh_core::actor::Actor;
use jh_core::clock::china_day;
use jh_core::paging::PageRequest;
use jh_db::{Base, DbError};
use jh_web::{Finder, Hit, Message, Todo, TodoItem, TodoMore};
use time::{Date, Duration};

use crate::actions::{READ, scopes};
use crate::kind::FollowPage;
use crate::memory::Memory;
use crate::model::CaseId;
use crate::model::words::Sought;
use crate::store::asked;
use crate::store::inbox::{COUNTED_MAX, waiting_count};
use crate::store::list::{self, Inbox, PublicAsk, Search};

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
                .arg_named("stage", zh, en)
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
            return public(base, text, limit).await;
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

/// So far back a case is found by the end of its number alone.
const ENDS_DAYS: i64 = 400;

/// The numbers that somebody may mean who types one, or its last six digits.
fn numbers(text: &str, today: Date) -> Vec<String> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'-' || b == b' ');
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    match digits.len() {
        14 if plain => vec![format!("{}-{}", &digits[..8], &digits[8..])],
        6 if plain => (0..ENDS_DAYS)
            .map(|ago| today - Duration::days(ago))
            .map(|day| format!("{:04}{:02}{:02}-{digits}", day.year(), u8::from(day.month()), day.day()))
            .collect(),
        _ => Vec::new(),
    }
}

/// Cases that the public may know of, by number. Words would find what people wrote, which few of them meant for search.
async fn public(base: &Base, text: &str, limit: u32) -> Result<Vec<Hit>, DbError> {
    let numbers = numbers(text.trim(), china_day(base.clock.now()));
    let Some(page) = base.services.all::<dyn FollowPage>().into_iter().next().filter(|_| !numbers.is_empty()) else {
        return Ok(Vec::new());
    };
    let ask = PublicAsk {
        numbers: Some(&numbers),
        page: PageRequest { page: None, size: Some(limit) },
        ..PublicAsk::default()
    };
    let rows = list::public(&mut *base.db.read().await?, &ask).await?;
    let hit = |row: list::PublicRow| {
        let what = if row.shown == "words" { &row.title } else { &row.category_name };
        let title = format!("{} {what}", row.number);
        Some(Hit { title, path: page.public_path(&row.number)?, summary: row.address })
    };
    Ok(rows.into_iter().take(limit as usize).filter_map(hit).collect())
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn a_number_is_meant_by_all_of_it_or_by_its_end_and_by_nothing_else() {
        let today = date!(2026 - 11 - 23);
        assert_eq!(numbers("20261123-000080", today), ["20261123-000080"]);
        assert_eq!(numbers("20261123 000080", today), ["20261123-000080"]);
        let ends = numbers("000080", today);
        assert_eq!((ends.len(), ends[1].as_str()), (400, "20261122-000080"));
        for other in ["80", "路灯 000080", "", "2026"] {
            assert!(numbers(other, today).is_empty(), "{other}");
        }
    }
}
