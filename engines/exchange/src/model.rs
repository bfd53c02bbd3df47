//! What a request, an offer and an agreement are, and how each may become the next. Pure: no clock, no database.
//!
//! The two invariants everything rests on: an offer is never wider than what was asked ([`Terms::compare`]), and a
//! state that ends something is never left again ([`RequestState::after`], [`AgreementState::after`]).
use catalogue::api::Condition;
use jh_core::define_id;
use jh_core::fault::FieldError;
use serde::{Deserialize, Serialize};
use time::Date;
use utoipa::ToSchema;

use crate::rows::order;

define_id!(
    /// One request of a department for fields of a resource.
    RequestId
);
define_id!(
    /// One agreement between a using department and a provider.
    AgreementId
);
define_id!(
    /// One immutable set of terms: as asked, as offered or as agreed.
    TermsId
);

/// The fewest characters in which a purpose can be said.
pub const PURPOSE_CHARS_MIN: usize = 10;
/// The most characters of a purpose, a reason or a legal basis.
pub const TEXT_CHARS_MAX: usize = 500;
/// The longest term.
pub const TERM_YEARS_MAX: i32 = 3;
/// A term begins within this many days.
pub const BEGIN_DAYS_MAX: i64 = 366;
/// The most calls a day that may be asked.
pub const CALLS_A_DAY_MAX: i32 = 100_000_000;
/// The most row conditions in one set of terms.
pub const CONDITIONS_MAX: usize = 8;
/// The most fields in one set of terms.
pub const FIELDS_MAX: usize = 200;

/// How a field's values are handed over.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Handling {
    /// As they are.
    Clear,
    /// With the telling part replaced by `*`.
    Masked,
}

/// One field in a set of terms.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct FieldTerm {
    /// The field's name in the resource.
    pub name: String,
    /// Clear or masked.
    pub handling: Handling,
    /// Why a sensitive field is needed, or given, in clear.
    pub reason: Option<String>,
}

/// Whether the using department may pass on what it gets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Onward {
    /// Not at all.
    Forbidden,
    /// To offices of its own.
    OwnOffices,
}

impl Onward {
    /// As stored and sent.
    pub fn code(self) -> &'static str {
        match self {
            Self::Forbidden => "forbidden",
            Self::OwnOffices => "own_offices",
        }
    }

    /// From a form.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Forbidden, Self::OwnOffices].into_iter().find(|onward| onward.code() == text)
    }
}

/// What may be had: fields, rows, how often, how long, and whether it may be passed on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Terms {
    /// In the order of the resource.
    pub fields: Vec<FieldTerm>,
    /// All must hold of a row.
    pub conditions: Vec<Condition>,
    /// Calls a day, a day of China.
    pub calls_a_day: i32,
    /// Calls a minute.
    pub rate_a_minute: i32,
    /// First day.
    pub from_on: Date,
    /// Last day, included.
    pub to_on: Date,
    /// Onward use.
    pub onward: Onward,
}

/// How an offer stands to what was asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fit {
    /// As asked: the agreement can be made at once.
    Same,
    /// Less than asked: the asker has to accept it.
    Narrower,
}

impl Terms {
    /// The rate that goes with a quota when none is said: an hour's work within a minute is too much, a call a second
    /// is always all right.
    pub fn usual_rate(calls_a_day: i32) -> i32 {
        (calls_a_day / 60).max(60)
    }

    /// One order for everything that has no order of its own, so that equal terms are equal and can be signed.
    #[must_use]
    pub fn canonical(mut self) -> Self {
        self.conditions.sort_by(order);
        self.conditions.dedup();
        self
    }

