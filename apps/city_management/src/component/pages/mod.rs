//! HTML, GeoJSON and CSV of components. Words come from `i18n/`, rules from `check` and `actions`.
pub mod import;
pub mod list;
