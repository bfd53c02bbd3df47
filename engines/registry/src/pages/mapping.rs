//! The page on which a person says what columns mean that their headers do not tell.
use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jh_core::fault::{Fault, Kind, Refusal};
use jh_core::mask;
use jh_db::Base;
use jh_web::{App, Failure, FieldErrors, Page, Submission, redirect, render, render_with};
use serde::Deserialize;
use tokio::task::spawn_blocking;

use super::delivery;
use crate::actions;
use crate::fault::RegistryError;
use crate::mapping::{Choice, column_letters, folded};
use crate::model::DeliveryId;
use crate::reader;
use crate::schema::{Attribute, Schema};
use crate::store::views::deliveries::Shown;

/// Values shown of each column.
const SAMPLES: usize = 3;
/// The longest of them.
const SAMPLE_CHARS: usize = 30;

/// One column to be named.
struct Column {
    at: usize,
    letters: String,
    header: String,
    samples: Vec<String>,
    chosen: String,
    /// Chosen for it by what its cells hold, not by its header.
    suggested: bool,
    wrong: bool,
}

/// One attribute to choose.
struct AttributeChoice {
    name: String,
    label: String,
}

#[derive(Template)]
#[template(path = "registry/mapping.html")]
struct MappingPage {
    page: Page,
    it: Shown,
    missing: String,
    columns: Vec<Column>,
    options: Vec<AttributeChoice>,
    errors: FieldErrors,
}

impl MappingPage {
    fn problems(&self) -> Vec<(&str, &str)> {
        let texts = self.errors.items.iter().map(|(_, text)| text.as_str());
        texts.chain(self.errors.general.as_deref()).map(|text| ("columns", text)).collect()
    }
}

/// `GET /registry/deliveries/{id}/mapping`. Where nothing is asked any more, the delivery itself is shown.
pub async fn form(State(app): State<App>, page: Page, Path(id): Path<DeliveryId>) -> Result<Response, Failure> {
    match shown(&app, page, id, None).await? {
        Some(shown) => render(&shown),
        None => Ok(redirect(&format!("/registry/deliveries/{id}"))),
    }
}

/// The selections: `column-0`, `column-1`, …; an empty one leaves its column out.
#[derive(Deserialize)]
pub struct Form {
    #[serde(flatten)]
    columns: HashMap<String, String>,
}

/// `POST /registry/deliveries/{id}/mapping`.
pub async fn submit(
    State(app): State<App>,
    page: Page,
    Path(id): Path<DeliveryId>,
    submission: Submission<Form>,
) -> Result<Response, Failure> {
    let given = |at: usize| submission.form.columns.get(&format!("column-{at}")).map_or("", String::as_str);
    let mut conn = app.db.read().await?;
    let it = delivery::find(&mut conn, &page, id).await?;
    let schema = delivery::schema_of(&mut conn, &it).await?;
    drop(conn);
    let header = it.columns.unwrap_or_default();
    let chosen: Vec<String> = (0..header.len()).map(|at| given(at).to_owned()).collect();
    if let Some(refusal) = wrong(&schema, &chosen) {
        return again(&app, page, id, (&chosen, &refusal)).await;
    }
    let attribute = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let choices: Vec<Choice> = header
        .into_iter()
        .zip(&chosen)
        .filter(|(column, _)| !column.is_empty())
        .map(|(column, chosen)| Choice { column, attribute: attribute(chosen) })
        .collect();
    match actions::map(&app, &submission.command, id, &choices).await {
        Ok(()) => Ok(redirect(&format!("/registry/deliveries/{id}"))),
        Err(error) => {
            let refusal = error.refusal();
            if refusal.kind == Kind::Invalid {
                again(&app, page, id, (&chosen, &refusal)).await
            } else {
                Err(error.into())
            }
        }
    }
}

/// What the page itself can see to be wrong: one attribute twice, or one that every row must have nowhere.
fn wrong(schema: &Schema, chosen: &[String]) -> Option<Refusal> {
    let twice = chosen.iter().enumerate().find(|(at, name)| !name.is_empty() && chosen[..*at].contains(name));
    if let Some((_, name)) = twice {
        let label = schema.position(name).map_or(name.as_str(), |at| schema.attributes[at].label.as_str());
        return Some(Refusal::new(Kind::Invalid, "registry-page-mapping-twice").arg("label", label));
    }
    let missing = missing(schema, |name| chosen.iter().any(|chosen| chosen == name));
    (!missing.is_empty()).then(|| Refusal::new(Kind::Invalid, "registry-page-mapping-missing").arg("labels", missing))
}

/// The labels of what every row must have and no column is.
fn missing(schema: &Schema, has: impl Fn(&str) -> bool) -> String {
    let required = schema.attributes.iter().filter(|attribute| attribute.required && !has(&attribute.name));
    let mut labels: Vec<&str> = required.map(|attribute| attribute.label.as_str()).collect();
    let keyed = schema.key.iter().any(|position| has(&schema.attributes[*position].name));
    if labels.is_empty() && !keyed {
        labels.extend(schema.key.first().map(|position| schema.attributes[*position].label.as_str()));
    }
    labels.join("、")
}

async fn again(app: &App, page: Page, id: DeliveryId, tried: (&[String], &Refusal)) -> Result<Response, Failure> {
    match shown(app, page, id, Some(tried)).await? {
        Some(shown) => render_with(StatusCode::UNPROCESSABLE_ENTITY, &shown),
        None => Ok(redirect(&format!("/registry/deliveries/{id}"))),
    }
}

