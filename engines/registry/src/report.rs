//! The rejected rows of a delivery as a file: its own columns and one more that says what is wrong and how to mend it.
use std::sync::LazyLock;

use jh_db::Base;
use jh_web::Lang;
use jh_web::lang::Messages;

use crate::check::write_record;
use crate::fault::RegistryError;
use crate::land::open_cells;
use crate::model::DeliveryId;
use crate::store::progress;
use crate::store::reject::{self, ReportRow};

/// Rows read from the database at a time.
const PART_ROWS: i64 = 500;

/// The texts of rules, for reports that no page asks for. A source that does not parse is found by the test below.
static WORDS: LazyLock<Option<Messages>> = LazyLock::new(|| {
    let sources = [
        ("registry", Lang::Zh, include_str!("../i18n/pages.zh.ftl")),
        ("registry", Lang::En, include_str!("../i18n/pages.en.ftl")),
    ];
    Messages::load(sources).ok()
});

/// What a rule says and how it is mended.
pub fn words(lang: Lang, rule: &str, detail: &str) -> String {
    let Some(messages) = WORDS.as_ref() else { return format!("{rule} {detail}") };
    let said = messages.get(lang, &format!("registry-page-rule-{rule}"), &[]);
    let mend = messages.get(lang, &format!("registry-page-mend-{rule}"), &[("detail", detail.to_owned())]);
    format!("{said} {mend}")
}

/// The first line, with the mark that tells spreadsheets that this is UTF-8.
pub fn head(columns: &[String], lang: Lang) -> String {
    let problem =
        WORDS.as_ref().map_or_else(|| "problem".to_owned(), |texts| texts.get(lang, "registry-page-problem", &[]));
    let mut text = String::from("\u{feff}");
    write_record(columns.iter().map(String::as_str).chain([problem.as_str()]), &mut text);
    text
}

/// A file's first line and nothing else, with the same mark.
pub fn header_line(columns: &[String]) -> String {
    let mut text = String::from("\u{feff}");
    write_record(columns.iter().map(String::as_str), &mut text);
    text
}

/// The rows behind `after` and the place to go on from; none at the end.
pub async fn part(
    base: &Base,
    delivery: DeliveryId,
    width: usize,
    after: i64,
    lang: Lang,
) -> Result<Option<(String, i64)>, RegistryError> {
    let rows = reject::report(&mut *base.db.read().await?, delivery, after, PART_ROWS).await?;
    let Some(last) = rows.last().map(|row| row.row_no) else { return Ok(None) };
    let mut text = String::new();
    for row in &rows {
        push(base, row, width, lang, &mut text)?;
    }
    Ok(Some((text, last)))
}

fn push(base: &Base, row: &ReportRow, width: usize, lang: Lang, out: &mut String) -> Result<(), RegistryError> {
    let mut cells = open_cells(&base.keys, &row.cells_sealed)?;
    cells.resize(width, String::new());
    let faults = row.column_names.iter().zip(row.rules.iter().zip(&row.details));
    let told: Vec<String> = faults
        .map(|(column, (rule, detail))| {
            let words = words(lang, rule, detail);
            if column.is_empty() { words } else { format!("{column}: {words}") }
        })
        .collect();
    cells.push(told.join("; "));
    write_record(cells.iter().map(String::as_str), out);
    Ok(())
}

/// The whole report, at most [`reject::REPORT_ROWS_MAX`] rows.
pub async fn whole(base: &Base, delivery: DeliveryId, lang: Lang) -> Result<Vec<u8>, RegistryError> {
    let found = progress::find(&mut *base.db.read().await?, None, delivery).await?;
    let columns = found.ok_or(RegistryError::DeliveryNotFound)?.columns.unwrap_or_default();
    let mut text = head(&columns, lang);
    let mut after = 0;
    while let Some((rows, last)) = part(base, delivery, columns.len(), after, lang).await? {
        text.push_str(&rows);
        after = last;
    }
    Ok(text.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every rule the checker can break, besides those of `jh_core::code`.
    const OWN: &[&str] = &[
        "missing",
        "too-long",
        "code-unknown",
        "code-set-missing",
        "name-character",
        "control-character",
        "email-format",
        "boolean-format",
        "instant-format",
        "point-format",
        "degrees-range",
        "year-format",
        "digits-format",
        "integer-format",
        "decimal-format",
        "date-in-future",
        "division-ambiguous",
        "birth-disagrees",
        "sex-disagrees",
        "died-before-birth",
        "guardian-is-self",
        "formula-cell",
        "error-cell",
        "number-lost-digits",
        "row-encoding",
        "row-ragged",
        "quote-unclosed",
        "file-ends-in-quotes",
        "row-too-long",
        "cell-too-long",
    ];

    #[test]
    fn every_rule_has_words_and_a_remedy_in_both_languages() {
        let messages = WORDS.as_ref().expect("the texts parse");
        let national = jh_core::code::fault_codes();
        let used = ["citizen-id-", "uscc-", "date-", "division-", "phone-"];
        let national = national.iter().filter(|code| used.iter().any(|start| code.starts_with(start)));
        for rule in OWN.iter().chain(national) {
            for lang in [Lang::Zh, Lang::En] {
                for half in ["rule", "mend"] {
                    let key = format!("registry-page-{half}-{rule}");
                    assert!(messages.has(lang, &key), "{lang:?} {key}");
                }
            }
        }
    }
}
