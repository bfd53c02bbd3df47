//! Unpacks a workbook once, into nothing, against limits, before a library that believes workbooks may open it.
//!
//! Sizes that an archive declares are not believed; bytes are counted as they come out. Three more things that would
//! cost memory later are looked for: a huge directory, a huge announced number of shared strings, and a single text
//! longer than any cell can be.
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use zip::ZipArchive;
use zip::result::ZipError;

use super::ReadFault;

const ENTRIES_MAX: usize = 1_000;
const TOTAL_BYTES_MAX: u64 = 1 << 30;
const SHARED_STRINGS_BYTES_MAX: u64 = 256 << 20;
const SHARED_STRINGS_MAX: u64 = 4_000_000;
/// The workbook's own parts are read into memory whole: names of sheets, formats of numbers, relations.
const OTHER_BYTES_MAX: u64 = 16 << 20;
/// Small parts may pack better than this; the ratio counts from a mebibyte on.
const RATIO_MAX: u64 = 200;
const RATIO_FROM_BYTES: u64 = 1 << 20;
/// Between two tags. A cell holds at most 32,767 characters.
const TEXT_RUN_MAX: usize = 1 << 20;
const BLOCK_BYTES: usize = 64 << 10;

/// Checks the whole archive.
pub(super) fn check(file: &mut File) -> Result<(), ReadFault> {
    check_directory_size(file)?;
    file.seek(SeekFrom::Start(0))?;
    let mut archive = ZipArchive::new(&mut *file).map_err(damaged)?;
    if archive.len() > ENTRIES_MAX {
        return Err(ReadFault::Bomb("entries"));
    }
    check_is_workbook(&mut archive)?;
    let mut total = 0;
    for index in 0..archive.len() {
        total += check_entry(&mut archive, index, TOTAL_BYTES_MAX - total)?;
    }
    file.seek(SeekFrom::Start(0))?;
    Ok(())
}

/// Reads the number of entries from the archive's end before a directory of that size is built in memory.
fn check_directory_size(file: &mut File) -> Result<(), ReadFault> {
    let length = file.seek(SeekFrom::End(0))?;
    // The end record is 22 bytes and a comment of at most 64 KiB.
    let tail_len = length.min(22 + 65_535);
    file.seek(SeekFrom::Start(length - tail_len))?;
    let mut tail = Vec::new();
    file.take(tail_len).read_to_end(&mut tail)?;
    let mut found = false;
    for at in memchr::memmem::find_iter(&tail, b"PK\x05\x06") {
        let Some(count) = tail.get(at + 10..at + 12) else { continue };
        found = true;
        if usize::from(u16::from_le_bytes([count[0], count[1]])) > ENTRIES_MAX {
            return Err(ReadFault::Bomb("entries"));
        }
    }
    if found { Ok(()) } else { Err(ReadFault::Damaged("the end of the file is missing".to_owned())) }
}

fn check_is_workbook(archive: &mut ZipArchive<&mut File>) -> Result<(), ReadFault> {
    let mut names = Vec::with_capacity(archive.len());
    for name in archive.file_names() {
        names.push(name.map_err(damaged)?.replace('\\', "/").to_lowercase());
    }
    if names.iter().any(|name| name == "xl/workbook.xml") {
        return Ok(());
    }
    Err(if names.iter().any(|name| name == "xl/workbook.bin") {
        ReadFault::WrongFormat("XLSB")
    } else if names.iter().any(|name| name == "content.xml") {
        ReadFault::WrongFormat("ODS (OpenDocument)")
    } else if names.iter().any(|name| name.starts_with("word/")) {
        ReadFault::WrongFormat("DOCX")
    } else {
        ReadFault::WrongFormat("a ZIP archive")
    })
}

