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

/// Seals and opens the values of one context. Share it: all methods take `&self`.
pub struct Sealer {
    cipher: AesGcm<Sm4, U12>,
    associated: Vec<u8>,
    nonces: Stream,
}

impl Sealer {
    pub(crate) fn new(key: &[u8; 16], context: &str) -> Self {
        let mut associated = Vec::with_capacity(1 + context.len());
        associated.push(VERSION);
        associated.extend_from_slice(context.as_bytes());
        Self { cipher: AesGcm::new(key.into()), associated, nonces: Stream::seeded() }
    }

    /// Appends the sealed value to `out`.
    pub fn seal_into(&self, clear: &[u8], out: &mut Vec<u8>) {
        let nonce = self.nonces.nonce();
        out.reserve(clear.len() + OVERHEAD);
        out.push(VERSION);
        out.extend_from_slice(&nonce);
        let start = out.len();
        out.extend_from_slice(clear);
        let tag = self
            .cipher
            .encrypt_inout_detached(&Nonce::from(nonce), &self.associated, (&mut out[start..]).into())
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
