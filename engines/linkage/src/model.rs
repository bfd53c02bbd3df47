//! What each level of each comparison weighs: Fellegi and Sunter's model, with terms.
//!
//! A level's weight is how much oftener it occurs among pairs that are one subject (`m`) than among pairs that are not (`u`), in bits.
//! Weights add up, with the bits of the prior: two of seven million picked blindly are hardly ever one.
use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::kind::Kind;

/// How often a level occurs among pairs that are, and that are not, one subject.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Odds {
    /// Of pairs that are one subject.
    pub m: f64,
    /// Of pairs that are not.
    pub u: f64,
}

/// The weights of one kind.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Model {
    /// The kind's name and version.
    pub kind: String,
    /// As above.
    pub version: u16,
    /// The probability that two records picked blindly are one subject.
    pub prior: f64,
    /// By comparison, by level from 1.
    pub odds: Vec<Vec<Odds>>,
    /// By comparison: terms that are common, and how often they occur. Whatever is not here is as rare as the rarest here.
    pub terms: Vec<HashMap<u64, f32>>,
    /// By comparison: how often a term occurs that is not listed.
    pub rare: Vec<f32>,
    /// From this many bits two records are one subject.
    pub same_bits: f32,
    /// From this many bits on a clerk decides.
    pub review_bits: f32,
}

/// What a pair weighs.
#[derive(Clone, PartialEq, Debug)]
pub struct Score {
    /// All together, in bits; 0 is even odds.
    pub bits: f32,
    /// The prior, in bits.
    pub prior_bits: f32,
    /// By comparison: the level, and what it weighs.
    pub parts: Vec<(u8, f32)>,
}

/// How sure weights in bits are, from 0 to 1.
pub fn probability(bits: f32) -> f32 {
    1.0 / (1.0 + (-bits).exp2())
}

/// A model made ready for use on one kind.
pub struct Scorer<K: Kind> {
    prior_bits: f32,
    bits: [[f32; crate::kind::LEVELS_MAX]; crate::kind::COMPARISONS_MAX],
    top: [u8; crate::kind::COMPARISONS_MAX],
    /// By comparison: bits to be added for a term.
    terms: Vec<HashMap<u64, f32, crate::hash::Mixed>>,
    rare: Vec<f32>,
    kind: std::marker::PhantomData<K>,
}

impl<K: Kind> Scorer<K> {
    /// Of a model of this kind.
    pub fn new(model: &Model) -> Self {
        let mut bits = [[0.0; crate::kind::LEVELS_MAX]; crate::kind::COMPARISONS_MAX];
        let mut top = [0; crate::kind::COMPARISONS_MAX];
        let (mut terms, mut rare) = (Vec::new(), Vec::new());
        for (c, odds) in model.odds.iter().enumerate() {
            for (level, odds) in odds.iter().enumerate() {
                bits[c][level + 1] = (odds.m / odds.u).log2() as f32;
            }
            top[c] = if K::COMPARISONS[c].by_term { odds.len() as u8 } else { u8::MAX };
            // Agreement on a term weighs by the term's own frequency in place of the average.
            let average = odds.last().map_or(1.0, |odds| odds.u);
            let more = |frequency: f32| (average / f64::from(frequency)).log2() as f32;
            terms.push(model.terms[c].iter().map(|(term, frequency)| (*term, more(*frequency))).collect());
            rare.push(if K::COMPARISONS[c].by_term { more(model.rare[c]) } else { 0.0 });
        }
        let prior_bits = (model.prior / (1.0 - model.prior)).log2() as f32;
        Self { prior_bits, bits, top, terms, rare, kind: std::marker::PhantomData }
    }

    fn part(&self, one: &K::Record, other: &K::Record, comparison: usize, level: u8) -> f32 {
        let bits = self.bits[comparison][usize::from(level)];
        if level != self.top[comparison] {
            return bits;
        }
        let more = |term: u64| self.terms[comparison].get(&term).copied().unwrap_or(self.rare[comparison]);
        let (term, theirs) = (K::term(one, comparison), K::term(other, comparison));
        // Two spellings of one home may be two terms: the commoner one counts, whichever record comes first.
        bits + if term == theirs { more(term) } else { more(term).min(more(theirs)) }
    }

    /// What two records weigh, in bits.
    pub fn bits(&self, one: &K::Record, other: &K::Record) -> f32 {
        let levels = K::levels(one, other);
        (0..K::COMPARISONS.len()).fold(self.prior_bits, |sum, c| sum + self.part(one, other, c, levels[c]))
    }

    /// What two records weigh, with the reasons.
    pub fn score(&self, one: &K::Record, other: &K::Record) -> Score {
        let levels = K::levels(one, other);
        let parts = (0..K::COMPARISONS.len()).map(|c| (levels[c], self.part(one, other, c, levels[c]))).collect();
        Score { bits: self.bits(one, other), prior_bits: self.prior_bits, parts }
    }
}
