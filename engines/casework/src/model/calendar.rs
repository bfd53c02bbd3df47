//! Working time: days off, make-up days (调休), office hours, and when a limit ends.
//!
//! 民法典 第二百零一条: what is counted by days does not count its first day; what is counted by hours begins at once. 第二百零三条: the last
//! day ends at midnight, or when the office closes where there are office hours; a last day that is a holiday gives way to the next day
//! that is none.
use std::collections::BTreeMap;

use jh_core::clock::CHINA;
use serde::{Deserialize, Serialize};
use time::{Date, Duration, OffsetDateTime, Time, Weekday};
use utoipa::ToSchema;

/// Nobody counts further than this; a calendar without any working day must not count for ever.
const DAYS_MAX: u32 = 3_660;
/// The largest amount of a span.
pub const AMOUNT_MAX: i32 = 1_000_000;

/// What a limit is counted in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Unit {
    /// Seconds that run on: what is left of a paused limit.
    Second,
    /// Seconds of office hours.
    WorkingSecond,
    /// Hours that run on.
    Hour,
    /// Hours of office hours.
    WorkingHour,
    /// Days of the calendar.
    Day,
    /// Working days.
    WorkingDay,
}

impl Unit {
    /// Those a person chooses among.
    pub const CHOICES: [Self; 4] = [Self::Hour, Self::WorkingHour, Self::Day, Self::WorkingDay];

    /// As in rows and addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Second => "second",
            Self::WorkingSecond => "working_second",
            Self::Hour => "hour",
            Self::WorkingHour => "working_hour",
            Self::Day => "day",
            Self::WorkingDay => "working_day",
        }
    }

    /// From a form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::CHOICES.into_iter().find(|unit| unit.code() == text)
    }
}

/// So many units.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Span {
    /// How many, 1 to [`AMOUNT_MAX`]; what is left of a pause may be 0.
    pub amount: i32,
    /// Of what.
    pub unit: Unit,
}

impl Span {
    /// So many of these.
    pub const fn new(amount: i32, unit: Unit) -> Self {
        Self { amount, unit }
    }
}

/// What a day is by decree, whatever weekday it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum DayKind {
    /// A day off.
    Holiday,
    /// A Saturday or Sunday that is worked (调休上班).
    Workday,
}

/// When offices work.
#[derive(Clone, Debug)]
pub struct Calendar {
    days: BTreeMap<Date, DayKind>,
    /// From and to on a working day, ascending and apart.
    hours: Vec<(Time, Time)>,
}

impl Calendar {
    /// A calendar of decreed days and office hours; hours that are none are left out, and with none at all a day is worked from midnight.
    pub fn new(days: BTreeMap<Date, DayKind>, mut hours: Vec<(Time, Time)>) -> Self {
        hours.retain(|(from, to)| from < to);
        hours.sort();
        hours.dedup_by(|next, before| next.0 < before.1);
        if hours.is_empty() {
            hours.push((Time::MIDNIGHT, time::macros::time!(23:59:59)));
        }
        Self { days, hours }
    }

