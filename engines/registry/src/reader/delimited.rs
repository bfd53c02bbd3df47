//! CSV in a fixed buffer: records are framed in raw bytes, decoded, split into a chunk.
//!
//! What goes wrong stays small. A line over the limit is skipped without being held; a quote that is never closed
//! costs the one line it is on, because reading starts again behind that line instead of swallowing the rest.
use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom};

use super::chunk::{Chunk, RowFlaw};
use super::encoding::{Encoding, detect};
use super::frame::{Framed, first_line, frame, split};
use super::{FIELD_BYTES_MAX, Format, Opening, Position, RECORD_BYTES_MAX, ReadFault, SAMPLE_ROWS};

const BLOCK_BYTES: usize = 256 << 10;
/// Of a row that could not be held, this much is shown.
const EXCERPT_BYTES: usize = 1 << 10;

pub(super) fn open(file: File, first: &[u8]) -> Result<Opening, ReadFault> {
    let delimiter = delimiter_of(first);
    let mut sample = Chunk::default();
    let start = start_of(first)?;
    let mut source = Source::new(file, delimiter, start, 0)?;
    while sample.len() < SAMPLE_ROWS && source.next_row(&mut sample)? {}
    sample.next = source.next;
    if sample.is_empty() {
        return Err(ReadFault::Empty);
    }
    Ok(Opening { format: Format::Csv { delimiter }, sheet: None, rows_declared: None, sample, start })
}

pub(super) fn read(
    file: File,
    delimiter: u8,
    from: Position,
    width: usize,
    take: &mut dyn FnMut(Chunk) -> bool,
) -> Result<(), ReadFault> {
    let mut source = Source::new(file, delimiter, from, width)?;
    loop {
        let mut chunk = Chunk::default();
        let mut more = true;
        while more && !chunk.is_full() {
            more = source.next_row(&mut chunk)?;
        }
        chunk.next = source.next;
        chunk.last = !more;
        if !take(chunk) || !more {
            return Ok(());
        }
    }
}

/// Behind the byte order mark and the `sep=;` line that Excel understands.
fn start_of(first: &[u8]) -> Result<Position, ReadFault> {
    let (encoding, mark) = detect(first)?;
    let mut start = Position { offset: mark as u64, row: 0, line: 0, encoding };
    let rest = &first[mark..];
    if rest.len() > 5 && rest[..4].eq_ignore_ascii_case(b"sep=") && matches!(rest[5..].first(), Some(b'\r' | b'\n')) {
        start.offset += first_line(rest).unwrap_or(rest.len()) as u64;
        start.row = 1;
        start.line = 1;
    }
    Ok(start)
}

/// The delimiter that the first lines have most of, outside quotes; a comma where there is none.
fn delimiter_of(first: &[u8]) -> u8 {
    let first = first.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(first);
    if first.len() > 5 && first[..4].eq_ignore_ascii_case(b"sep=") && matches!(first[4], b',' | b';' | b'\t') {
        return first[4];
    }
    let mut counts = [(b',', 0_usize), (b'\t', 0), (b';', 0)];
    let mut quoted = false;
    let mut lines = 0;
    for byte in first.iter().take(64 << 10) {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => lines += 1,
            _ if !quoted => {
                if let Some(count) = counts.iter_mut().find(|(delimiter, _)| delimiter == byte) {
                    count.1 += 1;
                }
            }
            _ => {}
        }
        if lines == 10 {
            break;
        }
    }
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(delimiter, _)| *delimiter)
}

struct Source {
    file: File,
    buffer: Vec<u8>,
    /// The unread part of the buffer.
    start: usize,
    end: usize,
    complete: bool,
    delimiter: u8,
    /// The columns of the header; 0 while it is not known.
    width: usize,
    next: Position,
}

impl Source {
    fn new(mut file: File, delimiter: u8, next: Position, width: usize) -> Result<Self, ReadFault> {
        file.seek(SeekFrom::Start(next.offset))?;
        Ok(Self { file, buffer: vec![0; BLOCK_BYTES], start: 0, end: 0, complete: false, delimiter, width, next })
    }

    /// Reads another block; false at the end of the file or when the buffer has reached its largest size.
    fn fill(&mut self) -> Result<bool, ReadFault> {
        if self.complete {
            return Ok(false);
        }
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.end == self.buffer.len() {
            if self.buffer.len() >= RECORD_BYTES_MAX + BLOCK_BYTES {
                return Ok(false);
            }
            self.buffer.resize(self.buffer.len() + BLOCK_BYTES, 0);
        }
        loop {
            match self.file.read(&mut self.buffer[self.end..]) {
                Ok(0) => {
                    self.complete = true;
                    return Ok(false);
                }
                Ok(read) => {
                    self.end += read;
                    return Ok(true);
                }
                Err(fault) if fault.kind() == ErrorKind::Interrupted => {}
                Err(fault) => return Err(fault.into()),
            }
        }
    }

