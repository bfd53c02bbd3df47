//! `package_search`: free text and the part of Solr's filter language that clients of catalogues really send.
use jh_web::App;
use serde_json::{Map, Value, json};

use crate::ckan::package::{self, title};
use crate::ckan::{Parameters, Refused};
use crate::model::Theme;
use crate::store::described;
use crate::store::search::{self, FacetRow, Narrow};
use crate::words;

/// CKAN's own limit of one answer.
const ROWS_MAX: i64 = 1_000;
/// The deepest start served.
const START_MAX: i64 = 100_000;

/// A question, read.
#[derive(Default, PartialEq, Eq, Debug)]
struct Question {
    text: String,
    organisation: Option<String>,
    theme: Option<String>,
    keyword: Option<String>,
    /// True when a filter names something we know that nothing here can have, such as another licence.
    nothing: bool,
}

/// The action.
pub async fn package_search(app: &App, parameters: &Parameters) -> Result<Value, Refused> {
    let mut question = Question::default();
    read(&parameters.text("q").unwrap_or_default(), "q", &mut question)?;
    read(&parameters.text("fq").unwrap_or_default(), "fq", &mut question)?;
    for filter in parameters.list("fq_list") {
        read(&filter, "fq_list", &mut question)?;
    }
    let limit = parameters.number("rows", 10, ROWS_MAX)?;
    let start = parameters.number("start", 0, START_MAX)?;
    let order = order(&parameters.text("sort").unwrap_or_default());
    words::ready().await;
    let query = words::query(&question.text);
    let narrow = Narrow {
        words: query.as_ref().map(|query| query.all.as_str()),
        provider: question.organisation.as_deref(),
        theme: question.theme.as_deref(),
        keyword: question.keyword.as_deref(),
        ..Narrow::default()
    };
    let mut conn = app.db.read().await?;
    let (hits, counts) = if question.nothing {
        (Vec::new(), Vec::new())
    } else {
        let hits = described::described(&mut conn, &narrow, order, limit, start).await?;
        (hits, search::facets(&mut conn, &narrow).await?)
    };
    let wanted = if parameters.0.get("facet").is_none_or(|f| *f != Value::Bool(false)) {
        parameters.list("facet.field")
    } else {
        Vec::new()
    };
    let tags = if wanted.iter().any(|name| name == "tags") && !question.nothing {
        search::keyword_counts(&mut conn, &narrow, 50).await?
    } else {
        Vec::new()
    };
    let (facets, search_facets) = facets(&wanted, &counts, &tags);
    Ok(json!({
        "count": counts.iter().find(|row| row.facet == "all").map_or(0, |row| row.hits),
        "sort": parameters.text("sort").unwrap_or_else(|| "score desc, metadata_modified desc".into()),
        "results": hits.iter().map(|one| package::package(one, &app.settings().public_url)).collect::<Value>(),
        "facets": facets,
        "search_facets": search_facets,
    }))
}

fn order(sort: &str) -> &'static str {
    let first = sort.split(',').next().unwrap_or("").trim();
    match first.split_whitespace().next().unwrap_or("") {
        "name" | "id" => "code",
        "title" | "title_string" => "title",
        "metadata_modified" | "metadata_created" => "newest",
        _ => "rank",
    }
}

