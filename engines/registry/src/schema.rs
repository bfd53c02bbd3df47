//! What a delivered row must look like: the attributes of a kind or a resource, with their checks and code sets.
//!
//! Built once per delivery from the catalogue's standards; from there on nothing of the catalogue is asked.
use std::collections::HashMap;
use std::sync::Arc;

use catalogue::api::{CodeSet, Element, Field, FieldType, RowKind, Rule};

use crate::kind::{PAST_DAYS, Shape};

/// How the values of an attribute are checked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Check {
    /// Any text.
    Text,
    /// A person's name.
    PersonName,
    /// GB 11643.
    CitizenId,
    /// GB 32100.
    Uscc,
    /// GB/T 2260.
    Division,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A day.
    Date {
        /// Whether it must have come already.
        past: bool,
    },
    /// A year.
    Year,
    /// An instant.
    Instant,
    /// Digits, zeros in front kept.
    Digits,
    /// A whole number.
    Integer,
    /// A decimal number.
    Decimal,
    /// Degrees within these bounds.
    Degrees {
        /// The least.
        min: i16,
        /// The most.
        max: i16,
    },
    /// A code of the attribute's set.
    Code,
    /// Yes or no.
    Boolean,
    /// `[longitude, latitude]`.
    Point,
}

/// One attribute of a row.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// The element's identifier, or the field's name where it has no element.
    pub name: String,
    /// What people call it in Chinese.
    pub label: String,
    /// The check.
    pub check: Check,
    /// The codes of [`Check::Code`].
    pub codes: Option<Arc<Codes>>,
    /// The longest value in characters.
    pub length_max: usize,
    /// Whether every row must have it.
    pub required: bool,
    /// Whether it is sealed at rest and masked in lists.
    pub sensitive: bool,
    /// All headers that mean it, in the form of [`crate::mapping::folded`].
    pub headers: Vec<String>,
}

/// What a row of one delivery must look like.
#[derive(Clone, Debug)]
pub struct Schema {
    /// What the rows are.
    pub kind: RowKind,
    /// By position.
    pub attributes: Vec<Attribute>,
    /// The positions that identify a row: the first with a value, or for a dataset all of them.
    pub key: Vec<usize>,
}

/// Why no schema can be made.
#[derive(Debug, thiserror::Error)]
#[error("the data element {0} is not in the catalogue: import the standards first")]
pub struct ElementMissing(pub String);

impl Schema {
    /// The schema of a base kind.
    pub fn of_kind(shape: &Shape, elements: &[Element], sets: &[CodeSet]) -> Result<Self, ElementMissing> {
        let mut attributes = Vec::with_capacity(shape.elements.len());
        for identifier in shape.elements {
            let element = find(elements, identifier).ok_or_else(|| ElementMissing((*identifier).to_owned()))?;
            let mut attribute = of_element(element, sets);
            attribute.required = shape.required.contains(identifier);
            let headers = shape.headers.iter().filter(|(_, meant)| meant == identifier);
            attribute.headers.extend(headers.map(|(header, _)| crate::mapping::folded(header)));
            attributes.push(attribute);
        }
        let key: Vec<usize> = shape.key.iter().filter_map(|name| position(&attributes, name)).collect();
        if let [only] = key[..] {
            attributes[only].required = true;
        }
        Ok(Self { kind: shape.kind, attributes, key })
    }

    /// The schema of a resource with rows of its own; none for a place whose field is no more.
    pub fn of_fields(fields: &[Option<&Field>], elements: &[Element], sets: &[CodeSet]) -> Self {
        let attributes: Vec<_> =
            fields.iter().map(|field| field.map_or_else(gone, |field| of_field(field, elements, sets))).collect();
        let required: Vec<usize> = (0..attributes.len()).filter(|at| attributes[*at].required).collect();
        let key = if required.is_empty() { (0..attributes.len()).collect() } else { required };
        Self { kind: RowKind::Dataset, attributes, key }
    }

    /// Where an attribute stands.
    pub fn position(&self, name: &str) -> Option<usize> {
        position(&self.attributes, name)
    }
}

fn position(attributes: &[Attribute], name: &str) -> Option<usize> {
    attributes.iter().position(|attribute| attribute.name == name)
}

fn find<'a>(elements: &'a [Element], identifier: &str) -> Option<&'a Element> {
    elements.iter().find(|element| element.identifier == identifier)
}

fn of_element(element: &Element, sets: &[CodeSet]) -> Attribute {
    let set = element.code_set.as_ref().and_then(|name| sets.iter().find(|set| set.identifier == *name));
    let named = [&element.name, &element.name_en, &element.identifier];
    Attribute {
        name: element.identifier.clone(),
        label: element.name.clone(),
        check: check_of(element.rule, element.field_type, &element.identifier),
        codes: set.map(|set| Arc::new(Codes::new(set))),
        length_max: usize::try_from(element.length_max).unwrap_or(0).max(1),
        required: false,
        sensitive: element.classification == catalogue::api::Classification::Sensitive,
        headers: named.into_iter().chain(&element.synonyms).map(|header| crate::mapping::folded(header)).collect(),
    }
}

