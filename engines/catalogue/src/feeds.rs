//! What the catalogue puts before people elsewhere: what waits for them, and what the one search box finds.
use async_trait::async_trait;
use jh_core::actor::Actor;
use jh_core::paging::PageRequest;
use jh_db::{Base, DbError};
use jh_web::{Finder, Hit, Message, Todo, TodoItem};

use crate::fault::CatalogueError;
use crate::permission::{READ, REVIEW};
use crate::search;
use crate::store::list::{self, Filter};
use crate::store::search::{Narrow, Order, Summary};

/// The most items one account is shown here.
const ITEMS_MAX: i64 = 20;

fn db(error: CatalogueError) -> DbError {
    match error {
        CatalogueError::Db(error) => error,
        // The store returns no other kind of error; a wrong word in a column is one sqlx reports itself.
        other => DbError::from(sqlx::Error::Protocol(other.to_string())),
    }
}

/// Versions that wait for a reviewer, and drafts that came back to their writer.
pub struct CatalogueTodo;

#[async_trait]
impl Todo for CatalogueTodo {
    async fn items(&self, base: &Base, actor: &Actor) -> Result<Vec<TodoItem>, DbError> {
        let mut conn = base.db.read().await?;
        let mut items = Vec::new();
        if actor.may(REVIEW) {
            let scopes = actor.scopes(REVIEW);
            let waiting = list::waiting(&mut conn, &scopes, actor.account, ITEMS_MAX, 0).await.map_err(db)?;
            // One's own work waits for somebody else.
            items.extend(waiting.into_iter().filter(|one| !one.own_work).map(|one| TodoItem {
                title: Message::new("catalogue-todo-review").arg("title", one.title).arg("provider", one.provider_name),
                path: format!("/catalogue/resources/{}", one.code),
                due_at: None,
                since_at: one.submitted_at,
                near: None,
            }));
        }
        if let Some(account) = actor.account {
            let returned = list::returned(&mut conn, account).await.map_err(db)?;
            items.extend(returned.into_iter().map(|one| TodoItem {
                title: Message::new("catalogue-todo-returned").arg("title", one.title),
                path: format!("/catalogue/resources/{}", one.code),
                due_at: None,
                since_at: one.taken_at,
                near: None,
            }));
        }
        Ok(items)
    }
}

/// Open data for everyone.
pub struct OpenDataFinder;

#[async_trait]
impl Finder for OpenDataFinder {
    fn group(&self) -> &'static str {
        "catalogue-found-open"
    }

    async fn find(
        &self,
        base: &Base,
        _actor: Option<&Actor>,
        text: &str,
        english: bool,
        limit: u32,
    ) -> Result<Vec<Hit>, DbError> {
        let mut conn = base.db.read().await?;
        let page = PageRequest { page: None, size: Some(limit) };
        let found = search::open(&mut conn, text, &Narrow::default(), Order::Rank, page).await.map_err(db)?;
        Ok(found.hits.items.into_iter().map(|one| hit(one, english, "/data")).collect())
    }
}

/// Every resource that a member of staff may see.
pub struct DirectoryFinder;

#[async_trait]
impl Finder for DirectoryFinder {
    fn group(&self) -> &'static str {
        "catalogue-found-directory"
    }

    async fn find(
        &self,
        base: &Base,
        actor: Option<&Actor>,
        text: &str,
        english: bool,
        limit: u32,
    ) -> Result<Vec<Hit>, DbError> {
        let Some(actor) = actor.filter(|actor| actor.may(READ)) else { return Ok(Vec::new()) };
        let mut conn = base.db.read().await?;
        let page = PageRequest { page: None, size: Some(limit) };
        let scopes = actor.scopes(READ);
        let found = search::staff(&mut conn, &scopes, text, &Filter::default(), page).await.map_err(db)?;
        Ok(found.items.into_iter().map(|one| hit(one, english, "/catalogue/resources")).collect())
    }
}

fn hit(one: Summary, english: bool, under: &str) -> Hit {
    let pick = |zh: String, en: String| if english && !en.is_empty() { en } else { zh };
    Hit {
        path: format!("{under}/{}", one.code),
        title: pick(one.title, one.title_en),
        summary: pick(one.description, one.description_en),
    }
}
