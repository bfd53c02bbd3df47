//! Accounts: their kinds, the names they sign in with, and when one may be suspended or restored.
use jh_core::actor::{AccountId, ActorKind, OrganisationId};
use jh_core::code::phone::{Phone, PhoneKind};
use time::OffsetDateTime;

use crate::fault::IdentityError;

/// The longest display name, in characters.
pub const NAME_LEN_MAX: usize = 50;
/// The longest reason for a suspension, in characters.
pub const REASON_LEN_MAX: usize = 300;

/// An account's kind as stored.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum AccountKind {
    /// A person employed by an organisation of the tree.
    Staff,
    /// A member of the public.
    Resident,
    /// A department's system.
    Service,
}

impl From<AccountKind> for ActorKind {
    fn from(kind: AccountKind) -> Self {
        match kind {
            AccountKind::Staff => Self::Staff,
            AccountKind::Resident => Self::Resident,
            AccountKind::Service => Self::Service,
        }
    }
}

/// What somebody signs in with, in the one form that is compared.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SignInName {
    /// `wang.li`: small letters, digits, dot, dash, underscore; at least one letter, so that it is never a phone.
    Username(String),
    /// Eleven digits of a mainland mobile number.
    Phone(String),
}

impl SignInName {
    /// Reads what a person typed: full-width digits, spaces, dashes and +86 are forgiven.
    pub fn parse(text: &str) -> Option<Self> {
        let plain: String = text.trim().chars().map(narrow).collect::<String>().to_ascii_lowercase();
        if let Some(phone) = Phone::parse(&plain).ok().filter(|phone| phone.kind() == PhoneKind::Mobile) {
            return Some(Self::Phone(phone.normalised().to_owned()));
        }
        is_username(&plain).then_some(Self::Username(plain))
    }

    /// The form that is blinded and compared.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Username(text) | Self::Phone(text) => text,
        }
    }
}

/// Full-width letters and digits, as Chinese input methods write them, in their narrow form.
fn narrow(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c),
        _ => c,
    }
}

fn is_username(text: &str) -> bool {
    (3..=32).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_'))
        && text.contains(|c: char| c.is_ascii_lowercase())
}

/// A name to show: trimmed, without control characters, not empty, not too long.
pub fn parse_name(text: &str, len_max: usize) -> Option<String> {
    let name = text.trim();
    let good = !name.is_empty() && name.chars().count() <= len_max && !name.chars().any(char::is_control);
    good.then(|| name.to_owned())
}

/// What the rules for managing an account need to know.
#[derive(Clone, Debug)]
pub struct Managed {
    /// Which one.
    pub id: AccountId,
    /// Its kind.
    pub kind: AccountKind,
    /// Where it belongs; residents nowhere.
    pub organisation: Option<OrganisationId>,
    /// Since when it may not sign in.
    pub suspended_at: Option<OffsetDateTime>,
}

/// Whether `by` may suspend the account. Nobody suspends himself: so the last administrator always remains.
pub fn check_suspension(account: &Managed, by: Option<AccountId>) -> Result<(), IdentityError> {
    if by == Some(account.id) {
        return Err(IdentityError::NotYourself);
    }
    if account.suspended_at.is_some() {
        return Err(IdentityError::AlreadySuspended);
    }
    Ok(())
}

/// Whether the account may be restored.
pub fn check_restoration(account: &Managed) -> Result<(), IdentityError> {
    match account.suspended_at {
        Some(_) => Ok(()),
        None => Err(IdentityError::NotSuspended),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::datetime;

    use super::*;

    #[test]
    fn phones_and_usernames_are_told_apart() {
        let phone = Some(SignInName::Phone("13812345678".into()));
        for text in ["13812345678", " 138-1234-5678", "+86 138 1234 5678", "１３８１２３４５６７８", "008613812345678"]
        {
            assert_eq!(SignInName::parse(text), phone, "{text}");
        }
        assert_eq!(SignInName::parse("Wang.Li"), Some(SignInName::Username("wang.li".into())));
        for text in ["", "ab", "12812345678", "1381234567", "wang li", "王丽", ".wang", "12345678901", "a@b.cn"] {
            assert_eq!(SignInName::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_parsed_name_reads_back_as_itself(text in "\\PC{0,40}") {
            if let Some(name) = SignInName::parse(&text) {
                prop_assert_eq!(SignInName::parse(name.as_str()), Some(name.clone()));
            }
        }

        /// Suspension and restoration undo each other and never happen twice.
        #[test]
        fn suspension_and_restoration_alternate(steps in prop::collection::vec(any::<bool>(), 0..20)) {
            let mut account = Managed {
                id: AccountId(uuid::Uuid::from_u128(1)),
                kind: AccountKind::Staff,
                organisation: Some(OrganisationId(uuid::Uuid::from_u128(2))),
                suspended_at: None,
            };
            for suspend in steps {
                let was = account.suspended_at.is_some();
                let verdict = if suspend { check_suspension(&account, None) } else { check_restoration(&account) };
                prop_assert_eq!(verdict.is_ok(), was != suspend);
                if verdict.is_ok() {
                    account.suspended_at = suspend.then_some(datetime!(2026-11-22 08:00 +8));
                }
            }
        }
    }

    #[test]
    fn nobody_suspends_himself() {
        let id = AccountId(uuid::Uuid::from_u128(1));
        let account = Managed { id, kind: AccountKind::Staff, organisation: None, suspended_at: None };
        assert!(matches!(check_suspension(&account, Some(id)), Err(IdentityError::NotYourself)));
    }
}
