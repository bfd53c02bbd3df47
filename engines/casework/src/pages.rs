//! HTML: what staff see of cases. Words come from `i18n/`; rules from `model` and `actions`.
use jh_core::fault::{Fault, FieldError};
use jh_web::{Failure, FieldErrors, Page};

use crate::fault::CaseError;
use crate::model::act::Act;
use crate::model::calendar::{Span, Unit};
use crate::model::{CaseId, Channel, Outcome, Priority};

pub mod act;
pub mod case;
pub mod handover;
pub mod lines;
pub mod list;
pub mod party;
pub mod photo;
pub mod setup;
pub mod webhook;

impl Act {
    /// The Fluent key of its name.
    pub fn key(self) -> String {
        format!("casework-act-{}", self.code().replace('_', "-"))
    }

    /// The Fluent key of it as something that happened.
    pub fn past_key(self) -> String {
        format!("casework-happened-{}", self.code().replace('_', "-"))
    }
}

impl Priority {
    /// The Fluent key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Normal => "casework-priority-normal",
            Self::Urgent => "casework-priority-urgent",
            Self::Emergency => "casework-priority-emergency",
        }
    }

    /// The kind of its badge.
    pub fn badge(self) -> &'static str {
        match self {
            Self::Normal => "neutral",
            Self::Urgent => "warn",
            Self::Emergency => "bad",
        }
    }
}

impl Channel {
    /// The Fluent key of its name.
    pub fn key(self) -> String {
        format!("casework-channel-{}", self.code())
    }
}

impl Outcome {
    /// The Fluent key of its name.
    pub fn key(self) -> String {
        format!("casework-outcome-{}", self.code().replace('_', "-"))
    }
}

impl Unit {
    /// The Fluent key of its name.
    pub fn key(self) -> String {
        format!("casework-unit-{}", self.code().replace('_', "-"))
    }
}

/// A span in words: 5 个工作日.
pub fn span_words(page: &Page, span: Span) -> String {
    page.ta("casework-span", &[("amount", page.number(span.amount)), ("unit", page.t(&span.unit.key()))])
}

/// A case's id from an address; what is none is not found.
pub fn case_id(text: &str) -> Result<CaseId, Failure> {
    text.parse().map_err(|_| CaseError::NotFound("case").into())
}

/// What is wrong with a form in words, if it is the form that is wrong; any other error is a page of its own.
pub fn form_errors(page: &Page, error: CaseError) -> Result<FieldErrors, Failure> {
    let refusal = error.refusal();
    match error {
        CaseError::Invalid(_)
        | CaseError::Stuck(_)
        | CaseError::NoMerger(_)
        | CaseError::MovedOn
        | CaseError::NothingWaits(_)
        | CaseError::SamePerson
        | CaseError::Photo(_)
        | CaseError::Unsound(_)
        | CaseError::Refused(_) => Ok(FieldErrors::new(page, &refusal)),
        other => Err(other.into()),
    }
}

/// A field's error of the form's own reading.
pub fn wrong(field: &'static str, code: &'static str) -> CaseError {
    CaseError::Invalid(vec![FieldError { field, code, args: Vec::new() }])
}
