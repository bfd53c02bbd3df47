//! How the pages word what the model knows by code: kinds, states, rules, sizes, addresses.
use catalogue::api::RowKind;
use jh_web::Page;
use serde::{Deserialize, Deserializer};

use crate::model::State;
use crate::store::reject::StoredFault;
use crate::store::views::deliveries::{RuleCount, Shown};

/// Where a delivery stands, as people see it: done with rejected rows is not quite done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stand {
    Received,
    Checking,
    Mapping,
    Landing,
    Done,
    Partial,
    Failed,
    Cancelled,
}

impl Stand {
    /// The Fluent key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Received => "registry-page-state-received",
            Self::Checking => "registry-page-state-checking",
            Self::Mapping => "registry-page-state-mapping",
            Self::Landing => "registry-page-state-landing",
            Self::Done => "registry-page-state-done",
            Self::Partial => "registry-page-state-partial",
            Self::Failed => "registry-page-state-failed",
            Self::Cancelled => "registry-page-state-cancelled",
        }
    }

    /// How its badge is coloured.
    pub fn badge(self) -> &'static str {
        match self {
            Self::Received | Self::Cancelled => "neutral",
            Self::Checking | Self::Landing => "info",
            Self::Mapping | Self::Partial => "warn",
            Self::Done => "good",
            Self::Failed => "bad",
        }
    }

    /// The heading over its figures.
    pub fn progress_key(self) -> &'static str {
        match self {
            Self::Received => "registry-page-progress-waiting",
            Self::Checking | Self::Landing => "registry-page-progress-running",
            _ => "registry-page-progress-result",
        }
    }

    /// Whether its figures still move.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Received | Self::Checking | Self::Landing)
    }
    /// Whether it can still be cancelled.
    pub fn is_open(self) -> bool {
        self.is_live() || self.awaits_mapping()
    }
    /// Whether a person must say what columns mean.
    pub fn awaits_mapping(self) -> bool {
        self == Self::Mapping
    }
    /// Whether the file could not be used.
    pub fn is_failed(self) -> bool {
        self == Self::Failed
    }
    /// Whether somebody stopped it.
    pub fn is_cancelled(self) -> bool {
        self == Self::Cancelled
    }
    /// Whether all of it was read.
    pub fn is_done(self) -> bool {
        matches!(self, Self::Done | Self::Partial)
    }
}

impl Shown {
    /// Where it stands.
    pub fn stand(&self) -> Stand {
        match self.state {
            State::Received => Stand::Received,
            State::Checking => Stand::Checking,
            State::Mapping => Stand::Mapping,
            State::Landing => Stand::Landing,
            State::Done if self.rows_rejected > 0 => Stand::Partial,
            State::Done => Stand::Done,
            State::Failed => Stand::Failed,
            State::Cancelled => Stand::Cancelled,
        }
    }

    /// Rows that are in the base now.
    pub fn rows_landed(&self) -> i64 {
        self.rows_new + self.rows_changed + self.rows_unchanged
    }

    /// Of a hundred how much is read. A workbook tells its rows beforehand, a text only its bytes.
    pub fn percent(&self) -> i64 {
        if self.stand().is_done() {
            return 100;
        }
        let (done, all) = match self.rows_declared.filter(|rows| *rows > 0) {
            Some(rows) => (self.rows_read, rows),
            None => (self.next_offset, self.file_bytes),
        };
        if all <= 0 { 0 } else { (done.saturating_mul(100) / all).clamp(0, 99) }
    }

    /// Whether every row was known already.
    pub fn is_same_again(&self) -> bool {
        let nothing_new = self.rows_read > 0 && self.rows_unchanged == self.rows_read;
        self.stand() == Stand::Done && (self.same_as.is_some() || nothing_new)
    }

    /// The Fluent key of what became of the file, where rows were rejected.
    pub fn rejected_key(&self) -> &'static str {
        if self.rows_landed() == 0 { "registry-page-done-none" } else { "registry-page-done-some" }
    }
    /// Whether its rejected rows still wait to be corrected.
    pub fn is_unsettled(&self) -> bool {
        self.stand() == Stand::Partial && self.settled_at.is_none()
    }

    /// What its rows are, in words.
    pub fn what(&self, page: &Page) -> String {
        match &self.resource_title {
            Some(title) => page.pick(title, self.resource_title_en.as_deref().unwrap_or("")).to_owned(),
            None => page.t(kind_key(&self.kind)),
        }
    }
}

