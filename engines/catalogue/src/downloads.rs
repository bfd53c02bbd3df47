//! Rows of open data as files: CSV, JSON and places. Streamed a page at a time, so that memory stays the same
//! whatever their number, and bounded.
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::stream::{self, Stream};
use jh_core::csv_cell::guarded;
use jh_db::Base;
use jh_web::{App, Failure, Page};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::actions::open::open_version;
use crate::api::Outlines;
use crate::fault::CatalogueError;
use crate::field::{Field, FieldType};
use crate::filter::{Condition, FilterRefusal, RowFilter, Test};
use crate::model::Version;
use crate::pages::open::DOWNLOAD_ROWS_MAX;
use crate::pages::table::{division_column, place_columns};
use crate::reading::{Ask, open_fields, rows};
use crate::rows::{ROWS_MAX, Row, RowCursor, RowPage};

/// The most places one map is given.
const PLACES_MAX: u32 = 2_000;
/// The most pages of rows read for one map: rows without a place must not make it read for ever.
const PLACE_CALLS_MAX: u32 = 10;

/// What stands behind the `?` of a download.
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub struct Wanted {
    /// Names of fields, with commas between; none is all.
    fields: String,
    /// `field:op:value`, as often as there are conditions.
    #[serde(rename = "where")]
    conditions: Vec<String>,
    /// A field's name, with `-` before it for largest first.
    sort: String,
    /// Where the previous page ended.
    after: Option<String>,
    /// The most rows.
    limit: Option<u32>,
    /// `names` for the fields' names in the CSV's first line instead of their labels.
    headers: String,
}

fn unreadable(what: &str) -> CatalogueError {
    CatalogueError::Filter(FilterRefusal::WrongTest(what.chars().take(80).collect()))
}

impl Wanted {
    fn read(query: Option<&str>) -> Result<Self, CatalogueError> {
        serde_html_form::from_str(query.unwrap_or("")).map_err(|_| unreadable("?"))
    }

    /// The wanted fields, of those that are open and no others: asking for another is an error, not a gap.
    fn open<'a>(&self, version: &'a Version) -> Result<Vec<&'a Field>, CatalogueError> {
        let open = open_fields(version);
        let names = self.fields.split(',').map(str::trim).filter(|name| !name.is_empty());
        let wanted: Vec<_> = names.map(|name| find(&open, name)).collect::<Result<_, _>>()?;
        Ok(if wanted.is_empty() { open } else { wanted })
    }

    /// The question for the row source. Conditions and order, too, may name open fields only: a filter on a hidden
    /// field would tell its value bit by bit.
    fn ask(&self, open: &[&Field], columns: &[&Field]) -> Result<Ask, CatalogueError> {
        let mut filter = Vec::new();
        for condition in &self.conditions {
            let condition = read_condition(condition)?;
            find(open, &condition.field)?;
            filter.push(condition);
        }
        let sort = match self.sort.as_str() {
            "" => None,
            text => {
                let name = text.strip_prefix('-').unwrap_or(text);
                find(open, name)?;
                Some((name.to_owned(), text.starts_with('-')))
            }
        };
        Ok(Ask {
            columns: columns.iter().map(|field| field.name.clone()).collect(),
            filter: RowFilter(filter),
            sort,
            after: self.after.clone().map(RowCursor),
            limit: ROWS_MAX,
            ..Ask::default()
        })
    }
}

fn find<'a>(open: &[&'a Field], name: &str) -> Result<&'a Field, CatalogueError> {
    let found = open.iter().find(|field| field.name == name).copied();
    found.ok_or_else(|| CatalogueError::Filter(FilterRefusal::UnknownField(name.chars().take(80).collect())))
}

/// Reads `division:prefix:3206`; the values of `in` have bars between them.
fn read_condition(text: &str) -> Result<Condition, CatalogueError> {
    let mut parts = text.splitn(3, ':');
    let (Some(field), Some(op), Some(value)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(unreadable(text));
    };
    let value = value.to_owned();
    let test = match op {
        "eq" => Test::Eq { value },
        "in" => Test::In { values: value.split('|').map(str::to_owned).collect() },
        "prefix" => Test::Prefix { value },
        "ge" => Test::Ge { value },
        "le" => Test::Le { value },
        _ => return Err(unreadable(text)),
    };
    Ok(Condition { field: field.to_owned(), test })
}

/// A download under way.
struct Download {
    base: Base,
    version: Version,
    columns: Vec<Field>,
    ask: Ask,
    left: u32,
    form: Form,
    begun: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Csv { labels: bool },
    Json,
}

