//! What can go wrong at this edge, and on the page of its keys.
use casework::api::CaseError;
use jh_core::fault::{Fault, FieldError, Kind, Refusal};
use jh_db::DbError;

/// Why nothing is done.
#[derive(Debug, thiserror::Error)]
pub enum Open311Error {
    /// There is no such thing.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// The key is missing.
    #[error("no api_key")]
    KeyMissing,
    /// The key is unknown or revoked.
    #[error("an unknown or revoked api_key")]
    KeyUnknown,
    /// One parameter is wrong: which rule, and its arguments.
    #[error("{code}")]
    Parameter {
        /// The text is `error-<code>`.
        code: &'static str,
        /// Its arguments.
        args: Vec<(&'static str, String)>,
    },
    /// Too many posts in this minute.
    #[error("too many posts")]
    TooMany {
        /// Seconds until the next minute.
        retry_after_s: i64,
        /// How many are allowed.
        allowed: i32,
    },
    /// The body is larger than any report.
    #[error("the body is too large")]
    TooLarge,
    /// The city has not said who keeps reports.
    #[error("no centre is set")]
    NoCentre,
    /// A report waits for a person, so that its id is nobody's yet.
    #[error("the report is still held")]
    StillHeld,
    /// A form of ours breaks rules.
    #[error("the form breaks rules: {}", FieldError::told(.0))]
    Invalid(Vec<FieldError>),
    /// The permission does not reach the root of the tree.
    #[error("the permission does not cover the city")]
    OutOfScope,
    /// From casework.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// From identity.
    #[error(transparent)]
    Identity(#[from] identity::api::IdentityError),
    /// The store.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The database.
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
}

impl Open311Error {
    /// A parameter that is wrong in a way that needs no arguments.
    pub fn parameter(code: &'static str) -> Self {
        Self::Parameter { code, args: Vec::new() }
    }

    /// A parameter that is wrong, with one argument of the text.
    pub fn parameter_of(code: &'static str, name: &'static str, value: impl ToString) -> Self {
        Self::Parameter { code, args: vec![(name, value.to_string())] }
    }
}

impl Fault for Open311Error {
    fn refusal(&self) -> Refusal {
        match self {
            Self::NotFound("service") => Refusal::new(Kind::NotFound, "open311-service-unknown"),
            Self::NotFound("request") => Refusal::new(Kind::NotFound, "open311-request-unknown"),
            Self::NotFound("photo") => Refusal::new(Kind::NotFound, "open311-photo-unknown"),
            Self::NotFound("token") => Refusal::new(Kind::NotFound, "open311-token-unknown"),
            Self::NotFound("jurisdiction") => Refusal::new(Kind::NotFound, "open311-jurisdiction-unknown"),
            Self::NotFound(_) => Refusal::new(Kind::NotFound, "open311-address-unknown"),
            Self::KeyMissing => Refusal::new(Kind::Forbidden, "open311-key-missing"),
            Self::KeyUnknown => Refusal::new(Kind::Forbidden, "open311-key-unknown"),
            Self::Parameter { code, args } => {
                let mut refusal = Refusal::new(Kind::Invalid, code);
                refusal.args.clone_from(args);
                refusal
            }
            Self::TooMany { retry_after_s, allowed } => Refusal::new(Kind::TooMany, "open311-too-many")
                .arg("allowed", allowed)
                .arg("retry_after_s", retry_after_s),
            Self::TooLarge => Refusal::new(Kind::TooLarge, "too-large"),
            Self::NoCentre => Refusal::new(Kind::Unavailable, "open311-no-centre"),
            Self::StillHeld => Refusal::new(Kind::NotFound, "open311-still-held"),
            Self::Invalid(fields) => {
                let mut refusal = Refusal::new(Kind::Invalid, "open311-invalid");
                refusal.fields.clone_from(fields);
                refusal
            }
            Self::OutOfScope => Refusal::new(Kind::Forbidden, "open311-out-of-scope"),
            Self::Case(error) => error.refusal(),
            Self::Identity(error) => error.refusal(),
            Self::Db(error) => error.refusal(),
            Self::Sql(_) => Refusal::new(Kind::Internal, "internal"),
        }
    }
}
