//! Cases, clocks and steps as lines of a page, already in words.
use std::collections::HashMap;

use jh_db::Base;
use jh_web::{Failure, Page};
use sqlx::PgConnection;

use crate::kind;
use crate::model::CaseId;
use crate::model::act::Act;
use crate::model::clocks::ClockState;
use crate::model::procedure::Procedure;
use crate::store::asked::{self, Asked};
use crate::store::clock::ClockRow;
use crate::store::file::FileRow;
use crate::store::list::ListRow;
use crate::store::side::ExtensionRow;
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
    /// Its category, in the page's language where it has a name in it.
    pub category: String,
    /// What of it waits for an answer.
    pub signs: Vec<Asked>,
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
    let ids: Vec<CaseId> = rows.iter().map(|row| row.case_id).collect();
    let warned = asked::warned(conn, &ids, page.now()).await?;
    let signs = asked::signs(conn, &ids).await?;
    let categories = categories(page, base, conn).await?;
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
        let due = due_badge(page, row.due_at, row.paused, row.closed).near(warned.contains(&row.case_id));
        let href = format!("/casework/cases/{}", row.case_id);
        let name = categories.get(&(row.kind.clone(), row.category_name.clone())).unwrap_or(&row.category_name).clone();
        let own = signs.iter().filter(|(id, _)| *id == row.case_id && !row.closed).map(|(_, what)| *what).collect();
        CaseLine { href, stage, badge, due, category: name, signs: own, row }
    };
    Ok(rows.into_iter().map(line).collect())
}

/// English names of categories, by kind and Chinese name; none on a Chinese page, where a case says it itself.
async fn categories(
    page: &Page,
    base: &Base,
    conn: &mut PgConnection,
) -> Result<HashMap<(String, String), String>, Failure> {
    let mut names = HashMap::new();
    for kind in base.services.all::<dyn kind::CaseKind>().into_iter().filter(|_| page.english()) {
        for one in kind.categories(conn).await?.into_iter().filter(|one| !one.name_en.is_empty()) {
            names.insert((kind.code().to_owned(), one.name), one.name_en);
        }
    }
    Ok(names)
}

/// A case's category in the page's language, where it has a name in it.
pub async fn category(page: &Page, base: &Base, conn: &mut PgConnection, file: &FileRow) -> Result<String, Failure> {
    let key = (file.kind.clone(), file.category_name.clone());
    Ok(categories(page, base, conn).await?.remove(&key).unwrap_or(key.1))
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

/// A limit by its name.
pub fn limit_name(page: &Page, procedure: &Procedure, code: &str) -> String {
    let limit = procedure.limits.iter().find(|limit| limit.code == code);
    limit.map_or(code, |limit| page.pick(&limit.name, &limit.name_en)).to_owned()
}

/// The clocks of a case, latest first.
pub fn clocks(page: &Page, procedure: &Procedure, rows: &[ClockRow]) -> Vec<ClockLine> {
    let line = |row: &ClockRow| {
        let name = limit_name(page, procedure, &row.clock.code);
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

/// What happened, in words: as the kind calls it in that stage, or as anything of the sort that is over.
pub fn happened(page: &Page, of: Option<&dyn kind::CaseKind>, step: &Step) -> String {
    let own = of.and_then(|kind| kind.act_key(&step.stage_before, step.act));
    page.t(&own.map_or_else(|| step.act.past_key(), str::to_owned))
}

/// The timeline, latest first.
pub fn steps(page: &Page, of: Option<&dyn kind::CaseKind>, procedure: &Procedure, steps: &[Step]) -> Vec<StepLine> {
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
            Act::ExtensionAsked | Act::DeadlineMoved => limit_name(page, procedure, &step.target_name),
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
            title: happened(page, of, step),
            who,
            at: page.instant(step.at),
            note: step.note.clone(),
            moved,
            kind,
        }
    };
    steps.iter().enumerate().rev().map(line).collect()
}

/// What is asked, in words: who wants how much more of which limit, and why.
pub fn asks(page: &Page, procedure: &Procedure, one: &ExtensionRow) -> String {
    let args = [
        ("who", one.asked_by.clone()),
        ("limit", limit_name(page, procedure, &one.code)),
        ("span", super::span_words(page, crate::model::calendar::Span::new(one.amount, one.unit))),
        ("why", one.reason.clone()),
    ];
    page.ta("casework-ask-extension", &args)
}

/// The last thing that happened to a case, and how it stands.
pub async fn latest(
    conn: &mut PgConnection,
    page: &Page,
    of: Option<&dyn kind::CaseKind>,
    procedure: &Procedure,
    file: &FileRow,
) -> Result<Option<String>, Failure> {
    let steps = crate::store::step::of_case(conn, file.case_id).await?;
    let args = |step: &Step| {
        [
            ("at", page.instant(step.at)),
            ("who", format!("{} {}", step.organisation_name, step.actor_name).trim().to_owned()),
            ("what", happened(page, of, step)),
            ("stage", super::case::stage_words(page, procedure, file)),
        ]
    };
    Ok(steps.last().map(|step| page.ta("casework-latest", &args(step))))
}
