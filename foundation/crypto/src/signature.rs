//! SM2 signatures (GB/T 32918.2) over SM3, in the encodings `openssl` 3 reads: DER and SubjectPublicKeyInfo PEM.
use sm2::SecretKey;
use sm2::dsa::signature::{RandomizedSigner, Verifier};
use sm2::dsa::{Signature, SigningKey, VerifyingKey};
use sm2::pkcs8::{DecodePublicKey, EncodePublicKey, LineEnding};

use crate::CryptoError;
use crate::random::Stream;

/// The signer's identity that GM/T 0009 gives for when the parties agreed on none. `openssl` must be told it.
pub const DISTID: &str = "1234567812345678";

/// The signing half of an SM2 key pair.
pub(crate) struct Signer {
    key: SigningKey,
    public_key_pem: String,
    hedge: Stream,
}

impl Signer {
    /// `None` if the key cannot sign, which no key of [`generate`] does.
    pub(crate) fn new(secret: &SecretKey) -> Option<Self> {
        let key = SigningKey::new(DISTID, secret).ok()?;
        let public_key_pem = secret.public_key().to_public_key_pem(LineEnding::LF).ok()?;
        Some(Self { key, public_key_pem, hedge: Stream::seeded() })
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        // RFC 6979 hedged with fresh randomness: neither a weak generator nor a glitch alone gives the key away.
        // The signer refuses a nonce that leads to r = 0 or s = 0 (once in 2^255): then the next one is taken.
        loop {
            let signed: Result<Signature, _> = self.hedge.with(|rng| self.key.try_sign_with_rng(rng, message));
            if let Ok(signature) = signed {
                return signature.to_der().to_vec();
            }
        }
    }

    pub(crate) fn public_key_pem(&self) -> &str {
        &self.public_key_pem
    }
}

/// A fresh key pair.
pub(crate) fn generate() -> SecretKey {
    loop {
        let scalar = zeroize::Zeroizing::new(crate::random::bytes::<32>());
        // Refused only at zero or above the group's order, once in 2^32.
        if let Ok(secret) = SecretKey::from_slice(scalar.as_slice()) {
            return secret;
        }
    }
}

/// The verifying half of an SM2 key pair, our own or a partner's.
#[derive(Clone)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// From a PEM SubjectPublicKeyInfo, as [`crate::keyring::Keyring::public_key_pem`] or `openssl pkey -pubout` give.
    pub fn from_pem(pem: &str) -> Result<Self, CryptoError> {
        let key = sm2::PublicKey::from_public_key_pem(pem).map_err(|_| CryptoError::PublicKeyMalformed)?;
        VerifyingKey::new(DISTID, key).map(Self).map_err(|_| CryptoError::PublicKeyMalformed)
    }

    /// Whether the DER signature is this key's over the message.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), CryptoError> {
        let signature = Signature::from_der(signature).map_err(|_| CryptoError::SignatureInvalid)?;
        self.0.verify(message, &signature).map_err(|_| CryptoError::SignatureInvalid)
    }
}
