//! What waits for me, oldest deadline first, and what changed since I left.
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jh_web::{App, Failure, Page, Todo, TodoItem, render};
use time::{Duration, OffsetDateTime};

use crate::store::{self, Change};

/// The most things the first page lists; what is beyond waits behind them.
const ITEMS_MAX: usize = 50;

#[derive(Template)]
#[template(path = "workbench/home.html")]
struct Home {
    page: Page,
    items: Vec<TodoItem>,
    changes: Vec<Change>,
    now: OffsetDateTime,
}

impl Home {
    /// The deadline's badge: coloured only when near.
    fn kind(&self, due_at: &OffsetDateTime) -> &'static str {
        match *due_at - self.now {
            left if left < Duration::ZERO => "late",
            left if left < Duration::days(2) => "near",
            _ => "far",
        }
    }

    fn at(&self, due_at: &OffsetDateTime) -> String {
        self.page.instant(due_at)
    }

    /// Time left in words.
    fn left(&self, due_at: &OffsetDateTime) -> String {
        let left = *due_at - self.now;
        let (key, count) = match left {
            left if left < Duration::ZERO && -left >= Duration::days(1) => {
                ("workbench-late-days", (-left).whole_days())
            }
            left if left < Duration::ZERO => ("workbench-late-hours", (-left).whole_hours().max(1)),
            left if left >= Duration::days(1) => ("workbench-left-days", left.whole_days()),
            left => ("workbench-left-hours", left.whole_hours().max(1)),
        };
        self.page.t1(key, "n", count)
    }
}

/// The first page.
pub async fn home(State(app): State<App>, page: Page) -> Result<Response, Failure> {
    let actor = page.actor()?.clone();
    let mut items = Vec::new();
    for source in app.services.all::<dyn Todo>() {
        items.extend(source.items(&app, &actor).await?);
    }
    items.sort_by_key(|item| (item.due_at.is_none(), item.due_at, item.since_at));
    items.truncate(ITEMS_MAX);
    let changes = match actor.organisation {
        Some(organisation) => store::changes(&app.db, organisation.0, actor.account.map(|id| id.0)).await?,
        None => Vec::new(),
    };
    let now = app.clock.now();
    render(&Home { page: page.with_title("workbench-title"), items, changes, now })
}
