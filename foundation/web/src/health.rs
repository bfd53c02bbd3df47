//! The frame's own routes: is it alive, is it ready, what does it measure, preferences, and the API reference.
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::access::Access;
use crate::address::{local_path, redirect};
use crate::app::App;
use crate::failure::Failure;
use crate::lang::Lang;
use crate::module::{Module, Routes};
use crate::{assets, cookie, reference};

/// The permission to see how the program runs.
pub(crate) const OPERATIONS_READ: &str = "operations.read";

/// The most characters of a preference's way back.
const BACK_LEN_MAX: usize = 2_000;

pub(crate) fn module() -> Module {
    let mut module = Module::new("web");
    module.routes = Routes::new()
        .get("/healthz", Access::Public, || async { "ok\n" })
        .get("/readyz", Access::Public, ready)
        .get("/metrics", Access::Operator(OPERATIONS_READ), measured)
        .get("/preferences", Access::Public, prefer)
        .get("/assets/{*path}", Access::Public, assets::serve)
        .get("/favicon.ico", Access::Public, favicon)
        .get("/api/openapi.json", Access::Public, reference::openapi_json)
        .get("/api", Access::Public, reference::page)
        .get("/api/problems/{code}", Access::Public, reference::problem);
    module
}

/// Ready means that a request which needs the database would be answered now.
async fn ready(State(app): State<App>) -> Response {
    match app.db.ready().await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer; `jianghai doctor` says why\n")
                .into_response()
        }
    }
}

async fn measured(State(app): State<App>) -> Result<Response, Failure> {
    let text = app.services.get::<dyn Measured>().map(|source| source.text()).unwrap_or_default();
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response())
}

/// Where the metrics' text comes from; the binary installs the recorder.
pub trait Measured: Send + Sync {
    /// All metrics in Prometheus' text format.
    fn text(&self) -> String;
}

async fn favicon(State(app): State<App>) -> Response {
    redirect(&app.inner.assets.href("favicon.svg"))
}

#[derive(Deserialize)]
struct Preference {
    lang: Option<String>,
    elder: Option<String>,
    #[serde(default)]
    back: String,
}

/// Remembers the language or elder mode for a year and goes back to where the person was.
async fn prefer(State(app): State<App>, headers: HeaderMap, Query(wanted): Query<Preference>) -> Response {
    let back = if wanted.back.len() <= BACK_LEN_MAX { local_path(&wanted.back, "/") } else { "/" };
    let mut response = redirect(back);
    let year = Some(365 * 24 * 3600);
    let https = app.settings().https;
    if let Some(lang) = wanted.lang.as_deref().and_then(Lang::parse) {
        response.headers_mut().append(header::SET_COOKIE, cookie::set(cookie::LANG, lang.code(), year, https));
    }
    if let Some(elder) = wanted.elder {
        let value = if elder == "1" { "1" } else { "0" };
        response.headers_mut().append(header::SET_COOKIE, cookie::set(cookie::ELDER, value, year, https));
    }
    let _ = headers;
    response
}
