//! The catalogue's pages: the public's open data, and the workbench.
pub mod editor;
pub mod narrowing;
pub mod open;
pub mod queue;
pub mod resource;
pub mod resources;
pub mod standards;
pub mod steps;
pub mod table;

use jh_core::paging::PageRequest;
use jh_web::Page;
use serde::{Deserialize, Deserializer};

use crate::field::FieldType;
use crate::model::{Classification, Format, RowKind, SharingKind, State, Step, Theme, UpdateCycle};
use crate::standard::Rule;

/// Words of the model that have a Fluent key.
pub trait Worded: Copy + 'static {
    /// The Fluent key of its name.
    fn key(self) -> String;
    /// The word in forms and addresses.
    fn value(self) -> &'static str;
    /// Every one of them.
    fn all() -> &'static [Self];

    /// Its name in the page's language.
    fn name(self, page: &Page) -> String {
        page.t(&self.key())
    }

    /// The pairs of a selection.
    fn options(page: &Page) -> Vec<(String, String)> {
        Self::all().iter().map(|one| (one.value().to_owned(), one.name(page))).collect()
    }
}

macro_rules! worded {
    ($($name:ident => $part:literal),+ $(,)?) => {
        $(impl Worded for $name {
            fn key(self) -> String {
                format!(concat!("catalogue-", $part, "-{}"), self.word())
            }
            fn value(self) -> &'static str {
                self.word()
            }
            fn all() -> &'static [Self] {
                Self::ALL
            }
        })+
    };
}
worded!(
    Classification => "class",
    SharingKind => "sharing",
    UpdateCycle => "cycle",
    State => "state",
    RowKind => "rows",
    Theme => "theme",
    Format => "format",
    Step => "step",
    FieldType => "type",
    Rule => "rule",
);

impl State {
    /// How its badge is coloured.
    pub fn badge(self) -> &'static str {
        match self {
            Self::Draft | Self::Superseded => "neutral",
            Self::InReview => "info",
            Self::Published => "good",
            Self::Withdrawn => "warn",
        }
    }
}

impl SharingKind {
    /// How its badge is coloured.
    pub fn badge(self) -> &'static str {
        match self {
            Self::Unconditional => "good",
            Self::Conditional => "warn",
            Self::Withheld => "neutral",
        }
    }
}

/// A name that has an English one which may be missing.
pub fn pick<'a>(page: &Page, zh: &'a str, en: &'a str) -> &'a str {
    page.pick(zh, en)
}

/// An address with those of the parameters that are not empty.
pub fn href(path: &str, parameters: &[(&str, &str)]) -> String {
    let given: Vec<_> = parameters.iter().filter(|(_, value)| !value.is_empty()).collect();
    match serde_html_form::to_string(given) {
        Ok(query) if !query.is_empty() => format!("{path}?{query}"),
        _ => path.to_owned(),
    }
}

/// The address that a pager continues with `page=2`: with everything but the page number.
pub fn pager_href(address: &str) -> String {
    if address.contains('?') { format!("{address}&") } else { format!("{address}?") }
}

/// A page number as it stands in an address. What is no number is the first page, not an error: people edit addresses.
pub fn paging(page: &str) -> PageRequest {
    PageRequest { page: page.parse().ok(), size: None }
}

/// A text parameter: trimmed, at most 200 characters, without control characters.
pub fn tidy<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    Ok(text.trim().chars().filter(|c| !c.is_control()).take(200).collect())
}

/// None for an empty text: an unused filter.
pub fn given(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}
