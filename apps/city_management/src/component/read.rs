//! Reading a survey file row by row, whatever its size: CSV in UTF-8 or GB18030, or GeoJSON points. It must not know what
//! a row means; `check` does.
use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use encoding_rs::{CoderResult, Decoder, GB18030};
use jh_core::csv_cell::unguarded;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// The most columns looked at.
pub const COLUMNS_MAX: usize = 60;
/// The longest cell, in characters; what is longer is cut and then refused by its rule.
const CELL_CHARS_MAX: usize = 300;

/// What comes out of a file, in order: the columns once, then rows.
#[derive(Debug)]
pub enum Item {
    /// The header.
    Columns(Vec<String>),
    /// A row: its number in the file, and a cell for each column.
    Row(i64, Vec<String>),
}

/// Why a file cannot be read; the end of a Fluent key.
pub type Wrong = &'static str;

/// Reads a file and gives each item to `give`, which says whether to go on. `read` counts the bytes looked at.
pub fn read(file: File, format: &str, read: Arc<AtomicU64>, give: impl FnMut(Item) -> bool) -> Result<(), Wrong> {
    if format == "geojson" { features(Counted { file, read }, give) } else { table(file, read, give) }
}

/// Counts what is read from a file.
struct Counted {
    file: File,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(into)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

fn table(mut file: File, read: Arc<AtomicU64>, mut give: impl FnMut(Item) -> bool) -> Result<(), Wrong> {
    let utf8 = is_utf8(&mut file).map_err(|_| "unreadable")?;
    file.rewind().map_err(|_| "unreadable")?;
    let counted = BufReader::new(Counted { file, read });
    let text: Box<dyn Read> = if utf8 { Box::new(counted) } else { Box::new(Decoded::new(counted)) };
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text);
    let mut record = csv::StringRecord::new();
    let mut columns = 0;
    let mut number = 0;
    while reader.read_record(&mut record).map_err(|_| "unreadable")? {
        number += 1;
        if columns == 0 {
            let header: Vec<String> =
                record.iter().take(COLUMNS_MAX).map(|cell| clean(cell.trim_start_matches('\u{feff}'))).collect();
            columns = header.len();
            if !give(Item::Columns(header)) {
                return Ok(());
            }
            continue;
        }
        let mut cells: Vec<String> = record.iter().take(columns).map(clean).collect();
        cells.resize(columns, String::new());
        // Spreadsheets leave empty lines at the end.
        if cells.iter().any(|cell| !cell.is_empty()) && !give(Item::Row(number, cells)) {
            return Ok(());
        }
    }
    if columns == 0 { Err("empty") } else { Ok(()) }
}

/// A cell without what no table can keep, and without the apostrophe that the report of what was not taken put before a sign.
fn clean(cell: &str) -> String {
    unguarded(cell.trim()).chars().filter(|c| !c.is_control()).take(CELL_CHARS_MAX).collect()
}

/// Whether all of a file is UTF-8; if not it is taken as GB18030, which mapping offices deliver.
fn is_utf8(file: &mut File) -> io::Result<bool> {
    let mut buffer = vec![0; 64 * 1024];
    let mut held = 0;
    loop {
        let count = file.read(&mut buffer[held..])?;
        let all = held + count;
        match std::str::from_utf8(&buffer[..all]) {
            Ok(_) => held = 0,
            // A character may go on in the next portion.
            Err(error) if error.error_len().is_none() && count > 0 => {
                let good = error.valid_up_to();
                buffer.copy_within(good..all, 0);
                held = all - good;
            }
            Err(_) => return Ok(false),
        }
        if count == 0 {
            return Ok(held == 0);
        }
    }
}

/// GB18030 read as UTF-8.
struct Decoded<R> {
    inner: R,
    decoder: Decoder,
    raw: Vec<u8>,
    raw_at: usize,
    raw_end: usize,
    ended: bool,
    text: Vec<u8>,
    text_at: usize,
    text_end: usize,
}

impl<R: Read> Decoded<R> {
    fn new(inner: R) -> Self {
        Self {
            inner,
            decoder: GB18030.new_decoder_without_bom_handling(),
            raw: vec![0; 16 * 1024],
            raw_at: 0,
            raw_end: 0,
            ended: false,
            text: vec![0; 32 * 1024],
            text_at: 0,
            text_end: 0,
        }
    }

    /// Decodes another portion; false when there is none.
    fn fill(&mut self) -> io::Result<bool> {
        loop {
            if self.raw_at == self.raw_end && !self.ended {
                self.raw_end = self.inner.read(&mut self.raw)?;
                self.raw_at = 0;
                self.ended = self.raw_end == 0;
            }
            let raw = &self.raw[self.raw_at..self.raw_end];
            let (result, taken, made, _) = self.decoder.decode_to_utf8(raw, &mut self.text, self.ended);
            self.raw_at += taken;
            (self.text_at, self.text_end) = (0, made);
            if made > 0 {
                return Ok(true);
            }
            if self.ended && result == CoderResult::InputEmpty {
                return Ok(false);
            }
        }
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.text_at == self.text_end && (into.is_empty() || !self.fill()?) {
            return Ok(0);
        }
        let count = into.len().min(self.text_end - self.text_at);
        into[..count].copy_from_slice(&self.text[self.text_at..self.text_at + count]);
        self.text_at += count;
        Ok(count)
    }
}

