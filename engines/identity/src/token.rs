//! Session tokens and department credentials: how they are made, read and remembered.
//!
//! A token is the account's id and 256 random bits. The id in front lets the one query behind a request go to one
//! shard; it is no secret. The store keeps the SM3 of the whole: 256 random bits need no slow hash.
use jh_core::actor::AccountId;
use jh_crypto::{random, sm3};

/// What a credential of a department begins with, so that people and scanners of leaked secrets recognise it.
const CREDENTIAL_MARK: &str = "jhc_";
/// A UUID without dashes.
const ID_LEN: usize = 32;
/// 256 bits in base64url.
const SECRET_LEN: usize = 43;

/// A fresh token, to be shown to its holder once. It has no `Debug` or `Display`, so it cannot slip into a log.
pub struct Fresh {
    text: String,
}

impl Fresh {
    /// A session's.
    pub fn session(account: AccountId) -> Self {
        Self { text: format!("{}{}", account.0.simple(), random::token()) }
    }

    /// A department system's.
    pub fn credential(account: AccountId) -> Self {
        Self { text: format!("{CREDENTIAL_MARK}{}{}", account.0.simple(), random::token()) }
    }

    /// What is stored.
    pub fn hash(&self) -> [u8; 32] {
        sm3::digest(self.text.as_bytes())
    }

    /// The last four characters, by which people tell credentials apart.
    pub fn hint(&self) -> String {
        self.text.chars().skip(self.text.len() - 4).collect()
    }

    /// The token itself, for the holder.
    pub fn into_text(self) -> String {
        self.text
    }
}

/// What a presented token leads to.
pub struct Presented {
    /// The account it claims.
    pub account: AccountId,
    /// What the store would hold if it is real.
    pub hash: [u8; 32],
}

impl Presented {
    /// A session cookie's value; none if it cannot be one of ours.
    pub fn session(text: &str) -> Option<Self> {
        Self::read(text, text)
    }

    /// A bearer token; none if it cannot be one of ours.
    pub fn credential(text: &str) -> Option<Self> {
        Self::read(text, text.strip_prefix(CREDENTIAL_MARK)?)
    }

    fn read(whole: &str, rest: &str) -> Option<Self> {
        if rest.len() != ID_LEN + SECRET_LEN || !rest.is_ascii() {
            return None;
        }
        let account = AccountId(uuid::Uuid::try_parse(rest.get(..ID_LEN)?).ok()?);
        Some(Self { account, hash: sm3::digest(whole.as_bytes()) })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_token_leads_back_to_its_account_and_hash() {
        let account = AccountId(uuid::Uuid::from_u128(7));
        let fresh = Fresh::credential(account);
        let (hash, hint) = (fresh.hash(), fresh.hint());
        let text = fresh.into_text();
        assert!(text.ends_with(&hint) && text.starts_with("jhc_"));
        let read = Presented::credential(&text).unwrap();
        assert_eq!((read.account, read.hash), (account, hash));
        assert!(Presented::session(&text).is_none());
        let session = Fresh::session(account);
        let hash = session.hash();
        let text = session.into_text();
        assert_eq!(Presented::session(&text).unwrap().hash, hash);
        assert!(Presented::credential(&text).is_none());
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,120}") {
            let _ = (Presented::session(&text), Presented::credential(&text));
        }
    }
}
