//! Conditions on coded fields name codes. A name in their place would match no row, and nobody would be told: the agreement
//! would stand and every call come back empty.
use catalogue::api::{CodeSet, Condition, Element, Field, Rule, Test};
use jh_core::code::division::DivisionTable;
use jh_core::fault::FieldError;
use jh_db::Work;

use crate::fault::ExchangeError;

/// Refuses values that are no codes of their field, and says which code was probably meant.
pub(super) async fn check(work: &mut Work, conditions: &[Condition], known: &[Field]) -> Result<(), ExchangeError> {
    if conditions.is_empty() {
        return Ok(());
    }
    let elements = catalogue::api::elements(work.conn()).await?;
    let mut faults = Vec::new();
    for condition in conditions {
        let Some(field) = known.iter().find(|field| field.name == condition.field) else { continue };
        let Some(element) = elements.iter().find(|element| field.element.as_ref() == Some(&element.identifier)) else {
            continue;
        };
        let set = match &element.code_set {
            Some(set) => catalogue::api::code_set(work.conn(), set).await?,
            None => None,
        };
        let wrong = values(&condition.test).into_iter().find(|value| !is_code(element, set.as_ref(), value));
        if let Some(value) = wrong {
            let meant = meant(element, set.as_ref(), value).unwrap_or_default();
            let code = if meant.is_empty() { "exchange-condition-no-code" } else { "exchange-condition-meant" };
            let args =
                vec![("name", field.label.clone()), ("value", value.chars().take(40).collect()), ("code", meant)];
            faults.push(FieldError { field: "conditions", code, args });
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(ExchangeError::Invalid(faults)) }
}

/// The values that must be whole codes; a beginning or a bound need not be.
fn values(test: &Test) -> Vec<&str> {
    match test {
        Test::Eq { value } => vec![value],
        Test::In { values } => values.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    }
}

fn is_code(element: &Element, set: Option<&CodeSet>, value: &str) -> bool {
    match (element.rule, set) {
        (Rule::Division, _) => DivisionTable::get().ever_valid(value),
        (_, Some(set)) => set.codes.iter().any(|code| code.code == value),
        _ => true,
    }
}

/// The code whose name this is.
fn meant(element: &Element, set: Option<&CodeSet>, value: &str) -> Option<String> {
    if element.rule == Rule::Division {
        let all = DivisionTable::get().all();
        let mut named = all.iter().filter(|row| row.until_year.is_none() && row.full_name().ends_with(value));
        // 鼓楼区 is in four cities: then there is nothing to propose.
        return match (named.next(), named.next()) {
            (Some(only), None) => Some(only.code.to_string()),
            _ => None,
        };
    }
    set?.codes.iter().find(|code| code.name == value || code.name_en == value).map(|code| code.code.clone())
}

#[cfg(test)]
mod tests {
    use catalogue::api::{Classification, Code, FieldType};
    use time::macros::date;

    use super::*;

    fn element(rule: Rule) -> Element {
        let text = String::new;
        Element {
            identifier: text(),
            code: text(),
            version: 1,
            name: text(),
            name_en: text(),
            definition: text(),
            definition_en: text(),
            field_type: FieldType::Text,
            rule,
            code_set: None,
            length_max: 10,
            classification: Classification::Internal,
            source: text(),
            synonyms: Vec::new(),
            valid_from_on: date!(2015 - 01 - 01),
        }
    }

    #[test]
    fn a_division_is_named_by_its_code_and_a_name_is_answered_with_it() {
        let division = element(Rule::Division);
        assert!(is_code(&division, None, "320613") && is_code(&division, None, "320602"));
        assert!(!is_code(&division, None, "崇川区") && !is_code(&division, None, "990000"));
        assert_eq!(meant(&division, None, "崇川区").as_deref(), Some("320613"));
        assert_eq!(meant(&division, None, "江苏省南通市海门区").as_deref(), Some("320614"));
        assert_eq!(meant(&division, None, "鼓楼区"), None, "there are several");
    }

    #[test]
    fn a_code_of_a_set_is_one_that_it_has() {
        let codes = vec![Code { code: "1".into(), name: "男性".into(), name_en: "Male".into() }];
        let (text, valid_from_on) = (String::new, date!(2015 - 01 - 01));
        let (identifier, name, name_en, source) = (text(), text(), text(), text());
        let set = CodeSet { identifier, version: 1, name, name_en, source, valid_from_on, codes };
        let sex = element(Rule::Code);
        assert!(is_code(&sex, Some(&set), "1") && !is_code(&sex, Some(&set), "男性"));
        assert_eq!(meant(&sex, Some(&set), "男性").as_deref(), Some("1"));
        assert!(is_code(&element(Rule::Text), None, "任何文字"));
    }
}