/// `/data/{code}/rows.csv`.
pub async fn csv(state: State<App>, path: Path<String>, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let wanted = Wanted::read(query.as_deref())?;
    let form = Form::Csv { labels: wanted.headers != "names" };
    download(state, path, wanted, form).await
}

/// `/data/{code}/rows.json`.
pub async fn json(state: State<App>, path: Path<String>, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let wanted = Wanted::read(query.as_deref())?;
    download(state, path, wanted, Form::Json).await
}

async fn download(
    State(app): State<App>,
    Path(code): Path<String>,
    wanted: Wanted,
    form: Form,
) -> Result<Response, Failure> {
    let version = open_version(&app, &code).await?.version;
    let (kind, suffix) = match form {
        Form::Csv { .. } => ("text/csv; charset=utf-8", "csv"),
        Form::Json => ("application/json", "json"),
    };
    let columns = wanted.open(&version)?;
    let ask = wanted.ask(&open_fields(&version), &columns)?;
    let columns = columns.into_iter().cloned().collect();
    let left = wanted.limit.unwrap_or(DOWNLOAD_ROWS_MAX).clamp(1, DOWNLOAD_ROWS_MAX);
    let name = format!("attachment; filename=\"{}.{suffix}\"", version.code);
    let mut download = Download { base: (*app).clone(), version, columns, ask, left, form, begun: false };
    // The first page is fetched before the answer begins, so that what is wrong has a status of its own.
    let first = download.next().await?;
    let body = Body::from_stream(download.stream(first));
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, name),
        // Open data may be read by pages of any site.
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*".to_owned()),
    ];
    Ok((headers, body).into_response())
}

impl Download {
    /// The next page of rows; moves on in the source.
    async fn next(&mut self) -> Result<RowPage, CatalogueError> {
        self.ask.limit = self.left.min(ROWS_MAX);
        let page = rows(&self.base, &self.version, &self.ask).await?;
        self.left = self.left.saturating_sub(u32::try_from(page.rows.len()).unwrap_or(u32::MAX));
        self.ask.after.clone_from(&page.next);
        Ok(page)
    }

    fn stream(self, first: RowPage) -> impl Stream<Item = Result<Bytes, CatalogueError>> {
        stream::try_unfold((self, Some(first), false), |(mut download, ready, over)| async move {
            if over {
                return Ok(None);
            }
            let page = match ready {
                Some(page) => page,
                None => download.next().await?,
            };
            let over = page.next.is_none() || download.left == 0 || page.rows.is_empty();
            let chunk = download.chunk(&page, over);
            Ok(Some((Bytes::from(chunk), (download, None, over))))
        })
    }

    fn chunk(&mut self, page: &RowPage, last: bool) -> Vec<u8> {
        let begins = !std::mem::replace(&mut self.begun, true);
        match self.form {
            Form::Csv { labels } => csv_chunk(&self.columns, &page.rows, begins.then_some(labels)),
            Form::Json => self.json_chunk(page, begins, last),
        }
    }

    fn json_chunk(&self, page: &RowPage, begins: bool, last: bool) -> Vec<u8> {
        let mut out = Vec::with_capacity(page.rows.len() * 64 + 64);
        if begins {
            let code = Value::from(self.version.code.as_str());
            out.extend(format!("{{\"resource\":{code},\"version\":{},\"rows\":[", self.version.version).bytes());
        }
        for (at, row) in page.rows.iter().enumerate() {
            if at > 0 || !begins {
                out.push(b',');
            }
            out.push(b'\n');
            out.extend(Value::Object(json_row(&self.columns, row)).to_string().bytes());
        }
        if last {
            let next = json!(page.next);
            out.extend(format!("\n],\"next\":{next}}}\n").bytes());
        }
        out
    }
}

fn csv_chunk(columns: &[Field], rows: &[Row], header: Option<bool>) -> Vec<u8> {
    let mut out = Vec::with_capacity(rows.len() * 64);
    if header == Some(true) {
        // Spreadsheets take a CSV without this mark for the local encoding. A program asks for `headers=names`.
        out.extend(b"\xef\xbb\xbf");
    }
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut out);
    // Writing into a Vec cannot fail, and the number of cells is always that of the columns.
    if let Some(labels) = header {
        let _ = writer.write_record(
            columns.iter().map(|field| guarded(if labels { &field.label } else { &field.name }).into_owned()),
        );
    }
    for row in rows {
        let cells = columns.iter().zip(&row.cells).map(|(field, cell)| match (cell, field.field_type) {
            (Some(text), FieldType::Integer | FieldType::Decimal) if text.parse::<f64>().is_ok() => text.clone(),
            (Some(text), _) => guarded(text).into_owned(),
            (None, _) => String::new(),
        });
        let _ = writer.write_record(cells);
    }
    let _ = writer.flush();
    drop(writer);
    out
}

