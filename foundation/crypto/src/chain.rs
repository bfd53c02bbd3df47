//! The hash chain: each link binds all that came before it, so nothing can be taken out or changed unseen.
use crate::sm3::Hasher;

/// Keeps a link from ever being the digest of a Merkle leaf (0) or node (1).
const PREFIX: u8 = 2;

/// What the first link takes as its previous one.
pub const GENESIS: [u8; 32] = [0; 32];

/// The next link: SM3 over the byte 2, the previous link and the digest of the new entry.
///
/// An auditor repeats it by hand: `(printf '\002'; cat previous.bin digest.bin) | openssl sm3`.
pub fn link(previous: &[u8; 32], digest: &[u8; 32]) -> [u8; 32] {
    let mut hasher = Hasher::new();
    hasher.update(&[PREFIX]);
    hasher.update(previous);
    hasher.update(digest);
    hasher.finalize()
}
