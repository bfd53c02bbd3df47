//! Every row against its schema: values into their normal form, or faults that name rule, column and value.
//!
//! Pure: no database, no clock (`today` is given), no language (a rule is a code). What can be mended without doubt,
//! such as blanks and full-width digits, is mended and counted; what cannot is never guessed.
mod consistency;
mod mend;
mod outcome;
mod report;
mod value;

use std::collections::HashMap;

use jh_core::code::citizen_id::CitizenId;
use time::Date;

pub use outcome::{Checked, Fault, Good, Reject};
pub use report::write_record;

use crate::mapping::{Mapping, column_letters};
use crate::reader::{CellFlaw, Chunk, Row, RowFlaw};
use crate::schema::{Check, Schema};

/// The most faults that are written down of one row; a row with more is broken as a whole.
const FAULTS_OF_ROW_MAX: usize = 16;

/// What checks depend on besides the row.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// The day in China on which the delivery was received.
    pub today: Date,
    /// Whether a bare number in a date column counts days from 1900, as in a workbook.
    pub serial_dates: bool,
    /// Division codes of other schemes and what they are in GB/T 2260 (统计用 320671: 320613).
    pub division_aliases: &'a HashMap<String, String>,
}

/// Checks the rows of one delivery.
#[derive(Debug)]
pub struct Checker<'a> {
    schema: &'a Schema,
    mapping: &'a Mapping,
    setting: Setting<'a>,
    used: Vec<(usize, usize)>,
    /// A text that is mended before it is checked.
    scratch: String,
}

impl<'a> Checker<'a> {
    /// A checker of rows with these columns.
    pub fn new(schema: &'a Schema, mapping: &'a Mapping, setting: Setting<'a>) -> Self {
        Self { schema, mapping, setting, used: mapping.used(), scratch: String::new() }
    }

    /// Checks all rows of a chunk that come behind the header.
    pub fn check(&mut self, chunk: &Chunk) -> Checked {
        let mut checked = Checked::with_capacity(chunk.len(), self.used.len());
        for row in chunk.rows().filter(|row| row.number > self.mapping.header_row) {
            self.check_row(row, &mut checked);
        }
        checked
    }

    fn check_row(&mut self, row: Row<'_>, checked: &mut Checked) {
        if let Some(flaw) = row.flaw {
            let fault = self.row_fault(flaw);
            checked.reject(row, vec![fault]);
            return;
        }
        let mut faults = Vec::new();
        let mut id = None;
        checked.open_row();
        for at in 0..self.used.len() {
            let (position, column) = self.used[at];
            match self.check_cell(row, position, column, checked) {
                Ok(Some(found)) if Some(&position) == self.schema.key.first() => id = Some(found),
                Ok(_) => {}
                Err(fault) if faults.len() < FAULTS_OF_ROW_MAX => faults.push(fault),
                Err(_) => {}
            }
        }
        if let Some(id) = id {
            consistency::of_person(self.schema, &id, checked, &mut |position, rule, detail| {
                let column = self.mapping.columns.iter().position(|mapped| *mapped == Some(position));
                faults.push(self.fault(row, position, column.unwrap_or(0), (rule, detail)));
            });
        }
        if faults.is_empty() && !self.schema.key.iter().any(|position| checked.open_value(*position).is_some()) {
            let position = self.schema.key.first().copied().unwrap_or(0);
            let column = self.mapping.columns.iter().position(|mapped| *mapped == Some(position)).unwrap_or(0);
            faults.push(self.fault(row, position, column, ("missing", String::new())));
        }
        if faults.is_empty() {
            checked.keep_row(row);
        } else {
            checked.drop_open_row();
            checked.reject(row, faults);
        }
    }

    /// One cell: its value in normal form goes into `checked`. A citizen ID is handed back for comparing.
    fn check_cell(
        &mut self,
        row: Row<'_>,
        position: usize,
        column: usize,
        checked: &mut Checked,
    ) -> Result<Option<CitizenId>, Fault> {
        let attribute = &self.schema.attributes[position];
        if let Some(flaw) = row.cell_flaw(column) {
            let cell = format!("{}{}", column_letters(column), row.number);
            let rule = match flaw {
                CellFlaw::Formula => "formula-cell",
                CellFlaw::Error => "error-cell",
                CellFlaw::LostDigits => "number-lost-digits",
            };
            return Err(self.fault(row, position, column, (rule, cell)));
        }
        let (text, mended) = mend::mend(row.cell(column), attribute.check, &mut self.scratch);
        if text.is_empty() {
            return match attribute.required {
                true => Err(self.fault(row, position, column, ("missing", String::new()))),
                false => {
                    checked.count_mended(mended);
                    Ok(None)
                }
            };
        }
        match value::check(attribute, text, self.setting, checked.open_text()) {
            Ok(passed) => {
                checked.end_value(position);
                checked.count_mended(mended || passed.mended);
                Ok(passed.citizen_id)
            }
            Err(wrong) => {
                checked.drop_open_text();
                Err(self.fault(row, position, column, wrong))
            }
        }
    }

    fn fault(&self, row: Row<'_>, position: usize, column: usize, (rule, detail): value::Wrong) -> Fault {
        let attribute = &self.schema.attributes[position];
        let text = row.cell(column);
        let shown = if attribute.sensitive { outcome::masked(text) } else { outcome::shortened(text) };
        let header = self.mapping.header.get(column).cloned().unwrap_or_default();
        Fault { column: header, rule, detail, shown }
    }

    fn row_fault(&self, flaw: RowFlaw) -> Fault {
        let (rule, detail) = match flaw {
            RowFlaw::Encoding { offset } => ("row-encoding", offset.to_string()),
            RowFlaw::Ragged { found, expected } => ("row-ragged", format!("{found}/{expected}")),
            RowFlaw::UnclosedQuote => ("quote-unclosed", String::new()),
            RowFlaw::CutInQuote => ("file-ends-in-quotes", String::new()),
            RowFlaw::TooLong => ("row-too-long", (crate::reader::RECORD_BYTES_MAX >> 20).to_string()),
            RowFlaw::CellTooLong { column } => ("cell-too-long", column_letters(column as usize)),
        };
        Fault { column: String::new(), rule, detail, shown: String::new() }
    }

    /// How many of a hundred cells of a column would pass as an attribute, and whether passing says anything.
    pub fn share(
        schema: &Schema,
        setting: Setting<'_>,
        position: usize,
        rows: &[Row<'_>],
        column: usize,
    ) -> (u32, bool) {
        let attribute = &schema.attributes[position];
        let telling = !matches!(
            attribute.check,
            Check::Text | Check::Digits | Check::Integer | Check::Decimal | Check::Boolean | Check::Year
        );
        let (mut passed, mut seen, mut scratch, mut out) = (0, 0, String::new(), String::new());
        for row in rows.iter().filter(|row| row.flaw.is_none()) {
            let (text, _) = mend::mend(row.cell(column), attribute.check, &mut scratch);
            if !text.is_empty() {
                seen += 1;
                passed += u32::from(value::check(attribute, text, setting, &mut out).is_ok());
                out.clear();
            }
        }
        ((passed * 100).checked_div(seen).unwrap_or(0), telling)
    }
}

#[cfg(test)]
pub(crate) mod tests;
