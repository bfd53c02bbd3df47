//! One base record: each attribute with its value, whose it is, since when, and why it stands before the others'.
use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use catalogue::api::{CodeSet, Element};
use jh_core::fault::Refusal;
use jh_core::mask;
use jh_web::{App, Failure, FieldErrors, Page, render, render_with};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::records::{Shelf, code_name, division_name, masked};
use super::{READ, REVEAL, SEARCH};
use crate::actions::look;
use crate::fault::RegistryError;
use crate::model::kind_no;
use crate::reading::{Reading, reading};
use crate::schema::{Attribute, Check, Schema};
use crate::store::rule::{self, Ranked};
use crate::store::views::subjects::{self as store, Brought};
use crate::survivorship::Record;

/// Another provider's value that differs.
struct Other {
    value: String,
    source: String,
    received: String,
}

/// One attribute that has a value.
struct Attributed {
    name: String,
    label: String,
    value: String,
    sensitive: bool,
    source: String,
    rule: String,
    received: String,
    others: Vec<Other>,
    /// Whether its form of revelation is open, because it was refused.
    open: bool,
}

/// One delivery that values came with.
struct Source {
    provider: String,
    file_name: String,
    delivery_id: Option<Uuid>,
    received_at: OffsetDateTime,
}

#[derive(Template)]
#[template(path = "registry/record.html")]
struct RecordPage {
    page: Page,
    path: String,
    may_reveal: bool,
    lines: Vec<Attributed>,
    sources: Vec<Source>,
    errors: FieldErrors,
}

impl RecordPage {
    fn problems(&self) -> Vec<(String, &str)> {
        let open = self.lines.iter().find(|line| line.open);
        let field = open.map_or_else(|| "main".to_owned(), |line| format!("purpose-{}", line.name));
        let texts = self.errors.items.iter().map(|(_, text)| text.as_str()).chain(self.errors.general.as_deref());
        texts.map(|text| (field.clone(), text)).collect()
    }
}

/// `GET /registry/people/{id}`.
pub async fn person(State(app): State<App>, page: Page, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    let command = page.command();
    let shown = shown(&app, page, Shelf::People, id, None).await?;
    look::viewed(&app, &command, id).await?;
    render(&shown)
}

/// `GET /registry/organisations/{id}`.
pub async fn organisation(State(app): State<App>, page: Page, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    render(&shown(&app, page, Shelf::Organisations, id, None).await?)
}

/// `GET /registry/places/{id}`.
pub async fn place(State(app): State<App>, page: Page, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    render(&shown(&app, page, Shelf::Places, id, None).await?)
}

