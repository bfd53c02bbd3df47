//! Which rows: typed conditions on fields, as agreements write them and sources carry them out.
//!
//! A condition is checked against the fields once ([`RowFilter::resolve`]); what comes out can be pushed into a query or
//! asked of a cell ([`Resolved::holds`]), and both must give the same answer. An empty cell meets no test.
use std::cmp::Ordering;

use serde::{Deserialize, Serialize};
use time::format_description::well_known::{Iso8601, Rfc3339};
use time::{Date, OffsetDateTime};
use utoipa::ToSchema;

use crate::field::{Field, FieldType};
use crate::rows::Column;

/// The most conditions of one filter.
pub const CONDITIONS_MAX: usize = 20;
/// The most values of one `in`.
pub const VALUES_MAX: usize = 200;
/// The longest value, in bytes.
const VALUE_BYTES_MAX: usize = 400;
/// Digits kept behind a decimal point when two numbers are compared.
const SCALE: usize = 9;

/// Which rows: all conditions hold. Empty means every row.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct RowFilter(pub Vec<Condition>);

/// One condition on one field.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Condition {
    /// The field's name.
    pub field: String,
    /// What must hold of the cell. An empty cell meets no test.
    #[serde(flatten)]
    pub test: Test,
}

/// A condition checked against the resource's fields, ready for a source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Resolved {
    /// The field, with what is needed to read and compare it.
    pub column: Column,
    /// What must hold.
    pub test: Test,
}

/// What must hold of a cell. Written `{"field": "division", "op": "prefix", "value": "3206"}`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Test {
    /// Equal.
    Eq {
        /// The value in canonical text.
        value: String,
    },
    /// One of these.
    In {
        /// The values.
        values: Vec<String>,
    },
    /// Starts with; for text and codes only.
    Prefix {
        /// The beginning.
        value: String,
    },
    /// At least.
    Ge {
        /// The lower bound, included.
        value: String,
    },
    /// At most.
    Le {
        /// The upper bound, included.
        value: String,
    },
}

/// Why a filter cannot be used on these fields.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FilterRefusal {
    /// No such field.
    UnknownField(String),
    /// The test makes no sense for the field's type.
    WrongTest(String),
    /// The value does not read as the field's type.
    WrongValue(String),
    /// More conditions or values than are allowed.
    TooMany,
}

impl RowFilter {
    /// Checks every condition against the fields of a version.
    pub fn resolve(&self, fields: &[Field]) -> Result<Vec<Resolved>, FilterRefusal> {
        if self.0.len() > CONDITIONS_MAX {
            return Err(FilterRefusal::TooMany);
        }
        self.0.iter().map(|condition| condition.resolve(fields)).collect()
    }
}

impl Condition {
    fn resolve(&self, fields: &[Field]) -> Result<Resolved, FilterRefusal> {
        let field = fields.iter().find(|field| field.name == self.field);
        let field = field.ok_or_else(|| FilterRefusal::UnknownField(self.field.clone()))?;
        if !self.test.suits(field.field_type) {
            return Err(FilterRefusal::WrongTest(self.field.clone()));
        }
        let values = self.test.values();
        if values.is_empty() || values.len() > VALUES_MAX {
            return Err(FilterRefusal::TooMany);
        }
        let reads = |value: &&String| value.len() <= VALUE_BYTES_MAX && reads_as(field.field_type, value);
        // The beginning of a number or a day is not itself one, but those types refuse `prefix` above.
        if !values.iter().all(|value| reads(&value)) {
            return Err(FilterRefusal::WrongValue(self.field.clone()));
        }
        Ok(Resolved { column: Column::from(field), test: self.test.clone() })
    }
}

impl Test {
    /// The values it compares with.
    pub fn values(&self) -> &[String] {
        match self {
            Self::In { values } => values,
            Self::Eq { value } | Self::Prefix { value } | Self::Ge { value } | Self::Le { value } => {
                std::slice::from_ref(value)
            }
        }
    }

    /// Its name in JSON and in forms.
    pub fn op(&self) -> &'static str {
        match self {
            Self::Eq { .. } => "eq",
            Self::In { .. } => "in",
            Self::Prefix { .. } => "prefix",
            Self::Ge { .. } => "ge",
            Self::Le { .. } => "le",
        }
    }

    fn suits(&self, field_type: FieldType) -> bool {
        use FieldType::{Boolean, Code, Date, Decimal, Instant, Integer, Point, Text};
        match self {
            Self::Eq { .. } | Self::In { .. } => field_type != Point,
            Self::Prefix { .. } => matches!(field_type, Text | Code),
            Self::Ge { .. } | Self::Le { .. } => match field_type {
                Integer | Decimal | Date | Instant | Text => true,
                Boolean | Code | Point => false,
            },
        }
    }
}

impl Resolved {
    /// Whether a cell's canonical text meets the test.
    pub fn holds(&self, cell: Option<&str>) -> bool {
        let Some(cell) = cell.filter(|cell| !cell.is_empty()) else {
            return false;
        };
        let field_type = self.column.field_type;
        let order = |value: &String| compare(field_type, cell, value);
        match &self.test {
            Test::Eq { value } => order(value) == Some(Ordering::Equal),
            Test::In { values } => values.iter().any(|value| order(value) == Some(Ordering::Equal)),
            Test::Prefix { value } => cell.starts_with(value.as_str()),
            Test::Ge { value } => order(value).is_some_and(Ordering::is_ge),
            Test::Le { value } => order(value).is_some_and(Ordering::is_le),
        }
    }
}