/// A row as a JSON object: numbers and truth values as such.
pub fn json_row(columns: &[Field], row: &Row) -> Map<String, Value> {
    columns
        .iter()
        .zip(&row.cells)
        .map(|(field, cell)| (field.name.clone(), json_cell(field, cell.as_deref())))
        .collect()
}

fn json_cell(field: &Field, cell: Option<&str>) -> Value {
    let Some(text) = cell else { return Value::Null };
    let read = match field.field_type {
        FieldType::Integer => text.parse::<i64>().ok().map(Value::from),
        FieldType::Decimal => text.parse::<f64>().ok().map(Value::from),
        FieldType::Boolean => text.parse::<bool>().ok().map(Value::from),
        FieldType::Point => serde_json::from_str(text).ok(),
        _ => None,
    };
    read.unwrap_or_else(|| Value::from(text))
}

/// `/data/{code}/places.geojson`: the rows that have a place, for the map. A row that is a division has its outline,
/// where one is known; any other is a point.
pub async fn places(State(app): State<App>, page: Page, Path(code): Path<String>) -> Result<Response, Failure> {
    let version = open_version(&app, &code).await?.version;
    let open = open_fields(&version);
    let (longitude, latitude, name) = place_columns(&open).ok_or(CatalogueError::NoRows)?;
    let division = division_column(&open);
    let known = app.services.all::<dyn Outlines>();
    let outline = |row: &Row| {
        let code = row.cells[division?].as_deref()?;
        known.iter().find_map(|source| source.outline(code))
    };
    let mut ask = Wanted::default().ask(&open, &open)?;
    let mut features = Vec::new();
    for _ in 0..PLACE_CALLS_MAX {
        let found = rows(&app, &version, &ask).await?;
        features.extend(found.rows.iter().filter_map(|row| {
            let number = |at: usize| row.cells[at].as_deref()?.parse::<f64>().ok();
            let place = [number(longitude)?, number(latitude)?];
            let name = name.and_then(|at| row.cells[at].clone()).unwrap_or_default();
            let geometry = outline(row).unwrap_or_else(|| json!({ "type": "Point", "coordinates": place }));
            Some(json!({ "type": "Feature", "geometry": geometry, "properties": { "name": name } }))
        }));
        ask.after = found.next;
        if ask.after.is_none() || features.len() >= PLACES_MAX as usize {
            break;
        }
    }
    features.truncate(PLACES_MAX as usize);
    let attribution = page.pick(&version.content.title, &version.content.title_en);
    let body = json!({ "type": "FeatureCollection", "attribution": attribution, "features": features });
    Ok(([(header::CONTENT_TYPE, "application/geo+json")], body.to_string()).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Classification;
    use crate::sample::field;

    #[test]
    fn formulas_are_made_harmless_and_negative_numbers_stay_numbers() {
        let columns = [
            field("a", "甲", FieldType::Text, Classification::Public),
            field("b", "乙", FieldType::Decimal, Classification::Public),
        ];
        let row = Row { cells: vec![Some("=cmd|' /C calc'!A0".into()), Some("-1.5".into())] };
        let text = String::from_utf8(csv_chunk(&columns, &[row], Some(false))).unwrap();
        assert_eq!(text, "a,b\r\n'=cmd|' /C calc'!A0,-1.5\r\n");
    }

    #[test]
    fn conditions_are_read_from_the_address() {
        let condition = read_condition("at:ge:2026-01-01T00:00:00Z").unwrap();
        assert_eq!(condition.test, Test::Ge { value: "2026-01-01T00:00:00Z".into() });
        assert!(read_condition("at").is_err() && read_condition("at:like:x").is_err());
    }

    #[test]
    fn a_hidden_field_cannot_be_asked_filtered_or_sorted_by() {
        let version = crate::sample::version();
        let open = open_fields(&version);
        assert_eq!(open.len(), 1);
        for query in ["fields=citizen_id", "where=citizen_id:prefix:3", "sort=-citizen_id"] {
            let wanted = Wanted::read(Some(query)).unwrap();
            let refused = wanted.open(&version).and_then(|columns| wanted.ask(&open, &columns));
            assert!(matches!(refused, Err(CatalogueError::Filter(FilterRefusal::UnknownField(_)))), "{query}");
        }
    }
}