/// The record again, with the form of one attribute's revelation open and what was wrong with it.
pub async fn refused(
    app: &App,
    page: Page,
    shelf: Shelf,
    id: Uuid,
    (column, why): (&str, &Refusal),
) -> Result<Response, Failure> {
    let shown = shown(app, page, shelf, id, Some((column, why))).await?;
    render_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

/// Everything that the lines of one record are made of.
struct Behind {
    reading: Reading,
    schema: Schema,
    elements: Vec<Element>,
    sets: HashMap<String, CodeSet>,
    names: HashMap<i16, String>,
    brought: Vec<Brought>,
    ranked: Vec<Ranked>,
}

async fn behind(
    app: &App,
    conn: &mut PgConnection,
    page: &Page,
    shelf: Shelf,
    id: Uuid,
) -> Result<Behind, RegistryError> {
    let scopes = |permission| page.actor.as_ref().map(|actor| actor.scopes(permission)).unwrap_or_default();
    let reading = reading(app, conn, shelf.kind(), id, &scopes(SEARCH)).await?;
    let schema = crate::standards::schema(conn, shelf.kind(), None).await?;
    let elements = catalogue::api::elements(&mut *conn).await?;
    let mut sets = HashMap::new();
    for element in &elements {
        let wanted = schema
            .position(&element.identifier)
            .is_some_and(|at| reading.records.iter().any(|r| r.value(at).is_some()));
        if let Some(name) = element.code_set.as_ref().filter(|_| wanted)
            && let Some(set) = catalogue::api::code_set(&mut *conn, name).await?
        {
            sets.insert(element.identifier.clone(), set);
        }
    }
    let numbers: Vec<i16> = reading.records.iter().map(|record| record.provider_no).collect();
    let names = store::providers(conn, &numbers).await?.into_iter().map(|each| (each.provider_no, each.name)).collect();
    let mut deliveries: Vec<i32> = reading
        .records
        .iter()
        .flat_map(|record| (0..schema.attributes.len()).map(|at| record.delivery_of(at)))
        .collect();
    deliveries.sort_unstable();
    deliveries.dedup();
    let brought = store::brought(conn, &scopes(READ), &deliveries).await?;
    let ranked = rule::ranked(conn, kind_no(shelf.kind())).await?;
    Ok(Behind { reading, schema, elements, sets, names, brought, ranked })
}

async fn shown(
    app: &App,
    page: Page,
    shelf: Shelf,
    id: Uuid,
    wrong: Option<(&str, &Refusal)>,
) -> Result<RecordPage, Failure> {
    let mut conn = app.db.read().await?;
    let behind = behind(app, &mut conn, &page, shelf, id).await?;
    drop(conn);
    let mut lines: Vec<_> = (0..behind.schema.attributes.len()).filter_map(|at| behind.line(&page, at)).collect();
    let errors = match wrong {
        Some((column, why)) => {
            lines.iter_mut().for_each(|line| line.open = line.name == column);
            FieldErrors::new(&page, why)
        }
        None => FieldErrors::default(),
    };
    let title = behind.title(shelf);
    Ok(RecordPage {
        path: format!("{}/{id}", shelf.path()),
        may_reveal: page.may(REVEAL),
        sources: behind.sources(),
        page: page.crumb_key(shelf.path(), shelf.title()).with_title_text(title),
        lines,
        errors,
    })
}

impl Behind {
    fn title(&self, shelf: Shelf) -> String {
        let name = self.reading.name();
        match self.reading.value("citizen_id").filter(|_| shelf.is_people()) {
            Some(number) => format!("{name} {}", mask::id_number(number)),
            None => name.to_owned(),
        }
    }

    /// The line of one attribute, if anybody says anything of it.
    fn line(&self, page: &Page, at: usize) -> Option<Attributed> {
        let attribute = &self.schema.attributes[at];
        let speaking: Vec<&Record> = self.reading.records.iter().filter(|record| record.value(at).is_some()).collect();
        let winner = self.reading.standing(at)?;
        let value = winner.value(at)?;
        let differing = speaking.iter().filter(|record| record.value(at) != Some(value));
        let others = differing.filter_map(|record| {
            let words = self.words(page, attribute, record.value(at)?);
            Some(Other { value: words, source: self.name_of(record), received: self.received(page, record, at) })
        });
        Some(Attributed {
            name: attribute.name.clone(),
            label: self.label(page, attribute),
            value: self.words(page, attribute, value),
            sensitive: attribute.sensitive,
            source: self.name_of(winner),
            rule: self.rule(page, attribute, winner, &speaking, value),
            received: self.received(page, winner, at),
            others: others.collect(),
            open: false,
        })
    }

    fn label(&self, page: &Page, attribute: &Attribute) -> String {
        let element = self.elements.iter().find(|element| element.identifier == attribute.name);
        page.pick(&attribute.label, element.map_or("", |element| element.name_en.as_str())).to_owned()
    }

    /// A value as it is shown: masked where it is sensitive, a code with its meaning.
    fn words(&self, page: &Page, attribute: &Attribute, value: &str) -> String {
        if attribute.sensitive {
            return masked(attribute, value);
        }
        match (self.sets.get(&attribute.name), attribute.check) {
            (Some(set), _) => code_name(page, Some(set), value),
            (None, Check::Division) => format!("{} {value}", division_name(value)),
            _ => value.to_owned(),
        }
    }

    fn name_of(&self, record: &Record) -> String {
        self.names.get(&record.provider_no).cloned().unwrap_or_default()
    }

    /// When the delivery of a value came.
    fn received(&self, page: &Page, record: &Record, at: usize) -> String {
        let number = record.delivery_of(at);
        let brought = self.brought.iter().find(|delivery| delivery.delivery_no == number);
        brought.map(|delivery| page.instant(delivery.received_at)).unwrap_or_default()
    }

    /// Why this value stands, and how far that can be relied on.
    fn rule(&self, page: &Page, attribute: &Attribute, winner: &Record, speaking: &[&Record], value: &str) -> String {
        let at = self.schema.position(&attribute.name).unwrap_or(usize::MAX);
        if speaking.len() == 1 {
            return page.t("registry-page-chosen-only");
        }
        if speaking.iter().all(|record| record.value(at) == Some(value)) {
            return page.t1("registry-page-chosen-agree", "n", speaking.len());
        }
        let rule =
            self.ranked.iter().find(|rule| rule.attribute == attribute.name && rule.provider_no == winner.provider_no);
        match rule {
            Some(rule) => page.t1("registry-page-chosen-ranked", "basis", &rule.basis),
            None => page.t("registry-page-chosen-latest"),
        }
    }

    /// The deliveries that values came with, newest first.
    fn sources(&self) -> Vec<Source> {
        let source = |delivery: &Brought| Source {
            provider: self.names.get(&delivery.provider_no).cloned().unwrap_or_default(),
            file_name: delivery.file_name.clone(),
            delivery_id: delivery.readable.then_some(delivery.delivery_id),
            received_at: delivery.received_at,
        };
        self.brought.iter().map(source).collect()
    }
}
