//! What each piece says for each department: a table of numbers, one row a piece, and what each department has without any.
use super::corpus::Corpus;

/// The table while it is learned.
#[derive(Clone, Debug)]
pub struct Weights {
    /// How many departments.
    pub classes: usize,
    /// Row by row, a number for each department.
    pub rows: Vec<f32>,
    /// Of each department before anything is said.
    pub bias: Vec<f32>,
}

impl Weights {
    /// A table of nothing.
    pub fn new(pieces: usize, classes: usize) -> Self {
        Self { classes, rows: vec![0.0; pieces * classes], bias: vec![0.0; classes] }
    }

    /// What a piece says.
    pub fn row(&self, piece: usize) -> &[f32] {
        &self.rows[piece * self.classes..][..self.classes]
    }

    /// What a text says for each department.
    pub fn score(&self, corpus: &Corpus, text: u32, into: &mut [f32]) {
        into.copy_from_slice(&self.bias);
        corpus.each(text, |piece, x| {
            for (sum, weight) in into.iter_mut().zip(self.row(piece)) {
                *sum += x * weight;
            }
        });
    }

    /// Adds a share of another table.
    pub fn add(&mut self, other: &Self, share: f32) {
        let both = self.rows.iter_mut().zip(&other.rows).chain(self.bias.iter_mut().zip(&other.bias));
        for (own, theirs) in both {
            *own += share * theirs;
        }
    }

    /// Makes each row's sum nothing. It changes no probability, and a weight then says by itself whether its piece speaks for
    /// the department or against it.
    pub fn centre(&mut self) {
        for row in self.rows.chunks_exact_mut(self.classes).chain([self.bias.as_mut_slice()]) {
            let mean = row.iter().sum::<f32>() / row.len() as f32;
            row.iter_mut().for_each(|weight| *weight -= mean);
        }
    }
}

/// Turns what is said into probabilities.
pub fn softmax(scores: &mut [f32]) {
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = (*score - most).exp();
        sum += *score;
    }
    scores.iter_mut().for_each(|score| *score /= sum);
}
