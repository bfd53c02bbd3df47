//! What a password must be: long, not among the commonest, no run or repetition, not the account's own name.
//!
//! No rule asks for capitals or signs: such rules make people write passwords down and attackers know them
//! (NIST SP 800-63B 5.1.1.2). Length and the list do the work.
use std::collections::HashSet;
use std::fmt;
use std::sync::LazyLock;

/// In characters, so that ten Chinese characters are ten.
pub const LEN_MIN: usize = 10;
/// In bytes; past this hashing only costs time.
pub const BYTES_MAX: usize = 256;

/// The commonest of ten characters and more, in small letters; gathered by hand for Chinese offices.
static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("common_passwords.txt").lines().map(str::trim).filter(|line| !line.is_empty()).collect()
});

/// Why a password is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PasswordFault {
    /// Fewer than `LEN_MIN` characters.
    Short,
    /// More than `BYTES_MAX` bytes.
    Long,
    /// On the list, or one of the list with a few signs around it.
    Common,
    /// `aaaaaaaaaa`, `abcabcabcabc`, `1234567890`.
    Pattern,
    /// Holds the account's own name or phone.
    OwnName,
}

impl PasswordFault {
    /// The refusal's code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Short => "password-short",
            Self::Long => "password-long",
            Self::Common => "password-common",
            Self::Pattern => "password-pattern",
            Self::OwnName => "password-own-name",
        }
    }
}

/// A password that keeps the rules. It is never shown, logged or stored.
#[derive(Clone)]
pub struct Password(String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

impl Password {
    /// Checks a new password against the rules; `own` are the account's own names and phone.
    pub fn choose(text: &str, own: &[&str]) -> Result<Self, PasswordFault> {
        let folded = text.to_lowercase();
        if text.chars().count() < LEN_MIN {
            return Err(PasswordFault::Short);
        }
        if text.len() > BYTES_MAX {
            return Err(PasswordFault::Long);
        }
        if is_pattern(&folded) {
            return Err(PasswordFault::Pattern);
        }
        if is_common(&folded) {
            return Err(PasswordFault::Common);
        }
        let names = own.iter().map(|name| name.to_lowercase());
        if names.filter(|name| name.chars().count() >= 3).any(|name| folded.contains(&name)) {
            return Err(PasswordFault::OwnName);
        }
        Ok(Self(text.to_owned()))
    }

    /// A one-time password that a person can read out and type: sixteen characters in groups, none that look alike.
    /// About 78 bits from `seed`.
    pub fn one_time(seed: [u8; 16]) -> Self {
        const SIGNS: &[u8; 31] = b"23456789abcdefghjkmnpqrstuvwxyz";
        let mut text = String::with_capacity(19);
        for (at, byte) in seed.into_iter().enumerate() {
            if at > 0 && at % 4 == 0 {
                text.push('-');
            }
            text.push(char::from(SIGNS[usize::from(byte) % SIGNS.len()]));
        }
        Self(text)
    }

    /// A password that was right a moment ago, to be hashed anew with today's parameters; rules that came later do not
    /// lock anybody out.
    pub fn typed(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The text itself, for the hash and for showing a one-time password once.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

fn is_common(folded: &str) -> bool {
    // "Password123!" and "!!password123" are "password123" with decoration.
    let bare = folded.trim_matches(|c: char| !c.is_alphanumeric());
    COMMON.contains(folded) || COMMON.contains(bare)
}

/// Whether the whole text is one short piece repeated, or one run up or down.
fn is_pattern(folded: &str) -> bool {
    let signs: Vec<char> = folded.chars().collect();
    let repeats = |piece: usize| signs.iter().enumerate().all(|(at, sign)| *sign == signs[at % piece]);
    if (1..=4).any(repeats) {
        return true;
    }
    let steps = signs.windows(2).map(|pair| i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0])));
    // 9 to 0 and 0 to 9 go on in the same run: 7890123456.
    let steps: HashSet<i64> = steps
        .map(|step| match step {
            -9 => 1,
            9 => -1,
            other => other,
        })
        .collect();
    steps.len() == 1 && steps.iter().all(|step| step.abs() <= 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fault(text: &str) -> Option<PasswordFault> {
        Password::choose(text, &["wang.li", "13812345678", "李"]).err()
    }

    #[test]
    fn weak_ones_are_refused_for_the_right_reason() {
        assert_eq!(fault("一二三四五六七八九"), Some(PasswordFault::Short));
        assert_eq!(fault("Tr0ub4dor"), Some(PasswordFault::Short));
        assert_eq!(fault("1234567890"), Some(PasswordFault::Pattern));
        assert_eq!(fault("7890123456"), Some(PasswordFault::Pattern));
        assert_eq!(fault("zyxwvutsrq"), Some(PasswordFault::Pattern));
        assert_eq!(fault("abcabcabcabc"), Some(PasswordFault::Pattern));
        assert_eq!(fault("好好好好好好好好好好"), Some(PasswordFault::Pattern));
        assert_eq!(fault("WoAiNi5201314"), Some(PasswordFault::Common));
        assert_eq!(fault("1qaz2wsx3edc"), Some(PasswordFault::Common));
        assert_eq!(fault("!Password123!"), Some(PasswordFault::Common));
        assert_eq!(fault("xx13812345678xx"), Some(PasswordFault::OwnName));
        assert_eq!(fault("My-Wang.Li-2026"), Some(PasswordFault::OwnName));
        assert_eq!(fault(&"长".repeat(86)), Some(PasswordFault::Long));
    }

    #[test]
    fn good_ones_pass() {
        for text in ["correct horse battery", "濠河东去浪花白又白啊", "tide-lantern-47", "李白乘舟将欲行2026"]
        {
            assert_eq!(fault(text), None, "{text}");
        }
    }

    #[test]
    fn it_never_prints() {
        let password = Password::choose("tide-lantern-47", &[]).unwrap();
        assert_eq!(format!("{password:?}"), "Password(…)");
    }

    proptest! {
        /// Every one-time password keeps our own rules (but for the odds of sixteen equal signs) and is nineteen long.
        #[test]
        fn one_time_ones_are_good(seed in any::<[u8; 16]>()) {
            let text = Password::one_time(seed).reveal().to_owned();
            prop_assert_eq!(text.len(), 19);
            let distinct: HashSet<u8> = seed.iter().map(|b| b % 31).collect();
            prop_assert!(distinct.len() < 5 || Password::choose(&text, &[]).is_ok());
        }

        #[test]
        fn no_text_panics(text in "\\PC*") {
            let _ = Password::choose(&text, &[&text]);
        }
    }
}
