//! Which column of a file is which attribute.
//!
//! Known headers are matched exactly, after folding away what people add (width, case, spaces, stars, brackets); a
//! provider's own choice comes before them and is kept as its profile. Nothing is guessed silently: what is not
//! known is a suggestion that a person confirms.
use crate::check::{Checker, Setting};
use crate::reader::{COLUMNS_MAX, Chunk, Row};
use crate::schema::{Check, Schema};

/// A header as it is compared: half width, small letters, without spaces, stars, colons and what stands in brackets
/// at the end (`身份证号（必填）`).
pub fn folded(header: &str) -> String {
    let mut text: String = header.chars().map(half_width).collect::<String>().to_lowercase();
    while let Some(open) = text.rfind('(')
        && text.trim_end().ends_with(')')
        && open > 0
    {
        text.truncate(open);
    }
    text.retain(|c| {
        !c.is_whitespace() && !c.is_control() && !matches!(c, '*' | ':' | '_' | '\u{feff}' | '\u{200b}' | '"' | '\'')
    });
    text
}

/// The half-width form of a full-width ASCII character; anything else is itself.
pub fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' => ' ',
        _ => c,
    }
}

/// A provider's choice for one header: the attribute's name, or none to leave the column out.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Choice {
    /// The header as it stands in the file.
    pub column: String,
    /// The attribute, or none.
    pub attribute: Option<String>,
}

/// What is known of the columns of one file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Mapping {
    /// The header as it stands in the file.
    pub header: Vec<String>,
    /// For every column the attribute's position, or none for a column that is left out.
    pub columns: Vec<Option<usize>>,
    /// The row of the header, as a spreadsheet numbers it.
    pub header_row: u64,
}

/// A file whose columns cannot be used as they are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MappingFault {
    /// Two columns say the same.
    Duplicate {
        /// What they say.
        header: String,
        /// Their letters, `B` and `E`.
        columns: String,
    },
    /// Attributes that every row must have and no column could be.
    Missing {
        /// Their labels.
        labels: String,
    },
    /// More columns than the limit.
    TooWide,
    /// The first row names nothing and tells of somebody: the file has no header. What it says is repeated nowhere.
    NoHeader,
    /// Attributes are missing, but columns are left that may be them: a person must say.
    Unclear {
        /// The header and what it holds.
        mapping: Mapping,
        /// For every column not recognised the attribute that its cells fit best, if any.
        suggestions: Vec<(usize, Option<usize>)>,
    },
}

impl Mapping {
    /// The columns that are used, in the order of their attributes.
    pub fn used(&self) -> Vec<(usize, usize)> {
        let mut used: Vec<(usize, usize)> =
            self.columns.iter().enumerate().filter_map(|(column, attribute)| Some(((*attribute)?, column))).collect();
        used.sort_unstable();
        used
    }

    /// Finds the header in the first rows of a file and recognises its columns.
    pub fn find(
        schema: &Schema,
        choices: &[Choice],
        sample: &Chunk,
        checker: Setting<'_>,
    ) -> Result<Self, MappingFault> {
        // Many files have a title above the header: the header is the row that names most.
        let header = sample
            .rows()
            .take(10)
            .filter(|row| row.flaw.is_none())
            .max_by_key(|row| (recognised(schema, choices, *row), std::cmp::Reverse(row.number)));
        let Some(header) = header else { return Err(MappingFault::Missing { labels: required(schema) }) };
        if header.width() >= COLUMNS_MAX {
            return Err(MappingFault::TooWide);
        }
        if tells_of_somebody(schema, checker, header) {
            return Err(MappingFault::NoHeader);
        }
        let mut mapping = Self {
            header: header.cells().map(|cell| cell.trim().to_owned()).collect(),
            columns: header.cells().map(|cell| recognise(schema, choices, cell)).collect(),
            header_row: header.number,
        };
        while mapping.header.last().is_some_and(String::is_empty) {
            mapping.header.pop();
            mapping.columns.pop();
        }
        mapping.check_duplicates(schema)?;
        let missing = mapping.missing(schema);
        if missing.is_empty() {
            return Ok(mapping);
        }
        let rows: Vec<Row<'_>> = sample.rows().filter(|row| row.number > mapping.header_row).collect();
        let suggestions = suggest(schema, &mapping, &rows, checker);
        if suggestions.is_empty() {
            return Err(MappingFault::Missing { labels: missing.join("、") });
        }
        Err(MappingFault::Unclear { mapping, suggestions })
    }

