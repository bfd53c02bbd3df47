//! Pairs worth comparing: those with a key in common under some rule, each pair once, and no more of them than can be looked at.
//!
//! A block larger than [`BLOCK_MAX`] says little by its key: everybody of one telephone exchange. Of such a block only neighbours in
//! the order of all other keys are compared ([`WINDOW`]), so that a million records with one key cost a million times the window.
use rayon::prelude::*;

use crate::kind::Kind;

/// The largest block of which every pair is compared.
pub const BLOCK_MAX: usize = 600;
/// How many neighbours each record of a larger block is compared with.
pub const WINDOW: usize = 12;
/// Blocks are handed out in stretches of so many records.
const STRETCH: usize = 16_384;

/// The keys of all records under all rules.
pub struct Keys {
    /// By rule, by record. Cut to 32 bits: two keys that fall together cost a comparison and nothing else.
    by_rule: Vec<Vec<u32>>,
    /// By rule: the keys of blocks that are too large, in order.
    large: Vec<Vec<u32>>,
}

impl Keys {
    /// Of these records.
    pub fn of<K: Kind>(records: &[K::Record]) -> Self {
        let by_rule = (0..K::RULES.len())
            .map(|rule| {
                records
                    .par_iter()
                    .map(|record| {
                        let key = K::key(record, rule);
                        if key == 0 { 0 } else { (crate::hash::mix(key) >> 32) as u32 | 1 }
                    })
                    .collect()
            })
            .collect();
        Self { by_rule, large: vec![Vec::new(); K::RULES.len()] }
    }

    /// Records in the order of their keys under a rule, without those that have none.
    fn order(&self, rule: usize) -> Vec<u64> {
        let keys = &self.by_rule[rule];
        let mut order: Vec<u64> = keys
            .par_iter()
            .enumerate()
            .filter(|(_, key)| **key != 0)
            .map(|(record, key)| u64::from(*key) << 32 | record as u64)
            .collect();
        order.par_sort_unstable();
        order
    }

    /// Whether an earlier rule has found this pair already.
    fn seen(&self, rule: usize, one: u32, other: u32) -> bool {
        (0..rule).any(|earlier| {
            let key = self.by_rule[earlier][one as usize];
            key != 0 && key == self.by_rule[earlier][other as usize] && self.large[earlier].binary_search(&key).is_err()
        })
    }

    /// Calls `look` with every pair of one rule that no earlier rule has found. Rules are asked in their order. Of blocks whose key
    /// `wanted` refuses nothing is looked at. Every stretch of blocks has its own state, and their states come back in order.
    pub fn pairs<S: Default + Send>(
        &mut self,
        rule: usize,
        wanted: impl Fn(u32) -> bool + Sync,
        look: impl Fn(&mut S, u32, u32) + Sync,
    ) -> Vec<S> {
        let order = self.order(rule);
        let key_of = |at: usize| (order[at] >> 32) as u32;
        self.large[rule] = large_keys(&order);
        // Stretches end where a block ends.
        let mut cuts = vec![0];
        while let Some(last) = cuts.last().copied().filter(|last| *last < order.len()) {
            let mut next = (last + STRETCH).min(order.len());
            while next < order.len() && key_of(next) == key_of(next - 1) {
                next += 1;
            }
            cuts.push(next);
        }
        let keys = &*self;
        cuts.par_windows(2)
            .map(|cut| {
                let mut state = S::default();
                let mut start = cut[0];
                while start < cut[1] {
                    let key = key_of(start);
                    let end = (start + 1..cut[1]).find(|at| key_of(*at) != key).unwrap_or(cut[1]);
                    if end - start > 1 && wanted(key) {
                        keys.block(rule, &order[start..end], &mut |one, other| look(&mut state, one, other));
                    }
                    start = end;
                }
                state
            })
            .collect()
    }

    /// How many pairs a rule has, those of earlier rules among them.
    pub fn count(&self, rule: usize) -> u64 {
        let order = self.order(rule);
        let size = |block: &[u64]| match block.len() as u64 {
            n if n > BLOCK_MAX as u64 => n * WINDOW as u64,
            n => n * (n - 1) / 2,
        };
        order.chunk_by(|a, b| a >> 32 == b >> 32).map(size).sum()
    }

    fn block(&self, rule: usize, block: &[u64], look: &mut impl FnMut(u32, u32)) {
        let mut offer = |one: u64, other: u64| {
            let (one, other) = (one as u32, other as u32);
            if !self.seen(rule, one, other) {
                look(one.min(other), one.max(other));
            }
        };
        if block.len() <= BLOCK_MAX {
            for (at, one) in block.iter().enumerate() {
                for other in &block[at + 1..] {
                    offer(*one, *other);
                }
            }
            return;
        }
        let mut near: Vec<u64> = block.to_vec();
        near.sort_by_cached_key(|record| {
            let record = *record as u32 as usize;
            (self.by_rule.iter().map(|keys| keys[record]).collect::<Vec<_>>(), record)
        });
        for (at, one) in near.iter().enumerate() {
            for other in near[at + 1..].iter().take(WINDOW) {
                offer(*one, *other);
            }
        }
    }
}

fn large_keys(order: &[u64]) -> Vec<u32> {
    let blocks = order.chunk_by(|a, b| a >> 32 == b >> 32);
    blocks.filter(|block| block.len() > BLOCK_MAX).map(|block| (block[0] >> 32) as u32).collect()
}
