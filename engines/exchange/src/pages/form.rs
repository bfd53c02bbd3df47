//! What the asking and the deciding form share: fields as boxes, row conditions as three lines, days and numbers.
use jh_core::fault::FieldError;
use jh_web::Page;
use time::Date;

use catalogue::api::{Condition, Field, FieldType};

use super::label;
use crate::actions::WantedField;
use crate::rows::{OPERATORS, typed};
use jh_web::Pairs;

/// Lines for row conditions in a form. More are asked by the interface; few people need more.
const CONDITION_LINES: usize = 3;

/// One line for a row condition, as it stands in the form.
#[derive(Clone, Debug, Default)]
pub struct ConditionLine {
    /// The field's name.
    pub field: String,
    /// The operator's word.
    pub operator: String,
    /// What was typed.
    pub value: String,
}

/// The lines and their choices.
#[derive(Clone, Debug)]
pub struct ConditionLines {
    /// What stands in them.
    pub lines: Vec<ConditionLine>,
    /// Fields that can be tested, with their names.
    pub fields: Vec<(String, String)>,
    /// Operators, with their names.
    pub operators: Vec<(&'static str, String)>,
}

impl ConditionLines {
    /// As they stand in a form that was sent, or empty.
    pub fn new(page: &Page, known: &[Field], pairs: &Pairs) -> Self {
        let testable = known.iter().filter(|field| field.field_type != FieldType::Point);
        let mut lines = lines(pairs);
        lines.resize_with(CONDITION_LINES.max(lines.len()), ConditionLine::default);
        Self {
            lines,
            fields: testable.map(|field| (field.name.clone(), label(page, field).to_owned())).collect(),
            operators: OPERATORS.iter().map(|word| (*word, page.t(&format!("exchange-operator-{word}")))).collect(),
        }
    }
}

fn lines(pairs: &Pairs) -> Vec<ConditionLine> {
    let (operators, values) = (pairs.all("condition_operator"), pairs.all("condition_value"));
    let parts = pairs.all("condition_field").zip(operators).zip(values).take(20);
    parts
        .map(|((field, operator), value)| ConditionLine {
            field: field.to_owned(),
            operator: operator.to_owned(),
            value: value.to_owned(),
        })
        .filter(|line| !line.field.is_empty() || !line.value.is_empty())
        .collect()
}

/// The row conditions of a form.
pub fn conditions(pairs: &Pairs, faults: &mut Vec<FieldError>) -> Vec<Condition> {
    let mut read = Vec::new();
    for line in lines(pairs) {
        match typed(&line.field, &line.operator, &line.value) {
            _ if line.field.is_empty() => {
                faults.push(FieldError {
                    field: "conditions",
                    code: "exchange-condition-incomplete",
                    args: Vec::new(),
                });
            }
            Some(condition) => read.push(condition),
            None => {
                let args = vec![("name", line.field)];
                faults.push(FieldError { field: "conditions", code: "exchange-condition-value", args });
            }
        }
    }
    read
}

/// The ticked fields with what was said about clear text.
pub fn wanted(pairs: &Pairs) -> Vec<WantedField> {
    let reason = |name: &str| pairs.given(&format!("reason.{name}")).map(str::to_owned);
    let field = |name: &str| WantedField { name: name.to_owned(), clear_reason: reason(name) };
    pairs.all("field").filter(|name| !name.is_empty()).map(field).collect()
}

/// A day, or an error and the epoch.
pub fn day(pairs: &Pairs, name: &'static str, faults: &mut Vec<FieldError>) -> Date {
    pairs.day(name).unwrap_or_else(|| {
        let code = if pairs.get(name).is_empty() { "required" } else { "not-a-date" };
        faults.push(FieldError { field: name, code, args: Vec::new() });
        time::OffsetDateTime::UNIX_EPOCH.date()
    })
}

/// A whole number, or an error and zero.
pub fn whole(pairs: &Pairs, name: &'static str, faults: &mut Vec<FieldError>) -> i32 {
    pairs.whole(name).unwrap_or_else(|| {
        let code = if pairs.get(name).is_empty() { "required" } else { "not-a-number" };
        faults.push(FieldError { field: name, code, args: Vec::new() });
        0
    })
}

/// Adds what the rules found to what reading found; a field that could not be read is not judged as well.
pub fn merge(mut read: Vec<FieldError>, judged: Vec<FieldError>) -> Vec<FieldError> {
    for fault in judged {
        if !read.iter().any(|known| known.field == fault.field) {
            read.push(fault);
        }
    }
    read
}
