//! HTML of cases in the field. Words come from `i18n/case.*.ftl`, rules from `report`, `task`, `check` and `centre`.
pub mod appraisal;
pub mod centre;
pub mod check;
pub mod patrol;
