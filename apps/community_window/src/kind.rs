//! The window's kind of case: its procedure, its categories (the matters taken), and to whom each goes.
use async_trait::async_trait;
use casework::api::{Advice, Advised, Adviser, CaseKind, Category, Fact, FileRow, Span, Unit};
use jh_db::DbError;
use jh_web::{App, Failure, Message, Page};
use sqlx::PgConnection;

use crate::store::{self, MatterRow};

/// Its code.
pub const KIND: &str = "community_window.matter";
/// More matters than any window takes.
const MATTERS_MAX: i64 = 2_000;

/// A matter that a clerk took for a department.
pub struct CommunityMatter;

#[async_trait]
impl CaseKind for CommunityMatter {
    fn code(&self) -> &'static str {
        KIND
    }

    fn procedure(&self) -> &'static str {
        include_str!("../procedure.json")
    }

    async fn categories(&self, conn: &mut PgConnection) -> Result<Vec<Category>, DbError> {
        let matters = store::list(conn, &[], None, false, MATTERS_MAX, 0).await?;
        Ok(matters.into_iter().map(category).collect())
    }

    async fn span(&self, conn: &mut PgConnection, case: &FileRow, limit: &str) -> Result<Option<Span>, DbError> {
        if limit != "handling" {
            return Ok(None);
        }
        let matter = store::find(conn, &case.category).await?;
        Ok(matter.map(|matter| Span::new(i32::from(matter.working_days), Unit::WorkingDay)))
    }

    async fn facts(&self, conn: &mut PgConnection, case: &FileRow) -> Result<Vec<Fact>, DbError> {
        let mut facts = Vec::new();
        if let Some(subject) = store::subject(conn, case.case_id).await? {
            facts.push(Fact {
                label: "community-window-applicant",
                text: Message::new("community-window-in-base"),
                path: Some(format!("/registry/people/{subject}")),
            });
        }
        if let Some(matter) = store::find(conn, &case.category).await?.filter(|matter| !matter.materials.is_empty()) {
            let brought = matter.materials.replace('\n', "；");
            let text = Message::new("community-window-brought").arg("materials", brought);
            facts.push(Fact { label: "community-window-materials", text, path: None });
        }
        Ok(facts)
    }
}

fn category(matter: MatterRow) -> Category {
    Category {
        code: matter.code,
        name: matter.name,
        name_en: matter.name_en,
        hint: matter.materials,
        group: matter.organisation_name,
        keywords: Vec::new(),
        open: false,
    }
}

/// Says which department decides a matter.
pub struct Decider;

#[async_trait]
impl Adviser for Decider {
    async fn advise(&self, app: &App, page: &Page, case: &FileRow) -> Result<Advised, Failure> {
        if case.kind != KIND {
            return Ok(Advised::default());
        }
        let matter = store::find(&mut *app.db.read().await?, &case.category).await?;
        let way = |matter: MatterRow| Advice {
            organisation: matter.organisation_id,
            reasons: vec![page.t1("community-window-advice", "name", matter.name)],
            name: matter.organisation_name,
            percent: None,
            sure: true,
        };
        Ok(Advised { ways: matter.map(way).into_iter().collect(), notes: Vec::new() })
    }
}

#[cfg(test)]
mod tests {
    use casework::api::Procedure;
    use casework::api::testing::{Choice, walk};
    use proptest::prelude::*;

    use super::*;

    fn procedure() -> Procedure {
        serde_json::from_str(CommunityMatter.procedure()).expect("a procedure")
    }

    #[test]
    fn the_procedure_that_comes_with_it_can_be_lived_by() {
        procedure().check().expect("a sound procedure");
    }

    proptest! {
        #[test]
        fn no_matter_is_ever_without_an_owner_or_a_next_step(
            steps in proptest::collection::vec((0..60_usize, any::<u8>(), any::<u8>(), any::<u8>()), 0..300),
            awaited in any::<bool>(),
        ) {
            let steps: Vec<Choice> = steps.into_iter()
                .map(|(act, roles, given, organisation)| Choice { act, roles, given, organisation })
                .collect();
            walk(&procedure(), false, awaited, &steps).map_err(TestCaseError::fail)?;
        }
    }
}
