//! How a change arrives: a form with its hidden token and key, or a JSON document with an `Idempotency-Key` header.
use std::convert::Infallible;
use std::net::IpAddr;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use jh_core::actor::{Actor, ActorKind, Command, IdempotencyKey};
use jh_core::fault::Kind;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::app::App;
use crate::failure::Failure;
use crate::visit::{Keyed, Visit};

/// The two hidden inputs of every form; `ui::hidden(page)` writes them.
#[derive(Deserialize)]
pub(crate) struct Hidden {
    #[serde(default)]
    pub _csrf: String,
    #[serde(default)]
    pub _key: String,
}

/// A form of ours, sent by whoever it was shown to, at most once.
pub struct Submission<T> {
    /// The form's fields.
    pub form: T,
    /// Who, when, and under which key.
    pub command: Command,
}

impl<T: DeserializeOwned> FromRequest<App> for Submission<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let visit = visit_of(request.extensions())?;
        let bytes = body_bytes(request).await?;
        let hidden: Hidden = serde_html_form::from_bytes(&bytes).map_err(|e| unreadable(&e))?;
        let command = admit(app, &visit, &hidden)?;
        visit.cover(&bytes);
        let form = serde_html_form::from_bytes(&bytes).map_err(|e| unreadable(&e))?;
        Ok(Self { form, command })
    }
}

/// Checks the form token, takes the key, and makes the command of a form. Whoever reads the form covers its content.
pub(crate) fn admit(app: &App, visit: &Visit, hidden: &Hidden) -> Result<Command, Failure> {
    // A bearer credential is sent by no browser on its own, so no other site can borrow it.
    if !visit.bearer && !jh_crypto::keyring::same(visit.csrf(app).as_bytes(), hidden._csrf.as_bytes()) {
        return Err(Failure::new(Kind::Forbidden, "csrf"));
    }
    let key = hidden._key.parse().map_err(|_| Failure::new(Kind::Invalid, "key-missing"))?;
    Ok(command(app, visit, Some(key)))
}

fn command(app: &App, visit: &Visit, key: Option<Uuid>) -> Command {
    let actor = visit.actor.clone().unwrap_or_else(visitor);
    let key = key.map(|key| IdempotencyKey::of(&actor, key));
    if let Some(key) = key {
        let _ = visit.keyed.set(Keyed::new(key, visit));
    }
    Command { actor, now: app.clock.now(), key, request_id: visit.request_id.clone() }
}

/// Someone not signed in. Not `System`: a visitor holds no permission at all.
pub(crate) fn visitor() -> Actor {
    Actor { kind: ActorKind::Resident, ..Actor::system("web.visitor") }
}

pub(crate) fn visit_of(extensions: &axum::http::Extensions) -> Result<Visit, Failure> {
    extensions.get::<Visit>().cloned().ok_or_else(|| Failure::internal("the request was not identified"))
}

async fn body_bytes(request: Request) -> Result<Bytes, Failure> {
    Bytes::from_request(request, &()).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            too_large()
        } else {
            Failure::new(Kind::Invalid, "malformed-form")
        }
    })
}

pub(crate) fn too_large() -> Failure {
    Failure::new(Kind::TooLarge, "too-large")
}

fn unreadable(error: &dyn std::error::Error) -> Failure {
    let mut failure = Failure::new(Kind::Invalid, "malformed-form");
    failure.cause = error.to_string().into();
    failure
}

/// The circumstances of a JSON change. The key is optional for programs, but then a repeat is a second change.
pub struct ApiCommand {
    /// Who, when, and under which key.
    pub command: Command,
}

impl FromRequestParts<App> for ApiCommand {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let visit = visit_of(&parts.extensions)?;
        let key = header_key(&parts.headers)?;
        if !visit.bearer {
            from_our_script(&parts.headers)?;
        }
        // The body comes after: `Body` and `FileBody` add what they read to what the key stands for.
        Ok(Self { command: command(app, &visit, key) })
    }
}

fn header_key(headers: &HeaderMap) -> Result<Option<Uuid>, Failure> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let text = value.to_str().unwrap_or("").trim_matches('"');
    let key = text.parse().map_err(|_| Failure::new(Kind::Invalid, "key-missing"))?;
    Ok(Some(key))
}

/// JSON under a session cookie is only for our own scripts. A form of another site cannot send JSON or this header
/// without asking first, and we never say yes.
fn from_our_script(headers: &HeaderMap) -> Result<(), Failure> {
    let json = headers
        .get("content-type")
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/json") || kind.starts_with("application/octet-stream"));
    if json || headers.contains_key("x-requested-with") || headers.contains_key("idempotency-key") {
        Ok(())
    } else {
        Err(Failure::new(Kind::Forbidden, "csrf"))
    }
}

/// A JSON body within the route's limit; what is wrong with it is told in our own words.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _app: &App) -> Result<Self, Failure> {
        let visit = visit_of(request.extensions())?;
        let bytes = body_bytes(request).await?;
        visit.cover(&bytes);
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            let mut failure = Failure::new(Kind::Invalid, "malformed-json");
            failure.refusal = failure.refusal.arg("line", error.line()).arg("column", error.column());
            failure.cause = error.to_string().into();
            failure
        })
    }
}

/// Who calls a route that needs an account.
pub struct Caller(pub Actor);

impl FromRequestParts<App> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Failure> {
        let visit = visit_of(&parts.extensions)?;
        visit.actor.map(Self).ok_or_else(|| Failure::new(Kind::SignInNeeded, "sign-in-needed"))
    }
}

/// The address a request came from.
pub struct Peer(pub IpAddr);

impl FromRequestParts<App> for Peer {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Failure> {
        visit_of(&parts.extensions).map(|visit| Self(visit.peer))
    }
}

/// The session cookie's value, for ending the session.
pub struct SessionToken(pub Option<String>);

impl FromRequestParts<App> for SessionToken {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Infallible> {
        let visit = parts.extensions.get::<Visit>();
        Ok(Self(visit.and_then(|visit| visit.session.as_deref().map(str::to_owned))))
    }
}
