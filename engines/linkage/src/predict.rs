//! Every pair that the rules find, weighed: those from which a clerk would look on are kept.
use rayon::prelude::*;

use crate::block::Keys;
use crate::kind::Kind;
use crate::model::Scorer;

/// Two records that may be one subject, the smaller number first.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Edge {
    /// A record.
    pub one: u32,
    /// Another.
    pub other: u32,
    /// What the pair weighs, in bits.
    pub bits: f32,
}

#[derive(Default)]
struct Found {
    edges: Vec<Edge>,
    looked_at: u64,
}

/// The edges of at least so many bits, heaviest first, and how many pairs were looked at. `keys` must be these records'.
pub fn predict<K: Kind>(
    records: &[K::Record],
    keys: &mut Keys,
    scorer: &Scorer<K>,
    least_bits: f32,
) -> (Vec<Edge>, u64) {
    let (mut edges, mut looked_at) = (Vec::new(), 0);
    for rule in 0..K::RULES.len() {
        let found = keys.pairs::<Found>(
            rule,
            |_| true,
            |found, one, other| {
                found.looked_at += 1;
                let bits = scorer.bits(&records[one as usize], &records[other as usize]);
                if bits >= least_bits {
                    found.edges.push(Edge { one, other, bits });
                }
            },
        );
        for found in found {
            looked_at += found.looked_at;
            edges.extend(found.edges);
        }
    }
    sort(&mut edges);
    // Neighbours in a large block may have been found twice.
    edges.dedup_by_key(|edge| (edge.one, edge.other));
    (edges, looked_at)
}

/// Heaviest first; of the same weight in the order of the records, so that what follows depends on nothing else.
pub fn sort(edges: &mut [Edge]) {
    edges.par_sort_unstable_by(|a, b| b.bits.total_cmp(&a.bits).then((a.one, a.other).cmp(&(b.one, b.other))));
}
