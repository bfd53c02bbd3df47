//! The OpenAPI document of this interface: for the tools of those who call it. The house's own document describes `/api/` only.
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jh_web::Page;

const DOCUMENT: &str = include_str!("../openapi.json");

/// `GET /open311/v2/openapi.json`
pub async fn show(page: Page) -> Response {
    let headers =
        [(header::CONTENT_TYPE, "application/json; charset=utf-8"), (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
    let base = format!("{}/open311/v2", page.public_url());
    (headers, DOCUMENT.replacen("/open311/v2", &base, 1)).into_response()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    #[test]
    fn the_document_is_json_and_its_first_server_is_where_we_are() {
        let document: Value = serde_json::from_str(super::DOCUMENT).expect("JSON");
        assert_eq!(document["servers"][0]["url"], "/open311/v2");
        assert_eq!(super::DOCUMENT.find("/open311/v2"), super::DOCUMENT.find("/open311/v2\""));
    }
}
