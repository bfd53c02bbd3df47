//! The answer an agent sees: departments with their certainty, and the evidence for each from the city's own rows.
//!
//! Past cases and duties are shown even when the answer is not sure, for then they are what the agent decides by. Without a
//! model there is an answer too: it says that nothing was learned, and duties speak alone.
use std::collections::BTreeSet;

use jh_core::actor::{Actor, OrganisationId};
use jh_core::clock::china_day;
use jh_core::gram;
use jh_db::Base;
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::holder::{Holder, InUse};
use super::learn::{Doubt, Suggestion};
use super::store::duty::{self, DutyRow};
use super::store::{self, CaseRow};
use super::table::TEXT_CHARS_MAX;
use super::{USE, store::model::ModelRow};
use crate::fault::HotlineError;

/// Past cases shown of a department.
const CASES: usize = 3;
/// Past cases looked at to find them.
const CASES_LOOKED_AT: i64 = 60;
/// As much of two texts is compared.
const COMPARED_CHARS: usize = 600;
/// Less alike is no evidence.
const LIKENESS_MIN: f64 = 0.06;
/// Grams of a text that duties are looked for by.
const DUTY_GRAMS: usize = 300;
/// Duties shown when no department is suggested.
const DUTIES: usize = 3;
/// Fewer grams in common say nothing.
const DUTY_SHARED_MIN: usize = 2;

/// A past case that is like the text.
#[derive(Clone, Debug)]
pub struct Alike {
    /// The case.
    pub case: CaseRow,
    /// How alike, 0 to 1.
    pub likeness: f64,
}

/// A department with its evidence.
#[derive(Clone, Debug)]
pub struct Named {
    /// Which one.
    pub organisation_id: OrganisationId,
    /// How files name it.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What was learned.
    pub learned: Suggestion,
    /// Past cases of it.
    pub cases: Vec<Alike>,
    /// The clause that makes it responsible.
    pub duty: Option<DutyRow>,
}

/// An answer.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The model that answered; none if nothing was learned.
    pub model: Option<ModelRow>,
    /// Departments, likeliest first.
    pub named: Vec<Named>,
    /// Why it is not sure; none if it is.
    pub doubt: Option<Doubt>,
    /// How much of the text was ever seen, 0 to 1.
    pub known: f64,
    /// Duties of whatever organisation that fit, when the answer is not sure.
    pub duties: Vec<DutyRow>,
}

impl Asked {
    /// Whether the answer is sure.
    pub fn sure(&self) -> bool {
        self.model.is_some() && self.doubt.is_none()
    }
}

/// Which department should handle this. Changes nothing.
pub async fn advise(base: &Base, actor: &Actor, now: OffsetDateTime, text: &str) -> Result<Asked, HotlineError> {
    let text: String = text.chars().filter(|c| *c != '\0').take(TEXT_CHARS_MAX).collect();
    let scopes = actor.scopes(USE);
    let today = china_day(now);
    let mut conn = base.db.read().await?;
    let mut asked = match Holder::in_use(base, &mut conn).await? {
        Some(in_use) => suggested(&mut conn, in_use, &text, &scopes, today).await?,
        None => Asked::default(),
    };
    if !asked.sure() {
        asked.duties = duties(&mut conn, &[], &text, today).await?;
    }
    Ok(asked)
}

async fn suggested(
    conn: &mut PgConnection,
    in_use: InUse,
    text: &str,
    scopes: &[Uuid],
    today: Date,
) -> Result<Asked, HotlineError> {
    let advice = in_use.model.advise(text);
    let ids: Vec<Uuid> = advice.suggestions.iter().filter_map(|one| one.department.parse().ok()).collect();
    let names = store::named(conn, &ids).await?;
    let mut named = Vec::new();
    for learned in advice.suggestions {
        let Some(row) = names.iter().find(|row| row.organisation_id.to_string() == learned.department) else {
            continue;
        };
        let cases = cases(conn, row.organisation_id, &learned, text, scopes).await?;
        let duty = duties(conn, &[row.organisation_id.into()], text, today).await?.into_iter().next();
        let (code, name) = (row.code.clone(), row.name.clone());
        named.push(Named { organisation_id: row.organisation_id, code, name, learned, cases, duty });
    }
    Ok(Asked { model: Some(in_use.row), named, doubt: advice.doubt, known: advice.known, duties: Vec::new() })
}

/// Past cases of the department that are most like the text, found by the words that spoke for it.
async fn cases(
    conn: &mut PgConnection,
    organisation: OrganisationId,
    learned: &Suggestion,
    text: &str,
    scopes: &[Uuid],
) -> Result<Vec<Alike>, HotlineError> {
    let words: Vec<&str> = learned.terms.iter().map(|(word, _)| word.as_str()).collect();
    let Some(query) = gram::query_any(&words.join(" ")) else { return Ok(Vec::new()) };
    let rows = store::alike(conn, organisation, &query, scopes, CASES_LOOKED_AT).await?;
    let start = beginning(text);
    let mut alike: Vec<Alike> = rows
        .into_iter()
        .map(|case| Alike { likeness: gram::likeness(&start, &beginning(&case.text)), case })
        .filter(|alike| alike.likeness >= LIKENESS_MIN)
        .collect();
    alike.sort_by(|a, b| b.likeness.total_cmp(&a.likeness).then(a.case.history_id.cmp(&b.case.history_id)));
    alike.truncate(CASES);
    Ok(alike)
}

fn beginning(text: &str) -> String {
    text.chars().take(COMPARED_CHARS).collect()
}

/// Duties in force that share most with the text, best first.
async fn duties(
    conn: &mut PgConnection,
    organisations: &[Uuid],
    text: &str,
    today: Date,
) -> Result<Vec<DutyRow>, HotlineError> {
    let grams: BTreeSet<String> = gram::grams(&beginning(text)).into_iter().take(DUTY_GRAMS).collect();
    let words: Vec<&str> = grams.iter().map(String::as_str).collect();
    let Some(query) = gram::query_any(&words.join(" ")) else { return Ok(Vec::new()) };
    let rows = duty::fitting(conn, organisations, &query, today).await?;
    let mut fitting: Vec<(f64, DutyRow)> = rows
        .into_iter()
        .filter_map(|row| {
            let clause = gram::distinct(&row.clause);
            let shared = clause.intersection(&grams).count();
            // A long clause has something in common with every text.
            (shared >= DUTY_SHARED_MIN).then(|| (shared as f64 / (clause.len() as f64).sqrt(), row))
        })
        .collect();
    fitting.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.duty_id.cmp(&b.1.duty_id)));
    Ok(fitting.into_iter().take(DUTIES).map(|(_, row)| row).collect())
}