/// The Fluent key of a kind by its word.
pub fn kind_key(kind: &str) -> &'static str {
    match kind {
        "person" => "registry-page-kind-person",
        "organisation" => "registry-page-kind-organisation",
        "place" => "registry-page-kind-place",
        _ => "registry-page-kind-dataset",
    }
}

/// The kinds in the order of forms.
pub const KINDS: [RowKind; 4] = [RowKind::Person, RowKind::Organisation, RowKind::Place, RowKind::Dataset];

/// One rule with how often it was broken, in words.
pub struct RuleLine {
    pub code: String,
    pub words: String,
    pub rows: i64,
}

impl RuleLine {
    /// From a count.
    pub fn of(page: &Page, count: RuleCount) -> Self {
        Self { words: rule_words(page, &count.rule), rows: count.rows, code: count.rule }
    }
}

/// One fault in words: where, what was there, what is wrong, how to mend it.
pub struct FaultLine {
    pub row: i64,
    pub column: String,
    pub value: String,
    pub words: String,
    pub mend: String,
}

impl FaultLine {
    /// From a stored fault.
    pub fn of(page: &Page, fault: StoredFault) -> Self {
        Self {
            words: rule_words(page, &fault.rule),
            mend: mend_words(page, &fault.rule, &fault.detail),
            row: fault.row_no,
            column: fault.column_name,
            value: fault.value_shown,
        }
    }
}

/// What is wrong, by the rule that was broken.
pub fn rule_words(page: &Page, rule: &str) -> String {
    page.t(&format!("registry-page-rule-{rule}"))
}

/// How it is put right.
pub fn mend_words(page: &Page, rule: &str, detail: &str) -> String {
    page.t1(&format!("registry-page-mend-{rule}"), "detail", detail)
}

/// 12.3 MB: decimal units, as file managers and disks count.
pub fn bytes(count: i64) -> String {
    let count = u64::try_from(count).unwrap_or(0);
    for (unit, size) in [("GB", 1_000_000_000_u64), ("MB", 1_000_000), ("kB", 1_000)] {
        if count >= size {
            let tenths = count / (size / 10);
            return format!("{}.{} {unit}", tenths / 10, tenths % 10);
        }
    }
    format!("{count} B")
}

/// An address with those of the parameters that are not empty.
pub fn href(path: &str, parameters: &[(&str, &str)]) -> String {
    let given: Vec<_> = parameters.iter().filter(|(_, value)| !value.is_empty()).collect();
    match serde_html_form::to_string(given) {
        Ok(query) if !query.is_empty() => format!("{path}?{query}"),
        _ => path.to_owned(),
    }
}

/// The address that a pager continues with `page=2`.
pub fn pager_href(address: &str) -> String {
    if address.contains('?') { format!("{address}&") } else { format!("{address}?") }
}

/// A text parameter: trimmed, at most 200 characters, without control characters.
pub fn tidy<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    Ok(text.trim().chars().filter(|c| !c.is_control()).take(200).collect())
}

/// None for an empty text: an unused filter.
pub fn given(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_a_file_manager_shows_them() {
        for (count, text) in
            [(0, "0 B"), (999, "999 B"), (1_000, "1.0 kB"), (12_345_678, "12.3 MB"), (1 << 30, "1.0 GB")]
        {
            assert_eq!(bytes(count), text);
        }
    }

    #[test]
    fn an_unused_filter_is_not_in_the_address() {
        assert_eq!(href("/a", &[("state", ""), ("kind", "")]), "/a");
        assert_eq!(
            href("/a", &[("state", "done"), ("kind", ""), ("q", "张 三")]),
            "/a?state=done&q=%E5%BC%A0+%E4%B8%89"
        );
        assert_eq!(pager_href("/a"), "/a?");
        assert_eq!(pager_href("/a?b=1"), "/a?b=1&");
    }
}
