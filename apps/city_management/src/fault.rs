//! The room's one error type. What people read of it is in `i18n/`, under `error-city-management-…`.
use identity::api::IdentityError;
use jh_core::fault::{Fault, FieldError, Kind, Refusal};
use jh_db::DbError;

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum CityError {
    /// No such thing within what the caller may see.
    #[error("no such thing")]
    NotFound,
    /// The case lies where the officer does not walk.
    #[error("no grid that the officer walks has this case")]
    Elsewhere,
    /// The caller's permission does not cover the place.
    #[error("permission {0} does not cover the place")]
    OutOfScope(&'static str),
    /// The form breaks rules; each is addressed to its field.
    #[error("the form breaks rules: {}", FieldError::told(.0))]
    Invalid(Vec<FieldError>),
    /// The thing has moved on, or stands in the way.
    #[error("conflict: {0}")]
    Conflict(&'static str),
    /// The organisation tree.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// Cases.
    #[error(transparent)]
    Case(#[from] casework::api::CaseError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Shipped data that does not read: our fault.
    #[error("shipped data does not read: {0}")]
    Shipped(String),
}

impl From<sqlx::Error> for CityError {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error.into())
    }
}

impl CityError {
    /// One field's fault.
    pub fn field(field: &'static str, code: &'static str) -> Self {
        Self::field_with(field, code, Vec::new())
    }

    /// One field's fault with the message's arguments.
    pub fn field_with(field: &'static str, code: &'static str, args: Vec<(&'static str, String)>) -> Self {
        Self::Invalid(vec![FieldError { field, code, args }])
    }
}

impl Fault for CityError {
    fn refusal(&self) -> Refusal {
        match self {
            Self::NotFound => Refusal::new(Kind::NotFound, "city-management-not-found"),
            Self::Elsewhere => Refusal::new(Kind::NotFound, "city-management-task-elsewhere"),
            Self::OutOfScope(_) => Refusal::new(Kind::Forbidden, "city-management-out-of-scope"),
            Self::Invalid(fields) => {
                let mut refusal = Refusal::new(Kind::Invalid, "city-management-invalid");
                refusal.fields.clone_from(fields);
                refusal
            }
            Self::Conflict(code) => Refusal::new(Kind::Conflict, code),
            Self::Identity(error) => error.refusal(),
            Self::Case(error) => error.refusal(),
            Self::Db(error) => error.refusal(),
            Self::Shipped(_) => Refusal::new(Kind::Internal, "internal"),
        }
    }
}
