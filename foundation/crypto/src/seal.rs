//! Sealing (SM4-GCM) and blinding (HMAC-SM3) with everything that depends only on the key computed beforehand.
//!
//! A sealed value is `version (1) | nonce (12) | ciphertext | tag (16)`. The associated data are the version and the
//! context, so that a value of one column cannot be passed off as a value of another.
use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{AesGcm, Nonce, Tag};
use hmac::{Hmac, Mac};
use sm3::Sm3;
use sm4::Sm4;
use sm4::cipher::consts::U12;

use crate::CryptoError;
use crate::random::Stream;

const VERSION: u8 = 1;
const NONCE_LEN: usize = 12;
const TAG_LEN: usize = 16;
const HEAD_LEN: usize = 1 + NONCE_LEN;

/// How many bytes a sealed value is longer than the clear one.
pub const OVERHEAD: usize = HEAD_LEN + TAG_LEN;

/// Opens the values of one context. Share it: all methods take `&self`.
pub struct Opener {
    cipher: AesGcm<Sm4, U12>,
    associated: Vec<u8>,
}

/// Seals the values of one context. Share it as well.
pub struct Sealer {
    opener: Opener,
    nonces: Stream,
}

impl Sealer {
    pub(crate) fn new(opener: Opener) -> Self {
        Self { opener, nonces: Stream::seeded() }
    }

    /// Appends the sealed value to `out`.
    pub fn seal_into(&self, clear: &[u8], out: &mut Vec<u8>) {
        let nonce = self.nonces.nonce();
        out.reserve(clear.len() + OVERHEAD);
        out.push(VERSION);
        out.extend_from_slice(&nonce);
        let start = out.len();
        out.extend_from_slice(clear);
        let Opener { cipher, associated } = &self.opener;
        let tag = cipher
            .encrypt_inout_detached(&Nonce::from(nonce), associated, (&mut out[start..]).into())
            // The only refusal of GCM is for its length limit of 64 GiB, more than a request or column can hold.
            .expect("a value of less than 64 GiB");
        out.extend_from_slice(&tag);
    }

    /// The sealed value.
    pub fn seal(&self, clear: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        self.seal_into(clear, &mut out);
        out
    }

    /// See [`Opener::open`].
    pub fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, CryptoError> {
        self.opener.open(sealed)
    }
}

impl Opener {
    pub(crate) fn new(key: &[u8; 16], context: &str) -> Self {
        let mut associated = Vec::with_capacity(1 + context.len());
        associated.push(VERSION);
        associated.extend_from_slice(context.as_bytes());
        Self { cipher: AesGcm::new(key.into()), associated }
    }

    /// The clear value, or why it cannot be had.
    pub fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let (head, rest) = sealed.split_at_checked(HEAD_LEN).ok_or(CryptoError::Malformed)?;
        let body_len = rest.len().checked_sub(TAG_LEN).ok_or(CryptoError::Malformed)?;
        if head[0] != VERSION {
            return Err(CryptoError::Malformed);
        }
        let nonce = Nonce::<U12>::try_from(&head[1..]).map_err(|_| CryptoError::Malformed)?;
        let tag = Tag::try_from(&rest[body_len..]).map_err(|_| CryptoError::Malformed)?;
        let mut clear = rest[..body_len].to_vec();
        self.cipher
            .decrypt_inout_detached(&nonce, &self.associated, clear.as_mut_slice().into(), &tag)
            .map_err(|_| CryptoError::SealBroken)?;
        Ok(clear)
    }
}

/// Turns the values of one scheme into blind indexes: equal values give equal indexes, and without the key nothing
/// can be tried out, not even the few hundred million possible identity numbers.
#[derive(Clone)]
pub struct Blinder {
    keyed: Hmac<Sm3>,
}

impl Blinder {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self { keyed: crate::sm3::prepared(key) }
    }

    /// The blind index of a value. Bring values to their normal form first: `x` and `X` differ here.
    pub fn blind(&self, value: &[u8]) -> [u8; 16] {
        let mut mac = self.keyed.clone();
        mac.update(value);
        let whole: [u8; 32] = mac.finalize().into_bytes().into();
        let mut index = [0; 16];
        index.copy_from_slice(&whole[..16]);
        index
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KEY: [u8; 16] = [7; 16];

    fn bytes(hex: &str) -> Vec<u8> {
        hex.as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect()
    }

    #[test]
    fn sm4_gcm_gives_the_example_of_rfc_8998() {
        let key: [u8; 16] = bytes("0123456789abcdeffedcba9876543210").try_into().unwrap();
        let nonce: [u8; 12] = bytes("00001234567800000000abcd").try_into().unwrap();
        let associated = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
        let mut text = bytes(
            "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd\
             eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa",
        );
        let cipher: AesGcm<Sm4, U12> = AesGcm::new(&key.into());
        let tag = cipher.encrypt_inout_detached(&nonce.into(), &associated, text.as_mut_slice().into()).unwrap();
        let expected = bytes(
            "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735\
             d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d",
        );
        assert_eq!(text, expected);
        assert_eq!(tag.to_vec(), bytes("83de3541e4c2b58177e065a9bf7b62ec"));
    }

    #[test]
    fn the_same_value_is_never_sealed_to_the_same_bytes() {
        let sealer = Sealer::new(Opener::new(&KEY, "registry.person.id_number"));
        let mut seen: Vec<_> = (0..1_000).map(|_| sealer.seal(b"11010519491231002X")).collect();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 1_000);
    }

    #[test]
    fn a_value_of_one_context_does_not_open_in_another() {
        let sealed = Sealer::new(Opener::new(&KEY, "registry.person.id_number")).seal(b"clear");
        let other = Sealer::new(Opener::new(&KEY, "registry.person.phone"));
        assert!(matches!(other.open(&sealed), Err(CryptoError::SealBroken)));
    }

    #[test]
    fn bytes_that_are_no_sealed_value_are_malformed() {
        let sealer = Sealer::new(Opener::new(&KEY, "x"));
        let mut sealed = sealer.seal(b"");
        assert_eq!(sealed.len(), OVERHEAD);
        assert!(matches!(sealer.open(&sealed[..OVERHEAD - 1]), Err(CryptoError::Malformed)));
        assert!(matches!(sealer.open(&[]), Err(CryptoError::Malformed)));
        sealed[0] = 2;
        assert!(matches!(sealer.open(&sealed), Err(CryptoError::Malformed)));
    }

    #[test]
    fn sealing_appends_to_what_is_there() {
        let sealer = Sealer::new(Opener::new(&KEY, "x"));
        let mut out = b"before".to_vec();
        sealer.seal_into(b"one", &mut out);
        assert_eq!(sealer.open(&out[6..]).unwrap(), b"one");
        assert_eq!(&out[..6], b"before");
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens_to_the_same(clear in prop::collection::vec(any::<u8>(), 0..200), context in ".{0,40}") {
            let sealer = Sealer::new(Opener::new(&KEY, &context));
            prop_assert_eq!(sealer.open(&sealer.seal(&clear)).unwrap(), clear);
        }

        #[test]
        fn any_changed_bit_is_noticed(clear in prop::collection::vec(any::<u8>(), 0..40), place: prop::sample::Index, bit in 0u8..8) {
            let sealer = Sealer::new(Opener::new(&KEY, "x"));
            let mut sealed = sealer.seal(&clear);
            let place = place.index(sealed.len());
            sealed[place] ^= 1 << bit;
            prop_assert!(sealer.open(&sealed).is_err());
        }
    }
}
