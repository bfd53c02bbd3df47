//! What waits for me, oldest deadline first, and what changed since I left.
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jh_web::{App, Failure, Page, Todo, TodoItem, TodoMore, render};
use time::{Duration, OffsetDateTime};

use crate::store::{self, Change};

/// The most things the first page lists; what is beyond waits behind them.
const ITEMS_MAX: usize = 50;

#[derive(Template)]
#[template(path = "workbench/home.html")]
struct Home {
    page: Page,
    items: Vec<TodoItem>,
    more: Vec<TodoMore>,
    changes: Vec<Change>,
    now: OffsetDateTime,
}

impl Home {
    /// The deadline's badge: coloured only when near.
    fn kind(&self, item: &TodoItem, due_at: &OffsetDateTime) -> &'static str {
        match *due_at - self.now {
            left if left < Duration::ZERO => "late",
            left if item.near.unwrap_or(left < Duration::days(2)) => "near",
            _ => "far",
        }
    }

    fn at(&self, due_at: &OffsetDateTime) -> String {
        self.page.instant(due_at)
    }

    /// Time left in words, in its largest unit that is not nought.
    fn left(&self, due_at: &OffsetDateTime) -> String {
        let left = *due_at - self.now;
        let length = left.abs();
        let (key, n) = match length {
            length if length >= Duration::days(1) => ("workbench-days", length.whole_days()),
            length if length >= Duration::hours(1) => ("workbench-hours", length.whole_hours()),
            length => ("workbench-minutes", length.whole_minutes()),
        };
        let key_of_all = if left < Duration::ZERO { "workbench-late" } else { "workbench-left" };
        self.page.t1(key_of_all, "time", self.page.t1(key, "n", n))
    }
}

/// The first page.
pub async fn home(State(app): State<App>, page: Page) -> Result<Response, Failure> {
    let actor = page.actor()?.clone();
    let (mut items, mut more) = (Vec::new(), Vec::new());
    for source in app.services.all::<dyn Todo>() {
        items.extend(source.items(&app, &actor).await?);
        more.extend(source.more(&app, &actor).await?);
    }
    items.sort_by_key(|item| (item.due_at.is_none(), item.due_at, item.since_at));
    items.truncate(ITEMS_MAX);
    let changes = match actor.organisation {
        Some(organisation) => store::changes(&app.db, organisation.0, actor.account.map(|id| id.0)).await?,
        None => Vec::new(),
    };
    let now = app.clock.now();
    render(&Home { page: page.with_title("workbench-title"), items, more, changes, now })
}
