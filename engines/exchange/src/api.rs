//! The exchange's only door: the acts on requests and agreements for whoever scripts them (the demonstration city), the
//! governed call for whoever measures it, and what the binary registers.
pub use crate::actions::agree::{end, expire, revoke};
pub use crate::actions::decide::{Decision, Grant, accept, decide, withdraw};
pub use crate::actions::{Ask, Outcome, WantedField, ask};
pub use crate::call::{Answer, Caller, answer};
pub use crate::fault::ExchangeError;
pub use crate::model::{AgreementId, AgreementState, Handling, Onward, RequestId, RequestState};
pub use crate::question::Question;
pub use crate::store::call::CallField;
pub use crate::todo::{AskForIt, Waiting};
