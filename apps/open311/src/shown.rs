//! A case as strangers' programs are shown it: its category, its place, how it stands; its words only where the centre published
//! them, and then with whatever reads like a telephone or identity number hidden.
use std::collections::HashMap;

use casework::api::{AttachmentId, CaseId, FileRow, Outcome, PublicRow};
use jh_core::mask;
use jh_web::Page;

use crate::document::Node;
use crate::moment::written;

/// What rows are put into words with.
pub struct Shown<'a> {
    /// Names of categories by code, Chinese and English.
    pub names: &'a HashMap<String, (String, String)>,
    /// Names of stages by kind, version and code.
    pub stages: &'a HashMap<(String, i32, String), String>,
    /// The photo that the public may see, by case.
    pub photos: &'a HashMap<CaseId, AttachmentId>,
}

/// A case that goes on in another: whoever reported it still finds it, closed as a duplicate.
pub fn merged(case: FileRow) -> PublicRow {
    PublicRow {
        case_id: case.case_id,
        number: case.number,
        kind: case.kind,
        version: case.version,
        stage: case.stage,
        closed: true,
        title: case.title,
        description: case.description,
        category: case.category,
        category_name: case.category_name,
        shown: case.shown,
        address: case.address,
        lon: case.lon,
        lat: case.lat,
        reported_at: case.reported_at,
        changed_at: case.changed_at,
        due_at: None,
        closed_at: case.closed_at,
        outcome: Some(Outcome::Merged),
        result: String::new(),
        holder_name: None,
    }
}

/// The answer's `request`, with every field of the specification in its order.
pub fn request(page: &Page, row: &PublicRow, shown: &Shown<'_>) -> Node {
    let name = shown.names.get(&row.category).map_or(row.category_name.as_str(), |(zh, en)| page.pick(zh, en));
    let words = row.shown == "words";
    let description = if words { mask::numbers(&row.description) } else { name.to_owned() };
    let updated_at = row.closed_at.filter(|_| row.closed).unwrap_or(row.changed_at);
    let degrees = |value: Option<f64>| value.map_or(Node::Nothing, Node::Degrees);
    let photo = shown.photos.get(&row.case_id);
    let photo = photo.map(|photo| format!("{}/open311/v2/requests/{}/photos/{photo}", page.public_url(), row.number));
    Node::Fields(vec![
        ("service_request_id", Node::text(&*row.number)),
        ("status", Node::text(if row.closed { "closed" } else { "open" })),
        ("status_notes", Node::perhaps(notes(page, row, shown, words))),
        ("service_name", Node::text(name)),
        ("service_code", Node::text(&*row.category)),
        ("description", Node::Text(description)),
        ("agency_responsible", Node::perhaps(row.holder_name.as_deref())),
        ("service_notice", Node::Nothing),
        ("requested_datetime", Node::Text(written(row.reported_at))),
        ("updated_datetime", Node::Text(written(updated_at))),
        ("expected_datetime", Node::perhaps(row.due_at.filter(|_| !row.closed).map(written))),
        ("address", Node::perhaps(Some(mask::numbers(&row.address)))),
        ("address_id", Node::Nothing),
        ("zipcode", Node::Nothing),
        ("lat", degrees(row.lat)),
        ("long", degrees(row.lon)),
        ("media_url", Node::perhaps(photo)),
    ])
}

/// Of an open case its stage; of a closed one what it came to, and the answer where words are published.
fn notes(page: &Page, row: &PublicRow, shown: &Shown<'_>, words: bool) -> Option<String> {
    if !row.closed {
        return shown.stages.get(&(row.kind.clone(), row.version, row.stage.clone())).cloned();
    }
    let outcome = page.t(&format!("casework-outcome-{}", row.outcome?.code().replace('_', "-")));
    Some(match row.result.as_str() {
        result if words && !result.is_empty() => format!("{outcome}: {}", mask::numbers(result)),
        _ => outcome,
    })
}
