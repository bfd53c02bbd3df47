//! Casework's one error type.
use jh_core::fault::{Fault, FieldError, Kind, Refusal};
use jh_db::DbError;

use crate::model::machine::Stuck;
use crate::model::procedure::{Need, Unsound};

/// What can go wrong with a case.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    /// No such case within what the caller may see.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// The caller lacks the permission for the organisation concerned.
    #[error("permission {0} does not cover the organisation")]
    OutOfScope(&'static str),
    /// The form breaks rules; each is addressed to its field.
    #[error("the form breaks rules: {}", FieldError::told(.0))]
    Invalid(Vec<FieldError>),
    /// The procedure refuses the act.
    #[error("the act is refused: {0:?}")]
    Stuck(Stuck),
    /// Somebody changed the case meanwhile.
    #[error("the case has moved on")]
    MovedOn,
    /// Nobody registered this kind of case.
    #[error("no kind of case {0}")]
    UnknownKind(String),
    /// A definition that no case could live by.
    #[error("the procedure is unsound: {0:?}")]
    Unsound(Unsound),
    /// Who asks for time does not grant it.
    #[error("the one who decides is the one who asked")]
    SamePerson,
    /// A person has to do this.
    #[error("no person acts")]
    NoPerson,
    /// There is nothing of that sort waiting.
    #[error("nothing waits: {0}")]
    NothingWaits(&'static str),
    /// A case cannot be merged into that one.
    #[error("the cases cannot be merged: {0}")]
    NoMerger(&'static str),
    /// An app's own rule refuses.
    #[error("refused by the kind's own rule: {}", .0.code)]
    Refused(Refusal),
    /// A photo that cannot be kept.
    #[error(transparent)]
    Photo(#[from] crate::photo::PhotoFault),
    /// A stored photo could not be read.
    #[error("a stored photo cannot be read")]
    Read(#[source] std::io::Error),
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

impl CaseError {
    /// One field's refusal.
    pub fn field(field: &'static str, code: &'static str) -> Self {
        Self::Invalid(vec![FieldError { field, code, args: Vec::new() }])
    }
}

fn missing(need: Need) -> Refusal {
    let (field, code) = match need {
        Need::Note => ("note", "casework-note-missing"),
        Need::Organisation => ("organisation", "casework-organisation-missing"),
        Need::Person => ("person", "casework-person-missing"),
        Need::Answer => ("answer", "casework-answer-missing"),
        Need::Photo => ("file", "casework-photo-missing"),
        Need::Inspection => return Refusal::new(Kind::Conflict, "casework-inspection-missing"),
        Need::Awaited => return Refusal::new(Kind::Conflict, "casework-nobody-awaits"),
        Need::Callback => return Refusal::new(Kind::Conflict, "casework-callback-missing"),
    };
    Refusal::new(Kind::Invalid, code).field(field, code)
}

/// A photo's refusal stands beside the field that it came in, too.
fn photo(error: &crate::photo::PhotoFault) -> Refusal {
    let mut refusal = error.refusal();
    let (code, args) = (refusal.code, refusal.args.clone());
    refusal.fields.push(FieldError { field: "file", code, args });
    refusal
}

impl Fault for CaseError {
    fn refusal(&self) -> Refusal {
        match self {
            Self::NotFound(_) => Refusal::new(Kind::NotFound, "not-found"),
            Self::OutOfScope(_) => Refusal::new(Kind::Forbidden, "casework-out-of-scope"),
            Self::Invalid(fields) => {
                let mut refusal = Refusal::new(Kind::Invalid, "casework-invalid");
                refusal.fields.clone_from(fields);
                refusal
            }
            Self::Stuck(Stuck::NotNow) => Refusal::new(Kind::Conflict, "casework-not-now"),
            Self::Stuck(Stuck::NotYours) => Refusal::new(Kind::Forbidden, "casework-not-yours"),
            Self::Stuck(Stuck::SameHolder) => {
                Refusal::new(Kind::Invalid, "casework-same-holder").field("organisation", "casework-same-holder")
            }
            Self::Stuck(Stuck::Missing(need)) => missing(*need),
            Self::MovedOn => Refusal::new(Kind::Conflict, "casework-moved-on"),
            Self::UnknownKind(_) => Refusal::new(Kind::NotFound, "casework-unknown-kind"),
            Self::Unsound(wrong) => {
                Refusal::new(Kind::Invalid, "casework-unsound").arg("why", wrong.code).arg("place", &wrong.place)
            }
            Self::SamePerson => Refusal::new(Kind::Forbidden, "casework-same-person"),
            Self::NoPerson => Refusal::new(Kind::Forbidden, "casework-no-person"),
            Self::NothingWaits(_) => Refusal::new(Kind::Conflict, "casework-nothing-waits"),
            Self::NoMerger(code) => Refusal::new(Kind::Invalid, code).field("other", code),
            Self::Refused(refusal) => refusal.clone(),
            Self::Photo(error) => photo(error),
            Self::Identity(error) => error.refusal(),
            Self::Db(error) => error.refusal(),
            Self::Read(_) | Self::Sql(_) => Refusal::new(Kind::Internal, "internal"),
        }
    }
}
