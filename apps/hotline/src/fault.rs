//! The hotline's one error type; each part uses what it needs of it.
use jh_core::fault::{Fault, FieldError, Kind, Refusal};
use jh_db::DbError;

/// What can go wrong at the hotline.
#[derive(Debug, thiserror::Error)]
pub enum HotlineError {
    /// No such thing within what the caller may see.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// The caller lacks the permission for the organisation concerned.
    #[error("permission {0} does not cover the organisation")]
    OutOfScope(&'static str),
    /// The form breaks rules; each is addressed to its field.
    #[error("the form breaks rules: {}", FieldError::told(.0))]
    Invalid(Vec<FieldError>),
    /// Things have moved on; the code says how they stand and what can be done.
    #[error("the act has no place now: {0}")]
    WrongState(&'static str),
    /// Maker and checker are one person.
    #[error("the one who publishes is one who wrote")]
    SamePerson,
    /// A person has to do this.
    #[error("no person acts")]
    NoPerson,
    /// A file of rows cannot be read at all; the code says why.
    #[error("the file cannot be read: {0}")]
    File(&'static str),
    /// One sender sent more than an hour allows.
    #[error("more than {allowed} in an hour")]
    TooMany {
        /// When he may again.
        retry_after_s: i64,
        /// How many the city allows.
        allowed: i32,
    },
    /// Nobody has said which organisation keeps what comes in.
    #[error("no centre is set")]
    NoCentre,
    /// From the case engine.
    #[error(transparent)]
    Case(#[from] casework::api::CaseError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<sqlx::Error> for HotlineError {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error.into())
    }
}

impl HotlineError {
    /// One field's fault.
    pub fn field(field: &'static str, code: &'static str) -> Self {
        Self::Invalid(vec![FieldError { field, code, args: Vec::new() }])
    }
}

impl Fault for HotlineError {
    fn refusal(&self) -> Refusal {
        match self {
            Self::NotFound(_) => Refusal::new(Kind::NotFound, "hotline-not-found"),
            Self::OutOfScope(_) => Refusal::new(Kind::Forbidden, "hotline-out-of-scope"),
            Self::Invalid(fields) => {
                let mut refusal = Refusal::new(Kind::Invalid, "hotline-invalid");
                refusal.fields.clone_from(fields);
                refusal
            }
            Self::WrongState(code) => Refusal::new(Kind::Conflict, code),
            Self::SamePerson => Refusal::new(Kind::Forbidden, "hotline-same-person"),
            Self::NoPerson => Refusal::new(Kind::Forbidden, "hotline-no-person"),
            Self::File(code) => Refusal::new(Kind::Invalid, code),
            Self::TooMany { retry_after_s, allowed } => Refusal::new(Kind::TooMany, "hotline-too-many")
                .arg("retry_after_s", retry_after_s)
                .arg("minutes", (retry_after_s + 59) / 60)
                .arg("allowed", allowed),
            Self::NoCentre => Refusal::new(Kind::Unavailable, "hotline-no-centre"),
            Self::Case(error) => error.refusal(),
            Self::Db(error) => error.refusal(),
        }
    }
}
