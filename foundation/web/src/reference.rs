//! The API reference, served by the program itself from the same description that machines read.
use askama::Template;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::{Map, Value};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, Content, Info, OpenApi, OpenApiBuilder, Ref, ResponseBuilder};
use utoipa::{PartialSchema, ToSchema};

use crate::app::App;
use crate::failure::Failure;
use crate::page::{Page, render};

/// The description before any module adds to it.
pub(crate) fn skeleton() -> OpenApi {
    let mut info = Info::new("Jianghai 江海", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "What the city's program offers to programs. Errors are RFC 9457 problem documents. A POST may carry an \
         `Idempotency-Key`; the same key twice is one change and one answer, and with other content it is refused."
            .into(),
    );
    let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    let components = ComponentsBuilder::new().security_scheme("department", bearer).build();
    OpenApiBuilder::new().info(info).components(Some(components)).build()
}

/// Every operation may be refused, and every refusal is the same problem document: said once here, for all.
pub(crate) fn declare_problems(document: &mut OpenApi) {
    let problem = || {
        let media = Content::new(Some(Ref::from_schema_name("Problem")));
        ResponseBuilder::new()
            .description("Refused: a problem document (RFC 9457) says what, where and what to do next")
            .content("application/problem+json", media)
            .build()
    };
    for item in document.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            operation.responses.responses.insert("default".into(), problem().into());
        }
    }
    let components = document.components.get_or_insert_with(Default::default);
    for (name, schema) in [(Problem::name(), Problem::schema()), (ProblemField::name(), ProblemField::schema())] {
        components.schemas.insert(name.into_owned(), schema);
    }
}

/// A refusal, as programs read it (RFC 9457).
#[derive(serde::Serialize, ToSchema)]
pub(crate) struct Problem {
    /// A page that explains the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The HTTP status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// Stable; programs decide by it.
    pub code: String,
    /// For people, in the language asked for.
    pub detail: String,
    /// What is wrong with which field.
    pub fields: Vec<ProblemField>,
    /// The particulars of the code, such as `retry_after_s`.
    pub args: std::collections::BTreeMap<String, String>,
    /// To quote when asking for help.
    pub request_id: String,
}

/// One field's fault.
#[derive(serde::Serialize, ToSchema)]
pub(crate) struct ProblemField {
    /// The property's name.
    pub field: String,
    /// For people.
    pub detail: String,
}

pub(crate) async fn openapi_json(State(app): State<App>) -> Json<OpenApi> {
    Json(app.openapi().clone())
}

/// One operation, as the reference page shows it.
struct Operation {
    id: String,
    method: String,
    path: String,
    summary: Vec<Piece>,
    description: Vec<Piece>,
    parameters: Vec<Parameter>,
    answers: Vec<(String, String)>,
}

struct Parameter {
    name: String,
    place: String,
    kind: String,
    required: bool,
    description: Vec<Piece>,
}

/// A piece of a text: words, or between backticks what is typed.
struct Piece {
    code: bool,
    text: String,
}

fn pieces(value: &Value) -> Vec<Piece> {
    let text = value.as_str().unwrap_or("");
    let piece = |(at, text): (usize, &str)| Piece { code: at % 2 == 1, text: text.to_owned() };
    text.split('`').enumerate().filter(|(_, text)| !text.is_empty()).map(piece).collect()
}

struct Tag {
    /// As the description has it.
    code: String,
    /// In words.
    name: String,
    operations: Vec<Operation>,
}

#[derive(Template)]
#[template(path = "web/reference.html")]
struct ReferencePage {
    page: Page,
    tags: Vec<Tag>,
    standards: Vec<Standard>,
}

/// An interface that somebody else has specified, described in its own words elsewhere.
struct Standard {
    name: String,
    description: Vec<Piece>,
    url: String,
}

pub(crate) async fn page(State(app): State<App>, page: Page) -> Result<Response, Failure> {
    let document = serde_json::to_value(app.openapi()).map_err(Failure::internal)?;
    let mut tags: Vec<Tag> = Vec::new();
    let none = Map::new();
    for (path, item) in document["paths"].as_object().unwrap_or(&none) {
        for (method, operation) in item.as_object().unwrap_or(&none) {
            let code = operation["tags"][0].as_str().unwrap_or("").to_owned();
            let operation = describe(path, method, operation);
            match tags.iter_mut().find(|known| known.code == code) {
                Some(known) => known.operations.push(operation),
                // Each module says in its own texts what its part of the interface is called.
                None => {
                    let name = page.t_or(&format!("{code}-reference-title"), &code);
                    tags.push(Tag { code, name, operations: vec![operation] });
                }
            }
        }
    }
    let standards = document["tags"].as_array().into_iter().flatten().filter_map(|tag| {
        let (code, url) = (tag["name"].as_str()?, tag["externalDocs"]["url"].as_str()?);
        let name = page.t_or(&format!("{code}-reference-title"), code);
        let description = page.t_or(&format!("{code}-reference-lead"), tag["description"].as_str().unwrap_or(""));
        Some(Standard { name, description: pieces(&description.into()), url: url.to_owned() })
    });
    let standards = standards.collect();
    render(&ReferencePage { page: page.with_title("web-reference-title"), tags, standards })
}

fn describe(path: &str, method: &str, operation: &Value) -> Operation {
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let empty = Vec::new();
    let parameters = operation["parameters"].as_array().unwrap_or(&empty).iter().map(|p| Parameter {
        name: text(&p["name"]),
        place: text(&p["in"]),
        kind: schema_kind(&p["schema"]),
        required: p["required"].as_bool().unwrap_or(false),
        description: pieces(&p["description"]),
    });
    let none = Map::new();
    let answers = operation["responses"].as_object().unwrap_or(&none);
    Operation {
        id: text(&operation["operationId"]),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: pieces(&operation["summary"]),
        description: pieces(&operation["description"]),
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
