//! The second opinion: how much more often a piece stands in a department's texts than elsewhere (multinomial naive Bayes).
//!
//! Alone it is the weaker learner. A small share of it helps where there are few texts, for it makes something of a piece that
//! was seen twice; how large a share is chosen on texts held out.
use super::corpus::Corpus;
use super::weights::Weights;

/// What is added to every count, so that what was never seen is not held to be impossible.
const SMOOTH: f64 = 0.01;

/// Learns from these texts.
pub fn learn(corpus: &Corpus, texts: &[u32]) -> Weights {
    let mut weights = Weights::new(corpus.pieces(), corpus.classes());
    let mut totals = vec![0.0_f64; corpus.classes()];
    let mut counts = vec![1.0_f64; corpus.classes()];
    for text in texts {
        let (label, weight) = (corpus.label(*text), corpus.weight(*text));
        counts[label] += f64::from(weight);
        corpus.each(*text, |piece, x| {
            weights.rows[piece * weights.classes + label] += weight * x;
            totals[label] += f64::from(weight * x);
        });
    }
    let used = |row: &[f32]| row.iter().any(|sum| *sum > 0.0);
    let kinds = weights.rows.chunks_exact(weights.classes).filter(|row| used(row)).count() as f64;
    for row in weights.rows.chunks_exact_mut(weights.classes).filter(|row| used(row)) {
        for (sum, total) in row.iter_mut().zip(&totals) {
            *sum = ((f64::from(*sum) + SMOOTH) / (total + SMOOTH * kinds)).ln() as f32;
        }
    }
    let all: f64 = counts.iter().sum();
    weights.bias = counts.iter().map(|count| (count / all).ln() as f32).collect();
    weights.centre();
    weights
}
