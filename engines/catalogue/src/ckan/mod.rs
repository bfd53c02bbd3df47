//! The CKAN Action API, version 3, read-only: so that clients which other people wrote for CKAN read our catalogue.
//!
//! What it must keep is CKAN's own manner, not ours: one address per action, parameters in the query, a form or a JSON
//! document, and the envelope `{help, success, result}`. `PyPI ckanapi` posts JSON to `/api/action/NAME`, browsers and
//! older clients use `/api/3/action/NAME`; both are served. Names are in small letters, as CKAN's are.
mod answers;
mod package;
mod query;

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jh_core::fault::{Fault, Kind};
use jh_web::App;
use serde_json::{Map, Value, json};

use crate::fault::CatalogueError;

/// An action's parameters, whichever way they came.
pub(crate) struct Parameters(Map<String, Value>);

/// Why an action gives no result, in CKAN's terms.
pub(crate) enum Refused {
    /// 404 `Not Found Error`.
    Missing,
    /// 409 `Validation Error`, with the parameter at fault.
    Invalid(&'static str, String),
    /// 400: CKAN's answer to an action it does not have.
    Unknown,
    /// Ours.
    Ours(CatalogueError),
}

impl<E: Into<CatalogueError>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self::Ours(error.into())
    }
}

/// `GET /api/3/action/{action}` and `GET /api/action/{action}`.
pub async fn get(state: State<App>, path: Path<String>, RawQuery(query): RawQuery) -> Response {
    let parameters = from_form(query.as_deref().unwrap_or("").as_bytes());
    answer(state, path, parameters).await
}

/// The same by POST.
pub async fn post(state: State<App>, path: Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let form = kind.starts_with("application/x-www-form-urlencoded") && !body.starts_with(b"{");
    let parameters = if form || body.is_empty() { from_form(&body) } else { from_json(&body) };
    answer(state, path, parameters).await
}

fn from_form(bytes: &[u8]) -> Result<Parameters, Refused> {
    let pairs: Vec<(String, String)> = serde_html_form::from_bytes(bytes)
        .map_err(|_| Refused::Invalid("__junk", "the parameters cannot be read".into()))?;
    Ok(Parameters(pairs.into_iter().map(|(name, value)| (name, Value::String(value))).collect()))
}

fn from_json(bytes: &[u8]) -> Result<Parameters, Refused> {
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(map)) => Ok(Parameters(map)),
        _ => Err(Refused::Invalid("__junk", "the body must be a JSON object".into())),
    }
}

impl Parameters {
    /// A text, or a number written as one.
    fn text(&self, name: &str) -> Option<String> {
        match self.0.get(name)? {
            Value::String(text) if !text.trim().is_empty() => Some(text.trim().chars().take(1_000).collect()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// A text without which the action makes no sense.
    fn needed(&self, name: &'static str) -> Result<String, Refused> {
        self.text(name).ok_or_else(|| Refused::Invalid(name, "Missing value".into()))
    }

    /// A whole number within bounds.
    fn number(&self, name: &'static str, otherwise: i64, max: i64) -> Result<i64, Refused> {
        let Some(text) = self.text(name) else { return Ok(otherwise) };
        match text.parse::<i64>() {
            Ok(number) if number >= 0 => Ok(number.min(max)),
            Ok(_) => Err(Refused::Invalid(name, "Must be a natural number".into())),
            Err(_) => Err(Refused::Invalid(name, "Invalid integer".into())),
        }
    }

    /// A yes or no in any of the ways CKAN takes it.
    fn flag(&self, name: &str) -> bool {
        match self.0.get(name) {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::String(text)) => {
                matches!(text.to_lowercase().as_str(), "true" | "yes" | "t" | "y" | "1" | "on")
            }
            Some(Value::Number(number)) => number.as_i64() == Some(1),
            _ => false,
        }
    }

    /// A list: a JSON list, or a text that holds one, as `facet.field` does in a query.
    fn list(&self, name: &str) -> Vec<String> {
        let list = match self.0.get(name) {
            Some(Value::Array(list)) => list.clone(),
            Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
            _ => Vec::new(),
        };
        list.iter().filter_map(Value::as_str).take(20).map(str::to_owned).collect()
    }
}

async fn answer(
    State(app): State<App>,
    Path(action): Path<String>,
    parameters: Result<Parameters, Refused>,
) -> Response {
    let result = match parameters {
        Ok(parameters) => act(&app, &action, &parameters).await,
        Err(refused) => Err(refused),
    };
    let help = format!("{}/api/3/action/help_show?name={action}", app.settings().public_url);
    let (status, body) = match result {
        Ok(result) => (StatusCode::OK, json!({ "help": help, "success": true, "result": result })),
        Err(Refused::Unknown) => {
            (StatusCode::BAD_REQUEST, json!(format!("Bad request - Action name not known: {action}")))
        }
        Err(refused) => {
            let (status, error) = refusal(refused);
            (status, json!({ "help": help, "success": false, "error": error }))
        }
    };
    let headers =
        [(header::CONTENT_TYPE, "application/json;charset=utf-8"), (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
    (status, headers, body.to_string()).into_response()
}

fn refusal(refused: Refused) -> (StatusCode, Value) {
    let missing = (StatusCode::NOT_FOUND, json!({ "__type": "Not Found Error", "message": "Not found" }));
    match refused {
        Refused::Missing | Refused::Unknown => missing,
        Refused::Invalid(field, message) => {
            (StatusCode::CONFLICT, json!({ "__type": "Validation Error", field: [message] }))
        }
        Refused::Ours(error) => match error.refusal().kind {
            Kind::NotFound => missing,
            // A character that no column holds is in no name of ours: CKAN says the same of it.
            Kind::Invalid => {
                (StatusCode::CONFLICT, json!({ "__type": "Validation Error", "__junk": [error.refusal().code] }))
            }
            Kind::Unavailable => (
                StatusCode::SERVICE_UNAVAILABLE,
                json!({ "__type": "Service Unavailable", "message": "Try again later" }),
            ),
            _ => {
                tracing::error!(%error, "a CKAN action failed");
                let body = json!({ "__type": "Internal Server Error", "message": "Internal Server Error" });
                (StatusCode::INTERNAL_SERVER_ERROR, body)
            }
        },
    }
}

async fn act(app: &App, action: &str, parameters: &Parameters) -> Result<Value, Refused> {
    match action {
        "status_show" => Ok(answers::status(app)),
        "site_read" => Ok(Value::Bool(true)),
        "help_show" => answers::help(parameters),
        "license_list" => Ok(answers::licences()),
        "package_list" => answers::package_list(app, parameters).await,
        "package_show" => answers::package_show(app, parameters).await,
        "package_search" => query::package_search(app, parameters).await,
        "current_package_list_with_resources" => answers::packages(app, parameters).await,
        "resource_show" => answers::resource_show(app, parameters).await,
        "organization_list" => answers::organization_list(app, parameters).await,
        "organization_show" => answers::organization_show(app, parameters).await,
        "group_list" => answers::group_list(app, parameters).await,
        "group_show" => answers::group_show(app, parameters).await,
        "tag_list" => answers::tag_list(app, parameters).await,
        _ => Err(Refused::Unknown),
    }
}
