//! The check in front of every route: who may, how long it may take, and that a change comes from our own pages.
use std::net::IpAddr;
use std::time::Duration;

use axum::extract::Request;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jh_core::fault::Kind;

use crate::access::Access;
use crate::failure::Failure;
use crate::visit::Visit;

/// Lets a request through to its route, or says why not.
pub(crate) async fn guard(access: Access, timeout: Duration, request: Request, next: Next) -> Response {
    let Some(visit) = request.extensions().get::<Visit>().cloned() else {
        return Failure::internal("the request was not identified").into_response();
    };
    if let Err(failure) = allowed(access, &visit, request.headers()) {
        return failure.into_response();
    }
    if let Err(failure) = same_origin(request.method(), &visit, request.headers()) {
        return failure.into_response();
    }
    match tokio::time::timeout(timeout, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Failure::new(Kind::Unavailable, "timeout").into_response(),
    }
}

fn allowed(access: Access, visit: &Visit, headers: &HeaderMap) -> Result<(), Failure> {
    let held = |permission: &str| match &visit.actor {
        None => Err(Failure::new(Kind::SignInNeeded, "sign-in-needed")),
        Some(actor) if actor.may(permission) => Ok(()),
        Some(_) => Err(forbidden(permission)),
    };
    match access {
        Access::Public => Ok(()),
        Access::SignedIn if visit.actor.is_some() => Ok(()),
        Access::SignedIn => Err(Failure::new(Kind::SignInNeeded, "sign-in-needed")),
        Access::Permission(permission) => held(permission),
        Access::Operator(_) if direct_from_here(visit.peer, headers) => Ok(()),
        Access::Operator(permission) => held(permission),
    }
}

fn forbidden(permission: &str) -> Failure {
    let mut failure = Failure::new(Kind::Forbidden, "forbidden");
    failure.refusal = failure.refusal.arg("permission", permission);
    failure
}

/// A request from this machine that no proxy has passed on.
fn direct_from_here(peer: IpAddr, headers: &HeaderMap) -> bool {
    let passed_on = ["x-forwarded-for", "forwarded", "via"].iter().any(|name| headers.contains_key(*name));
    peer.is_loopback() && !passed_on
}

/// Browsers say where a form was sent from. A change that rides on a cookie must come from our own pages; the
/// hidden form token is checked besides, by `Submission` and `Upload`.
fn same_origin(method: &Method, visit: &Visit, headers: &HeaderMap) -> Result<(), Failure> {
    if method.is_safe() || visit.bearer {
        return Ok(());
    }
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let refused = || Err(Failure::new(Kind::Forbidden, "csrf"));
    match text(header::HeaderName::from_static("sec-fetch-site")) {
        Some("same-origin" | "none") => return Ok(()),
        Some(_) => return refused(),
        None => {}
    }
    let Some(origin) = text(header::ORIGIN) else { return Ok(()) };
    let host = text(header::HOST).unwrap_or("");
    match origin.split_once("://") {
        Some((_, from)) if from == host => Ok(()),
        _ => refused(),
    }
}
