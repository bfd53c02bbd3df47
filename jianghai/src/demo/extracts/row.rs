//! One row of a file, where its columns are, and the three ways in which files are written.
use std::io::{self, Write};

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::faults::{Fault, Mend};
use super::numbers::Day;

/// Where the columns of a file are that can be spoiled, and how often each way happens in 100,000 rows.
#[derive(Debug)]
pub(super) struct Layout {
    pub headers: &'static [&'static str],
    /// The identifying number: a citizen's or an enterprise's.
    pub number: usize,
    pub name: usize,
    pub phone: usize,
    pub day: usize,
    pub division: usize,
    pub code: Option<usize>,
    /// A further number that names somebody else: the employer or the legal representative.
    pub second: Option<usize>,
    pub faults: &'static [(Fault, u32)],
    pub mends: &'static [(Mend, u32)],
}

/// The cells of one row; memory is used again from row to row.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    cells: Vec<String>,
    used: usize,
    /// A cell that a spreadsheet holds as a day and not as text.
    pub native_day: Option<(usize, Day)>,
}

impl Row {
    /// Forgets the row before.
    pub fn clear(&mut self) {
        self.used = 0;
        self.native_day = None;
    }

    /// The next cell, empty.
    pub fn next(&mut self) -> &mut String {
        if self.used == self.cells.len() {
            self.cells.push(String::with_capacity(64));
        }
        let cell = &mut self.cells[self.used];
        self.used += 1;
        cell.clear();
        cell
    }

    /// The next cell with a text.
    pub fn text(&mut self, text: &str) {
        self.next().push_str(text);
    }

    /// A cell written before.
    pub fn cell(&mut self, at: usize) -> &mut String {
        &mut self.cells[at]
    }

    /// Replaces a cell by a text.
    pub fn put(&mut self, at: usize, text: &str) {
        self.cells[at].clear();
        self.cells[at].push_str(text);
        self.native_day = self.native_day.filter(|(day, _)| *day != at);
    }

    /// Exchanges two cells.
    pub fn swap(&mut self, a: usize, b: usize) {
        self.cells.swap(a, b);
    }

    /// The cells.
    pub fn cells(&self) -> &[String] {
        &self.cells[..self.used]
    }
}

/// Where rows go.
pub(super) trait Sheet {
    /// Takes one row.
    fn put(&mut self, row: &Row) -> io::Result<()>;
    /// Writes what is still in memory.
    fn finish(&mut self) -> io::Result<()>;
}

/// The encodings of CSV files that departments send.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encoding {
    /// With a byte order mark, as spreadsheets write it.
    Utf8Bom,
    /// Without.
    Utf8,
    /// The national encoding.
    Gb18030,
}

/// A CSV file.
pub(super) struct Csv<'a> {
    to: &'a mut dyn Write,
    encoding: Encoding,
    line: String,
    buffer: Vec<u8>,
    /// Two-byte codes of GB 18030 met so far, by character; 0 for those not met. The encoder looks a character up by
    /// walking its whole table, which is fine for a header and not for seven million rows.
    national: Vec<u16>,
}

/// Bytes kept before they are written; the generator's memory does not grow with the plan.
const BUFFER_BYTES: usize = 1 << 16;

impl<'a> Csv<'a> {
    /// A file with its header.
    pub fn new(to: &'a mut dyn Write, encoding: Encoding, headers: &[&str]) -> io::Result<Self> {
        let national = vec![0; if encoding == Encoding::Gb18030 { 1 << 16 } else { 0 }];
        let buffer = Vec::with_capacity(BUFFER_BYTES * 2);
        let mut csv = Self { to, encoding, line: String::new(), buffer, national };
        if encoding == Encoding::Utf8Bom {
            csv.buffer.extend_from_slice("\u{feff}".as_bytes());
        }
        csv.write(headers.iter().copied())?;
        Ok(csv)
    }

