//! Whose value stands: the order of sources of each attribute, and the keeper of each base.
use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use jh_core::fault::{Fault, Kind, Refusal};
use jh_web::{App, Failure, FieldErrors, Page, Submission, redirect, render, render_with};
use serde::Deserialize;
use sqlx::PgConnection;

use super::records::Shelf;
use crate::actions::rule::{ORDER_MAX, Source, set_keeper, set_order};
use crate::fault::RegistryError;
use crate::model::kind_no;
use crate::store::revision::{self, Revision};
use crate::store::rule::{self, Ranked};
use crate::store::views::subjects::{Provider, providers_of};

/// One attribute and the sources that stand before others.
struct Attribute {
    name: String,
    label: String,
    /// Name of the provider and basis, the best first.
    order: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "registry/rules.html")]
struct RulesPage {
    page: Page,
    shelf: Shelf,
    keeper: String,
    keepers: Vec<(String, String)>,
    attributes: Vec<Attribute>,
    revision: Option<Revision>,
}

impl RulesPage {
    fn figures(&self, run: &Revision) -> String {
        let (seen, changed) = (self.page.number(run.subjects_seen), self.page.number(run.subjects_changed));
        self.page.ta("registry-page-revision-figures", &[("seen", seen), ("changed", changed)])
    }
}

/// Which base.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    base: String,
}

fn shelf(code: &str) -> Option<Shelf> {
    Shelf::ALL.into_iter().find(|shelf| shelf.code() == code)
}

/// The labels of a base's attributes in the reader's language, by position, with their names.
async fn labels(conn: &mut PgConnection, page: &Page, shelf: Shelf) -> Result<Vec<(String, String)>, RegistryError> {
    let schema = crate::standards::schema(conn, shelf.kind(), None).await?;
    let elements = catalogue::api::elements(&mut *conn).await?;
    let english: HashMap<&str, &str> =
        elements.iter().map(|element| (element.identifier.as_str(), element.name_en.as_str())).collect();
    let label = |attribute: &crate::schema::Attribute| {
        let en = english.get(attribute.name.as_str()).copied().unwrap_or_default();
        (attribute.name.clone(), page.pick(&attribute.label, en).to_owned())
    };
    Ok(schema.attributes.iter().map(label).collect())
}

/// `GET /registry/rules`.
pub async fn list(State(app): State<App>, page: Page, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let shelf = shelf(&asked.base).unwrap_or(Shelf::People);
    let mut conn = app.db.read().await?;
    let labels = labels(&mut conn, &page, shelf).await?;
    let providers = providers_of(&mut conn, kind_no(shelf.kind())).await?;
    let ranked = rule::ranked(&mut conn, kind_no(shelf.kind())).await?;
    let keeper = rule::keeper(&mut conn, shelf.kind()).await?;
    let revision = revision::find(&mut conn, shelf.kind()).await?;
    drop(conn);
    let of =
        |name: &str| ranked.iter().filter(|rule| rule.attribute == name).map(|rule| named(rule, &providers)).collect();
    let attributes = labels.into_iter().map(|(name, label)| Attribute { order: of(&name), name, label }).collect();
    let mut keepers = vec![(String::new(), page.t("registry-page-keeper-none"))];
    keepers.extend(providers.iter().map(|provider| (provider.organisation_id.to_string(), provider.name.clone())));
    render(&RulesPage {
        shelf,
        keeper: keeper.map(|id| id.to_string()).unwrap_or_default(),
        keepers,
        attributes,
        revision,
        page: page.with_title("registry-page-rules-of-choice"),
    })
}

fn named(rule: &Ranked, providers: &[Provider]) -> (String, String) {
    let provider = providers.iter().find(|provider| provider.provider_no == rule.provider_no);
    (provider.map(|provider| provider.name.clone()).unwrap_or_default(), rule.basis.clone())
}

/// A provider's line of the form.
struct Line {
    provider: Provider,
    place: String,
    basis: String,
}

#[derive(Template)]
#[template(path = "registry/rule.html")]
struct RulePage {
    page: Page,
    shelf: Shelf,
    attribute: String,
    lines: Vec<Line>,
    places: Vec<(String, String)>,
    errors: FieldErrors,
}

impl RulePage {
    fn problems(&self) -> Vec<(&str, &str)> {
        let texts = self.errors.items.iter().map(|(_, text)| text.as_str());
        texts.chain(self.errors.general.as_deref()).map(|text| ("order", text)).collect()
    }
}

/// `GET /registry/rules/{base}/{attribute}`.
pub async fn form(
    State(app): State<App>,
    page: Page,
    Path((base, attribute)): Path<(String, String)>,
) -> Result<Response, Failure> {
    render(&shown(&app, page, (&base, &attribute), None).await?)
}

