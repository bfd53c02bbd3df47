//! What one value of a row says about another: the citizen ID tells the day of birth and the sex.
use jh_core::code::citizen_id::CitizenId;

use super::outcome::Checked;
use super::value::push_date;
use crate::schema::Schema;

/// Compares a person's values, and adds birth and sex where only the number tells them. Faults go to `refuse` with
/// the attribute's position, the rule and a detail.
pub fn of_person(
    schema: &Schema,
    id: &CitizenId,
    checked: &mut Checked,
    refuse: &mut dyn FnMut(usize, &'static str, String),
) {
    if schema.kind != catalogue::api::RowKind::Person {
        return;
    }
    let mut born = String::with_capacity(10);
    push_date(id.birth_on(), &mut born);
    if let Some(position) = schema.position("birth_on") {
        match checked.open_value(position) {
            Some(given) if given != born => refuse(position, "birth-disagrees", String::new()),
            Some(_) => {}
            None => checked.derive_value(position, &born),
        }
    }
    if let Some(position) = schema.position("sex") {
        match checked.open_value(position) {
            Some("1" | "2") if checked.open_value(position) != Some(id.sex().code()) => {
                refuse(position, "sex-disagrees", String::new());
            }
            Some(_) => {}
            None => checked.derive_value(position, id.sex().code()),
        }
    }
    if let Some(position) = schema.position("died_on")
        && checked.open_value(position).is_some_and(|died| died < born.as_str())
    {
        refuse(position, "died-before-birth", String::new());
    }
    if let Some(position) = schema.position("guardian_id")
        && checked.open_value(position) == Some(id.normalised())
    {
        refuse(position, "guardian-is-self", String::new());
    }
}
