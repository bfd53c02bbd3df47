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
