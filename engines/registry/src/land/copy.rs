//! Rows in the binary format of PostgreSQL's COPY, in one buffer.
//!
//! Written ahead of the transaction on another thread, so that inside it nothing is left but sending.
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use jh_db::DbError;

const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const END: &[u8] = &[0xff, 0xff];
/// One message of the protocol; larger ones would only be copied once more.
const MESSAGE_BYTES: usize = 256 << 10;
/// Days from year 0 (Julian) to 2000-01-01, PostgreSQL's day 0.
const EPOCH_JULIAN_DAY: i32 = 2_451_545;
const EPOCH_UNIX_MICROS: i128 = 946_684_800_000_000;
const TEXT_OID: u32 = 25;
const INT2_OID: u32 = 21;
const INT4_OID: u32 = 23;
/// PostGIS: little endian, point, with an SRID.
const POINT_HEAD: [u8; 5] = [1, 1, 0, 0, 0x20];
/// CGCS2000, the geodetic system that Chinese law prescribes.
const CGCS2000_SRID: u32 = 4490;

/// Rows of one table.
#[derive(Debug, Default)]
pub struct Rows {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Rows {
    /// Room for so many rows of about so many bytes.
    pub fn with_capacity(rows: usize, row_bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(rows * row_bytes), ends: Vec::with_capacity(rows) }
    }
    /// How many rows.
    pub fn len(&self) -> usize {
        self.ends.len()
    }
    /// Starts a row of so many fields.
    pub fn start(&mut self, fields: i16) {
        self.bytes.extend_from_slice(&fields.to_be_bytes());
    }
    /// Ends it.
    pub fn end(&mut self) {
        self.ends.push(self.bytes.len());
    }
    fn field(&mut self, bytes: &[u8]) {
        self.length(bytes.len());
        self.bytes.extend_from_slice(bytes);
    }
    fn length(&mut self, length: usize) {
        // A field is at most a row of the file, far below 2 GiB.
        self.bytes.extend_from_slice(&i32::try_from(length).unwrap_or(i32::MAX).to_be_bytes());
    }
    /// No value.
    pub fn null(&mut self) {
        self.bytes.extend_from_slice(&(-1_i32).to_be_bytes());
    }
    /// `uuid`.
    pub fn uuid(&mut self, value: Uuid) {
        self.field(value.as_bytes());
    }
    /// `smallint`.
    pub fn int2(&mut self, value: i16) {
        self.field(&value.to_be_bytes());
    }
    /// `integer`.
    pub fn int4(&mut self, value: i32) {
        self.field(&value.to_be_bytes());
    }
    /// `bigint`.
    pub fn int8(&mut self, value: i64) {
        self.field(&value.to_be_bytes());
    }
    /// `text`.
    pub fn text(&mut self, value: &str) {
        self.field(value.as_bytes());
    }
    /// `bytea`.
    pub fn bytes(&mut self, value: &[u8]) {
        self.field(value);
    }
    /// `date`.
    pub fn date(&mut self, value: Date) {
        self.int4(value.to_julian_day() - EPOCH_JULIAN_DAY);
    }
    /// `timestamptz`.
    pub fn instant(&mut self, value: OffsetDateTime) {
        let micros = value.unix_timestamp_nanos() / 1_000 - EPOCH_UNIX_MICROS;
        self.int8(i64::try_from(micros).unwrap_or(0));
    }
    /// A value or none.
    pub fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        match value {
            Some(value) => write(self, value),
            None => self.null(),
        }
    }
    /// `text[]`.
    pub fn texts(&mut self, values: &[Option<&str>]) {
        let any_null = values.iter().any(Option::is_none);
        self.array(TEXT_OID, values.len(), any_null, |rows| {
            for value in values {
                rows.option(*value, Self::text);
            }
        });
    }
    /// `smallint[]`.
    pub fn int2s(&mut self, values: &[i16]) {
        self.array(INT2_OID, values.len(), false, |rows| values.iter().for_each(|value| rows.int2(*value)));
    }
    /// `integer[]`.
    pub fn int4s(&mut self, values: &[i32]) {
        self.array(INT4_OID, values.len(), false, |rows| values.iter().for_each(|value| rows.int4(*value)));
    }
    fn array(&mut self, element_oid: u32, count: usize, any_null: bool, write: impl FnOnce(&mut Self)) {
        let at = self.bytes.len();
        self.length(0);
        let dimensions = u32::from(count > 0);
        for word in [dimensions, u32::from(any_null), element_oid] {
            self.bytes.extend_from_slice(&word.to_be_bytes());
        }
        if count > 0 {
            self.length(count);
            self.length(1);
            write(self);
        }
        let length = i32::try_from(self.bytes.len() - at - 4).unwrap_or(i32::MAX);
        self.bytes[at..at + 4].copy_from_slice(&length.to_be_bytes());
    }
    /// `geometry(Point, 4490)`.
    pub fn point(&mut self, (longitude, latitude): (f64, f64)) {
        self.length(25);
        self.bytes.extend_from_slice(&POINT_HEAD);
        self.bytes.extend_from_slice(&CGCS2000_SRID.to_le_bytes());
        self.bytes.extend_from_slice(&longitude.to_le_bytes());
        self.bytes.extend_from_slice(&latitude.to_le_bytes());
    }

    fn row(&self, at: usize) -> &[u8] {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.bytes[start..self.ends[at]]
    }

    /// Copies all rows into a table: `COPY schema.table (columns) FROM STDIN (FORMAT binary)`.
    pub async fn copy_all(&self, connection: &mut PgConnection, statement: &'static str) -> Result<(), DbError> {
        if self.ends.is_empty() {
            return Ok(());
        }
        let mut copy = connection.copy_in_raw(statement).await?;
        copy.send(SIGNATURE).await?;
        for message in self.bytes.chunks(MESSAGE_BYTES) {
            copy.send(message).await?;
        }
        copy.send(END).await?;
        copy.finish().await?;
        Ok(())
    }

    /// Copies the chosen rows, each once, in the order of this buffer.
    pub async fn copy_some(
        &self,
        connection: &mut PgConnection,
        statement: &'static str,
        chosen: &[usize],
    ) -> Result<(), DbError> {
        if chosen.len() == self.len() {
            return self.copy_all(connection, statement).await;
        }
        let mut picked = Self::default();
        for at in chosen {
            picked.bytes.extend_from_slice(self.row(*at));
            picked.end();
        }
        picked.copy_all(connection, statement).await
    }
}
