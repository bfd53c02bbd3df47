//! The one place that asks what time it is. Everything else takes the time as a parameter.
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use time::{Date, OffsetDateTime, UtcOffset, macros::offset};

/// Beijing time, the legal time of all China; it has had no daylight saving since 1992.
pub const CHINA: UtcOffset = offset!(+8);

/// Where the time comes from: the machine, or a test's own hand.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// Microseconds since the epoch, moved only by `advance`.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands still at `start` until it is advanced.
    pub fn manual(start: OffsetDateTime) -> Self {
        let micros = i64::try_from(start.unix_timestamp_nanos() / 1_000).unwrap_or(0);
        Self::Manual(Arc::new(AtomicI64::new(micros)))
    }

    /// The present instant in UTC, to the microsecond (PostgreSQL keeps no finer).
    pub fn now(&self) -> OffsetDateTime {
        let nanos = match self {
            Self::System => OffsetDateTime::now_utc().unix_timestamp_nanos(),
            Self::Manual(micros) => i128::from(micros.load(Ordering::SeqCst)) * 1_000,
        };
        let whole = nanos - nanos.rem_euclid(1_000);
        OffsetDateTime::from_unix_timestamp_nanos(whole).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// Moves a manual clock forward; a system clock is not ours to move.
    pub fn advance(&self, by: time::Duration) {
        if let Self::Manual(micros) = self {
            let step = i64::try_from(by.whole_microseconds()).unwrap_or(0);
            micros.fetch_add(step, Ordering::SeqCst);
        }
    }
}

/// The calendar day in China at `instant`.
pub fn china_day(instant: OffsetDateTime) -> Date {
    instant.to_offset(CHINA).date()
}

/// Years that a day typed or sent can lie in: what lies outside is a slip, and sums with it would leave the calendar.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

/// A day written `2026-11-22`; none when it does not read as one or lies outside the years 1900 to 2200.
pub fn parse_day(text: &str) -> Option<Date> {
    let day = Date::parse(text.trim(), time::macros::format_description!("[year]-[month]-[day]")).ok();
    day.filter(|day| YEARS.contains(&day.year()))
}

/// Writes a day in JSON as OpenAPI's `format: date` promises: `2026-11-22`. For `#[serde(serialize_with = …)]`.
pub fn serialize_day<S: serde::Serializer>(day: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(day)
}

/// As [`serialize_day`], or null.
pub fn serialize_day_or_null<S: serde::Serializer>(day: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
    match day {
        Some(day) => serialize_day(day, serializer),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_and_a_slip_of_thousands_of_years_is_none() {
        assert_eq!(parse_day(" 2026-11-22 ").map(|day| day.to_string()).as_deref(), Some("2026-11-22"));
        for slip in ["", "9999-12-31", "0026-11-22", "+012026-11-22", "2026-13-01", "2026-02-30", "22.11.2026"] {
            assert_eq!(parse_day(slip), None, "{slip}");
        }
    }
}
