//! The delivery table: what was acknowledged, where it stands, and where its next chunk begins.
use catalogue::api::{ResourceId, RowKind};
use jh_core::actor::{AccountId, OrganisationId};
use jh_db::DbError;
use jh_db::files::FileRef;
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;

use crate::mapping::Mapping;
use crate::model::{Counts, DeliveryId, State, Target};
use crate::reader::{Encoding, Format, Position};
use crate::schema::Schema;

/// A delivery as it is stored, without what only progress needs.
#[derive(Clone, Debug, FromRow)]
pub struct Delivery {
    /// Its id.
    pub delivery_id: DeliveryId,
    /// Its number.
    pub delivery_no: i32,
    /// Who delivered.
    pub provider_id: OrganisationId,
    /// That organisation's number.
    pub provider_no: i16,
    /// What its rows are.
    pub kind: RowKind,
    /// Of which resource.
    pub resource_id: Option<ResourceId>,
    /// The file.
    pub file_name: String,
    /// Its digest.
    pub file_sm3: Vec<u8>,
    /// Where it stands.
    pub state: State,
    /// When it was received.
    pub received_at: OffsetDateTime,
    /// Where the next chunk begins.
    pub next_offset: i64,
    /// Its row.
    pub next_row: i64,
    /// Its line.
    pub next_line: i64,
    /// The encoding so far.
    pub encoding: String,
    /// `csv` or `xlsx`.
    pub format: Option<String>,
    /// Of CSV.
    pub delimiter: Option<String>,
    /// Of XLSX.
    pub serial_dates: bool,
    /// The header's row.
    pub header_row: Option<i64>,
    /// The header.
    pub columns: Option<Vec<String>>,
    /// The attribute of each column.
    pub attributes: Option<Vec<Option<String>>>,
    /// Rejected so far.
    pub rows_rejected: i64,
    /// Whether it is to be cancelled.
    pub cancel_asked_at: Option<OffsetDateTime>,
}

impl Delivery {
    /// Where its rows go.
    pub fn target(&self) -> Target {
        Target { kind: self.kind, resource_id: self.resource_id, provider_id: self.provider_id }
    }

    /// The name of its file in the store.
    pub fn file(&self) -> [u8; 32] {
        // The column's check holds the length.
        self.file_sm3.as_slice().try_into().unwrap_or([0; 32])
    }

    /// Where to go on.
    pub fn next(&self) -> Position {
        let number = |value: i64| u64::try_from(value).unwrap_or(0);
        Position {
            offset: number(self.next_offset),
            row: number(self.next_row),
            line: number(self.next_line),
            encoding: Encoding::from_word(&self.encoding),
        }
    }

    /// The file's sort and columns, once they are known.
    pub fn layout(&self, schema: &Schema) -> Option<(Format, Mapping)> {
        let format = match self.format.as_deref()? {
            "xlsx" => Format::Xlsx { serial_dates: self.serial_dates },
            _ => Format::Csv { delimiter: *self.delimiter.as_deref()?.as_bytes().first()? },
        };
        let attributes = self.attributes.as_ref()?;
        let mapping = Mapping {
            header: self.columns.clone()?,
            columns: attributes.iter().map(|name| schema.position(name.as_deref()?)).collect(),
            header_row: u64::try_from(self.header_row?).ok()?,
        };
        Some((format, mapping))
    }
}

/// A delivery to be acknowledged.
#[derive(Debug)]
pub struct NewDelivery<'a> {
    /// Its id.
    pub delivery_id: DeliveryId,
    /// Where its rows go.
    pub target: Target,
    /// The provider's number.
    pub provider_no: i16,
    /// The file's name.
    pub file_name: &'a str,
    /// The stored file.
    pub file: FileRef,
    /// Who submits.
    pub submitted_by: Option<AccountId>,
    /// By name.
    pub submitted_by_name: &'a str,
    /// When.
    pub received_at: OffsetDateTime,
    /// Whose rejected rows it brings corrected.
    pub corrects: Option<DeliveryId>,
}

/// Writes a new delivery.
pub async fn insert(connection: &mut PgConnection, new: &NewDelivery<'_>) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO registry.delivery (delivery_id, provider_id, provider_no, kind, resource_id, file_name, file_sm3,
             file_bytes, state, submitted_by, submitted_by_name, received_at, changed_at, corrects)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'received', $9, $10, $11, $11, $12)",
    )
    .bind(new.delivery_id)
    .bind(new.target.provider_id)
    .bind(new.provider_no)
    .bind(new.target.kind.word())
    .bind(new.target.resource_id)
    .bind(new.file_name)
    .bind(new.file.sm3.as_slice())
    .bind(i64::try_from(new.file.size).unwrap_or(i64::MAX))
    .bind(new.submitted_by)
    .bind(new.submitted_by_name)
    .bind(new.received_at)
    .bind(new.corrects)
    .execute(connection)
    .await?;
    Ok(())
}

/// One delivery.
pub async fn find(connection: &mut PgConnection, delivery: DeliveryId) -> Result<Option<Delivery>, DbError> {
    Ok(sqlx::query_as(
        "SELECT delivery_id, delivery_no, provider_id, provider_no, kind, resource_id, file_name, file_sm3, state,
                received_at, next_offset, next_row, next_line, encoding, format, delimiter, serial_dates, header_row,
                columns, attributes, rows_rejected, cancel_asked_at
         FROM registry.delivery WHERE delivery_id = $1",
    )
    .bind(delivery)
    .fetch_optional(connection)
    .await?)
}

