//! How right a linking is: pairs put together, against pairs that are one person.
use std::collections::HashMap;
use std::hash::Hash;

/// Pairs of one half or of all.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rightness {
    /// Of the pairs put together, how many are one person.
    pub precision: f64,
    /// Of the pairs that are one person, how many were put together.
    pub recall: f64,
    /// The harmonic mean of both.
    pub f1: f64,
}

/// Pairs among the records whose person is `counted`; a pair of one counted and one other is counted too, and is wrong.
pub fn rightness<T: Copy + Eq + Hash>(groups: &[u32], truth: &[T], counted: impl Fn(T) -> bool) -> Rightness {
    let pairs = |n: u64| n * n.saturating_sub(1) / 2;
    let mut people: HashMap<T, u64> = HashMap::new();
    let mut found: HashMap<u32, (u64, u64)> = HashMap::new();
    let mut joint: HashMap<(u32, T), u64> = HashMap::new();
    for (group, person) in groups.iter().zip(truth) {
        let ours = counted(*person);
        let (all, others) = found.entry(*group).or_default();
        *all += 1;
        *others += u64::from(!ours);
        if ours {
            *people.entry(*person).or_default() += 1;
            *joint.entry((*group, *person)).or_default() += 1;
        }
    }
    let right = joint.values().map(|n| pairs(*n)).sum::<u64>() as f64;
    let together = found.values().map(|(all, others)| pairs(*all) - pairs(*others)).sum::<u64>() as f64;
    let one = people.values().map(|n| pairs(*n)).sum::<u64>() as f64;
    let (precision, recall) = (right / together.max(1.0), right / one.max(1.0));
    Rightness { precision, recall, f1: 2.0 * right / (together + one).max(1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_counted_by_hand() {
        // Groups {a a b} {b} {c c}: three pairs and one, of which aa and cc are right; bb is missed.
        let rightness = rightness(&[0, 0, 0, 1, 2, 2], &['a', 'a', 'b', 'b', 'c', 'c'], |_| true);
        assert!((rightness.precision - 0.5).abs() < 1e-9);
        assert!((rightness.recall - 2.0 / 3.0).abs() < 1e-9);
        assert!((rightness.f1 - 4.0 / 7.0).abs() < 1e-9);
    }

    #[test]
    fn a_pair_with_a_stranger_counts_as_wrong() {
        let rightness = rightness(&[0, 0, 1, 1], &['a', 'z', 'z', 'z'], |person| person == 'a');
        assert!(rightness.precision < 1e-9 && rightness.recall < 1e-9);
    }
}
