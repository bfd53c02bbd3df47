//! Logistic regression over all departments at once, by stochastic gradient with a step for each piece (AdaGrad).
//!
//! The usual learner for such a task, here to be compared with: `jianghai bench dispatch --learner softmax`. README.md has the
//! figures that decided against it.
use super::corpus::Corpus;
use super::cut::finish;
use super::weights::{Weights, softmax};

/// Rounds over the texts.
const ROUNDS: u64 = 20;
/// The first step.
const STEP: f32 = 1.0;

/// Learns from these texts.
pub fn learn(corpus: &Corpus, texts: &[u32], seed: u64) -> Weights {
    let mut weights = Weights::new(corpus.pieces(), corpus.classes());
    let mut moved = vec![0.0_f32; corpus.pieces()];
    let mut order = texts.to_vec();
    let mut slopes = vec![0.0; corpus.classes()];
    for round in 0..ROUNDS {
        order.sort_by_cached_key(|text| finish(seed ^ finish(round << 32 | u64::from(*text))));
        for text in &order {
            weights.score(corpus, *text, &mut slopes);
            softmax(&mut slopes);
            slopes[corpus.label(*text)] -= 1.0;
            slopes.iter_mut().for_each(|slope| *slope *= corpus.weight(*text));
            let steep: f32 = slopes.iter().map(|slope| slope * slope).sum();
            let Weights { rows, bias, classes } = &mut weights;
            bias.iter_mut().zip(&slopes).for_each(|(bias, slope)| *bias -= 0.01 * STEP * slope);
            corpus.each(*text, |piece, x| {
                moved[piece] += x * x * steep;
                let step = STEP * x / (moved[piece] + 1e-8).sqrt();
                let row = rows[piece * *classes..][..*classes].iter_mut();
                row.zip(&slopes).for_each(|(weight, slope)| *weight -= step * slope);
            });
        }
    }
    weights
}
