//! From a token to the id of a report that a person had to read first.
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use jh_web::{App, Page, Pairs};

use super::{Answered, answer, file, setting};
use crate::document::{Document, Format, Node};
use crate::intake;

/// `GET /open311/v2/tokens/{token}.{format}`
pub async fn show(
    State(app): State<App>,
    page: Page,
    arguments: Pairs,
    path: Result<Path<String>, PathRejection>,
) -> Response {
    let format = Format::of(&page.path);
    let given = path.map(|Path(given)| given).unwrap_or_default();
    answer(&page, format, resolved(&app, &arguments, &given).await)
}

async fn resolved(app: &App, arguments: &Pairs, given: &str) -> Answered {
    let (token, _) = file(given)?;
    setting(app, arguments).await?;
    let number = intake::number_of_token(app, token).await?;
    let request = Node::Fields(vec![("service_request_id", Node::Text(number)), ("token", Node::text(token))]);
    Ok(Document::list("service_requests", "request", vec![request]))
}
