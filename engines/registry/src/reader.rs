//! Rows out of a delivered file, in bounded memory whatever the file contains.
//!
//! A reader knows files, not meanings: it never learns what a column is. It hands on chunks of rows; what it cannot
//! read is a row with a flaw, named by row, line or cell, and reading goes on behind it. Only a file that cannot be
//! read at all is a [`ReadFault`].
mod chunk;
mod delimited;
mod encoding;
mod frame;
mod kind;
mod sheet;
mod zipguard;

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

pub use chunk::{CellFlaw, Chunk, Row, RowFlaw};
pub use encoding::Encoding;

/// The largest record of a CSV file. Longer ones are rejected by line and skipped without being held.
pub const RECORD_BYTES_MAX: usize = 1 << 20;
/// The largest cell; a spreadsheet's own limit is 32,767 characters.
pub const FIELD_BYTES_MAX: usize = 64 << 10;
/// The most lines of one record: an address has two, a remark perhaps ten.
pub const RECORD_LINES_MAX: usize = 100;
/// The most columns.
pub const COLUMNS_MAX: usize = 512;
/// The most rows of one chunk: one transaction, one checkpoint.
pub const CHUNK_ROWS_MAX: usize = 16_384;
/// The most text of one chunk, so that a chunk of very long rows is not a large one.
pub const CHUNK_BYTES_MAX: usize = 8 << 20;
/// The rows looked at before a file is accepted: the header is among the first of them.
pub const SAMPLE_ROWS: usize = 40;
/// How much of a file decides its encoding.
pub(crate) const DETECT_BYTES: usize = 1 << 20;

/// Where the next row starts; kept with every chunk that was landed, so that a killed run goes on from there.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Position {
    /// The byte of a CSV file; 0 for a spreadsheet, which is found again by row.
    pub offset: u64,
    /// The row's number as a spreadsheet shows it, from 0 before the first.
    pub row: u64,
    /// The line of the text, which differs from the row where cells contain line breaks.
    pub line: u64,
    /// What the bytes so far have shown.
    pub encoding: Encoding,
}

/// What sort of file it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// Delimited text.
    Csv {
        /// `,`, `;` or a tab.
        delimiter: u8,
    },
    /// An Office Open XML workbook.
    Xlsx {
        /// Whether a bare number in a date column counts days from 1900.
        serial_dates: bool,
    },
}

/// What a first look at a file shows.
#[derive(Debug)]
pub struct Opening {
    /// What sort of file it is.
    pub format: Format,
    /// The name of the sheet that is read.
    pub sheet: Option<String>,
    /// The number of rows, where the file says so.
    pub rows_declared: Option<u64>,
    /// The first rows.
    pub sample: Chunk,
    /// Where reading begins.
    pub start: Position,
}

/// Looks at a file: its sort, its encoding, its first rows. A workbook is unpacked once against its limits.
pub fn open(file: &mut File) -> Result<Opening, ReadFault> {
    let mut first = Vec::with_capacity(DETECT_BYTES);
    file.seek(SeekFrom::Start(0))?;
    file.take(DETECT_BYTES as u64).read_to_end(&mut first)?;
    match kind::of(&first)? {
        kind::Sort::Text => delimited::open(file.try_clone()?, &first),
        kind::Sort::Workbook => sheet::open(file),
    }
}

/// Reads from `from` to the end, a chunk at a time, for as long as `take` answers true.
///
/// `width` is the number of columns of the header; rows of any other number carry a flaw.
pub fn read(
    file: File,
    format: Format,
    from: Position,
    width: usize,
    take: &mut dyn FnMut(Chunk) -> bool,
) -> Result<(), ReadFault> {
    match format {
        Format::Csv { delimiter } => delimited::read(file, delimiter, from, width, take),
        Format::Xlsx { .. } => sheet::read(file, from, width, take),
    }
}

/// Why a file cannot be read at all. The code is the key of the text for people: `registry-failure-<code>`.
#[derive(thiserror::Error, Debug)]
pub enum ReadFault {
    /// Reading the stored file failed; worth trying again.
    #[error("the stored file cannot be read")]
    Io(#[from] std::io::Error),
    /// No rows at all.
    #[error("the file is empty")]
    Empty,
    /// UTF-16 or UTF-32 text.
    #[error("the text is encoded in {0}")]
    WrongEncoding(&'static str),
    /// Bytes that are no text in any encoding we read.
    #[error("the file is neither text nor a workbook")]
    NotText,
    /// Another format that people send as a spreadsheet.
    #[error("the file is {0}, not CSV or XLSX")]
    WrongFormat(&'static str),
    /// A workbook with a password.
    #[error("the workbook is protected by a password")]
    Encrypted,
    /// A workbook that unpacks to more than any honest one.
    #[error("the workbook unpacks beyond the limit: {0}")]
    Bomb(&'static str),
    /// A workbook that is cut off or damaged.
    #[error("the workbook is incomplete or damaged: {0}")]
    Damaged(String),
}

impl ReadFault {
    /// Stable and dashed.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "file-unreadable",
            Self::Empty => "file-empty",
            Self::WrongEncoding(_) => "encoding-wrong",
            Self::NotText => "file-not-text",
            Self::WrongFormat(_) => "format-wrong",
            Self::Encrypted => "workbook-encrypted",
            Self::Bomb(_) => "workbook-too-large",
            Self::Damaged(_) => "workbook-damaged",
        }
    }

    /// What the text for people names: the encoding, the format, the limit.
    pub fn detail(&self) -> String {
        match self {
            Self::WrongEncoding(name) | Self::WrongFormat(name) | Self::Bomb(name) => (*name).to_owned(),
            Self::Damaged(reason) => reason.clone(),
            _ => String::new(),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