async fn shown(
    app: &App,
    page: Page,
    (base, attribute): (&str, &str),
    tried: Option<(&Form, &Refusal)>,
) -> Result<RulePage, Failure> {
    let shelf = shelf(base).ok_or_else(Failure::not_found)?;
    let mut conn = app.db.read().await?;
    let labels = labels(&mut conn, &page, shelf).await?;
    let label = labels.into_iter().find(|(name, _)| name == attribute).ok_or_else(Failure::not_found)?.1;
    let providers = providers_of(&mut conn, kind_no(shelf.kind())).await?;
    let mut ranked = rule::ranked(&mut conn, kind_no(shelf.kind())).await?;
    drop(conn);
    ranked.retain(|rule| rule.attribute == attribute);
    let count = providers.len().min(ORDER_MAX);
    let line = |provider: Provider| {
        let number = provider.provider_no;
        let place = ranked.iter().position(|rule| rule.provider_no == number);
        let stored = place.map_or_else(Default::default, |at| ((at + 1).to_string(), ranked[at].basis.clone()));
        let (place, basis) = tried.map_or(stored, |(form, _)| form.of(number));
        Line { provider, place, basis }
    };
    let mut places = vec![(String::new(), page.t("registry-page-place-none"))];
    places.extend((1..=count).map(|place| (place.to_string(), page.t1("registry-page-place", "n", place))));
    let errors = tried.map(|(_, refusal)| FieldErrors::new(&page, refusal)).unwrap_or_default();
    let list = format!("/registry/rules?base={}", shelf.code());
    Ok(RulePage {
        lines: providers.into_iter().map(line).collect(),
        page: page
            .crumb_key("/registry/rules", "registry-page-rules-of-choice")
            .crumb_key(&list, shelf.title())
            .with_title_text(label),
        shelf,
        attribute: attribute.to_owned(),
        places,
        errors,
    })
}

/// `place-N` and `basis-N` for the provider numbered N.
#[derive(Deserialize)]
pub struct Form {
    #[serde(flatten)]
    fields: HashMap<String, String>,
}

impl Form {
    fn of(&self, number: i16) -> (String, String) {
        let field = |name: &str| self.fields.get(&format!("{name}-{number}")).map(|text| text.trim().to_owned());
        (field("place").unwrap_or_default(), field("basis").unwrap_or_default())
    }

    /// The providers that have a place, in their order. Two at one place cannot be told apart.
    fn order(&self, providers: &[Provider]) -> Result<Vec<Source>, RegistryError> {
        let mut placed: Vec<(usize, Source)> = Vec::new();
        for provider in providers {
            let (place, basis) = self.of(provider.provider_no);
            let Ok(place) = place.parse() else { continue };
            if placed.iter().any(|(other, _)| *other == place) {
                return Err(RegistryError::Field("place", "registry-place-taken"));
            }
            placed.push((place, Source { provider: provider.organisation_id, basis }));
        }
        placed.sort_by_key(|(place, _)| *place);
        Ok(placed.into_iter().map(|(_, source)| source).collect())
    }
}

/// `POST /registry/rules/{base}/{attribute}`.
pub async fn submit(
    State(app): State<App>,
    page: Page,
    Path((base, attribute)): Path<(String, String)>,
    submission: Submission<Form>,
) -> Result<Response, Failure> {
    let shelf = shelf(&base).ok_or_else(Failure::not_found)?;
    let providers = providers_of(&mut *app.db.read().await?, kind_no(shelf.kind())).await?;
    let done = match submission.form.order(&providers) {
        Ok(order) => set_order(&app, &submission.command, shelf.kind(), &attribute, &order).await,
        Err(wrong) => Err(wrong),
    };
    match done {
        Ok(()) => Ok(redirect(&format!("/registry/rules?base={}", shelf.code()))),
        Err(error) => {
            let refusal = error.refusal();
            if refusal.kind != Kind::Invalid {
                return Err(error.into());
            }
            let again = shown(&app, page, (&base, &attribute), Some((&submission.form, &refusal))).await?;
            render_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

/// The keeper's select.
#[derive(Deserialize)]
pub struct KeeperForm {
    #[serde(default)]
    keeper: String,
}

/// `POST /registry/rules/{base}`: who keeps the base.
pub async fn keep(
    State(app): State<App>,
    Path(base): Path<String>,
    submission: Submission<KeeperForm>,
) -> Result<Response, Failure> {
    let shelf = shelf(&base).ok_or_else(Failure::not_found)?;
    let keeper = match submission.form.keeper.as_str() {
        "" => None,
        id => Some(id.parse().map_err(|_| RegistryError::OutsideScope)?),
    };
    set_keeper(&app, &submission.command, shelf.kind(), keeper).await?;
    Ok(redirect(&format!("/registry/rules?base={}", shelf.code())))
}
