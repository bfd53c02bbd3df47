//! From pairs to subjects: which records are one person.
//!
//! Pairs are followed heaviest first. Two groups become one if they fit as a whole: what all pairs between them weigh on average must
//! reach the bound, for a chain of which each link is likely and whose ends have nothing in common is not one person. Records that
//! would be more than the cap together are left apart altogether: which forty of a million records of a nameless one belong together is
//! no question. Both refusals are told, for a clerk decides them. What comes out depends on the pairs and nothing else.
use crate::predict::Edge;

/// What bounds a group.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most records of one subject that are put together without a clerk.
    pub cap: usize,
    /// From how many bits on a pair is followed.
    pub same_bits: f32,
    /// What pairs between two groups must weigh on average, each counted at most [`PAIR_BITS_MAX`].
    pub cohesion_bits: f32,
}

/// One pair that agrees in everything must not outweigh many that do not.
pub const PAIR_BITS_MAX: f32 = 20.0;

impl Default for Limits {
    fn default() -> Self {
        Self { cap: 40, same_bits: 4.25, cohesion_bits: 0.0 }
    }
}

/// Why a pair was not followed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The group would have more records than the cap.
    TooLarge,
    /// The two groups do not fit as a whole.
    Incoherent,
}

/// Groups of records.
pub struct Clusters {
    root: Vec<u32>,
    /// The next record of the same group, in a ring.
    next: Vec<u32>,
    size: Vec<u32>,
    /// By first record: whether the group would be more than the cap.
    over: Vec<bool>,
    /// Pairs that were not followed.
    pub refused: Vec<(Edge, Refusal)>,
}

/// The most refused pairs kept: a clerk begins with the heaviest.
const REFUSED_MAX: usize = 1_000_000;

impl Clusters {
    /// Each record alone.
    fn alone(records: usize) -> Self {
        let each: Vec<u32> = (0..records as u32).collect();
        Self { root: each.clone(), next: each, size: vec![1; records], over: vec![false; records], refused: Vec::new() }
    }

    /// The record that stands for this one's group: its first.
    pub fn root(&self, record: u32) -> u32 {
        self.root[record as usize]
    }

    /// How many records this one's group has.
    pub fn size(&self, record: u32) -> u32 {
        self.size[self.root(record) as usize]
    }

    /// The records of this one's group, itself first.
    pub fn members(&self, record: u32) -> impl Iterator<Item = u32> + '_ {
        let mut at = Some(record);
        std::iter::from_fn(move || {
            let here = at?;
            let next = self.next[here as usize];
            at = (next != record).then_some(next);
            Some(here)
        })
    }

    /// By record, its group's first record.
    pub fn into_roots(self) -> Vec<u32> {
        self.root
    }

    fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.root(one), self.root(other));
        let (first, second) = (one.min(other), one.max(other));
        let moved: Vec<u32> = self.members(second).collect();
        for record in moved {
            self.root[record as usize] = first;
        }
        self.next.swap(first as usize, second as usize);
        self.size[first as usize] += self.size[second as usize];
        self.over[first as usize] |= self.over[second as usize];
    }

    /// Parts the groups that would be more than the cap.
    fn part_the_large(&mut self) {
        let over: Vec<u32> =
            (0..self.root.len() as u32).filter(|record| self.over[self.root(*record) as usize]).collect();
        for record in over {
            let at = record as usize;
            (self.root[at], self.next[at], self.size[at]) = (record, record, 1);
        }
    }
}

/// Groups of so many records by their edges, which must be sorted heaviest first. `bits` weighs a pair that no rule has found; minus infinity is a pair
/// that a clerk has parted, and an edge of infinite weight one that a clerk has joined.
pub fn cluster(records: usize, edges: &[Edge], limits: &Limits, bits: impl Fn(u32, u32) -> f32) -> Clusters {
    let mut clusters = Clusters::alone(records);
    for edge in edges.iter().take_while(|edge| edge.bits >= limits.same_bits) {
        let (one, other) = (clusters.root(edge.one), clusters.root(edge.other));
        if one == other {
            continue;
        }
        let refusal = refusal(&clusters, edge, (one, other), limits, &bits);
        if refusal == Some(Refusal::TooLarge) {
            clusters.over[one as usize] = true;
            clusters.over[other as usize] = true;
        }
        match refusal {
            None => clusters.join(one, other),
            Some(why) if clusters.refused.len() < REFUSED_MAX => clusters.refused.push((*edge, why)),
            Some(_) => {}
        }
    }
    clusters.part_the_large();
    // What a clerk has joined stays joined, in whatever it was parted from.
    for edge in edges.iter().take_while(|edge| edge.bits.is_infinite()) {
        if clusters.root(edge.one) != clusters.root(edge.other) {
            clusters.join(edge.one, edge.other);
        }
    }
    clusters
}

fn refusal(
    clusters: &Clusters,
    edge: &Edge,
    (one, other): (u32, u32),
    limits: &Limits,
    bits: &impl Fn(u32, u32) -> f32,
) -> Option<Refusal> {
    if edge.bits.is_infinite() {
        // A clerk has said so.
        return None;
    }
    if clusters.over[one as usize] && clusters.over[other as usize] {
        // Both will be parted; whether they fit would take long to see and changes nothing.
        return Some(Refusal::TooLarge);
    }
    if !fits(clusters, one, other, limits, bits) {
        return Some(Refusal::Incoherent);
    }
    let size = (clusters.size(one) + clusters.size(other)) as usize;
    (size > limits.cap).then_some(Refusal::TooLarge)
}

fn fits(clusters: &Clusters, one: u32, other: u32, limits: &Limits, bits: &impl Fn(u32, u32) -> f32) -> bool {
    if clusters.size(one) == 1 && clusters.size(other) == 1 {
        return true;
    }
    let mut sum = 0.0;
    for a in clusters.members(one) {
        for b in clusters.members(other) {
            sum += bits(a, b).min(PAIR_BITS_MAX);
        }
    }
    sum / (clusters.size(one) * clusters.size(other)) as f32 >= limits.cohesion_bits
}
