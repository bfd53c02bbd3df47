//! What the hotline's cases are about, and which stages they pass through.
use std::sync::LazyLock;

use async_trait::async_trait;
use casework::api::{Attribute, CaseKind, Category};
use jh_db::DbError;
use serde::Deserialize;
use sqlx::PgConnection;

/// The categories that come with the program; see data/hotline/README.md.
const CATEGORIES: &str = include_str!("../../../../data/hotline/categories.csv");

#[derive(Deserialize)]
struct Row {
    code: String,
    name: String,
    name_en: String,
    group: String,
    hint: String,
    keywords: String,
    open: bool,
}

static ALL: LazyLock<Vec<Category>> = LazyLock::new(|| {
    let mut rows = csv::Reader::from_reader(CATEGORIES.as_bytes());
    // A test holds that each line can be read.
    rows.deserialize::<Row>().filter_map(Result::ok).map(category).collect()
});

/// The categories, in their order.
pub fn all() -> &'static [Category] {
    &ALL
}

fn category(row: Row) -> Category {
    Category {
        code: row.code,
        name: row.name,
        name_en: row.name_en,
        hint: row.hint,
        group: row.group,
        keywords: row.keywords.split_whitespace().map(str::to_owned).collect(),
        open: row.open,
    }
}

/// A request to the hotline: question, complaint, report of a fault, suggestion.
pub struct HotlineRequest;

/// Its code.
pub const KIND: &str = "hotline.request";

#[async_trait]
impl CaseKind for HotlineRequest {
    fn code(&self) -> &'static str {
        KIND
    }

    fn procedure(&self) -> &'static str {
        include_str!("../../procedure.json")
    }

    async fn categories(&self, _conn: &mut PgConnection) -> Result<Vec<Category>, DbError> {
        Ok(ALL.clone())
    }

    async fn attributes(&self, _conn: &mut PgConnection, category: &str) -> Result<Vec<Attribute>, DbError> {
        Ok(super::asked::of(category))
    }
}

#[cfg(test)]
mod tests {
    use casework::api::Procedure;
    use casework::api::testing::{Choice, walk};
    use proptest::prelude::*;

    use super::*;

    fn procedure() -> Procedure {
        serde_json::from_str(HotlineRequest.procedure()).expect("a procedure")
    }

    #[test]
    fn the_procedure_is_sound_and_every_category_can_be_read() {
        procedure().check().expect("sound");
        assert_eq!(ALL.len(), CATEGORIES.lines().count() - 1);
    }

    proptest! {
        #[test]
        fn no_request_is_ever_without_an_owner_or_a_next_step(
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
