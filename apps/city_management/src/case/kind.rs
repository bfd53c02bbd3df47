//! What kind of case city management has: its seven stages (`procedure.json`), what can be reported, how long each may take, and
//! what must be known before one is filed.
use std::sync::LazyLock;

use async_trait::async_trait;
use casework::api::{Act, CaseKind, Category, FileRow, Priority, Span, Unit};
use jh_core::actor::Actor;
use jh_core::clock::china_day;
use jh_core::fault::{Fault, Kind, Refusal};
use jh_db::DbError;
use serde::Deserialize;
use sqlx::PgConnection;

use super::{duty, store};
use crate::category::actions::SHIPPED;
use crate::code::LimitUnit;

/// A case of city management (城市管理案件).
pub struct CityManagementCase;

/// Its code.
pub const KIND: &str = "city_management.case";

/// A round-the-clock limit of so many hours is shorter than what any urgency of the procedure asks.
const SHORT_HOURS: i32 = 2;

/// The code of a class as a category: four digits are used by components and by events.
pub fn category_code(kind: &str, code: &str) -> String {
    format!("{kind}-{code}")
}

/// Kind and four digits of a category.
pub fn class(category: &str) -> Option<(&str, &str)> {
    category.split_once('-').filter(|(kind, _)| matches!(*kind, "component" | "event"))
}

#[derive(Deserialize)]
struct Row {
    kind: String,
    major_code: String,
    major_name: String,
    minor_code: String,
    name: String,
    name_en: String,
    filing_condition: String,
}

/// The arrangement that comes with the program, for a city that has not loaded it yet.
static ARRANGED: LazyLock<Vec<Category>> = LazyLock::new(|| {
    let mut rows = csv::Reader::from_reader(SHIPPED.as_bytes());
    // A test holds that each line can be read.
    rows.deserialize::<Row>().filter_map(Result::ok).map(arranged).collect()
});

fn arranged(row: Row) -> Category {
    let digits = format!("{}{}", row.major_code, row.minor_code);
    category(&row.kind, &digits, row.name, row.name_en, row.major_name, row.filing_condition)
}

/// The public reports in its own words through the hotline and the portal; these codes are for officers, sensors and the centre.
fn category(kind: &str, digits: &str, name: String, name_en: String, major: String, hint: String) -> Category {
    let group = format!("{}·{major}", if kind == "event" { "事件" } else { "部件" });
    Category {
        code: category_code(kind, digits),
        keywords: vec![digits.to_owned(), major],
        name,
        name_en,
        hint,
        group,
        open: false,
    }
}

#[async_trait]
impl CaseKind for CityManagementCase {
    fn code(&self) -> &'static str {
        KIND
    }

    fn procedure(&self) -> &'static str {
        include_str!("../../procedure.json")
    }

    async fn categories(&self, conn: &mut PgConnection) -> Result<Vec<Category>, DbError> {
        let rows = store::classes(conn).await?;
        if rows.is_empty() {
            return Ok(ARRANGED.clone());
        }
        let made = |row: store::ClassRow| {
            category(&row.kind, &row.code, row.name, row.name_en, row.major, row.filing_condition)
        };
        Ok(rows.into_iter().map(made).collect())
    }

    /// The class's limit as it held on the day of the report: a change of it is for new cases. What is urgent has the procedure's
    /// limit, unless the class is quicker still.
    async fn span(&self, conn: &mut PgConnection, case: &FileRow, limit: &str) -> Result<Option<Span>, DbError> {
        let Some((kind, code)) = class(&case.category).filter(|_| limit == "handling") else { return Ok(None) };
        let day = china_day(case.reported_at);
        let Some(held) = crate::category::store::one(conn, kind, code, day).await? else { return Ok(None) };
        let Some(unit) = LimitUnit::parse(&held.limit_unit) else { return Ok(None) };
        let short = unit == LimitUnit::Hour && held.limit_amount <= SHORT_HOURS;
        Ok((case.priority == Priority::Normal || short).then(|| Span::new(held.limit_amount, counted(unit))))
    }

    /// An officer does what he is sent for, where he is sent (`duty`). What is filed must have a place: in a unit grid, as soon as
    /// the city has laid any (GB/T 30428.1).
    async fn allow(&self, conn: &mut PgConnection, case: &FileRow, act: Act, by: &Actor) -> Result<(), Refusal> {
        duty::allowed(conn, case, act, by).await.map_err(|error| error.refusal())?;
        if (case.stage.as_str(), act) != ("collection", Act::Acceptance) {
            return Ok(());
        }
        let place = case.point().map(|point| (point.lon, point.lat));
        let gridded = store::gridded(conn, place).await;
        match gridded {
            Ok(true) => Ok(()),
            Ok(false) => Err(Refusal::new(Kind::Conflict, "city-management-case-no-grid")),
            Err(_) => Err(Refusal::new(Kind::Internal, "internal")),
        }
    }
}

fn counted(unit: LimitUnit) -> Unit {
    match unit {
        LimitUnit::Hour => Unit::Hour,
        LimitUnit::Day => Unit::Day,
        LimitUnit::WorkingHour => Unit::WorkingHour,
        LimitUnit::WorkingDay => Unit::WorkingDay,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use casework::api::Procedure;
    use casework::api::testing::{Choice, walk};
    use proptest::prelude::*;

    use super::*;

    fn procedure() -> Procedure {
        serde_json::from_str(CityManagementCase.procedure()).expect("a procedure")
    }

    #[test]
    fn the_procedure_has_the_seven_stages_of_the_standard_and_is_sound() {
        let procedure = procedure();
        procedure.check().expect("sound");
        assert_eq!(procedure.stages.len(), 7);
    }

    #[test]
    fn every_class_of_the_arrangement_is_a_category_of_its_own() {
        assert_eq!(ARRANGED.len(), SHIPPED.lines().count() - 1);
        let codes: BTreeSet<_> = ARRANGED.iter().map(|one| &one.code).collect();
        assert_eq!(codes.len(), ARRANGED.len());
        assert!(codes.iter().all(|code| class(code).is_some_and(|(_, digits)| crate::code::digits(digits, 4))));
    }

    proptest! {
        #[test]
        fn no_case_is_ever_without_an_owner_or_a_next_step(
            steps in proptest::collection::vec((0..60_usize, any::<u8>(), any::<u8>(), any::<u8>()), 0..300),
            held in any::<bool>(),
            awaited in any::<bool>(),
        ) {
            let steps: Vec<Choice> = steps.into_iter()
                .map(|(act, roles, given, organisation)| Choice { act, roles, given, organisation })
                .collect();
            walk(&procedure(), held, awaited, &steps).map_err(TestCaseError::fail)?;
        }
    }
}
