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

/// One line of an answer. Lines often begin with what they are about: 要带什么：身份证。
pub struct Line {
    /// What it is about, with the colon; empty if it does not say so.
    pub label: String,
    /// The rest.
    pub text: String,
}

/// The longest beginning of a line that is taken for what it is about.
const LABEL_CHARS_MAX: usize = 12;

/// An answer line by line, since HTML knows no line breaks and people look for the line that concerns them.
pub fn lines(text: &str) -> Vec<Line> {
    let line = |text: &str| {
        let colon = text.char_indices().take(LABEL_CHARS_MAX).find(|(_, c)| matches!(c, '：' | '，' | '。' | '；'));
        let end = colon.filter(|(_, c)| *c == '：').map_or(0, |(at, c)| at + c.len_utf8());
        let (label, text) = text.split_at(if end < text.len() { end } else { 0 });
        Line { label: label.to_owned(), text: text.to_owned() }
    };
    text.lines().filter(|text| !text.is_empty()).map(line).collect()
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

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn a_line_says_what_it_is_about_before_its_colon() {
        let all = lines("费用：四十元。\n\n要带的东西：\n带上身份证，注意：不要复印件。这一句很长很长没有标签：没有");
        let parts: Vec<_> = all.iter().map(|line| (line.label.as_str(), line.text.as_str())).collect();
        assert_eq!(
            parts,
            [
                ("费用：", "四十元。"),
                ("", "要带的东西："),
                ("", "带上身份证，注意：不要复印件。这一句很长很长没有标签：没有"),
            ]
        );
    }
}
