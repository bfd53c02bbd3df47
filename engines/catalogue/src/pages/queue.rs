//! What waits for a reviewer, longest first.
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use jh_core::paging::{PageRequest, Paged};
use jh_web::{App, Failure, Page, render};

use crate::permission::REVIEW;
use crate::store::list::{Waiting, waiting};

#[derive(Template)]
#[template(path = "catalogue/reviews.html")]
struct QueuePage {
    page: Page,
    waiting: Paged<Waiting>,
}

/// `GET /catalogue/reviews`.
pub async fn reviews(
    State(app): State<App>,
    page: Page,
    Query(paged): Query<PageRequest>,
) -> Result<Response, Failure> {
    let actor = page.actor()?.clone();
    let mut conn = app.db.read().await?;
    let scopes = actor.scopes(REVIEW);
    let rows = waiting(&mut conn, &scopes, actor.account, paged.limit(), paged.offset()).await?;
    drop(conn);
    render(&QueuePage { page: page.with_title("catalogue-reviews-title"), waiting: Paged::from_rows(rows, paged) })
}
