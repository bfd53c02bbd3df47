//! What a draft must satisfy: bounds whenever it is saved, completeness before anyone is asked to review it.
//!
//! Pure, so that the editor can show what is still missing with the same words that a submission is refused with.
use std::collections::{HashMap, HashSet};

use jh_core::fault::FieldError;

use crate::field::{Field, FieldType};
use crate::model::{
    Classification, Content, FIELDS_MAX, KEYWORDS_MAX, Sharing, SharingKind, TEXT_LENGTH_MAX, TITLE_LENGTH_MAX,
};
use crate::standard::Element;

/// The longest name of a field; PostgreSQL and most tools stop at 63 bytes.
const NAME_LENGTH_MAX: usize = 63;

fn error(field: &'static str, code: &'static str) -> FieldError {
    FieldError { field, code, args: Vec::new() }
}

/// An error about one field of the resource, which its name makes findable.
fn about(code: &'static str, name: &str) -> FieldError {
    FieldError { field: "fields", code, args: vec![("name", name.to_owned())] }
}

impl Classification {
    /// 公开 < 内部 < 敏感.
    pub fn rank(self) -> u8 {
        match self {
            Self::Public => 0,
            Self::Internal => 1,
            Self::Sensitive => 2,
        }
    }
}

/// The bounds that even an unfinished draft must keep.
pub fn bounds(content: &Content) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let long = |text: &str, max: usize| text.chars().count() > max;
    if content.title.trim().is_empty() {
        errors.push(error("title", "catalogue-title-missing"));
    }
    if long(&content.title, TITLE_LENGTH_MAX) {
        errors.push(error("title", "catalogue-title-long"));
    }
    if long(&content.title_en, TITLE_LENGTH_MAX * 2) {
        errors.push(error("title_en", "catalogue-title-long"));
    }
    if long(&content.description, TEXT_LENGTH_MAX) {
        errors.push(error("description", "catalogue-text-long"));
    }
    if long(&content.description_en, TEXT_LENGTH_MAX * 2) {
        errors.push(error("description_en", "catalogue-text-long"));
    }
    if long(content.sharing.terms(), TEXT_LENGTH_MAX) {
        errors.push(error("terms", "catalogue-text-long"));
    }
    if long(&content.contact, TITLE_LENGTH_MAX) {
        errors.push(error("contact", "catalogue-text-long"));
    }
    if content.keywords.len() > KEYWORDS_MAX || content.keywords.iter().any(|word| long(word, 40)) {
        errors.push(error("keywords", "catalogue-keywords-many"));
    }
    fields_bounds(&content.fields, &mut errors);
    errors
}

fn fields_bounds(fields: &[Field], errors: &mut Vec<FieldError>) {
    if fields.len() > FIELDS_MAX {
        errors.push(error("fields", "catalogue-fields-many"));
    }
    let mut seen = HashSet::new();
    for field in fields {
        if !name_is_good(&field.name) {
            errors.push(about("catalogue-field-name", &field.name));
        } else if !seen.insert(field.name.as_str()) {
            errors.push(about("catalogue-field-twice", &field.name));
        }
        if field.label.chars().count() > TITLE_LENGTH_MAX || field.label_en.chars().count() > TITLE_LENGTH_MAX {
            errors.push(about("catalogue-field-label-long", &field.name));
        }
    }
}

/// Small letters, digits and underscores, starting with a letter.
fn name_is_good(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_lowercase())
        && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        && name.len() <= NAME_LENGTH_MAX
}

/// Everything that stands between a draft and its review: bounds, what GB/T 21063 makes mandatory, and the terms.
pub fn obstacles(content: &Content, elements: &HashMap<String, Element>) -> Vec<FieldError> {
    let mut errors = bounds(content);
    if content.description.trim().is_empty() {
        errors.push(error("description", "catalogue-description-missing"));
    }
    if content.keywords.is_empty() {
        errors.push(error("keywords", "catalogue-keywords-missing"));
    }
    if content.contact.trim().is_empty() {
        errors.push(error("contact", "catalogue-contact-missing"));
    }
    match &content.sharing {
        Sharing::Conditional { condition } if condition.trim().is_empty() => {
            errors.push(error("terms", "catalogue-condition-missing"));
        }
        Sharing::Withheld { basis } if basis.trim().is_empty() => {
            errors.push(error("terms", "catalogue-basis-missing"));
        }
        _ => {}
    }
    if content.open && content.sharing.kind() == SharingKind::Withheld {
        errors.push(error("open", "catalogue-open-withheld"));
    }
    if content.open && !content.fields.iter().any(|field| field.classification == Classification::Public) {
        errors.push(error("open", "catalogue-open-no-field"));
    }
    if content.fields.is_empty() {
        errors.push(error("fields", "catalogue-fields-missing"));
    }
    fields_obstacles(content, elements, &mut errors);
    errors
}

