//! Makes a certainty of 80 % mean right in 80 of 100, as far as texts that were held out can tell.
//!
//! Two steps. One scale for all scores (temperature) makes probabilities of them. Then the certainty of the first is corrected
//! by how sure it looks and by how much of the text is known, with three numbers fitted by logistic regression: that many can
//! be learned from a few hundred texts without learning the texts.
use super::weights::softmax;

/// Below this many held-out texts the second step would learn chance.
const LEVEL_TEXTS_MIN: usize = 60;
/// How strongly the second step is held to changing nothing, in texts.
const HELD: f64 = 4.0;
/// Beyond this a logit says only "sure".
const LOGIT_MAX: f64 = 7.0;
const ROUNDS: usize = 60;
/// Nobody is surer: what was held out is never enough to tell.
const CERTAIN_MAX: f32 = 0.999;

/// A text that was held out.
#[derive(Clone, Debug)]
pub struct Trial {
    /// What was said for each department.
    pub scores: Vec<f32>,
    /// Whose it is.
    pub right: usize,
    /// How much of it was known, 0 to 1.
    pub known: f32,
}

/// How scores become probabilities.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calibration {
    /// Scores times this are logits.
    pub scale: f32,
    /// The correction of the first's logit: constant, times the logit, times what is known.
    pub level: [f32; 3],
    /// Of a hundred texts held out, all but two were known better than this.
    pub known_low: f32,
}

impl Calibration {
    /// Fits to the texts.
    pub fn fit(trials: &[&Trial]) -> Self {
        let scale = best_scale(trials);
        let mut fitted = Self { scale, level: [0.0, 1.0, 0.0], known_low: known_low(trials) };
        if trials.len() >= LEVEL_TEXTS_MIN {
            fitted.level = fitted.best_level(trials);
        }
        fitted
    }

    /// Makes probabilities of scores. Their order stays.
    pub fn apply(&self, scores: &mut [f32], known: f32) {
        self.scaled(scores);
        let Some((first, top)) = largest(scores) else { return };
        let second = scores.iter().enumerate().filter(|(k, _)| *k != first).map(|(_, p)| *p).fold(0.0, f32::max);
        let logit: f64 = self.level.iter().zip(features(top, known)).map(|(w, x)| f64::from(*w) * x).sum();
        let wanted = (1.0 / (1.0 + (-logit).exp())) as f32;
        let others: f32 = scores.iter().enumerate().filter(|(k, _)| *k != first).map(|(_, p)| *p).sum();
        // Never so low that another would be first.
        let least = second / (others + second).max(f32::MIN_POSITIVE);
        let certain = wanted.max(least).min(CERTAIN_MAX);
        if others > 1e-12 {
            scores.iter_mut().for_each(|p| *p *= (1.0 - certain) / others);
        } else {
            // The others are too far off to be told apart.
            let each = (1.0 - certain) / (scores.len() - 1).max(1) as f32;
            scores.fill(each);
        }
        scores[first] = certain;
    }

    fn scaled(&self, scores: &mut [f32]) {
        scores.iter_mut().for_each(|score| *score *= self.scale);
        softmax(scores);
    }

    /// Logistic regression of "was right" by Newton's method, held to the identity.
    fn best_level(&self, trials: &[&Trial]) -> [f32; 3] {
        let rows: Vec<([f64; 3], f64)> = trials
            .iter()
            .filter_map(|trial| {
                let mut scores = trial.scores.clone();
                self.scaled(&mut scores);
                let (first, top) = largest(&scores)?;
                Some((features(top, trial.known), f64::from(u8::from(first == trial.right))))
            })
            .collect();
        let rest = [0.0, 1.0, 0.0];
        let mut level = rest;
        for _ in 0..ROUNDS {
            let (mut slope, mut bend) = ([0.0; 3], [[0.0; 3]; 3]);
            for i in 0..3 {
                slope[i] = HELD * (level[i] - rest[i]);
                bend[i][i] = HELD;
            }
            for (x, right) in &rows {
                let p = 1.0 / (1.0 + (-(0..3).map(|i| level[i] * x[i]).sum::<f64>()).exp());
                for i in 0..3 {
                    slope[i] += (p - right) * x[i];
                    for j in 0..3 {
                        bend[i][j] += p * (1.0 - p) * x[i] * x[j];
                    }
                }
            }
            let step = solve(bend, slope);
            // Newton may leap past the hill; a bounded step walks up.
            let long = step.iter().fold(1.0_f64, |most, s| most.max(s.abs()));
            (0..3).for_each(|i| level[i] -= step[i] / long);
            if step.iter().all(|s| s.abs() < 1e-6) {
                break;
            }
        }
        // Surer-looking must stay surer.
        if level[1] > 0.1 { level.map(|l| l as f32) } else { rest.map(|l| l as f32) }
    }
}

fn features(top: f32, known: f32) -> [f64; 3] {
    let top = f64::from(top).clamp(1e-6, 1.0 - 1e-6);
    [1.0, (top / (1.0 - top)).ln().clamp(-LOGIT_MAX, LOGIT_MAX), f64::from(known) - 0.5]
}

