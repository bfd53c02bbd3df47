//! The pages: signing in and registering on the portal's ground, everything else on the workbench.
pub mod account;
pub mod audit;
pub mod audit_export;
pub mod credentials;
pub mod finder;
pub mod organisation_changes;
pub mod organisations;
pub mod people;
pub mod person;
pub mod registration;
pub mod roles;
pub mod session;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use jh_core::fault::Kind;
use jh_web::{App, Failure, FieldErrors, Page, Peer, SessionToken, cookie};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::actions::session::{Begun, Origin};
use crate::fault::IdentityError;
use crate::model::role::Role;
use crate::store;

/// Organisations offered under a field, as code and path. The rest are found by typing.
const SUGGESTIONS_MAX: i64 = 200;

/// A refusal that the form can show, with its status. Anything else is a page of its own.
pub(crate) fn on_form(page: &Page, error: IdentityError) -> Result<(StatusCode, FieldErrors), Failure> {
    let mut failure = Failure::from(error);
    let refusal = &mut failure.refusal;
    let answered_elsewhere = matches!(refusal.code, "already-done" | "key-reused" | "not-found");
    let status = match refusal.kind {
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::Unavailable if refusal.code == "sign-in-busy" => StatusCode::SERVICE_UNAVAILABLE,
        _ => return Err(failure),
    };
    if answered_elsewhere {
        return Err(failure);
    }
    for (name, value) in &mut refusal.args {
        if *name == "permission" {
            *value = permission_name(page, value);
        }
    }
    Ok((status, FieldErrors::new(page, refusal)))
}

/// A permission in words.
pub(crate) fn permission_name(page: &Page, permission: &str) -> String {
    page.t(&format!("permission-{}", permission.replace(['.', '_'], "-")))
}

/// A role's name and summary in the page's language.
pub(crate) fn role_words<'a>(page: &Page, role: &'a Role) -> (&'a str, &'a str) {
    (page.pick(&role.name, &role.name_en), page.pick(&role.summary, &role.summary_en))
}

/// Where a form came from, as an extractor.
pub struct From(pub Origin);

impl FromRequestParts<App> for From {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let Peer(peer) = Peer::from_request_parts(parts, app).await?;
        let Ok(SessionToken(token)) = SessionToken::from_request_parts(parts, app).await;
        let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or("");
        Ok(Self(Origin { address: peer.to_string(), agent: agent.to_owned(), token }))
    }
}

/// The answer with the new session's cookie.
pub(crate) fn with_session(app: &App, begun: &Begun, mut response: Response) -> Response {
    let value = cookie::set(cookie::SESSION, &begun.token, Some(begun.lasts_s), app.settings().https);
    response.headers_mut().append(header::SET_COOKIE, value);
    response
}

/// The answer that forgets the session's cookie.
pub(crate) fn without_session(app: &App, mut response: Response) -> Response {
    let value = cookie::clear(cookie::SESSION, app.settings().https);
    response.headers_mut().append(header::SET_COOKIE, value);
    response
}

/// An answer that shows a secret once: kept in no cache and by no replay.
pub(crate) fn shown_once(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store, private"));
    response
}

/// Organisations to offer under a field, within what the actor may choose.
pub(crate) async fn suggestions(
    conn: &mut PgConnection,
    scope: Option<&[Uuid]>,
) -> Result<Vec<(String, String)>, IdentityError> {
    Ok(store::organisation::suggestions(conn, scope, SUGGESTIONS_MAX).await?)
}

/// A search text from the address bar: trimmed, bounded, without control characters, none when empty.
pub(crate) fn wanted(text: Option<&String>) -> Option<String> {
    let text: String = text?.trim().chars().filter(|c| !c.is_control()).take(100).collect();
    (!text.is_empty()).then_some(text)
}

/// A query string from the parts that are set, ending in `?` or `&` so that a page number may follow.
pub(crate) fn address(path: &str, parts: &[(&str, Option<&str>)]) -> String {
    let mut out = format!("{path}?");
    for (name, value) in parts {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            out.push_str(name);
            out.push('=');
            out.push_str(&jh_web::encoded(value));
            out.push('&');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn addresses_carry_any_text() {
        assert_eq!(
            address("/x", &[("q", Some("公安 &a=b")), ("kind", None), ("state", Some(""))]),
            "/x?q=%E5%85%AC%E5%AE%89%20%26a%3Db&"
        );
    }
}
