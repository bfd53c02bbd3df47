//! Money in whole fen, never a float. Every operation is checked, and a division among many loses nothing.
use std::fmt;
use std::str::FromStr;

crate::code::define_faults! {
    /// Why an amount cannot be had.
    MoneyFault {
        /// More than 92 quadrillion yuan.
        Overflow = "money-overflow", "the amount is larger than can be counted";
        /// Not an amount of money.
        Format = "money-format", "the text is not an amount in yuan";
        /// Digits below one fen.
        TooFine = "money-too-fine", "the amount has more than two decimals";
        /// Nobody to divide among.
        NoWeight = "money-no-weight", "there is no weight to divide the amount by";
    }
}

/// An amount in fen, the hundredth part of a yuan; may be negative. In JSON and SQL it is the plain number of fen.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Debug,
    serde::Serialize,
    serde::Deserialize,
    sqlx::Type,
    utoipa::ToSchema,
)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct Fen(pub i64);

impl Fen {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Whole yuan.
    pub fn from_yuan(yuan: i64) -> Result<Self, MoneyFault> {
        yuan.checked_mul(100).map(Self).ok_or(MoneyFault::Overflow)
    }

    /// The sum.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyFault> {
        self.0.checked_add(other.0).map(Self).ok_or(MoneyFault::Overflow)
    }

    /// The difference.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyFault> {
        self.0.checked_sub(other.0).map(Self).ok_or(MoneyFault::Overflow)
    }

    /// The amount so many times.
    pub fn checked_mul(self, times: i64) -> Result<Self, MoneyFault> {
        self.0.checked_mul(times).map(Self).ok_or(MoneyFault::Overflow)
    }

    /// The sum of many. Only the total must be countable, so the order of the amounts does not matter.
    pub fn total(amounts: impl IntoIterator<Item = Self>) -> Result<Self, MoneyFault> {
        let sum: i128 = amounts.into_iter().map(|amount| i128::from(amount.0)).sum();
        i64::try_from(sum).map(Self).map_err(|_| MoneyFault::Overflow)
    }

    /// Divides the amount by weights so that the parts sum to it exactly.
    ///
    /// Each gets its share rounded towards zero; the fen left over go one each to the largest remainders, and of equal
    /// ones to the earlier. A weight of zero gets nothing.
    pub fn allocate(self, weights: &[u64]) -> Result<Vec<Self>, MoneyFault> {
        let all: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
        if all == 0 {
            return Err(MoneyFault::NoWeight);
        }
        let amount = u128::from(self.0.unsigned_abs());
        // Below 2^63 * 2^64, so the products fit.
        let mut parts: Vec<u128> = weights.iter().map(|weight| amount * u128::from(*weight) / all).collect();
        let mut order: Vec<usize> = (0..weights.len()).collect();
        order.sort_by_key(|place| std::cmp::Reverse(amount * u128::from(weights[*place]) % all));
        // Fewer than there are parts with a remainder, because each remainder is less than one fen.
        let left = amount - parts.iter().sum::<u128>();
        for place in order.iter().take(usize::try_from(left).unwrap_or(usize::MAX)) {
            parts[*place] += 1;
        }
        let sign = i128::from(self.0.signum());
        parts
            .into_iter()
            .map(|part| i128::try_from(part).ok().and_then(|part| i64::try_from(sign * part).ok()).map(Self))
            .collect::<Option<_>>()
            .ok_or(MoneyFault::Overflow)
    }

    /// In yuan with two decimals and nothing else, for CSV and JSON: `-1234.50`.
    pub fn to_plain(self) -> String {
        let (sign, yuan, fen) = self.split();
        format!("{sign}{yuan}.{fen:02}")
    }

    fn split(self) -> (&'static str, u64, u64) {
        let size = self.0.unsigned_abs();
        (if self.0 < 0 { "-" } else { "" }, size / 100, size % 100)
    }
}

impl fmt::Display for Fen {
    /// `-1,234.50 元`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, yuan, fen) = self.split();
        f.write_str(sign)?;
        let digits = yuan.to_string();
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place) % 3 == 0 {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        write!(f, ".{fen:02} 元")
    }
}

impl FromStr for Fen {
    type Err = MoneyFault;

