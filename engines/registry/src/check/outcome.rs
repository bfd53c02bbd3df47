//! What checking a chunk gave: good rows in flat vectors, and rejects.
use crate::reader::Row;

/// The original row of a reject is kept up to this size; it is shown again in the report.
const ROW_TEXT_MAX: usize = 16 << 10;
const SHOWN_CHARS: usize = 60;

/// One fault of one row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// The header of the column; empty where the row as a whole is at fault.
    pub column: String,
    /// The rule's code; the text for people is `registry-rule-<code>`.
    pub rule: &'static str,
    /// What the text names besides: a cell, a limit, the codes that are allowed.
    pub detail: String,
    /// The value as it may be shown.
    pub shown: String,
}

/// One rejected row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reject {
    /// As a spreadsheet numbers it.
    pub row: u64,
    /// Its line in the text.
    pub line: u64,
    /// The cells as they were sent. Sealed before they are stored.
    pub cells: Vec<String>,
    /// Why.
    pub faults: Vec<Fault>,
}

#[derive(Clone, Copy, Debug)]
struct Value {
    position: u16,
    end: u32,
}

#[derive(Clone, Copy, Debug)]
struct Head {
    row: u64,
    first_value: u32,
}

/// The outcome of one chunk.
#[derive(Debug, Default)]
pub struct Checked {
    text: String,
    values: Vec<Value>,
    heads: Vec<Head>,
    open_mended: u32,
    /// The rows that do not land.
    pub rejects: Vec<Reject>,
    /// Good rows of which something was mended.
    pub rows_mended: u64,
}

/// One good row.
#[derive(Clone, Copy, Debug)]
pub struct Good<'a> {
    checked: &'a Checked,
    /// As a spreadsheet numbers it.
    pub row: u64,
    first: usize,
    end: usize,
}

impl Checked {
    pub(super) fn with_capacity(rows: usize, columns: usize) -> Self {
        Self {
            text: String::with_capacity(rows * columns * 12),
            values: Vec::with_capacity(rows * (columns + 2)),
            heads: Vec::with_capacity(rows),
            ..Self::default()
        }
    }
    /// How many good rows.
    pub fn len(&self) -> usize {
        self.heads.len()
    }
    /// The good rows in order.
    pub fn rows(&self) -> impl Iterator<Item = Good<'_>> {
        self.heads.iter().enumerate().map(|(at, head)| Good {
            checked: self,
            row: head.row,
            first: head.first_value as usize,
            end: self.heads.get(at + 1).map_or(self.values.len(), |next| next.first_value as usize),
        })
    }

    /// Starts a row; it counts only once kept. The head is pushed on keeping, so an open row begins behind the last.
    pub(super) fn open_row(&mut self) {
        self.open_mended = 0;
        self.heads.push(Head { row: 0, first_value: u32::try_from(self.values.len()).unwrap_or(u32::MAX) });
    }
    pub(super) fn open_text(&mut self) -> &mut String {
        &mut self.text
    }
    pub(super) fn drop_open_text(&mut self) {
        self.text.truncate(self.values.last().map_or(0, |value| value.end as usize));
    }
    pub(super) fn end_value(&mut self, position: usize) {
        let position = u16::try_from(position).unwrap_or(u16::MAX);
        self.values.push(Value { position, end: u32::try_from(self.text.len()).unwrap_or(u32::MAX) });
    }
    pub(super) fn count_mended(&mut self, mended: bool) {
        self.open_mended += u32::from(mended);
    }
    /// A value of the row being checked.
    pub(super) fn open_value(&self, position: usize) -> Option<&str> {
        let head = self.heads.last()?;
        Good { checked: self, row: 0, first: head.first_value as usize, end: self.values.len() }.value(position)
    }
    /// Adds a value that follows from others. Values stand in the order of positions.
    pub(super) fn derive_value(&mut self, position: usize, text: &str) {
        let first = self.heads.last().map_or(0, |head| head.first_value as usize);
        let wanted = u16::try_from(position).unwrap_or(u16::MAX);
        let behind = self.values[first..].iter().position(|value| value.position > wanted);
        let Some(at) = behind.map(|offset| first + offset) else {
            self.text.push_str(text);
            return self.end_value(position);
        };
        let start = if at == 0 { 0 } else { self.values[at - 1].end };
        let grown = u32::try_from(text.len()).unwrap_or(0);
        self.text.insert_str(start as usize, text);
        self.values.insert(at, Value { position: wanted, end: start + grown });
        for value in &mut self.values[at + 1..] {
            value.end += grown;
        }
    }
    pub(super) fn keep_row(&mut self, row: Row<'_>) {
        self.rows_mended += u64::from(self.open_mended > 0);
        if let Some(head) = self.heads.last_mut() {
            head.row = row.number;
        }
    }
    pub(super) fn drop_open_row(&mut self) {
        if let Some(head) = self.heads.pop() {
            self.values.truncate(head.first_value as usize);
            self.drop_open_text();
        }
    }
    pub(super) fn reject(&mut self, row: Row<'_>, faults: Vec<Fault>) {
        let mut left = ROW_TEXT_MAX;
        let cells = row.cells().map(|cell| {
            let kept = &cell[..cell.floor_char_boundary(left.min(cell.len()))];
            left -= kept.len();
            // PostgreSQL's text holds no U+0000, and no spreadsheet shows one.
            kept.replace('\0', "\u{fffd}")
        });
        let cells = cells.collect();
        self.rejects.push(Reject { row: row.number, line: row.line, cells, faults });
    }
}

impl<'a> Good<'a> {
    /// The values with their positions, in the order of positions.
    pub fn values(&self) -> impl Iterator<Item = (usize, &'a str)> + use<'a> {
        let (checked, first, end) = (self.checked, self.first, self.end);
        (first..end).map(move |at| {
            let start = if at == 0 { 0 } else { checked.values[at - 1].end as usize };
            let value = checked.values[at];
            (usize::from(value.position), &checked.text[start..value.end as usize])
        })
    }
    /// One value.
    pub fn value(&self, position: usize) -> Option<&'a str> {
        self.values().find(|(at, _)| *at == position).map(|(_, text)| text)
    }
}

/// A sensitive value as the report may show it: enough to find the cell, not enough to use.
pub fn masked(text: &str) -> String {
    let text = text.trim();
    let count = text.chars().count();
    let (head, tail) = if count >= 12 {
        (3, 2)
    } else if count >= 5 {
        (1, 1)
    } else {
        (0, 0)
    };
    let stars = (count - head - tail).min(20);
    let start: String = text.chars().take(head).collect();
    let end: String = text.chars().skip(count - tail).collect();
    cleaned(format!("{start}{}{end}", "*".repeat(stars)))
}

/// Any other value, cut to what a report can show. A number that may be somebody's is hidden whichever column it is in.
pub fn shortened(text: &str) -> String {
    let mut shown: String = jh_core::mask::numbers(text).chars().take(SHOWN_CHARS).collect();
    if text.chars().nth(SHOWN_CHARS).is_some() {
        shown.push('…');
    }
    cleaned(shown)
}

fn cleaned(text: String) -> String {
    text.replace('\0', "\u{fffd}")
}