/// The columns that a GeoJSON point brings besides its properties.
const POSITION: [&str; 2] = ["lon", "lat"];

fn features(file: impl Read, give: impl FnMut(Item) -> bool) -> Result<(), Wrong> {
    let mut rows = Rows { give, columns: Vec::new(), number: 0, stopped: false };
    let mut source = serde_json::Deserializer::from_reader(BufReader::new(file));
    let result = Collection(&mut rows).deserialize(&mut source);
    match result {
        _ if rows.stopped => Ok(()),
        Err(_) => Err("unreadable"),
        Ok(()) if rows.columns.is_empty() => Err("empty"),
        Ok(()) => Ok(()),
    }
}

/// Turns features into rows, with the properties of the first as columns.
struct Rows<G> {
    give: G,
    columns: Vec<String>,
    number: i64,
    stopped: bool,
}

impl<G: FnMut(Item) -> bool> Rows<G> {
    fn feature(&mut self, feature: &Value) -> bool {
        self.number += 1;
        let none = serde_json::Map::new();
        let properties = feature["properties"].as_object().unwrap_or(&none);
        if self.columns.is_empty() {
            let own = properties.keys().filter(|name| !POSITION.contains(&name.as_str())).map(|name| clean(name));
            self.columns = POSITION.iter().map(|name| (*name).to_owned()).chain(own).take(COLUMNS_MAX).collect();
            if !(self.give)(Item::Columns(self.columns.clone())) {
                return false;
            }
        }
        let point = feature["geometry"]["type"] == "Point";
        let cell = |name: &String| {
            let at = POSITION.iter().position(|one| one == name);
            match at {
                Some(at) if point => plain(&feature["geometry"]["coordinates"][at]),
                Some(_) => String::new(),
                None => plain(properties.get(name).unwrap_or(&Value::Null)),
            }
        };
        let cells = self.columns.iter().map(cell).collect();
        (self.give)(Item::Row(self.number, cells))
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => clean(text),
        other => clean(&other.to_string()),
    }
}

/// A FeatureCollection of which one feature at a time is held.
struct Collection<'a, G>(&'a mut Rows<G>);

impl<'de, G: FnMut(Item) -> bool> DeserializeSeed<'de> for Collection<'_, G> {
    type Value = ();
    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de, G: FnMut(Item) -> bool> Visitor<'de> for Collection<'_, G> {
    type Value = ();
    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a FeatureCollection")
    }
    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "features" {
                map.next_value_seed(List(&mut *self.0))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

struct List<'a, G>(&'a mut Rows<G>);

impl<'de, G: FnMut(Item) -> bool> DeserializeSeed<'de> for List<'_, G> {
    type Value = ();
    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de, G: FnMut(Item) -> bool> Visitor<'de> for List<'_, G> {
    type Value = ();
    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("features")
    }
    fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<(), S::Error> {
        while let Some(feature) = seq.next_element::<Value>()? {
            if !self.0.feature(&feature) {
                self.0.stopped = true;
                return Err(serde::de::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn rows(bytes: &[u8], format: &str) -> Result<Vec<Vec<String>>, Wrong> {
        let mut path = std::env::temp_dir();
        path.push(format!("jianghai-survey-{}-{:?}", std::process::id(), std::thread::current().id()));
        File::create(&path).and_then(|mut file| file.write_all(bytes)).expect("written");
        let file = File::open(&path).expect("opened");
        std::fs::remove_file(&path).expect("removed");
        let mut found = Vec::new();
        let result = read(file, format, Arc::default(), |item| {
            found.push(match item {
                Item::Columns(columns) => columns,
                Item::Row(_, cells) => cells,
            });
            true
        });
        result.map(|()| found)
    }

    #[test]
    fn a_table_reads_the_same_in_both_encodings_and_of_any_length() {
        let mut text = String::from("名称,经度,纬度\n");
        (0..9_000).for_each(|n| text.push_str(&format!("路灯{n}号,120.86,32.01\n")));
        let utf8 = rows(format!("\u{feff}{text}").as_bytes(), "csv").expect("read");
        let gbk = rows(&encoding_rs::GB18030.encode(&text).0, "csv").expect("read");
        assert_eq!(utf8, gbk);
        assert_eq!((utf8.len(), utf8[0][0].as_str(), utf8[9_000][0].as_str()), (9_001, "名称", "路灯8999号"));
    }

    #[test]
    fn features_become_rows_with_the_columns_of_the_first() {
        let text = r#"{"type":"FeatureCollection","name":"x","features":[
            {"type":"Feature","properties":{"category":"0118","name":"灯"},"geometry":{"type":"Point","coordinates":[120.86,32.01]}},
            {"type":"Feature","properties":{"name":7},"geometry":null}]}"#;
        let found = rows(text.as_bytes(), "geojson").expect("read");
        assert_eq!(
            found,
            [vec!["lon", "lat", "category", "name"], vec!["120.86", "32.01", "0118", "灯"], vec!["", "", "", "7"]]
        );
        assert_eq!(rows(b"[]", "geojson"), Err("unreadable"));
        assert_eq!(rows(b"", "csv"), Err("empty"));
    }
}
