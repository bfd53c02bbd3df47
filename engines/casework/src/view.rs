//! How cases are said: stages by name, deadlines as time left. Used by our pages and by those of the apps.
use jh_web::Page;
use sqlx::PgConnection;
use std::collections::HashMap;
use time::{Duration, OffsetDateTime};

use crate::fault::CaseError;
use crate::memory::Memory;

/// A deadline as a page shows it, for `ui::deadline`.
#[derive(Clone, Debug)]
pub struct Badge {
    /// `far`, `near`, `late` or `done`.
    pub kind: &'static str,
    /// The time left, in words.
    pub text: String,
    /// The moment itself.
    pub at: String,
}

impl Badge {
    /// Near as its clock says, whatever the hours that are left.
    #[must_use]
    pub fn near(mut self, warned: bool) -> Self {
        if matches!(self.kind, "near" | "far") {
            self.kind = if warned { "near" } else { "far" };
        }
        self
    }
}

/// What is left until a moment, coloured only when near: within four hours, or less.
pub fn due_badge(page: &Page, due_at: Option<OffsetDateTime>, paused: bool, closed: bool) -> Badge {
    let quiet = |key: &str| Badge { kind: "done", text: page.t(key), at: String::new() };
    let Some(due_at) = due_at.filter(|_| !closed && !paused) else {
        return quiet(match (closed, paused) {
            (true, _) => "casework-due-closed",
            (false, true) => "casework-due-paused",
            (false, false) => "casework-due-none",
        });
    };
    let left = due_at - page.now();
    let (kind, key) = match left {
        left if left < Duration::ZERO => ("late", "casework-due-late"),
        left if left < Duration::hours(4) => ("near", "casework-due-left"),
        _ => ("far", "casework-due-left"),
    };
    Badge { kind, text: page.t1(key, "time", span(page, left.abs())), at: page.instant(due_at) }
}

/// A length of time in its largest unit that is not nought: 3 天, 5 小时, 20 分钟.
pub fn span(page: &Page, length: Duration) -> String {
    let (key, n) = match length {
        length if length >= Duration::days(1) => ("casework-days", length.whole_days()),
        length if length >= Duration::hours(1) => ("casework-hours", length.whole_hours()),
        length => ("casework-minutes", length.whole_minutes()),
    };
    page.t1(key, "n", n)
}

/// The names of the stages of some cases, in the page's language, by kind, version and stage.
pub async fn stage_names(
    page: &Page,
    base: &jh_db::Base,
    conn: &mut PgConnection,
    versions: impl IntoIterator<Item = (String, i32)>,
) -> Result<HashMap<(String, i32, String), String>, CaseError> {
    let memory = Memory::of(base);
    let mut names = HashMap::new();
    let mut seen: Vec<(String, i32)> = versions.into_iter().collect();
    seen.sort();
    seen.dedup();
    for (kind, version) in seen {
        let procedure = memory.procedure(conn, &kind, version).await?;
        for stage in &procedure.stages {
            let name = page.pick(&stage.name, &stage.name_en).to_owned();
            names.insert((kind.clone(), version, stage.code.clone()), name);
        }
    }
    Ok(names)
}
