//! Open311 GeoReport v2, as strangers' programs see it. What it must keep is the specification's manner, not ours: the format in the
//! address, errors as a list, 400 for whatever is wrong with a request. Pages and their errors are elsewhere.
mod description;
mod discovery;
mod requests;
mod services;
mod tokens;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jh_core::fault::Kind;
use jh_web::{Access, App, Failure, Page, Pairs, Routes};

use crate::document::{Document, Format, Node};
use crate::fault::Open311Error;
use crate::store::{self, Setting};

/// The most bytes of a posted form: 4,000 characters of description, each up to twelve bytes once encoded, and the rest.
const FORM_BYTES_MAX: usize = 128 * 1024;

/// Every address of the interface.
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/open311/v2/discovery.xml", Access::Public, discovery::show)
        .get("/open311/v2/discovery.json", Access::Public, discovery::show)
        .get("/open311/v2/openapi.json", Access::Public, description::show)
        .get("/open311/v2/services.xml", Access::Public, services::list)
        .get("/open311/v2/services.json", Access::Public, services::list)
        .get("/open311/v2/services/{file}", Access::Public, services::definition)
        .get("/open311/v2/requests.xml", Access::Public, requests::list)
        .get("/open311/v2/requests.json", Access::Public, requests::list)
        .post("/open311/v2/requests.xml", Access::Public, requests::post)
        .post("/open311/v2/requests.json", Access::Public, requests::post)
        .get("/open311/v2/requests/{file}", Access::Public, requests::show)
        .get("/open311/v2/requests/{file}/photos/{photo}", Access::Public, requests::photo)
        .get("/open311/v2/request/{file}", Access::Public, requests::alone)
        .get("/open311/v2/tokens/{file}", Access::Public, tokens::show)
        .get("/open311/v2/{*rest}", Access::Public, nothing)
        .post("/open311/v2/{*rest}", Access::Public, nothing)
}

/// What an answer is, or why there is none.
type Answered = Result<Document, Failure>;

/// An answer in its format, or the errors in it.
fn answer(page: &Page, format: Format, answered: Answered) -> Response {
    match answered {
        Ok(document) => written(StatusCode::OK, format, &document),
        Err(failure) => refused(page, format, &failure),
    }
}

fn written(status: StatusCode, format: Format, document: &Document) -> Response {
    let headers = [(header::CONTENT_TYPE, format.media_type()), (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
    (status, headers, document.write(format)).into_response()
}

/// The specification knows 404, 403 and, for everything else that is wrong with a request, 400.
fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Invalid | Kind::Conflict => StatusCode::BAD_REQUEST,
        Kind::SignInNeeded | Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn refused(page: &Page, format: Format, failure: &Failure) -> Response {
    let Failure { refusal, cause } = failure;
    let (status, request) = (status(refusal.kind), page.request_id());
    if status.is_server_error() {
        tracing::error!(request, route = page.route(), %cause, "failed");
    } else {
        tracing::debug!(request, route = page.route(), %cause, "refused");
    }
    let error = |words: String| {
        Node::Fields(vec![("code", Node::Whole(status.as_u16().into())), ("description", Node::Text(words))])
    };
    let said = |code: &str, args: &[(&'static str, String)]| page.ta(&format!("error-{code}"), args);
    let errors = if refusal.fields.is_empty() {
        vec![error(said(refusal.code, &refusal.args))]
    } else {
        refusal
            .fields
            .iter()
            .map(|field| error(format!("{}: {}", field.field, said(field.code, &field.args))))
            .collect()
    };
    let mut response = written(status, format, &Document::list("errors", "error", errors));
    let wait = refusal.args.iter().find(|(name, _)| *name == "retry_after_s");
    if let Some(value) = wait.and_then(|(_, seconds)| HeaderValue::from_str(seconds).ok()) {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

/// The setting, after looking at `jurisdiction_id`: one city is served here, and another's reports are not its.
async fn setting(app: &App, arguments: &Pairs) -> Result<Setting, Open311Error> {
    let setting = store::setting(&mut *app.db.read().await?).await?;
    match arguments.given("jurisdiction_id") {
        Some(wanted) if !setting.jurisdiction.is_empty() && wanted != setting.jurisdiction => {
            Err(Open311Error::NotFound("jurisdiction"))
        }
        _ => Ok(setting),
    }
}

/// Any other address below ours.
async fn nothing(page: Page) -> Response {
    let format = Format::of(&page.path);
    answer(&page, format, Err(Open311Error::NotFound("address").into()))
}

/// The name and format of a file at the end of an address.
fn file(given: &str) -> Result<(&str, Format), Open311Error> {
    Format::split(given).ok_or(Open311Error::NotFound("address"))
}
