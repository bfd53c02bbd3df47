//! Narrowing a search of the open data by facets: what is chosen, what could be, and the address of each choice.
use jh_web::Page;
use serde::Deserialize;

use crate::model::{Format, SharingKind, Theme};
use crate::pages::{Worded, given, href, tidy};
use crate::store::search::{FacetRow, Narrow, Order};

/// What a search is, as it stands in the address bar.
#[derive(Deserialize, Clone, Default, Debug)]
#[serde(default)]
pub struct Choice {
    /// The words.
    #[serde(deserialize_with = "tidy")]
    pub q: String,
    /// A provider's organisation code.
    #[serde(deserialize_with = "tidy")]
    pub provider: String,
    /// A theme.
    #[serde(deserialize_with = "tidy")]
    pub theme: String,
    /// A sharing kind.
    #[serde(deserialize_with = "tidy")]
    pub sharing: String,
    /// A format.
    #[serde(deserialize_with = "tidy")]
    pub format: String,
    /// `newest` or `title`; otherwise the best hit first.
    #[serde(deserialize_with = "tidy")]
    pub order: String,
    /// The page's number.
    #[serde(deserialize_with = "tidy")]
    pub page: String,
}

impl Choice {
    /// The order asked for.
    pub fn order(&self) -> Order {
        match self.order.as_str() {
            "newest" => Order::Newest,
            "title" => Order::Title,
            _ => Order::Rank,
        }
    }

    /// For the store, with the cut words.
    pub fn narrow<'a>(&'a self, words: Option<&'a str>) -> Narrow<'a> {
        Narrow {
            words,
            provider: given(&self.provider),
            theme: given(&self.theme),
            sharing: given(&self.sharing),
            format: given(&self.format),
            keyword: None,
        }
    }

    /// The address of this search, its first page, with one part set otherwise.
    pub fn with(&self, part: &str, value: &str) -> String {
        let mut parameters = [
            ("q", self.q.as_str()),
            ("provider", &self.provider),
            ("theme", &self.theme),
            ("sharing", &self.sharing),
            ("format", &self.format),
            ("order", &self.order),
        ];
        for parameter in &mut parameters {
            if parameter.0 == part {
                parameter.1 = value;
            }
        }
        href("/data", &parameters)
    }

    /// The address without any change.
    pub fn address(&self) -> String {
        self.with("", "")
    }

    fn chosen(&self, facet: &str) -> &str {
        match facet {
            "provider" => &self.provider,
            "theme" => &self.theme,
            "sharing" => &self.sharing,
            "format" => &self.format,
            _ => "",
        }
    }
}

/// One facet with its values.
pub struct Facet {
    /// The heading's Fluent key.
    pub heading: &'static str,
    /// Its values, most hits first.
    pub values: Vec<Value>,
}

/// One value to narrow by.
pub struct Value {
    /// Its name.
    pub name: String,
    /// Hits.
    pub hits: String,
    /// Where choosing it leads, or taking it back where it is chosen.
    pub href: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// A filter in force, to be taken back.
pub struct Chip {
    /// Its name.
    pub name: String,
    /// The search without it.
    pub href: String,
}

const FACETS: [(&str, &str); 4] = [
    ("theme", "catalogue-theme"),
    ("provider", "catalogue-provider"),
    ("format", "catalogue-format"),
    ("sharing", "catalogue-sharing"),
];
/// The most values shown of one facet.
const VALUES_MAX: usize = 12;

/// Turns the counts into facets, chips, and the number of all hits.
pub fn facets(page: &Page, choice: &Choice, rows: &[FacetRow]) -> (Vec<Facet>, Vec<Chip>, i64) {
    let mut all = Vec::new();
    let mut chips = Vec::new();
    for (facet, heading) in FACETS {
        let chosen = choice.chosen(facet);
        let of_facet = rows.iter().filter(|row| row.facet == facet);
        let values: Vec<_> = of_facet.take(VALUES_MAX).map(|row| value(page, choice, row, chosen)).collect();
        if !chosen.is_empty() {
            let name = values.iter().find(|value| value.chosen).map(|value| value.name.clone());
            chips.push(Chip { name: name.unwrap_or_else(|| chosen.to_owned()), href: choice.with(facet, "") });
        }
        // One value is no choice.
        if values.len() > 1 || !chosen.is_empty() {
            all.push(Facet { heading, values });
        }
    }
    let hits = rows.iter().find(|row| row.facet == "all").map_or(0, |row| row.hits);
    (all, chips, hits)
}

fn value(page: &Page, choice: &Choice, row: &FacetRow, chosen: &str) -> Value {
    let chosen = row.value == chosen;
    let next = if chosen { "" } else { row.value.as_str() };
    Value { name: name(page, row), hits: page.number(row.hits), href: choice.with(&row.facet, next), chosen }
}

fn name(page: &Page, row: &FacetRow) -> String {
    let word = row.value.as_str();
    let named = match row.facet.as_str() {
        "theme" => Theme::from_word(word).map(|one| one.name(page)),
        "sharing" => SharingKind::from_word(word).map(|one| one.name(page)),
        "format" => Format::from_word(word).map(|one| one.name(page)),
        _ => Some(row.name.clone()),
    };
    named.unwrap_or_else(|| word.to_owned())
}
