//! One field of a resource: what it is called, which standard element it is, and who may see it.
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::Classification;
use crate::vocabulary::words;

words!(
    /// How a cell's canonical text reads.
    FieldType {
        /// Any text.
        Text = "text",
        /// A whole number.
        Integer = "integer",
        /// A decimal number.
        Decimal = "decimal",
        /// `2026-11-22`.
        Date = "date",
        /// RFC 3339.
        Instant = "instant",
        /// `true` or `false`.
        Boolean = "boolean",
        /// A code of the element's code set.
        Code = "code",
        /// `[longitude, latitude]` in CGCS2000, as GeoJSON writes a point.
        Point = "point",
    }
);

impl FieldType {
    /// From the type a data standard names, which says more than how a cell reads: an identifier and a phone number are
    /// text (their leading zeros count), an amount of money is a whole number of fen.
    pub fn from_standard(word: &str) -> Option<Self> {
        match word {
            "identifier" | "phone" => Some(Self::Text),
            "money" => Some(Self::Integer),
            other => Self::from_word(other),
        }
    }
}

/// One field of one version.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Field {
    /// The column's name in files and interfaces: small letters, digits and underscores, for example `citizen_id`.
    pub name: String,
    /// What people call it in Chinese; also the header a delivered file may use.
    pub label: String,
    /// What people call it in English; may be empty.
    pub label_en: String,
    /// The identifier of its data element, where it has one.
    pub element: Option<String>,
    /// How its cells read.
    pub field_type: FieldType,
    /// Whether every row must have it.
    pub required: bool,
    /// How far it may travel. Only 公开 fields ever leave through the open data pages.
    pub classification: Classification,
    /// The unit of a number, for example `元`; may be empty.
    pub unit: String,
}

impl Field {
    /// Whether it is sealed at rest and masked in lists.
    pub fn sensitive(&self) -> bool {
        self.classification == Classification::Sensitive
    }
}
