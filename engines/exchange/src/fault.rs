//! The exchange's one error type.
use jh_core::fault::{Fault, FieldError, Kind, Refusal};
use jh_db::DbError;

use catalogue::api::CatalogueError;

use crate::clauses::Clause;
use crate::denial::Denial;

/// What can go wrong when asking, deciding or calling.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// No such request, agreement or resource within what the caller may see.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// The caller lacks the permission for the organisation it acts for.
    #[error("permission {0} does not cover the organisation")]
    OutOfScope(&'static str),
    /// The form breaks rules; each is addressed to its field.
    #[error("the form breaks rules: {}", FieldError::told(.0))]
    Invalid(Vec<FieldError>),
    /// 不予共享.
    #[error("the resource is withheld")]
    Withheld {
        /// The clause of law.
        basis: String,
    },
    /// A department does not ask itself.
    #[error("the resource is the asker's own")]
    OwnResource,
    /// The resource is described but has no rows here.
    #[error("the resource has no rows")]
    NoRows,
    /// The resource was withdrawn between asking and deciding.
    #[error("the resource is no longer published")]
    ResourceGone,
    /// Maker and checker are one person.
    #[error("the one who decides is the one who asked")]
    SamePerson,
    /// A person has to do this.
    #[error("no person acts")]
    NoPerson,
    /// The request or agreement has moved on.
    #[error("the act has no place in state {0}")]
    WrongState(&'static str),
    /// The agreement refuses the call.
    #[error("refused by clause {}: {denial:?}", denial.clause().number())]
    Denied {
        /// Why.
        denial: Denial,
        /// The clause's text, for parties.
        clause: Option<Clause>,
    },
    /// A call's address cannot be read; the code says what of it.
    #[error("the query is wrong: {code} {parameter}")]
    Query {
        /// `error-<code>`.
        code: &'static str,
        /// Which parameter, cut to a length fit for a message.
        parameter: String,
    },
    /// The rows cannot be read now.
    #[error("no source serves the rows")]
    SourceAway,
    /// The catalogue.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// An answer that could not be written.
    #[error("a value cannot be written: {0}")]
    Write(String),
}

impl From<sqlx::Error> for ExchangeError {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error.into())
    }
}

impl ExchangeError {
    /// One field's fault.
    pub fn field(field: &'static str, code: &'static str) -> Self {
        Self::Invalid(vec![FieldError { field, code, args: Vec::new() }])
    }
}

impl Fault for ExchangeError {
    fn refusal(&self) -> Refusal {
        match self {
            Self::NotFound(_) => Refusal::new(Kind::NotFound, "exchange-not-found"),
            Self::OutOfScope(_) => Refusal::new(Kind::Forbidden, "exchange-out-of-scope"),
            Self::Invalid(fields) => {
                let mut refusal = Refusal::new(Kind::Invalid, "exchange-invalid");
                refusal.fields.clone_from(fields);
                refusal
            }
            Self::Withheld { basis } => Refusal::new(Kind::Forbidden, "exchange-withheld").arg("basis", basis),
            Self::OwnResource => Refusal::new(Kind::Conflict, "exchange-own-resource"),
            Self::NoRows => Refusal::new(Kind::Conflict, "exchange-no-rows"),
            Self::ResourceGone => Refusal::new(Kind::Conflict, "exchange-resource-gone"),
            Self::SamePerson => Refusal::new(Kind::Forbidden, "exchange-same-person"),
            Self::NoPerson => Refusal::new(Kind::Forbidden, "exchange-no-person"),
            Self::WrongState(state) => Refusal::new(Kind::Conflict, "exchange-wrong-state").arg("state", state),
            Self::Denied { denial, clause } => denial.refusal(clause.as_ref()),
            Self::Query { code, parameter } => Refusal::new(Kind::Invalid, code).arg("parameter", parameter),
            Self::SourceAway => Refusal::new(Kind::Unavailable, "exchange-source-away"),
            Self::Catalogue(error) => error.refusal(),
            Self::Db(error) => error.refusal(),
            Self::Write(_) => Refusal::new(Kind::Internal, "internal"),
        }
    }
}
