//! What people do to grids: lay them over an area, divide, merge and redraw them, and set up officers' grids. Each is
//! permission, rule, store, audit and outbox in one transaction.
pub mod change;
pub mod lay;
pub mod officer;

use crate::code::digits;

/// Codes of grids as people paste them: parted by anything that is no digit. None when one is not 15 digits, or there are
/// more than a set of grids ever has.
pub fn codes(text: &str) -> Option<Vec<String>> {
    let mut found: Vec<String> =
        text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).map(str::to_owned).collect();
    found.sort_unstable();
    found.dedup();
    (found.len() <= 2_000 && found.iter().all(|code| digits(code, 15))).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::codes;

    #[test]
    fn codes_are_read_from_whatever_was_pasted() {
        let two = ["320613001001001", "320613001001002"].map(str::to_owned).to_vec();
        assert_eq!(codes("320613001001002，320613001001001\n320613001001001"), Some(two));
        assert_eq!(codes(""), Some(Vec::new()));
        assert_eq!(codes("320613"), None);
    }
}
