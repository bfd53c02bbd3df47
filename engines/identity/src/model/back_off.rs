//! How long a sign-in must wait after failed ones.
//!
//! Three counters, because one cannot do it all. A strict one counts a name *at one address*: whoever fails there on
//! purpose holds back himself and not a colleague elsewhere. A generous one counts a name over all addresses, so that a
//! guess spread over many of them is slowed too. A third counts an address over all names.
//!
//! The attempt counts as failed before the password is looked at and is taken back when it was right: so a hundred
//! attempts sent at once are not a hundred free ones.
use time::{Duration, OffsetDateTime};

/// What is being held back.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Subject {
    /// A username or phone, known to us or not, at one network address.
    NameHere,
    /// The same name, wherever it is tried.
    NameAnywhere,
    /// A network address; an office of fifty people may share one.
    Address,
}

/// Failures older than this are forgotten.
pub const FORGET_AFTER: Duration = Duration::hours(24);

impl Subject {
    /// Failures in a row that cost nothing: people mistype.
    pub fn free(self) -> i32 {
        match self {
            Self::NameHere => 5,
            Self::NameAnywhere => 100,
            Self::Address => 20,
        }
    }

    /// The longest wait. The name's everywhere is short: it is the one that others can bring upon its owner.
    pub fn wait_max(self) -> Duration {
        match self {
            Self::NameHere => Duration::minutes(5),
            Self::NameAnywhere => Duration::minutes(1),
            Self::Address => Duration::minutes(15),
        }
    }

    /// Failures forgiven after so long without one. A shared address always has somebody who mistypes, so it leaks like
    /// a bucket. A name here is forgiven by its owner's signing in, or after a day. A name everywhere leaks faster than
    /// one address can fill it at the pace the strict counter leaves it, so that it takes many to slow its owner down.
    pub fn forgiven(self, since: Duration) -> i32 {
        let leaked = |each_s: i64| i32::try_from(since.whole_seconds() / each_s).unwrap_or(i32::MAX).max(0);
        match self {
            Self::NameHere => 0,
            Self::NameAnywhere => leaked(60),
            Self::Address => leaked(10),
        }
    }

    /// The domain of the blinded key, so that a name and an address never meet.
    pub fn scheme(self) -> &'static str {
        match self {
            Self::NameHere => "identity.back_off.name_here",
            Self::NameAnywhere => "identity.back_off.name",
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
        let waits: Vec<_> = (1..=16).map(|n| Subject::NameHere.wait(n).whole_seconds()).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        let waits: Vec<_> = (99..=109).map(|n| Subject::NameAnywhere.wait(n).whole_seconds()).collect();
        assert_eq!(waits, [0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(Subject::Address.wait(20), Duration::ZERO);
        assert_eq!(Subject::Address.wait(i32::MAX), Duration::minutes(15));
    }

    #[test]
    fn a_day_forgets() {
        let old = BackOff { failures: 50, failed_at: START, blocked_until_at: START };
        match attempt(Subject::NameHere, Some(old), START + FORGET_AFTER) {
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
        /// However one address spaces a day's guesses at a name, the name's owner elsewhere never waits for it.
        #[test]
        fn one_address_holds_nobody_back_elsewhere(gaps in prop::collection::vec(0_i64..400, 1..2_000)) {
            let (mut here, mut anywhere, mut now) = (None, None, START);
            for gap in gaps {
                now += Duration::seconds(gap);
                let Attempt::Allowed(counted) = attempt(Subject::NameHere, here, now) else { continue };
                here = Some(counted);
                match attempt(Subject::NameAnywhere, anywhere, now) {
                    Attempt::Allowed(counted) => {
                        prop_assert_eq!(counted.blocked_until_at, now);
                        anywhere = Some(counted);
                    }
                    Attempt::Wait(_) => prop_assert!(false, "the name is held back everywhere"),
                }
            }
        }

        /// However many addresses share a day's guesses at one name, each having its free ones, few get through.
        #[test]
        fn guesses_from_everywhere_are_slowed(gaps in prop::collection::vec(0_i64..120, 1..2_000)) {
            let (mut held, mut now, mut let_through) = (None, START, 0_i64);
            for gap in gaps {
                now += Duration::seconds(gap);
                match attempt(Subject::NameAnywhere, held, now) {
                    Attempt::Allowed(next) => {
                        let_through += 1;
                        held = Some(next);
                    }
                    Attempt::Wait(seconds) => prop_assert!((1..=61).contains(&seconds)),
                }
            }
            // Those that are free, those that the wait grows by, and for each minute one that waited and one that leaked.
            let minutes = (now - START).whole_seconds() / 60;
            prop_assert!(let_through <= 100 + 7 + 2 * minutes + 1, "{let_through} in {minutes} min");
        }

        /// However an attacker spaces a day's guesses at one name from one address, few get through.
        #[test]
        fn guesses_are_few(gaps in prop::collection::vec(0_i64..120, 1..2_000)) {
            let (mut held, mut now, mut let_through) = (None, START, 0_i64);
            for gap in gaps {
                now += Duration::seconds(gap);
                if now - START >= FORGET_AFTER {
                    break;
                }
                match attempt(Subject::NameHere, held, now) {
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
