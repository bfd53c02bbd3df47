//! Days as departments write them: 2015-03-01, 20150301, 2015/3/1, 2015.3.1, 2015年3月1日.
//!
//! The order is always year, month, day; nothing is guessed. A midnight that spreadsheets append is dropped,
//! any other time of day is refused rather than lost.
use time::{Date, Month};

super::define_faults! {
    /// Why a text is not a day.
    DateFault {
        /// Nothing but white space.
        Blank = "date-blank", "the date is blank";
        /// None of the accepted ways to write a day.
        Format = "date-format", "the date is not written as year, month and day";
        /// Written well, but the calendar has no such day.
        NotReal = "date-not-real", "the calendar has no such day";
    }
}

/// Reads one day.
pub fn parse(text: &str) -> Result<Date, DateFault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(DateFault::Blank);
    }
    let text = without_midnight(text);
    let (year, month, day) = split(text).ok_or(DateFault::Format)?;
    real(year, month, day).ok_or(DateFault::NotReal)
}

/// The day, if the calendar has it.
pub(crate) fn real(year: u16, month: u8, day: u8) -> Option<Date> {
    if year == 0 {
        return None;
    }
    let month = Month::try_from(month).ok()?;
    Date::from_calendar_date(i32::from(year), month, day).ok()
}

fn split(text: &str) -> Option<(u16, u8, u8)> {
    if text.len() == 8
        && let Some(whole) = number(text)
    {
        let (year, rest) = (whole / 10_000, whole % 10_000);
        return Some((narrow(year)?, narrow(rest / 100)?, narrow(rest % 100)?));
    }
    let year = text.get(..4)?;
    let rest = text.get(4..)?;
    let (month, day) = if let Some(rest) = rest.strip_prefix('年') {
        let (month, rest) = rest.split_once('月')?;
        (month, rest.strip_suffix('日').or_else(|| rest.strip_suffix('号')).unwrap_or(rest))
    } else {
        let mark = rest.chars().next().filter(|mark| matches!(mark, '-' | '/' | '.'))?;
        rest.strip_prefix(mark)?.split_once(mark)?
    };
    let short = |part: &str| if part.len() <= 2 { number(part.trim()) } else { None };
    Some((narrow(number(year)?)?, narrow(short(month)?)?, narrow(short(day)?)?))
}

/// Digits only: `str::parse` would let a sign through.
fn number(text: &str) -> Option<u32> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

fn narrow<T: TryFrom<u32>>(value: u32) -> Option<T> {
    T::try_from(value).ok()
}

/// `2015-03-01 00:00:00` and `2015-03-01T00:00:00` say no more than the day does.
fn without_midnight(text: &str) -> &str {
    match text.split_once([' ', 'T']) {
        Some((day, time))
            if time.len() >= 4
                && time.contains(':')
                && time.bytes().all(|byte| matches!(byte, b'0' | b':' | b'.' | b' ')) =>
        {
            day
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;

    #[test]
    fn the_usual_ways_to_write_a_day_mean_the_same_day() {
        for text in [
            "2015-03-01",
            "20150301",
            "2015/3/1",
            "2015/03/01",
            "2015.3.1",
            "2015年3月1日",
            "2015年03月01日",
            "2015年3月1号",
            " 2015-3-1 ",
            "2015-03-01 00:00:00",
            "2015-03-01T00:00:00",
            "2015/3/1 0:00",
            "2015-03-01 00:00:00.000",
            "\u{3000}2015-03-01",
        ] {
            assert_eq!(parse(text), Ok(date!(2015 - 03 - 01)), "{text}");
        }
    }

    #[test]
    fn a_leap_day_is_real_only_in_a_leap_year() {
        assert_eq!(parse("2000-02-29"), Ok(date!(2000 - 02 - 29)));
        assert_eq!(parse("1900-02-29"), Err(DateFault::NotReal));
        assert_eq!(parse("20150229"), Err(DateFault::NotReal));
    }

    #[test]
    fn what_is_no_day_is_refused_by_name() {
        assert_eq!(parse("  "), Err(DateFault::Blank));
        for text in [
            "2015",
            "15-3-1",
            "2015-3",
            "2015-3/1",
            "1/3/2015",
            "2015-03-01 08:30:00",
            "2015--3-1",
            "2015-+3-1",
            "2015-003-1",
            "三月",
            "2015年3日",
            "201503011",
            "2015-03-01-02",
            "年年年",
            "2015年",
            "2015-3-1 :",
        ] {
            assert_eq!(parse(text), Err(DateFault::Format), "{text}");
        }
        for text in ["2015-13-01", "2015-00-10", "2015-01-32", "00000101", "20150000"] {
            assert_eq!(parse(text), Err(DateFault::NotReal), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_day_is_read_back_from_every_way_it_is_written(ordinal in 1u16..=365, year in 1000i32..=9999) {
            let day = Date::from_ordinal_date(year, ordinal).unwrap();
            let (y, m, d) = (day.year(), u8::from(day.month()), day.day());
            for text in [
                format!("{y:04}-{m:02}-{d:02}"), format!("{y:04}{m:02}{d:02}"), format!("{y}/{m}/{d}"),
                format!("{y}.{m}.{d}"), format!("{y}年{m}月{d}日"),
            ] {
                prop_assert_eq!(parse(&text), Ok(day));
            }
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in ".{0,24}") {
            let _ = parse(&text);
        }
    }
}
