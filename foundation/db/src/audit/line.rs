//! The canonical line of an audit row: the exact bytes that the chain binds and that the day's file holds.
//!
//! It is one JSON object with its keys in alphabetical order, no spaces, times in RFC 3339 with six decimals in UTC.
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use uuid::Uuid;

use crate::DbError;

/// PostgreSQL keeps microseconds: exactly six decimals, always.
const INSTANT: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]Z");

/// An audit row as it lies in the database, `detail` as the text it was written in.
#[derive(sqlx::FromRow, Clone, Debug)]
pub(crate) struct Row {
    pub audit_id: Uuid,
    pub happened_at: OffsetDateTime,
    pub action: String,
    pub subject_id: Uuid,
    pub account_id: Option<Uuid>,
    pub actor_kind: String,
    pub actor_name: String,
    pub actor_organisation_id: Option<Uuid>,
    pub organisation_id: Option<Uuid>,
    pub purpose: Option<String>,
    pub request_id: String,
    pub detail: String,
}

impl Row {
    /// The line, without its line feed. `detail` goes in as it was stored, so that even a change of spaces is seen.
    pub(super) fn canonical(&self) -> String {
        let happened_at = self.happened_at.to_offset(time::UtcOffset::UTC).format(INSTANT).unwrap_or_default();
        let id = |id: Option<Uuid>| id.map_or(Value::Null, |id| Value::String(id.to_string()));
        let text = |text: &str| Value::String(text.to_owned());
        format!(
            "{{\"account_id\":{},\"action\":{},\"actor_kind\":{},\"actor_name\":{},\"actor_organisation_id\":{},\
             \"audit_id\":\"{}\",\"detail\":{},\"happened_at\":\"{}\",\"organisation_id\":{},\"purpose\":{},\
             \"request_id\":{},\"subject_id\":\"{}\"}}",
            id(self.account_id),
            text(&self.action),
            text(&self.actor_kind),
            text(&self.actor_name),
            id(self.actor_organisation_id),
            self.audit_id,
            self.detail,
            happened_at,
            id(self.organisation_id),
            self.purpose.as_deref().map_or(Value::Null, text),
            text(&self.request_id),
            self.subject_id,
        )
    }
}

/// A row and its place in the chain.
#[derive(sqlx::FromRow, Clone, Debug)]
pub(super) struct Linked {
    pub seq: i64,
    pub digest: Vec<u8>,
    #[sqlx(flatten)]
    pub row: Row,
}

/// Rows fetched at a time where a whole day, or all of the audit, is gone through.
pub(super) const PAGE: i64 = 2_000;

/// The next rows of the chain after `after`, not past `last`.
pub(super) async fn linked(connection: &mut PgConnection, after: i64, last: i64) -> Result<Vec<Linked>, DbError> {
    Ok(sqlx::query_as(
        "SELECT l.seq, l.digest, a.audit_id, a.happened_at, a.action, a.subject_id, a.account_id, a.actor_kind,
                a.actor_name, a.actor_organisation_id, a.organisation_id, a.purpose, a.request_id,
                a.detail::text AS detail
         FROM db.audit_link l JOIN db.audit a ON a.audit_id = l.audit_id
         WHERE l.seq > $1 AND l.seq <= $2 ORDER BY l.seq LIMIT $3",
    )
    .bind(after)
    .bind(last)
    .bind(PAGE)
    .fetch_all(connection)
    .await?)
}

/// JSON with every object's keys in order. serde_json sorts them only while no crate in the build asks it to keep
/// insertion order, which is not ours to decide.
pub(super) fn sorted(value: &Value) -> String {
    match value {
        Value::Object(entries) => {
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_by_key(|(key, _)| key.as_str());
            let inside: Vec<String> = entries
                .into_iter()
                .map(|(key, value)| format!("{}:{}", Value::from(key.as_str()), sorted(value)))
                .collect();
            format!("{{{}}}", inside.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(sorted).collect::<Vec<_>>().join(",")),
        plain => plain.to_string(),
    }
}
