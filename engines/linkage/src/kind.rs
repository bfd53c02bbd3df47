//! What is linked: a kind of record, by what two of them are compared, and by what pairs are found that are worth comparing.
//!
//! Comparisons and rules are code, and have a version; what each comparison weighs is data, learned from the records ([`crate::Model`]).

/// The most comparisons of a kind.
pub const COMPARISONS_MAX: usize = 8;
/// The most levels of a comparison, with 0 for nothing to compare.
pub const LEVELS_MAX: usize = 8;

/// The level of each comparison of two records; 0 where one of them says nothing.
pub type Levels = [u8; COMPARISONS_MAX];

/// One aspect in which two records are compared.
#[derive(Debug)]
pub struct Comparison {
    /// Its stable name, in lists and in the texts of pages.
    pub name: &'static str,
    /// Names of its levels from 1, least agreement first; the last is agreement.
    pub levels: &'static [&'static str],
    /// Whether agreement on a rare value says more than on a common one.
    pub by_term: bool,
}

/// One way to find pairs: those that have a key in common.
#[derive(Debug)]
pub struct Rule {
    /// Its stable name.
    pub name: &'static str,
    /// The comparisons that agree, or nearly, just because the key is the same: from its pairs nothing is learned of them.
    pub fixes: &'static [usize],
    /// Whether weights are learned from its pairs.
    pub teaches: bool,
}

/// A kind of record.
pub trait Kind: 'static + Send + Sync {
    /// One record, read. Small and flat: seven million lie in memory side by side.
    type Record: Copy + Send + Sync;

    /// Its name and the version of everything below: a model belongs to just one.
    const NAME: &'static str;
    /// As above.
    const VERSION: u16;
    /// At most [`COMPARISONS_MAX`].
    const COMPARISONS: &'static [Comparison];
    /// In the order in which they are asked.
    const RULES: &'static [Rule];

    /// How two records agree. The order of the two does not matter.
    fn levels(one: &Self::Record, other: &Self::Record) -> Levels;
    /// What pairs have in common under a rule; 0 if the record has no part in it.
    fn key(record: &Self::Record, rule: usize) -> u64;
    /// The value whose frequency weighs in a comparison's agreement; 0 if none.
    fn term(record: &Self::Record, comparison: usize) -> u64;
}