fn fields_obstacles(content: &Content, elements: &HashMap<String, Element>, errors: &mut Vec<FieldError>) {
    for field in &content.fields {
        if field.label.trim().is_empty() {
            errors.push(about("catalogue-field-label-missing", &field.name));
        }
        if field.classification.rank() > content.classification.rank() {
            errors.push(about("catalogue-field-above-resource", &field.name));
        }
        let Some(identifier) = &field.element else { continue };
        match elements.get(identifier) {
            None => errors.push(about("catalogue-field-element-unknown", &field.name)),
            // A citizen ID number does not become public because one department's draft says so.
            Some(element) if element.classification.rank() > field.classification.rank() => {
                errors.push(about("catalogue-field-below-element", &field.name));
            }
            Some(element) if kin(element.field_type) != kin(field.field_type) => {
                errors.push(about("catalogue-field-type-differs", &field.name));
            }
            Some(_) => {}
        }
    }
}

/// A code is written as text, so a field may say either.
fn kin(field_type: FieldType) -> FieldType {
    if field_type == FieldType::Code { FieldType::Text } else { field_type }
}

/// A catalogue code as it may stand in an address: letters, digits and hyphens. A slash, which the national
/// guide puts before the serial number, becomes a hyphen.
pub fn catalogue_code(text: &str) -> Option<String> {
    let code = text.trim().replace('/', "-");
    let good = (3..=40).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let ends = code.starts_with('-') || code.ends_with('-');
    (good && !ends).then_some(code)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sample;

    fn codes(errors: &[FieldError]) -> Vec<&'static str> {
        errors.iter().map(|error| error.code).collect()
    }

    #[test]
    fn a_complete_draft_has_no_obstacles() {
        assert_eq!(codes(&obstacles(&sample::content(), &sample::elements())), Vec::<&str>::new());
    }

    #[test]
    fn terms_are_required_by_the_kind() {
        let mut content = sample::content();
        content.sharing = Sharing::Conditional { condition: " ".into() };
        assert_eq!(codes(&obstacles(&content, &sample::elements())), ["catalogue-condition-missing"]);
        content.sharing = Sharing::Withheld { basis: String::new() };
        let expected = ["catalogue-basis-missing", "catalogue-open-withheld"];
        assert_eq!(codes(&obstacles(&content, &sample::elements())), expected);
    }

    #[test]
    fn a_field_is_never_freer_than_its_element() {
        let mut content = sample::content();
        content.fields[1].classification = Classification::Public;
        assert_eq!(codes(&obstacles(&content, &sample::elements())), ["catalogue-field-below-element"]);
    }

    #[test]
    fn a_field_is_never_stricter_than_its_resource() {
        let mut content = sample::content();
        content.classification = Classification::Public;
        assert_eq!(codes(&obstacles(&content, &sample::elements())), ["catalogue-field-above-resource"]);
    }

    #[test]
    fn names_are_unique_and_plain() {
        let mut content = sample::content();
        content.fields[1].name = content.fields[0].name.clone();
        assert_eq!(codes(&bounds(&content)), ["catalogue-field-twice"]);
        content.fields[1].name = "Name; DROP".into();
        assert_eq!(codes(&bounds(&content)), ["catalogue-field-name"]);
    }

    #[test]
    fn a_slash_in_a_code_becomes_a_hyphen() {
        assert_eq!(catalogue_code(" 306001/000012 ").as_deref(), Some("306001-000012"));
        assert_eq!(catalogue_code("../etc"), None);
        assert_eq!(catalogue_code("ab"), None);
    }

    proptest! {
        #[test]
        fn a_good_code_is_safe_in_an_address(text in ".{0,50}") {
            if let Some(code) = catalogue_code(&text) {
                prop_assert!(code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
                prop_assert_eq!(catalogue_code(&code), Some(code));
            }
        }

        #[test]
        fn open_content_without_public_field_never_passes(classes in proptest::collection::vec(1usize..3, 2)) {
            let mut content = sample::content();
            content.classification = Classification::Sensitive;
            for (field, class) in content.fields.iter_mut().zip(classes) {
                field.classification = Classification::ALL[class];
            }
            prop_assert!(codes(&obstacles(&content, &sample::elements())).contains(&"catalogue-open-no-field"));
        }
    }
}
