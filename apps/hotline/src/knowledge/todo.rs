//! What waits for people: answers to review, drafts that came back, answers that run out, answers said to be wrong.
use async_trait::async_trait;
use jh_core::actor::Actor;
use jh_core::clock::{CHINA, china_day};
use jh_db::{Base, DbError};
use jh_web::{Message, Todo, TodoItem};
use time::{Date, Duration, OffsetDateTime};

use super::model::REMIND_DAYS;
use super::store::waiting::{self, Keeper, WaitingRow};
use super::{PUBLISH, WRITE};

/// At most so many of each kind.
const ITEMS_MAX: i64 = 50;
/// A review should not take longer: the writer's answer is needed on the line.
const REVIEW_DAYS: i64 = 3;
/// The owner looks into a remark within so many days.
const REMARK_DAYS: i64 = 3;

/// The knowledge base's part of the to-do list.
pub struct Waiting;

#[async_trait]
impl Todo for Waiting {
    async fn items(&self, base: &Base, actor: &Actor) -> Result<Vec<TodoItem>, DbError> {
        let (publish, write) = (actor.scopes(PUBLISH), actor.scopes(WRITE));
        if publish.is_empty() && write.is_empty() {
            return Ok(Vec::new());
        }
        let today = china_day(base.clock.now());
        let mut conn = base.db.read().await?;
        let mut rows = waiting::reviews(&mut conn, &publish, actor.account, ITEMS_MAX).await?;
        if let Some(account) = actor.account.filter(|_| !write.is_empty()) {
            let keeper = Keeper { account, organisation: actor.organisation, scopes: &write };
            let before = today + Duration::days(REMIND_DAYS[0] + 1);
            rows.extend(waiting::returned(&mut conn, account, ITEMS_MAX).await?);
            rows.extend(waiting::remarked(&mut conn, keeper, ITEMS_MAX).await?);
            rows.extend(waiting::expiring(&mut conn, keeper, before, ITEMS_MAX).await?);
        }
        let mut items: Vec<TodoItem> = rows.into_iter().map(|row| item(row, today)).collect();
        items.sort_by_key(|item| (item.due_at.is_none(), item.due_at, item.since_at));
        Ok(items)
    }
}

fn item(row: WaitingRow, today: Date) -> TodoItem {
    let midnight = |day: Date| day.midnight().assume_offset(CHINA);
    let within = |days: i64| row.since_at + Duration::days(days);
    let (key, due_at, since_at) = match (row.kind.as_str(), row.expires_on) {
        ("review", _) => ("hotline-knowledge-todo-review", Some(within(REVIEW_DAYS)), row.since_at),
        ("remark", _) => ("hotline-knowledge-todo-remark", Some(within(REMARK_DAYS)), row.since_at),
        ("expired", Some(day)) => ("hotline-knowledge-todo-expired", Some(midnight(day)), midnight(day)),
        (_, Some(day)) => expiring(day, today, midnight),
        _ => ("hotline-knowledge-todo-returned", None, row.since_at),
    };
    let title = Message::new(key).arg("question", row.question);
    TodoItem { title, path: format!("/hotline/knowledge/entries/{}", row.entry_id), due_at, since_at, near: None }
}

/// Thirty days before, and once more in the last week; on its day the answer is out of the search, whether or not the
/// nightly job has been.
fn expiring(
    day: Date,
    today: Date,
    midnight: impl Fn(Date) -> OffsetDateTime,
) -> (&'static str, Option<OffsetDateTime>, OffsetDateTime) {
    let [first, last] = REMIND_DAYS;
    let left = (day - today).whole_days();
    let (key, days) = match left {
        left if left <= 0 => ("hotline-knowledge-todo-expired", 0),
        left if left <= last => ("hotline-knowledge-todo-expiring-soon", last),
        _ => ("hotline-knowledge-todo-expiring", first),
    };
    (key, Some(midnight(day)), midnight(day - Duration::days(days)))
}
