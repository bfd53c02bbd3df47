//! Rows of a resource as a page shows them: a preview that can be sorted, and a chart where the whole table is small.
use jh_web::Page;

use crate::field::{Field, FieldType};
use crate::pages::href;
use crate::rows::Row;

/// The rows of the preview.
pub const PREVIEW_ROWS: u32 = 20;
/// A chart is drawn only of a table that is shown whole: a chart of the first rows of many would mislead.
pub const CHART_ROWS_MAX: i64 = 40;
/// The most series of one chart.
const SERIES_MAX: usize = 3;

/// The head of one column.
pub struct Head {
    /// The field's label.
    pub label: String,
    /// Its unit, empty if none.
    pub unit: String,
    /// Whether its cells are figures and stand at the right.
    pub number: bool,
    /// The address that sorts by it.
    pub href: String,
    /// For `aria-sort`: `ascending`, `descending` or `none`.
    pub sorted: &'static str,
}

/// A table ready to show.
pub struct Shown {
    /// Its columns.
    pub heads: Vec<Head>,
    /// Its cells, row by row.
    pub rows: Vec<Vec<String>>,
}

fn is_number(field: &Field) -> bool {
    matches!(field.field_type, FieldType::Integer | FieldType::Decimal)
}

/// Puts rows under their columns. `sort` is the field and direction in force; `path` is the page's own address.
pub fn shown(page: &Page, path: &str, fields: &[&Field], rows: &[Row], sort: Option<(&str, bool)>) -> Shown {
    let heads = fields.iter().map(|field| {
        let (sorted, next) = match sort {
            Some((name, false)) if name == field.name => ("ascending", "desc"),
            Some((name, true)) if name == field.name => ("descending", "asc"),
            _ => ("none", "asc"),
        };
        Head {
            label: page.pick(&field.label, &field.label_en).to_owned(),
            unit: field.unit.clone(),
            number: is_number(field),
            href: format!("{}#preview", href(path, &[("sort", &field.name), ("dir", next)])),
            sorted,
        }
    });
    let heads = heads.collect();
    let rows = rows.iter().map(|row| row.cells.iter().zip(fields).map(|(cell, f)| cell_text(page, f, cell)).collect());
    Shown { heads, rows: rows.collect() }
}

/// A cell for people: thousands marks, yes and no, Beijing time.
fn cell_text(page: &Page, field: &Field, cell: &Option<String>) -> String {
    let Some(text) = cell else { return String::new() };
    match field.field_type {
        // A year is a whole number too, but nobody writes 2,026; only what has a unit or is long gets marks.
        FieldType::Integer if text.len() > 4 || !field.unit.is_empty() => {
            text.parse::<i64>().map_or_else(|_| text.clone(), |number| page.number(number))
        }
        FieldType::Boolean => page.t(if text == "true" { "web-yes" } else { "web-no" }),
        FieldType::Instant => {
            let read = time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339);
            read.map_or_else(|_| text.clone(), |instant| page.instant(instant))
        }
        _ => text.clone(),
    }
}

/// A small table drawn as a chart.
pub struct Chart {
    /// `bar` or `line`.
    pub kind: &'static str,
    /// Whether bars run across, because the names are long.
    pub horizontal: bool,
    /// The first column's label.
    pub name: String,
    /// The series' labels.
    pub series: Vec<String>,
    /// The values' unit.
    pub unit: String,
    /// A name and its values (exact, shown) in each row.
    pub rows: Vec<(String, Vec<(String, String)>)>,
}

/// The chart of a whole small table, where it has a column of names and figures that share a unit.
pub fn chart(page: &Page, fields: &[&Field], rows: &[Row]) -> Option<Chart> {
    let name_at = name_column(fields, rows)?;
    let plotted = |field: &Field| {
        let place = field.element.as_deref().is_some_and(|e| matches!(e, "longitude" | "latitude"));
        // What ends in a year, a code or a number is a label made of digits, not a quantity.
        let label = |name: &str| ["year", "code", "number", "id"].iter().any(|end| name.ends_with(end));
        is_number(field) && !place && !label(&field.name) && !field.element.as_deref().is_some_and(label)
    };
    // What has a unit is measured, and says more than what is only counted.
    let measured = fields.iter().find(|field| plotted(field) && !field.unit.is_empty());
    let first = measured.or_else(|| fields.iter().find(|field| plotted(field)))?;
    let columns: Vec<usize> = fields
        .iter()
        .enumerate()
        .filter(|(_, field)| plotted(field) && field.unit == first.unit)
        .map(|(at, _)| at)
        .take(SERIES_MAX)
        .collect();
    let label = |at: usize| page.pick(&fields[at].label, &fields[at].label_en).to_owned();
    let lines = rows.iter().map(|row| {
        let values = columns.iter().map(|at| {
            let exact = row.cells[*at].clone().unwrap_or_default();
            (exact, cell_text(page, fields[*at], &row.cells[*at]))
        });
        (row.cells[name_at].clone().unwrap_or_default(), values.collect())
    });
    let lines: Vec<_> = lines.collect();
    let in_time = fields[name_at].field_type == FieldType::Date || fields[name_at].element.as_deref() == Some("period");
    Some(Chart {
        kind: if in_time { "line" } else { "bar" },
        horizontal: !in_time && (lines.len() > 8 || lines.iter().any(|(name, _)| name.chars().count() > 6)),
        name: label(name_at),
        series: columns.iter().map(|at| label(*at)).collect(),
        unit: first.unit.clone(),
        rows: lines,
    })
}

/// The first column whose cells name the rows: texts or days, each different.
fn name_column(fields: &[&Field], rows: &[Row]) -> Option<usize> {
    let names = |field: &Field| matches!(field.field_type, FieldType::Text | FieldType::Date);
    let distinct = |at: usize| {
        let cells: std::collections::HashSet<_> = rows.iter().map(|row| &row.cells[at]).collect();
        rows.len() > 1 && cells.len() == rows.len() && !cells.contains(&None)
    };
    let is_code = |field: &Field| field.name.ends_with("code") || field.name.ends_with("_id");
    let mut candidates = (0..fields.len()).filter(|at| names(fields[*at]) && distinct(*at));
    let named = candidates.clone().find(|at| !is_code(fields[*at]));
    named.or_else(|| candidates.next())
}

/// The column with the division that a row is. A row with a division's code but a name of its own only lies there.
pub fn division_column(fields: &[&Field]) -> Option<usize> {
    let with = |element: &str| fields.iter().position(|field| field.element.as_deref() == Some(element));
    with("division_name").and(with("division_code"))
}

/// The columns that hold a row's place: longitude, latitude, and what to call it.
pub fn place_columns(fields: &[&Field]) -> Option<(usize, usize, Option<usize>)> {
    let with = |element: &str| fields.iter().position(|field| field.element.as_deref() == Some(element));
    let name = fields.iter().position(|field| field.field_type == FieldType::Text && field.name.contains("name"));
    Some((with("longitude")?, with("latitude")?, name))
}