fn check_entry(archive: &mut ZipArchive<&mut File>, index: usize, allowance: u64) -> Result<u64, ReadFault> {
    let mut entry = archive.by_index(index).map_err(damaged)?;
    let name = entry.name().map_err(damaged)?.to_lowercase();
    let shared_strings = name.ends_with("sharedstrings.xml");
    let packed = entry.compressed_size().max(1);
    let held = name.ends_with(".rels") || name.ends_with("workbook.xml") || name.ends_with("styles.xml");
    let limit = match (shared_strings, held) {
        (true, _) => allowance.min(SHARED_STRINGS_BYTES_MAX),
        (_, true) => allowance.min(OTHER_BYTES_MAX),
        _ => allowance,
    };
    let mut strings = Strings::default();
    let mut text = TextRuns::default();
    let mut unpacked: u64 = 0;
    let mut block = vec![0; BLOCK_BYTES];
    loop {
        let read = entry.read(&mut block).map_err(|fault| ReadFault::Damaged(fault.to_string()))?;
        if read == 0 {
            return Ok(unpacked);
        }
        if shared_strings && unpacked == 0 {
            check_announced_strings(&block[..read])?;
        }
        if shared_strings && strings.count(&block[..read]) > SHARED_STRINGS_MAX {
            return Err(ReadFault::Bomb("shared strings"));
        }
        unpacked += read as u64;
        if unpacked > limit {
            return Err(ReadFault::Bomb(if shared_strings { "shared strings" } else { "total size" }));
        }
        if unpacked > RATIO_FROM_BYTES && unpacked / packed > RATIO_MAX {
            return Err(ReadFault::Bomb("compression ratio"));
        }
        if (name.ends_with(".xml") || name.ends_with(".rels")) && text.longest(&block[..read]) > TEXT_RUN_MAX {
            return Err(ReadFault::Bomb("cell size"));
        }
    }
}

/// The reading library reserves as many strings as the first tag announces.
fn check_announced_strings(start: &[u8]) -> Result<(), ReadFault> {
    for at in memchr::memmem::find_iter(start, b"uniqueCount") {
        let digits =
            start[at..].iter().skip_while(|byte| !byte.is_ascii_digit()).take_while(|byte| byte.is_ascii_digit());
        let count = digits
            .take(20)
            .fold(0_u64, |count, digit| count.saturating_mul(10).saturating_add(u64::from(digit - b'0')));
        if count > SHARED_STRINGS_MAX {
            return Err(ReadFault::Bomb("shared strings"));
        }
    }
    Ok(())
}

/// Counts the strings of the table, for what the first tag announces is not believed either.
#[derive(Default)]
struct Strings {
    seen: u64,
    /// The name of the tag that is open, as far as it came.
    name: Option<Vec<u8>>,
}

impl Strings {
    fn count(&mut self, block: &[u8]) -> u64 {
        for byte in block {
            match (byte, &mut self.name) {
                (b'<', _) => self.name = Some(Vec::new()),
                (b'>' | b'/' | b' ' | b'\t' | b'\r' | b'\n', Some(name)) => {
                    // Whatever its prefix: `si` or `x:si`.
                    self.seen += u64::from(name.rsplit(|byte| *byte == b':').next() == Some(b"si"));
                    self.name = None;
                }
                (byte, Some(name)) if name.len() < 64 => name.push(*byte),
                _ => {}
            }
        }
        self.seen
    }
}

/// The longest stretch of XML without a tag's beginning.
#[derive(Default)]
struct TextRuns {
    open: usize,
    longest: usize,
}

impl TextRuns {
    fn longest(&mut self, block: &[u8]) -> usize {
        let mut start = 0;
        for at in memchr::memchr_iter(b'<', block) {
            self.longest = self.longest.max(self.open + at - start);
            self.open = 0;
            start = at;
        }
        self.open += block.len() - start;
        self.longest = self.longest.max(self.open);
        self.longest
    }
}

fn damaged(fault: ZipError) -> ReadFault {
    match fault {
        ZipError::Io(fault) => ReadFault::Damaged(fault.to_string()),
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => ReadFault::Encrypted,
        fault => ReadFault::Damaged(fault.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_counted_whatever_their_prefix_and_wherever_a_block_ends() {
        let text =
            b"<?xml?><sst uniqueCount=\"1\"><si><t>a</t></si><x:si/><si xml:space='preserve'><sign>b</sign></si></sst>";
        for cut in 0..text.len() {
            let mut strings = Strings::default();
            strings.count(&text[..cut]);
            assert_eq!(strings.count(&text[cut..]), 3, "cut at {cut}");
        }
    }
}
