//! How a case is told to those outside: its stage, what comes next and until when, and its way so far without a single name.
use casework::api::{Act, FileRow, Outcome, Procedure, Role, Span, Step};
use jh_web::Page;

/// What is still to come, in its order: name and how long it may take.
pub struct Next {
    /// What is done.
    pub name: String,
    /// Within how long.
    pub within: String,
}

/// One thing that happened.
pub struct Line {
    /// What, in plain words.
    pub title: String,
    /// When.
    pub at: String,
    /// What was said to the reporter with it.
    pub note: String,
    /// To which organisation, where that is the reporter's to know.
    pub whom: String,
}

/// A span in words: 5 个工作日.
fn words(page: &Page, span: Span) -> String {
    page.ta("casework-span", &[("amount", page.number(span.amount)), ("unit", page.t(&span.unit.key()))])
}

/// The limits that run in the present stage or in one that still lies ahead.
pub fn next(page: &Page, procedure: &Procedure, file: &FileRow) -> Vec<Next> {
    if file.closed {
        return Vec::new();
    }
    let at = |stage: &str| procedure.stages.iter().position(|one| one.code == stage);
    // Held comes before everything that a case in it still passes through.
    let now = if procedure.held.as_deref() == Some(file.stage.as_str()) { Some(0) } else { at(&file.stage) };
    let ahead = |limit: &&casework::api::Limit| {
        limit.runs_in(&file.stage) || limit.stages.iter().filter_map(|stage| at(stage)).min() > now
    };
    // What happens only when something goes wrong is no promise: nobody is told how long a return is decided on.
    let usual = |limit: &&casework::api::Limit| {
        !limit.stages.iter().all(|stage| ["returned", "held"].contains(&stage.as_str())) || limit.runs_in(&file.stage)
    };
    procedure
        .limits
        .iter()
        .filter(ahead)
        .filter(usual)
        .map(|limit| Next {
            name: page.pick(&limit.name, &limit.name_en).to_owned(),
            within: words(page, limit.span(file.priority)),
        })
        .collect()
}

/// The name of a stage.
pub fn stage(page: &Page, procedure: &Procedure, code: &str) -> String {
    procedure.stage(code).map_or_else(|| code.to_owned(), |stage| page.pick(&stage.name, &stage.name_en).to_owned())
}

/// How a case stands in everybody's words: the names of stages are the offices' own, and there are four of them here.
fn everybodys(procedure: &Procedure, code: &str, outcome: Option<Outcome>) -> &'static str {
    let closed = procedure.stage(code).is_some_and(|stage| stage.closed);
    let new = procedure.first().is_some_and(|first| first.code == code) || procedure.held.as_deref() == Some(code);
    match (closed, new) {
        (true, _) if outcome == Some(Outcome::Solved) => "hotline-stage-solved",
        (true, _) => "hotline-stage-closed",
        (_, true) => "hotline-stage-received",
        _ => "hotline-stage-handled",
    }
}

/// The same as text.
pub fn public_stage(page: &Page, procedure: &Procedure, code: &str, outcome: Option<Outcome>) -> String {
    page.t(everybodys(procedure, code, outcome))
}

/// What the public may know of a case's way: how it stood, and since when.
pub fn for_all(page: &Page, procedure: &Procedure, steps: &[Step]) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for step in steps.iter().filter(|step| step.stage_after != step.stage_before) {
        let title = public_stage(page, procedure, &step.stage_after, None);
        if lines.last().is_none_or(|line| line.title != title) {
            lines.push(Line { title, at: page.instant(step.at), note: String::new(), whom: String::new() });
        }
    }
    lines
}

/// Whether an act is one that the reporter is told of; what the offices have among themselves is not.
fn told(act: Act) -> bool {
    matches!(
        act,
        Act::Opening
            | Act::Release
            | Act::Acceptance
            | Act::Answer
            | Act::Rejection
            | Act::Dispatch
            | Act::Redirection
            | Act::Signing
            | Act::Result
            | Act::CallbackSolved
            | Act::CallbackUnsolved
            | Act::CallbackUnreached
            | Act::Closure
            | Act::Reopening
            | Act::Withdrawal
            | Act::Rating
            | Act::ExtensionGranted
            | Act::Merger
    )
}

/// What the reporter is told: acts, to whom it went, and the notes that are for him.
pub fn for_reporter(page: &Page, steps: &[Step], reporter: bool) -> Vec<Line> {
    let own = |act: Act| matches!(act, Act::Reopening | Act::Withdrawal | Act::Rating | Act::Attachment | Act::Note);
    let outside = |step: &Step| step.organisation_id.is_none();
    // An office's photo is no news, and its note is its own.
    let shown = |step: &&Step| match step.act {
        Act::Attachment => outside(step),
        Act::Note => outside(step) && reporter,
        act => told(act),
    };
    let whom = |step: &Step| match step.act {
        Act::Dispatch | Act::Redirection => step.target_name.clone(),
        _ => String::new(),
    };
    steps
        .iter()
        .filter(shown)
        .map(|step| Line {
            title: page.t(&format!("casework-act-{}", step.act.code().replace('_', "-"))),
            at: page.instant(step.at),
            note: if reporter && (step.shown || (own(step.act) && outside(step))) {
                step.note.clone()
            } else {
                String::new()
            },
            whom: whom(step),
        })
        .collect()
}

/// What the reporter may do now.
pub fn may(procedure: &Procedure, stage: &str, act: Act) -> bool {
    procedure.way(stage, act).is_some_and(|way| way.by.contains(&Role::Reporter))
}
