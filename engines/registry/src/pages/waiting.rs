//! What waits for somebody who delivers: columns to be named, rows to be corrected, files that could not be read.
use async_trait::async_trait;
use jh_core::actor::Actor;
use jh_db::{Base, DbError};
use jh_web::{Message, Todo, TodoItem};
use time::Duration;

use super::SUBMIT;
use super::words::Stand;
use crate::store::views::deliveries::{self as store, Shown};

/// What nobody corrected for a month is not waited for any more; the list of deliveries still has it.
const LOOKED_BACK: Duration = Duration::days(30);

/// The registry's part of the list of things to do.
#[derive(Debug)]
pub struct WaitingDeliveries;

#[async_trait]
impl Todo for WaitingDeliveries {
    async fn items(&self, base: &Base, actor: &Actor) -> Result<Vec<TodoItem>, DbError> {
        let scopes = actor.scopes(SUBMIT);
        if scopes.is_empty() {
            return Ok(Vec::new());
        }
        let mut conn = base.db.read().await?;
        let waiting = store::waiting(&mut conn, &scopes, base.clock.now() - LOOKED_BACK).await?;
        Ok(waiting.iter().map(item).collect())
    }
}

fn item(it: &Shown) -> TodoItem {
    let path = format!("/registry/deliveries/{}", it.delivery_id);
    let (title, path) = match it.stand() {
        Stand::Mapping => (Message::new("registry-page-todo-mapping"), format!("{path}/mapping")),
        Stand::Failed => (Message::new("registry-page-todo-failed"), path),
        _ => (Message::new("registry-page-todo-rejects").arg("n", it.rows_rejected), path),
    };
    TodoItem {
        title: title.arg("file", &it.file_name).arg("provider", &it.provider_name),
        path,
        due_at: None,
        since_at: it.ended_at.unwrap_or(it.changed_at),
        near: None,
    }
}
