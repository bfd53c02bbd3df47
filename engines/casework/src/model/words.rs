//! The words by which a case is found: pairs of characters, and the week of its report as one word more.
use jh_core::gram;
use time::OffsetDateTime;

const WEEK_S: i64 = 7 * 24 * 3_600;

/// What is stored for search.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Words {
    /// The week of the report, counted from 1970.
    pub week: i32,
    /// The text form of the `tsvector`.
    pub vector: String,
}

impl Words {
    /// Of these texts, reported at an instant. No gram begins with `@`, so nobody finds the week by mistake.
    pub fn of(texts: &[&str], reported_at: OffsetDateTime) -> Self {
        let week = i32::try_from(reported_at.unix_timestamp().div_euclid(WEEK_S)).unwrap_or(0);
        Self { week, vector: format!("{} '@{week}'", gram::vector(texts)) }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn the_week_is_a_word_beside_the_pairs() {
        let words = Words::of(&["路灯不亮", "人民路"], datetime!(1970-01-15 00:00 UTC));
        assert_eq!(words.week, 2);
        assert_eq!(words.vector, "'不亮' '人民' '民路' '灯不' '路灯' '@2'");
    }
}
