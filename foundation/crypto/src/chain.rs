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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_depends_on_what_came_before_and_on_the_entry_and_on_their_order() {
        let (one, two) = ([1; 32], [2; 32]);
        assert_ne!(link(&one, &two), link(&two, &one));
        assert_ne!(link(&GENESIS, &two), link(&one, &two));
        assert_ne!(link(&one, &one), link(&one, &two));
    }

    #[test]
    fn a_link_is_the_digest_of_the_byte_two_and_both_parts() {
        let by_hand = [&[2][..], &[1; 32], &[9; 32]].concat();
        assert_eq!(link(&[1; 32], &[9; 32]), crate::sm3::digest(&by_hand));
    }
}
