//! Dates and times as the specification wants them: the W3C's common subset of ISO 8601, with the zone.
use jh_core::clock::CHINA;
use time::format_description::well_known::Rfc3339;
use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime, Time};

/// The longest stretch that may be asked for.
pub const DAYS_MAX: i64 = 90;

/// Why a stretch of time was refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wrong {
    /// The start is no W3C date and time.
    Start,
    /// The end is none.
    End,
    /// The end lies before the start.
    Order,
    /// More than [`DAYS_MAX`] days.
    Long,
}

/// An instant as the answers write it, in the city's own zone.
pub fn written(instant: OffsetDateTime) -> String {
    let whole = instant.to_offset(CHINA).replace_nanosecond(0).unwrap_or(instant);
    whole.format(&Rfc3339).unwrap_or_default()
}

/// An instant or a day. A `+` that the client forgot to encode has become a space on the way.
fn read(text: &str, end: bool) -> Option<OffsetDateTime> {
    let text = text.trim().replace(' ', "+");
    if let Ok(instant) = OffsetDateTime::parse(&text, &Rfc3339) {
        return Some(instant);
    }
    let minutes = time::macros::format_description!(
        "[year]-[month]-[day]T[hour]:[minute][offset_hour sign:mandatory]:[offset_minute]"
    );
    let zoned = text.strip_suffix('Z').map_or_else(|| text.clone(), |rest| format!("{rest}+00:00"));
    if let Ok(instant) = OffsetDateTime::parse(&zoned, minutes) {
        return Some(instant);
    }
    let day = Date::parse(&text, time::macros::format_description!("[year]-[month]-[day]")).ok()?;
    let begin = PrimitiveDateTime::new(day, Time::MIDNIGHT).assume_offset(CHINA);
    if end { begin.checked_add(Duration::days(1))?.checked_sub(Duration::microseconds(1)) } else { Some(begin) }
}

/// From when to when is asked; the last ninety days when nothing is said.
pub fn stretch(start: &str, end: &str, now: OffsetDateTime) -> Result<(OffsetDateTime, OffsetDateTime), Wrong> {
    let longest = Duration::days(DAYS_MAX);
    let given = |text: &str, end, wrong| match text {
        "" => Ok(None),
        text => read(text, end).filter(|instant| (1..=9_998).contains(&instant.year())).map(Some).ok_or(wrong),
    };
    let (from, to) = match (given(start, false, Wrong::Start)?, given(end, true, Wrong::End)?) {
        (Some(from), Some(to)) => (from, to),
        (Some(from), None) => (from, from.saturating_add(longest)),
        (None, Some(to)) => (to.saturating_sub(longest), to),
        (None, None) => (now.saturating_sub(longest), now),
    };
    match to - from {
        long if long < Duration::ZERO => Err(Wrong::Order),
        long if long > longest => Err(Wrong::Long),
        _ => Ok((from, to)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-22 08:00 UTC);

    #[test]
    fn instants_are_written_in_the_citys_zone_and_read_in_any() {
        assert_eq!(written(datetime!(2026-11-22 08:00:01.5 UTC)), "2026-11-22T16:00:01+08:00");
        for text in
            ["2026-11-22T08:00:00Z", "2026-11-22T16:00:00+08:00", "2026-11-22T16:00:00 08:00", "2026-11-22T08:00Z"]
        {
            assert_eq!(read(text, false), Some(NOW), "{text}");
        }
        assert_eq!(read("2026-11-22T16:00+08:00", false), Some(NOW));
        assert_eq!(read("2026-11-22", false), Some(datetime!(2026-11-22 00:00 +8)));
    }

    #[test]
    fn without_dates_it_is_the_last_ninety_days_and_never_more() {
        assert_eq!(stretch("", "", NOW), Ok((NOW - Duration::days(90), NOW)));
        assert_eq!(stretch("2026-01-01", "", NOW).map(|(from, to)| (to - from).whole_days()), Ok(90));
        assert_eq!(stretch("2026-01-01", "2026-03-31T23:00:00+08:00", NOW).map(|(from, _)| from.year()), Ok(2026));
        assert_eq!(stretch("2026-01-01", "2026-06-01", NOW), Err(Wrong::Long));
        assert_eq!(stretch("2026-03-01", "2026-02-01", NOW), Err(Wrong::Order));
        assert_eq!(stretch("yesterday", "", NOW), Err(Wrong::Start));
        assert_eq!(stretch("", "2026-02-30", NOW), Err(Wrong::End));
    }

    proptest! {
        #[test]
        fn no_text_panics(start in "\\PC{0,30}", end in "[0-9TZ:+-]{0,26}") {
            let _ = stretch(&start, &end, NOW);
            let _ = stretch(&end, &start, NOW);
        }
    }
}
