//! What the one search box finds here: requests and agreements on either side of the reader, by number, resource or party.
use async_trait::async_trait;
use jh_core::actor::Actor;
use jh_core::paging::PageRequest;
use jh_db::{Base, DbError};
use jh_web::{Finder, Hit};

use crate::actions::READ;
use crate::store::{self, Narrowing, Side};

/// Agreements, and the requests behind them.
pub struct Concluded;

#[async_trait]
impl Finder for Concluded {
    fn group(&self) -> &'static str {
        "exchange-agreements-title"
    }

    async fn find(
        &self,
        base: &Base,
        actor: Option<&Actor>,
        text: &str,
        english: bool,
        limit: u32,
    ) -> Result<Vec<Hit>, DbError> {
        let Some(scopes) = scopes(actor) else { return Ok(Vec::new()) };
        let rows = store::agreement::list(&mut *base.db.read().await?, &narrowing(&scopes, text, limit)).await?;
        let hits = rows.into_iter().take(limit as usize).map(|row| Hit {
            title: format!("{} {}", row.number, pick(english, row.resource_title, row.resource_title_en)),
            summary: format!("{} → {}", row.provider_name, row.requester_name),
            path: format!("/exchange/agreements/{}", row.agreement_id),
        });
        Ok(hits.collect())
    }
}

/// Requests.
pub struct Asked;

#[async_trait]
impl Finder for Asked {
    fn group(&self) -> &'static str {
        "exchange-requests-title"
    }

    async fn find(
        &self,
        base: &Base,
        actor: Option<&Actor>,
        text: &str,
        english: bool,
        limit: u32,
    ) -> Result<Vec<Hit>, DbError> {
        let Some(scopes) = scopes(actor) else { return Ok(Vec::new()) };
        let rows = store::requests(&mut *base.db.read().await?, &narrowing(&scopes, text, limit)).await?;
        let hits = rows.into_iter().take(limit as usize).map(|row| Hit {
            title: format!("{} {}", row.number, pick(english, row.resource_title, row.resource_title_en)),
            summary: row.purpose,
            path: format!("/exchange/requests/{}", row.request_id),
        });
        Ok(hits.collect())
    }
}

fn scopes(actor: Option<&Actor>) -> Option<Vec<uuid::Uuid>> {
    actor.filter(|actor| actor.may(READ)).map(|actor| actor.scopes(READ))
}

fn narrowing<'a>(scopes: &'a [uuid::Uuid], text: &'a str, limit: u32) -> Narrowing<'a> {
    let page = PageRequest { page: None, size: Some(limit) };
    Narrowing { scopes, side: Side::Any, state: None, text: Some(text), page }
}

fn pick(english: bool, zh: String, en: String) -> String {
    if english && !en.is_empty() { en } else { zh }
}
