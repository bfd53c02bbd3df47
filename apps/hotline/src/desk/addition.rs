//! A caller who calls again about the same: what he says is added to his case, or he asks where it stays. No second case is made.
use casework::api::{Act, CaseError, CaseId, Doing, Done, act};
use jh_core::actor::Command;
use jh_core::fault::FieldError;
use jh_db::Base;
use jh_web::Page;

/// The words of a note without what the desk writes before them.
const WORDS_CHARS_MAX: usize = 900;

/// What the caller wants of his case.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Again {
    /// Something to add.
    Addition,
    /// That it is done at last.
    Urging,
}

/// Writes the call into the case as a note of whoever takes it.
pub async fn add(
    base: &Base,
    page: &Page,
    command: &Command,
    id: CaseId,
    again: Again,
    words: &str,
) -> Result<Done, CaseError> {
    let words = words.trim();
    let wrong = |code| CaseError::Invalid(vec![FieldError { field: "description", code, args: Vec::new() }]);
    if words.is_empty() && again == Again::Addition {
        return Err(wrong("hotline-desk-addition-missing"));
    }
    if words.chars().count() > WORDS_CHARS_MAX {
        return Err(wrong("hotline-desk-addition-long"));
    }
    let note = match (again, words.is_empty()) {
        (Again::Addition, _) => page.t1("hotline-desk-note-added", "words", words),
        (Again::Urging, true) => page.t("hotline-desk-note-urged"),
        (Again::Urging, false) => page.t1("hotline-desk-note-urged-words", "words", words),
    };
    act(base, command, id, Act::Note, Doing { note, ..Doing::default() }).await
}