/// Whether a text reads as a type.
pub fn reads_as(field_type: FieldType, text: &str) -> bool {
    match field_type {
        FieldType::Text | FieldType::Code => !text.is_empty(),
        FieldType::Integer => text.parse::<i64>().is_ok(),
        FieldType::Decimal => decimal(text).is_some(),
        FieldType::Date => Date::parse(text, &Iso8601::DATE).is_ok(),
        FieldType::Instant => OffsetDateTime::parse(text, &Rfc3339).is_ok(),
        FieldType::Boolean => matches!(text, "true" | "false"),
        FieldType::Point => false,
    }
}

/// The order of two canonical texts of one type; none when either does not read as it.
pub fn compare(field_type: FieldType, a: &str, b: &str) -> Option<Ordering> {
    match field_type {
        FieldType::Integer => Some(a.parse::<i64>().ok()?.cmp(&b.parse().ok()?)),
        FieldType::Decimal => Some(decimal(a)?.cmp(&decimal(b)?)),
        FieldType::Instant => {
            let read = |text| OffsetDateTime::parse(text, &Rfc3339).ok();
            Some(read(a)?.cmp(&read(b)?))
        }
        // `2026-11-22` sorts as text, which is why canonical days are written so.
        FieldType::Date | FieldType::Text | FieldType::Code | FieldType::Boolean | FieldType::Point => Some(a.cmp(b)),
    }
}

/// A decimal number as a whole number of 10⁻⁹, so that 0.1 equals 0.10 without a float.
fn decimal(text: &str) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let digit = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 18 || part.len() > SCALE || !digit(whole) || !digit(part) {
        return None;
    }
    let padded = format!("{whole}{part:0<SCALE$}");
    let value: i128 = padded.parse().ok()?;
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::Classification;

    fn field(field_type: FieldType) -> Field {
        Field {
            name: "a".into(),
            label: "甲".into(),
            label_en: String::new(),
            element: None,
            field_type,
            required: false,
            classification: Classification::Internal,
            unit: String::new(),
        }
    }

    fn resolved(field_type: FieldType, test: Test) -> Result<Resolved, FilterRefusal> {
        Condition { field: "a".into(), test }.resolve(&[field(field_type)])
    }

    #[test]
    fn a_condition_is_written_flat() {
        let text = r#"[{"field":"division","op":"prefix","value":"3206"},{"field":"sex","op":"in","values":["1"]}]"#;
        let filter: RowFilter = serde_json::from_str(text).unwrap();
        assert_eq!(filter.0[0].test, Test::Prefix { value: "3206".into() });
        assert_eq!(serde_json::to_string(&filter).unwrap(), text);
    }

    #[test]
    fn unknown_fields_and_senseless_tests_are_refused() {
        let condition = Condition { field: "b".into(), test: Test::Eq { value: "1".into() } };
        assert_eq!(condition.resolve(&[field(FieldType::Text)]), Err(FilterRefusal::UnknownField("b".into())));
        let prefix = Test::Prefix { value: "1".into() };
        assert_eq!(resolved(FieldType::Integer, prefix), Err(FilterRefusal::WrongTest("a".into())));
        let wrong = Test::Ge { value: "soon".into() };
        assert_eq!(resolved(FieldType::Date, wrong), Err(FilterRefusal::WrongValue("a".into())));
        let none = Test::In { values: vec![] };
        assert_eq!(resolved(FieldType::Text, none), Err(FilterRefusal::TooMany));
    }

    #[test]
    fn an_empty_cell_meets_no_test() {
        let all = resolved(FieldType::Text, Test::Ge { value: " ".into() }).unwrap();
        assert!(!all.holds(None) && !all.holds(Some("")));
        assert!(all.holds(Some("x")));
    }

    #[test]
    fn decimals_compare_by_value() {
        let test = resolved(FieldType::Decimal, Test::Eq { value: "0.1".into() }).unwrap();
        assert!(test.holds(Some("0.100")) && !test.holds(Some("0.1000000001")));
    }

    proptest! {
        #[test]
        fn integers_compare_as_numbers_not_as_text(a: i64, b: i64) {
            let ge = resolved(FieldType::Integer, Test::Ge { value: b.to_string() }).unwrap();
            let le = resolved(FieldType::Integer, Test::Le { value: b.to_string() }).unwrap();
            let cell = a.to_string();
            prop_assert_eq!(ge.holds(Some(&cell)), a >= b);
            prop_assert_eq!(le.holds(Some(&cell)), a <= b);
        }

        #[test]
        fn decimals_order_like_their_scaled_values(a in -10_000_000i64..10_000_000, b in -10_000_000i64..10_000_000) {
            let write = |v: i64| {
                format!("{}{}.{:03}", if v < 0 { "-" } else { "" }, v.abs() / 1000, v.abs() % 1000)
            };
            prop_assert_eq!(compare(FieldType::Decimal, &write(a), &write(b)), Some(a.cmp(&b)));
        }

        #[test]
        fn no_value_makes_resolving_panic(value in ".{0,40}", kind in 0usize..8) {
            let kind = FieldType::ALL[kind];
            if let Ok(test) = resolved(kind, Test::Eq { value: value.clone() }) {
                prop_assert!(test.holds(Some(&value)));
            }
        }
    }
}
