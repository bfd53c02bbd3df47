//! Where a record of delimited text ends, and what its cells are (RFC 4180, as spreadsheets write it).
//!
//! Framing works on raw bytes and says three things a general CSV parser keeps to itself and this house needs: that a
//! record is not complete yet, that a quote was never closed, and that blank lines went by (they count as rows in a
//! spreadsheet). The test checks it against the `csv` crate.
use memchr::{memchr, memchr2, memchr3};

use super::chunk::Chunk;

/// How the first record of some bytes ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Framed {
    /// `body` bytes without the line end, `whole` with it.
    Record { body: usize, whole: usize },
    /// More bytes are needed to know.
    Partial,
    /// The bytes end, or the limit is reached, inside quotes that started at this byte.
    InQuotes { opened_at: usize },
    /// Quotes that join lines which do not belong together: text follows where a field should end, or there are more
    /// lines than any record has.
    Astray,
}

/// Frames the record that starts at the first byte. `complete` says that no bytes will follow.
pub(super) fn frame(bytes: &[u8], complete: bool, delimiter: u8) -> Framed {
    match memchr3(b'\n', b'\r', b'"', bytes) {
        Some(at) if bytes[at] != b'"' => ended(bytes, at, complete),
        Some(_) => frame_quoted(bytes, complete, delimiter),
        None if complete => Framed::Record { body: bytes.len(), whole: bytes.len() },
        None => Framed::Partial,
    }
}

/// A record in which there is a quote: a quote opens only at the start of a field.
fn frame_quoted(bytes: &[u8], complete: bool, delimiter: u8) -> Framed {
    let mut at = 0;
    let mut lines = 0;
    loop {
        if bytes.get(at) == Some(&b'"') {
            let opened_at = at;
            at += 1;
            loop {
                match memchr(b'"', &bytes[at..]) {
                    // Without this bound, quotes that never match would have the same megabyte read line after line.
                    _ if lines > super::RECORD_LINES_MAX => return Framed::Astray,
                    None if complete || bytes.len() - opened_at > super::FIELD_BYTES_MAX => {
                        return Framed::InQuotes { opened_at };
                    }
                    None => return Framed::Partial,
                    Some(next) => {
                        lines += memchr::memchr_iter(b'\n', &bytes[at..at + next]).count();
                        at += next + 1;
                    }
                }
                match bytes.get(at) {
                    Some(b'"') => at += 1,
                    None if !complete => return Framed::Partial,
                    Some(byte) if lines > 0 && *byte != delimiter && !byte.is_ascii_control() => return Framed::Astray,
                    _ => break,
                }
            }
        }
        match memchr3(delimiter, b'\n', b'\r', &bytes[at..]) {
            Some(next) if bytes[at + next] == delimiter => at += next + 1,
            Some(next) => return ended(bytes, at + next, complete),
            None if complete => return Framed::Record { body: bytes.len(), whole: bytes.len() },
            None => return Framed::Partial,
        }
    }
}

/// The record ends at the line end at `at`: LF, CR LF, or a lone CR.
fn ended(bytes: &[u8], at: usize, complete: bool) -> Framed {
    if bytes[at] == b'\n' {
        return Framed::Record { body: at, whole: at + 1 };
    }
    match bytes.get(at + 1) {
        Some(b'\n') => Framed::Record { body: at, whole: at + 2 },
        None if !complete => Framed::Partial,
        _ => Framed::Record { body: at, whole: at + 1 },
    }
}

/// The length of the first line with its end, or none when there is no line end.
pub(super) fn first_line(bytes: &[u8]) -> Option<usize> {
    let at = memchr2(b'\n', b'\r', bytes)?;
    Some(if bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n') { at + 2 } else { at + 1 })
}

/// Appends the cells of one decoded record to the open row of the chunk.
pub(super) fn split(text: &str, delimiter: u8, chunk: &mut Chunk) {
    let bytes = text.as_bytes();
    if memchr(b'"', bytes).is_none() {
        let mut start = 0;
        for end in memchr::memchr_iter(delimiter, bytes).take(super::COLUMNS_MAX) {
            chunk.push_cell(&text[start..end]);
            start = end + 1;
        }
        // Cells beyond the limit stay together in one: the row is ragged anyway.
        return chunk.push_cell(&text[start..]);
    }
    let mut at = 0;
    loop {
        if bytes.get(at) == Some(&b'"') {
            at += 1;
            while let Some(next) = memchr(b'"', &bytes[at..]) {
                chunk.push_text(&text[at..at + next]);
                at += next + 1;
                if bytes.get(at) != Some(&b'"') {
                    break;
                }
                chunk.push_text("\"");
                at += 1;
            }
        }
        match memchr(delimiter, &bytes[at..]) {
            Some(next) if chunk.open_cells() < super::COLUMNS_MAX => {
                chunk.push_cell(&text[at..at + next]);
                at += next + 1;
            }
            _ => return chunk.push_cell(&text[at..]),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cells(text: &str) -> Vec<String> {
        let mut chunk = Chunk::default();
        chunk.start_row(1, 1);
        split(text, b',', &mut chunk);
        chunk.row(0).cells().map(str::to_owned).collect()
    }

    #[test]
    fn quotes_delimiters_and_line_ends_inside_quotes_are_text() {
        assert_eq!(cells("a,\"b,\"\"c\"\"\n\",d"), ["a", "b,\"c\"\n", "d"]);
        assert_eq!(frame(b"a,\"b\nc\",d\ne", false, b','), Framed::Record { body: 9, whole: 10 });
    }

    #[test]
    fn a_quote_inside_a_bare_field_is_just_a_character() {
        assert_eq!(cells("5\" pipe,x"), ["5\" pipe", "x"]);
        assert_eq!(frame(b"5\" pipe,x\nnext", false, b','), Framed::Record { body: 9, whole: 10 });
    }

    #[test]
    fn every_sort_of_line_end_ends_a_record() {
        for (bytes, body, whole) in [(&b"a\r\nb"[..], 1, 3), (b"a\nb", 1, 2), (b"a\rb", 1, 2)] {
            assert_eq!(frame(bytes, true, b','), Framed::Record { body, whole });
        }
        // Whether a line feed follows is not known yet.
        assert_eq!(frame(b"a\r", false, b','), Framed::Partial);
    }

    #[test]
    fn an_open_quote_at_the_end_is_noticed() {
        assert_eq!(frame(b"a,\"b\nc,d\n", true, b','), Framed::InQuotes { opened_at: 2 });
    }

    proptest! {
        #[test]
        fn well_formed_records_split_as_the_csv_crate_splits_them(
            fields in prop::collection::vec("[a-z,\"\n张; ]{0,8}", 1..6)
        ) {
            let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
            writer.write_record(&fields).unwrap();
            let bytes = writer.into_inner().unwrap();
            let Framed::Record { body, whole } = frame(&bytes, true, b',') else { panic!("not framed") };
            prop_assert_eq!(whole, bytes.len());
            prop_assert_eq!(cells(std::str::from_utf8(&bytes[..body]).unwrap()), fields);
        }

        #[test]
        fn any_bytes_are_framed_and_always_forward(bytes in prop::collection::vec(any::<u8>(), 1..200)) {
            if let Framed::Record { body, whole } = frame(&bytes, true, b',') {
                prop_assert!(whole > 0 && body <= whole && whole <= bytes.len());
            }
        }
    }
}
