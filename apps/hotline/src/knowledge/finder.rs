//! What the one search box finds here: answers in force; the internal ones only for staff who may read them.
use async_trait::async_trait;
use jh_core::actor::Actor;
use jh_core::clock::china_day;
use jh_db::{Base, DbError};
use jh_web::{Finder, Hit};

use super::model::Audience;
use super::{READ, search};

/// Answers.
pub struct Answers;

#[async_trait]
impl Finder for Answers {
    fn group(&self) -> &'static str {
        "hotline-answers-title"
    }

    async fn find(
        &self,
        base: &Base,
        actor: Option<&Actor>,
        text: &str,
        _english: bool,
        limit: u32,
    ) -> Result<Vec<Hit>, DbError> {
        let public_only = !actor.is_some_and(|actor| actor.may(READ));
        let today = china_day(base.clock.now());
        let mut conn = base.db.read().await?;
        let found = search::answers(&mut conn, today, text, limit as usize, public_only).await?;
        let hit = |found: search::Found| Hit {
            title: found.answer.question,
            summary: found.answer.short_answer,
            path: match found.answer.audience {
                Audience::Public => format!("/answers/{}", found.answer.entry_id),
                Audience::Internal => format!("/hotline/knowledge/entries/{}", found.answer.entry_id),
            },
        };
        Ok(found.into_iter().map(hit).collect())
    }
}
