//! Twice is once, on the side of answers: the first answer to a key is kept and given again.
//!
//! That a change happens once is ensured in its own transaction (`jh_db::Work` claims the key there). Here only the
//! answer is kept, so that whoever presses the button twice, or whose network died between, sees the same result.
use axum::body::{Body, to_bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_body::Body as _;
use jh_db::idempotency::{self, Answer, BODY_MAX_BYTES, Seen};

use crate::app::App;
use crate::failure::Failure;
use crate::visit::{Keyed, Visit};

/// The code with which `jh_db::Work` says that a key was used before.
const REPLAYED: &str = "already-done";

/// Keeps a first answer, or replaces the refusal of a repeat by the first answer.
pub(crate) async fn settle(app: &App, visit: &Visit, response: Response) -> Response {
    let Some(keyed) = visit.keyed.get() else { return response };
    if response.extensions().get::<Failure>().is_some_and(|failure| failure.refusal.code == REPLAYED) {
        return match idempotency::look_again(app, keyed.key, &keyed.digest()).await {
            Ok(Seen::Answered(answer)) => again(answer),
            // The change was committed but its answer was not kept: say so, in the refusal's own words.
            Ok(_) => response,
            Err(error) => Failure::from(error).into_response(),
        };
    }
    if response.status().is_success() || response.status().is_redirection() {
        return keep(app, keyed, response).await;
    }
    response
}

fn again(answer: Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body.unwrap_or_default()));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    for (name, value) in [(header::LOCATION, answer.location), (header::CONTENT_TYPE, answer.content_type)] {
        if let Some(value) = value.and_then(|text| HeaderValue::from_str(&text).ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
    response
}

async fn keep(app: &App, keyed: &Keyed, response: Response) -> Response {
    // An answer that shows a secret once (a new credential) says no-store, and is kept nowhere.
    let secret = response.headers().get(header::CACHE_CONTROL).is_some_and(|v| v.as_bytes().starts_with(b"no-store"));
    let small = response.body().size_hint().upper().is_some_and(|bytes| bytes <= BODY_MAX_BYTES as u64);
    if secret || !small {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, BODY_MAX_BYTES).await else {
        return Response::from_parts(parts, Body::empty());
    };
    let text = |name| parts.headers.get(&name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let answer = Answer {
        status: parts.status.as_u16(),
        location: text(header::LOCATION),
        content_type: text(header::CONTENT_TYPE),
        body: Some(bytes.to_vec()),
    };
    if let Err(error) = idempotency::keep(app, keyed.key, &keyed.digest(), &answer).await {
        tracing::warn!(%error, "an answer could not be kept for repeats");
    }
    Response::from_parts(parts, Body::from(bytes))
}
