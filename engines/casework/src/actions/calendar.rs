//! The calendar changes: whoever changes it says by which notice, and open deadlines are counted anew by a job.
use jh_core::actor::Command;
use jh_core::fault::FieldError;
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use serde_json::json;
use time::Date;
use uuid::Uuid;

use super::procedure::at_root;
use super::{fire, text};
use crate::fault::CaseError;
use crate::model::CaseId;
use crate::model::calendar::DayKind;
use crate::store;

/// The job that counts deadlines anew.
pub const RECOMPUTE: &str = "casework.recompute";
/// Cases counted anew between two looks at whether to stop.
const AT_ONCE: i64 = 200;

/// What days are to be from now on.
#[derive(Clone, Debug)]
pub struct Days {
    /// From.
    pub from: Date,
    /// To, included; at most 31 days.
    pub to: Date,
    /// Days off, worked days, or, as none, what their weekday says.
    pub kind: Option<DayKind>,
    /// What they are called, for example 国庆节.
    pub name: String,
    /// By which notice.
    pub source: String,
}

/// Sets days. Answers whether anything changed.
pub async fn set_days(base: &Base, command: &Command, days: &Days) -> Result<bool, CaseError> {
    let mut work = Work::begin(base, command).await?;
    at_root(&mut work).await?;
    let changed = set_days_in(&mut work, days).await?;
    work.commit().await?;
    Ok(changed)
}

/// As [`set_days`], in a transaction of the caller's, who has looked at the right.
pub async fn set_days_in(work: &mut Work, days: &Days) -> Result<bool, CaseError> {
    let mut faults: Vec<FieldError> = Vec::new();
    let name = text(&mut faults, "name", &days.name, usize::from(days.kind.is_some()), 30);
    let source = text(&mut faults, "source", &days.source, 2, 200);
    if days.to < days.from || (days.to - days.from).whole_days() > 30 {
        faults.push(FieldError { field: "to", code: "casework-days", args: Vec::new() });
    }
    if !faults.is_empty() {
        return Err(CaseError::Invalid(faults));
    }
    let (by, now) = (work.actor().name.to_string(), work.now());
    let (mut day, mut changed) = (days.from, false);
    loop {
        let as_what = days.kind.map(|kind| (kind, name.as_str(), source.as_str()));
        if store::calendar::set_day(work.conn(), day, as_what, &by, now).await? {
            changed = true;
            let key = day.to_string();
            work.enqueue(RECOMPUTE, Some(&key), json!({ "day": key, "why": format!("{name} {source}") })).await?;
        }
        match day.next_day().filter(|next| *next <= days.to) {
            Some(next) => day = next,
            None => break,
        }
    }
    if changed {
        let kind = days.kind.map(|kind| if kind == DayKind::Holiday { "holiday" } else { "workday" });
        let detail =
            json!({ "from": days.from.to_string(), "to": days.to.to_string(), "kind": kind, "source": source });
        work.audit(Entry::new("casework.calendar.changed", Uuid::nil()).detail(detail));
    }
    Ok(changed)
}

/// Counts anew what a day's change may move, from `after` on. Answers how many deadlines moved.
pub async fn recompute(base: &Base, command: &Command, day: Date, why: &str) -> Result<u64, CaseError> {
    let (mut after, mut moved): (Option<CaseId>, u64) = (None, 0);
    loop {
        let cases = store::clock::over_day(&mut *base.db.read().await?, day, after, AT_ONCE).await?;
        let Some(last) = cases.last().copied() else { return Ok(moved) };
        for id in cases {
            moved += u64::from(fire::recount(base, command, id, why).await?);
        }
        after = Some(last);
    }
}
