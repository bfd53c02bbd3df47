//! Rejected rows: written with their chunk, read by page or as a whole report.
use std::collections::BTreeMap;

use jh_db::DbError;
use sqlx::{FromRow, PgConnection};

use crate::check::Reject;
use crate::land::Rows;
use crate::model::DeliveryId;

/// The most rows of one report. A file with more is wrong as a whole; the counts go on.
pub const REPORT_ROWS_MAX: u64 = 100_000;

/// Writes the rejects of a chunk, at most `rows_left` of them with their faults, and counts all of them.
pub async fn write(
    connection: &mut PgConnection,
    delivery: DeliveryId,
    rejects: &[(Reject, Vec<u8>)],
    rows_left: u64,
) -> Result<(), DbError> {
    if rejects.is_empty() {
        return Ok(());
    }
    let kept = rejects.len().min(usize::try_from(rows_left).unwrap_or(usize::MAX));
    let (mut rows, mut faults) = (Rows::default(), Rows::default());
    let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    for (reject, sealed) in &rejects[..kept] {
        rows.start(4);
        rows.uuid(delivery.0);
        rows.int8(number(reject.row));
        rows.int8(number(reject.line));
        rows.bytes(sealed);
        rows.end();
        for (at, fault) in reject.faults.iter().enumerate() {
            faults.start(7);
            faults.uuid(delivery.0);
            faults.int8(number(reject.row));
            faults.int2(i16::try_from(at).unwrap_or(i16::MAX));
            for text in [&fault.column, fault.rule, &fault.detail, &fault.shown] {
                faults.text(text);
            }
            faults.end();
        }
    }
    let rows_statement = "COPY registry.delivery_reject (delivery_id, row_no, line_no, cells_sealed)
        FROM STDIN (FORMAT binary)";
    rows.copy_all(connection, rows_statement).await?;
    let faults_statement = "COPY registry.delivery_fault (delivery_id, row_no, fault_no, column_name, rule, detail,
        value_shown) FROM STDIN (FORMAT binary)";
    faults.copy_all(connection, faults_statement).await?;
    count(connection, delivery, rejects).await
}

async fn count(
    connection: &mut PgConnection,
    delivery: DeliveryId,
    rejects: &[(Reject, Vec<u8>)],
) -> Result<(), DbError> {
    let mut counts: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for fault in rejects.iter().flat_map(|(reject, _)| &reject.faults) {
        *counts.entry((&fault.column, fault.rule)).or_default() += 1;
    }
    sqlx::query(
        "INSERT INTO registry.delivery_fault_count AS c (delivery_id, column_name, rule, rows)
         SELECT $1, * FROM unnest($2::text[], $3::text[], $4::bigint[])
         ON CONFLICT (delivery_id, column_name, rule) DO UPDATE SET rows = c.rows + EXCLUDED.rows",
    )
    .bind(delivery)
    .bind(counts.keys().map(|(column, _)| *column).collect::<Vec<_>>())
    .bind(counts.keys().map(|(_, rule)| *rule).collect::<Vec<_>>())
    .bind(counts.values().copied().collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}

/// One fault of one rejected row.
#[derive(Clone, Debug, FromRow)]
pub struct StoredFault {
    /// The row as a spreadsheet numbers it.
    pub row_no: i64,
    /// Its line in the text.
    pub line_no: i64,
    /// The column's header; empty for the row as a whole.
    pub column_name: String,
    /// The rule.
    pub rule: String,
    /// What the rule's text names besides.
    pub detail: String,
    /// The value as it may be shown.
    pub value_shown: String,
}

/// Faults in the order of rows; `offset` and `limit` count faults.
pub async fn list(
    connection: &mut PgConnection,
    delivery: DeliveryId,
    rule: Option<&str>,
    offset: i64,
    limit: i64,
) -> Result<Vec<StoredFault>, DbError> {
    Ok(sqlx::query_as(
        "SELECT f.row_no, r.line_no, f.column_name, f.rule, f.detail, f.value_shown
         FROM registry.delivery_fault f
         JOIN registry.delivery_reject r ON r.delivery_id = f.delivery_id AND r.row_no = f.row_no
         WHERE f.delivery_id = $1 AND ($2::text IS NULL OR f.rule = $2)
         ORDER BY f.row_no, f.fault_no OFFSET $3 LIMIT $4",
    )
    .bind(delivery)
    .bind(rule)
    .bind(offset)
    .bind(limit)
    .fetch_all(connection)
    .await?)
}

/// A rejected row for the report: its sealed cells and its faults.
#[derive(Debug, FromRow)]
pub struct ReportRow {
    /// The row.
    pub row_no: i64,
    /// Its cells, sealed.
    pub cells_sealed: Vec<u8>,
    /// The columns of its faults.
    pub column_names: Vec<String>,
    /// Their rules.
    pub rules: Vec<String>,
    /// Their details.
    pub details: Vec<String>,
}

/// The next rows of the report behind `after`.
pub async fn report(
    connection: &mut PgConnection,
    delivery: DeliveryId,
    after: i64,
    limit: i64,
) -> Result<Vec<ReportRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT r.row_no, r.cells_sealed, array_agg(f.column_name ORDER BY f.fault_no) AS column_names,
                array_agg(f.rule ORDER BY f.fault_no) AS rules, array_agg(f.detail ORDER BY f.fault_no) AS details
         FROM (SELECT row_no, cells_sealed FROM registry.delivery_reject
               WHERE delivery_id = $1 AND row_no > $2 ORDER BY row_no LIMIT $3) r
         JOIN registry.delivery_fault f ON f.delivery_id = $1 AND f.row_no = r.row_no
         GROUP BY r.row_no, r.cells_sealed ORDER BY r.row_no",
    )
    .bind(delivery)
    .bind(after)
    .bind(limit)
    .fetch_all(connection)
    .await?)
}
