//! What the one search box finds here: organisations, for staff.
use async_trait::async_trait;
use jh_core::actor::{Actor, ActorKind};
use jh_core::paging::PageRequest;
use jh_db::{Base, DbError};
use jh_web::{Finder, Hit};

use crate::store::organisation::{self as store, Search};

/// Organisations by name, short name or code.
#[derive(Debug)]
pub struct OrganisationFinder;

#[async_trait]
impl Finder for OrganisationFinder {
    fn group(&self) -> &'static str {
        "identity-organisations-title"
    }

    async fn find(
        &self,
        base: &Base,
        actor: Option<&Actor>,
        text: &str,
        _english: bool,
        limit: u32,
    ) -> Result<Vec<Hit>, DbError> {
        if !actor.is_some_and(|actor| actor.kind == ActorKind::Staff) {
            return Ok(Vec::new());
        }
        let search = Search { text: Some(text.to_owned()), ..Search::default() };
        let page = PageRequest { page: None, size: Some(limit) };
        let found = store::search(&mut *base.db.read().await?, &search, page).await?;
        let hit = |it: store::Organisation| Hit {
            path: format!("/identity/organisations/{}", it.id),
            title: it.name,
            summary: it.code,
        };
        Ok(found.into_iter().take(limit as usize).map(hit).collect())
    }
}
