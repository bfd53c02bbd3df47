//! How organisations, officers and grids do in a period (综合评价): counts, and rates that say of how many.
//!
//! Organisations are counted by casework as things happen (`casework::api::counts`): what was dispatched to them, kept, missed,
//! returned. Officers and grids are counted by the cases that were reported in the period and what became of those since. The two are
//! not added to each other, and the page says which is which.
use std::collections::{BTreeMap, HashMap};

use jh_core::paging::{PageRequest, Paged};
use sqlx::PgConnection;
use time::{Date, Duration};
use uuid::Uuid;

use super::kind::KIND;
use super::store::appraisal::{self as store, Span, TallyRow};
use crate::fault::CityError;

/// The longest period.
const DAYS_MAX: i64 = 366;

/// Whose work is appraised.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum By {
    /// Who handles.
    Organisation,
    /// Who reports on patrol.
    Officer,
    /// Where it lies.
    Grid,
}

impl By {
    /// In the order of the page.
    pub const ALL: [Self; 3] = [Self::Organisation, Self::Officer, Self::Grid];

    /// As in an address.
    pub fn code(self) -> &'static str {
        match self {
            Self::Organisation => "organisation",
            Self::Officer => "officer",
            Self::Grid => "grid",
        }
    }

    /// From an address; organisations where it says nothing.
    pub fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|one| one.code() == text).unwrap_or(Self::Organisation)
    }
}

/// A rate, with what it is a rate of. None of none is no rate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rate {
    /// How many were right.
    pub of: i64,
    /// Of how many.
    pub all: i64,
}

impl Rate {
    /// In tenths of a percent, rounded to the nearest.
    pub fn per_mille(self) -> Option<i64> {
        (self.all > 0).then(|| (self.of * 1_000 + self.all / 2) / self.all)
    }
}

impl TallyRow {
    /// 按期处置率: of what was due, how much was done within its limit.
    pub fn punctual(&self) -> Rate {
        Rate { of: self.on_time, all: self.on_time + self.late }
    }

    /// 立案率.
    pub fn filing(&self) -> Rate {
        Rate { of: self.filed, all: self.reported }
    }

    /// 一次核查通过率.
    pub fn first_time(&self) -> Rate {
        Rate { of: self.passed_first, all: self.inspected }
    }

    /// 返工率: opened again, of what was dispatched.
    pub fn rework(&self) -> Rate {
        Rate { of: self.reopened, all: self.dispatched }
    }
}

/// A period that can be asked for: from the first of the month, or what somebody typed; never longer than a year, never backwards.
pub fn period(from: Option<Date>, to: Option<Date>, today: Date) -> Result<(Date, Date), CityError> {
    let to = to.unwrap_or(today);
    let from = from.unwrap_or_else(|| to.replace_day(1).unwrap_or(to));
    if from > to || to - from > Duration::days(DAYS_MAX) {
        return Err(CityError::field("from", "city-management-period"));
    }
    Ok((from, to))
}

/// The rows of a page.
pub async fn tallies(
    conn: &mut PgConnection,
    scopes: &[Uuid],
    by: By,
    (from, to): (Date, Date),
    request: PageRequest,
) -> Result<Paged<TallyRow>, CityError> {
    let span = Span { from, to, limit: request.limit(), offset: request.offset() };
    let rows = match by {
        By::Officer => store::by_officer(conn, scopes, span).await?,
        By::Grid => store::by_grid(conn, scopes, span).await?,
        By::Organisation => {
            let all = organisations(conn, scopes, (from, to)).await?;
            let skipped = usize::try_from(span.offset).unwrap_or(usize::MAX);
            all.into_iter().skip(skipped).take(usize::try_from(span.limit).unwrap_or(0)).collect()
        }
    };
    Ok(Paged::from_rows(rows, request))
}

async fn organisations(
    conn: &mut PgConnection,
    scopes: &[Uuid],
    (from, to): (Date, Date),
) -> Result<Vec<TallyRow>, CityError> {
    let mut tallies: BTreeMap<Uuid, TallyRow> = BTreeMap::new();
    for row in casework::api::counts(conn, Some(KIND), scopes, from, to).await? {
        count(tallies.entry(row.organisation_id).or_default(), &row.measure, row.n);
    }
    for (id, inspected, passed_first) in store::first_time(conn, scopes, from, to).await? {
        let tally = tallies.entry(id).or_default();
        (tally.inspected, tally.passed_first) = (inspected, passed_first);
    }
    let names: HashMap<Uuid, String> =
        identity::api::tree(conn).await?.into_iter().map(|one| (one.id.0, one.short_name)).collect();
    let named =
        tallies.into_iter().map(|(id, tally)| TallyRow { name: names.get(&id).cloned().unwrap_or_default(), ..tally });
    // The centre opens and files and holds nothing: it is not appraised as one who handles.
    let mut handled: Vec<TallyRow> = named.filter(|row| row.dispatched + row.on_time + row.late > 0).collect();
    handled.sort_by(|one, other| other.dispatched.cmp(&one.dispatched).then_with(|| one.name.cmp(&other.name)));
    Ok(handled)
}

/// What a measure of casework's counters adds to an organisation's tally.
fn count(tally: &mut TallyRow, measure: &str, n: i64) {
    match measure {
        "dispatch" | "redirection" | "transfer" => tally.dispatched += n,
        "kept.handling" => tally.on_time += n,
        "late.handling" => tally.late += n,
        "return" => tally.returned += n,
        "reopening" => tally.reopened += n,
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn a_rate_says_nothing_of_nothing_and_rounds_to_the_nearest() {
        assert_eq!(Rate { of: 0, all: 0 }.per_mille(), None);
        assert_eq!(Rate { of: 2, all: 3 }.per_mille(), Some(667));
        assert_eq!(Rate { of: 3, all: 3 }.per_mille(), Some(1_000));
    }

    #[test]
    fn a_period_begins_with_the_month_and_is_neither_backwards_nor_endless() {
        let today = date!(2026 - 03 - 17);
        assert_eq!(period(None, None, today).expect("this month"), (date!(2026 - 03 - 01), today));
        assert!(period(Some(date!(2026 - 03 - 18)), None, today).is_err());
        assert!(period(Some(date!(2024 - 03 - 01)), None, today).is_err());
    }

    #[test]
    fn a_clock_that_is_not_the_holders_is_not_the_holders_lateness() {
        let mut tally = TallyRow::default();
        count(&mut tally, "late.inspection", 3);
        count(&mut tally, "late.handling", 1);
        count(&mut tally, "kept.handling", 3);
        assert_eq!(tally.punctual(), Rate { of: 3, all: 4 });
    }
}
