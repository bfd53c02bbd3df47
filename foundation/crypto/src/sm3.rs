//! SM3, the digest of GB/T 32905, and HMAC over it.
use hmac::{Hmac, KeyInit, Mac};
use sm3::{Digest, Sm3};

/// The digest of bytes that are all in memory.
pub fn digest(bytes: &[u8]) -> [u8; 32] {
    Sm3::digest(bytes).into()
}

/// The digest of bytes that arrive in parts.
#[derive(Clone, Default)]
pub struct Hasher(Sm3);

impl Hasher {
    /// An empty message.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the next part.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all parts in their order.
    pub fn finalize(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

impl std::io::Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// HMAC-SM3 (GB/T 15852.2) with a key of any length.
pub fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac = prepared(key);
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// The inner and outer states of HMAC after the key: cloning this saves two compressions on every later message.
pub(crate) fn prepared(key: &[u8]) -> Hmac<Sm3> {
    // HMAC hashes keys that are too long and pads those that are short, so no length is refused.
    Hmac::new_from_slice(key).expect("HMAC takes a key of any length")
}

/// Lower-case hexadecimal, as `openssl sm3` prints it.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_gb_t_32905_are_met() {
        assert_eq!(hex(&digest(b"abc")), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
        let long = "abcd".repeat(16);
        assert_eq!(hex(&digest(long.as_bytes())), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
    }

    #[test]
    fn parts_give_the_digest_of_the_whole() {
        let mut hasher = Hasher::new();
        hasher.update(b"a");
        hasher.update(b"");
        std::io::Write::write_all(&mut hasher, b"bc").unwrap();
        assert_eq!(hasher.finalize(), digest(b"abc"));
    }
}
