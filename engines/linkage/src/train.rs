//! Learning the weights from the records themselves, without anybody saying which pairs are one subject.
//!
//! `u` comes from pairs picked blindly, of which hardly any are one subject. `m` comes from the pairs of each teaching rule by expectation
//! maximisation, for the comparisons that the rule leaves free, and is the mean over the rules by the pairs that each took for one
//! subject. The prior comes last, from what all rules find together.
use std::collections::HashMap;

use rayon::prelude::*;

use crate::block::Keys;
use crate::hash;
use crate::kind::{Kind, Levels};
use crate::model::{Model, Odds};

/// How a model is learned.
#[derive(Clone, Copy, Debug)]
pub struct Training {
    /// Two runs with one seed on the same records learn the same.
    pub seed: u64,
    /// Pairs picked blindly.
    pub blind_pairs: usize,
    /// About how many pairs of each rule are looked at.
    pub rule_pairs: usize,
    /// From which probability on two records are one subject, and from which a clerk decides.
    pub same: f64,
    /// As above.
    pub review: f64,
}

impl Default for Training {
    fn default() -> Self {
        Self { seed: 1, blind_pairs: 4_000_000, rule_pairs: 2_000_000, same: 0.95, review: 0.5 }
    }
}

/// Rounds of expectation maximisation, unless it comes to rest before.
const ROUNDS: usize = 60;
/// No level is impossible: what was not seen among so many pairs is rarer than this.
const LEAST: f64 = 1e-7;
/// Terms listed in a model, the commonest.
const TERMS_MAX: usize = 200_000;

type Patterns = HashMap<u64, f64>;

fn pattern(levels: &Levels) -> u64 {
    u64::from_le_bytes(*levels)
}

fn levels(pattern: u64) -> Levels {
    pattern.to_le_bytes()
}

/// Learns a model of these records; `keys` must be theirs.
pub fn train<K: Kind>(records: &[K::Record], keys: &mut Keys, how: &Training) -> Model {
    let u = blind::<K>(records, how);
    let (terms, rare) = terms::<K>(records);
    let odds: Vec<Vec<Odds>> = K::COMPARISONS
        .iter()
        .zip(&u)
        .map(|(comparison, u)| {
            let n = comparison.levels.len();
            u.iter().enumerate().map(|(level, u)| Odds { m: supposed(level + 1, n), u: *u }).collect()
        })
        .collect();
    let mut model = Model {
        kind: K::NAME.into(),
        version: K::VERSION,
        prior: 1.0 / records.len().max(2) as f64,
        odds,
        terms,
        rare,
        same_bits: bits(how.same),
        review_bits: bits(how.review),
    };
    let samples: Vec<(Patterns, f64)> = (0..K::RULES.len()).map(|rule| sample::<K>(records, keys, rule, how)).collect();
    let mut learned: Vec<Vec<Vec<f64>>> = K::COMPARISONS.iter().map(|c| vec![Vec::new(); c.levels.len()]).collect();
    for (rule, (patterns, _)) in samples.iter().enumerate().filter(|(rule, _)| K::RULES[*rule].teaches) {
        maximise::<K>(&model, patterns, K::RULES[rule].fixes, &mut learned);
    }
    for (c, by_level) in learned.iter().enumerate() {
        let total: f64 = by_level.iter().flatten().sum();
        if total > 0.0 {
            for (level, seen) in by_level.iter().enumerate() {
                model.odds[c][level].m = (seen.iter().sum::<f64>() / total).max(LEAST);
            }
        }
    }
    settle::<K>(&mut model, &samples, records.len());
    model
}

fn bits(probability: f64) -> f32 {
    (probability / (1.0 - probability)).log2() as f32
}

/// What is supposed of a comparison before anything is learned: nine of ten agree wholly.
fn supposed(level: usize, levels: usize) -> f64 {
    if level == levels { 0.9 } else { 0.1 / (levels - 1).max(1) as f64 }
}

