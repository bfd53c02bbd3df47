//! The bulletin of a week or a month, as it is printed for the government's offices: every share with its denominator, and the period
//! before beside it.
use askama::Template;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jh_core::clock::china_day;
use jh_core::csv_cell::guarded;
use jh_web::{App, Failure, Page, Pairs, render};
use sqlx::PgConnection;
use time::{Date, Duration};
use uuid::Uuid;

use super::BOARD;
use super::board::{Line, lines, share};
use super::figures::Figures;
use super::kind::all;

/// A week from Monday, or a month.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Period {
    monthly: bool,
    from: Date,
    to: Date,
}

impl Period {
    /// The period that a day lies in.
    fn of(day: Date, monthly: bool) -> Self {
        if !monthly {
            let from = day - Duration::days(i64::from(day.weekday().number_days_from_monday()));
            return Self { monthly, from, to: from + Duration::days(6) };
        }
        let from = day.replace_day(1).unwrap_or(day);
        let last = from.month().length(from.year());
        Self { monthly, from, to: from.replace_day(last).unwrap_or(day) }
    }

    fn before(self) -> Self {
        Self::of(self.from - Duration::DAY, self.monthly)
    }

    fn after(self) -> Self {
        Self::of(self.to + Duration::DAY, self.monthly)
    }

    /// What an address asks for; none without a day.
    fn asked(query: &Pairs, monthly: bool) -> Option<Self> {
        let chosen = query.day("day").filter(|day| (2000..=2100).contains(&day.year()));
        chosen.map(|day| Self::of(day, monthly))
    }

    /// Without a day it is the last period that is over, since the present one is not yet worth a bulletin; unless that one is empty
    /// and the present is not: then whoever opens the page sees what there is.
    async fn opened(conn: &mut PgConnection, scopes: &[Uuid], today: Date, monthly: bool) -> Result<Self, Failure> {
        let present = Self::of(today, monthly);
        let over = present.before();
        let figures = Figures::load(conn, scopes, over.from, present.to).await?;
        Ok(if figures.first().is_some_and(|day| day >= present.from) { present } else { over })
    }
}

/// A line of the first table.
struct Fact {
    label: String,
    now: String,
    before: String,
}

#[derive(Template)]
#[template(path = "hotline/bulletin.html")]
struct BulletinPage {
    page: Page,
    period: Period,
    facts: Vec<Fact>,
    channels: Vec<(String, i64, String)>,
    categories: Vec<(String, i64, String)>,
    lines: Vec<Line>,
    total: i64,
}

fn facts(page: &Page, now: &Figures, before: &Figures) -> Vec<Fact> {
    let number = |key: &str, of: fn(&Figures) -> i64| Fact {
        label: page.t(key),
        now: page.number(of(now)),
        before: page.number(of(before)),
    };
    let shared = |key: &str, of: fn(&Figures) -> super::figures::Share| Fact {
        label: page.t(key),
        now: share(page, of(now)),
        before: share(page, of(before)),
    };
    vec![
        number("hotline-bulletin-requests", Figures::requests),
        number("hotline-bulletin-answered", Figures::answered),
        number("hotline-bulletin-ticketed", Figures::ticketed),
        shared("hotline-bulletin-on-time", Figures::on_time),
        shared("hotline-bulletin-solved", Figures::solved),
        shared("hotline-bulletin-content", Figures::content),
    ]
}

fn parts(
    page: &Page,
    all: Vec<(String, i64)>,
    total: i64,
    name: impl Fn(&str) -> String,
) -> Vec<(String, i64, String)> {
    let part = |n| super::figures::Share { part: n, whole: total };
    all.into_iter().take(15).map(|(code, n)| (name(&code), n, share(page, part(n)))).collect()
}

