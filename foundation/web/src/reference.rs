//! The API reference, served by the program itself from the same description that machines read.
use askama::Template;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::{Map, Value};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, Info, OpenApi, OpenApiBuilder};

use crate::app::App;
use crate::failure::Failure;
use crate::page::{Page, render};

/// The description before any module adds to it.
pub(crate) fn skeleton() -> OpenApi {
    let mut info = Info::new("Jianghai 江海", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "The city's public information platform. Errors are RFC 9457 problem documents. A POST may carry an \
         `Idempotency-Key`; the same key twice is one change and one answer."
            .into(),
    );
    let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    let components = ComponentsBuilder::new().security_scheme("department", bearer).build();
    OpenApiBuilder::new().info(info).components(Some(components)).build()
}

pub(crate) async fn openapi_json(State(app): State<App>) -> Json<OpenApi> {
    Json(app.openapi().clone())
}

/// One operation, as the reference page shows it.
struct Operation {
    id: String,
    method: String,
    path: String,
    summary: String,
    description: String,
    parameters: Vec<Parameter>,
    answers: Vec<(String, String)>,
}

struct Parameter {
    name: String,
    place: String,
    kind: String,
    required: bool,
    description: String,
}

struct Tag {
    name: String,
    operations: Vec<Operation>,
}

#[derive(Template)]
#[template(path = "web/reference.html")]
struct ReferencePage {
    page: Page,
    tags: Vec<Tag>,
}

pub(crate) async fn page(State(app): State<App>, page: Page) -> Result<Response, Failure> {
    let document = serde_json::to_value(app.openapi()).map_err(Failure::internal)?;
    let mut tags: Vec<Tag> = Vec::new();
    let none = Map::new();
    for (path, item) in document["paths"].as_object().unwrap_or(&none) {
        for (method, operation) in item.as_object().unwrap_or(&none) {
            let tag = operation["tags"][0].as_str().unwrap_or("").to_owned();
            let operation = describe(path, method, operation);
            match tags.iter_mut().find(|known| known.name == tag) {
                Some(known) => known.operations.push(operation),
                None => tags.push(Tag { name: tag, operations: vec![operation] }),
            }
        }
    }
    render(&ReferencePage { page: page.with_title("web-reference-title"), tags })
}

fn describe(path: &str, method: &str, operation: &Value) -> Operation {
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let empty = Vec::new();
    let parameters = operation["parameters"].as_array().unwrap_or(&empty).iter().map(|p| Parameter {
        name: text(&p["name"]),
        place: text(&p["in"]),
        kind: schema_kind(&p["schema"]),
        required: p["required"].as_bool().unwrap_or(false),
        description: text(&p["description"]),
    });
    let none = Map::new();
    let answers = operation["responses"].as_object().unwrap_or(&none);
    Operation {
        id: text(&operation["operationId"]),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(&operation["summary"]),
        description: text(&operation["description"]),
        parameters: parameters.collect(),
        answers: answers.iter().map(|(code, answer)| (code.clone(), text(&answer["description"]))).collect(),
    }
}

fn schema_kind(schema: &Value) -> String {
    match &schema["type"] {
        Value::String(kind) => kind.clone(),
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|k| *k != "null").unwrap_or("").to_owned(),
        _ => String::new(),
    }
}

#[derive(Template)]
#[template(path = "web/problem.html")]
struct ProblemPage {
    page: Page,
    code: String,
    message: String,
}

/// What a problem document's `type` leads to: the problem's meaning.
pub(crate) async fn problem(page: Page, Path(code): Path<String>) -> Result<Response, Failure> {
    let key = format!("error-{code}");
    if !page.knows(&key) {
        return Err(Failure::not_found());
    }
    let message = page.t(&key);
    render(&ProblemPage { page: page.with_title("web-problem-title"), code, message })
}
