//! Importing resources from CSV and publishing them: for a city that already has a directory, and for the demonstration.
//!
//! It takes the same way as people do: one account writes, another publishes. An entry that is already published
//! with the same content is left alone, so that an import can be run again.
use std::collections::HashMap;

use jh_core::actor::Command;
use jh_db::Base;

use crate::actions::draft;
use crate::actions::standard::Imported;
use crate::actions::step::take;
use crate::draft::catalogue_code;
use crate::fault::CatalogueError;
use crate::field::{Field, FieldType};
use crate::model::{Classification, Content, Format, RowKind, Sharing, SharingKind, State, Step, Theme, UpdateCycle};
use crate::store::{list, resource};
use crate::table::{Line, Table};

/// Imports and publishes. Both commands must be without a key: one import makes many changes.
pub async fn import(
    base: &Base,
    drafter: &Command,
    publisher: &Command,
    resources: &[u8],
    fields: &[u8],
) -> Result<Imported, CatalogueError> {
    let mut fields = read_fields(fields)?;
    let table = Table::read("resources.csv", resources, &["code", "provider", "title", "theme", "sharing"])?;
    let mut done = Imported::default();
    for line in table.lines() {
        let code = line.needed("code")?;
        let code = catalogue_code(code).ok_or_else(|| line.wrong(format!("{code} is no catalogue code")))?;
        let content = read_content(line, fields.remove(&code).unwrap_or_default())?;
        match put(base, drafter, &code, line, content).await? {
            Put::Same => {
                done.unchanged += 1;
                continue;
            }
            Put::New => done.added += 1,
            Put::Next => done.changed += 1,
        }
        for (command, step) in [(drafter, Step::Submission), (publisher, Step::Publication)] {
            take(base, command, &code, step, "").await.map_err(|error| line.wrong(described(&error)))?;
        }
    }
    match fields.into_keys().next() {
        Some(orphan) => Err(CatalogueError::Import {
            file: "fields.csv",
            line: 0,
            what: format!("fields of {orphan}, which is no resource of resources.csv"),
        }),
        None => Ok(done),
    }
}

fn described(error: &CatalogueError) -> String {
    match error {
        CatalogueError::Invalid(fields) => {
            fields.iter().map(|e| format!("{}: {} {:?}", e.field, e.code, e.args)).collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}

enum Put {
    Same,
    New,
    Next,
}

async fn put(
    base: &Base,
    drafter: &Command,
    code: &str,
    line: Line<'_>,
    content: Content,
) -> Result<Put, CatalogueError> {
    let mut conn = base.db.read().await?;
    let known = resource::by_code(&mut conn, code).await?;
    let Some(known) = known else {
        let provider = line.needed("provider")?;
        let provider_id = list::organisation_by_code(&mut conn, provider).await?;
        drop(conn);
        let provider_id = provider_id.ok_or_else(|| line.wrong(format!("no organisation has the code {provider}")))?;
        let made = draft::create(base, drafter, provider_id, Some(code), content).await;
        return made.map(|_| Put::New).map_err(|error| line.wrong(described(&error)));
    };
    let newest = resource::version(&mut conn, known.resource_id, known.newest_version).await?;
    drop(conn);
    match newest {
        Some(newest) if newest.content == content && newest.state == State::Published => Ok(Put::Same),
        // A run that was cut off between writing and publishing goes on where it stopped.
        Some(newest) if newest.state == State::InReview => {
            take(base, &Command { actor: drafter.actor.clone(), ..drafter.clone() }, code, Step::Return, "重新导入")
                .await?;
            draft::save(base, drafter, code, None, content).await.map(|_| Put::Next)
        }
        _ => draft::save(base, drafter, code, None, content).await.map(|_| Put::Next),
    }
}

fn read_content(line: Line<'_>, fields: Vec<Field>) -> Result<Content, CatalogueError> {
    let rows = match line.text("rows") {
        "" => None,
        _ => Some(line.word("rows", RowKind::from_word)?),
    };
    let kind = line.word("sharing", SharingKind::from_word)?;
    Ok(Content {
        title: line.needed("title")?.to_owned(),
        title_en: line.text("title_en").to_owned(),
        description: line.text("description").to_owned(),
        description_en: line.text("description_en").to_owned(),
        keywords: line.list("keywords"),
        theme: line.word("theme", Theme::from_word)?,
        format: line.word("format", Format::from_word)?,
        update_cycle: line.word("update_cycle", UpdateCycle::from_word)?,
        classification: line.word("classification", Classification::from_word)?,
        sharing: Sharing::from_parts(kind, line.text("terms")),
        open: line.flag("open")?,
        contact: line.text("contact").to_owned(),
        rows,
        fields,
    })
}

fn read_fields(bytes: &[u8]) -> Result<HashMap<String, Vec<Field>>, CatalogueError> {
    let table = Table::read("fields.csv", bytes, &["resource", "name", "label", "type"])?;
    let mut fields: HashMap<String, Vec<Field>> = HashMap::new();
    for line in table.lines() {
        let resource = line.needed("resource")?;
        let code = catalogue_code(resource).ok_or_else(|| line.wrong(format!("{resource} is no catalogue code")))?;
        let element = Some(line.text("element")).filter(|text| !text.is_empty()).map(str::to_owned);
        let classification = match line.text("classification") {
            "" => Classification::Internal,
            _ => line.word("classification", Classification::from_word)?,
        };
        fields.entry(code).or_default().push(Field {
            name: line.needed("name")?.to_owned(),
            label: line.needed("label")?.to_owned(),
            label_en: line.text("label_en").to_owned(),
            element,
            field_type: line.word("type", FieldType::from_standard)?,
            required: line.flag("required")?,
            classification,
            unit: line.text("unit").to_owned(),
        });
    }
    Ok(fields)
}
