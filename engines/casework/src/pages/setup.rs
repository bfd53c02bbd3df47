//! Procedures and the working calendar: what cases pass through, how long it may take, and on which days anybody works.
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jh_core::clock::china_day;
use jh_web::{App, Failure, FieldErrors, Page, Pairs, Submission, redirect, render, render_with};
use sqlx::PgConnection;
use time::Date;

use super::lines::kinds;
use super::{form_errors, span_words, wrong};
use crate::actions::calendar::{Days, set_days};
use crate::actions::procedure;
use crate::fault::CaseError;
use crate::kind::{self, CaseKind};
use crate::model::calendar::{DayKind, Span, Unit};
use crate::model::procedure::{Limit, Owner, Procedure, Stage};
use crate::store;
use crate::store::calendar::DayRow;
use crate::store::procedure::VersionRow;

#[derive(Template)]
#[template(path = "casework/setup.html")]
struct SetupPage {
    page: Page,
    kinds: Vec<(String, String)>,
    year: i32,
    holidays: Vec<Holiday>,
    /// The decree, where all of the year are by one.
    decree: Option<String>,
    form: Pairs,
    errors: FieldErrors,
    day_kinds: Vec<(String, String)>,
}

async fn setup(
    app: &App,
    conn: &mut PgConnection,
    page: Page,
    form: Pairs,
    errors: FieldErrors,
) -> Result<SetupPage, Failure> {
    let this_year = china_day(page.now()).year();
    let year = form.whole("year").filter(|year| (2000..=2100).contains(year)).unwrap_or(this_year);
    let days = store::calendar::of_year(conn, year).await?;
    let decree = days.first().map(|day| day.source.clone()).filter(|first| days.iter().all(|day| day.source == *first));
    Ok(SetupPage {
        kinds: kinds(&page, app).await,
        holidays: holidays(&page, &days),
        decree,
        day_kinds: ["holiday", "workday", "usual"]
            .map(|kind| (kind.to_owned(), page.t(&format!("casework-day-{kind}"))))
            .to_vec(),
        page: page.with_title("casework-setup-title"),
        year,
        form,
        errors,
    })
}

/// A holiday: when nobody works, and on which days work makes up for it.
struct Holiday {
    name: String,
    off: String,
    worked: String,
    source: String,
}

/// The days of a year by holiday, days that follow each other as one span.
fn holidays(page: &Page, days: &[DayRow]) -> Vec<Holiday> {
    let mut names: Vec<(&str, &str)> = Vec::new();
    for day in days {
        if !names.contains(&(&*day.name, &*day.source)) {
            names.push((&day.name, &day.source));
        }
    }
    let of = |(name, source): (&str, &str)| {
        let on = |kind: DayKind| {
            let own = days.iter().filter(|day| day.name == name && day.source == source && day.kind == kind);
            spans(page, own.map(|day| day.day_on))
        };
        Holiday {
            name: name.to_owned(),
            off: on(DayKind::Holiday),
            worked: on(DayKind::Workday),
            source: source.to_owned(),
        }
    };
    names.into_iter().map(of).collect()
}

/// Days in words, those that follow each other as from the first to the last.
fn spans(page: &Page, days: impl Iterator<Item = Date>) -> String {
    let mut spans: Vec<(Date, Date)> = Vec::new();
    for day in days {
        match spans.last_mut().filter(|(_, last)| last.next_day() == Some(day)) {
            Some((_, last)) => *last = day,
            None => spans.push((day, day)),
        }
    }
    let words = |(from, to): &(Date, Date)| match from == to {
        true => page.day(from),
        false => page.ta("casework-day-span", &[("from", page.day(from)), ("to", page.day(to))]),
    };
    spans.iter().map(words).collect::<Vec<_>>().join(page.pick("、", ", "))
}

/// The calendar of a year, and the kinds.
pub async fn show(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    render(&setup(&app, &mut conn, page, query, FieldErrors::default()).await?)
}

fn days_of(form: &Pairs) -> Result<Days, CaseError> {
    let from = form.day("from").ok_or_else(|| wrong("from", "casework-day"))?;
    let to = match form.given("to") {
        Some(_) => form.day("to").ok_or_else(|| wrong("to", "casework-day"))?,
        None => from,
    };
    let kind = match form.get("kind") {
        "holiday" => Some(DayKind::Holiday),
        "workday" => Some(DayKind::Workday),
        _ => None,
    };
    Ok(Days { from, to, kind, name: form.line("name", 30), source: form.line("source", 200) })
}

/// Sets days.
pub async fn set_calendar(State(app): State<App>, page: Page, sent: Submission<Pairs>) -> Result<Response, Failure> {
    let outcome = match days_of(&sent.form) {
        Ok(days) => set_days(&app, &sent.command, &days).await.map(|_| days.from.year()),
        Err(error) => Err(error),
    };
    match outcome {
        Ok(year) => Ok(redirect(&format!("/casework/setup?year={year}"))),
        Err(error) => {
            let errors = form_errors(&page, error)?;
            let mut conn = app.db.read().await?;
            render_with(StatusCode::UNPROCESSABLE_ENTITY, &setup(&app, &mut conn, page, sent.form, errors).await?)
        }
    }
}

