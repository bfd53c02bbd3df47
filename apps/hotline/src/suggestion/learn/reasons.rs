//! Which words of a text spoke most for a department, in the citizen's own words.
//!
//! The pieces that were learned overlap: what each says is laid on the characters it covers, and where several say the same
//! the readable word stands out. Nothing is explained that was not counted: the words are parts of the very sum that decided.
use std::collections::BTreeMap;

use super::cut::pieces;
use super::model::Model;
use super::vocabulary::Cut;

/// How many words are given.
const TERMS: usize = 5;
/// The longest that is given as one.
const TERM_CHARS_MAX: usize = 8;
/// Beside the strongest character of the text, one that says less than this share says nothing.
const FAINT: f32 = 0.25;

/// The words that spoke most for a department, strongest first; weights are shares of all that spoke for it.
pub fn terms(model: &Model, chars: &[char], cut: &Cut, norm: f32, place: usize) -> Vec<(String, f64)> {
    let said = laid_out(model, chars, cut, norm, place);
    let strongest = said.iter().copied().fold(0.0_f32, f32::max);
    let all: f32 = said.iter().filter(|weight| **weight > 0.0).sum();
    if strongest <= 0.0 {
        return Vec::new();
    }
    let mut words: BTreeMap<String, f32> = BTreeMap::new();
    let mut at = 0;
    while at < chars.len() {
        let start = at;
        while at < chars.len() && said[at] > strongest * FAINT && at - start < TERM_CHARS_MAX {
            at += 1;
        }
        if at - start >= 2 {
            let word: String = chars[start..at].iter().collect();
            *words.entry(word).or_default() += said[start..at].iter().sum::<f32>();
        }
        at = at.max(start + 1);
    }
    let mut words: Vec<(String, f64)> =
        words.into_iter().map(|(word, weight)| (word, f64::from(weight / all))).collect();
    words.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    words.truncate(TERMS);
    words
}

/// By character: what the pieces over it say for the department.
fn laid_out(model: &Model, chars: &[char], cut: &Cut, norm: f32, place: usize) -> Vec<f32> {
    let mut said = vec![0.0_f32; chars.len()];
    pieces(chars, |piece| {
        let Some(id) = model.vocabulary().id(piece.hash) else { return };
        let times = cut.known.binary_search_by_key(&id, |(id, _)| *id).map_or(1, |found| cut.known[found].1);
        let weight = model.vocabulary().weight(id, times) / norm / times as f32 * model.weight(id, place);
        let covered = &mut said[piece.start as usize..piece.end as usize];
        let each = weight / covered.len() as f32;
        covered.iter_mut().for_each(|sum| *sum += each);
    });
    said
}
