//! Cases, clocks and steps as lines of a page, already in words.
use std::collections::HashMap;

use jh_db::Base;
use jh_web::{Failure, Page};
use sqlx::PgConnection;

use crate::kind;
use crate::model::act::Act;
use crate::model::clocks::ClockState;
use crate::model::procedure::Procedure;
use crate::store::clock::ClockRow;
use crate::store::list::ListRow;
use crate::store::step::Step;
use crate::view::{Badge, due_badge, stage_names};

/// A case in a list.
#[derive(Clone, Debug)]
pub struct CaseLine {
    /// Its row.
    pub row: ListRow,
    /// Where it is worked on.
    pub href: String,
    /// Its stage, or what it came to.
    pub stage: String,
    /// The kind of the stage's badge.
    pub badge: &'static str,
    /// Its deadline.
    pub due: Badge,
}

/// Rows as lines.
pub async fn cases(
    page: &Page,
    base: &Base,
    conn: &mut PgConnection,
    rows: Vec<ListRow>,
) -> Result<Vec<CaseLine>, Failure> {
    let versions = rows.iter().map(|row| (row.kind.clone(), row.version));
    let names: HashMap<_, _> = stage_names(page, base, conn, versions).await?;
    let line = |row: ListRow| {
        let key = (row.kind.clone(), row.version, row.stage.clone());
        let stage = match row.outcome.filter(|_| row.closed) {
            Some(outcome) => page.t(&outcome.key()),
            None => names.get(&key).cloned().unwrap_or_else(|| row.stage.clone()),
        };
        let badge = match (row.closed, row.overdue) {
            (true, _) => "neutral",
            (false, true) => "bad",
            (false, false) => "info",
        };
        let due = due_badge(page, row.due_at, row.paused, row.closed);
        let href = format!("/casework/cases/{}", row.case_id);
        CaseLine { href, stage, badge, due, row }
    };
    Ok(rows.into_iter().map(line).collect())
}

/// The kinds that are registered: code and name.
pub async fn kinds(page: &Page, base: &Base) -> Vec<(String, String)> {
    let all = base.services.all::<dyn kind::CaseKind>();
    let named = |kind: &std::sync::Arc<dyn kind::CaseKind>| {
        let name = kind::shipped(kind.as_ref()).map(|p: Procedure| page.pick(&p.name, &p.name_en).to_owned());
        (kind.code().to_owned(), name.unwrap_or_else(|| kind.code().to_owned()))
    };
    all.iter().map(named).collect()
}

/// A clock of a case.
#[derive(Clone, Debug)]
pub struct ClockLine {
    /// The limit's name.
    pub name: String,
    /// From when.
    pub started: String,
    /// Until when.
    pub due: String,
    /// How it stands.
    pub state: String,
    /// The kind of its badge.
    pub badge: &'static str,
}

/// The clocks of a case, latest first.
pub fn clocks(page: &Page, procedure: &Procedure, rows: &[ClockRow]) -> Vec<ClockLine> {
    let line = |row: &ClockRow| {
        let limit = procedure.limits.iter().find(|limit| limit.code == row.clock.code);
        let name = limit.map_or(row.clock.code.as_str(), |limit| page.pick(&limit.name, &limit.name_en)).to_owned();
        let late = row.clock.level > 0 || row.clock.state == ClockState::Late;
        let (key, badge) = match row.clock.state {
            _ if late => ("casework-limit-late", "bad"),
            ClockState::Running => ("casework-limit-running", "info"),
            ClockState::Paused => ("casework-limit-paused", "neutral"),
            ClockState::Met | ClockState::Late => ("casework-limit-met", "good"),
        };
        let (started, due) = (page.instant(row.started_at), page.instant(row.clock.due_at));
        ClockLine { name, started, due, state: page.t(key), badge }
    };
    rows.iter().rev().map(line).collect()
}

/// An entry of the timeline.
#[derive(Clone, Debug)]
pub struct StepLine {
    /// What happened.
    pub title: String,
    /// By whom, and to whom.
    pub who: String,
    /// When.
    pub at: String,
    /// What was said.
    pub note: String,
    /// What it did to the deadline.
    pub moved: String,
    /// The class of its mark.
    pub kind: &'static str,
}

/// The timeline, latest first.
pub fn steps(page: &Page, of: Option<&dyn kind::CaseKind>, steps: &[Step]) -> Vec<StepLine> {
    let last = steps.len().saturating_sub(1);
    let line = |(at, step): (usize, &Step)| {
        let by = match (step.organisation_name.is_empty(), step.actor_name.is_empty()) {
            (_, true) if step.organisation_name.is_empty() => page.t("casework-by-system"),
            (true, _) => step.actor_name.clone(),
            (false, true) => step.organisation_name.clone(),
            (false, false) => format!("{} {}", step.organisation_name, step.actor_name),
        };
        let to = match step.act {
            Act::Publication => page.t(&format!("casework-shown-{}", step.target_name)),
            _ => step.target_name.clone(),
        };
        let who = if to.is_empty() { by } else { format!("{by} {}", page.t1("casework-to-whom", "whom", to)) };
        let moves = matches!(step.act, Act::ExtensionGranted | Act::DeadlineMoved | Act::Resumption);
        let moved = match (step.due_before_at, step.due_after_at) {
            (Some(before), Some(after)) if moves && before != after => {
                page.ta("casework-moved-deadline", &[("before", page.instant(before)), ("after", page.instant(after))])
            }
            _ => String::new(),
        };
        let kind = match step.act {
            Act::Return
            | Act::Miss
            | Act::Escalation
            | Act::InspectionFailed
            | Act::CallbackUnsolved
            | Act::Rejection => "jh-event-bad",
            _ if at == last => "jh-event-now",
            _ => "",
        };
        StepLine {
            title: page.t(&kind::act_key(of, &step.stage_before, step.act)),
            who,
            at: page.instant(step.at),
            note: step.note.clone(),
            moved,
            kind,
        }
    };
    steps.iter().enumerate().rev().map(line).collect()
}
