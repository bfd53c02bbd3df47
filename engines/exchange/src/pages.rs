//! HTML: what people see of requests, agreements and calls. Words come from `i18n/`; rules from `model` and `actions`.
use jh_core::fault::FieldError;
use jh_web::{FieldErrors, Page};

use catalogue::api::{Classification, Condition, Field, FieldType, SharingKind};

use crate::fault::ExchangeError;
use crate::model::{AgreementState, Handling, Onward, RequestState};
use crate::store::StepRow;
use crate::store::terms::Stored;

pub mod agreement;
pub mod ask;
pub mod calls;
pub mod decision;
pub mod form;
pub mod list;
pub mod request;

impl RequestState {
    /// The Fluent key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Requested => "exchange-state-requested",
            Self::Offered => "exchange-state-offered",
            Self::Agreed => "exchange-state-agreed",
            Self::Refused => "exchange-state-refused",
            Self::Withdrawn => "exchange-state-withdrawn",
        }
    }

    /// The kind of its badge.
    pub fn badge(self) -> &'static str {
        match self {
            Self::Requested => "info",
            Self::Offered => "warn",
            Self::Agreed => "good",
            Self::Refused => "bad",
            Self::Withdrawn => "neutral",
        }
    }
}

impl AgreementState {
    /// The Fluent key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Self::InForce => "exchange-state-in-force",
            Self::Expired => "exchange-state-expired",
            Self::Revoked => "exchange-state-revoked",
            Self::Ended => "exchange-state-ended",
        }
    }

    /// The kind of its badge.
    pub fn badge(self) -> &'static str {
        match self {
            Self::InForce => "good",
            Self::Revoked => "bad",
            Self::Expired | Self::Ended => "neutral",
        }
    }
}

impl Onward {
    /// Both, narrower first.
    pub const ALL: [Self; 2] = [Self::Forbidden, Self::OwnOffices];

    /// The Fluent key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Forbidden => "exchange-onward-forbidden",
            Self::OwnOffices => "exchange-onward-own-offices",
        }
    }
}

/// The Fluent key of a sharing kind.
pub fn sharing_key(kind: SharingKind) -> &'static str {
    match kind {
        SharingKind::Unconditional => "exchange-sharing-unconditional",
        SharingKind::Conditional => "exchange-sharing-conditional",
        SharingKind::Withheld => "exchange-sharing-withheld",
    }
}

/// The Fluent key of a classification.
pub fn class_key(class: Classification) -> &'static str {
    match class {
        Classification::Public => "exchange-class-public",
        Classification::Internal => "exchange-class-internal",
        Classification::Sensitive => "exchange-class-sensitive",
    }
}

/// The Fluent key of a field's type.
pub fn type_key(field_type: FieldType) -> &'static str {
    match field_type {
        FieldType::Text => "exchange-type-text",
        FieldType::Integer => "exchange-type-integer",
        FieldType::Decimal => "exchange-type-decimal",
        FieldType::Date => "exchange-type-date",
        FieldType::Instant => "exchange-type-instant",
        FieldType::Boolean => "exchange-type-boolean",
        FieldType::Code => "exchange-type-code",
        FieldType::Point => "exchange-type-point",
    }
}

/// A field's name for people, in the page's language.
pub fn label<'a>(page: &Page, field: &'a Field) -> &'a str {
    page.pick(&field.label, if field.label_en.is_empty() { &field.name } else { &field.label_en })
}

/// A row condition in words.
pub fn condition(page: &Page, condition: &Condition, fields: &[Field]) -> String {
    let field = fields.iter().find(|field| field.name == condition.field);
    let name = field.map_or(condition.field.as_str(), |field| label(page, field));
    let values = condition.test.values().join(page.pick("、", ", "));
    let key = format!("exchange-condition-{}", condition.test.op());
    page.ta(&key, &[("field", name.to_owned()), ("value", values)])
}

/// One field of some terms, for a table.
#[derive(Clone, Debug)]
pub struct FieldLine {
    /// Its name in the resource.
    pub name: String,
    /// Its name for people.
    pub label: String,
    /// How far it may travel.
    pub class_key: &'static str,
    /// Whether it is sensitive.
    pub sensitive: bool,
    /// Whether it is masked.
    pub masked: bool,
    /// Why it is wanted or given in clear.
    pub reason: String,
}

/// Terms in words.
#[derive(Clone, Debug)]
pub struct TermsLines {
    /// The fields.
    pub fields: Vec<FieldLine>,
    /// The row conditions; empty means all rows.
    pub rows: Vec<String>,
    /// Calls a day.
    pub quota: String,
    /// Calls a minute.
    pub rate: String,
    /// From and to.
    pub term: String,
    /// Onward use.
    pub onward: String,
}

impl TermsLines {
    /// Puts terms into words.
    pub fn new(page: &Page, stored: &Stored) -> Self {
        let terms = &stored.terms;
        let line = |(term, field): (&crate::model::FieldTerm, &Field)| FieldLine {
            name: field.name.clone(),
            label: label(page, field).to_owned(),
            class_key: class_key(field.classification),
            sensitive: field.sensitive(),
            masked: term.handling == Handling::Masked,
            reason: term.reason.clone().unwrap_or_default(),
        };
        let dates = [("from", page.date(terms.from_on)), ("to", page.date(terms.to_on))];
        Self {
            fields: terms.fields.iter().zip(&stored.fields).map(line).collect(),
            rows: terms.conditions.iter().map(|c| condition(page, c, &stored.condition_fields)).collect(),
            quota: page.t1("exchange-a-day", "n", page.number(terms.calls_a_day)),
            rate: page.t1("exchange-a-minute", "n", page.number(terms.rate_a_minute)),
            term: page.ta("exchange-term-span", &dates),
            onward: page.t(terms.onward.key()),
        }
    }

    /// The field of a name.
    pub fn field(&self, name: &str) -> Option<&FieldLine> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// One event of the timeline.
#[derive(Clone, Debug)]
pub struct EventLine {
    /// What happened.
    pub title: String,
    /// By whom.
    pub who: String,
    /// When.
    pub at: String,
    /// What was said.
    pub note: String,
    /// `bad` for what ended against somebody's will.
    pub kind: &'static str,
}

/// Puts the timeline into words.
pub fn events(page: &Page, steps: &[StepRow]) -> Vec<EventLine> {
    let line = |(place, step): (usize, &StepRow)| EventLine {
        title: page.t(&format!("exchange-step-{}", step.kind.replace('_', "-"))),
        who: match (step.organisation_name.is_empty(), step.actor_name.is_empty() || step.kind == "expired") {
            (true, _) => String::new(),
            (false, true) => step.organisation_name.clone(),
            (false, false) => format!("{} {}", step.organisation_name, step.actor_name),
        },
        at: page.instant(step.at),
        note: step.note.clone().unwrap_or_default(),
        kind: match step.kind.as_str() {
            "refused" | "revoked" => "jh-event-bad",
            _ if place == 0 => "jh-event-now",
            _ => "",
        },
    };
    steps.iter().enumerate().map(line).collect()
}

/// The errors of a form in words, with those its own reading found.
pub fn form_errors(page: &Page, faults: Vec<FieldError>) -> FieldErrors {
    use jh_core::fault::Fault;
    FieldErrors::new(page, &ExchangeError::Invalid(faults).refusal())
}

/// The pairs of a selection.
pub fn options<T: Copy>(
    page: &Page,
    all: &[T],
    code: fn(T) -> &'static str,
    key: fn(T) -> &'static str,
) -> Vec<(&'static str, String)> {
    all.iter().map(|one| (code(*one), page.t(key(*one)))).collect()
}
