//! HTML: what staff see of cases. Words come from `i18n/`; rules from `model` and `actions`.
use jh_core::fault::{Fault, FieldError, Refusal};
use jh_web::{Failure, FieldErrors, Page};

use crate::fault::CaseError;
use crate::model::act::Act;
use crate::model::calendar::{Span, Unit};
use crate::model::{CaseId, Channel, Outcome, Priority};

pub mod act;
pub mod case;
pub mod given;
pub mod handover;
pub mod lines;
pub mod list;
pub mod offer;
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
        | CaseError::Refused(_) => Ok(named(page, &refusal)),
        other => Err(other.into()),
    }
}

/// A refusal in words that name their field, since the list above a form stands apart from it.
fn named(page: &Page, refusal: &Refusal) -> FieldErrors {
    let mut errors = FieldErrors::new(page, refusal);
    for ((_, text), fault) in errors.items.iter_mut().zip(&refusal.fields) {
        let key = match fault.code {
            "casework-text-missing" => "casework-fill",
            "casework-text-length" => "casework-fill-length",
            _ => continue,
        };
        let wanted = fault.args.iter().any(|(name, value)| *name == "min" && value != "0");
        let Some(label) = label(fault.field, wanted) else { continue };
        let mut args = fault.args.clone();
        args.push(("field", page.t(label)));
        *text = page.ta(key, &args);
    }
    errors
}

/// The Fluent key of what stands above a field.
fn label(field: &str, wanted: bool) -> Option<&'static str> {
    Some(match field {
        "note" if wanted => "casework-field-reason",
        "note" => "casework-field-note",
        "answer" => "casework-field-answer",
        "address" => "casework-where",
        "description" => "casework-field-part",
        "title" => "casework-title",
        "name" => "casework-day-name",
        "source" => "casework-day-source",
        _ => return None,
    })
}

/// A field's error of the form's own reading.
pub fn wrong(field: &'static str, code: &'static str) -> CaseError {
    CaseError::Invalid(vec![FieldError { field, code, args: Vec::new() }])
}
