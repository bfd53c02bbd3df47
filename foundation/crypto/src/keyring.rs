//! The city's keys: one master secret from which every sealing, blinding and token key is derived, and one SM2 key
//! that signs. It lives in two files that only the owner of the process may read.
use std::fmt;
use std::path::Path;

use sm2::SecretKey;
use sm2::elliptic_curve::subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::CryptoError;
pub use crate::fingerprint::Fingerprinter;
use crate::keyfile;
pub use crate::seal::{Blinder, OVERHEAD, Opener, Sealer};
use crate::signature::{Signer, generate};

/// Derived keys of different uses never meet, even where their names are equal.
#[derive(Clone, Copy)]
enum Use {
    Seal,
    Blind,
    Token,
    Fingerprint,
}

impl Use {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Seal => b"jianghai seal v1",
            Self::Blind => b"jianghai blind v1",
            Self::Token => b"jianghai token v1",
            Self::Fingerprint => b"jianghai fingerprint v1",
        }
    }
}

/// The keys. Share it in an `Arc`; it wipes the master secret when dropped, and `Debug` prints none of it.
pub struct Keyring {
    master: Zeroizing<[u8; 32]>,
    signer: Signer,
}

impl Keyring {
    /// Opens the keyring of a directory, or makes a new one where there is none.
    ///
    /// Nothing is ever made in place of a file that is damaged, missing beside its sibling, or open to others.
    pub fn open_or_create(dir: &Path) -> Result<Self, CryptoError> {
        let (master, secret) = keyfile::open_or_create(dir)?;
        let signer =
            Signer::new(&secret).ok_or_else(|| CryptoError::Damaged { path: dir.into(), reason: "key cannot sign" })?;
        Ok(Self { master, signer })
    }

    /// New keys that are never written down: whatever they seal is lost with the process. For tests.
    pub fn ephemeral() -> Self {
        let secret: SecretKey = generate();
        // `generate` only returns scalars in 1..n-1, and every one of those can sign except n-1 (once in 2^256).
        let signer = Signer::new(&secret).expect("a generated key can sign");
        Self { master: Zeroizing::new(crate::random::bytes()), signer }
    }

    /// Seals a value for a context such as `registry.person.id_number`. For many values take a [`Self::sealer`].
    pub fn seal(&self, context: &str, clear: &[u8]) -> Vec<u8> {
        Sealer::new(self.prepare(context)).seal(clear)
    }

    /// Opens a value that was sealed for the same context.
    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, CryptoError> {
        self.prepare(context).open(sealed)
    }

    /// The prepared form of [`Self::seal`] and [`Self::open`] for hot loops.
    pub fn sealer(&self, context: &'static str) -> Sealer {
        Sealer::new(self.prepare(context))
    }

    /// The prepared form of [`Self::open`] for hot loops.
    pub fn opener(&self, context: &'static str) -> Opener {
        self.prepare(context)
    }

    fn prepare(&self, context: &str) -> Opener {
        let derived = self.derive(Use::Seal, context);
        let mut key = Zeroizing::new([0; 16]);
        key.copy_from_slice(&derived[..16]);
        Opener::new(&key, context)
    }

    /// The blind index of a value under a scheme, for equality search over sealed columns.
    pub fn blind(&self, scheme: &str, value: &str) -> [u8; 16] {
        Blinder::new(&self.derive(Use::Blind, scheme)).blind(value.as_bytes())
    }

    /// The prepared form of [`Self::blind`] for hot loops.
    pub fn blinder(&self, scheme: &'static str) -> Blinder {
        Blinder::new(&self.derive(Use::Blind, scheme))
    }

    /// By which a kind of rows is recognised again.
    pub fn fingerprinter(&self, rows: &'static str) -> Fingerprinter {
        Fingerprinter::new(&self.derive(Use::Fingerprint, rows))
    }

    /// A code that only this keyring can make, for CSRF tokens and the like. Compare with [`same`].
    pub fn token_mac(&self, purpose: &str, value: &[u8]) -> [u8; 32] {
        crate::sm3::hmac(self.derive(Use::Token, purpose).as_slice(), value)
    }

    /// The SM2 signature of a message in DER.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.signer.sign(message)
    }

    /// The public key as PEM SubjectPublicKeyInfo, which `openssl` 3 reads.
    pub fn public_key_pem(&self) -> String {
        self.signer.public_key_pem().to_owned()
    }

    /// HKDF-Expand (RFC 5869) of one block over HMAC-SM3: the master secret is uniform, so no extraction is needed.
    fn derive(&self, purpose: Use, name: &str) -> Zeroizing<[u8; 32]> {
        let label = purpose.label();
        let mut info = Vec::with_capacity(label.len() + name.len() + 2);
        info.extend_from_slice(label);
        info.push(0);
        info.extend_from_slice(name.as_bytes());
        info.push(1);
        Zeroizing::new(crate::sm3::hmac(self.master.as_slice(), &info))
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keyring")
    }
}

/// Compares in a time that does not tell where two codes differ.
pub fn same(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}