    fn write<'c>(&mut self, cells: impl Iterator<Item = &'c str>) -> io::Result<()> {
        self.line.clear();
        for (at, cell) in cells.enumerate() {
            if at > 0 {
                self.line.push(',');
            }
            if cell.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
                self.line.push('"');
                self.line.push_str(&cell.replace('"', "\"\""));
                self.line.push('"');
            } else {
                self.line.push_str(cell);
            }
        }
        self.line.push_str("\r\n");
        match self.encoding {
            Encoding::Gb18030 => self.encode_line(),
            Encoding::Utf8 | Encoding::Utf8Bom => self.buffer.extend_from_slice(self.line.as_bytes()),
        }
        if self.buffer.len() >= BUFFER_BYTES {
            self.to.write_all(&self.buffer)?;
            self.buffer.clear();
        }
        Ok(())
    }

    fn encode_line(&mut self) {
        for c in self.line.chars() {
            if c.is_ascii() {
                self.buffer.push(c as u8);
                continue;
            }
            let slot = self.national.get_mut(c as usize);
            if let Some(code) = slot.as_deref().filter(|code| **code != 0) {
                self.buffer.extend_from_slice(&code.to_be_bytes());
                continue;
            }
            let mut utf8 = [0; 4];
            let encoded = encoding_rs::GB18030.encode(c.encode_utf8(&mut utf8)).0;
            if let (Some(code), [first, second]) = (slot, &*encoded) {
                *code = u16::from_be_bytes([*first, *second]);
            }
            self.buffer.extend_from_slice(&encoded);
        }
    }
}

impl Sheet for Csv<'_> {
    fn put(&mut self, row: &Row) -> io::Result<()> {
        self.write(row.cells().iter().map(String::as_str))
    }

    fn finish(&mut self) -> io::Result<()> {
        self.to.write_all(&self.buffer)?;
        self.buffer.clear();
        self.to.flush()
    }
}

/// A spreadsheet. The library holds it in memory until the end, so its rows are bounded where it is made.
pub(super) struct Xlsx<'a> {
    to: &'a mut dyn Write,
    sheet: Worksheet,
    day: Format,
    next_row: u32,
}

impl<'a> Xlsx<'a> {
    /// A spreadsheet with one sheet and its header.
    pub fn new(to: &'a mut dyn Write, name: &str, headers: &[&str]) -> io::Result<Self> {
        let mut sheet = Worksheet::new();
        sheet.set_name(name).map_err(broken)?;
        for (column, header) in (0..).zip(headers) {
            sheet.write_string(0, column, *header).map_err(broken)?;
        }
        Ok(Self { to, sheet, day: Format::new().set_num_format("yyyy-mm-dd"), next_row: 1 })
    }
}

impl Sheet for Xlsx<'_> {
    fn put(&mut self, row: &Row) -> io::Result<()> {
        for (column, cell) in (0..).zip(row.cells()) {
            match row.native_day {
                Some((at, day)) if at == usize::from(column) => {
                    let day = ExcelDateTime::from_ymd(day.year, day.month, day.day).map_err(broken)?;
                    self.sheet.write_datetime_with_format(self.next_row, column, &day, &self.day).map_err(broken)?;
                }
                _ if cell.is_empty() => {}
                _ => {
                    self.sheet.write_string(self.next_row, column, cell).map_err(broken)?;
                }
            }
        }
        self.next_row += 1;
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        let mut book = Workbook::new();
        // Without a fixed time of making, the same plan would not give the same bytes.
        let made = ExcelDateTime::from_ymd(2025, 6, 30).map_err(broken)?;
        book.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&made));
        book.push_worksheet(std::mem::take(&mut self.sheet));
        self.to.write_all(&book.save_to_buffer().map_err(broken)?)?;
        self.to.flush()
    }
}

fn broken(error: XlsxError) -> io::Error {
    io::Error::other(error)
}

/// Writes nothing: for counting what an extract would hold.
pub(super) struct Nowhere;

impl Sheet for Nowhere {
    fn put(&mut self, _: &Row) -> io::Result<()> {
        Ok(())
    }
    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}
