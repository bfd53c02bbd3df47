//! Delivering a file by page: the form, and what it is sent to.
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use catalogue::api::{ResourceId, RowKind};
use jh_core::actor::OrganisationId;
use jh_core::fault::{Fault, Kind, Refusal};
use jh_web::{App, Failure, FieldErrors, Page, Upload, redirect, render, render_with};
use serde::Deserialize;
use sqlx::PgConnection;

use super::words::{KINDS, kind_key, tidy};
use super::{READ, SUBMIT};
use crate::actions::{self, Submitted};
use crate::fault::RegistryError;
use crate::model::{DeliveryId, Target};
use crate::store::views::deliveries::{self as store, Shown};

/// What the form begins with.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub struct Choice {
    /// The delivery that this one corrects: its kind, resource and provider are chosen already.
    #[serde(deserialize_with = "tidy")]
    corrects: String,
    #[serde(deserialize_with = "tidy")]
    kind: String,
    #[serde(deserialize_with = "tidy")]
    resource: String,
    #[serde(deserialize_with = "tidy")]
    provider: String,
}

/// One kind to choose.
struct KindChoice {
    id: String,
    value: &'static str,
    label: String,
    hint: String,
    chosen: bool,
}

/// One column that a kind may have.
struct Column {
    label: String,
    required: bool,
}

/// The columns of one kind.
struct Columns {
    kind: &'static str,
    label: String,
    columns: Vec<Column>,
}

#[derive(Template)]
#[template(path = "registry/delivery_new.html")]
struct FormPage {
    page: Page,
    choice: Choice,
    corrects: Option<Shown>,
    kinds: Vec<KindChoice>,
    resources: Vec<(String, String)>,
    providers: Vec<(String, String)>,
    columns: Vec<Columns>,
    errors: FieldErrors,
}

impl FormPage {
    fn problems(&self) -> Vec<(&str, &str)> {
        let general = self.errors.general.as_deref().map(|text| ("main", text));
        self.errors.items.iter().map(|(field, text)| (*field, text.as_str())).chain(general).collect()
    }
}

/// `GET /registry/deliveries/new`.
pub async fn form(State(app): State<App>, page: Page, Query(mut choice): Query<Choice>) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    let corrects = earlier(&mut conn, &page, &choice).await?;
    if let Some(earlier) = &corrects {
        choice.kind.clone_from(&earlier.kind);
        choice.provider = earlier.provider_id.to_string();
        choice.resource = earlier.resource_id.map(|id| id.to_string()).unwrap_or_default();
    }
    let shown = shown(&mut conn, page, choice, corrects, FieldErrors::default()).await?;
    drop(conn);
    render(&shown)
}

async fn earlier(conn: &mut PgConnection, page: &Page, choice: &Choice) -> Result<Option<Shown>, Failure> {
    let Ok(id) = choice.corrects.parse::<DeliveryId>() else { return Ok(None) };
    Ok(store::one(conn, &page.actor()?.scopes(READ), id).await?)
}

async fn shown(
    conn: &mut PgConnection,
    page: Page,
    mut choice: Choice,
    corrects: Option<Shown>,
    errors: FieldErrors,
) -> Result<FormPage, Failure> {
    let actor = page.actor()?;
    let scopes = actor.scopes(SUBMIT);
    let providers = store::providers_to_deliver(conn, &scopes).await?;
    if choice.provider.is_empty() {
        choice.provider = actor.organisation.map(|id| id.to_string()).unwrap_or_default();
    }
    if choice.kind.is_empty() {
        RowKind::Person.word().clone_into(&mut choice.kind);
    }
    let resources = store::resources(conn, &scopes).await?;
    let mut offered = vec![(String::new(), page.t("registry-page-new-resource-choose"))];
    offered.extend(resources.iter().map(|each| {
        let title = page.pick(&each.title, &each.title_en);
        (each.resource_id.to_string(), format!("{title} · {}", each.provider_name))
    }));
    let columns = columns(conn, &page).await?;
    let page = page.crumb_key("/registry/deliveries", "registry-page-deliveries-title");
    let page = page.with_title("registry-page-new-title");
    Ok(FormPage {
        kinds: kinds(&page, &choice.kind, !resources.is_empty()),
        resources: if resources.is_empty() { Vec::new() } else { offered },
        providers: providers.into_iter().map(|each| (each.organisation_id.to_string(), each.name)).collect(),
        choice,
        corrects,
        columns,
        errors,
        page,
    })
}

