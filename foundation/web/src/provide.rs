//! What the frame needs of the engines, as traits. The binary registers the implementations in `Services`.
use async_trait::async_trait;
use jh_core::actor::Actor;
use jh_db::{Base, DbError};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::lang::Message;

/// A live session.
pub struct Entered {
    /// Who it is.
    pub actor: Actor,
    /// Which session: the same before and after its token is replaced, so that open forms may be tied to it.
    pub session: Uuid,
    /// The token that replaces the one presented, when that is due, and how many seconds its cookie is good for.
    pub renewed: Option<(String, i64)>,
}

/// Turns a session cookie or a bearer credential into the actor behind it.
#[async_trait]
pub trait Authenticator: Send + Sync {
    /// The live session of a token, or none when it is unknown, ended or expired.
    async fn session(&self, base: &Base, token: &str) -> Result<Option<Entered>, DbError>;
    /// The actor of a department's bearer credential, or none when it is unknown, revoked or expired.
    async fn bearer(&self, base: &Base, token: &str) -> Result<Option<Actor>, DbError>;
}

/// One thing that waits for the actor.
#[derive(Clone, Debug)]
pub struct TodoItem {
    /// What it is, in words.
    pub title: Message,
    /// Where it is done.
    pub path: String,
    /// Until when, if there is a deadline.
    pub due_at: Option<OffsetDateTime>,
    /// Since when it waits.
    pub since_at: OffsetDateTime,
    /// Whether the deadline is near, where whoever keeps it knows; else the page judges by the days left.
    pub near: Option<bool>,
}

/// Where the rest is listed, if the to-do list shows only a part.
#[derive(Clone, Debug)]
pub struct TodoMore {
    /// How much there is in all, in words.
    pub label: Message,
    /// Its list.
    pub path: String,
}

/// An engine that puts things before people to decide or do.
#[async_trait]
pub trait Todo: Send + Sync {
    /// At most a page of what waits for the actor, oldest deadline first.
    async fn items(&self, base: &Base, actor: &Actor) -> Result<Vec<TodoItem>, DbError>;

    /// Where the rest is, if more waits than [`Self::items`] gives.
    async fn more(&self, _base: &Base, _actor: &Actor) -> Result<Option<TodoMore>, DbError> {
        Ok(None)
    }
}

/// One thing found by the one search box.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Its name.
    pub title: String,
    /// One or two sentences.
    pub summary: String,
    /// Where it is.
    pub path: String,
}

/// An engine whose things the one search box finds.
#[async_trait]
pub trait Finder: Send + Sync {
    /// The Fluent key of the group's heading.
    fn group(&self) -> &'static str;
    /// What matches `text` and the actor may see, best first. `english` asks for English titles.
    async fn find(
        &self,
        base: &Base,
        actor: Option<&Actor>,
        text: &str,
        english: bool,
        limit: u32,
    ) -> Result<Vec<Hit>, DbError>;
}

/// One figure of the city at a glance: it says what it counts, when, and where it comes from.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What is counted.
    pub label: Message,
    /// How many.
    pub value: i64,
    /// The unit's Fluent key, for example of 人.
    pub unit: &'static str,
    /// Who says so.
    pub source: Message,
    /// The state of which moment.
    pub as_of: OffsetDateTime,
    /// The rows behind it.
    pub href: String,
    /// Who may go there: nobody else is offered the link.
    pub permission: &'static str,
    /// What the parts are, for example decades of birth.
    pub parts_label: &'static str,
    /// What it is made of, the oldest part first; empty when there is nothing honest to show.
    pub parts: Vec<(Message, i64)>,
}

/// An engine that has figures worth showing on the city's front page.
#[async_trait]
pub trait Glance: Send + Sync {
    /// Its figures, most important first. They come from counters, never from counting live rows.
    async fn figures(&self, base: &Base) -> Result<Vec<Figure>, DbError>;
}