    /// Whether offices work on this day.
    pub fn is_workday(&self, day: Date) -> bool {
        match self.days.get(&day) {
            Some(kind) => *kind == DayKind::Workday,
            None => !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday),
        }
    }

    /// The last moment of office hours of a day.
    fn closing(&self, day: Date) -> OffsetDateTime {
        let last = self.hours.last().map_or(Time::MIDNIGHT, |hours| hours.1);
        day.with_time(last).assume_offset(CHINA)
    }

    /// The first moment of office hours of the next working day after the one of `instant`.
    pub fn next_opening(&self, instant: OffsetDateTime) -> OffsetDateTime {
        let mut day = instant.to_offset(CHINA).date();
        let opening = self.hours.first().map_or(Time::MIDNIGHT, |hours| hours.0);
        for _ in 0..DAYS_MAX {
            let Some(next) = day.next_day() else { break };
            day = next;
            if self.is_workday(day) {
                break;
            }
        }
        day.with_time(opening).assume_offset(CHINA)
    }

    /// When a span that begins at `from` ends.
    pub fn end(&self, from: OffsetDateTime, span: Span) -> OffsetDateTime {
        let amount = i64::from(span.amount.clamp(0, AMOUNT_MAX));
        match span.unit {
            Unit::Second => from + Duration::seconds(amount),
            Unit::Hour => from + Duration::hours(amount),
            Unit::WorkingSecond => self.after_working(from, amount),
            Unit::WorkingHour => self.after_working(from, amount.saturating_mul(3_600)),
            Unit::Day => self.after_days(from, amount),
            Unit::WorkingDay => self.after_workdays(from, amount),
        }
    }

    fn after_days(&self, from: OffsetDateTime, days: i64) -> OffsetDateTime {
        let first = from.to_offset(CHINA).date();
        let mut day = first.checked_add(Duration::days(days.min(i64::from(DAYS_MAX)))).unwrap_or(first);
        for _ in 0..DAYS_MAX {
            if self.is_workday(day) {
                break;
            }
            let Some(next) = day.next_day() else { break };
            day = next;
        }
        self.closing(day)
    }

    fn after_workdays(&self, from: OffsetDateTime, days: i64) -> OffsetDateTime {
        let mut day = from.to_offset(CHINA).date();
        let mut left = days;
        for _ in 0..DAYS_MAX {
            if left <= 0 {
                break;
            }
            let Some(next) = day.next_day() else { break };
            day = next;
            left -= i64::from(self.is_workday(day));
        }
        self.closing(day)
    }

    fn after_working(&self, from: OffsetDateTime, seconds: i64) -> OffsetDateTime {
        let mut left = seconds;
        let local = from.to_offset(CHINA);
        let mut day = local.date();
        for _ in 0..DAYS_MAX {
            for (opens, closes) in self.worked(day) {
                let begin = opens.max(local);
                let there = (closes - begin).whole_seconds();
                if there <= 0 {
                    continue;
                }
                if left <= there {
                    return begin + Duration::seconds(left);
                }
                left -= there;
            }
            let Some(next) = day.next_day() else { break };
            day = next;
        }
        self.closing(day)
    }

    /// The stretches worked on a day; none on a day off.
    fn worked(&self, day: Date) -> impl Iterator<Item = (OffsetDateTime, OffsetDateTime)> {
        let hours = if self.is_workday(day) { self.hours.as_slice() } else { &[] };
        hours
            .iter()
            .map(move |(from, to)| (day.with_time(*from).assume_offset(CHINA), day.with_time(*to).assume_offset(CHINA)))
    }

    /// Seconds of office hours between two instants; 0 if the second is not later.
    pub fn working_seconds(&self, from: OffsetDateTime, to: OffsetDateTime) -> i64 {
        let (from, to) = (from.to_offset(CHINA), to.to_offset(CHINA));
        let mut day = from.date();
        let mut sum = 0;
        for _ in 0..DAYS_MAX {
            if day > to.date() {
                break;
            }
            for (opens, closes) in self.worked(day) {
                sum += (closes.min(to) - opens.max(from)).whole_seconds().max(0);
            }
            let Some(next) = day.next_day() else { break };
            day = next;
        }
        sum
    }

    /// What is left of a limit of `unit` at `now`, in the unit in which it goes on after a pause.
    pub fn left(&self, now: OffsetDateTime, due_at: OffsetDateTime, unit: Unit) -> Span {
        let (seconds, unit) = match unit {
            Unit::WorkingSecond | Unit::WorkingHour | Unit::WorkingDay => {
                (self.working_seconds(now, due_at), Unit::WorkingSecond)
            }
            Unit::Second | Unit::Hour | Unit::Day => ((due_at - now).whole_seconds().max(0), Unit::Second),
        };
        // Whoever counts seconds may count more of them than a person would.
        Span { amount: i32::try_from(seconds).unwrap_or(AMOUNT_MAX).min(AMOUNT_MAX * 100), unit }
    }
}

#[cfg(test)]
mod tests;
