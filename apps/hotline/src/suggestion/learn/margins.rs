//! The main learner: for each department, the line that parts its texts from all others with the widest margin.
//!
//! A linear support vector machine with squared loss, one against the rest, solved in its dual one text at a time (coordinate
//! descent, after Hsieh and others, ICML 2008). It needs no step size, ends near the optimum within some ten rounds, and was
//! the best of what README.md compares. Departments are learned several at once, since reading a text costs more than
//! adding to one more sum; they know nothing of each other, so that the result is the same on one thread and on two.
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::corpus::Corpus;
use super::cut::finish;
use super::weights::Weights;

/// Rounds over the texts at the most; thirty were no better on anything that was tried.
const ROUNDS_MAX: u64 = 12;
/// When no text wants to move a line by more, it stands.
const ENOUGH: f32 = 0.08;
/// Rounds that a text rests at the most which lies well on its side of every line.
const REST_MAX: u8 = 7;

/// Learns from these texts. `cost` is what a text on the wrong side costs; the more, the closer the lines follow the texts.
pub fn learn(corpus: &Corpus, texts: &[u32], cost: f32, seed: u64, threads: usize) -> Weights {
    // Narrow blocks when there are few departments, so that both threads have one.
    if corpus.classes() <= 8 {
        by_blocks::<4>(corpus, texts, cost, seed, threads)
    } else {
        by_blocks::<8>(corpus, texts, cost, seed, threads)
    }
}

fn by_blocks<const N: usize>(corpus: &Corpus, texts: &[u32], cost: f32, seed: u64, threads: usize) -> Weights {
    let classes = corpus.classes();
    let weights = Mutex::new(Weights::new(corpus.pieces(), classes));
    let next = AtomicUsize::new(0);
    let lengths: Vec<f32> = texts.iter().map(|text| square(corpus, *text)).collect();
    let work = || loop {
        let first = next.fetch_add(N, Ordering::Relaxed);
        if first >= classes {
            return;
        }
        let (rows, bias) = Block::<N>::new(corpus, texts, &lengths, first, cost).solve(seed);
        let mut into = weights.lock().unwrap_or_else(PoisonError::into_inner);
        let width = N.min(classes - first);
        for (row, learned) in into.rows.chunks_exact_mut(classes).zip(&rows) {
            row[first..first + width].copy_from_slice(&learned[..width]);
        }
        into.bias[first..first + width].copy_from_slice(&bias[..width]);
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.clamp(1, classes.div_ceil(N)) {
            scope.spawn(work);
        }
        work();
    });
    weights.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// A text's length squared, and one for the bias.
fn square(corpus: &Corpus, text: u32) -> f32 {
    let mut sum = 1.0;
    corpus.each(text, |_, x| sum += x * x);
    sum
}

/// `N` departments from `first` on.
struct Block<'a, const N: usize> {
    corpus: &'a Corpus,
    texts: &'a [u32],
    lengths: &'a [f32],
    first: usize,
    cost: f32,
    rows: Vec<[f32; N]>,
    bias: [f32; N],
    /// By place in `texts`: how strongly the text holds each line.
    pulls: Vec<[f32; N]>,
}

impl<'a, const N: usize> Block<'a, N> {
    fn new(corpus: &'a Corpus, texts: &'a [u32], lengths: &'a [f32], first: usize, cost: f32) -> Self {
        let (rows, pulls) = (vec![[0.0; N]; corpus.pieces()], vec![[0.0; N]; texts.len()]);
        Self { corpus, texts, lengths, first, cost, rows, bias: [0.0; N], pulls }
    }

    fn solve(mut self, seed: u64) -> (Vec<[f32; N]>, [f32; N]) {
        let mut order: Vec<u32> = (0..self.texts.len() as u32).collect();
        let mut rests = vec![(0_u8, 0_u8); self.texts.len()];
        for round in 0..ROUNDS_MAX {
            order.sort_by_cached_key(|place| finish(seed ^ finish(round << 32 | u64::from(*place))));
            let mut most = 0.0_f32;
            for place in &order {
                let (left, long) = &mut rests[*place as usize];
                if *left > 0 {
                    *left -= 1;
                    continue;
                }
                let moved = self.visit(*place as usize);
                match moved {
                    Some(moved) => (most, *long) = (most.max(moved), 0),
                    None => (*left, *long) = (*long, (*long * 2 + 1).min(REST_MAX)),
                }
            }
            if most < ENOUGH && round > 2 {
                break;
            }
        }
        (self.rows, self.bias)
    }

    /// Looks at one text and moves the lines; says by how much one wanted to move at the most, or nothing if the text lies well
    /// within its side of all of them.
    fn visit(&mut self, place: usize) -> Option<f32> {
        let text = self.texts[place];
        let mut sums = self.bias;
        self.corpus.each(text, |piece, x| {
            for (sum, weight) in sums.iter_mut().zip(&self.rows[piece]) {
                *sum += x * weight;
            }
        });
        let slack = 0.5 / (self.cost * self.corpus.weight(text));
        let own = self.corpus.label(text).wrapping_sub(self.first);
        let (mut steps, mut most, mut well) = ([0.0_f32; N], 0.0_f32, true);
        for lane in 0..N {
            let side = if lane == own { 1.0 } else { -1.0 };
            let pull = self.pulls[place][lane];
            let wants = side * sums[lane] - 1.0 + pull * slack;
            well &= pull == 0.0 && wants > 0.0;
            if pull > 0.0 || wants < 0.0 {
                most = most.max(wants.abs());
                let new = (pull - wants / (self.lengths[place] + slack)).max(0.0);
                self.pulls[place][lane] = new;
                steps[lane] = (new - pull) * side;
            }
        }
        if steps.iter().any(|step| *step != 0.0) {
            self.follow(text, &steps);
        }
        (!well).then_some(most)
    }

    fn follow(&mut self, text: u32, steps: &[f32; N]) {
        for (bias, step) in self.bias.iter_mut().zip(steps) {
            *bias += step;
        }
        let rows = &mut self.rows;
        self.corpus.each(text, |piece, x| {
            for (weight, step) in rows[piece].iter_mut().zip(steps) {
                *weight += x * step;
            }
        });
    }
}