/// The place of a field that newer versions do not have: rows keep what they had there, and nothing goes in.
fn gone() -> Attribute {
    Attribute {
        name: String::new(),
        label: String::new(),
        check: Check::Text,
        codes: None,
        length_max: 2_000,
        required: false,
        sensitive: false,
        headers: Vec::new(),
    }
}

fn of_field(field: &Field, elements: &[Element], sets: &[CodeSet]) -> Attribute {
    let element = field.element.as_deref().and_then(|identifier| find(elements, identifier));
    let mut attribute = match element {
        Some(element) => of_element(element, sets),
        None => Attribute { check: check_of(Rule::Text, field.field_type, ""), ..gone() },
    };
    attribute.name.clone_from(&field.name);
    attribute.label.clone_from(&field.label);
    attribute.required = field.required;
    attribute.sensitive = field.sensitive();
    let own = [&field.name, &field.label, &field.label_en].map(|header| crate::mapping::folded(header));
    attribute.headers.splice(0..0, own.into_iter().filter(|header| !header.is_empty()));
    attribute
}

fn check_of(rule: Rule, field_type: FieldType, identifier: &str) -> Check {
    match (rule, field_type) {
        (Rule::CitizenId, _) => Check::CitizenId,
        (Rule::Uscc, _) => Check::Uscc,
        (Rule::Division, _) => Check::Division,
        (Rule::Phone, _) => Check::Phone,
        (Rule::Email, _) => Check::Email,
        (Rule::PersonName, _) => Check::PersonName,
        (Rule::Code, _) => Check::Code,
        (Rule::Date, _) | (_, FieldType::Date) => Check::Date { past: PAST_DAYS.contains(&identifier) },
        (Rule::Year, _) => Check::Year,
        (Rule::Digits, _) => Check::Digits,
        (Rule::Longitude, _) => Check::Degrees { min: 73, max: 136 },
        (Rule::Latitude, _) => Check::Degrees { min: 3, max: 54 },
        (Rule::Integer | Rule::Money, _) | (_, FieldType::Integer) => Check::Integer,
        (Rule::Decimal, _) | (_, FieldType::Decimal) => Check::Decimal,
        (Rule::Boolean, _) | (_, FieldType::Boolean) => Check::Boolean,
        (Rule::Text, FieldType::Instant) => Check::Instant,
        (Rule::Text, FieldType::Point) => Check::Point,
        (Rule::Text, FieldType::Text | FieldType::Code) => Check::Text,
    }
}

/// The codes of one set, found by code or by any name that departments use for it.
#[derive(Debug)]
pub struct Codes {
    codes: Vec<String>,
    by_text: HashMap<String, usize>,
    /// For hints: `1 男性, 2 女性, …`
    pub listed: String,
}

impl Codes {
    /// Codes, names, names without their class word (男性: 男, 汉族: 汉), codes without zeros in front.
    pub fn new(set: &CodeSet) -> Self {
        let mut codes = Self { codes: Vec::new(), by_text: HashMap::new(), listed: String::new() };
        for code in &set.codes {
            let at = codes.codes.len();
            codes.codes.push(code.code.clone());
            codes.add(&code.code, at);
        }
        for (at, code) in set.codes.iter().enumerate() {
            codes.add(&code.name, at);
            codes.add(&code.name_en, at);
        }
        // What is shorter comes last and never takes the place of what is exact.
        for (at, code) in set.codes.iter().enumerate() {
            codes.add(code.code.trim_start_matches('0'), at);
            for class_word in ["族", "性"] {
                codes.add(code.name.strip_suffix(class_word).unwrap_or_default(), at);
            }
            if set.identifier == "sex" {
                codes.add(code.name_en.get(..1).unwrap_or_default(), at);
            }
        }
        let shown: Vec<_> = set.codes.iter().take(12).map(|code| format!("{} {}", code.code, code.name)).collect();
        codes.listed = shown.join("，");
        if set.codes.len() > 12 {
            codes.listed.push('…');
        }
        codes
    }

    fn add(&mut self, text: &str, at: usize) {
        if !text.is_empty() {
            self.by_text.entry(text.to_lowercase()).or_insert(at);
        }
    }

    /// The code that a text means.
    pub fn find(&self, text: &str) -> Option<&str> {
        let at = match self.by_text.get(text) {
            Some(at) => *at,
            None => *self.by_text.get(&text.to_lowercase())?,
        };
        Some(&self.codes[at])
    }
}