/// The largest, the first of equals.
pub fn largest(values: &[f32]) -> Option<(usize, f32)> {
    let all = values.iter().copied().enumerate();
    all.fold(None, |best, (k, p)| if best.is_none_or(|(_, most)| p > most) { Some((k, p)) } else { best })
}

fn known_low(trials: &[&Trial]) -> f32 {
    let mut known: Vec<f32> = trials.iter().map(|trial| trial.known).collect();
    known.sort_by(f32::total_cmp);
    known.get(known.len() / 50).copied().unwrap_or(0.0)
}

/// What probabilities at a scale cost: the mean negative logarithm of what was given to the right one.
pub fn loss(trials: &[&Trial], scale: f32) -> f64 {
    let mut sum = 0.0;
    let mut scores = Vec::new();
    for trial in trials {
        scores.clear();
        scores.extend(trial.scores.iter().map(|score| score * scale));
        softmax(&mut scores);
        sum -= f64::from(scores[trial.right].max(1e-9)).ln();
    }
    sum / trials.len().max(1) as f64
}

/// The scale that costs least, by golden section over its logarithm.
pub fn best_scale(trials: &[&Trial]) -> f32 {
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    let cost = |at: f64| loss(trials, at.exp() as f32);
    let (mut low, mut high) = (0.05_f64.ln(), 60.0_f64.ln());
    let (mut left, mut right) = (high - golden * (high - low), low + golden * (high - low));
    let (mut at_left, mut at_right) = (cost(left), cost(right));
    for _ in 0..24 {
        if at_left < at_right {
            (high, right, at_right) = (right, left, at_left);
            left = high - golden * (high - low);
            at_left = cost(left);
        } else {
            (low, left, at_left) = (left, right, at_right);
            right = low + golden * (high - low);
            at_right = cost(right);
        }
    }
    ((low + high) / 2.0).exp() as f32
}

/// Three equations by elimination; the matrix is positive definite, so no row need be looked for.
fn solve(mut matrix: [[f64; 3]; 3], mut values: [f64; 3]) -> [f64; 3] {
    for pivot in 0..3 {
        for row in pivot + 1..3 {
            let above = matrix[pivot];
            let factor = matrix[row][pivot] / above[pivot];
            for (entry, one) in matrix[row].iter_mut().zip(above) {
                *entry -= factor * one;
            }
            values[row] -= factor * values[pivot];
        }
    }
    let mut out = [0.0; 3];
    for row in (0..3).rev() {
        let known: f64 = (row + 1..3).map(|column| matrix[row][column] * out[column]).sum();
        out[row] = (values[row] - known) / matrix[row][row];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts whose first is said with one score, and is right in so many of ten.
    fn trials(score: f32, right_of_ten: usize, known: f32) -> Vec<Trial> {
        let one = |n: usize| Trial { scores: vec![score, 0.0], right: usize::from(n % 10 >= right_of_ten), known };
        (0..400).map(one).collect()
    }

    fn certainty(fitted: &Calibration, score: f32, known: f32) -> f32 {
        let mut scores = [score, 0.0];
        fitted.apply(&mut scores, known);
        scores[0]
    }

    #[test]
    fn what_is_right_in_eight_of_ten_is_said_to_be_sure_to_eighty_in_a_hundred() {
        let all = [trials(5.0, 8, 0.5), trials(9.0, 9, 0.5)].concat();
        let fitted = Calibration::fit(&all.iter().collect::<Vec<_>>());
        assert!((certainty(&fitted, 5.0, 0.5) - 0.8).abs() < 0.03, "{fitted:?}");
        assert!((certainty(&fitted, 9.0, 0.5) - 0.9).abs() < 0.03, "{fitted:?}");
    }

    #[test]
    fn what_is_hardly_known_is_less_sure() {
        let all = [trials(5.0, 9, 0.9), trials(5.0, 6, 0.2)].concat();
        let fitted = Calibration::fit(&all.iter().collect::<Vec<_>>());
        assert!(certainty(&fitted, 5.0, 0.9) > certainty(&fitted, 5.0, 0.2) + 0.2, "{fitted:?}");
    }

    #[test]
    fn scores_far_apart_are_still_probabilities() {
        let fitted = Calibration { scale: 60.0, level: [0.0, 1.0, 0.0], known_low: 0.0 };
        for mut scores in [vec![90.0, -90.0, -90.0], vec![0.0, 0.0], vec![-50.0, 3.0, 3.0]] {
            fitted.apply(&mut scores, 1.0);
            assert!((scores.iter().sum::<f32>() - 1.0).abs() < 1e-4, "{scores:?}");
        }
    }

    #[test]
    fn probabilities_sum_to_one_and_keep_their_order() {
        let fitted = Calibration { scale: 2.0, level: [-5.0, 0.5, 0.0], known_low: 0.0 };
        let mut scores = [1.0, 0.9, -3.0];
        fitted.apply(&mut scores, 0.1);
        assert!((scores.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        assert!(scores[0] >= scores[1] && scores[1] > scores[2]);
    }
}
