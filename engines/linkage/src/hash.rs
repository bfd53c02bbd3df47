//! One mixing of numbers for keys and terms: the same on every machine and in every version, since keys are stored.

/// Spreads every bit of a number over all others (the finaliser of splitmix64).
pub fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// Of several numbers in their order; never 0, which stands for nothing.
pub fn of(parts: &[u64]) -> u64 {
    parts.iter().fold(0x9e37_79b9_7f4a_7c15_u64, |hash, part| mix(hash.rotate_left(5) ^ part)) | 1
}

/// As [`of`], but 0 unless all parts are there.
pub fn all(parts: &[u64]) -> u64 {
    if parts.contains(&0) { 0 } else { of(parts) }
}

/// Of a text, byte by byte; never 0.
pub fn of_text(text: &str) -> u64 {
    mix(text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)))
        | 1
}

/// A hasher for keys that are mixed already.
#[derive(Clone, Copy, Default, Debug)]
pub struct Mixed;

/// See [`Mixed`].
#[derive(Clone, Copy, Default, Debug)]
pub struct MixedHasher(u64);

impl std::hash::BuildHasher for Mixed {
    type Hasher = MixedHasher;

    fn build_hasher(&self) -> MixedHasher {
        MixedHasher(0)
    }
}

impl std::hash::Hasher for MixedHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = mix(self.0 ^ u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = mix(self.0 ^ number);
    }
}
