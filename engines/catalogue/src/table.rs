//! Reading the CSV files that standards and resources are imported from: by header, bounded, with the line in every error.
use std::collections::HashMap;

use csv::StringRecord;
use time::Date;
use time::format_description::well_known::Iso8601;

use crate::fault::CatalogueError;

/// The most rows of one imported file: far above any real standard.
const LINES_MAX: usize = 200_000;

/// A CSV file in memory, its cells found by header.
pub struct Table {
    file: &'static str,
    columns: HashMap<String, usize>,
    lines: Vec<(u64, StringRecord)>,
}

/// One row of a [`Table`].
#[derive(Clone, Copy)]
pub struct Line<'a> {
    table: &'a Table,
    number: u64,
    record: &'a StringRecord,
}

impl Table {
    /// Reads UTF-8 with or without a byte order mark. `file` names it in errors; `headers` must all be there.
    pub fn read(file: &'static str, bytes: &[u8], headers: &[&str]) -> Result<Self, CatalogueError> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
        let wrong = |line: u64, what: String| CatalogueError::Import { file, line, what };
        let header = reader.headers().map_err(|error| wrong(1, error.to_string()))?;
        let columns: HashMap<_, _> = header.iter().enumerate().map(|(at, name)| (name.to_owned(), at)).collect();
        if let Some(missing) = headers.iter().find(|name| !columns.contains_key(**name)) {
            return Err(wrong(1, format!("the column {missing} is missing")));
        }
        let mut lines = Vec::new();
        for record in reader.records() {
            let record =
                record.map_err(|error| wrong(error.position().map_or(0, csv::Position::line), error.to_string()))?;
            lines.push((record.position().map_or(0, csv::Position::line), record));
            if lines.len() > LINES_MAX {
                return Err(wrong(0, format!("more than {LINES_MAX} rows")));
            }
        }
        Ok(Self { file, columns, lines })
    }

    /// Its rows in order.
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.lines.iter().map(|(number, record)| Line { table: self, number: *number, record })
    }
}

impl<'a> Line<'a> {
    /// The cell under a header; empty when the file has no such column.
    pub fn text(&self, column: &str) -> &'a str {
        self.table.columns.get(column).and_then(|at| self.record.get(*at)).unwrap_or("")
    }

    /// A cell that must not be empty.
    pub fn needed(&self, column: &str) -> Result<&'a str, CatalogueError> {
        let text = self.text(column);
        if text.is_empty() { Err(self.wrong(format!("{column} is empty"))) } else { Ok(text) }
    }

    /// A cell that holds one of a set of words.
    pub fn word<T>(&self, column: &str, read: fn(&str) -> Option<T>) -> Result<T, CatalogueError> {
        let text = self.needed(column)?;
        read(text).ok_or_else(|| self.wrong(format!("{column} does not know the word {text}")))
    }

    /// A day, or the one given when the cell is empty.
    pub fn day(&self, column: &str, otherwise: Date) -> Result<Date, CatalogueError> {
        match self.text(column) {
            "" => Ok(otherwise),
            text => Date::parse(text, &Iso8601::DATE).map_err(|_| self.wrong(format!("{column} is no day: {text}"))),
        }
    }

    /// A whole number, or the one given when the cell is empty.
    pub fn number(&self, column: &str, otherwise: i32) -> Result<i32, CatalogueError> {
        match self.text(column) {
            "" => Ok(otherwise),
            text => text.parse().map_err(|_| self.wrong(format!("{column} is no whole number: {text}"))),
        }
    }

    /// Yes or no; an empty cell is no.
    pub fn flag(&self, column: &str) -> Result<bool, CatalogueError> {
        match self.text(column) {
            "" | "0" | "false" | "no" | "否" => Ok(false),
            "1" | "true" | "yes" | "是" => Ok(true),
            text => Err(self.wrong(format!("{column} is neither yes nor no: {text}"))),
        }
    }

    /// A list in one cell, separated by `|`, `;` or the Chinese marks for them.
    pub fn list(&self, column: &str) -> Vec<String> {
        let parts = self.text(column).split(['|', ';', '；', '、']).map(str::trim).filter(|part| !part.is_empty());
        parts.map(str::to_owned).collect()
    }

    /// An error that names this line.
    pub fn wrong(&self, what: String) -> CatalogueError {
        CatalogueError::Import { file: self.table.file, line: self.number, what }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_column_and_a_bad_cell_are_named() {
        let error = Table::read("elements.csv", b"\xef\xbb\xbfname\n", &["identifier"]).map(|_| ()).unwrap_err();
        assert!(error.to_string().contains("identifier"), "{error}");
        let table = Table::read("x.csv", "name,open\n甲,maybe\n".as_bytes(), &["name"]).unwrap();
        let error = table.lines().next().unwrap().flag("open").unwrap_err();
        assert!(error.to_string().starts_with("line 2 of x.csv"), "{error}");
    }

    #[test]
    fn a_ragged_row_is_refused_with_its_line() {
        let error = Table::read("x.csv", b"a,b\n1,2\n3\n", &["a"]).map(|_| ()).unwrap_err();
        assert!(error.to_string().starts_with("line 3"), "{error}");
    }
}
