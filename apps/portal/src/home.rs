//! The front page: search, today, the city at a glance.
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jh_core::clock::CHINA;
use jh_web::{App, Failure, Figure, Glance, Page, render};

use crate::store::{self, Card};

/// Figures on the front page.
const FIGURES: usize = 3;

#[derive(Template)]
#[template(path = "portal/home.html")]
struct Home {
    page: Page,
    cards: Vec<Card>,
    figures: Vec<Figure>,
    greeting: &'static str,
    notice: String,
}

/// The front page.
pub async fn home(State(app): State<App>, page: Page) -> Result<Response, Failure> {
    let local = app.clock.now().to_offset(CHINA);
    let month = i16::from(u8::from(local.month()));
    let cards = store::cards(&app.db, month, i16::from(local.hour())).await?;
    let mut figures = Vec::new();
    for source in app.services.all::<dyn Glance>() {
        figures.extend(source.figures(&app).await?);
    }
    figures.truncate(FIGURES);
    let greeting = match local.hour() {
        5..=10 => "portal-greeting-morning",
        11..=12 => "portal-greeting-noon",
        13..=17 => "portal-greeting-afternoon",
        _ => "portal-greeting-evening",
    };
    let notice = store::notice(&app.db, page.english()).await?;
    render(&Home { page, cards, figures, greeting, notice })
}
