//! HTML of cases in the field. Words come from `i18n/case.*.ftl`, rules from `report`, `task` and `centre`.
pub mod appraisal;
pub mod centre;
pub mod patrol;
