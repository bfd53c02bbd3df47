//! Data standards: elements and code sets, in numbered versions.
use serde::{Deserialize, Serialize};
use time::Date;
use utoipa::ToSchema;

use crate::field::FieldType;
use crate::model::Classification;
use crate::vocabulary::words;

words!(
    /// The check an element asks of every value. The registry carries them out; the catalogue only names them.
    Rule {
        /// Any text of at most the stated length, without control characters.
        Text = "text",
        /// GB 11643, with a division valid at some time.
        CitizenId = "citizen_id",
        /// GB 32100.
        Uscc = "uscc",
        /// GB/T 2260, valid at some time.
        Division = "division",
        /// A mainland mobile or landline number.
        Phone = "phone",
        /// A calendar day in one of the usual writings.
        Date = "date",
        /// A year of four digits.
        Year = "year",
        /// A whole number.
        Integer = "integer",
        /// Digits only, leading zeros kept.
        Digits = "digits",
        /// An amount in whole fen.
        Money = "money",
        /// An e-mail address.
        Email = "email",
        /// A decimal number.
        Decimal = "decimal",
        /// A code of the named code set.
        Code = "code",
        /// A person's name: no digits, no control characters.
        PersonName = "person_name",
        /// `true`/`false`, 是/否, 1/0.
        Boolean = "boolean",
        /// Degrees of longitude within China.
        Longitude = "longitude",
        /// Degrees of latitude within China.
        Latitude = "latitude",
    }
);

/// One version of a data element (数据元).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Element {
    /// Stable, small letters and underscores, for example `citizen_id`.
    pub identifier: String,
    /// Its number in the city's standard, for example `DE00001`.
    pub code: String,
    /// From 1; a change of meaning is a new version.
    pub version: i32,
    /// Name in Chinese.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// What it means.
    pub definition: String,
    /// What it means, in English.
    pub definition_en: String,
    /// How values read.
    pub field_type: FieldType,
    /// The check.
    pub rule: Rule,
    /// The code set of rule `code`.
    pub code_set: Option<String>,
    /// The longest value in characters.
    pub length_max: i32,
    /// How far a value may travel when a field says nothing stricter.
    pub classification: Classification,
    /// The standard it comes from, for example `GB 11643-1999`.
    pub source: String,
    /// Other headers that mean it, for mapping the columns of a delivered file.
    pub synonyms: Vec<String>,
    /// The first day of this version.
    #[serde(serialize_with = "jh_core::clock::serialize_day")]
    pub valid_from_on: Date,
}

/// One version of a code set (代码集) with its codes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct CodeSet {
    /// Stable, for example `sex`.
    pub identifier: String,
    /// From 1.
    pub version: i32,
    /// Name in Chinese.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// The standard it comes from, for example `GB/T 2261.1-2003`.
    pub source: String,
    /// The first day of this version.
    #[serde(serialize_with = "jh_core::clock::serialize_day")]
    pub valid_from_on: Date,
    /// Its codes in order.
    pub codes: Vec<Code>,
}

/// One code of a code set.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Code {
    /// The code itself.
    pub code: String,
    /// Its meaning in Chinese.
    pub name: String,
    /// Its meaning in English; may be empty.
    pub name_en: String,
}