/// How often each level occurs among pairs picked blindly.
fn blind<K: Kind>(records: &[K::Record], how: &Training) -> Vec<Vec<f64>> {
    const STRETCH: usize = 65_536;
    let n = records.len() as u64;
    let count = how.blind_pairs.div_ceil(STRETCH);
    let counts = (0..count)
        .into_par_iter()
        .map(|stretch| {
            let mut counts = vec![[0_u64; crate::kind::LEVELS_MAX]; K::COMPARISONS.len()];
            for number in 0..STRETCH {
                let pick =
                    |salt: u64| (hash::of(&[how.seed, salt, (stretch * STRETCH + number) as u64]) % n.max(1)) as usize;
                let (one, other) = (pick(1), pick(2));
                if one != other {
                    let levels = K::levels(&records[one], &records[other]);
                    for (c, counts) in counts.iter_mut().enumerate() {
                        counts[usize::from(levels[c])] += 1;
                    }
                }
            }
            counts
        })
        .reduce_with(|mut all, some| {
            for (all, some) in all.iter_mut().flatten().zip(some.iter().flatten()) {
                *all += some;
            }
            all
        })
        .unwrap_or_default();
    K::COMPARISONS
        .iter()
        .zip(counts)
        .map(|(comparison, counts)| {
            let seen = &counts[1..=comparison.levels.len()];
            let total = seen.iter().sum::<u64>() as f64 + seen.len() as f64 * 0.5;
            seen.iter().map(|seen| ((*seen as f64 + 0.5) / total).max(LEAST)).collect()
        })
        .collect()
}

/// The commonest terms of each comparison and how often they occur; and how often one occurs that is not listed.
fn terms<K: Kind>(records: &[K::Record]) -> (Vec<HashMap<u64, f32>>, Vec<f32>) {
    K::COMPARISONS
        .iter()
        .enumerate()
        .map(|(c, comparison)| {
            if !comparison.by_term {
                return (HashMap::new(), 1.0);
            }
            let mut all: Vec<u64> =
                records.par_iter().map(|record| K::term(record, c)).filter(|term| *term != 0).collect();
            all.par_sort_unstable();
            let n = all.len().max(1) as f32;
            let mut counts: Vec<(u32, u64)> = all
                .chunk_by(|a, b| a == b)
                .map(|same| (same.len() as u32, same[0]))
                .filter(|(count, _)| *count > 1)
                .collect();
            counts.sort_unstable_by(|a, b| b.cmp(a));
            let rest: f32 = counts.iter().skip(TERMS_MAX).map(|(count, _)| *count as f32).sum::<f32>();
            let rest_terms = counts.len().saturating_sub(TERMS_MAX).max(1) as f32;
            counts.truncate(TERMS_MAX);
            let rare = (rest / rest_terms).max(1.0) / n;
            (counts.into_iter().map(|(count, term)| (term, count as f32 / n)).collect(), rare)
        })
        .unzip()
}

/// The patterns of about so many pairs of a rule, and which part of the rule's blocks they are of.
fn sample<K: Kind>(records: &[K::Record], keys: &mut Keys, rule: usize, how: &Training) -> (Patterns, f64) {
    let pairs = keys.count(rule);
    let part = (how.rule_pairs as f64 / pairs.max(1) as f64).min(1.0);
    let below = (part * f64::from(u32::MAX)) as u32;
    let seed = how.seed;
    let found = keys.pairs::<Patterns>(
        rule,
        |key| part >= 1.0 || (hash::of(&[seed, u64::from(key)]) >> 32) as u32 <= below,
        |patterns, one, other| {
            let levels = K::levels(&records[one as usize], &records[other as usize]);
            *patterns.entry(pattern(&levels)).or_default() += 1.0;
        },
    );
    let mut all = Patterns::new();
    for (pattern, count) in found.into_iter().flatten() {
        *all.entry(pattern).or_default() += count;
    }
    (all, part)
}

