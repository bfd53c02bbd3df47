//! What was learned, ready to answer: which department, how sure, and what in the text says so.
use serde::{Deserialize, Serialize};

use super::calibrate::Calibration;
use super::cut::folded;
use super::measure::{Answer, Report};
use super::reasons;
use super::train::answer;
use super::vocabulary::{Cut, Vocabulary};
use super::weights::Weights;

/// Said to be sure from here on. With a calibrated model at least three of four such answers are right, and most of them
/// are far surer.
pub const SURE_MIN: f64 = 0.75;
/// How many departments are named.
pub const NAMED: usize = 3;
/// Two whose certainty is nearer than this are a toss-up.
const CLOSE: f64 = 0.2;

/// What is known of a model without asking it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// Rows given.
    pub rows: u64,
    /// Different texts learned from.
    pub texts: u64,
    /// Rows in which nothing is written.
    pub blank: u64,
    /// Pieces of text that are known.
    pub pieces: u64,
    /// What a text on the wrong side cost (chosen on texts held out).
    pub cost: f32,
    /// The share of the second opinion (chosen on texts held out).
    pub share: f32,
    /// How good it was on texts held out.
    pub held_out: Report,
}

/// Why an answer is not sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// Nothing in the text was ever seen.
    NothingKnown,
    /// Little of the text was ever seen.
    LittleKnown,
    /// Two departments are about as likely.
    Close,
    /// No department stands out.
    Weak,
}

/// One department.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// Its place among the model's departments.
    pub place: usize,
    /// Its name or key, as learned.
    pub department: String,
    /// How likely it is, 0 to 1.
    pub probability: f64,
    /// The words of this text that spoke most for it.
    pub terms: Vec<(String, f64)>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice {
    /// The likeliest departments, best first.
    pub suggestions: Vec<Suggestion>,
    /// By how much the first is likelier than the second.
    pub margin: f64,
    /// How much of the text was ever seen, 0 to 1.
    pub known: f64,
    /// Why it is not sure; none if it is.
    pub doubt: Option<Doubt>,
}

/// What was learned.
#[derive(Clone, Debug)]
pub struct Model {
    pub(super) departments: Vec<String>,
    pub(super) vocabulary: Vocabulary,
    /// By piece: what one step of its numbers is worth.
    pub(super) steps: Vec<f32>,
    /// Row by row, a number for each department.
    pub(super) table: Vec<i16>,
    pub(super) bias: Vec<f32>,
    pub(super) calibration: Calibration,
    pub(super) facts: Facts,
}

impl Model {
    pub(super) fn new(
        departments: Vec<String>,
        vocabulary: Vocabulary,
        weights: Weights,
        calibration: Calibration,
        facts: Facts,
    ) -> Self {
        let mut steps = Vec::with_capacity(vocabulary.len());
        let mut table = Vec::with_capacity(weights.rows.len());
        for row in weights.rows.chunks_exact(weights.classes) {
            let most = row.iter().fold(0.0_f32, |most, weight| most.max(weight.abs()));
            let step = if most > 0.0 { most / f32::from(i16::MAX) } else { 1.0 };
            table.extend(row.iter().map(|weight| (weight / step).round() as i16));
            steps.push(step);
        }
        Self { departments, vocabulary, steps, table, bias: weights.bias, calibration, facts }
    }

    /// The departments, in the order of their numbers.
    pub fn departments(&self) -> &[String] {
        &self.departments
    }

    /// What is known of it.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// About how much memory it takes.
    pub fn bytes(&self) -> usize {
        self.table.len() * 2 + self.steps.len() * (4 + 4 + 8 + 16)
    }

    /// Which department.
    pub fn advise(&self, text: &str) -> Advice {
        let cut = self.vocabulary.cut(text);
        let known = self.vocabulary.known(&cut);
        let probabilities = self.probabilities(&cut, known);
        let answer = answer(&probabilities, None);
        let chars = folded(text);
        let norm = self.vocabulary.norm(&cut);
        let suggestions: Vec<Suggestion> = answer
            .named
            .iter()
            .take(NAMED)
            .map(|place| Suggestion {
                place: *place,
                department: self.departments[*place].clone(),
                probability: f64::from(probabilities[*place]),
                terms: reasons::terms(self, &chars, &cut, norm, *place),
            })
            .collect();
        let second = suggestions.get(1).map_or(0.0, |second| second.probability);
        let margin = answer.sure - second;
        let doubt = self.doubt(&cut, known, answer.sure, margin);
        Advice { suggestions, margin, known: f64::from(known), doubt }
    }

    /// The answer alone, for measuring.
    pub fn answer(&self, text: &str, right: Option<usize>) -> Answer {
        let cut = self.vocabulary.cut(text);
        answer(&self.probabilities(&cut, self.vocabulary.known(&cut)), right)
    }

    fn doubt(&self, cut: &Cut, known: f32, sure: f64, margin: f64) -> Option<Doubt> {
        if cut.known.is_empty() {
            return Some(Doubt::NothingKnown);
        }
        if known < self.calibration.known_low * 0.8 {
            return Some(Doubt::LittleKnown);
        }
        if sure >= SURE_MIN {
            return None;
        }
        Some(if margin < CLOSE && sure > 0.3 { Doubt::Close } else { Doubt::Weak })
    }

    fn probabilities(&self, cut: &Cut, known: f32) -> Vec<f32> {
        let mut scores = self.bias.clone();
        let norm = self.vocabulary.norm(cut);
        for (id, times) in &cut.known {
            let x = self.vocabulary.weight(*id, *times) / norm * self.steps[*id as usize];
            for (score, number) in scores.iter_mut().zip(self.row(*id)) {
                *score += x * f32::from(*number);
            }
        }
        self.calibration.apply(&mut scores, known);
        scores
    }

    fn row(&self, id: u32) -> &[i16] {
        let classes = self.departments.len();
        &self.table[id as usize * classes..][..classes]
    }

    /// What a piece says for a department.
    pub(super) fn weight(&self, id: u32, place: usize) -> f32 {
        f32::from(self.row(id)[place]) * self.steps[id as usize]
    }

    pub(super) fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }
}
