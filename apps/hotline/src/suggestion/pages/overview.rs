//! What has been learned: how good it is on texts held out, what it takes for what, and a sentence to try.
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use jh_web::{App, Failure, Page, Pairs, Submission, redirect, render};

use super::super::advice::{Asked, advise};
use super::super::holder::{Holder, InUse};
use super::super::learn::measure::Bin;
use super::super::rest::doubt_code;
use super::super::store::model::{self, ModelRow};
use super::super::store::{self, duty::DutyRow};
use super::super::{MANAGE, ModelId, training};
use super::percent;
use crate::fault::HotlineError;

/// Models listed.
const MODELS: i64 = 10;
/// Pairs listed of those most taken for each other.
const CONFUSIONS: usize = 12;
/// As much of a past case is shown.
const SHOWN_CHARS: usize = 160;
const PATH: &str = "/hotline/suggestion";

#[derive(Template)]
#[template(path = "hotline/suggestion.html")]
struct OverviewPage {
    page: Page,
    in_use: Option<ModelRow>,
    bins: Vec<(String, Bin)>,
    confusions: Vec<(String, String, u32)>,
    models: Vec<ModelRow>,
    may_manage: bool,
    text: String,
    asked: Option<Asked>,
}

impl OverviewPage {
    fn percent(&self, share: &f64) -> String {
        percent(*share)
    }

    fn tenth(&self, share: &f64) -> String {
        format!("{:.1}", share * 100.0)
    }

    fn doubt(&self, asked: &Asked) -> String {
        let code = doubt_code(asked).unwrap_or("sure").replace('_', "-");
        self.page.t(&format!("hotline-suggestion-doubt-{code}"))
    }

    fn shown(&self, text: &str) -> String {
        let start: String = text.chars().take(SHOWN_CHARS).collect();
        if start.len() < text.len() { format!("{start}…") } else { start }
    }

    fn words(&self, terms: &[(String, f64)]) -> String {
        terms.iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>().join(self.page.pick("、", ", "))
    }

    fn standing(&self, row: &ModelRow) -> (&'static str, String) {
        let kind = match row.standing.as_str() {
            "in_use" => "good",
            "aside" => "warn",
            _ => "neutral",
        };
        (kind, self.page.t(&format!("hotline-suggestion-standing-{}", row.standing.replace('_', "-"))))
    }

    fn clause(&self, duty: &DutyRow) -> String {
        self.page.ta(
            "hotline-suggestion-clause",
            &[
                ("clause", duty.clause.clone()),
                ("source", duty.source.clone()),
                ("name", duty.organisation_name.clone()),
            ],
        )
    }
}

/// The page.
pub async fn show(State(app): State<App>, page: Page) -> Result<Response, Failure> {
    render(&overview(&app, page, String::new(), None).await?)
}

/// A sentence is tried. It is sent and not part of the address, since people say whom and where it concerns.
pub async fn attempt(State(app): State<App>, page: Page, sent: Submission<Pairs>) -> Result<Response, Failure> {
    let text = sent.form.get("text").trim().to_owned();
    let asked = if text.is_empty() { None } else { Some(advise(&app, page.actor()?, page.now(), &text).await?) };
    render(&overview(&app, page, text, asked).await?)
}

async fn overview(app: &App, page: Page, text: String, asked: Option<Asked>) -> Result<OverviewPage, Failure> {
    page.actor()?;
    let mut conn = app.db.read().await?;
    let held = Holder::in_use(app, &mut conn).await?;
    let models = model::latest(&mut conn, MODELS).await.map_err(HotlineError::from)?;
    let (mut bins, mut confusions) = (Vec::new(), Vec::new());
    if let Some(InUse { model, .. }) = &held {
        let ids: Vec<_> = model.departments().iter().filter_map(|id| id.parse().ok()).collect();
        let rows = store::named(&mut conn, &ids).await.map_err(HotlineError::from)?;
        let name = |place: usize| {
            let id = model.departments().get(place).map_or("", String::as_str);
            rows.iter()
                .find(|row| row.organisation_id.to_string() == id)
                .map_or_else(String::new, |row| row.name.clone())
        };
        let report = &model.facts().held_out;
        bins = report.bins.iter().enumerate().filter(|(_, bin)| bin.count > 0).map(bin_row).collect();
        confusions =
            report.confusions.iter().take(CONFUSIONS).map(|c| (name(c.right), name(c.named), c.count)).collect();
    }
    let may_manage = page.may(MANAGE);
    let page = page.with_title("hotline-suggestion-title");
    Ok(OverviewPage { page, in_use: held.map(|held| held.row), bins, confusions, models, may_manage, text, asked })
}

fn bin_row((tenth, bin): (usize, &Bin)) -> (String, Bin) {
    (format!("{}–{}%", tenth * 10, tenth * 10 + 10), *bin)
}

/// Learning begins as soon as a process has time for it.
pub async fn learn(State(app): State<App>, sent: Submission<Pairs>) -> Result<Response, Failure> {
    training::ask(&app, &sent.command).await?;
    Ok(redirect(PATH))
}

/// Another model is put to use.
pub async fn put_to_use(
    State(app): State<App>,
    Path(id): Path<ModelId>,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    training::put_to_use(&app, &sent.command, id).await?;
    Ok(redirect(PATH))
}
