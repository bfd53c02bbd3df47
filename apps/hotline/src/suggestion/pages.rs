//! Pages: what has been learned and how good it is, where past cases come from, and what organisations are responsible for.
pub mod duties;
pub mod history;
pub mod names;
pub mod overview;

use jh_web::Page;

use super::store::NameRow;

/// A share as a percentage with one decimal.
fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

/// Organisations to choose from.
fn choices(page: &Page, first_key: &str, rows: &[NameRow]) -> Vec<(String, String)> {
    let first = (String::new(), page.t(first_key));
    std::iter::once(first).chain(rows.iter().map(|row| (row.organisation_id.to_string(), row.name.clone()))).collect()
}
