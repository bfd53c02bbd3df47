//! What the one search box finds here: deliveries by the name of their file. Persons are never found by it, for what is
//! searched for stands in an address.
use async_trait::async_trait;
use jh_core::actor::Actor;
use jh_core::paging::PageRequest;
use jh_db::{Base, DbError};
use jh_web::{Finder, Hit};

use super::READ;
use crate::store::views::deliveries::{self as store, Narrow};

/// Deliveries within the reader's scope.
#[derive(Debug)]
pub struct DeliveryFinder;

#[async_trait]
impl Finder for DeliveryFinder {
    fn group(&self) -> &'static str {
        "registry-page-deliveries-title"
    }

    async fn find(
        &self,
        base: &Base,
        actor: Option<&Actor>,
        text: &str,
        _english: bool,
        limit: u32,
    ) -> Result<Vec<Hit>, DbError> {
        let Some(actor) = actor.filter(|actor| actor.may(READ)) else { return Ok(Vec::new()) };
        let narrow = Narrow { text: Some(text), ..Narrow::default() };
        let page = PageRequest { page: None, size: Some(limit) };
        let mut found = store::list(&mut *base.db.read().await?, &actor.scopes(READ), narrow, page).await?;
        found.truncate(limit as usize);
        let hit = |it: store::Shown| Hit {
            title: it.file_name,
            summary: it.provider_name,
            path: format!("/registry/deliveries/{}", it.delivery_id),
        };
        Ok(found.into_iter().map(hit).collect())
    }
}
