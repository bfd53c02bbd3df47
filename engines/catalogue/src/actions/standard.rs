//! Importing data standards from CSV. What is unchanged stays; what differs becomes the next version.
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

use jh_core::actor::Command;
use jh_core::clock::china_day;
use jh_db::audit;
use jh_db::{Base, Work};
use serde_json::json;
use time::Date;

use crate::fault::CatalogueError;
use crate::field::FieldType;
use crate::model::Classification;
use crate::permission::STANDARD;
use crate::standard::{Code, CodeSet, Element, Rule};
use crate::store::standard as store;
use crate::table::{Line, Table};

/// What an import did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Imported {
    /// New ones.
    pub added: u32,
    /// Next versions of known ones.
    pub changed: u32,
    /// Left as they were.
    pub unchanged: u32,
}

impl Imported {
    fn plus(self, other: Self) -> Self {
        Self {
            added: self.added + other.added,
            changed: self.changed + other.changed,
            unchanged: self.unchanged + other.unchanged,
        }
    }
}

/// Imports code sets with their codes, then elements; all or nothing. An empty file is skipped.
pub async fn import(base: &Base, command: &Command, files: &Files<'_>) -> Result<Imported, CatalogueError> {
    if !command.actor.may(STANDARD) {
        return Err(CatalogueError::Forbidden(STANDARD));
    }
    let today = china_day(command.now);
    let sets = read_code_sets(files.code_sets, today)?;
    let elements = read_elements(files.elements, today)?;
    let mut work = Work::begin(base, command).await?;
    let done = put_code_sets(&mut work, sets).await?.plus(put_elements(&mut work, elements).await?);
    let subject = jh_core::id::uuid_at(command.now);
    let detail = json!({ "added": done.added, "changed": done.changed, "unchanged": done.unchanged });
    work.emit("catalogue.standard.imported", subject, detail.clone());
    let entry = audit::Entry {
        action: "catalogue.standard.imported",
        subject,
        organisation: command.actor.organisation,
        purpose: None,
        detail,
    };
    work.audit(entry);
    work.commit().await?;
    Ok(done)
}

/// The two files of a standard, in CSV; see data/standards/README.md for their columns.
#[derive(Clone, Copy, Debug, Default)]
pub struct Files<'a> {
    /// Data elements.
    pub elements: &'a [u8],
    /// Code sets, a row for each code.
    pub code_sets: &'a [u8],
}

fn read_elements(bytes: &[u8], today: Date) -> Result<Vec<Element>, CatalogueError> {
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    let table = Table::read("elements.csv", bytes, &["key", "name_zh", "type", "rule"])?;
    let mut seen = HashSet::new();
    let mut elements = Vec::new();
    for line in table.lines() {
        let element = read_element(line, today)?;
        if !seen.insert(element.identifier.clone()) {
            return Err(line.wrong(format!("{} stands twice", element.identifier)));
        }
        elements.push(element);
    }
    Ok(elements)
}

fn read_element(line: Line<'_>, today: Date) -> Result<Element, CatalogueError> {
    let code_set = Some(line.text("code_set")).filter(|text| !text.is_empty()).map(str::to_owned);
    let rule = match (line.text("rule"), &code_set) {
        ("" | "code", Some(_)) => Rule::Code,
        ("", None) => Rule::Text,
        ("code", None) => return Err(line.wrong("rule code needs a code_set".into())),
        _ => line.word("rule", Rule::from_word)?,
    };
    let classification = match line.text("classification") {
        "" => Classification::Internal,
        _ => line.word("classification", Classification::from_word)?,
    };
    Ok(Element {
        identifier: line.needed("key")?.to_owned(),
        code: line.text("code").to_owned(),
        version: 1,
        name: line.needed("name_zh")?.to_owned(),
        name_en: line.text("name_en").to_owned(),
        definition: line.text("definition_zh").to_owned(),
        definition_en: line.text("definition_en").to_owned(),
        field_type: line.word("type", FieldType::from_standard)?,
        rule,
        code_set: code_set.filter(|_| rule == Rule::Code),
        length_max: line.number("max_length", 200)?.max(1),
        classification,
        source: line.text("standard").to_owned(),
        synonyms: line.list("synonyms"),
        valid_from_on: line.day("valid_from_on", today)?,
    })
}

/// A row for each code; the set's own columns are read from the first of its rows.
fn read_code_sets(bytes: &[u8], today: Date) -> Result<Vec<CodeSet>, CatalogueError> {
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    let table = Table::read("code_sets.csv", bytes, &["code_set", "set_name_zh", "code", "name_zh"])?;
    let mut sets: BTreeMap<&str, CodeSet> = BTreeMap::new();
    for line in table.lines() {
        let identifier = line.needed("code_set")?;
        let new = || -> Result<CodeSet, CatalogueError> {
            Ok(CodeSet {
                identifier: identifier.to_owned(),
                version: 1,
                name: line.needed("set_name_zh")?.to_owned(),
                name_en: line.text("set_name_en").to_owned(),
                source: line.text("standard").to_owned(),
                valid_from_on: line.day("valid_from_on", today)?,
                codes: Vec::new(),
            })
        };
        let set = match sets.entry(identifier) {
            Entry::Vacant(place) => place.insert(new()?),
            Entry::Occupied(place) => place.into_mut(),
        };
        let code = Code {
            code: line.needed("code")?.to_owned(),
            name: line.needed("name_zh")?.to_owned(),
            name_en: line.text("name_en").to_owned(),
        };
        if set.codes.iter().any(|known| known.code == code.code) {
            return Err(line.wrong(format!("{} stands twice in {identifier}", code.code)));
        }
        set.codes.push(code);
    }
    Ok(sets.into_values().collect())
}

async fn put_elements(work: &mut Work, elements: Vec<Element>) -> Result<Imported, CatalogueError> {
    let known = store::elements(work.conn()).await?;
    let known: HashMap<_, _> = known.into_iter().map(|element| (element.identifier.clone(), element)).collect();
    let mut done = Imported::default();
    for mut element in elements {
        match known.get(&element.identifier) {
            Some(old) => {
                element.version = old.version;
                // The first day alone is no change: an import without one says "today".
                let same = Element { valid_from_on: old.valid_from_on, ..element.clone() } == *old;
                if same {
                    done.unchanged += 1;
                    continue;
                }
                element.version += 1;
                done.changed += 1;
            }
            None => done.added += 1,
        }
        store::insert_element(work.conn(), &element).await?;
    }
    Ok(done)
}

async fn put_code_sets(work: &mut Work, sets: Vec<CodeSet>) -> Result<Imported, CatalogueError> {
    let mut done = Imported::default();
    for mut set in sets {
        match store::code_set(work.conn(), &set.identifier).await? {
            Some(old) => {
                set.version = old.version;
                let same = CodeSet { valid_from_on: old.valid_from_on, ..set.clone() } == old;
                if same {
                    done.unchanged += 1;
                    continue;
                }
                set.version += 1;
                done.changed += 1;
            }
            None => done.added += 1,
        }
        store::insert_code_set(work.conn(), &set).await?;
    }
    Ok(done)
}