/// Moves a delivery from one of some states to another; false when it stands elsewhere.
pub async fn set_state(
    connection: &mut PgConnection,
    delivery: DeliveryId,
    from: &[State],
    to: State,
    now: OffsetDateTime,
) -> Result<bool, DbError> {
    let from: Vec<&str> = from.iter().map(|state| state.word()).collect();
    let moved = sqlx::query(
        "UPDATE registry.delivery SET state = $3, changed_at = $4, paused = NULL,
             started_at = CASE WHEN $3 = 'checking' THEN COALESCE(started_at, $4) ELSE started_at END,
             ended_at = CASE WHEN $3 IN ('done', 'cancelled', 'failed') THEN $4 ELSE ended_at END
         WHERE delivery_id = $1 AND state = ANY($2)",
    )
    .bind(delivery)
    .bind(from)
    .bind(to.word())
    .bind(now)
    .execute(connection)
    .await?;
    Ok(moved.rows_affected() > 0)
}

/// Ends a delivery whose file cannot be used, with the reason.
pub async fn fail(
    connection: &mut PgConnection,
    delivery: DeliveryId,
    (code, detail): (&str, &str),
    now: OffsetDateTime,
) -> Result<bool, DbError> {
    let failed = sqlx::query(
        "UPDATE registry.delivery SET state = 'failed', failure = $2, failure_detail = $3, ended_at = $4, changed_at = $4,
             paused = NULL
         WHERE delivery_id = $1 AND state IN ('received', 'checking', 'landing')",
    )
    .bind(delivery)
    .bind(code)
    .bind(detail.replace('\0', "\u{fffd}"))
    .bind(now)
    .execute(connection)
    .await?;
    Ok(failed.rows_affected() > 0)
}

/// What the first look at a file showed.
#[derive(Debug)]
pub struct Layout<'a> {
    /// The file's sort.
    pub format: Format,
    /// The sheet that is read.
    pub sheet: Option<&'a str>,
    /// The number of rows, where the file says.
    pub rows_declared: Option<u64>,
    /// Its columns.
    pub mapping: &'a Mapping,
    /// The attribute of each column.
    pub attributes: Vec<Option<&'a str>>,
    /// Of what was delivered to where with which columns; none while the columns are not clear.
    pub fingerprint: Option<[u8; 32]>,
    /// Where the rows behind the header begin.
    pub next: Position,
}

/// Keeps it.
pub async fn set_layout(
    connection: &mut PgConnection,
    delivery: DeliveryId,
    layout: &Layout<'_>,
) -> Result<(), DbError> {
    let (format, delimiter, serial_dates) = match layout.format {
        Format::Csv { delimiter } => ("csv", Some(char::from(delimiter).to_string()), false),
        Format::Xlsx { serial_dates } => ("xlsx", None, serial_dates),
    };
    let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    sqlx::query(
        "UPDATE registry.delivery SET format = $2, delimiter = $3, sheet = $4, serial_dates = $5, header_row = $6,
             rows_declared = $7, columns = $8, attributes = $9, fingerprint = $10, next_offset = $11, next_row = $12,
             next_line = $13, encoding = $14
         WHERE delivery_id = $1",
    )
    .bind(delivery)
    .bind(format)
    .bind(delimiter)
    .bind(layout.sheet)
    .bind(serial_dates)
    .bind(number(layout.mapping.header_row))
    .bind(layout.rows_declared.map(number))
    .bind(&layout.mapping.header)
    .bind(&layout.attributes)
    .bind(layout.fingerprint.map(|fingerprint| fingerprint.to_vec()))
    .bind(number(layout.next.offset))
    .bind(number(layout.next.row))
    .bind(number(layout.next.line))
    .bind(layout.next.encoding.word())
    .execute(connection)
    .await?;
    Ok(())
}

/// The first delivery that brought the same file to the same place with the same columns and came to its end.
pub async fn same_before(
    connection: &mut PgConnection,
    delivery: DeliveryId,
    fingerprint: &[u8; 32],
) -> Result<Option<DeliveryId>, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT delivery_id FROM registry.delivery
         WHERE fingerprint = $1 AND state = 'done' AND same_as IS NULL AND delivery_id <> $2
         ORDER BY delivery_no LIMIT 1",
    )
    .bind(fingerprint.as_slice())
    .bind(delivery)
    .fetch_optional(connection)
    .await?)
}

/// Names that delivery.
pub async fn set_same_as(connection: &mut PgConnection, delivery: DeliveryId, same: DeliveryId) -> Result<(), DbError> {
    sqlx::query("UPDATE registry.delivery SET same_as = $2 WHERE delivery_id = $1")
        .bind(delivery)
        .bind(same)
        .execute(connection)
        .await?;
    Ok(())
}

/// Says why nothing moves just now; a later chunk takes it back.
pub async fn pause(
    connection: &mut PgConnection,
    delivery: DeliveryId,
    reason: &str,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query(
        "UPDATE registry.delivery SET paused = $2, changed_at = $3 WHERE delivery_id = $1 AND ended_at IS NULL",
    )
    .bind(delivery)
    .bind(reason)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// Deliveries that a worker should be at.
pub async fn unfinished(connection: &mut PgConnection) -> Result<Vec<DeliveryId>, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT delivery_id FROM registry.delivery WHERE state IN ('received', 'checking', 'landing')
         ORDER BY delivery_no LIMIT 1000",
    )
    .fetch_all(connection)
    .await?)
}

/// The counts of a delivery so far.
pub async fn counts(connection: &mut PgConnection, delivery: DeliveryId) -> Result<Counts, DbError> {
    Ok(sqlx::query_as(
        "SELECT rows_read, rows_new, rows_changed, rows_unchanged, rows_rejected, rows_mended
         FROM registry.delivery WHERE delivery_id = $1",
    )
    .bind(delivery)
    .fetch_one(connection)
    .await?)
}
