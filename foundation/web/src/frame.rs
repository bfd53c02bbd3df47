//! The layers around every route: security headers, log and metrics, failures into pages, panics into failures.
use std::any::Any;
use std::time::Instant;

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jh_core::fault::{Kind, Refusal};

use crate::address::redirect;
use crate::app::App;
use crate::failure::{Failure, status};
use crate::page::{Page, render};
use crate::reference::{Problem, ProblemField};
use crate::visit::{self, Visit};

/// Nothing but our own files may run or load on our pages; inline scripts and styles are not written anywhere.
const CONTENT_SECURITY: &str = "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; \
    style-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

/// Headers that every answer carries.
pub(crate) async fn secure(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        ("content-security-policy", CONTENT_SECURITY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("permissions-policy", "camera=(self), geolocation=(self), microphone=()"),
    ] {
        if !headers.contains_key(name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    response
}

/// One log line and two metrics a request. Path and query are not logged, only the route as declared: private links have their
/// token in the path, and people type names and numbers into the query.
pub(crate) async fn observe(State(app): State<App>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let route = app.route_of(request.extensions());
    let response = next.run(request).await;
    let status = response.status();
    let seconds = started.elapsed().as_secs_f64();
    app.inner.traffic.record(route, status.as_u16(), i64::try_from(started.elapsed().as_micros()).unwrap_or(i64::MAX));
    let labels = [
        ("method", method_label(&method).to_owned()),
        ("route", route.to_owned()),
        ("status", status.as_str().to_owned()),
    ];
    metrics::counter!("jianghai_http_requests_total", &labels).increment(1);
    metrics::histogram!("jianghai_http_request_seconds", "route" => route).record(seconds);
    let id = response.headers().get("x-request-id").and_then(|value| value.to_str().ok()).unwrap_or("");
    if status.is_server_error() {
        tracing::error!(%method, route, status = status.as_u16(), ms = seconds * 1e3, request = id, "request failed");
    } else {
        tracing::debug!(%method, route, status = status.as_u16(), ms = seconds * 1e3, request = id, "request");
    }
    response
}

/// HTTP lets anybody invent methods, and every label value is a series kept for ever: so only the known ones have a name.
fn method_label(method: &Method) -> &'static str {
    let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    known.into_iter().find(|name| *name == method.as_str()).unwrap_or("other")
}

/// A panic in a handler is our fault like any other: logged, and told without its inside.
pub(crate) fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without a message");
    Failure::internal(format!("panic: {text}")).into_response()
}

/// The path exists, the method does not.
pub(crate) async fn method_not_allowed() -> Response {
    let mut response = Failure::new(Kind::NotFound, "method-not-allowed").into_response();
    *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    response
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    page: Page,
    /// The HTTP status.
    status: u16,
    /// What happened, in words.
    message: String,
    /// What to do next, in words.
    next: String,
    /// Each field's error.
    fields: Vec<(String, String)>,
}

/// Turns a failure into a page, or into a problem document under `/api/`.
pub(crate) async fn present(app: &App, visit: &Visit, failure: Failure, empty: Response) -> Response {
    let Failure { refusal, cause } = failure;
    let request = &*visit.request_id;
    match refusal.kind {
        Kind::Internal | Kind::Unavailable => tracing::error!(request, route = visit.route, %cause, "failed"),
        _ => tracing::debug!(request, route = visit.route, %cause, "refused"),
    }
    let page = visit::page(app, visit);
    let code = if empty.status() == StatusCode::METHOD_NOT_ALLOWED { empty.status() } else { status(refusal.kind) };
    let mut response = if visit.api() {
        problem(&page, &refusal, code)
    } else if refusal.kind == Kind::SignInNeeded && !visit.bearer {
        return to_sign_in(app, visit);
    } else {
        error_page(page, &refusal, code)
    };
    if let Some((_, seconds)) = refusal.args.iter().find(|(name, _)| *name == "retry_after_s")
        && let Ok(value) = HeaderValue::from_str(seconds)
    {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    if refusal.kind == Kind::SignInNeeded {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(allow) = empty.headers().get(header::ALLOW) {
        response.headers_mut().insert(header::ALLOW, allow.clone());
    }
    response
}

fn to_sign_in(app: &App, visit: &Visit) -> Response {
    let wanted =
        if visit.query.is_empty() { visit.path.to_string() } else { format!("{}?{}", visit.path, visit.query) };
    let query = serde_html_form::to_string([("next", wanted)]).unwrap_or_default();
    redirect(&format!("{}?{query}", app.settings().sign_in_path))
}

fn words(page: &Page, refusal: &Refusal) -> (String, Vec<(String, String)>) {
    let message = page.ta(&format!("error-{}", refusal.code), &refusal.args);
    let field = |e: &jh_core::fault::FieldError| (e.field.to_owned(), page.ta(&format!("error-{}", e.code), &e.args));
    (message, refusal.fields.iter().map(field).collect())
}

fn problem(page: &Page, refusal: &Refusal, code: StatusCode) -> Response {
    let (detail, fields) = words(page, refusal);
    let body = Problem {
        kind: format!("/api/problems/{}", refusal.code),
        title: code.canonical_reason().unwrap_or("").to_owned(),
        status: code.as_u16(),
        code: refusal.code.to_owned(),
        detail,
        fields: fields.into_iter().map(|(field, detail)| ProblemField { field, detail }).collect(),
        args: refusal.args.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
        request_id: page.request_id().to_owned(),
    };
    let body = serde_json::to_string(&body).unwrap_or_default();
    (code, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response()
}

fn error_page(page: Page, refusal: &Refusal, code: StatusCode) -> Response {
    let (message, fields) = words(&page, refusal);
    let kind = match refusal.kind {
        Kind::Invalid => "invalid",
        Kind::SignInNeeded => "sign-in",
        Kind::Forbidden => "forbidden",
        Kind::NotFound => "not-found",
        Kind::Conflict => "conflict",
        Kind::TooLarge => "too-large",
        Kind::TooMany => "too-many",
        Kind::Unavailable => "unavailable",
        Kind::Internal => "internal",
    };
    let next = page.t(&format!("web-error-next-{kind}"));
    let page = page.with_title(&format!("web-error-title-{kind}"));
    let answer = ErrorPage { page, status: code.as_u16(), message, next, fields };
    match render(&answer) {
        Ok(mut response) => {
            *response.status_mut() = code;
            response
        }
        Err(_) => code.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Method;

    use super::method_label;

    #[test]
    fn invented_methods_share_one_series() {
        for method in ["BREW", "get", "X1", "TRACE"] {
            assert_eq!(method_label(&Method::from_bytes(method.as_bytes()).unwrap()), "other", "{method}");
        }
        assert_eq!((method_label(&Method::GET), method_label(&Method::PATCH)), ("GET", "PATCH"));
    }
}
