//! What can go wrong in the registry, in the two halves of [`jh_core::fault`].
use catalogue::api::CatalogueError;
use identity::api::IdentityError;
use jh_core::fault::{Fault, Kind, Refusal};
use jh_db::DbError;

use crate::land::RunFault;
use crate::reader::ReadFault;
use crate::schema::ElementMissing;

/// Why the registry did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// The store.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The catalogue.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// The organisation tree.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// A file that was acknowledged cannot be read.
    #[error(transparent)]
    Read(#[from] ReadFault),
    /// The standards were never imported.
    #[error(transparent)]
    Element(#[from] ElementMissing),
    /// A sealed value does not open with this keyring.
    #[error("a sealed value does not open: the keys are not those it was sealed with ({0})")]
    Sealed(#[from] jh_crypto::CryptoError),
    /// A thread of a run ended before its time.
    #[error("a checking thread ended before its time")]
    Thread,
    /// No such delivery within what the actor may see.
    #[error("no such delivery")]
    DeliveryNotFound,
    /// No such person, organisation or place within what the actor may see.
    #[error("no such record")]
    RecordNotFound,
    /// The organisation is outside the actor's scope, or does not exist.
    #[error("the organisation is outside the actor's scope")]
    OutsideScope,
    /// The resource has no rows of its own, or is another provider's.
    #[error("the resource takes no deliveries of this provider")]
    ResourceTakesNone,
    /// The delivery stands where this cannot be done.
    #[error("the delivery is {0}")]
    WrongState(&'static str),
    /// A search without anything to search for.
    #[error("nothing to search for")]
    SearchEmpty,
    /// A column that is no attribute of the kind.
    #[error("no such attribute")]
    AttributeUnknown,
    /// A reason of fewer than four characters.
    #[error("no purpose given")]
    PurposeMissing,
    /// Some field of the input.
    #[error("{1} of {0}")]
    Field(&'static str, &'static str),
}

impl From<sqlx::Error> for RegistryError {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error.into())
    }
}

impl From<RunFault> for RegistryError {
    fn from(fault: RunFault) -> Self {
        match fault {
            RunFault::Read(fault) => Self::Read(fault),
            RunFault::Db(fault) => Self::Db(fault),
            RunFault::Thread => Self::Thread,
        }
    }
}

impl Fault for RegistryError {
    fn refusal(&self) -> Refusal {
        match self {
            Self::Db(fault) => fault.refusal(),
            Self::Catalogue(fault) => fault.refusal(),
            Self::Identity(fault) => fault.refusal(),
            Self::Read(_) | Self::Sealed(_) | Self::Thread => Refusal::new(Kind::Internal, "internal"),
            Self::Element(missing) => {
                Refusal::new(Kind::Unavailable, "registry-standards-missing").arg("element", &missing.0)
            }
            Self::DeliveryNotFound => Refusal::new(Kind::NotFound, "registry-delivery-not-found"),
            Self::RecordNotFound => Refusal::new(Kind::NotFound, "registry-record-not-found"),
            Self::OutsideScope => Refusal::new(Kind::Forbidden, "registry-organisation-outside-scope"),
            Self::ResourceTakesNone => Refusal::new(Kind::Invalid, "registry-resource-takes-no-rows")
                .field("resource", "registry-resource-takes-no-rows"),
            Self::WrongState(state) => {
                Refusal::new(Kind::Conflict, "registry-delivery-wrong-state").arg("state", state)
            }
            Self::SearchEmpty => Refusal::new(Kind::Invalid, "registry-search-empty"),
            Self::AttributeUnknown => Refusal::new(Kind::NotFound, "registry-attribute-unknown"),
            Self::PurposeMissing => {
                Refusal::new(Kind::Invalid, "registry-purpose-missing").field("purpose", "registry-purpose-missing")
            }
            Self::Field(field, code) => Refusal::new(Kind::Invalid, code).field(field, code),
        }
    }
}
