//! Conducts learning: same texts together, pieces, trials on texts held out, calibration, and at the end all texts.
//!
//! With up to [`CROSS_MAX`] texts every text is held out once (five parts); with more, one part of about [`HELD_OUT`] tells
//! enough. How closely to follow the texts and how much to hear the second opinion is chosen by what the held-out texts cost.
use thiserror::Error;

use super::calibrate::{Calibration, Trial, best_scale, loss};
use super::corpus::Corpus;
use super::cut::finish;
use super::measure::{Answer, Report, report};
use super::model::{Facts, Model};
use super::split::{Lesson, different, fold};
use super::vocabulary::Vocabulary;
use super::weights::Weights;
use super::{bayes, margins, softmax};

/// The fewest texts that anything is learned from.
pub const TEXTS_MIN: usize = 20;
/// The most departments.
pub const DEPARTMENTS_MAX: usize = 1_000;
/// Up to so many texts, each is held out once.
const CROSS_MAX: usize = 20_000;
/// About as many are held out of more.
const HELD_OUT: usize = 15_000;
/// Up to so many texts every part is tried for every choice.
const SEARCH_ALL_MAX: usize = 4_000;
/// The most texts that choices are tried on.
const SEARCH_MAX: usize = 16_000;
/// What the table of a model may take.
const MODEL_BYTES_MAX: usize = 48 << 20;
/// The most pieces, however few the departments.
const PIECES_MAX: usize = 500_000;
/// What a text on the wrong side may cost, to choose from: clean files want the last, noisy ones the first.
const COSTS: [f32; 4] = [0.1, 0.5, 2.0, 6.0];
/// Where the choice begins.
const COST_FIRST: usize = 2;
/// Shares of the second opinion to choose from.
const SHARES: [f32; 4] = [0.0, 0.03, 0.06, 0.12];

/// Why nothing was learned.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum LearnError {
    /// Too few texts, or of one department only.
    #[error(
        "{texts} different texts of {departments} departments are too few to learn from: at least {TEXTS_MIN} of two are needed"
    )]
    TooLittle {
        /// Different texts.
        texts: usize,
        /// Departments that have any.
        departments: usize,
    },
    /// More departments than there is room for.
    #[error("{0} departments are too many: at most {DEPARTMENTS_MAX}")]
    TooMany(usize),
    /// Whoever asked for it does not want it any more.
    #[error("learning was stopped")]
    Stopped,
}

/// What learns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Learner {
    /// The widest margin with a share of naive Bayes: what the product uses.
    #[default]
    Chosen,
    /// The widest margin alone, to compare with.
    Margin,
    /// Naive Bayes alone, to compare with.
    Bayes,
    /// Logistic regression, to compare with.
    Softmax,
}

/// How to learn.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// What learns.
    pub learner: Learner,
    /// Decides the order of texts; the same seed gives the same model.
    pub seed: u64,
    /// One or two; more help nobody.
    pub threads: usize,
    /// Asked between steps.
    pub stopped: &'a dyn Fn() -> bool,
}

impl std::fmt::Debug for Options<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { learner, seed, .. } = self;
        f.debug_struct("Options")
            .field("learner", learner)
            .field("seed", seed)
            .field("threads", &self.threads)
            .finish_non_exhaustive()
    }
}

