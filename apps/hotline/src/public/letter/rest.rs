//! `POST /api/hotline/letters`: a mail server hands a letter over, as it is.
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jh_core::fault::Kind;
use jh_web::{ApiCommand, App, Failure};
use utoipa::OpenApi;

use super::intake::{self, Outcome, Taken};
use crate::fault::HotlineError;

/// The description of these routes.
#[derive(OpenApi)]
#[openapi(paths(take), components(schemas(Taken, Outcome)))]
pub struct Described;

/// Takes a letter in. It may come twice: its Message-ID makes it one.
#[utoipa::path(
    post, path = "/api/hotline/letters", tag = "hotline",
    request_body(content = String, content_type = "message/rfc822", description = "The letter as it came, up to 10 MB"),
    responses((status = 201, body = Taken, description = "A case was opened"),
              (status = 200, body = Taken, description = "Added to a case, not taken in, or known already"),
              (status = 422, description = "It is no letter, or nobody wrote it"))
)]
pub async fn take(
    State(app): State<App>,
    call: ApiCommand,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Failure> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    if !kind.trim().to_ascii_lowercase().starts_with("message/rfc822") {
        return Err(HotlineError::field("message", "hotline-letter-type").into());
    }
    let body = body.map_err(|_| Failure::new(Kind::TooLarge, "too-large"))?;
    let taken = intake::take(&app, &call.command, &body).await?;
    let status = if taken.outcome == Outcome::Opened && !taken.again { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(taken)).into_response())
}
