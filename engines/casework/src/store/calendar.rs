//! Holidays, make-up days and office hours.
use std::collections::BTreeMap;

use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::{Date, OffsetDateTime, Time};

use crate::model::calendar::{Calendar, DayKind};

/// A day that is not what its weekday says.
#[derive(Clone, Debug, FromRow)]
pub struct DayRow {
    pub day_on: Date,
    pub kind: DayKind,
    pub name: String,
    pub source: String,
}

/// The calendar and its version.
pub async fn load(conn: &mut PgConnection) -> Result<(i32, Calendar), DbError> {
    let version = sqlx::query_scalar("SELECT version FROM casework.calendar_version").fetch_one(&mut *conn).await?;
    let days: Vec<(Date, DayKind)> =
        sqlx::query_as("SELECT day_on, kind FROM casework.calendar_day").fetch_all(&mut *conn).await?;
    let hours: Vec<(Time, Time)> =
        sqlx::query_as("SELECT opens, closes FROM casework.office_hours ORDER BY opens").fetch_all(conn).await?;
    Ok((version, Calendar::new(days.into_iter().collect::<BTreeMap<_, _>>(), hours)))
}

/// The decreed days of a year.
pub async fn of_year(conn: &mut PgConnection, year: i32) -> Result<Vec<DayRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT day_on, kind, name, source FROM casework.calendar_day
         WHERE day_on >= make_date($1, 1, 1) AND day_on < make_date($1 + 1, 1, 1) ORDER BY day_on",
    )
    .bind(year)
    .fetch_all(conn)
    .await?)
}

/// What a day is from now on; none takes the decree back. Answers whether anything changed.
pub async fn set_day(
    conn: &mut PgConnection,
    day: Date,
    as_what: Option<(DayKind, &str, &str)>,
    by: &str,
    now: OffsetDateTime,
) -> Result<bool, DbError> {
    let changed = match as_what {
        Some((kind, name, source)) => {
            sqlx::query(
                "INSERT INTO casework.calendar_day AS d (day_on, kind, name, source, changed_at, changed_by)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (day_on) DO UPDATE SET kind = excluded.kind, name = excluded.name, source = excluded.source,
                 changed_at = excluded.changed_at, changed_by = excluded.changed_by
             WHERE (d.kind, d.name, d.source) IS DISTINCT FROM (excluded.kind, excluded.name, excluded.source)",
            )
            .bind(day)
            .bind(kind)
            .bind(name)
            .bind(source)
            .bind(now)
            .bind(by)
            .execute(&mut *conn)
            .await?
        }
        None => {
            sqlx::query("DELETE FROM casework.calendar_day WHERE day_on = $1").bind(day).execute(&mut *conn).await?
        }
    };
    if changed.rows_affected() > 0 {
        sqlx::query("UPDATE casework.calendar_version SET version = version + 1").execute(conn).await?;
    }
    Ok(changed.rows_affected() > 0)
}
