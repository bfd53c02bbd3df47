//! How long a name or an address must wait after failed sign-ins.
//!
//! The attempt counts as failed before the password is looked at and is taken back when it was right: so a hundred
//! attempts sent at once are not a hundred free ones.
use time::{Duration, OffsetDateTime};

/// What is being held back.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Subject {
    /// A username or phone, known to us or not.
    Name,
    /// A network address; an office of fifty people may share one.
    Address,
}

/// Failures older than this are forgotten.
pub const FORGET_AFTER: Duration = Duration::hours(24);

impl Subject {
    /// Failures in a row that cost nothing: people mistype.
    pub fn free(self) -> i32 {
        match self {
            Self::Name => 5,
            Self::Address => 20,
        }
    }

    /// The longest wait. Short enough that nobody can keep a colleague out for long by failing on purpose.
    pub fn wait_max(self) -> Duration {
        match self {
            Self::Name => Duration::minutes(5),
            Self::Address => Duration::minutes(15),
        }
    }

    /// Failures forgiven after so long without one. A shared address always has somebody who mistypes, so it leaks like
    /// a bucket; a name is forgiven by its owner's signing in, or after a day.
    pub fn forgiven(self, since: Duration) -> i32 {
        match self {
            Self::Name => 0,
            Self::Address => i32::try_from(since.whole_seconds() / 10).unwrap_or(i32::MAX).max(0),
        }
    }

    /// The domain of the blinded key, so that a name and an address never meet.
    pub fn scheme(self) -> &'static str {
        match self {
            Self::Name => "identity.back_off.name",
            Self::Address => "identity.back_off.address",
        }
    }

    /// The wait after so many failures in a row: none while they are free, then 1 s doubling to the longest.
    pub fn wait(self, failures: i32) -> Duration {
        let over = failures.saturating_sub(self.free());
        if over <= 0 {
            return Duration::ZERO;
        }
        let seconds = 1_i64 << (over - 1).min(20);
        Duration::seconds(seconds).min(self.wait_max())
    }
}

/// The failures of one subject.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BackOff {
    /// In a row.
    pub failures: i32,
    /// The last one.
    pub failed_at: OffsetDateTime,
    /// Until when nothing is tried.
    pub blocked_until_at: OffsetDateTime,
}

/// What an attempt meets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Attempt {
    /// It may be made; this is to be written first.
    Allowed(BackOff),
    /// It must wait so many seconds.
    Wait(i64),
}

/// Counts an attempt as failed, or says how long to wait.
pub fn attempt(subject: Subject, before: Option<BackOff>, now: OffsetDateTime) -> Attempt {
    let before = before.filter(|b| now - b.failed_at < FORGET_AFTER);
    if let Some(held) = before.filter(|b| b.blocked_until_at > now) {
        return Attempt::Wait((held.blocked_until_at - now).whole_seconds().max(0) + 1);
    }
    let counted = |b: BackOff| b.failures.saturating_sub(subject.forgiven(now - b.failed_at)).max(0);
    let failures = before.map_or(0, counted).saturating_add(1);
    Attempt::Allowed(BackOff { failures, failed_at: now, blocked_until_at: now + subject.wait(failures) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::datetime;

    use super::*;

    const START: OffsetDateTime = datetime!(2026-11-22 08:00 +8);

    #[test]
    fn five_mistakes_are_free_then_the_wait_doubles() {
        let waits: Vec<_> = (1..=16).map(|n| Subject::Name.wait(n).whole_seconds()).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        assert_eq!(Subject::Address.wait(20), Duration::ZERO);
        assert_eq!(Subject::Address.wait(i32::MAX), Duration::minutes(15));
    }

    #[test]
    fn a_day_forgets() {
        let old = BackOff { failures: 50, failed_at: START, blocked_until_at: START };
        match attempt(Subject::Name, Some(old), START + FORGET_AFTER) {
            Attempt::Allowed(next) => assert_eq!(next.failures, 1),
            other @ Attempt::Wait(_) => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_office_that_mistypes_every_ten_seconds_is_not_held_back() {
        let (mut held, mut now) = (None, START);
        for _ in 0..500 {
            match attempt(Subject::Address, held, now) {
                Attempt::Allowed(next) => held = Some(next),
                other @ Attempt::Wait(_) => panic!("{other:?}"),
            }
            now += Duration::seconds(10);
        }
    }

    proptest! {
        /// However an attacker spaces a day's guesses at one name, few get through.
        #[test]
        fn guesses_are_few(gaps in prop::collection::vec(0_i64..120, 1..2_000)) {
            let (mut held, mut now, mut let_through) = (None, START, 0_i64);
            for gap in gaps {
                now += Duration::seconds(gap);
                if now - START >= FORGET_AFTER {
                    break;
                }
                match attempt(Subject::Name, held, now) {
                    Attempt::Allowed(next) => {
                        let_through += 1;
                        held = Some(next);
                    }
                    Attempt::Wait(seconds) => prop_assert!((1..=301).contains(&seconds)),
                }
            }
            let elapsed = (now - START).whole_seconds();
            prop_assert!(let_through <= 14 + elapsed / 300 + 1);
        }
    }
}
