//! The supervisor's board: today's figures, each with the rows behind it, and the departments by how they keep their time.
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jh_core::clock::china_day;
use jh_web::{App, Failure, Page, Pairs, render};
use time::Duration;

use super::figures::{Figures, Share};
use super::{BOARD, KIND};

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
    days: Vec<(String, i64)>,
}

fn tiles(page: &Page, today: &Figures, week: &Figures) -> Vec<Tile> {
    let list = |more: &str| format!("/casework/cases?kind={KIND}{more}");
    let share = |share: Share| share.percent().map_or_else(|| "–".to_owned(), |percent| format!("{percent}%"));
    let of = |share: Share| {
        page.ta("hotline-share", &[("part", page.number(share.part)), ("whole", page.number(share.whole))])
    };
    let day = page.day(china_day(page.now()));
    let tile = |label, value: String, note: String, href: String| Tile { label, value, note, href };
    vec![
        tile(
            "hotline-board-requests",
            page.number(today.requests()),
            page.t("hotline-board-today"),
            list(&format!("&from={day}")),
        ),
        tile(
            "hotline-board-answered",
            page.number(today.answered()),
            page.t("hotline-board-today"),
            list(&format!("&from={day}&state=closed")),
        ),
        tile(
            "hotline-board-ticketed",
            page.number(today.ticketed()),
            page.t("hotline-board-today"),
            list(&format!("&from={day}&state=open")),
        ),
        tile(
            "hotline-board-missed",
            page.number(today.of("miss")),
            page.t("hotline-board-today"),
            "/casework/inbox?tab=overdue".into(),
        ),
        tile("hotline-board-on-time", share(week.on_time()), of(week.on_time()), "/hotline/bulletin".into()),
        tile("hotline-board-solved", share(week.solved()), of(week.solved()), "/hotline/bulletin".into()),
    ]
}

/// The board.
pub async fn show(State(app): State<App>, page: Page, _query: Pairs) -> Result<Response, Failure> {
    let scopes = page.actor()?.scopes(BOARD);
    let to = china_day(page.now());
    let from = to - Duration::days(6);
    let mut conn = app.db.read().await?;
    let today = Figures::load(&mut conn, &scopes, to, to).await?;
    let week = Figures::load(&mut conn, &scopes, from, to).await?;
    let (tiles, lines) = (tiles(&page, &today, &week), lines(&mut conn, &week).await?);
    let days = week.by_day().into_iter().map(|(day, n)| (page.day(day), n)).collect();
    render(&BoardPage { page: page.with_title("hotline-board-title"), tiles, lines, days })
}

/// A share for a table: 99.45% (4,379/4,403).
pub fn share(page: &Page, share: Share) -> String {
    match share.percent() {
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
