//! How good answers were on texts that were held out: how often right, and whether what was said to be sure was.
use serde::{Deserialize, Serialize};

/// Parts of the scale of certainty, a tenth each.
pub const BINS: usize = 10;
/// The pairs that are shown of those most often taken for each other.
const CONFUSIONS_MAX: usize = 30;

/// One answered text.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The department that was right; none if the learner had never heard of it.
    pub right: Option<usize>,
    /// The departments in the order in which they were named, at least three if there are as many.
    pub named: Vec<usize>,
    /// How sure the first was said to be.
    pub sure: f64,
}

/// What was said with a certainty within a tenth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// How many answers.
    pub count: u32,
    /// How sure they were said to be, on average.
    pub said: f64,
    /// How many of them were right, as a share.
    pub right: f64,
}

/// Texts of one department that were held to be another's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confusion {
    /// Whose they were.
    pub right: usize,
    /// Whose they were held to be.
    pub named: usize,
    /// How many.
    pub count: u32,
}

/// How good the answers were.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// How many answers.
    pub texts: u32,
    /// The share in which the first named was right.
    pub top1: f64,
    /// The share in which one of the first three was right.
    pub top3: f64,
    /// The mean over departments of precision and recall taken together: the small ones count like the large.
    pub macro_f1: f64,
    /// By how much certainty and truth differ, on average over the answers (expected calibration error, ten bins).
    pub ece: f64,
    /// Certainty and truth, tenth by tenth.
    pub bins: Vec<Bin>,
    /// What is most often taken for each other.
    pub confusions: Vec<Confusion>,
}

/// Counts the answers of a learner of so many departments.
pub fn report(answers: &[Answer], classes: usize) -> Report {
    let of = |count: usize| if answers.is_empty() { 0.0 } else { count as f64 / answers.len() as f64 };
    let within = |most: usize| {
        let hit =
            |answer: &&Answer| answer.right.is_some_and(|right| answer.named.iter().take(most).any(|n| *n == right));
        of(answers.iter().filter(hit).count())
    };
    let bins = bins(answers);
    let apart = |bin: &Bin| f64::from(bin.count) * (bin.said - bin.right).abs();
    Report {
        texts: answers.len() as u32,
        top1: within(1),
        top3: within(3),
        macro_f1: macro_f1(answers, classes),
        ece: bins.iter().map(apart).sum::<f64>() / (answers.len().max(1)) as f64,
        bins,
        confusions: confusions(answers),
    }
}

fn first_right(answer: &Answer) -> bool {
    answer.right.is_some() && answer.named.first() == answer.right.as_ref()
}

fn bins(answers: &[Answer]) -> Vec<Bin> {
    let mut bins = vec![Bin::default(); BINS];
    for answer in answers {
        let bin = &mut bins[((answer.sure * BINS as f64) as usize).min(BINS - 1)];
        bin.count += 1;
        bin.said += answer.sure;
        bin.right += f64::from(u8::from(first_right(answer)));
    }
    for bin in bins.iter_mut().filter(|bin| bin.count > 0) {
        bin.said /= f64::from(bin.count);
        bin.right /= f64::from(bin.count);
    }
    bins
}

/// Over the departments that were right at least once or named at least once.
fn macro_f1(answers: &[Answer], classes: usize) -> f64 {
    let mut counts = vec![(0_u32, 0_u32, 0_u32); classes];
    let mut strangers = 0_u32;
    for answer in answers {
        match answer.right {
            Some(right) => counts[right].0 += 1,
            None => strangers = 1,
        }
        if let Some(named) = answer.named.first() {
            counts[*named].1 += 1;
            counts[*named].2 += u32::from(first_right(answer));
        }
    }
    let seen: Vec<f64> = counts
        .iter()
        .filter(|(right, named, _)| right + named > 0)
        .map(|(right, named, both)| 2.0 * f64::from(*both) / f64::from(right + named))
        .collect();
    // Departments that are not in the learner's files were never found; together they count as one.
    let of = seen.len() as f64 + f64::from(strangers);
    if of == 0.0 { 0.0 } else { seen.iter().sum::<f64>() / of }
}

fn confusions(answers: &[Answer]) -> Vec<Confusion> {
    let mut pairs = std::collections::BTreeMap::<(usize, usize), u32>::new();
    for answer in answers.iter().filter(|answer| !first_right(answer)) {
        if let (Some(right), Some(named)) = (answer.right, answer.named.first()) {
            *pairs.entry((right, *named)).or_default() += 1;
        }
    }
    let mut all: Vec<Confusion> =
        pairs.into_iter().map(|((right, named), count)| Confusion { right, named, count }).collect();
    all.sort_by_key(|pair| std::cmp::Reverse(pair.count));
    all.truncate(CONFUSIONS_MAX);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(right: Option<usize>, named: &[usize], sure: f64) -> Answer {
        Answer { right, named: named.to_vec(), sure }
    }

    #[test]
    fn one_who_is_sure_in_eight_of_ten_and_right_in_eight_of_ten_is_calibrated() {
        let mut answers = vec![answer(Some(0), &[0, 1, 2], 0.8); 8];
        answers.extend(vec![answer(Some(1), &[0, 1, 2], 0.8); 2]);
        let report = report(&answers, 3);
        assert!(report.ece < 1e-9, "{report:?}");
        assert_eq!((report.top1, report.top3), (0.8, 1.0));
        assert_eq!(report.confusions, [Confusion { right: 1, named: 0, count: 2 }]);
    }

    #[test]
    fn one_who_is_always_sure_and_half_right_is_not() {
        let answers = [answer(Some(0), &[0], 1.0), answer(None, &[0], 1.0)];
        let report = report(&answers, 2);
        assert_eq!((report.top1, report.ece), (0.5, 0.5));
    }

    #[test]
    fn nothing_answered_is_no_division_by_nothing() {
        assert_eq!(report(&[], 3).top1, 0.0);
    }
}
