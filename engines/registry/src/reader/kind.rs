//! What a file is, from its first bytes; its name is not believed.
use super::ReadFault;

/// A file we can read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sort {
    Text,
    /// A zip archive; whether it is a workbook is seen on opening.
    Workbook,
}

/// The sort of file, or what it is instead.
pub(super) fn of(first: &[u8]) -> Result<Sort, ReadFault> {
    if first.is_empty() {
        return Err(ReadFault::Empty);
    }
    if first.starts_with(b"PK\x03\x04") || first.starts_with(b"PK\x05\x06") {
        return Ok(Sort::Workbook);
    }
    // A compound file: a workbook of Excel 97-2003, or a new one wrapped because it has a password.
    if first.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let encrypted = first.windows(name.len()).any(|window| window == name);
        return Err(if encrypted { ReadFault::Encrypted } else { ReadFault::WrongFormat("XLS (Excel 97-2003)") });
    }
    if first.starts_with(b"%PDF") {
        return Err(ReadFault::WrongFormat("PDF"));
    }
    if first.starts_with(&[0x1F, 0x8B]) || first.starts_with(b"Rar!") || first.starts_with(b"7z\xBC\xAF") {
        return Err(ReadFault::WrongFormat("a packed archive"));
    }
    let start = first.trim_ascii_start();
    let start = start.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(start).get(..6).unwrap_or_default();
    // Old government systems "export to Excel" by naming a web page .xls.
    if start.eq_ignore_ascii_case(b"<html ") || start.eq_ignore_ascii_case(b"<html>") || start.starts_with(b"<table") {
        return Err(ReadFault::WrongFormat("HTML"));
    }
    if start.starts_with(b"<?xml") {
        return Err(ReadFault::WrongFormat("XML"));
    }
    let head = &first[..first.len().min(64 << 10)];
    let marked_utf16 = head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]);
    if !marked_utf16 && memchr::memchr(0, head).is_some() {
        return Err(ReadFault::NotText);
    }
    Ok(Sort::Text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_judged_by_its_bytes_and_not_by_its_name() {
        assert_eq!(of(b"a,b\n").unwrap(), Sort::Text);
        assert_eq!(of(b"PK\x03\x04...").unwrap(), Sort::Workbook);
        assert!(matches!(of(b""), Err(ReadFault::Empty)));
        assert!(matches!(of(b"\xD0\xCF\x11\xE0\xA1\xB1"), Err(ReadFault::WrongFormat(_))));
        assert!(matches!(of(b"<html><table>"), Err(ReadFault::WrongFormat("HTML"))));
        assert!(matches!(of(b"abc\0def"), Err(ReadFault::NotText)));
    }

    #[test]
    fn a_workbook_with_a_password_is_told_from_an_old_one() {
        let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0];
        bytes.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
        assert!(matches!(of(&bytes), Err(ReadFault::Encrypted)));
    }
}
