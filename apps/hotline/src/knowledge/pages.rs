//! HTML: the agents' search, the keepers' list and forms, the public's answers. Words come from `i18n/knowledge.*.ftl`.
use jh_core::fault::{Fault, FieldError};
use jh_web::{Failure, FieldErrors, Page};

use super::model::{Audience, EntryId, RemarkId, Revision, Standing};
use crate::fault::HotlineError;

pub mod acts;
pub mod entry;
pub mod form;
pub mod gaps;
pub mod import;
pub mod list;
pub mod public;
pub mod search;

/// A badge: its kind and the Fluent key of its word.
pub type Badge = (&'static str, &'static str);

/// How an entry stands, in one or two badges: what was published, and what is being written.
pub fn badges(standing: Standing, revision: Revision) -> Vec<Badge> {
    let given = match standing {
        Standing::Unpublished => None,
        Standing::Published => Some(("good", "web-state-published")),
        Standing::Expired => Some(("warn", "web-state-expired")),
        Standing::Withdrawn => Some(("neutral", "web-state-withdrawn")),
    };
    let newer = match (revision, given.is_some()) {
        (Revision::None, _) => None,
        (Revision::Draft, false) => Some(("neutral", "web-state-draft")),
        (Revision::Draft, true) => Some(("neutral", "hotline-knowledge-state-revising")),
        (Revision::InReview, false) => Some(("info", "web-state-review")),
        (Revision::InReview, true) => Some(("info", "hotline-knowledge-state-revision-review")),
    };
    given.into_iter().chain(newer).collect()
}

/// The Fluent key of who may read an answer.
pub fn audience_key(audience: Audience) -> &'static str {
    match audience {
        Audience::Public => "hotline-knowledge-audience-public",
        Audience::Internal => "hotline-knowledge-audience-internal",
    }
}

/// A text as paragraphs of lines, since HTML knows no line breaks.
pub fn paragraphs(text: &str) -> Vec<Vec<String>> {
    text.split("\n\n").map(|part| part.lines().map(str::to_owned).collect()).collect()
}

/// The entry an address names.
pub fn entry_id(text: &str) -> Result<EntryId, HotlineError> {
    text.parse().map_err(|_| HotlineError::NotFound("entry"))
}

/// The remark an address names.
pub fn remark_id(text: &str) -> Result<RemarkId, HotlineError> {
    text.parse().map_err(|_| HotlineError::NotFound("remark"))
}

/// The address of an entry's page.
pub fn entry_path(id: EntryId) -> String {
    format!("/hotline/knowledge/entries/{id}")
}

/// The errors of a form in words.
pub fn form_errors(page: &Page, faults: Vec<FieldError>) -> FieldErrors {
    FieldErrors::new(page, &HotlineError::Invalid(faults).refusal())
}

/// The faults of a form that was refused for them; any other refusal is no matter of the form.
pub fn faults_of<T>(outcome: Result<T, HotlineError>) -> Result<Result<T, Vec<FieldError>>, Failure> {
    match outcome {
        Ok(done) => Ok(Ok(done)),
        Err(HotlineError::Invalid(faults)) => Ok(Err(faults)),
        Err(error) => Err(error.into()),
    }
}

/// Adds what the rules found to what reading found; a field that could not be read is not judged as well.
pub fn merged(mut read: Vec<FieldError>, judged: Vec<FieldError>) -> Vec<FieldError> {
    for fault in judged {
        if !read.iter().any(|known| known.field == fault.field) {
            read.push(fault);
        }
    }
    read
}