/// Reads `free words organization:nt-ga +tags:"停车"`. What we do not know is refused rather than ignored, because an
/// ignored filter answers a question that nobody asked.
fn read(text: &str, parameter: &'static str, question: &mut Question) -> Result<(), Refused> {
    for term in terms(text) {
        let term = term.trim_start_matches('+');
        if matches!(term, "" | "AND" | "*:*" | "*") {
            continue;
        }
        let filter = term
            .split_once(':')
            .filter(|(name, _)| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'));
        let Some((name, value)) = filter else {
            question.text.push(' ');
            question.text.push_str(term.trim_matches('"'));
            continue;
        };
        apply(name, value.trim_matches(['"', '(', ')']), parameter, question)?;
    }
    Ok(())
}

fn apply(name: &str, value: &str, parameter: &'static str, question: &mut Question) -> Result<(), Refused> {
    if value == "*" {
        return Ok(());
    }
    match name {
        "organization" | "owner_org" => question.organisation = Some(value.to_owned()),
        "groups" => question.theme = Some(value.to_owned()),
        "tags" => question.keyword = Some(value.to_owned()),
        "title" | "notes" | "name" | "text" => {
            question.text.push(' ');
            question.text.push_str(value.trim_matches('*'));
        }
        // Every open resource has both files, one licence, and is an active, public data set.
        "res_format" => question.nothing |= !matches!(value.to_uppercase().as_str(), "CSV" | "JSON"),
        "license_id" => question.nothing |= value != "cc-by",
        "state" => question.nothing |= value != "active",
        "dataset_type" | "type" => question.nothing |= value != "dataset",
        "capacity" => question.nothing |= value != "public",
        "private" => question.nothing |= value != "false",
        _ => return Err(Refused::Invalid(parameter, format!("the field {name} cannot be searched here"))),
    }
    Ok(())
}

/// Words with spaces between them, quoted ones held together.
fn terms(text: &str) -> Vec<String> {
    let mut terms = vec![String::new()];
    let mut quoted = false;
    for c in text.chars() {
        quoted ^= c == '"';
        match terms.last_mut() {
            _ if c.is_whitespace() && !quoted => terms.push(String::new()),
            Some(last) => last.push(c),
            None => {}
        }
    }
    terms
}

fn facets(wanted: &[String], counts: &[FacetRow], tags: &[FacetRow]) -> (Value, Value) {
    let (mut plain, mut full) = (Map::new(), Map::new());
    for name in wanted {
        let rows: Vec<&FacetRow> = match name.as_str() {
            "organization" => counts.iter().filter(|row| row.facet == "provider").collect(),
            "groups" => counts.iter().filter(|row| row.facet == "theme").collect(),
            "tags" => tags.iter().collect(),
            _ => Vec::new(),
        };
        let items = rows.iter().map(|row| (value(name, row), display(name, row), row.hits));
        let items: Vec<_> = items.collect();
        plain.insert(name.clone(), items.iter().map(|(value, _, hits)| (value.clone(), json!(hits))).collect());
        let items: Vec<_> = items
            .iter()
            .map(|(value, shown, hits)| json!({ "name": value, "display_name": shown, "count": hits }))
            .collect();
        full.insert(name.clone(), json!({ "title": name, "items": items }));
    }
    (Value::Object(plain), Value::Object(full))
}

/// An organisation's CKAN name is its code in small letters; tags stay as they are written.
fn value(facet: &str, row: &FacetRow) -> String {
    if facet == "organization" { row.value.to_lowercase() } else { row.value.clone() }
}

fn display(facet: &str, row: &FacetRow) -> String {
    match facet {
        "organization" => row.name.clone(),
        "groups" => Theme::from_word(&row.value).map(title).unwrap_or(&row.value).to_owned(),
        _ => row.value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_and_words_are_told_apart() {
        let mut question = Question::default();
        assert!(read("停车 +organization:nt-cg AND tags:\"停 车\" *:*", "q", &mut question).is_ok());
        let expected = Question {
            text: " 停车".into(),
            organisation: Some("nt-cg".into()),
            keyword: Some("停 车".into()),
            ..Question::default()
        };
        assert_eq!(question, expected);
    }

    #[test]
    fn unknown_filters_are_refused_not_ignored() {
        let mut question = Question::default();
        assert!(matches!(read("views_total:[1 TO *]", "fq", &mut question), Err(Refused::Invalid("fq", _))));
        assert!(read("res_format:PDF", "fq", &mut question).is_ok());
        assert!(question.nothing);
    }
}