async fn made(app: &App, page: Page, query: &Pairs) -> Result<BulletinPage, Failure> {
    let scopes = page.actor()?.scopes(BOARD);
    let mut conn = app.db.read().await?;
    let monthly = query.get("by") == "month";
    let period = match Period::asked(query, monthly) {
        Some(period) => period,
        None => Period::opened(&mut conn, &scopes, china_day(page.now()), monthly).await?,
    };
    let now = Figures::load(&mut conn, &scopes, period.from, period.to).await?;
    let earlier = period.before();
    let before = Figures::load(&mut conn, &scopes, earlier.from, earlier.to).await?;
    let total = now.requests();
    let channel = |code: &str| page.t(&format!("casework-channel-{code}"));
    let category = |code: &str| {
        let found = all().iter().find(|one| one.code == code);
        found.map_or(code, |one| page.pick(&one.name, &one.name_en)).to_owned()
    };
    let (channels, categories) = (
        parts(&page, now.requests_by(|row| &row.channel), total, channel),
        parts(&page, now.requests_by(|row| &row.category), total, category),
    );
    let facts = facts(&page, &now, &before);
    let lines = lines(&mut conn, &now).await?;
    let title = if period.monthly { "hotline-bulletin-month" } else { "hotline-bulletin-week" };
    let span = [("from", page.date(period.from)), ("to", page.date(period.to))];
    let title = page.ta(title, &span);
    Ok(BulletinPage { page: page.with_title_text(title), period, facts, channels, categories, lines, total })
}

/// The bulletin.
pub async fn show(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    render(&made(&app, page, &query).await?)
}

/// The same as a table for a spreadsheet.
pub async fn export(State(app): State<App>, page: Page, query: Pairs) -> Result<Response, Failure> {
    let bulletin = made(&app, page, &query).await?;
    let mut file = csv::WriterBuilder::new().flexible(true).from_writer(vec![0xef, 0xbb, 0xbf]);
    let mut put = |cells: &[&str]| file.write_record(cells.iter().map(|cell| guarded(cell).into_owned()));
    for fact in &bulletin.facts {
        put(&[&fact.label, &fact.now, &fact.before]).map_err(Failure::internal)?;
    }
    for (name, n, share) in bulletin.channels.iter().chain(&bulletin.categories) {
        put(&[name, &n.to_string(), share]).map_err(Failure::internal)?;
    }
    for line in &bulletin.lines {
        let cells = [
            line.name.clone(),
            line.ticketed.to_string(),
            bulletin.share(&line.on_time),
            bulletin.share(&line.solved),
            bulletin.share(&line.content),
            line.returned.to_string(),
        ];
        put(&cells.each_ref().map(String::as_str)).map_err(Failure::internal)?;
    }
    let bytes = file.into_inner().map_err(|error| Failure::internal(error.error()))?;
    let name = format!("attachment; filename=\"12345-{}.csv\"", bulletin.period.from);
    Ok((
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)],
        Body::from(bytes),
    )
        .into_response())
}

impl BulletinPage {
    fn share(&self, of: &super::figures::Share) -> String {
        share(&self.page, *of)
    }

    fn none(&self) -> bool {
        self.total == 0
    }

    fn href(&self, period: Period) -> String {
        let by = if period.monthly { "month" } else { "week" };
        format!("/hotline/bulletin?by={by}&day={}", self.page.day(period.from))
    }

    /// The same time by week, or by month.
    fn other(&self) -> Period {
        Period::of(self.period.from, !self.period.monthly)
    }
}

#[cfg(test)]
mod tests {
    use time::Month;
    use time::macros::date;

    use super::*;

    #[test]
    fn weeks_begin_on_monday_and_months_end_on_their_last_day() {
        let week = Period::of(date!(2026 - 11 - 22), false);
        assert_eq!((week.from, week.to), (date!(2026 - 11 - 16), date!(2026 - 11 - 22)));
        let month = Period::of(date!(2026 - 11 - 22), true);
        assert_eq!(
            (month.from, month.to, month.from.month()),
            (date!(2026 - 11 - 01), date!(2026 - 11 - 30), Month::November)
        );
        assert_eq!(month.before().to, date!(2026 - 10 - 31));
        assert_eq!(week.after().from, date!(2026 - 11 - 23));
    }
}
