//! One request's circumstances, found once before any route sees it: who, from where, in which language, under which id.
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jh_core::actor::{Actor, IdempotencyKey};
use jh_core::fault::Kind;
use jh_crypto::sm3::Hasher;
use jh_db::files::Receipt;
use uuid::Uuid;

use crate::app::App;
use crate::failure::Failure;
use crate::lang::Lang;
use crate::page::Page;
use crate::{cookie, frame, replay, upload};

/// What is known of a request before its route runs. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    pub actor: Option<Actor>,
    /// Whether the actor came by bearer credential, which no browser sends by itself.
    pub bearer: bool,
    /// The session cookie's value.
    pub session: Option<Arc<str>>,
    /// Which session it is.
    session_id: Option<Uuid>,
    /// The cookie that replaces the session's, when that is due.
    renewed: Option<(Arc<str>, i64)>,
    pub visitor: Arc<str>,
    /// Set when a form token was made for a visitor who has no cookie yet.
    pub visitor_cookie_due: Arc<AtomicBool>,
    visitor_known: bool,
    pub peer: IpAddr,
    pub lang: Lang,
    pub elder: bool,
    pub htmx: bool,
    pub method: Method,
    /// As it was called; may hold a private link's token, so it is never logged.
    pub path: Arc<str>,
    /// As it is declared, for logs.
    pub route: &'static str,
    pub query: Arc<str>,
    pub request_id: Arc<str>,
    /// What a repeat is recognised by, once the form or header has been read.
    pub keyed: Arc<OnceLock<Keyed>>,
    /// Files this request has stored; if it is refused, they go again.
    pub taken: Arc<Mutex<Vec<Receipt>>>,
    /// The seconds that a refusal shown on a form says to wait.
    pub retry_after: Arc<OnceLock<HeaderValue>>,
}

/// A change's idempotency key and what came with it, as far as it has been read.
pub(crate) struct Keyed {
    pub key: IdempotencyKey,
    content: Mutex<Hasher>,
}

impl std::fmt::Debug for Keyed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keyed").field("key", &self.key).finish_non_exhaustive()
    }
}

impl Keyed {
    /// A key and where it was sent to; what was sent is added as it is read.
    pub fn new(key: IdempotencyKey, visit: &Visit) -> Self {
        let keyed = Self { key, content: Mutex::new(Hasher::new()) };
        for part in [visit.method.as_str(), &visit.path, &visit.query] {
            keyed.cover(part.as_bytes());
        }
        keyed
    }

    /// Adds a part of what was sent; with its length, so that no two ways of cutting it come to the same.
    pub fn cover(&self, part: &[u8]) {
        let mut content = self.content.lock().unwrap_or_else(PoisonError::into_inner);
        content.update(&(part.len() as u64).to_be_bytes());
        content.update(part);
    }

    /// The digest of all of it. The same key with another digest is another request.
    pub fn digest(&self) -> [u8; 32] {
        self.content.lock().unwrap_or_else(PoisonError::into_inner).clone().finalize()
    }
}

impl Visit {
    /// Adds a part of the body to what the key stands for; nothing without a key.
    pub fn cover(&self, part: &[u8]) {
        if let Some(keyed) = self.keyed.get() {
            keyed.cover(part);
        }
    }

    /// The token that ties a form to this session or visitor.
    pub fn csrf(&self, app: &App) -> String {
        let mac = match &self.session_id {
            Some(session) => app.keys.token_mac("csrf.session", session.as_bytes()),
            None => {
                self.visitor_cookie_due.store(true, Ordering::Relaxed);
                app.keys.token_mac("csrf.visitor", self.visitor.as_bytes())
            }
        };
        jh_crypto::sm3::hex(&mac)
    }

    /// Whether answers go to programs.
    pub fn api(&self) -> bool {
        self.path.starts_with("/api/")
    }
}

/// The frame's own layer: find out who asks, run the route, and turn a failure into an answer.
pub(crate) async fn enter(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let (visit, refused) = identify(&app, &parts).await;
    let safe = parts.method.is_safe();
    parts.extensions.insert(visit.clone());
    let request = Request::from_parts(parts, body);
    let mut response = match refused {
        Some(failure) => failure.into_response(),
        None => next.run(request).await,
    };
    if !safe {
        response = replay::settle(&app, &visit, response).await;
        upload::give_back(&app, &visit, response.status()).await;
    }
    adopt(&mut response);
    if let Some(failure) = response.extensions_mut().remove::<Failure>() {
        response = frame::present(&app, &visit, failure, response).await;
    }
    finish(&app, &visit, &mut response);
    response
}

/// The framework's own refusals (a path or query that does not parse) are plain text; they become ours.
fn adopt(response: &mut Response) {
    let plain = response.headers().get(header::CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(b"text/plain"));
    let refused = matches!(response.status().as_u16(), 400 | 405 | 411..=415 | 422);
    if plain && refused && response.extensions().get::<Failure>().is_none() {
        response.extensions_mut().insert(Failure::new(Kind::Invalid, "malformed-request"));
    }
}

