//! Figures of a period: how many of what, out of how many. They come from casework's counters, never from counting rows.
use std::collections::BTreeMap;

use casework::api::{CaseError, CountRow, counts};
use sqlx::PgConnection;
use time::Date;
use uuid::Uuid;

use super::kind::KIND;

/// Counts added up in some way.
pub type Sums = BTreeMap<String, i64>;

/// What happened in a period.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    rows: Vec<CountRow>,
}

/// A share with what it is a share of, since a percentage without its denominator says nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Share {
    /// So many.
    pub part: i64,
    /// Of so many.
    pub whole: i64,
}

/// Of fewer, a percentage says more than is known: 1 of 1 is no 100 %.
const PERCENT_OF_MIN: i64 = 10;

impl Share {
    /// Whether it is of so few that it is better said as it is: 3/4.
    pub fn is_of_few(self) -> bool {
        (1..PERCENT_OF_MIN).contains(&self.whole)
    }

    /// In hundredths with two digits; none of nothing.
    pub fn percent(self) -> Option<String> {
        (self.whole > 0).then(|| format!("{:.2}", 100.0 * self.part as f64 / self.whole as f64))
    }
}

impl Figures {
    /// Between two days, both included, within scope.
    pub async fn load(conn: &mut PgConnection, scopes: &[Uuid], from: Date, to: Date) -> Result<Self, CaseError> {
        Ok(Self { rows: counts(conn, Some(KIND), scopes, from, to).await? })
    }

    /// How often something happened.
    pub fn of(&self, measure: &str) -> i64 {
        self.rows.iter().filter(|row| row.measure == measure).map(|row| row.n).sum()
    }

    fn beginning(&self, measure: &str) -> i64 {
        self.rows.iter().filter(|row| row.measure.starts_with(measure)).map(|row| row.n).sum()
    }

    /// Requests.
    pub fn requests(&self) -> i64 {
        self.of("opening")
    }

    /// Answered by the centre itself.
    pub fn answered(&self) -> i64 {
        self.of("answer")
    }

    /// Dispatched to an organisation.
    pub fn ticketed(&self) -> i64 {
        self.of("dispatch")
    }

    /// Limits of handling that ended in time, of all that ended.
    pub fn on_time(&self) -> Share {
        let (kept, late) = (self.of("kept.handling"), self.of("late.handling"));
        Share { part: kept, whole: kept + late }
    }

    /// Callbacks that reached somebody and said that it is solved, of all that reached somebody.
    pub fn solved(&self) -> Share {
        let (solved, not) = (self.of("callback_solved"), self.of("callback_unsolved"));
        Share { part: solved, whole: solved + not }
    }

    /// Ratings of four and five, of all.
    pub fn content(&self) -> Share {
        Share { part: self.of("stars.4") + self.of("stars.5"), whole: self.beginning("stars.") }
    }

    /// Requests by channel or category, most first.
    pub fn requests_by(&self, of: impl Fn(&CountRow) -> &str) -> Vec<(String, i64)> {
        let mut sums = Sums::new();
        for row in self.rows.iter().filter(|row| row.measure == "opening") {
            *sums.entry(of(row).to_owned()).or_default() += row.n;
        }
        let mut all: Vec<_> = sums.into_iter().collect();
        all.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        all
    }

    /// The days of a period, first day first, those on which nothing happened too: taken, closed, missed.
    pub fn by_day(&self, from: Date, to: Date) -> Vec<(Date, [i64; 3])> {
        let mut days: BTreeMap<Date, [i64; 3]> = BTreeMap::new();
        let mut day = from;
        while day <= to {
            days.insert(day, [0; 3]);
            day = day.next_day().unwrap_or(Date::MAX);
        }
        for row in &self.rows {
            let at = match row.measure.as_str() {
                "opening" => 0,
                "answer" | "closure" | "rejection" | "merger" | "withdrawal" => 1,
                "miss" => 2,
                _ => continue,
            };
            if let Some(sums) = days.get_mut(&row.counted_on) {
                sums[at] += row.n;
            }
        }
        days.into_iter().collect()
    }

    /// The newest day on which anything was counted.
    pub fn newest(&self) -> Option<Date> {
        self.rows.iter().map(|row| row.counted_on).max()
    }

    /// The first such day.
    pub fn first(&self) -> Option<Date> {
        self.rows.iter().map(|row| row.counted_on).min()
    }

    /// The same of a part of the period.
    pub fn since(&self, from: Date) -> Self {
        Self { rows: self.rows.iter().filter(|row| row.counted_on >= from).cloned().collect() }
    }

    /// The figures of each organisation that handled something.
    pub fn by_organisation(&self) -> BTreeMap<Uuid, Figures> {
        let mut all: BTreeMap<Uuid, Figures> = BTreeMap::new();
        let handled = |row: &&CountRow| row.organisation_id != row.centre_id;
        for row in self.rows.iter().filter(handled) {
            all.entry(row.organisation_id).or_default().rows.push(row.clone());
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn row(measure: &str, channel: &str, n: i64) -> CountRow {
        CountRow {
            counted_on: date!(2026 - 03 - 02),
            centre_id: Uuid::nil(),
            organisation_id: Uuid::nil(),
            kind: KIND.into(),
            category: "noise".into(),
            channel: channel.into(),
            measure: measure.into(),
            n,
        }
    }

    #[test]
    fn a_share_says_of_how_many_and_nothing_is_no_percentage() {
        let figures = Figures { rows: vec![row("kept.handling", "phone", 199), row("late.handling", "phone", 1)] };
        assert_eq!(figures.on_time(), Share { part: 199, whole: 200 });
        assert_eq!(figures.on_time().percent().as_deref(), Some("99.50"));
        assert_eq!(Figures::default().on_time().percent(), None);
    }

    #[test]
    fn a_day_without_calls_is_a_day_too_and_few_are_no_percentage() {
        let figures = Figures { rows: vec![row("opening", "phone", 2), row("answer", "phone", 1)] };
        let days = figures.by_day(date!(2026 - 03 - 01), date!(2026 - 03 - 03));
        assert_eq!(days.iter().map(|(_, sums)| *sums).collect::<Vec<_>>(), [[0, 0, 0], [2, 1, 0], [0, 0, 0]]);
        assert!(Share { part: 1, whole: 1 }.is_of_few() && !Share { part: 1, whole: 10 }.is_of_few());
    }

    #[test]
    fn requests_are_added_up_by_channel_most_first() {
        let rows = vec![
            row("opening", "web", 2),
            row("opening", "phone", 3),
            row("opening", "phone", 4),
            row("answer", "phone", 9),
        ];
        let figures = Figures { rows };
        assert_eq!(figures.requests_by(|row| &row.channel), [("phone".to_owned(), 7), ("web".to_owned(), 2)]);
        assert_eq!((figures.requests(), figures.answered()), (9, 9));
    }
}
