//! What can go wrong with keys and sealed bytes. No message carries a secret or any clear text.
use std::path::PathBuf;

use jh_core::fault::{Fault, Kind, Refusal};

/// Why a cryptographic step was refused.
#[derive(Debug, thiserror::Error)]
pub enum CryptoError {
    /// The sealed bytes are too short or of a version this program does not know.
    #[error("sealed value is malformed or of an unknown version")]
    Malformed,
    /// The seal does not fit: another key, another context, or bytes that were changed.
    #[error("sealed value does not open with this key and context")]
    SealBroken,
    /// The signature is not the signer's over this message.
    #[error("signature does not match the message and the public key")]
    SignatureInvalid,
    /// The text is not a PEM SubjectPublicKeyInfo of an SM2 key.
    #[error("public key is not a PEM SubjectPublicKeyInfo of an SM2 key")]
    PublicKeyMalformed,
    /// A key file or its directory can be read by others than its owner.
    #[error("{} has mode {mode:04o}: others than its owner could read keys; run `chmod {wanted:o} {}`", path.display(), path.display())]
    TooOpen {
        /// The file or directory.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
        /// The bits it should have.
        wanted: u32,
    },
    /// A key file cannot be what this program wrote.
    #[error("key file {} is damaged ({reason}); restore the directory from a backup, do not delete it: values sealed with the lost key cannot be read again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        reason: &'static str,
    },
    /// One of the two key files is there and the other is not.
    #[error("key file {} is missing while its sibling is present; restore it from a backup", path.display())]
    Incomplete {
        /// The file that is missing.
        path: PathBuf,
    },
    /// The operating system refused a step on a key file.
    #[error("cannot {step} {}: {source}", path.display())]
    Io {
        /// What was tried.
        step: &'static str,
        /// On which path.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
}

impl Fault for CryptoError {
    fn refusal(&self) -> Refusal {
        match self {
            Self::Malformed | Self::SealBroken => Refusal::new(Kind::Internal, "seal-broken"),
            Self::SignatureInvalid => Refusal::new(Kind::Invalid, "signature-invalid"),
            Self::PublicKeyMalformed => Refusal::new(Kind::Invalid, "public-key-malformed"),
            Self::TooOpen { .. } | Self::Damaged { .. } | Self::Incomplete { .. } | Self::Io { .. } => {
                Refusal::new(Kind::Internal, "keyring-unusable")
            }
        }
    }
}
