//! Why a call is refused, and under which clause. Pure.
use jh_core::clock::CHINA;
use jh_core::fault::{Kind, Refusal};
use time::{Date, OffsetDateTime};

use crate::clauses::{Clause, ClauseKind};

/// A call that the agreement does not allow. The order is the order in which they are looked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Denial {
    /// Somebody else's agreement.
    NotParty,
    /// The provider revoked it.
    Revoked {
        /// When.
        at: OffsetDateTime,
        /// The provider.
        by: String,
        /// Why.
        reason: String,
    },
    /// The using department ended it.
    Ended {
        /// When.
        at: OffsetDateTime,
        /// The using department.
        by: String,
    },
    /// The term is over.
    TermOver {
        /// The last day.
        to_on: Date,
    },
    /// The term has not begun.
    TermAhead {
        /// The first day.
        from_on: Date,
    },
    /// The resource is no longer published.
    ResourceWithdrawn,
    /// All calls of the day are used.
    OverQuota {
        /// Calls a day.
        limit: i32,
        /// The next midnight in Beijing.
        resets_at: OffsetDateTime,
        /// Until then.
        retry_after_s: i64,
    },
    /// All calls of the minute are used.
    OverRate {
        /// Calls a minute.
        limit: i32,
        /// Until the next minute.
        retry_after_s: i64,
    },
    /// The field is not agreed, as a column or as a condition.
    FieldNotAgreed {
        /// Its name, cut to a length fit for a message.
        field: String,
    },
    /// A masked field searched otherwise than by its whole value.
    MaskedSearch {
        /// Its name.
        field: String,
    },
    /// The search can only bring rows that are not agreed.
    OutsideRows {
        /// The field whose condition excludes it.
        field: String,
    },
}

impl Denial {
    /// The clause that refuses.
    pub fn clause(&self) -> ClauseKind {
        match self {
            Self::NotParty => ClauseKind::Parties,
            Self::Revoked { .. } | Self::Ended { .. } => ClauseKind::Closing,
            Self::TermOver { .. } | Self::TermAhead { .. } => ClauseKind::Term,
            Self::ResourceWithdrawn => ClauseKind::Resource,
            Self::OverQuota { .. } => ClauseKind::Quota,
            Self::OverRate { .. } => ClauseKind::Rate,
            Self::FieldNotAgreed { .. } | Self::MaskedSearch { .. } => ClauseKind::Fields,
            Self::OutsideRows { .. } => ClauseKind::Rows,
        }
    }

    /// Stable and dashed; the text for people is `error-<code>`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotParty => "exchange-not-party",
            Self::Revoked { .. } => "exchange-revoked",
            Self::Ended { .. } => "exchange-ended",
            Self::TermOver { .. } => "exchange-term-over",
            Self::TermAhead { .. } => "exchange-term-ahead",
            Self::ResourceWithdrawn => "exchange-resource-withdrawn",
            Self::OverQuota { .. } => "exchange-over-quota",
            Self::OverRate { .. } => "exchange-over-rate",
            Self::FieldNotAgreed { .. } => "exchange-field-not-agreed",
            Self::MaskedSearch { .. } => "exchange-masked-search",
            Self::OutsideRows { .. } => "exchange-outside-rows",
        }
    }

    /// What the caller reads. A stranger is told the clause's number and not its text, which names the parties.
    pub fn refusal(&self, clause: Option<&Clause>) -> Refusal {
        let kind = match self {
            Self::OverQuota { .. } | Self::OverRate { .. } => Kind::TooMany,
            _ => Kind::Forbidden,
        };
        let refusal = Refusal::new(kind, self.code()).arg("clause", self.clause().number());
        let refusal = match clause {
            Some(clause) => refusal.arg("clause_text", &clause.text_zh).arg("clause_text_en", &clause.text_en),
            None => refusal,
        };
        match self {
            Self::NotParty | Self::ResourceWithdrawn => refusal,
            Self::Revoked { at, by, reason } => refusal.arg("at", beijing(*at)).arg("by", by).arg("reason", reason),
            Self::Ended { at, by } => refusal.arg("at", beijing(*at)).arg("by", by),
            Self::TermOver { to_on } => refusal.arg("to_on", to_on),
            Self::TermAhead { from_on } => refusal.arg("from_on", from_on),
            Self::OverQuota { limit, resets_at, retry_after_s } => {
                refusal.arg("limit", limit).arg("resets_at", beijing(*resets_at)).arg("retry_after_s", retry_after_s)
            }
            Self::OverRate { limit, retry_after_s } => refusal.arg("limit", limit).arg("retry_after_s", retry_after_s),
            Self::FieldNotAgreed { field } | Self::MaskedSearch { field } | Self::OutsideRows { field } => {
                refusal.arg("field", field)
            }
        }
    }
}

/// An instant as people in Beijing read it: `2026-11-23 00:00`.
pub fn beijing(instant: OffsetDateTime) -> String {
    let local = instant.to_offset(CHINA);
    format!("{} {:02}:{:02}", local.date(), local.hour(), local.minute())
}

/// The next midnight in Beijing, when quotas are counted anew.
pub fn next_midnight(now: OffsetDateTime) -> OffsetDateTime {
    let today = now.to_offset(CHINA).date();
    today.next_day().unwrap_or(today).midnight().assume_offset(CHINA)
}

/// The beginning of the minute that `now` lies in.
pub fn minute_of(now: OffsetDateTime) -> OffsetDateTime {
    now - time::Duration::seconds(i64::from(now.second())) - time::Duration::nanoseconds(i64::from(now.nanosecond()))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn the_quota_resets_at_midnight_in_beijing() {
        assert_eq!(next_midnight(datetime!(2026-11-22 15:59:59 UTC)), datetime!(2026-11-22 16:00 UTC));
        assert_eq!(next_midnight(datetime!(2026-11-22 16:00 UTC)), datetime!(2026-11-23 16:00 UTC));
        assert_eq!(beijing(datetime!(2026-11-22 16:00 UTC)), "2026-11-23 00:00");
        assert_eq!(minute_of(datetime!(2026-11-22 16:00:59.999999 UTC)), datetime!(2026-11-22 16:00 UTC));
    }

    #[test]
    fn every_denial_names_its_clause_and_only_parties_read_its_text() {
        let clause =
            Clause { number: 6, text_zh: "每天不超过 5 次".into(), text_en: "At most 5 calls a day".into() };
        let over = Denial::OverQuota { limit: 5, resets_at: datetime!(2026-11-22 16:00 UTC), retry_after_s: 60 };
        let refusal = over.refusal(Some(&clause));
        assert_eq!(refusal.kind, Kind::TooMany);
        assert!(refusal.args.contains(&("clause", "6".to_owned())));
        assert!(refusal.args.contains(&("clause_text", "每天不超过 5 次".to_owned())));
        assert!(refusal.args.contains(&("resets_at", "2026-11-23 00:00".to_owned())));
        let stranger = Denial::NotParty.refusal(None);
        assert_eq!(stranger.args, vec![("clause", "1".to_owned())]);
    }
}
