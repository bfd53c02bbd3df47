//! The supervisor's board: today's figures, each with the rows behind it, and the departments by how they keep their time.
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jh_core::clock::china_day;
use jh_web::{App, Failure, Page, Pairs, render};
use time::Duration;

use super::figures::{Figures, Share};
use super::rows::span;
use super::{BOARD, store};

/// Days that the chart shows.
const DRAWN_DAYS: i64 = 14;

/// One figure.
struct Tile {
    label: &'static str,
    value: String,
    note: String,
    href: String,
}

/// One organisation.
pub struct Line {
    /// Its name.
    pub name: String,
    /// Dispatched to it.
    pub ticketed: i64,
    /// Answered in time, of all answered.
    pub on_time: Share,
    /// Solved by the reporters' word, of all who said something.
    pub solved: Share,
    /// Content, of all who said how content they are.
    pub content: Share,
    /// Returned.
    pub returned: i64,
}

/// The organisations of some figures, most cases first.
pub async fn lines(conn: &mut sqlx::PgConnection, figures: &Figures) -> Result<Vec<Line>, Failure> {
    let mut lines = Vec::new();
    for (id, own) in figures.by_organisation() {
        let found = identity::api::organisation(conn, jh_core::actor::OrganisationId(id)).await?;
        lines.push(Line {
            name: found.map(|organisation| organisation.name).unwrap_or_default(),
            ticketed: own.ticketed() + own.of("redirection"),
            on_time: own.on_time(),
            solved: own.solved(),
            content: own.content(),
            returned: own.of("return"),
        });
    }
    lines.sort_by(|one, other| other.ticketed.cmp(&one.ticketed).then_with(|| one.name.cmp(&other.name)));
    Ok(lines)
}

#[derive(Template)]
#[template(path = "hotline/board.html")]
struct BoardPage {
    page: Page,
    tiles: Vec<Tile>,
    lines: Vec<Line>,
    days: Vec<(String, [i64; 3])>,
    none: bool,
}

fn tiles(page: &Page, today: &Figures, week: &Figures, dismissed: i64) -> Vec<Tile> {
    let day = page.day(china_day(page.now()));
    let newest = page.day(week.newest().unwrap_or_else(|| china_day(page.now())));
    let count = |label, n: i64, rows: &str| Tile {
        label,
        value: page.number(n),
        note: page.t("hotline-board-today"),
        href: format!("/hotline/board/{rows}?day={day}"),
    };
    let rate = |label, share: Share| {
        let of = [("part", page.number(share.part)), ("whole", page.number(share.whole))];
        let (value, note) = match share.percent() {
            Some(_) if share.is_of_few() => {
                (format!("{}/{}", share.part, share.whole), page.t("hotline-board-seven-days"))
            }
            Some(percent) => (format!("{percent}%"), page.ta("hotline-share", &of)),
            None => ("–".to_owned(), page.ta("hotline-share", &of)),
        };
        // The bulletin of the newest week that has any.
        Tile { label, value, note, href: format!("/hotline/bulletin?day={newest}") }
    };
    vec![
        count("hotline-board-requests", today.requests(), "acts/opening"),
        count("hotline-board-answered", today.answered(), "acts/answer"),
        count("hotline-board-ticketed", today.ticketed(), "acts/dispatch"),
        count("hotline-board-missed", today.of("miss"), "acts/miss"),
        count("hotline-board-dismissed", dismissed, "dismissed"),
        rate("hotline-board-on-time", week.on_time()),
        rate("hotline-board-solved", week.solved()),
    ]
}

/// The board.
pub async fn show(State(app): State<App>, page: Page, _query: Pairs) -> Result<Response, Failure> {
    let scopes = page.actor()?.scopes(BOARD);
    let to = china_day(page.now());
    let from = to - Duration::days(DRAWN_DAYS - 1);
    let mut conn = app.db.read().await?;
    let drawn = Figures::load(&mut conn, &scopes, from, to).await?;
    let (today, week) = (drawn.since(to), drawn.since(to - Duration::days(6)));
    let dismissed = store::dismissed_count(&mut conn, span(to), &scopes).await?;
    let (tiles, lines) = (tiles(&page, &today, &week, dismissed), lines(&mut conn, &week).await?);
    let days = drawn.by_day(from, to).into_iter().map(|(day, sums)| (page.day(day), sums)).collect();
    let none = lines.is_empty() && drawn.newest().is_none();
    render(&BoardPage { page: page.with_title("hotline-board-title"), tiles, lines, days, none })
}

/// A share for a table: 99.45% (4,379/4,403), and of few as it is: 3/4.
pub fn share(page: &Page, share: Share) -> String {
    match share.percent() {
        Some(_) if share.is_of_few() => format!("{}/{}", share.part, share.whole),
        Some(percent) => page.ta(
            "hotline-share-of",
            &[("percent", percent), ("part", page.number(share.part)), ("whole", page.number(share.whole))],
        ),
        None => "–".to_owned(),
    }
}

impl BoardPage {
    fn share(&self, of: &Share) -> String {
        share(&self.page, *of)
    }
}
