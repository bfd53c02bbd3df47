//! What the one search box finds here: requests and agreements on either side of the reader, by number, resource or party.
use async_trait::async_trait;
use jh_core::actor::Actor;
use jh_core::paging::PageRequest;
use jh_db::{Base, DbError};
use jh_web::{Finder, Hit};

use crate::actions::READ;
use crate::store::{self, Narrowing, Side};

/// What it finds, each under a heading of its own.
pub enum Papers {
    Agreements,
    Requests,
}

#[async_trait]
impl Finder for Papers {
    fn group(&self) -> &'static str {
        match self {
            Self::Agreements => "exchange-agreements-title",
            Self::Requests => "exchange-requests-title",
        }
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
        let scopes = actor.scopes(READ);
        let page = PageRequest { page: None, size: Some(limit) };
        let narrowing = Narrowing { scopes: &scopes, side: Side::Any, state: None, text: Some(text), page };
        let mut conn = base.db.read().await?;
        let title = |number: String, zh, en| format!("{number} {}", pick(english, zh, en));
        let mut hits: Vec<Hit> = match self {
            Self::Agreements => {
                let rows = store::agreement::list(&mut conn, &narrowing).await?.into_iter();
                rows.map(|row| Hit {
                    title: title(row.number, row.resource_title, row.resource_title_en),
                    summary: format!("{} → {}", row.provider_name, row.requester_name),
                    path: format!("/exchange/agreements/{}", row.agreement_id),
                })
                .collect()
            }
            Self::Requests => {
                let rows = store::requests(&mut conn, &narrowing).await?.into_iter();
                rows.map(|row| Hit {
                    title: title(row.number, row.resource_title, row.resource_title_en),
                    summary: row.purpose,
                    path: format!("/exchange/requests/{}", row.request_id),
                })
                .collect()
            }
        };
        hits.truncate(limit as usize);
        Ok(hits)
    }
}

fn pick(english: bool, zh: String, en: String) -> String {
    if english && !en.is_empty() { en } else { zh }
}
