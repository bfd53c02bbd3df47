//! The learned suggestion beside a dispatch, in words and with its evidence. It is never silent: where it knows nothing, it says so.
use async_trait::async_trait;
use casework::api::{Advice, Advised, Adviser, FileRow};
use jh_web::{App, Failure, Page};

use super::kind::KIND;
use crate::suggestion::{Asked, Named, advise};

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
        advised(app, page, &text).await
    }
}

/// The suggestion for a text.
pub async fn advised(app: &App, page: &Page, text: &str) -> Result<Advised, Failure> {
    let asked = advise(app, page.actor()?, page.now(), text).await?;
    let note = match (&asked.model, asked.sure()) {
        (None, _) => page.t("hotline-advice-nothing-learned"),
        (Some(_), false) => page.t("hotline-advice-unsure"),
        (Some(model), true) => page.t1("hotline-advice-model", "n", page.number(model.rows)),
    };
    let ways = asked.named.iter().map(|named| line(page, &asked, named)).collect();
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
