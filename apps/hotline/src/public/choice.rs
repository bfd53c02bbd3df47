//! Which things that can be reported a description may mean, by their keywords: offered, never decided. The reporter chooses.
use std::sync::Arc;

use casework::api::{CaseKind, Category};

/// Offered at once; all others stand in a list below.
const OFFERED: usize = 6;

/// A kind of case and one of its categories.
pub type Choice = (Arc<dyn CaseKind>, Category);

/// The likeliest first, none that nothing speaks for.
pub fn likely<'a>(all: &'a [Choice], description: &str) -> Vec<&'a Category> {
    let mut scored: Vec<(usize, &Category)> = all
        .iter()
        .map(|(_, category)| {
            let words = category.keywords.iter().filter(|word| description.contains(word.as_str()));
            // A long word says more than a short one, and the thing's own name more than any.
            let said: usize = words.map(|word| word.chars().count().min(4)).sum();
            let named = if description.contains(category.name.as_str()) { 8 } else { 0 };
            (said + named, category)
        })
        .filter(|(score, _)| *score > 0)
        .collect();
    scored.sort_by_key(|one| std::cmp::Reverse(one.0));
    scored.into_iter().take(OFFERED).map(|(_, category)| category).collect()
}
