//! The rejected rows as a file: the columns as they were sent and one more that says what is wrong, ready to be
//! corrected in a spreadsheet and delivered again.
use std::borrow::Cow;

use jh_core::csv_cell::guarded;

/// A cell that a spreadsheet would take for a formula gets an apostrophe in front; the reader takes it off again.
pub fn escaped_for_spreadsheets(cell: &str) -> Cow<'_, str> {
    // Negative numbers are no formulas.
    let is_number = cell.trim().trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if is_number { Cow::Borrowed(cell) } else { guarded(cell) }
}

/// Appends one CSV record.
pub fn write_record<'a>(cells: impl IntoIterator<Item = &'a str>, out: &mut String) {
    for (at, cell) in cells.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        let cell = escaped_for_spreadsheets(cell);
        if cell.contains(['"', ',', '\n', '\r']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&cell);
        }
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_would_be_run_as_a_formula_becomes_text() {
        let mut out = String::new();
        write_record(["=HYPERLINK(\"x\")", "+86", "-12.5", "@a", "张\"三", "a\nb"], &mut out);
        assert_eq!(out, "\"'=HYPERLINK(\"\"x\"\")\",'+86,-12.5,'@a,\"张\"\"三\",\"a\nb\"\r\n");
    }
}
