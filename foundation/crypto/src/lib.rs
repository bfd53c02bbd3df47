//! The commercial cryptography the law asks of a city: SM2 (signature), SM3 (digest), SM4 (encryption), and the
//! shapes built on them, namely a keyring, a hash chain and a Merkle tree.
//!
//! Crypto knows no database, no web and no business: it is given bytes and a context, and gives back bytes.
//! The primitives are RustCrypto's; a test compares each of them with the installed `openssl`. One is not of the law's:
//! the fingerprint of rows, which protects nothing (decision 0005).
pub mod chain;
mod fault;
mod fingerprint;
mod keyfile;
pub mod keyring;
pub mod merkle;
pub mod random;
mod seal;
pub mod signature;
pub mod sm3;

pub use fault::CryptoError;
