//! When a job runs by itself. Times of day are China's, which has no daylight saving.
use std::fmt;
use std::time::Duration;

use jh_core::clock::CHINA;
use time::{OffsetDateTime, Time, Weekday};

use super::JobDef;
use super::queue::NewJob;
use crate::{Base, DbError};

/// When.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Schedule {
    /// So long after the last time.
    Every(Duration),
    /// Every hour at this minute.
    Hourly {
        /// 0 to 59.
        minute: u8,
    },
    /// Every day at this time.
    Daily {
        /// 0 to 23.
        hour: u8,
        /// 0 to 59.
        minute: u8,
    },
    /// Every week on this day at this time.
    Weekly {
        /// The day.
        weekday: Weekday,
        /// 0 to 23.
        hour: u8,
        /// 0 to 59.
        minute: u8,
    },
    /// On the first of every month at this time.
    Monthly {
        /// 0 to 23.
        hour: u8,
        /// 0 to 59.
        minute: u8,
    },
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Every(period) => write!(f, "every {} s", period.as_secs_f64()),
            Self::Hourly { minute } => write!(f, "hourly at :{minute:02}"),
            Self::Daily { hour, minute } => write!(f, "daily at {hour:02}:{minute:02}"),
            Self::Weekly { weekday, hour, minute } => write!(f, "{weekday}s at {hour:02}:{minute:02}"),
            Self::Monthly { hour, minute } => write!(f, "monthly on the 1st at {hour:02}:{minute:02}"),
        }
    }
}

/// A time of day, drawn to the nearest that exists.
fn at(hour: u8, minute: u8) -> Time {
    Time::from_hms(hour.min(23), minute.min(59), 0).unwrap_or(Time::MIDNIGHT)
}

impl Schedule {
    /// The first time after `after`.
    pub fn next(&self, after: OffsetDateTime) -> OffsetDateTime {
        let local = after.to_offset(CHINA);
        let (first, step) = match *self {
            Self::Every(period) => return after + period.max(Duration::from_millis(100)),
            Self::Hourly { minute } => (local.replace_time(at(local.hour(), minute)), time::Duration::HOUR),
            Self::Daily { hour, minute } => (local.replace_time(at(hour, minute)), time::Duration::DAY),
            Self::Weekly { weekday, hour, minute } => {
                let ahead = (7 + weekday.number_days_from_monday() - local.weekday().number_days_from_monday()) % 7;
                (local.replace_time(at(hour, minute)) + time::Duration::days(i64::from(ahead)), time::Duration::WEEK)
            }
            Self::Monthly { hour, minute } => {
                let first = local.replace_day(1).unwrap_or(local).replace_time(at(hour, minute));
                let days = i64::from(local.month().length(local.year()));
                (first, time::Duration::days(days))
            }
        };
        if first > after { first } else { first + step }
    }
}

/// Enqueues every scheduled job whose time has come, each once however many times were missed.
pub(super) async fn tick(base: &Base, jobs: &[JobDef]) -> Result<(), DbError> {
    let now = base.clock.now();
    for (job, schedule) in jobs.iter().filter_map(|job| Some((job, job.schedule?))) {
        let mut transaction = base.db.pool().begin().await?;
        // The first time seen, or with another schedule than before, it starts anew; then it moves on when due.
        let due: Option<bool> = sqlx::query_scalar(
            "INSERT INTO db.job_schedule AS s (name, schedule, next_at) VALUES ($1, $2, $3)
             ON CONFLICT (name) DO UPDATE SET schedule = excluded.schedule, next_at = excluded.next_at
             WHERE s.next_at <= $4 OR s.schedule <> excluded.schedule
             RETURNING s.xmax <> 0",
        )
        .bind(job.name)
        .bind(schedule.to_string())
        .bind(schedule.next(now))
        .bind(now)
        .fetch_optional(&mut *transaction)
        .await?;
        if due == Some(true) {
            let new = NewJob { job: job.name, key: Some("schedule"), payload: serde_json::json!({}), due_at: now, now };
            super::queue::insert(&mut transaction, new).await?;
        }
        transaction.commit().await?;
    }
    Ok(())
}
