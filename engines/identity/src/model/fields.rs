//! The errors of one form, gathered so that a person sees all of them at once.
use jh_core::fault::{Kind, Refusal};
use time::Date;

use crate::fault::IdentityError;
use crate::model::account::parse_name;

/// Gathers what is wrong with a form.
pub struct Fields(Refusal);

impl Fields {
    /// Nothing wrong yet.
    pub fn new() -> Self {
        Self(Refusal::new(Kind::Invalid, "form-invalid"))
    }

    /// Notes that a field is wrong.
    pub fn wrong(&mut self, field: &'static str, code: &'static str) {
        let refusal = std::mem::replace(&mut self.0, Refusal::new(Kind::Invalid, "form-invalid"));
        self.0 = refusal.field(field, code);
    }

    /// A line of text that must be there, trimmed. Wrong: empty.
    pub fn line(&mut self, field: &'static str, text: &str, len_max: usize) -> String {
        if text.trim().is_empty() {
            self.wrong(field, "required");
            return String::new();
        }
        self.line_or_empty(field, text, len_max)
    }

    /// A line of text that may be empty.
    pub fn line_or_empty(&mut self, field: &'static str, text: &str, len_max: usize) -> String {
        match parse_name(text, len_max) {
            Some(line) => line,
            None if text.trim().is_empty() => String::new(),
            None => {
                self.wrong(
                    field,
                    if text.trim().chars().count() > len_max { "too-long" } else { "control-characters" },
                );
                String::new()
            }
        }
    }

    /// Takes a parsed value or notes why there is none.
    pub fn take<T>(&mut self, field: &'static str, value: Option<T>, code: &'static str) -> Option<T> {
        if value.is_none() {
            self.wrong(field, code);
        }
        value
    }

    /// A date as browsers send it; empty is none.
    pub fn date(&mut self, field: &'static str, text: &str) -> Option<Date> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        self.take(field, jh_core::clock::parse_day(text), "not-a-date")
    }

    /// The refusal, if anything is wrong.
    pub fn done(self) -> Result<(), IdentityError> {
        if self.0.fields.is_empty() { Ok(()) } else { Err(IdentityError::Form(self.0)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_errors_are_told_at_once() {
        let mut fields = Fields::new();
        assert_eq!(fields.line("name", "  ", 10), "");
        assert_eq!(fields.line("short_name", " 公安局 ", 10), "公安局");
        assert_eq!(fields.date("closed_on", "2026-13-01"), None);
        assert_eq!(fields.date("opened_on", ""), None);
        assert_eq!(fields.line_or_empty("note", "a\u{7}b", 10), "");
        match fields.done() {
            Err(IdentityError::Form(refusal)) => {
                let told: Vec<_> = refusal.fields.iter().map(|f| (f.field, f.code)).collect();
                assert_eq!(told, [("name", "required"), ("closed_on", "not-a-date"), ("note", "control-characters")]);
            }
            other => panic!("{other:?}"),
        }
    }
}
