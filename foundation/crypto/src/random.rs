//! Random bytes from the operating system, and the generator that stretches them for hot loops.
use std::sync::{Mutex, PoisonError};

use base64ct::{Base64UrlUnpadded, Encoding};
use chacha20::ChaCha20Rng;
use chacha20::rand_core::{Rng, SeedableRng};
use zeroize::Zeroizing;

/// Random bytes from the operating system.
///
/// # Panics
/// When the system has no randomness to give. Nothing safe can be done then: no session, key or nonce may be made.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut out = [0; N];
    getrandom::fill(&mut out).expect("the operating system gives random bytes");
    out
}

/// An unguessable token of 256 bits for sessions and links: 43 characters of base64url.
pub fn token() -> String {
    let secret = Zeroizing::new(bytes::<32>());
    Base64UrlUnpadded::encode_string(secret.as_slice())
}

/// ChaCha20 seeded once from the system: a system call for each nonce would cost more than the sealing itself.
pub(crate) struct Stream(Mutex<ChaCha20Rng>);

impl Stream {
    pub(crate) fn seeded() -> Self {
        let seed = Zeroizing::new(bytes::<32>());
        Self(Mutex::new(ChaCha20Rng::from_seed(*seed)))
    }

    /// A fresh nonce of 96 bits.
    pub(crate) fn nonce(&self) -> [u8; 12] {
        let mut nonce = [0; 12];
        self.with(|rng| rng.fill_bytes(&mut nonce));
        nonce
    }

    pub(crate) fn with<T>(&self, take: impl FnOnce(&mut ChaCha20Rng) -> T) -> T {
        // A panic elsewhere leaves the generator valid: its state moves before bytes leave it.
        take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_of_43_url_safe_characters_and_never_equal() {
        let (one, other) = (token(), token());
        assert_eq!(one.len(), 43);
        assert!(one.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'));
        assert_ne!(one, other);
        assert_ne!(bytes::<16>(), bytes::<16>());
    }

    #[test]
    fn two_streams_do_not_give_the_same_nonces() {
        let (one, other) = (Stream::seeded(), Stream::seeded());
        assert_ne!(one.nonce(), other.nonce());
        assert_ne!(one.nonce(), one.nonce());
    }
}
