//! The learned suggestion beside a dispatch, in words and with its evidence. It is never silent: where it knows nothing, it says so.
use std::collections::BTreeMap;

use async_trait::async_trait;
use casework::api::{Advice, Advised, Adviser, FileRow, counts};
use jh_core::actor::OrganisationId;
use jh_core::clock::china_day;
use jh_web::{App, Failure, Page};
use time::Duration;

use super::kind::{KIND, all};
use crate::suggestion::{Asked, Named, advise};

/// How far back dispatches are counted while nothing was learned.
const COUNTED: Duration = Duration::days(90);
/// Less likely organisations are not named beside a sure one.
const WORTH_NAMING: f64 = 0.05;
/// Organisations named by counting.
const NAMED_MAX: usize = 3;

/// What was learned from past cases.
pub struct Learned;

#[async_trait]
impl Adviser for Learned {
    async fn advise(&self, app: &App, page: &Page, case: &FileRow) -> Result<Advised, Failure> {
        // What it learned are requests to the hotline; other kinds have rules of their own.
        if case.kind != KIND {
            return Ok(Advised::default());
        }
        let text = format!("{}\n{}", case.title, case.description);
        advised(app, page, &text, &case.category).await
    }
}

/// The suggestion for a text and, while nothing was learned, for its category.
pub async fn advised(app: &App, page: &Page, text: &str, category: &str) -> Result<Advised, Failure> {
    let asked = advise(app, page.actor()?, page.now(), text).await?;
    let counted = if asked.model.is_none() { by_category(app, page, category).await? } else { Vec::new() };
    let note = match (&asked.model, asked.sure()) {
        (None, _) if !counted.is_empty() => page.t("hotline-advice-counted"),
        (None, _) => page.t("hotline-advice-nothing-learned"),
        (Some(_), false) => page.t("hotline-advice-unsure"),
        (Some(model), true) => page.t1("hotline-advice-model", "n", page.number(model.rows)),
    };
    // Beside a sure one, what is as good as impossible only takes up room.
    let worth = |named: &&Named| !asked.sure() || named.learned.probability >= WORTH_NAMING;
    let ways = asked.named.iter().filter(worth).map(|named| line(page, &asked, named)).chain(counted).collect();
    let duties = asked.duties.iter().map(|duty| {
        page.ta(
            "hotline-advice-duty-of",
            &[
                ("name", duty.organisation_name.clone()),
                ("clause", duty.clause.clone()),
                ("source", duty.source.clone()),
            ],
        )
    });
    Ok(Advised { ways, notes: std::iter::once(note).chain(duties).collect() })
}

/// Where calls of a category went lately: no certainty, but evidence. What was given back and sent on counts for who got it last.
async fn by_category(app: &App, page: &Page, category: &str) -> Result<Vec<Advice>, Failure> {
    let Some(known) = all().iter().find(|one| one.code == category) else { return Ok(Vec::new()) };
    let scopes = page.actor()?.scopes(casework::api::READ);
    let today = china_day(page.now());
    let mut conn = app.db.read().await?;
    let mut sums: BTreeMap<OrganisationId, i64> = BTreeMap::new();
    for row in counts(&mut conn, Some(KIND), &scopes, today - COUNTED, today).await? {
        let sign = match row.measure.as_str() {
            "dispatch" | "redirection" => 1,
            "return" => -1,
            _ => continue,
        };
        if row.category == category {
            *sums.entry(OrganisationId(row.organisation_id)).or_default() += sign * row.n;
        }
    }
    let mut most: Vec<_> = sums.into_iter().filter(|(_, n)| *n > 0).collect();
    most.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let mut ways = Vec::new();
    for (organisation, n) in most.into_iter().take(NAMED_MAX) {
        let Some(found) = identity::api::organisation(&mut conn, organisation).await? else { continue };
        let name = page.pick(&known.name, &known.name_en).to_owned();
        let reason = page.ta("hotline-advice-of-category", &[("category", name), ("n", page.number(n))]);
        ways.push(Advice { organisation, name: found.name, percent: None, sure: false, reasons: vec![reason] });
    }
    Ok(ways)
}

fn line(page: &Page, asked: &Asked, named: &Named) -> Advice {
    let mut reasons = Vec::new();
    let words: Vec<&str> = named.learned.terms.iter().map(|(word, _)| word.as_str()).take(6).collect();
    if !words.is_empty() {
        reasons.push(page.t1("hotline-advice-words", "words", words.join(page.pick("、", ", "))));
    }
    for alike in &named.cases {
        let when = alike.case.happened_on.map(|day| page.day(day)).unwrap_or_default();
        let text: String = alike.case.text.chars().take(60).collect();
        let percent = (alike.likeness * 100.0).round();
        reasons.push(page.ta("hotline-advice-case", &[("when", when), ("text", text), ("n", format!("{percent}"))]));
    }
    if let Some(duty) = &named.duty {
        reasons
            .push(page.ta("hotline-advice-duty", &[("clause", duty.clause.clone()), ("source", duty.source.clone())]));
    }
    let percent = (named.learned.probability * 100.0).round().clamp(0.0, 99.0) as u8;
    let sure = asked.sure() && percent >= 50;
    Advice { organisation: named.organisation_id, name: named.name.clone(), percent: Some(percent), sure, reasons }
}
