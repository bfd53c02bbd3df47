//! Chance that can be repeated: ChaCha8 under a seed, with a stream of its own for every block of people.
//!
//! The same plan gives the same bytes on every machine and in every order of asking, so that a test can name the
//! row it expects and four departments can speak of the same person without anyone remembering him.
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// A source of chance.
#[derive(Clone, Debug)]
pub(in crate::demo) struct Dice(ChaCha8Rng);

impl Dice {
    /// Chance under a seed, for one use that `purpose` names.
    pub fn new(seed: u64, purpose: u64) -> Self {
        // Distinct purposes must not share a key: the multiplier spreads neighbouring numbers over all bits.
        Self(ChaCha8Rng::seed_from_u64(seed ^ purpose.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    /// Goes to the beginning of one stream; the same stream always gives the same throws.
    pub fn turn_to(&mut self, stream: u64) {
        self.0.set_stream(stream);
        self.0.set_word_pos(0);
    }

    /// A whole number below `sides`.
    pub fn below(&mut self, sides: u32) -> u32 {
        scale(self.0.next_u32(), sides)
    }

    /// True in `share` of `of` throws.
    pub fn happens(&mut self, share: u32, of: u32) -> bool {
        self.below(of) < share
    }

    /// One of the choices.
    pub fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(count(choices)) as usize]
    }

    /// The choice whose share the throw falls into; shares are running sums, the last is the whole.
    pub fn by_share(&mut self, sums: &[u32]) -> usize {
        let whole = sums.last().copied().unwrap_or(1);
        let thrown = self.below(whole);
        sums.partition_point(|sum| *sum <= thrown)
    }
}

/// The running sums of a list of weights.
pub(super) fn sums(weights: impl IntoIterator<Item = u32>) -> Vec<u32> {
    weights
        .into_iter()
        .scan(0, |sum, weight| {
            *sum += weight;
            Some(*sum)
        })
        .collect()
}

/// Maps all 32-bit numbers evenly onto those below `sides`.
fn scale(thrown: u32, sides: u32) -> u32 {
    u32::try_from((u64::from(thrown) * u64::from(sides)) >> 32).unwrap_or(0)
}

fn count<T>(choices: &[T]) -> u32 {
    u32::try_from(choices.len()).unwrap_or(u32::MAX)
}
