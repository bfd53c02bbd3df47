//! What went wrong, in the two halves that must never mix: what the public may read, and the cause for the log.
//!
//! Every crate has one `thiserror` enum that implements [`Fault`]; `web` turns the [`Refusal`] into a page or a
//! problem document once, for all of them. The text for people is the Fluent message `error-<code>`.

/// The family of a refusal; `web` maps each to one HTTP status.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// 422: the input is understood but a rule refuses it.
    Invalid,
    /// 401: who are you?
    SignInNeeded,
    /// 403: we know who you are, and you may not.
    Forbidden,
    /// 404: no such thing within what you may see.
    NotFound,
    /// 409: somebody was faster, or the state has moved on.
    Conflict,
    /// 413: larger than the stated limit.
    TooLarge,
    /// 429: over the quota or the rate; `args` may carry `retry_after_s`.
    TooMany,
    /// 503: a part we need is away; trying again later is right.
    Unavailable,
    /// 500: our fault; the cause is in the log under the request id.
    Internal,
}

/// One field's error, named so that a form can show it beside the field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldError {
    /// The form field's or JSON property's name.
    pub field: &'static str,
    /// The Fluent message is `error-<code>`.
    pub code: &'static str,
    /// The message's arguments.
    pub args: Vec<(&'static str, String)>,
}

impl FieldError {
    /// Which fields break which rules, for logs: names and codes only, nothing of what was typed.
    pub fn told(fields: &[Self]) -> String {
        let told: Vec<String> = fields.iter().map(|fault| format!("{}: {}", fault.field, fault.code)).collect();
        told.join(", ")
    }
}

/// What the caller may read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// The family, which decides the HTTP status.
    pub kind: Kind,
    /// Stable and dashed, for example `delivery-not-found`; the text for people is the Fluent message `error-<code>`.
    pub code: &'static str,
    /// The message's arguments. Never a secret or an identity number.
    pub args: Vec<(&'static str, String)>,
    /// The fields at fault, where the input is a form.
    pub fields: Vec<FieldError>,
}

impl Refusal {
    /// A refusal without arguments or fields.
    pub fn new(kind: Kind, code: &'static str) -> Self {
        Self { kind, code, args: Vec::new(), fields: Vec::new() }
    }

    /// Adds an argument of the message.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    /// Adds a field's error.
    #[must_use]
    pub fn field(mut self, field: &'static str, code: &'static str) -> Self {
        self.fields.push(FieldError { field, code, args: Vec::new() });
        self
    }
}

/// An error of ours that knows what of it may be shown.
pub trait Fault: std::error::Error + Send + Sync + 'static {
    /// The half that the public reads.
    fn refusal(&self) -> Refusal;
}
