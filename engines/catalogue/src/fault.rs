//! The catalogue's one error type.
use jh_core::fault::{Fault, FieldError, Kind, Refusal};
use jh_db::DbError;

use crate::filter::FilterRefusal;
use crate::model::StepRefusal;

/// What can go wrong in the catalogue.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// No such resource, version, element or code set within what the caller may see.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// The caller lacks the permission for this organisation.
    #[error("permission {0} does not cover this organisation")]
    Forbidden(&'static str),
    /// A draft breaks rules; each is addressed to its field.
    #[error("the draft breaks {} rules", .0.len())]
    Invalid(Vec<FieldError>),
    /// The step is not possible.
    #[error("step refused: {0:?}")]
    Step(StepRefusal),
    /// Somebody changed it since the form was opened.
    #[error("the draft changed since it was opened")]
    Stale,
    /// The filter does not fit the fields.
    #[error("filter refused: {0:?}")]
    Filter(FilterRefusal),
    /// No row source serves this resource.
    #[error("the resource has no rows here")]
    NoRows,
    /// A line of an imported file.
    #[error("line {line} of {file}: {what}")]
    Import {
        /// Which file.
        file: &'static str,
        /// From 1, the header being 1.
        line: u64,
        /// What is wrong.
        what: String,
    },
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<sqlx::Error> for CatalogueError {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error.into())
    }
}

impl Fault for CatalogueError {
    fn refusal(&self) -> Refusal {
        match self {
            Self::NotFound(_) => Refusal::new(Kind::NotFound, "catalogue-not-found"),
            Self::Forbidden(_) => Refusal::new(Kind::Forbidden, "catalogue-forbidden"),
            Self::Invalid(fields) => {
                let mut refusal = Refusal::new(Kind::Invalid, "catalogue-draft-invalid");
                refusal.fields.clone_from(fields);
                refusal
            }
            Self::Step(StepRefusal::WrongState(_)) => Refusal::new(Kind::Conflict, "catalogue-wrong-state"),
            Self::Step(StepRefusal::OwnWork) => Refusal::new(Kind::Forbidden, "catalogue-own-work"),
            Self::Step(StepRefusal::NoPerson) => Refusal::new(Kind::Forbidden, "catalogue-no-person"),
            Self::Step(StepRefusal::ReasonMissing) => {
                Refusal::new(Kind::Invalid, "catalogue-reason-missing").field("reason", "catalogue-reason-missing")
            }
            Self::Stale => Refusal::new(Kind::Conflict, "catalogue-stale"),
            Self::Filter(refusal) => filter(refusal),
            Self::NoRows => Refusal::new(Kind::NotFound, "catalogue-no-rows"),
            Self::Import { file, line, what } => {
                Refusal::new(Kind::Invalid, "catalogue-import").arg("file", file).arg("line", line).arg("what", what)
            }
            Self::Db(error) => error.refusal(),
        }
    }
}

fn filter(refusal: &FilterRefusal) -> Refusal {
    match refusal {
        FilterRefusal::UnknownField(field) => Refusal::new(Kind::Invalid, "catalogue-filter-field").arg("field", field),
        FilterRefusal::WrongTest(field) => Refusal::new(Kind::Invalid, "catalogue-filter-test").arg("field", field),
        FilterRefusal::WrongValue(field) => Refusal::new(Kind::Invalid, "catalogue-filter-value").arg("field", field),
        FilterRefusal::TooMany => Refusal::new(Kind::Invalid, "catalogue-filter-many"),
    }
}
