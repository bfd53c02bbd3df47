//! What can go wrong at the window.
use casework::api::CaseError;
use jh_core::fault::{Fault, FieldError, Kind, Refusal};
use jh_db::DbError;
use registry::api::RegistryError;

/// What can go wrong at the window.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    /// The window takes no such matter.
    #[error("no such matter")]
    NotFound,
    /// The caller lacks the permission for the organisation concerned.
    #[error("permission {0} does not cover the organisation")]
    OutOfScope(&'static str),
    /// The form breaks rules; each is addressed to its field.
    #[error("the form breaks rules: {}", FieldError::told(.0))]
    Invalid(Vec<FieldError>),
    /// The base of persons says that this person has died.
    #[error("the person has died")]
    Died,
    /// From the case engine.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// From the base of persons.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<sqlx::Error> for WindowError {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error.into())
    }
}

impl WindowError {
    /// One field's fault.
    pub fn field(field: &'static str, code: &'static str) -> Self {
        Self::Invalid(vec![FieldError { field, code, args: Vec::new() }])
    }
}

impl Fault for WindowError {
    fn refusal(&self) -> Refusal {
        match self {
            Self::NotFound => Refusal::new(Kind::NotFound, "community-window-not-found"),
            Self::OutOfScope(_) => Refusal::new(Kind::Forbidden, "community-window-out-of-scope"),
            Self::Invalid(fields) => {
                let mut refusal = Refusal::new(Kind::Invalid, "community-window-invalid");
                refusal.fields.clone_from(fields);
                refusal
            }
            Self::Died => {
                Refusal::new(Kind::Invalid, "community-window-died").field("id_number", "community-window-died")
            }
            Self::Case(error) => error.refusal(),
            Self::Registry(error) => error.refusal(),
            Self::Db(error) => error.refusal(),
        }
    }
}
