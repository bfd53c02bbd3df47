//! The one place where an error becomes an answer.
//!
//! A handler returns `Failure`; it carries the public half (a `Refusal`) and, apart from it, the cause for the log.
//! The frame's outermost layer turns it into a page or, under `/api/`, into a problem document (RFC 9457).
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jh_core::fault::{Fault, Kind, Refusal};

use crate::page::Page;

/// What a handler gives up with.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What the caller may read.
    pub refusal: Refusal,
    /// What the log gets.
    pub cause: Arc<str>,
}

impl Failure {
    /// A refusal that is its own cause.
    pub fn new(kind: Kind, code: &'static str) -> Self {
        Self { refusal: Refusal::new(kind, code), cause: code.into() }
    }

    /// A refusal with arguments or fields, its own cause.
    pub fn refused(refusal: Refusal) -> Self {
        let cause = refusal.code.into();
        Self { refusal, cause }
    }

    /// No such thing, within what the caller may see.
    pub fn not_found() -> Self {
        Self::new(Kind::NotFound, "not-found")
    }

    /// Our own fault, with the cause for the log.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self { refusal: Refusal::new(Kind::Internal, "internal"), cause: cause.to_string().into() }
    }
}

impl<E: Fault> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut cause = error.to_string();
        let mut next = std::error::Error::source(&error);
        while let Some(inner) = next {
            cause.push_str(": ");
            cause.push_str(&inner.to_string());
            next = inner.source();
        }
        Self { refusal: error.refusal(), cause: cause.into() }
    }
}

/// The HTTP status of a family of refusals.
pub fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::SignInNeeded => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl IntoResponse for Failure {
    /// An empty answer that carries the failure to the layer which knows the language and the shell.
    fn into_response(self) -> Response {
        let mut response = status(self.refusal.kind).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The errors of a form in words, by field, for showing the form again with status 422.
#[derive(Clone, Debug, Default)]
pub struct FieldErrors {
    /// Field and text, in the order of the refusal.
    pub items: Vec<(&'static str, String)>,
    /// What is wrong with the form as a whole, if anything beyond its fields.
    pub general: Option<String>,
}

impl FieldErrors {
    /// Puts a refusal into words; one that says how long to wait says so in the answer's `Retry-After` too.
    pub fn new(page: &Page, refusal: &Refusal) -> Self {
        page.note_wait(refusal);
        let text = |code: &str, args: &[(&'static str, String)]| page.ta(&format!("error-{code}"), args);
        let items = refusal.fields.iter().map(|e| (e.field, text(e.code, &e.args))).collect::<Vec<_>>();
        let general = items.is_empty().then(|| text(refusal.code, &refusal.args));
        Self { items, general }
    }

    /// The text for one field.
    pub fn get(&self, field: &str) -> Option<&str> {
        self.items.iter().find(|(name, _)| *name == field).map(|(_, text)| text.as_str())
    }

    /// The text for one field, empty when it is right: for templates.
    pub fn of(&self, field: &str) -> &str {
        self.get(field).unwrap_or("")
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty() && self.general.is_none()
    }
}