    /// Compares an offer with what was asked. Anything wider is an error that names its field of the form.
    pub fn compare(&self, asked: &Self) -> Result<Fit, Vec<FieldError>> {
        let mut wider = Vec::new();
        let mut refuse = |field, code| wider.push(FieldError { field, code, args: Vec::new() });
        let of = |name: &str| asked.fields.iter().find(|field| field.name == name);
        if self.fields.iter().any(|field| of(&field.name).is_none()) {
            refuse("fields", "exchange-wider-fields");
        }
        let unmasks = |field: &&FieldTerm| field.handling == Handling::Clear;
        if self
            .fields
            .iter()
            .filter(unmasks)
            .filter_map(|field| of(&field.name))
            .any(|a| a.handling == Handling::Masked)
        {
            refuse("fields", "exchange-wider-clear");
        }
        if asked.conditions.iter().any(|condition| !self.conditions.contains(condition)) {
            refuse("conditions", "exchange-wider-rows");
        }
        if self.calls_a_day > asked.calls_a_day {
            refuse("calls_a_day", "exchange-wider-quota");
        }
        if self.rate_a_minute > asked.rate_a_minute {
            refuse("rate_a_minute", "exchange-wider-rate");
        }
        if self.from_on < asked.from_on {
            refuse("from_on", "exchange-wider-term");
        }
        if self.to_on > asked.to_on {
            refuse("to_on", "exchange-wider-term");
        }
        if self.onward > asked.onward {
            refuse("onward", "exchange-wider-onward");
        }
        match wider.is_empty() {
            false => Err(wider),
            true if self.gives_all_of(asked) => Ok(Fit::Same),
            true => Ok(Fit::Narrower),
        }
    }

    /// Equality but for the reasons, which the two sides give each for itself.
    fn gives_all_of(&self, asked: &Self) -> bool {
        let handed = |terms: &Self| terms.fields.iter().map(|f| (f.name.clone(), f.handling)).collect::<Vec<_>>();
        handed(self) == handed(asked)
            && self.conditions == asked.conditions
            && (self.calls_a_day, self.rate_a_minute) == (asked.calls_a_day, asked.rate_a_minute)
            && (self.from_on, self.to_on, self.onward) == (asked.from_on, asked.to_on, asked.onward)
    }

    /// The faults of a term and a quota on their own, by field of the form.
    pub fn check_bounds(&self, today: Date) -> Vec<FieldError> {
        let mut faults = Vec::new();
        let mut refuse = |field, code| faults.push(FieldError { field, code, args: Vec::new() });
        if self.fields.is_empty() || self.fields.len() > FIELDS_MAX {
            refuse("fields", "exchange-fields-none");
        }
        if self.conditions.len() > CONDITIONS_MAX {
            refuse("conditions", "exchange-conditions-many");
        }
        if !(1..=CALLS_A_DAY_MAX).contains(&self.calls_a_day) {
            refuse("calls_a_day", "exchange-quota-range");
        }
        if !(1..=CALLS_A_DAY_MAX).contains(&self.rate_a_minute) {
            refuse("rate_a_minute", "exchange-rate-range");
        }
        if self.from_on > today + time::Duration::days(BEGIN_DAYS_MAX) {
            refuse("from_on", "exchange-from-far");
        }
        if self.to_on < self.from_on {
            refuse("to_on", "exchange-term-order");
        } else if self.to_on < today {
            refuse("to_on", "exchange-term-past");
        } else if self.to_on > latest_end(self.from_on) {
            refuse("to_on", "exchange-term-long");
        }
        faults
    }

    /// Whether a sensitive field is to be handed over in clear, which no rule decides.
    pub fn unmasks_sensitive(&self, sensitive: impl Fn(&str) -> bool) -> bool {
        self.fields.iter().any(|field| field.handling == Handling::Clear && sensitive(&field.name))
    }
}

/// The last day of the longest term that begins on `from`. A term from 29 February ends on 28 February.
pub fn latest_end(from: Date) -> Date {
    let year = from.year() + TERM_YEARS_MAX;
    from.replace_year(year)
        .unwrap_or_else(|_| Date::from_calendar_date(year, time::Month::February, 28).unwrap_or(from))
}