    /// Two columns for one attribute: whichever we took, half of what the file says would be lost in silence.
    fn check_duplicates(&self, schema: &Schema) -> Result<(), MappingFault> {
        for (at, attribute) in self.columns.iter().enumerate() {
            let Some(attribute) = attribute else { continue };
            let Some(earlier) = self.columns[..at].iter().position(|other| *other == Some(*attribute)) else {
                continue;
            };
            let [first, second] =
                [earlier, at].map(|column| format!("{} {}", column_letters(column), self.header[column]));
            return Err(MappingFault::Duplicate {
                header: schema.attributes[*attribute].label.clone(),
                columns: format!("{first}、{second}"),
            });
        }
        Ok(())
    }

    /// The labels of what every row must have and no column is.
    fn missing(&self, schema: &Schema) -> Vec<String> {
        let has = |position: usize| self.columns.contains(&Some(position));
        let mut missing: Vec<String> = (0..schema.attributes.len())
            .filter(|position| schema.attributes[*position].required && !has(*position))
            .map(|position| schema.attributes[position].label.clone())
            .collect();
        let keyed = schema.key.iter().any(|position| has(*position));
        if missing.is_empty() && !keyed {
            missing.extend(schema.key.first().map(|position| schema.attributes[*position].label.clone()));
        }
        missing
    }
}

fn required(schema: &Schema) -> String {
    let labels: Vec<_> = schema
        .attributes
        .iter()
        .filter(|attribute| attribute.required)
        .map(|attribute| attribute.label.as_str())
        .collect();
    labels.join("、")
}

fn recognised(schema: &Schema, choices: &[Choice], row: Row<'_>) -> usize {
    row.cells().filter(|cell| recognise(schema, choices, cell).is_some()).count()
}

/// Whether a cell is somebody's number. No column is named so; a row that has one is data, whatever else it looks like.
fn tells_of_somebody(schema: &Schema, setting: Setting<'_>, row: Row<'_>) -> bool {
    let numbers = schema
        .attributes
        .iter()
        .enumerate()
        .filter(|(_, attribute)| matches!(attribute.check, Check::CitizenId | Check::Uscc | Check::Phone));
    let passes = |position: usize| {
        (0..row.width()).any(|column| Checker::share(schema, setting, position, &[row], column).0 > 0)
    };
    numbers.into_iter().any(|(position, _)| passes(position))
}

/// The attribute that a header means. Earlier headers of an attribute weigh more: a field's own label comes before the
/// synonyms of its element.
fn recognise(schema: &Schema, choices: &[Choice], header: &str) -> Option<usize> {
    let header = folded(header);
    if header.is_empty() {
        return None;
    }
    if let Some(choice) = choices.iter().find(|choice| folded(&choice.column) == header) {
        return schema.position(choice.attribute.as_deref()?);
    }
    let ranks = schema.attributes.iter().enumerate().filter_map(|(position, attribute)| {
        Some((attribute.headers.iter().position(|known| *known == header)?, position))
    });
    ranks.min().map(|(_, position)| position)
}

/// What the columns that were not recognised may be, judged by what their cells pass.
fn suggest(schema: &Schema, mapping: &Mapping, rows: &[Row<'_>], setting: Setting<'_>) -> Vec<(usize, Option<usize>)> {
    let mut suggestions = Vec::new();
    for column in 0..mapping.columns.len() {
        if mapping.columns[column].is_some() || mapping.header[column].is_empty() {
            continue;
        }
        let folded_header = folded(&mapping.header[column]);
        let best = (0..schema.attributes.len())
            .filter(|position| !mapping.columns.contains(&Some(*position)))
            .map(|position| {
                let alike = schema.attributes[position].headers.iter().any(|known| {
                    !known.is_empty() && (folded_header.contains(known.as_str()) || known.contains(&folded_header))
                });
                let (passed, telling) = Checker::share(schema, setting, position, rows, column);
                let wanted = schema.attributes[position].required;
                let score = u32::from(alike) * 60 + u32::from(wanted) * 20 + if telling { passed } else { 0 };
                (score, std::cmp::Reverse(position))
            })
            .max();
        let best = best.filter(|(score, _)| *score >= 60).map(|(_, std::cmp::Reverse(position))| position);
        suggestions.push((column, best));
    }
    suggestions
}

/// The letters of a column, from 0: `A`, `Z`, `AA`.
pub fn column_letters(mut column: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(b'A' + u8::try_from(column % 26).unwrap_or(0));
        if column < 26 {
            break;
        }
        column = column / 26 - 1;
    }
    letters.iter().rev().map(|letter| char::from(*letter)).collect()
}
