//! Service discovery: where the interface is, in which formats, and whom to ask for a key.
use axum::extract::State;
use axum::response::Response;
use jh_web::{App, Page};
use time::OffsetDateTime;

use super::{Answered, answer};
use crate::document::{Document, Format, Node};
use crate::fault::Open311Error;
use crate::{moment, store};

/// How the specification names itself.
const SPECIFICATION: &str = "http://wiki.open311.org/GeoReport_v2";
/// When what programs see of this version last changed; a city's own changes come after.
const CHANGESET: OffsetDateTime = time::macros::datetime!(2026-11-23 00:00 +8);

/// `GET /open311/v2/discovery.{format}`
pub async fn show(State(app): State<App>, page: Page) -> Response {
    let format = Format::of(&page.path);
    answer(&page, format, discovery(&app, &page).await)
}

async fn discovery(app: &App, page: &Page) -> Answered {
    let mut conn = app.db.read().await?;
    let setting = store::setting(&mut conn).await.map_err(Open311Error::from)?;
    let changeset = Node::Text(moment::written(setting.changed_at.max(CHANGESET)));
    let contact = if setting.contact.is_empty() { page.t("open311-contact-none") } else { setting.contact };
    let endpoint = Node::Fields(vec![
        ("specification", Node::text(SPECIFICATION)),
        ("url", Node::Text(format!("{}/open311/v2", page.public_url()))),
        ("changeset", changeset.clone()),
        ("type", Node::text("production")),
        ("formats", Node::List("format", vec![Node::text("text/xml"), Node::text("application/json")])),
    ]);
    let body = Node::Fields(vec![
        ("changeset", changeset),
        ("contact", Node::Text(contact)),
        ("key_service", Node::Text(page.t("open311-key-service"))),
        ("endpoints", Node::List("endpoint", vec![endpoint])),
    ]);
    Ok(Document { root: "discovery", body })
}
