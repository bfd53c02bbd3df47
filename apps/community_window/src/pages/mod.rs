//! What a clerk at the window sees, and whoever sets which matters it takes.
pub mod matters;
pub mod window;

/// The words of a question, no more than a question has.
fn words(text: &str) -> Vec<String> {
    text.split_whitespace().take(8).map(|word| word.chars().take(50).collect()).collect()
}
