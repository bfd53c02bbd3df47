//! Which keys a run may have met before, in memory that does not grow with the file.
//!
//! A city's first deliveries bring subjects that nobody has spoken of, and asking the database for each would cost as
//! much as adding it. So a run asks only for keys it may have landed itself, and lets the index refuse the others; when
//! it does, the run asks for all keys from then on.
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use uuid::Uuid;

/// 8 MiB: among 7 million keys, three of a hundred others are asked for in vain.
const BITS: usize = 1 << 26;

/// A Bloom filter of two hashes over the keys of a run. Keys are blind indexes, so their own bytes are the hashes.
pub struct Seen {
    bits: Vec<u64>,
    wrong: Arc<AtomicBool>,
}

impl Seen {
    /// Nothing landed yet.
    pub fn new() -> Self {
        Self { bits: vec![0; BITS / 64], wrong: Arc::default() }
    }

    /// Whether the database must be asked. False may be wrong, where another delivery brought the subject.
    pub fn may_be_known(&self, key: &Uuid) -> bool {
        self.wrong.load(Ordering::Relaxed)
            || places(key).iter().all(|place| self.bits[place / 64] >> (place % 64) & 1 == 1)
    }

    /// Set it once a key was known that was not to be: from then on all are asked for.
    pub fn wrong(&self) -> Arc<AtomicBool> {
        self.wrong.clone()
    }

    /// These were landed.
    pub fn add(&mut self, keys: &[Uuid]) {
        for place in keys.iter().flat_map(places) {
            self.bits[place / 64] |= 1 << (place % 64);
        }
    }
}

fn places(key: &Uuid) -> [usize; 2] {
    let (high, low) = key.as_u64_pair();
    #[expect(clippy::cast_possible_truncation, reason = "a hash is cut to the size of the table")]
    [high as usize % BITS, low as usize % BITS]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_was_landed_is_always_asked_for_and_few_others_are() {
        let (landed, others): (Vec<Uuid>, Vec<Uuid>) = (0..100_000).map(|_| (Uuid::new_v4(), Uuid::new_v4())).unzip();
        let mut seen = Seen::new();
        assert!(!seen.may_be_known(&landed[0]));
        seen.add(&landed);
        assert!(landed.iter().all(|key| seen.may_be_known(key)));
        assert!(others.iter().filter(|key| seen.may_be_known(key)).count() < 100);
        seen.wrong().store(true, Ordering::Relaxed);
        assert!(others.iter().all(|key| seen.may_be_known(key)));
    }
}
