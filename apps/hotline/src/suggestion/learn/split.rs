//! Which texts are learned from and which are held out. The same text is never on both sides.
use std::collections::HashMap;

use super::cut::{digest, finish};

/// A past text and whose it was, by number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// What the citizen said.
    pub text: String,
    /// The department's number.
    pub label: u16,
}

/// Lessons that are different, each with how often it came, and what fell away.
#[derive(Debug, Default)]
pub struct Different {
    /// The lessons with the text's digest and how often it came.
    pub lessons: Vec<(Lesson, u64, u32)>,
    /// Texts in which nothing is written.
    pub blank: usize,
}

/// Puts the same texts of the same department together.
pub fn different(lessons: Vec<Lesson>) -> Different {
    let mut out = Different::default();
    let mut places: HashMap<(u64, u16), usize> = HashMap::new();
    for lesson in lessons {
        if !lesson.text.chars().any(char::is_alphanumeric) {
            out.blank += 1;
            continue;
        }
        let group = digest(&lesson.text);
        match places.entry((group, lesson.label)) {
            std::collections::hash_map::Entry::Occupied(place) => out.lessons[*place.get()].2 += 1,
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(out.lessons.len());
                out.lessons.push((lesson, group, 1));
            }
        }
    }
    out
}

/// Parts lessons in two: what is learned from, and one of `of` texts of each department to be asked about. Texts that are the
/// same stay on one side, and are asked about once.
pub fn parted(lessons: Vec<Lesson>, of: usize, seed: u64) -> (Vec<Lesson>, Vec<Lesson>) {
    let mut by_label: HashMap<u16, Vec<(u64, Lesson)>> = HashMap::new();
    let mut side: HashMap<u64, bool> = HashMap::new();
    let unique = different(lessons).lessons;
    let mut labels: Vec<u16> = unique.iter().map(|(lesson, ..)| lesson.label).collect();
    labels.sort_unstable();
    labels.dedup();
    for (lesson, group, _) in unique {
        by_label.entry(lesson.label).or_default().push((group, lesson));
    }
    let (mut learned, mut asked) = (Vec::new(), Vec::new());
    for label in labels {
        let mut own = by_label.remove(&label).unwrap_or_default();
        own.sort_by_key(|(group, _)| finish(seed ^ group));
        let held = own.len() / of;
        for (place, (group, lesson)) in own.into_iter().enumerate() {
            if *side.entry(group).or_insert(place < held) { asked.push(lesson) } else { learned.push(lesson) }
        }
    }
    (learned, asked)
}

/// The part of a trial in which a text is asked about.
pub fn fold(group: u64, folds: u64, seed: u64) -> u64 {
    finish(group ^ finish(seed)) % folds
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lesson(text: &str, label: u16) -> Lesson {
        Lesson { text: text.into(), label }
    }

    #[test]
    fn the_same_text_is_counted_and_a_blank_one_is_not_learned() {
        let found =
            different(vec![lesson("路灯坏了", 0), lesson("路灯 坏了。", 0), lesson("路灯坏了", 1), lesson(" 。", 1)]);
        let counts: Vec<u32> = found.lessons.iter().map(|(_, _, count)| *count).collect();
        assert_eq!((counts, found.blank), (vec![2, 1], 1));
    }

    #[test]
    fn no_text_is_on_both_sides_and_each_department_is_asked_about() {
        let all: Vec<Lesson> =
            (0..200).map(|n| lesson(&format!("第{}件事", "甲乙丙丁".repeat(n % 50 + 1)), (n % 2) as u16)).collect();
        let (learned, asked) = parted(all, 5, 7);
        assert!(!asked.is_empty() && asked.iter().any(|l| l.label == 0) && asked.iter().any(|l| l.label == 1));
        assert!(asked.iter().all(|a| learned.iter().all(|l| l.text != a.text)));
    }
}
