//! How long a session lives and when its token changes.
use jh_core::actor::ActorKind;
use jh_core::define_id;
use time::{Duration, OffsetDateTime};

define_id!(
    /// One signed-in browser.
    SessionId
);

/// How often `seen_at` is written: an idle limit of hours needs no write a request.
pub const SEEN_EVERY: Duration = Duration::minutes(5);
/// A token is replaced daily even if nothing else happens.
pub const ROTATE_EVERY: Duration = Duration::hours(24);
/// The replaced token is honoured this long, for requests that were under way.
pub const OVERLAP: Duration = Duration::seconds(60);

/// The limits of a session.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Without a request it ends after this long.
    pub idle: Duration,
    /// It ends after this long whatever happens.
    pub absolute: Duration,
}

impl Limits {
    /// Staff sit at shared desks and see other people's records; residents use their own phones and see their own.
    pub fn of(kind: ActorKind) -> Self {
        match kind {
            ActorKind::Resident => Self { idle: Duration::days(7), absolute: Duration::days(30) },
            _ => Self { idle: Duration::hours(8), absolute: Duration::hours(24) },
        }
    }
}

/// What of a session decides about its life.
#[derive(Clone, Copy, Debug)]
pub struct Life {
    /// The last request seen, to `SEEN_EVERY`.
    pub seen_at: OffsetDateTime,
    /// When the token was made.
    pub rotated_at: OffsetDateTime,
    /// When the account's rights last changed.
    pub rights_changed_at: OffsetDateTime,
    /// The longest silence.
    pub idle: Duration,
    /// The end whatever happens.
    pub ends_at: OffsetDateTime,
}

/// What to do with a session on a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It is over.
    Ended,
    /// It lives.
    Live,
    /// It lives and its token is due for replacement.
    Rotate,
}

impl Life {
    /// What to do at the instant `now`.
    pub fn verdict(&self, now: OffsetDateTime) -> Verdict {
        if now >= self.ends_at || now >= self.seen_at.saturating_add(self.idle) {
            Verdict::Ended
        } else if self.rotated_at < self.rights_changed_at || now >= self.rotated_at.saturating_add(ROTATE_EVERY) {
            Verdict::Rotate
        } else {
            Verdict::Live
        }
    }
}

/// One of my sessions, as its list shows it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SessionRow {
    /// Which one.
    pub id: SessionId,
    /// Since when.
    pub begun_at: OffsetDateTime,
    /// The last request seen.
    pub seen_at: OffsetDateTime,
    /// From where it began.
    pub address: String,
    /// What the browser calls itself, cut short.
    pub agent: String,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// A browser's own description in a few words people recognise, best first match. None: unknown.
pub fn device(agent: &str) -> Option<(&'static str, &'static str)> {
    const PROGRAMS: [(&str, &str); 7] = [
        ("MicroMessenger", "微信"),
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("QQBrowser", "QQ 浏览器"),
        ("Chromium", "Chromium"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 7] = [
        ("HarmonyOS", "HarmonyOS"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ];
    let first =
        |list: &[(&str, &'static str)]| list.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    Some((first(&PROGRAMS)?, first(&SYSTEMS)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::datetime;

    use super::*;

    const START: OffsetDateTime = datetime!(2026-11-22 08:00 +8);

    fn fresh(kind: ActorKind) -> Life {
        let limits = Limits::of(kind);
        Life {
            seen_at: START,
            rotated_at: START,
            rights_changed_at: START - Duration::days(30),
            idle: limits.idle,
            ends_at: START + limits.absolute,
        }
    }

    #[test]
    fn staff_end_after_eight_idle_hours_and_after_a_day() {
        let life = fresh(ActorKind::Staff);
        assert_eq!(life.verdict(START + Duration::minutes(1)), Verdict::Live);
        assert_eq!(life.verdict(START + Duration::hours(8)), Verdict::Ended);
        let busy = Life { seen_at: START + Duration::hours(23), ..life };
        assert_eq!(busy.verdict(START + Duration::hours(24)), Verdict::Ended);
    }

    #[test]
    fn changed_rights_and_a_day_replace_the_token() {
        let life = fresh(ActorKind::Resident);
        let richer = Life { rights_changed_at: START + Duration::seconds(1), ..life };
        assert_eq!(richer.verdict(START + Duration::seconds(2)), Verdict::Rotate);
        assert_eq!(life.verdict(START + Duration::hours(24)), Verdict::Rotate);
    }

    #[test]
    fn devices_are_recognised() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0";
        assert_eq!(device(edge), Some(("Edge", "Windows")));
        assert_eq!(device("curl/8.0"), None);
    }

    proptest! {
        /// A session that has ended never lives again, however late one asks.
        #[test]
        fn the_end_is_final(idle in 1_i64..100_000, absolute in 1_i64..100_000, seen in 0_i64..100_000, at in 0_i64..300_000, later in 0_i64..300_000) {
            let life = Life {
                seen_at: START + Duration::seconds(seen),
                rotated_at: START,
                rights_changed_at: START,
                idle: Duration::seconds(idle),
                ends_at: START + Duration::seconds(absolute),
            };
            let (now, then) = (START + Duration::seconds(at), START + Duration::seconds(at + later));
            if life.verdict(now) == Verdict::Ended {
                prop_assert_eq!(life.verdict(then), Verdict::Ended);
            }
        }
    }
}