/// Learns a model of the departments from the lessons, whose labels are places in `departments`.
pub fn learn(departments: Vec<String>, lessons: Vec<Lesson>, options: &Options) -> Result<Model, LearnError> {
    if departments.len() > DEPARTMENTS_MAX {
        return Err(LearnError::TooMany(departments.len()));
    }
    let rows = lessons.len();
    let found = different(lessons);
    let mut heard: Vec<u16> = found.lessons.iter().map(|(lesson, ..)| lesson.label).collect();
    heard.sort_unstable();
    heard.dedup();
    if found.lessons.len() < TEXTS_MIN || heard.len() < 2 {
        return Err(LearnError::TooLittle { texts: found.lessons.len(), departments: heard.len() });
    }
    let pieces_max = (MODEL_BYTES_MAX / (2 * departments.len() + 16)).min(PIECES_MAX);
    let vocabulary = Vocabulary::learn(found.lessons.iter().map(|(lesson, ..)| lesson.text.as_str()), pieces_max);
    let mut corpus = Corpus::new(&vocabulary, departments.len());
    let blank = found.blank;
    for (lesson, group, count) in found.lessons {
        corpus.push(&vocabulary, &vocabulary.cut(&lesson.text), lesson.label, (count as f32).sqrt(), group);
    }
    let course = Course { corpus: &corpus, options, folds: (corpus.len().div_ceil(HELD_OUT) as u64).max(5) };
    let (choice, trials) = course.choose()?;
    let calibration = Calibration::fit(&trials.iter().collect::<Vec<_>>());
    let facts = Facts {
        rows: rows as u64,
        texts: corpus.len() as u64,
        blank: blank as u64,
        pieces: vocabulary.len() as u64,
        cost: choice.cost,
        share: choice.share,
        held_out: cross_report(&trials, departments.len()),
    };
    let all: Vec<u32> = (0..corpus.len() as u32).collect();
    let weights = course.weights(&all, choice)?;
    Ok(Model::new(departments, vocabulary, weights, calibration, facts))
}

/// What was chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Choice {
    cost: f32,
    share: f32,
}

/// A text held out, by both learners.
struct Held {
    margins: Trial,
    bayes: Vec<f32>,
}

struct Course<'a> {
    corpus: &'a Corpus,
    options: &'a Options<'a>,
    folds: u64,
}

impl Course<'_> {
    fn choose(&self) -> Result<(Choice, Vec<Trial>), LearnError> {
        let cross = self.corpus.len() <= CROSS_MAX;
        let used = if cross { self.folds } else { 1 };
        let (cost, held) = match self.options.learner {
            Learner::Chosen | Learner::Margin => self.search(used)?,
            Learner::Bayes | Learner::Softmax => (0.0, self.hold_out(0.0, used, usize::MAX)?),
        };
        let mixes = cross && self.options.learner == Learner::Chosen;
        let share = if mixes { best_share(&held) } else { 0.0 };
        let trials = held.into_iter().map(|held| mixed(held, share)).collect();
        Ok((Choice { cost, share }, trials))
    }

    /// How closely to follow the texts: what costs least on texts held out, and those texts.
    fn search(&self, used: u64) -> Result<(f32, Vec<Held>), LearnError> {
        let all = self.corpus.len();
        let parts = if all <= SEARCH_ALL_MAX { self.folds } else { 1 };
        let (mut best, mut best_loss): ((usize, Vec<Held>), f64) = ((COST_FIRST, Vec::new()), f64::INFINITY);
        let mut next = vec![COST_FIRST - 1, COST_FIRST + 1, COST_FIRST];
        while let Some(place) = next.pop() {
            let held = self.hold_out(COSTS[place], parts, SEARCH_MAX)?;
            let trials: Vec<&Trial> = held.iter().map(|held| &held.margins).collect();
            let lost = loss(&trials, best_scale(&trials));
            if lost < best_loss {
                (best, best_loss) = ((place, held), lost);
            }
            // Labels so noisy that the lowest but one is best: look one lower.
            if next.is_empty() && place == COST_FIRST - 1 && best.0 == place {
                next.push(place - 1);
            }
        }
        let (place, mut held) = best;
        if parts < used || all > SEARCH_MAX {
            held = self.hold_out(COSTS[place], used, usize::MAX)?;
        }
        Ok((COSTS[place], held))
    }

    /// Holds out the first `parts` parts in turn, learning from at most `most` of the other texts.
    fn hold_out(&self, cost: f32, parts: u64, most: usize) -> Result<Vec<Held>, LearnError> {
        let mut out = Vec::new();
        let both = self.corpus.len() <= CROSS_MAX && self.options.learner == Learner::Chosen;
        for part in 0..parts {
            let of = |text: &u32| fold(self.corpus.group(*text), self.folds, self.options.seed);
            let (asked, mut learned): (Vec<u32>, Vec<u32>) =
                (0..self.corpus.len() as u32).partition(|text| of(text) == part);
            if learned.len() > most {
                learned.sort_by_cached_key(|text| finish(self.options.seed ^ u64::from(*text)));
                learned.truncate(most);
                learned.sort_unstable();
            }
            if learned.is_empty() {
                continue;
            }
            let seen = self.seen(&learned);
            let weights = self.weights(&learned, Choice { cost, share: 0.0 })?;
            let start = out.len();
            for text in &asked {
                let mut scores = vec![0.0; self.corpus.classes()];
                weights.score(self.corpus, *text, &mut scores);
                let known = self.corpus.known(*text, |piece| seen[piece]);
                let margins = Trial { scores, right: self.corpus.label(*text), known };
                out.push(Held { margins, bayes: Vec::new() });
            }
            drop(weights);
            if both {
                let weights = bayes::learn(self.corpus, &learned);
                for (text, held) in asked.iter().zip(&mut out[start..]) {
                    held.bayes = vec![0.0; self.corpus.classes()];
                    weights.score(self.corpus, *text, &mut held.bayes);
                }
            }
        }
        Ok(out)
    }

    fn seen(&self, texts: &[u32]) -> Vec<bool> {
        let mut seen = vec![false; self.corpus.pieces()];
        texts.iter().for_each(|text| self.corpus.each(*text, |piece, _| seen[piece] = true));
        seen
    }

    fn weights(&self, texts: &[u32], choice: Choice) -> Result<Weights, LearnError> {
        if (self.options.stopped)() {
            return Err(LearnError::Stopped);
        }
        let Options { learner, seed, threads, .. } = *self.options;
        let mut weights = match learner {
            Learner::Chosen | Learner::Margin => margins::learn(self.corpus, texts, choice.cost, seed, threads),
            Learner::Bayes => bayes::learn(self.corpus, texts),
            Learner::Softmax => softmax::learn(self.corpus, texts, seed),
        };
        if choice.share > 0.0 {
            weights.add(&bayes::learn(self.corpus, texts), choice.share);
        }
        weights.centre();
        Ok(weights)
    }
}