/// How a request stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum RequestState {
    /// The provider has to decide.
    Requested,
    /// A narrowed offer waits for the asker.
    Offered,
    /// An agreement was made.
    Agreed,
    /// The provider, or the resource's sharing kind, says no.
    Refused,
    /// The asker took it back.
    Withdrawn,
}

/// What may be done with a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RequestAct {
    /// The provider gives what was asked.
    Approve,
    /// The provider gives less.
    Offer,
    /// The provider says no.
    Refuse,
    /// The asker takes the offer.
    Accept,
    /// The asker takes the request back.
    Withdraw,
}

impl RequestState {
    /// All states, in the order in which they come.
    pub const ALL: [Self; 5] = [Self::Requested, Self::Offered, Self::Agreed, Self::Refused, Self::Withdrawn];

    /// The state after an act, or none where the act has no place.
    pub fn after(self, act: RequestAct) -> Option<Self> {
        match (self, act) {
            (Self::Requested, RequestAct::Approve) | (Self::Offered, RequestAct::Accept) => Some(Self::Agreed),
            (Self::Requested, RequestAct::Offer) => Some(Self::Offered),
            (Self::Requested, RequestAct::Refuse) => Some(Self::Refused),
            (Self::Requested | Self::Offered, RequestAct::Withdraw) => Some(Self::Withdrawn),
            _ => None,
        }
    }

    /// As stored and sent.
    pub fn code(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Offered => "offered",
            Self::Agreed => "agreed",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// From an address bar.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == text)
    }
}

/// How an agreement stands. Only `InForce` lets calls through, and only within the term.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum AgreementState {
    /// Calls are answered within the term.
    InForce,
    /// The term is over.
    Expired,
    /// The provider ended it, with a reason.
    Revoked,
    /// The using department ended it.
    Ended,
}

/// What may be done with an agreement.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AgreementAct {
    /// The term runs out.
    Expire,
    /// The provider revokes.
    Revoke,
    /// The using department ends.
    End,
}

impl AgreementState {
    /// All states.
    pub const ALL: [Self; 4] = [Self::InForce, Self::Expired, Self::Revoked, Self::Ended];

    /// The state after an act, or none where the act has no place.
    pub fn after(self, act: AgreementAct) -> Option<Self> {
        match (self, act) {
            (Self::InForce, AgreementAct::Expire) => Some(Self::Expired),
            (Self::InForce, AgreementAct::Revoke) => Some(Self::Revoked),
            (Self::InForce, AgreementAct::End) => Some(Self::Ended),
            _ => None,
        }
    }

    /// As stored and sent.
    pub fn code(self) -> &'static str {
        match self {
            Self::InForce => "in_force",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Ended => "ended",
        }
    }

    /// From an address bar.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == text)
    }
}

/// Over how many rows an agreement's counters are spread. A row takes a few hundred calls a second before calls wait
/// for each other; a small quota on many rows would only make each slice awkwardly small.
pub fn shards(calls_a_day: i32, rate_a_minute: i32) -> i16 {
    let wanted = (calls_a_day / 1_000).min(rate_a_minute / 60).clamp(1, 16);
    i16::try_from(wanted).unwrap_or(1)
}

/// The part of `total` that one shard owns, as `store::call::take` computes it; all parts together are exactly `total`.
#[cfg(test)]
pub fn slice(total: i32, shards: i16, shard: i16) -> i32 {
    let (count, index) = (i32::from(shards.max(1)), i32::from(shard));
    total / count + i32::from(index < total % count)
}

/// A text within its bounds after trimming, or the code of what is wrong.
pub fn text_within(text: &str, min: usize, max: usize) -> Result<String, &'static str> {
    let trimmed = text.trim();
    let count = trimmed.chars().count();
    match count {
        0 if min > 0 => Err("exchange-text-missing"),
        n if n < min => Err("exchange-text-short"),
        n if n > max => Err("exchange-text-long"),
        _ if trimmed.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) => {
            Err("exchange-text-control")
        }
        _ => Ok(trimmed.to_owned()),
    }
}

#[cfg(test)]
mod tests;
