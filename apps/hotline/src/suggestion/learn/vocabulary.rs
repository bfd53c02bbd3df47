//! Which pieces are learned from, and how much each can say: the more texts it stands in, the less.
//!
//! Counting is done in two passes so that the millions of pieces that stand in one text only cost a byte each and not an entry.
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::cut::{folded, pieces};

/// Cells of the first, inexact count (a power of two): 16 MB.
const CELLS: usize = 1 << 24;
/// What stands in a single text says more about that text than about its department.
const DF_MIN: u8 = 2;
/// How much of a text's length an unknown piece makes, beside a known one (of squares).
const UNKNOWN_SHARE: f32 = 0.25;

/// A hash is spread already.
#[derive(Default)]
pub struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| hash.rotate_left(8) ^ u64::from(*byte));
    }
    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

/// A map by the hash of a piece.
pub type PieceMap<T> = HashMap<u64, T, BuildHasherDefault<Spread>>;

/// The pieces that are known.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    ids: PieceMap<u32>,
    /// By id: the hash.
    pub(super) hashes: Vec<u64>,
    /// By id: how much it says.
    pub(super) idf: Vec<f32>,
    /// How much a piece says that nobody has seen.
    pub(super) idf_unknown: f32,
}

/// The known pieces of one text, by id, with how often each stands there; and what is not known.
#[derive(Clone, Debug, Default)]
pub struct Cut {
    /// Id and times, in the order of the ids.
    pub known: Vec<(u32, u32)>,
    /// How many different pieces are not known.
    pub unknown: u32,
}

impl Vocabulary {
    /// Counts the pieces of the texts and keeps at most `max` of them, those in most texts first. Ids are in that order, so
    /// that texts can be kept as small differences.
    pub fn learn<'a>(texts: impl Iterator<Item = &'a str> + Clone, max: usize) -> Self {
        let (few, count) = inexact(texts.clone());
        let df_min = least(&few, max);
        let mut exact: PieceMap<u32> = PieceMap::default();
        let mut seen = Vec::new();
        for text in texts {
            distinct(text, &mut seen);
            for hash in &seen {
                if few[cell(*hash)] >= df_min {
                    *exact.entry(*hash).or_default() += 1;
                }
            }
        }
        let mut kept: Vec<(u64, u32)> = exact.into_iter().filter(|(_, df)| *df >= u32::from(df_min)).collect();
        kept.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        kept.truncate(max);
        let idf = |df: u32| ((1.0 + count as f32) / (1.0 + df as f32)).ln() + 1.0;
        let (hashes, idf_of) = kept.iter().map(|(hash, df)| (*hash, idf(*df))).unzip();
        Self::of(hashes, idf_of, idf(0))
    }

    /// From what was kept.
    pub(super) fn of(hashes: Vec<u64>, idf: Vec<f32>, idf_unknown: f32) -> Self {
        let ids = hashes.iter().enumerate().map(|(id, hash)| (*hash, id as u32)).collect();
        Self { ids, hashes, idf, idf_unknown }
    }

    /// How many pieces are known.
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// The id of a piece.
    pub fn id(&self, hash: u64) -> Option<u32> {
        self.ids.get(&hash).copied()
    }

    /// The pieces of a text.
    pub fn cut(&self, text: &str) -> Cut {
        let mut all = Vec::new();
        pieces(&folded(text), |piece| all.push(piece.hash));
        all.sort_unstable();
        let mut cut = Cut::default();
        for same in all.chunk_by(|a, b| a == b) {
            match self.id(same[0]) {
                Some(id) => cut.known.push((id, same.len() as u32)),
                None => cut.unknown += 1,
            }
        }
        cut.known.sort_unstable();
        cut
    }

    /// How much of a text is known, 0 to 1.
    pub fn known(&self, cut: &Cut) -> f32 {
        let known: f32 = cut.known.iter().map(|(id, _)| self.idf[*id as usize].powi(2)).sum();
        let all = known + self.unknown_mass(cut);
        if all > 0.0 { known / all } else { 0.0 }
    }

    /// What the unknown pieces of a text would say if they were known.
    pub fn unknown_mass(&self, cut: &Cut) -> f32 {
        cut.unknown as f32 * self.idf_unknown.powi(2)
    }

    /// What a piece weighs that stands `times` in a text, before the text is brought to length one.
    pub fn weight(&self, id: u32, times: u32) -> f32 {
        damped(times) * self.idf[id as usize]
    }

    /// The length of a text. What is not known counts: of a text that says much that was never seen, the little that is known
    /// must not speak as loudly as if it were all.
    pub fn norm(&self, cut: &Cut) -> f32 {
        let known: f32 = cut.known.iter().map(|(id, times)| self.weight(*id, *times).powi(2)).sum();
        (known + UNKNOWN_SHARE * self.unknown_mass(cut)).sqrt().max(f32::MIN_POSITIVE)
    }
}

/// The tenth time a word is said it says little new.
pub fn damped(times: u32) -> f32 {
    1.0 + (times as f32).ln()
}

/// In how many texts a piece must stand at the least so that not many more than `max` are counted exactly: of a large city's
/// millions of pieces most would be counted only to be thrown away.
fn least(few: &[u8], max: usize) -> u8 {
    let mut with = [0_usize; 256];
    few.iter().for_each(|count| with[usize::from(*count)] += 1);
    let mut kept = 0;
    for df in (DF_MIN..=u8::MAX).rev() {
        kept += with[usize::from(df)];
        if kept > max + max / 4 {
            return df;
        }
    }
    DF_MIN
}

fn cell(hash: u64) -> usize {
    hash as usize & (CELLS - 1)
}

fn distinct(text: &str, into: &mut Vec<u64>) {
    into.clear();
    pieces(&folded(text), |piece| into.push(piece.hash));
    into.sort_unstable();
    into.dedup();
}

/// At least how many texts a piece may stand in, up to 255, and how many texts there are.
fn inexact<'a>(texts: impl Iterator<Item = &'a str>) -> (Vec<u8>, usize) {
    let mut cells = vec![0_u8; CELLS];
    let mut seen = Vec::new();
    let mut count = 0;
    for text in texts {
        count += 1;
        distinct(text, &mut seen);
        for hash in &seen {
            let counted = &mut cells[cell(*hash)];
            *counted = counted.saturating_add(1);
        }
    }
    (cells, count)
}