fn mixed(held: Held, share: f32) -> Trial {
    let mut trial = held.margins;
    trial.scores.iter_mut().zip(&held.bayes).for_each(|(score, other)| *score += share * other);
    trial
}

fn best_share(held: &[Held]) -> f32 {
    let cost = |share: f32| {
        let mix = |held: &Held| mixed(Held { margins: held.margins.clone(), bayes: held.bayes.clone() }, share);
        let trials: Vec<Trial> = held.iter().map(mix).collect();
        let trials: Vec<&Trial> = trials.iter().collect();
        loss(&trials, best_scale(&trials))
    };
    let costs: Vec<(f64, f32)> = SHARES.iter().map(|share| (cost(*share), *share)).collect();
    costs.into_iter().min_by(|a, b| a.0.total_cmp(&b.0)).map_or(0.0, |(_, share)| share)
}

/// How good the answers on the held-out texts are, each half calibrated by the other, so that nothing is measured on what it
/// was fitted to.
fn cross_report(trials: &[Trial], classes: usize) -> Report {
    let halves: [Vec<&Trial>; 2] = [0, 1].map(|side| trials.iter().skip(side).step_by(2).collect());
    let mut answers = Vec::new();
    for (fitted, asked) in [(&halves[0], &halves[1]), (&halves[1], &halves[0])] {
        let calibration = Calibration::fit(fitted);
        for trial in asked {
            let mut scores = trial.scores.clone();
            calibration.apply(&mut scores, trial.known);
            answers.push(answer(&scores, Some(trial.right)));
        }
    }
    report(&answers, classes)
}

/// An answer from probabilities.
pub fn answer(probabilities: &[f32], right: Option<usize>) -> Answer {
    let mut named: Vec<usize> = (0..probabilities.len()).collect();
    named.sort_by(|a, b| probabilities[*b].total_cmp(&probabilities[*a]).then(a.cmp(b)));
    named.truncate(3);
    let sure = named.first().map_or(0.0, |first| f64::from(probabilities[*first]));
    Answer { right, named, sure }
}
