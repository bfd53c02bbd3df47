//! A chunk of rows in two flat vectors: one text, one list of cell ends. No allocation per row or cell.
use super::Position;

/// Why a row cannot be checked at all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RowFlaw {
    /// Bytes that are not text in the file's encoding; the offset is that of the first.
    Encoding {
        /// From the start of the file, from 0.
        offset: u64,
    },
    /// More or fewer cells than the header.
    Ragged {
        /// Cells of this row.
        found: u32,
        /// Cells of the header.
        expected: u32,
    },
    /// A quoted field that does not end on this line or soon after.
    UnclosedQuote,
    /// The file ends inside a quoted field.
    CutInQuote,
    /// A row longer than the limit; it was skipped.
    TooLong,
    /// A cell longer than the limit.
    CellTooLong {
        /// Which, from 0.
        column: u32,
    },
}

/// Why a cell has no value that could be trusted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CellFlaw {
    /// It is computed; what is shown depends on other cells.
    Formula,
    /// `#N/A` and the like.
    Error,
    /// A number too long for a spreadsheet: the last digits are already lost.
    LostDigits,
}

#[derive(Clone, Copy, Debug)]
struct Head {
    row: u64,
    line: u64,
    first_cell: u32,
    flaw: Option<RowFlaw>,
}

/// Some rows in the order of the file.
#[derive(Debug, Default)]
pub struct Chunk {
    text: String,
    /// Where each cell ends in `text`; it starts where the one before it ends.
    ends: Vec<u32>,
    heads: Vec<Head>,
    cell_flaws: Vec<(u32, CellFlaw)>,
    /// Where the row after the last one starts.
    pub next: Position,
    /// Whether the file ends behind these rows.
    pub last: bool,
}

/// One row of a chunk.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    chunk: &'a Chunk,
    /// As a spreadsheet numbers it, from 1.
    pub number: u64,
    /// Its first line in the text, from 1.
    pub line: u64,
    /// Why it cannot be checked, if it cannot.
    pub flaw: Option<RowFlaw>,
    first: u32,
    end: u32,
}

impl Chunk {
    /// How many rows.
    pub fn len(&self) -> usize {
        self.heads.len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }
    /// How much memory its rows take.
    pub fn bytes(&self) -> usize {
        self.text.len() + self.ends.len() * size_of::<u32>() + self.heads.len() * size_of::<Head>()
    }
    /// One row, from 0.
    pub fn row(&self, index: usize) -> Row<'_> {
        let head = self.heads[index];
        let end = self.heads.get(index + 1).map_or(self.ends.len(), |next| next.first_cell as usize);
        Row {
            chunk: self,
            number: head.row,
            line: head.line,
            flaw: head.flaw,
            first: head.first_cell,
            end: u32::try_from(end).unwrap_or(u32::MAX),
        }
    }
    /// All rows.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.len()).map(|index| self.row(index))
    }

    pub(super) fn start_row(&mut self, row: u64, line: u64) {
        let first_cell = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.heads.push(Head { row, line, first_cell, flaw: None });
    }
    pub(super) fn push_text(&mut self, text: &str) {
        self.text.push_str(text);
    }
    pub(super) fn end_cell(&mut self) {
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }
    pub(super) fn push_cell(&mut self, text: &str) {
        self.push_text(text);
        self.end_cell();
    }
    pub(super) fn flaw_cell(&mut self, flaw: CellFlaw) {
        let cell = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.cell_flaws.push((cell, flaw));
    }
    pub(super) fn flaw_row(&mut self, flaw: RowFlaw) {
        if let Some(head) = self.heads.last_mut() {
            head.flaw.get_or_insert(flaw);
        }
    }
    /// The cells of the row being built.
    pub(super) fn open_cells(&self) -> usize {
        self.heads.last().map_or(0, |head| self.ends.len() - head.first_cell as usize)
    }
    /// Brings the row being built to `width`: empty cells beyond it go, everything else that differs is a flaw.
    pub(super) fn fit(&mut self, width: usize) {
        let found = self.open_cells();
        if found == width || width == 0 {
            return;
        }
        let last = self.heads.len() - 1;
        let surplus_is_blank = found > width && self.row(last).cells().skip(width).all(|cell| cell.trim().is_empty());
        if surplus_is_blank {
            self.ends.truncate(self.ends.len() - (found - width));
            // The next cell starts where the last one ends, so the blank text of the surplus goes too.
            self.text.truncate(self.ends.last().map_or(0, |end| *end as usize));
            return;
        }
        let [found, expected] = [found, width].map(|count| u32::try_from(count).unwrap_or(u32::MAX));
        self.flaw_row(RowFlaw::Ragged { found, expected });
    }
    /// Takes the row being built back, for instance because all its cells are blank.
    pub(super) fn drop_row(&mut self) {
        if let Some(head) = self.heads.pop() {
            self.ends.truncate(head.first_cell as usize);
            self.text.truncate(self.ends.last().map_or(0, |end| *end as usize));
            while self.cell_flaws.last().is_some_and(|(cell, _)| *cell >= head.first_cell) {
                self.cell_flaws.pop();
            }
        }
    }
    /// Whether the row being built has nothing in any cell.
    pub(super) fn row_is_blank(&self) -> bool {
        match self.heads.len() {
            0 => true,
            count => {
                let row = self.row(count - 1);
                row.flaw.is_none() && row.cells().all(|cell| cell.trim().is_empty()) && !row.has_cell_flaws()
            }
        }
    }
    /// Whether it is time to hand the chunk on.
    pub(super) fn is_full(&self) -> bool {
        self.len() >= super::CHUNK_ROWS_MAX || self.bytes() >= super::CHUNK_BYTES_MAX
    }
}

impl<'a> Row<'a> {
    /// How many cells.
    pub fn width(&self) -> usize {
        (self.end - self.first) as usize
    }
    /// One cell from 0; a cell that is not there is empty.
    pub fn cell(&self, index: usize) -> &'a str {
        let at = self.first as usize + index;
        if at >= self.end as usize {
            return "";
        }
        let start = if at == 0 { 0 } else { self.chunk.ends[at - 1] as usize };
        &self.chunk.text[start..self.chunk.ends[at] as usize]
    }
    /// All cells.
    pub fn cells(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let row = *self;
        (0..self.width()).map(move |index| row.cell(index))
    }
    /// What is wrong with one cell, from 0.
    pub fn cell_flaw(&self, index: usize) -> Option<CellFlaw> {
        if self.chunk.cell_flaws.is_empty() {
            return None;
        }
        let at = self.first + u32::try_from(index).unwrap_or(u32::MAX);
        let found = self.chunk.cell_flaws.binary_search_by_key(&at, |(cell, _)| *cell).ok()?;
        Some(self.chunk.cell_flaws[found].1)
    }
    fn has_cell_flaws(&self) -> bool {
        let from = self.chunk.cell_flaws.partition_point(|(cell, _)| *cell < self.first);
        self.chunk.cell_flaws.get(from).is_some_and(|(cell, _)| *cell < self.end)
    }
}