    /// Appends the next row that is not blank; false at the end of the file.
    fn next_row(&mut self, chunk: &mut Chunk) -> Result<bool, ReadFault> {
        loop {
            if self.start == self.end && !self.fill()? {
                return Ok(false);
            }
            match frame(&self.buffer[self.start..self.end], self.complete, self.delimiter) {
                Framed::Partial if self.end - self.start <= RECORD_BYTES_MAX => {
                    if !self.fill()? && !self.complete {
                        return self.too_long(chunk);
                    }
                }
                Framed::Partial => return self.too_long(chunk),
                Framed::Astray => {
                    self.give_up_line(self.end - self.start, RowFlaw::UnclosedQuote, chunk);
                    return Ok(true);
                }
                Framed::InQuotes { opened_at } => return self.unclosed(opened_at, chunk),
                Framed::Record { body, whole } => {
                    if self.record(body, whole, chunk) {
                        return Ok(true);
                    }
                }
            }
        }
    }

    /// One complete record; false when it was blank.
    fn record(&mut self, body: usize, whole: usize, chunk: &mut Chunk) -> bool {
        let bytes = &self.buffer[self.start..self.start + body];
        let lines = 1 + memchr::memchr_iter(b'\n', bytes).count() as u64;
        let offset = self.next.offset;
        if body == 0 {
            self.advance(whole, 1);
            return false;
        }
        chunk.start_row(self.next.row + 1, self.next.line + 1);
        if body > RECORD_BYTES_MAX {
            chunk.flaw_row(RowFlaw::TooLong);
            chunk.push_cell(&excerpt(self.next.encoding, bytes));
            self.advance(whole, lines);
            return true;
        }
        let (encoding, text) = self.next.encoding.decode(bytes);
        self.next.encoding = encoding;
        match text {
            Ok(text) => split(&text, self.delimiter, chunk),
            Err(good) => {
                chunk.flaw_row(RowFlaw::Encoding { offset: offset + good as u64 });
                split(&encoding.decode_lossy(bytes), self.delimiter, chunk);
            }
        }
        let flaw = self.flaw_of(chunk);
        if let Some(RowFlaw::Ragged { .. }) = flaw
            && lines > 1
        {
            // A stray quote joined lines that do not belong together: give up the first, read the others again.
            chunk.drop_row();
            self.give_up_line(body, RowFlaw::UnclosedQuote, chunk);
            return true;
        }
        if let Some(flaw) = flaw {
            chunk.flaw_row(flaw);
        }
        let kept = !chunk.row_is_blank();
        if !kept {
            chunk.drop_row();
        }
        self.advance(whole, lines);
        kept
    }

    fn flaw_of(&self, chunk: &mut Chunk) -> Option<RowFlaw> {
        chunk.fit(self.width);
        let row = chunk.row(chunk.len() - 1);
        let long = row.cells().position(|cell| cell.len() > FIELD_BYTES_MAX);
        row.flaw.or_else(|| long.map(|column| RowFlaw::CellTooLong { column: u32::try_from(column).unwrap_or(0) }))
    }

    /// A quote that was opened and not closed within the limit or the file: only its first line is given up.
    fn unclosed(&mut self, opened_at: usize, chunk: &mut Chunk) -> Result<bool, ReadFault> {
        let bytes = &self.buffer[self.start..self.end];
        let within_the_last_line = first_line(&bytes[opened_at..]).is_none();
        if !self.complete && within_the_last_line {
            return self.too_long(chunk);
        }
        let flaw = if self.complete { RowFlaw::CutInQuote } else { RowFlaw::UnclosedQuote };
        self.give_up_line(bytes.len(), flaw, chunk);
        Ok(true)
    }

    /// Rejects the first line of the next `bytes` and goes on behind it.
    fn give_up_line(&mut self, bytes: usize, flaw: RowFlaw, chunk: &mut Chunk) {
        let bytes = &self.buffer[self.start..self.start + bytes];
        let line = first_line(bytes).unwrap_or(bytes.len());
        chunk.start_row(self.next.row + 1, self.next.line + 1);
        chunk.flaw_row(flaw);
        for cell in excerpt(self.next.encoding, bytes[..line].trim_ascii_end()).split(char::from(self.delimiter)) {
            chunk.push_cell(cell);
        }
        self.advance(line, 1);
    }

    /// A record beyond the limit. If lines end within what is held, only the first is given up; else the line is
    /// skipped block by block.
    fn too_long(&mut self, chunk: &mut Chunk) -> Result<bool, ReadFault> {
        chunk.start_row(self.next.row + 1, self.next.line + 1);
        chunk.flaw_row(RowFlaw::TooLong);
        chunk.push_cell(&excerpt(self.next.encoding, &self.buffer[self.start..self.end]));
        loop {
            let held = &self.buffer[self.start..self.end];
            // A CR at the very end may be half of a line end: look at one byte more before deciding.
            match first_line(held) {
                Some(line) if line < held.len() || held[line - 1] == b'\n' || self.complete => {
                    self.advance(line, 1);
                    return Ok(true);
                }
                found => {
                    let skip = if found.is_some() { held.len() - 1 } else { held.len() };
                    self.advance(skip, 0);
                    if !self.fill()? && self.start == self.end {
                        self.next.row += 1;
                        return Ok(true);
                    }
                }
            }
        }
    }

    fn advance(&mut self, bytes: usize, lines: u64) {
        self.start += bytes;
        self.next.offset += bytes as u64;
        self.next.line += lines;
        if lines > 0 {
            self.next.row += 1;
        }
    }
}

fn excerpt(encoding: Encoding, bytes: &[u8]) -> String {
    encoding.decode_lossy(&bytes[..bytes.len().min(EXCERPT_BYTES)]).into_owned()
}
