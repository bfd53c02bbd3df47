//! The registry's figures for the city's front page, from the counters that landing keeps.
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use catalogue::api::RowKind;
use jh_db::{Base, DbError};
use jh_web::{Figure, Glance, Message};
use time::{Duration, OffsetDateTime};

use super::STATISTICS;
use super::census::decades;
use crate::model::kind_no;
use crate::store::views::numbers;

/// The front page is read hundreds of times a second; a figure a minute old is as good.
const KEPT: Duration = Duration::seconds(60);
/// The parts begin here: of earlier years too few are left to say anything.
const BORN_FROM: i32 = 1930;
const ESTABLISHED_FROM: i32 = 1980;

/// What the city's front page shows of the registry. Keeps its answer for a minute.
#[derive(Default)]
pub struct CityFigures {
    kept: Mutex<Option<(OffsetDateTime, Vec<Figure>)>>,
}

#[async_trait]
impl Glance for CityFigures {
    async fn figures(&self, base: &Base) -> Result<Vec<Figure>, DbError> {
        let now = base.clock.now();
        if let Some((at, figures)) = self.kept.lock().unwrap_or_else(PoisonError::into_inner).as_ref()
            && now - *at < KEPT
        {
            return Ok(figures.clone());
        }
        let figures = read(base, now).await?;
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, figures.clone()));
        Ok(figures)
    }
}

async fn read(base: &Base, now: OffsetDateTime) -> Result<Vec<Figure>, DbError> {
    let mut conn = base.db.read().await?;
    let mut figures = Vec::new();
    let (people, firms, places) = (kind_no(RowKind::Person), kind_no(RowKind::Organisation), kind_no(RowKind::Place));
    if let Some(as_of) = numbers::landed_at(&mut conn, people).await? {
        let born = numbers::born(&mut conn).await?;
        let years = born.iter().map(|row| (i32::from(row.birth_year), row.people)).filter(|row| row.0 >= BORN_FROM);
        figures.push(Figure {
            label: Message::new("registry-page-glance-people"),
            value: numbers::total(&mut conn, people).await?,
            unit: "registry-page-unit-people",
            source: Message::new("registry-page-glance-source-people"),
            as_of,
            href: "/registry/statistics".to_owned(),
            permission: STATISTICS,
            parts_label: "registry-page-glance-born",
            parts: by_decade(decades(years), now),
        });
    }
    if let Some(as_of) = numbers::landed_at(&mut conn, firms).await? {
        let years = numbers::established(&mut conn, ESTABLISHED_FROM).await?;
        figures.push(Figure {
            label: Message::new("registry-page-glance-organisations"),
            value: numbers::total(&mut conn, firms).await?,
            unit: "registry-page-unit-organisations",
            source: Message::new("registry-page-glance-source-organisations"),
            as_of,
            href: "/registry/statistics".to_owned(),
            permission: STATISTICS,
            parts_label: "registry-page-glance-established",
            parts: years.iter().map(|row| (said("registry-page-glance-year", row.year), row.organisations)).collect(),
        });
    }
    if let Some(as_of) = numbers::landed_at(&mut conn, places).await? {
        figures.push(Figure {
            label: Message::new("registry-page-glance-places"),
            value: numbers::total(&mut conn, places).await?,
            unit: "registry-page-unit-places",
            source: Message::new("registry-page-glance-source-places"),
            as_of,
            href: "/registry/statistics".to_owned(),
            permission: STATISTICS,
            parts_label: "registry-page-glance-born",
            parts: Vec::new(),
        });
    }
    Ok(figures)
}

/// The decade that is still running would always seem to fall; it is left out.
fn by_decade(decades: Vec<(i32, i64)>, now: OffsetDateTime) -> Vec<(Message, i64)> {
    let running = now.year() / 10 * 10;
    decades
        .into_iter()
        .filter(|(decade, _)| *decade < running)
        .map(|(decade, count)| (said("registry-page-glance-decade", decade), count))
        .collect()
}

fn said(key: &'static str, year: impl ToString) -> Message {
    Message::new(key).arg("year", year)
}