/// A stage with what can be done in it.
struct StageLine {
    stage: Stage,
    ways: String,
}

#[derive(Template)]
#[template(path = "casework/kind.html")]
struct KindPage {
    page: Page,
    code: String,
    stages: Vec<StageLine>,
    limits: Vec<Limit>,
    versions: Vec<VersionRow>,
    units: Vec<(String, String)>,
    form: Pairs,
    errors: FieldErrors,
}

async fn content(app: &App, conn: &mut PgConnection, code: &str) -> Result<Procedure, Failure> {
    let kind = kind::find(app, code).ok_or_else(|| CaseError::UnknownKind(code.chars().take(60).collect()))?;
    let stored = match store::procedure::newest(conn, code).await? {
        Some(row) => store::procedure::load(conn, code, row.version).await?,
        None => None,
    };
    let content = stored.or_else(|| kind::shipped(kind.as_ref() as &dyn CaseKind));
    content.ok_or_else(|| CaseError::UnknownKind(code.to_owned()).into())
}

async fn kind_page(
    app: &App,
    conn: &mut PgConnection,
    page: Page,
    code: String,
    form: Pairs,
    errors: FieldErrors,
) -> Result<KindPage, Failure> {
    let procedure = content(app, conn, &code).await?;
    let kind = kind::find(app, &code).ok_or_else(|| CaseError::UnknownKind(code.clone()))?;
    let name_of = |code: &str| procedure.stage(code).map_or("", |stage| page.pick(&stage.name, &stage.name_en));
    let ways = |stage: &Stage| {
        let own = procedure.transitions.iter().filter(|way| way.stage == stage.code);
        let words: Vec<String> = own
            .map(|way| {
                let aim = procedure.aim(&stage.code, way);
                let act = page.t(&kind::act_key(Some(kind.as_ref()), &stage.code, way.act));
                if aim == stage.code { act } else { format!("{act} → {}", name_of(aim)) }
            })
            .collect();
        words.join(page.pick("；", "; "))
    };
    let stages = procedure.stages.iter().map(|stage| StageLine { ways: ways(stage), stage: stage.clone() }).collect();
    let title = page.pick(&procedure.name, &procedure.name_en).to_owned();
    Ok(KindPage {
        stages,
        versions: store::procedure::versions(conn, &code).await?,
        units: Unit::CHOICES.map(|unit| (unit.code().to_owned(), page.t(&unit.key()))).to_vec(),
        page: page.with_title_text(title).crumb_key("/casework/setup", "casework-setup-title"),
        limits: procedure.limits,
        code,
        form,
        errors,
    })
}

/// A kind's procedure.
pub async fn kind(State(app): State<App>, page: Page, Path(code): Path<String>) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    render(&kind_page(&app, &mut conn, page, code, Pairs::default(), FieldErrors::default()).await?)
}

/// Publishes a version with other limits.
pub async fn set_limits(
    State(app): State<App>,
    page: Page,
    Path(code): Path<String>,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let mut changed = content(&app, &mut conn, &code).await?;
    let mut faults = false;
    for limit in &mut changed.limits {
        let amount = sent.form.whole(&format!("amount.{}", limit.code)).filter(|n| (1..=10_000).contains(n));
        let unit = Unit::parse(sent.form.get(&format!("unit.{}", limit.code)));
        match amount.zip(unit) {
            Some((amount, unit)) => limit.span = Span::new(amount, unit),
            None => faults = true,
        }
        if let Some(percent) = sent.form.whole(&format!("warn.{}", limit.code)) {
            limit.warn_percent = u8::try_from(percent.clamp(0, 99)).unwrap_or(0);
        }
    }
    let note = sent.form.line("note", 200);
    let outcome = match faults {
        true => Err(wrong("limits", "casework-span")),
        false => procedure::publish(&app, &sent.command, &code, changed, &note).await,
    };
    match outcome {
        Ok(_) => Ok(redirect(&format!("/casework/kinds/{code}"))),
        Err(error) => {
            let errors = form_errors(&page, error)?;
            let shown = kind_page(&app, &mut conn, page, code, sent.form, errors).await?;
            render_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

impl KindPage {
    fn value(&self, name: &str, limit: &Limit, now: impl std::fmt::Display) -> String {
        let given = self.form.get(&format!("{name}.{}", limit.code));
        if given.is_empty() { now.to_string() } else { given.to_owned() }
    }

    fn urgent(&self, limit: &Limit) -> String {
        let words = |span: Option<Span>| span.map(|span| span_words(&self.page, span)).unwrap_or_default();
        let all = [words(limit.urgent), words(limit.emergency)];
        all.iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>().join(" / ")
    }

    fn by_holder(&self, stage: &Stage) -> bool {
        stage.owner == Owner::Holder
    }
}