async fn shown(
    app: &App,
    page: Page,
    id: DeliveryId,
    tried: Option<(&[String], &Refusal)>,
) -> Result<Option<MappingPage>, Failure> {
    let mut conn = app.db.read().await?;
    let it = delivery::find(&mut conn, &page, id).await?;
    if !delivery::may_submit(&mut conn, &page, id).await? {
        return Err(Failure::not_found());
    }
    let schema = delivery::schema_of(&mut conn, &it).await?;
    drop(conn);
    if !it.stand().awaits_mapping() {
        return Ok(None);
    }
    let header = it.columns.clone().unwrap_or_default();
    let proposed: Vec<String> = it.attributes.iter().flatten().map(|name| name.clone().unwrap_or_default()).collect();
    let chosen = tried.map_or(proposed, |(chosen, _)| chosen.to_vec());
    let samples = samples(app, &it, header.len()).await?;
    let columns = header
        .iter()
        .zip(samples)
        .enumerate()
        .map(|(at, (header, samples))| {
            let chosen_here = chosen.get(at).cloned().unwrap_or_default();
            column(&schema, at, header, samples, chosen_here, &chosen)
        })
        .collect();
    let errors = tried.map(|(_, refusal)| FieldErrors::new(&page, refusal)).unwrap_or_default();
    let recognised = |name: &str| is_by_header(&schema, name, &header);
    Ok(Some(MappingPage {
        missing: missing(&schema, recognised),
        options: schema.attributes.iter().map(|attribute| choice(&page, &schema, attribute)).collect(),
        page: page
            .crumb_key("/registry/deliveries", "registry-page-deliveries-title")
            .crumb(format!("/registry/deliveries/{id}"), it.file_name.clone())
            .with_title("registry-page-mapping-title"),
        columns,
        errors,
        it,
    }))
}

fn choice(page: &Page, schema: &Schema, attribute: &Attribute) -> AttributeChoice {
    let is_key = schema.key.iter().any(|position| schema.attributes[*position].name == attribute.name);
    let label = match attribute.required || (is_key && schema.key.len() == 1) {
        true => page.t1("registry-page-mapping-required", "label", &attribute.label),
        false => attribute.label.clone(),
    };
    AttributeChoice { name: attribute.name.clone(), label }
}

fn is_by_header(schema: &Schema, name: &str, header: &[String]) -> bool {
    let known = schema.position(name).map(|at| &schema.attributes[at].headers);
    known.is_some_and(|known| header.iter().any(|text| known.contains(&folded(text))))
}

fn column(schema: &Schema, at: usize, header: &str, samples: Vec<String>, chosen: String, all: &[String]) -> Column {
    let attribute = schema.position(&chosen).map(|at| &schema.attributes[at]);
    let sensitive = attribute.is_some_and(|attribute| attribute.sensitive);
    Column {
        letters: column_letters(at),
        samples: samples.iter().map(|sample| shown_sample(sample, sensitive)).collect(),
        suggested: attribute.is_some_and(|attribute| !attribute.headers.contains(&folded(header))),
        wrong: !chosen.is_empty() && all.iter().filter(|other| **other == chosen).count() > 1,
        header: header.to_owned(),
        chosen,
        at,
    }
}

/// Enough of a value to tell what its column is. What may be somebody's number is masked whatever the column is said to
/// be: here it is not known yet.
fn shown_sample(sample: &str, sensitive: bool) -> String {
    let digits = sample.chars().filter(char::is_ascii_digit).count();
    match digits {
        14.. => mask::id_number(sample),
        10.. => mask::phone(sample),
        _ if sensitive => mask::name(sample),
        _ if sample.chars().count() > SAMPLE_CHARS => sample.chars().take(SAMPLE_CHARS).chain(['…']).collect(),
        _ => sample.to_owned(),
    }
}

/// The first values of each column, read from the stored file.
async fn samples(base: &Base, it: &Shown, width: usize) -> Result<Vec<Vec<String>>, RegistryError> {
    let sm3: [u8; 32] = it.file_sm3.as_slice().try_into().unwrap_or([0; 32]);
    let mut file = base.files.open_blocking(&sm3)?;
    let header_row = it.header_row.and_then(|row| u64::try_from(row).ok()).unwrap_or(0);
    let opening = spawn_blocking(move || reader::open(&mut file)).await.map_err(|_| RegistryError::Thread)??;
    let mut samples = vec![Vec::new(); width];
    for row in opening.sample.rows().filter(|row| row.number > header_row && row.flaw.is_none()) {
        for (at, column) in samples.iter_mut().enumerate() {
            let text = row.cell(at).trim();
            if column.len() < SAMPLES && !text.is_empty() {
                column.push(text.to_owned());
            }
        }
    }
    Ok(samples)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_number_of_somebody_is_masked_before_anyone_says_what_it_is() {
        assert_eq!(shown_sample("320602199001011234", false), "3206**************");
        assert_eq!(shown_sample("13812345678", false), "138****5678");
        assert_eq!(shown_sample("1990-01-01", false), "1990-01-01");
        assert_eq!(shown_sample("人民路12号", true), "人*****");
        assert_eq!(shown_sample(&"长".repeat(40), false).chars().count(), SAMPLE_CHARS + 1);
    }
}