async fn identify(app: &App, request: &Parts) -> (Visit, Option<Failure>) {
    let headers = &request.headers;
    let known = cookie::read(headers, cookie::VISITOR).filter(|value| value.len() >= 32);
    let lang = cookie::read(headers, cookie::LANG).and_then(Lang::parse).or_else(|| accepted(headers));
    let mut visit = Visit {
        actor: None,
        bearer: false,
        session: cookie::read(headers, cookie::SESSION).filter(|value| !value.is_empty()).map(Into::into),
        session_id: None,
        renewed: None,
        visitor: known.map_or_else(|| jh_crypto::random::token().into(), Into::into),
        visitor_cookie_due: Arc::default(),
        visitor_known: known.is_some(),
        peer: peer(app, request),
        lang: lang.unwrap_or_default(),
        elder: cookie::read(headers, cookie::ELDER) == Some("1"),
        htmx: headers.contains_key("hx-request"),
        method: request.method.clone(),
        path: request.uri.path().into(),
        route: app.route_of(&request.extensions),
        query: request.uri.query().unwrap_or("").into(),
        request_id: jh_core::id::uuid_at(app.clock.now()).to_string().into(),
        keyed: Arc::default(),
        taken: Arc::default(),
        retry_after: Arc::default(),
    };
    let refused = resolve_actor(app, headers, &mut visit).await.err();
    (visit, refused)
}

async fn resolve_actor(app: &App, headers: &HeaderMap, visit: &mut Visit) -> Result<(), Failure> {
    // Liveness and static files must not depend on the database.
    if visit.path.starts_with("/assets/") || matches!(&*visit.path, "/healthz" | "/readyz") {
        return Ok(());
    }
    let authenticator = &app.inner.authenticator;
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let token = value.to_str().ok().and_then(|text| text.strip_prefix("Bearer "));
        let unknown = || Failure::new(Kind::SignInNeeded, "credential-unknown");
        let actor = authenticator.bearer(&app.inner.base, token.ok_or_else(unknown)?.trim()).await?;
        visit.actor = Some(actor.ok_or_else(unknown)?);
        visit.bearer = true;
        visit.session = None;
    } else if let Some(token) = visit.session.clone() {
        match authenticator.session(&app.inner.base, &token).await? {
            Some(entered) => {
                visit.actor = Some(entered.actor);
                visit.session_id = Some(entered.session);
                visit.renewed = entered.renewed.map(|(token, seconds)| (token.into(), seconds));
            }
            None => visit.session = None,
        }
    }
    Ok(())
}

fn accepted(headers: &HeaderMap) -> Option<Lang> {
    let line = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    line.split(',').next().and_then(|tag| Lang::parse(tag.trim()))
}

fn peer(app: &App, request: &Parts) -> IpAddr {
    let direct = request.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let proxied = if app.settings().behind_proxy { passed_on(&request.headers) } else { None };
    proxied.or(direct).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
}

/// What our own proxy wrote: the last entry of the last line. All before it came with the request, from whoever sent it.
fn passed_on(headers: &HeaderMap) -> Option<IpAddr> {
    let line = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    line.rsplit(',').next()?.trim().parse().ok()
}

fn finish(app: &App, visit: &Visit, response: &mut Response) {
    let due = visit.visitor_cookie_due.load(Ordering::Relaxed) && !visit.visitor_known;
    let headers = response.headers_mut();
    if due {
        headers.append(header::SET_COOKIE, cookie::set(cookie::VISITOR, &visit.visitor, None, app.settings().https));
    }
    // A handler that set the cookie itself (signing in or out) knows better.
    let handled = headers.get_all(header::SET_COOKIE).iter().any(|v| v.as_bytes().starts_with(b"jh_session="));
    if let Some((token, seconds)) = visit.renewed.as_ref().filter(|_| !handled) {
        let line = cookie::set(cookie::SESSION, token, Some(*seconds), app.settings().https);
        headers.append(header::SET_COOKIE, line);
    }
    let later = matches!(response.status(), StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
    let headers = response.headers_mut();
    if let Some(value) = visit.retry_after.get().filter(|_| later) {
        headers.entry(header::RETRY_AFTER).or_insert_with(|| value.clone());
    }
    if let Ok(value) = HeaderValue::from_str(&visit.request_id) {
        headers.insert("x-request-id", value);
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        // A signed-in page must not stay in a shared computer's cache; a public page may be asked for again.
        let value = if visit.actor.is_some() || due { "private, no-store" } else { "no-cache" };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(value));
    }
    if !visit.path.starts_with("/assets/") {
        headers.append(header::VARY, HeaderValue::from_static("Cookie, Accept-Language"));
    }
}

/// The page context of a visit, for answers made outside a handler.
pub(crate) fn page(app: &App, visit: &Visit) -> Page {
    Page::new(app.clone(), visit.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_the_client_wrote_itself_is_not_believed() {
        let mut headers = HeaderMap::new();
        assert_eq!(passed_on(&headers), None);
        for (line, seen) in [
            ("198.51.100.1", "198.51.100.1"),
            ("10.0.0.1, 203.0.113.7", "203.0.113.7"),
            ("10.0.0.1, 2001:db8::7", "2001:db8::7"),
        ] {
            // Proxies may add a line of their own after those that came.
            headers.append("x-forwarded-for", HeaderValue::from_static(line));
            assert_eq!(passed_on(&headers), seen.parse().ok(), "after {line}");
        }
    }
}
