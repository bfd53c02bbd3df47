//! Keyed fingerprints (BLAKE2b) by which the same bytes are recognised again, for loops where HMAC-SM3 is too slow.
//!
//! Nothing is found by them and nothing is proven by them; see decision 0005 for why they need not be of SM3.
use blake2::Blake2bMac;
use blake2::digest::consts::U16;
use blake2::digest::{KeyInit, Mac};

/// Turns rows into fingerprints: without the key nobody can try out what a row may have held.
#[derive(Clone)]
pub struct Fingerprinter {
    keyed: Blake2bMac<U16>,
}

impl Fingerprinter {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self { keyed: Blake2bMac::new_from_slice(key).expect("BLAKE2b takes keys of 32 bytes") }
    }

    /// The fingerprint: equal bytes have equal ones, and others none that anybody will see.
    pub fn of(&self, bytes: &[u8]) -> [u8; 16] {
        let mut mac = self.keyed.clone();
        mac.update(bytes);
        mac.finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::Fingerprinter;

    #[test]
    fn it_is_keyed_blake2b_as_anybody_computes_it() {
        // Python: hashlib.blake2b(b"abc", digest_size=16, key=bytes([7] * 32)).hexdigest()
        let hex: String = Fingerprinter::new(&[7; 32]).of(b"abc").iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "c27f58883b0633941eaf605b4cd7ccf4");
        assert_ne!(Fingerprinter::new(&[8; 32]).of(b"abc"), Fingerprinter::new(&[7; 32]).of(b"abc"));
    }
}