/// In a fixed order: sums of floats depend on it.
fn in_order(patterns: &Patterns) -> Vec<(Levels, f64)> {
    let mut order: Vec<_> = patterns.iter().map(|(pattern, count)| (*pattern, *count)).collect();
    order.sort_unstable_by_key(|(pattern, _)| *pattern);
    order.into_iter().map(|(pattern, count)| (levels(pattern), count)).collect()
}

/// Expectation maximisation over the pairs of one rule: adds to `learned`, by comparison and level, the pairs taken for one subject.
fn maximise<K: Kind>(model: &Model, patterns: &Patterns, fixes: &[usize], learned: &mut [Vec<Vec<f64>>]) {
    let patterns = in_order(patterns);
    let total: f64 = patterns.iter().map(|(_, count)| count).sum();
    if total < 100.0 {
        return;
    }
    let free: Vec<usize> = (0..K::COMPARISONS.len()).filter(|c| !fixes.contains(c)).collect();
    let mut m: Vec<Vec<f64>> = model.odds.iter().map(|odds| odds.iter().map(|odds| odds.m).collect()).collect();
    let mut share = 0.5;
    let mut matched: Vec<Vec<f64>> = Vec::new();
    for _ in 0..ROUNDS {
        matched = m.iter().map(|m| vec![0.0; m.len()]).collect();
        let mut one = 0.0;
        for (levels, count) in &patterns {
            let mut odds = share / (1.0 - share);
            for c in &free {
                if let Some(level) = usize::from(levels[*c]).checked_sub(1) {
                    odds *= m[*c][level] / model.odds[*c][level].u;
                }
            }
            let expected = count * odds / (1.0 + odds);
            one += expected;
            for c in &free {
                if let Some(level) = usize::from(levels[*c]).checked_sub(1) {
                    matched[*c][level] += expected;
                }
            }
        }
        let moved = (one / total - share).abs();
        share = (one / total).clamp(1e-9, 1.0 - 1e-9);
        for c in &free {
            let sum: f64 = matched[*c].iter().sum();
            if sum > 0.0 {
                m[*c] = matched[*c].iter().map(|seen| (seen / sum).max(LEAST)).collect();
            }
        }
        if moved < 1e-6 {
            break;
        }
    }
    for c in free {
        for (level, seen) in matched[c].iter().enumerate() {
            learned[c][level].push(*seen);
        }
    }
}

/// Settles the prior and `m` together on all pairs that the rules find, so that both are borne out by the whole of the evidence: what one
/// rule's pairs took for one subject may have been a family, which the other comparisons tell apart.
fn settle<K: Kind>(model: &mut Model, samples: &[(Patterns, f64)], n: usize) {
    let all_pairs = ((n as f64) * (n as f64 - 1.0) / 2.0).max(1.0);
    let found: Vec<(Levels, f64)> = samples
        .iter()
        .flat_map(|(patterns, part)| in_order(patterns).into_iter().map(move |(levels, count)| (levels, count / part)))
        .collect();
    for _ in 0..ROUNDS {
        let mut matched: Vec<Vec<f64>> = model.odds.iter().map(|odds| vec![0.0; odds.len()]).collect();
        let mut expected = 0.0;
        for (levels, count) in &found {
            let seen = || (0..K::COMPARISONS.len()).filter_map(|c| Some((c, usize::from(levels[c]).checked_sub(1)?)));
            let ratio: f64 = seen().map(|(c, level)| model.odds[c][level]).map(|odds| odds.m / odds.u).product();
            let odds = ratio * model.prior / (1.0 - model.prior);
            let one = count * odds / (1.0 + odds);
            expected += one;
            for (c, level) in seen() {
                matched[c][level] += one;
            }
        }
        model.prior = (expected.max(1.0) / all_pairs).clamp(1e-15, 0.5);
        for (odds, matched) in model.odds.iter_mut().zip(&matched) {
            let sum: f64 = matched.iter().sum();
            if sum >= 100.0 {
                for (odds, matched) in odds.iter_mut().zip(matched) {
                    odds.m = (matched / sum).max(LEAST);
                }
            }
        }
    }
}