    /// Reads yuan: `1234`, `1,234.5`, `¥1234.50`, `-1,234.50 元`.
    fn from_str(text: &str) -> Result<Self, MoneyFault> {
        let text = text.trim();
        let (negative, text) = match text.strip_prefix(['-', '−']) {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let text = text.strip_prefix(['¥', '￥']).unwrap_or(text);
        let text = text.strip_suffix('元').unwrap_or(text).trim();
        let (yuan, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let whole = whole_yuan(yuan)?;
        if decimals.is_empty() || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(MoneyFault::Format);
        }
        let (kept, cut) = decimals.split_at(decimals.len().min(2));
        if cut.bytes().any(|byte| byte != b'0') {
            return Err(MoneyFault::TooFine);
        }
        let fen: i128 = kept.parse().map_err(|_| MoneyFault::Format)?;
        let size = whole * 100 + if kept.len() == 1 { fen * 10 } else { fen };
        i64::try_from(if negative { -size } else { size }).map(Self).map_err(|_| MoneyFault::Overflow)
    }
}

/// Digits, with commas only where they part thousands: `1,50` is more likely a slip than 150 yuan.
fn whole_yuan(text: &str) -> Result<i128, MoneyFault> {
    let mut groups = text.split(',');
    let first = groups.next().unwrap_or_default();
    let grouped = text.contains(',');
    let digits = |group: &str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(first) || (grouped && first.len() > 3) {
        return Err(MoneyFault::Format);
    }
    let mut whole: i128 = first.parse().map_err(|_| MoneyFault::Overflow)?;
    for group in groups {
        if group.len() != 3 || !digits(group) {
            return Err(MoneyFault::Format);
        }
        let value: i128 = group.parse().map_err(|_| MoneyFault::Format)?;
        whole = whole.checked_mul(1000).and_then(|whole| whole.checked_add(value)).ok_or(MoneyFault::Overflow)?;
    }
    if whole > i128::from(i64::MAX) { Err(MoneyFault::Overflow) } else { Ok(whole) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_show_thousands_and_the_unit() {
        for (fen, text) in [
            (0, "0.00 元"),
            (5, "0.05 元"),
            (100_000, "1,000.00 元"),
            (123_456_789, "1,234,567.89 元"),
            (-123_450, "-1,234.50 元"),
            (i64::MIN, "-92,233,720,368,547,758.08 元"),
        ] {
            assert_eq!(Fen(fen).to_string(), text);
        }
        assert_eq!(Fen(-123_450).to_plain(), "-1234.50");
    }

    #[test]
    fn the_usual_ways_to_write_yuan_are_read() {
        for (text, fen) in [
            ("1234", 123_400),
            ("1,234.5", 123_450),
            ("¥1234.50", 123_450),
            ("￥1,234,567.89", 123_456_789),
            ("12元", 1_200),
            ("-0.05 元", -5),
            ("3.1400", 314),
        ] {
            assert_eq!(text.parse(), Ok(Fen(fen)), "{text}");
        }
    }

    #[test]
    fn each_fault_is_named() {
        for (text, fault) in [
            ("", MoneyFault::Format),
            ("元", MoneyFault::Format),
            ("1,50", MoneyFault::Format),
            ("1234,567", MoneyFault::Format),
            ("1.", MoneyFault::Format),
            (".5", MoneyFault::Format),
            ("1.2.3", MoneyFault::Format),
            ("1e3", MoneyFault::Format),
            ("--1", MoneyFault::Format),
            ("+1", MoneyFault::Format),
            ("1.005", MoneyFault::TooFine),
            ("92233720368547758.08", MoneyFault::Overflow),
            ("99999999999999999999999999999999999999999999", MoneyFault::Overflow),
        ] {
            assert_eq!(text.parse::<Fen>(), Err(fault), "{text}");
        }
        assert_eq!(Fen(i64::MAX).checked_add(Fen(1)), Err(MoneyFault::Overflow));
        assert_eq!(Fen(i64::MIN).checked_sub(Fen(1)), Err(MoneyFault::Overflow));
        assert_eq!(Fen(i64::MAX).checked_mul(2), Err(MoneyFault::Overflow));
        assert_eq!(Fen::from_yuan(i64::MAX), Err(MoneyFault::Overflow));
        assert_eq!(Fen(1).allocate(&[]), Err(MoneyFault::NoWeight));
        assert_eq!(Fen(1).allocate(&[0, 0]), Err(MoneyFault::NoWeight));
    }

    #[test]
    fn a_yuan_among_three_leaves_nobody_short_of_more_than_a_fen() {
        assert_eq!(Fen(100).allocate(&[1, 1, 1]), Ok(vec![Fen(34), Fen(33), Fen(33)]));
        assert_eq!(Fen(-100).allocate(&[1, 1, 1]), Ok(vec![Fen(-34), Fen(-33), Fen(-33)]));
        assert_eq!(Fen(5).allocate(&[0, 3, 7]), Ok(vec![Fen(0), Fen(2), Fen(3)]));
        assert_eq!(Fen(i64::MIN).allocate(&[u64::MAX]), Ok(vec![Fen(i64::MIN)]));
    }

    #[test]
    fn a_total_is_the_same_in_any_order() {
        let amounts = [Fen(i64::MAX), Fen(i64::MAX), Fen(-i64::MAX)];
        assert_eq!(Fen::total(amounts), Ok(Fen(i64::MAX)));
        assert_eq!(Fen::total([Fen(i64::MAX), Fen(1)]), Err(MoneyFault::Overflow));
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_whole_and_are_within_a_fen_of_fair(
            fen in any::<i64>(), weights in prop::collection::vec(any::<u64>(), 1..40)
        ) {
            prop_assume!(weights.iter().any(|weight| *weight > 0));
            let parts = Fen(fen).allocate(&weights).unwrap();
            prop_assert_eq!(Fen::total(parts.iter().copied()), Ok(Fen(fen)));
            let all: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
            for (part, weight) in parts.iter().zip(&weights) {
                let fair = u128::from(fen.unsigned_abs()) * u128::from(*weight) / all;
                let size = u128::from(part.0.unsigned_abs());
                prop_assert!(size == fair || size == fair + 1);
                prop_assert!(*weight > 0 || size == 0);
            }
        }

        #[test]
        fn every_amount_is_read_back_from_how_it_is_shown(fen in any::<i64>()) {
            prop_assert_eq!(Fen(fen).to_string().parse(), Ok(Fen(fen)));
            prop_assert_eq!(Fen(fen).to_plain().parse(), Ok(Fen(fen)));
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in "[-¥￥元,. 0-9a]{0,50}") {
            let _ = text.parse::<Fen>();
        }
    }
}
