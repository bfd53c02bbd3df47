//! What kind of case city management has: its seven stages (`procedure.json`), what can be reported, how long each may take, and
//! what must be known before one is filed.
use std::sync::LazyLock;

use async_trait::async_trait;
use casework::api::{
    Act, Advice, Advised, Adviser, CaseKind, Category, Channel, Fact, FileRow, Priority, Span, UNREACHED_ENOUGH, Unit,
};
use jh_core::actor::Actor;
use jh_core::clock::china_day;
use jh_core::fault::{Fault, Kind, Refusal};
use jh_db::DbError;
use jh_web::{App, Failure, Message, Page};
use serde::Deserialize;
use sqlx::PgConnection;

use super::{check, duty, store};
use crate::category::actions::SHIPPED;
use crate::code::LimitUnit;
use crate::fault::CityError;

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

    /// One act means another thing in each stage (CJJ/T 106): a report is found true, a case is filed, a result goes to be checked.
    fn act_key(&self, stage: &str, act: Act) -> Option<&'static str> {
        match (stage, act) {
            ("collection", Act::Acceptance) => Some("city-management-act-verify"),
            ("filing", Act::Acceptance) => Some("city-management-act-file"),
            ("filing", Act::Rejection) => Some("city-management-act-file-not"),
            ("filing" | "dispatching", Act::Dispatch) => Some("city-management-act-dispatch"),
            ("feedback", Act::Acceptance) => Some("city-management-act-check"),
            ("feedback", Act::InspectionFailed) => Some("city-management-act-again"),
            _ => None,
        }
    }

    async fn facts(&self, conn: &mut PgConnection, case: &FileRow) -> Result<Vec<Fact>, DbError> {
        let duty = store::check::duty(conn, case.case_id).await?;
        Ok(duty.map(|duty| stands(case, &duty)).unwrap_or_default())
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

/// Where what a case is about is set: who answers for its class, whom its grid is walked by, what it still needs.
fn stands(case: &FileRow, duty: &store::check::DutyRow) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut say = |label, text: Message, path: Option<String>| facts.push(Fact { label, text, path });
    if let Some(name) = &duty.reporter {
        say("city-management-fact-reporter", Message::new("city-management-fact-officer").arg("name", name), None);
    }
    if let Some(code) = &duty.grid {
        let path = format!("/city_management/grids/{code}");
        say("city-management-unit-grid", Message::new("city-management-fact-grid").arg("code", code), Some(path));
    }
    let verified = case.stage == "collection" && case.channel != Channel::Patrol;
    if !case.closed && ((case.stage == "inspection" && !case.inspected) || verified) {
        let (text, path) = match (duty.walkers.is_empty(), &duty.sent) {
            (false, _) => {
                let names = duty.walkers.join("、");
                (Message::new("city-management-fact-walked").arg("names", names), None)
            }
            (true, Some(name)) => (Message::new("city-management-fact-sent").arg("name", name), None),
            (true, None) => (Message::new("city-management-fact-unwalked"), Some(check::PATH.to_owned())),
        };
        say("city-management-fact-duty", text, path);
    }
    if case.stage == "inspection" {
        let called = !case.awaited || case.confirmed || case.unreached >= UNREACHED_ENOUGH;
        let key = match (case.inspected, called) {
            (true, true) => "city-management-fact-closing-now",
            (true, false) => "city-management-fact-closing-callback",
            (false, true) => "city-management-fact-closing-inspection",
            (false, false) => "city-management-fact-closing-both",
        };
        say("city-management-fact-closing", Message::new(key), None);
    }
    facts
}

/// Says which organisation answers for a class, as the code table has it on the day of the report (GB/T 30428.2).
pub struct Responsible;

#[async_trait]
impl Adviser for Responsible {
    async fn advise(&self, app: &App, page: &Page, case: &FileRow) -> Result<Advised, Failure> {
        let Some((kind, code)) = class(&case.category).filter(|_| case.kind == KIND) else {
            return Ok(Advised::default());
        };
        let mut conn = app.db.read().await?;
        let held = crate::category::store::one(&mut conn, kind, code, china_day(case.reported_at)).await?;
        let answers = match held.as_ref().and_then(|held| held.organisation_id) {
            Some(id) => identity::api::organisation(&mut conn, id).await.map_err(CityError::from)?,
            None => None,
        };
        let way = |one: identity::api::Organisation| Advice {
            organisation: one.id,
            reasons: vec![
                page.ta("city-management-advice", &[("code", code.into()), ("name", case.category_name.clone())]),
            ],
            name: one.name,
            percent: None,
            sure: true,
        };
        let open = answers.filter(|one| one.closed_on.is_none());
        let notes = match &open {
            Some(_) => Vec::new(),
            None => vec![
                page.ta("city-management-advice-none", &[("code", code.into()), ("name", case.category_name.clone())]),
            ],
        };
        Ok(Advised { ways: open.map(way).into_iter().collect(), notes })
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
