//! What stands beside a call: who calls and what he called about before, what is known, what was reported nearby, where it may be, and
//! who might be responsible.
use std::collections::BTreeMap;

use casework::api::{Advised, Alike, Badge, ListRow, PlaceRow, Whose, due_badge};
use jh_core::clock::china_day;
use jh_web::{App, Failure, Page, Pairs};
use sqlx::PgConnection;

use super::adviser::advised;
use super::{dismissal, place};
use crate::knowledge::answers;

/// Answers beside a call.
const ANSWERS_MAX: usize = 4;
/// Nothing is looked for by fewer characters.
const CHARS_MIN: usize = 4;
/// Fields that a button beside the call may fill.
const FILLED: [&str; 4] = ["answer", "address", "point", "organisation"];

/// An answer that fits what is being said.
pub struct Answer {
    /// Its entry in the knowledge base.
    pub id: String,
    pub question: String,
    pub answer: String,
    pub organisation: String,
}

/// An earlier case of the caller.
pub struct Earlier {
    pub row: ListRow,
    pub due: Badge,
}

/// What stands beside the form.
#[derive(Default)]
pub struct Beside {
    /// The caller's cases, open ones first.
    pub earlier: Vec<Earlier>,
    /// Calls of his that reported nothing, lately.
    pub dismissed: i64,
    pub answers: Vec<Answer>,
    pub alike: Vec<Alike>,
    pub advice: Advised,
    pub places: Vec<PlaceRow>,
    /// Whether there was anything to look for.
    pub asked: bool,
}

impl Beside {
    /// Looks for everything that a form's words lead to.
    pub async fn look(app: &App, conn: &mut PgConnection, page: &Page, form: &Pairs) -> Result<Self, Failure> {
        let text: String = form.get("description").chars().take(1_000).collect();
        let scopes = page.actor()?.scopes(casework::api::READ);
        let mut beside = Self { places: place::known(conn, form, &scopes).await?, ..Self::default() };
        beside.asked = !beside.places.is_empty();
        if let Some(phone) = form.given("phone") {
            let rows = casework::api::of_caller(app, conn, phone, &scopes).await?;
            let line = |row: ListRow| Earlier { due: due_badge(page, row.due_at, row.paused, row.closed), row };
            beside.earlier = rows.into_iter().map(line).collect();
            beside.earlier.sort_by_key(|one| one.row.closed);
            beside.dismissed = dismissal::of_caller(app, conn, phone, page.now(), &scopes).await?;
            beside.asked = true;
        }
        if text.chars().count() < CHARS_MIN {
            return Ok(beside);
        }
        beside.asked = true;
        let found = answers(conn, china_day(page.now()), &text, ANSWERS_MAX, false).await?;
        beside.answers = found
            .into_iter()
            .map(|found| Answer {
                id: found.answer.entry_id.to_string(),
                question: found.answer.question,
                answer: found.answer.short_answer,
                organisation: found.answer.organisation_name,
            })
            .collect();
        let sought = format!("{} {}", text, form.get("address"));
        let whose = Whose::Of(&scopes);
        let category = form.get("category");
        beside.alike = casework::api::duplicates(conn, place::point(form), category, &sought, whose).await?;
        beside.advice = advised(app, page, &text, category).await?;
        Ok(beside)
    }

    /// Whether an earlier case of the caller is still open: then it stands above all else.
    pub fn waits(&self) -> bool {
        self.earlier.iter().any(|one| !one.row.closed)
    }

    /// How like, in hundredths.
    pub fn percent(alike: &Alike) -> u8 {
        (alike.likeness * 100.0).round().clamp(0.0, 99.0) as u8
    }

    /// What a button fills in with this answer.
    pub fn fills_answer(one: &Answer) -> String {
        fill(&[("answer", &one.answer)])
    }

    /// What a button fills in with this place.
    pub fn fills_place(one: &PlaceRow) -> String {
        fill(&[("address", &one.address), ("point", &format!("{:.6},{:.6}", one.lon, one.lat))])
    }

    /// What a button fills in with this organisation.
    pub fn fills_organisation(name: &str) -> String {
        fill(&[("organisation", name)])
    }
}

/// Fields and what is to stand in them, as a button carries them.
fn fill(fields: &[(&str, &str)]) -> String {
    let fields: BTreeMap<&str, &str> = fields.iter().copied().collect();
    serde_json::to_string(&fields).unwrap_or_default()
}

/// Does what such a button asks for, where no script has done it. An answer is added to what is written already.
pub fn filled(mut form: Pairs) -> Pairs {
    let asked: BTreeMap<String, String> = serde_json::from_str(form.get("fill")).unwrap_or_default();
    for (field, text) in asked.into_iter().filter(|(field, _)| FILLED.contains(&field.as_str())) {
        let before = form.get(&field).to_owned();
        let text = if field == "answer" && !before.is_empty() { format!("{before}\n{text}") } else { text };
        form.0.retain(|(name, _)| *name != field);
        form.0.push((field, text));
    }
    form
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_fills_the_fields_of_a_call_and_no_others() {
        let form = Pairs::of([
            ("answer", "您好。".to_owned()),
            ("phone", "1".to_owned()),
            ("fill", r#"{"answer":"请拨打 119。","address":"人民路","phone":"2"}"#.to_owned()),
        ]);
        let form = filled(form);
        assert_eq!(form.get("answer"), "您好。\n请拨打 119。");
        assert_eq!((form.get("address"), form.get("phone")), ("人民路", "1"));
        assert_eq!(filled(Pairs::of([("fill", "?".to_owned())])).get("answer"), "");
    }
}