fn kinds(page: &Page, chosen: &str, with_datasets: bool) -> Vec<KindChoice> {
    let offered = KINDS.into_iter().filter(|kind| with_datasets || *kind != RowKind::Dataset);
    let choice = |kind: RowKind| KindChoice {
        id: format!("kind-{}", kind.word()),
        value: kind.word(),
        label: page.t(kind_key(kind.word())),
        hint: page.t(&format!("{}-hint", kind_key(kind.word()))),
        chosen: kind.word() == chosen,
    };
    offered.map(choice).collect()
}

/// The columns that a file of each base kind may have. Without standards there is nothing to say of them.
async fn columns(conn: &mut PgConnection, page: &Page) -> Result<Vec<Columns>, RegistryError> {
    let mut all = Vec::new();
    for kind in [RowKind::Person, RowKind::Organisation, RowKind::Place] {
        let schema = match crate::standards::schema(&mut *conn, kind, None).await {
            Ok(schema) => schema,
            Err(RegistryError::Element(_)) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let column = |attribute: &crate::schema::Attribute| Column {
            label: attribute.label.clone(),
            required: attribute.required,
        };
        all.push(Columns {
            kind: kind.word(),
            label: page.t1("registry-page-columns-of", "kind", page.t(kind_key(kind.word()))),
            columns: schema.attributes.iter().map(column).collect(),
        });
    }
    Ok(all)
}

/// `POST /registry/deliveries`.
pub async fn submit(State(app): State<App>, page: Page, upload: Upload) -> Result<Response, Failure> {
    let choice = Choice {
        corrects: upload.field("corrects").to_owned(),
        kind: upload.field("kind").to_owned(),
        resource: upload.field("resource").to_owned(),
        provider: upload.field("provider").to_owned(),
    };
    let outcome = match target(&choice, &upload) {
        Ok((target, file)) => {
            let submitted = Submitted {
                target,
                file_name: file.name.clone(),
                file: file.file,
                choices: Vec::new(),
                corrects: choice.corrects.parse().ok(),
            };
            actions::submit(&app, &upload.command, submitted).await
        }
        Err(refusal) => return again(&app, page, choice, &refusal).await,
    };
    match outcome {
        Ok(id) => Ok(redirect(&format!("/registry/deliveries/{id}"))),
        Err(error) => {
            let refusal = error.refusal();
            // What is wrong with a field is said beside it; anything else is no matter of this form.
            if refusal.fields.is_empty() { Err(error.into()) } else { again(&app, page, choice, &refusal).await }
        }
    }
}

/// Reads the form. Whether the provider is within the scope is the action's to say, in SQL.
fn target<'a>(choice: &Choice, upload: &'a Upload) -> Result<(Target, &'a jh_web::UploadedFile), Refusal> {
    let mut refusal = Refusal::new(Kind::Invalid, "not-a-choice");
    let kind = RowKind::from_word(&choice.kind);
    let provider = choice.provider.parse::<OrganisationId>().ok();
    let resource = choice.resource.parse::<ResourceId>().ok();
    if kind.is_none() {
        refusal = refusal.field("kind", "not-a-choice");
    }
    if kind == Some(RowKind::Dataset) && resource.is_none() {
        refusal = refusal.field("resource", "registry-page-resource-missing");
    }
    if provider.is_none() {
        refusal = refusal.field("provider", "not-a-choice");
    }
    let file = upload.file.as_ref();
    if file.is_none() {
        refusal = refusal.field("file", "registry-page-file-missing");
    }
    match (kind, provider, file) {
        (Some(kind), Some(provider_id), Some(file)) if refusal.fields.is_empty() => {
            let resource_id = resource.filter(|_| kind == RowKind::Dataset);
            Ok((Target { kind, resource_id, provider_id }, file))
        }
        _ => Err(refusal),
    }
}

async fn again(app: &App, page: Page, choice: Choice, refusal: &Refusal) -> Result<Response, Failure> {
    let errors = FieldErrors::new(&page, refusal);
    let mut conn = app.db.read().await?;
    let corrects = earlier(&mut conn, &page, &choice).await?;
    let shown = shown(&mut conn, page, choice, corrects, errors).await?;
    drop(conn);
    render_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}
