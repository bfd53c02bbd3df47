//! A Merkle tree of the shape of RFC 6962, section 2.1, with SM3 in place of SHA-256: one root stands for a day's
//! entries, and a proof of some twenty digests shows that one entry is among them without showing the others.
use crate::sm3::Hasher;

const LEAF: u8 = 0;
const NODE: u8 = 1;

/// The digest of an entry as a leaf.
pub fn leaf(entry: &[u8]) -> [u8; 32] {
    let mut hasher = Hasher::new();
    hasher.update(&[LEAF]);
    hasher.update(entry);
    hasher.finalize()
}

/// The digest of two subtrees side by side.
pub fn node(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    let mut hasher = Hasher::new();
    hasher.update(&[NODE]);
    hasher.update(left);
    hasher.update(right);
    hasher.finalize()
}

/// The root over leaves made by [`leaf`]; that of no leaves is the digest of nothing.
pub fn root(leaves: &[[u8; 32]]) -> [u8; 32] {
    let mut builder = Builder::new();
    for leaf in leaves {
        builder.push(*leaf);
    }
    builder.root()
}

/// Builds a root from leaves that arrive one by one, holding one digest per level (at most 64).
#[derive(Clone, Default)]
pub struct Builder {
    /// Roots of the complete subtrees, largest first; their sizes are the one-bits of `count`.
    peaks: Vec<[u8; 32]>,
    count: u64,
}

impl Builder {
    /// A tree without leaves.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the next leaf, as made by [`leaf`].
    pub fn push(&mut self, leaf: [u8; 32]) {
        let mut digest = leaf;
        let mut rest = self.count;
        while rest & 1 == 1 {
            if let Some(left) = self.peaks.pop() {
                digest = node(&left, &digest);
            }
            rest >>= 1;
        }
        self.peaks.push(digest);
        self.count += 1;
    }

    /// How many leaves there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The root over all leaves so far.
    pub fn root(&self) -> [u8; 32] {
        let mut peaks = self.peaks.iter().rev();
        match peaks.next() {
            None => crate::sm3::digest(&[]),
            Some(last) => peaks.fold(*last, |right, left| node(left, &right)),
        }
    }
}

/// The siblings on the way from leaf `index` to the root, nearest first; `None` if there is no such leaf.
pub fn proof(leaves: &[[u8; 32]], index: usize) -> Option<Vec<[u8; 32]>> {
    if index >= leaves.len() {
        return None;
    }
    let mut path = Vec::new();
    let (mut low, mut high) = (0, leaves.len());
    while high - low > 1 {
        let middle = low + split(high - low);
        if index < middle {
            path.push(root(&leaves[middle..high]));
            high = middle;
        } else {
            path.push(root(&leaves[low..middle]));
            low = middle;
        }
    }
    path.reverse();
    Some(path)
}

/// Whether `path` shows that `leaf` stands at `index` among `count` leaves under `root`.
///
/// Follows RFC 9162, section 2.1.3.2: the shape of the tree is fixed by `index` and `count`, never by the proof.
pub fn includes(root: &[u8; 32], leaf: &[u8; 32], index: u64, count: u64, path: &[[u8; 32]]) -> bool {
    if index >= count {
        return false;
    }
    let (mut position, mut last) = (index, count - 1);
    let mut digest = *leaf;
    for sibling in path {
        if last == 0 {
            return false;
        }
        if position & 1 == 1 || position == last {
            digest = node(sibling, &digest);
            while position & 1 == 0 && position != 0 {
                position >>= 1;
                last >>= 1;
            }
        } else {
            digest = node(&digest, sibling);
        }
        position >>= 1;
        last >>= 1;
    }
    last == 0 && digest == *root
}

/// The largest power of two below `count`, which is more than one.
fn split(count: usize) -> usize {
    1 << (count - 1).ilog2()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The definition of RFC 6962, section 2.1, word for word.
    fn as_defined(leaves: &[[u8; 32]]) -> [u8; 32] {
        match leaves {
            [] => crate::sm3::digest(b""),
            [one] => *one,
            many => {
                let (left, right) = many.split_at(split(many.len()));
                node(&as_defined(left), &as_defined(right))
            }
        }
    }

    fn leaves(count: u32) -> Vec<[u8; 32]> {
        (0..count).map(|number| leaf(&number.to_be_bytes())).collect()
    }

    #[test]
    fn the_root_is_that_of_the_definition_for_every_small_tree() {
        for count in 0..70 {
            let leaves = leaves(count);
            assert_eq!(root(&leaves), as_defined(&leaves), "{count} leaves");
        }
    }

    #[test]
    fn the_split_is_the_largest_power_of_two_below() {
        assert_eq!([2, 3, 4, 5, 8, 9].map(split), [1, 2, 2, 4, 4, 8]);
    }

    #[test]
    fn every_leaf_of_every_small_tree_proves_its_own_place_and_no_other() {
        for count in 1..20 {
            let leaves = leaves(count);
            let root = root(&leaves);
            for index in 0..leaves.len() {
                let path = proof(&leaves, index).unwrap();
                for claimed in 0..u64::from(count) + 2 {
                    let holds = includes(&root, &leaves[index], claimed, u64::from(count), &path);
                    assert_eq!(holds, claimed == index as u64, "leaf {index} of {count} at {claimed}");
                }
            }
        }
    }

    #[test]
    fn there_is_no_proof_of_a_leaf_that_is_not_there() {
        assert_eq!(proof(&leaves(3), 3), None);
        assert_eq!(proof(&[], 0), None);
        assert!(!includes(&root(&[]), &leaf(b""), 0, 0, &[]));
    }

    #[test]
    fn a_node_is_never_taken_for_a_leaf() {
        let leaves = leaves(2);
        let inside = [leaves[0], leaves[1]].concat();
        assert_ne!(leaf(&inside), root(&leaves));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_proof_holds_and_any_change_to_it_does_not(
            count in 1u32..300, index: prop::sample::Index, changed: prop::sample::Index, bit in 0u8..8
        ) {
            let leaves = leaves(count);
            let index = index.index(leaves.len());
            let root = root(&leaves);
            let mut path = proof(&leaves, index).unwrap();
            let (place, size) = (index as u64, u64::from(count));
            prop_assert!(includes(&root, &leaves[index], place, size, &path));
            prop_assert!(!includes(&root, &leaf(b"another"), place, size, &path));
            let mut longer = path.clone();
            longer.push([0; 32]);
            prop_assert!(!includes(&root, &leaves[index], place, size, &longer));
            if !path.is_empty() {
                prop_assert!(!includes(&root, &leaves[index], place, size, &path[1..]));
                let sibling = changed.index(path.len());
                path[sibling][3] ^= 1 << bit;
                prop_assert!(!includes(&root, &leaves[index], place, size, &path));
            }
        }

        #[test]
        fn trees_that_differ_in_one_leaf_differ_in_their_root(count in 1u32..100, changed: prop::sample::Index) {
            let mut leaves = leaves(count);
            let before = root(&leaves);
            let changed = changed.index(leaves.len());
            leaves[changed][0] ^= 1;
            prop_assert_ne!(root(&leaves), before);
        }
    }
}
