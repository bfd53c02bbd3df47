//! Working time against the law's examples, and by chance.
use proptest::prelude::*;
use time::macros::{date, datetime, time};

use super::*;

/// 2026 around 国庆: 1 to 7 October off, 20 September and 10 October worked.
fn calendar() -> Calendar {
    let mut days = BTreeMap::new();
    for day in 1..=7 {
        days.insert(date!(2026 - 10 - 01).replace_day(day).expect("a day"), DayKind::Holiday);
    }
    days.insert(date!(2026 - 09 - 20), DayKind::Workday);
    days.insert(date!(2026 - 10 - 10), DayKind::Workday);
    Calendar::new(days, vec![(time!(8:30), time!(12:00)), (time!(14:00), time!(17:30))])
}

#[test]
fn hours_run_on_and_working_hours_wait_for_the_office() {
    let friday = datetime!(2026-09-25 17:00 +8);
    assert_eq!(calendar().end(friday, Span::new(2, Unit::Hour)), datetime!(2026-09-25 19:00 +8));
    assert_eq!(calendar().end(friday, Span::new(2, Unit::WorkingHour)), datetime!(2026-09-28 10:00 +8));
    let noon = datetime!(2026-09-28 11:30 +8);
    assert_eq!(calendar().end(noon, Span::new(1, Unit::WorkingHour)), datetime!(2026-09-28 14:30 +8));
}

#[test]
fn the_first_day_is_not_counted_and_the_last_ends_when_the_office_closes() {
    let tuesday = datetime!(2026-09-22 09:00 +8);
    assert_eq!(calendar().end(tuesday, Span::new(1, Unit::WorkingDay)), datetime!(2026-09-23 17:30 +8));
    assert_eq!(calendar().end(tuesday, Span::new(2, Unit::Day)), datetime!(2026-09-24 17:30 +8));
}

#[test]
fn make_up_days_are_worked_and_holidays_are_not() {
    let before = datetime!(2026-09-30 10:00 +8);
    assert_eq!(calendar().end(before, Span::new(1, Unit::WorkingDay)), datetime!(2026-10-08 17:30 +8));
    // The 8th, the 9th, and Saturday the 10th, which is worked.
    assert_eq!(calendar().end(before, Span::new(3, Unit::WorkingDay)), datetime!(2026-10-10 17:30 +8));
    let saturday = datetime!(2026-09-19 10:00 +8);
    assert_eq!(calendar().end(saturday, Span::new(1, Unit::WorkingDay)), datetime!(2026-09-20 17:30 +8));
}

#[test]
fn a_last_day_that_is_a_holiday_gives_way_to_the_next_working_day() {
    assert_eq!(calendar().end(datetime!(2026-09-29 10:00 +8), Span::new(5, Unit::Day)), datetime!(2026-10-08 17:30 +8));
}

#[test]
fn a_calendar_without_any_working_day_ends_somewhere() {
    let days = (0..4_000).map(|n| (date!(2026 - 01 - 01) + Duration::days(n), DayKind::Holiday)).collect();
    let never = Calendar::new(days, Vec::new());
    let from = datetime!(2026-01-01 00:00 +8);
    for unit in Unit::CHOICES {
        assert!(never.end(from, Span::new(5, unit)) < datetime!(2040-01-01 00:00 +8));
    }
}

fn instant() -> impl Strategy<Value = OffsetDateTime> {
    // Three months around the holidays.
    (0_i64..90 * 86_400).prop_map(|s| datetime!(2026-08-20 00:00 +8) + Duration::seconds(s))
}

proptest! {
    #[test]
    fn more_is_never_earlier_and_no_limit_ends_before_it_begins(from in instant(), amount in 0..60_i32) {
        for unit in [Unit::Second, Unit::WorkingSecond, Unit::Hour, Unit::WorkingHour, Unit::Day, Unit::WorkingDay] {
            let (one, next) = (calendar().end(from, Span::new(amount, unit)), calendar().end(from, Span::new(amount + 1, unit)));
            prop_assert!(one <= next, "{unit:?}");
            if amount > 0 {
                prop_assert!(one >= from, "{unit:?}");
            }
        }
    }

    #[test]
    fn working_time_counted_back_is_what_was_given(from in instant(), hours in 1..40_i32) {
        let end = calendar().end(from, Span::new(hours, Unit::WorkingHour));
        prop_assert_eq!(calendar().working_seconds(from, end), i64::from(hours) * 3_600);
    }

    #[test]
    fn a_pause_of_no_time_moves_no_deadline(from in instant(), amount in 1..30_i32, part in 0.0..1.0_f64) {
        let calendar = calendar();
        for unit in [Unit::Hour, Unit::WorkingHour] {
            let due = calendar.end(from, Span::new(amount, unit));
            let now = from + (due - from) * part;
            let now = now.replace_nanosecond(0).expect("whole seconds");
            let again = calendar.end(now, calendar.left(now, due, unit));
            prop_assert_eq!(calendar.working_seconds(again.min(due), again.max(due)), 0);
            if unit == Unit::Hour {
                prop_assert_eq!(again, due);
            }
        }
    }

    #[test]
    fn a_new_holiday_never_brings_a_deadline_forward(from in instant(), amount in 1..20_i32, day in 0..90_i64) {
        let before = calendar();
        let mut after = before.clone();
        after.days.insert(date!(2026-08-20) + Duration::days(day), DayKind::Holiday);
        for unit in Unit::CHOICES {
            let span = Span::new(amount, unit);
            prop_assert!(after.end(from, span) >= before.end(from, span), "{unit:?}");
        }
    }
}
