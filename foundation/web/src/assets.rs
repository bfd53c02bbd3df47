//! Built styles, scripts and icons, inside the program itself and served by us: no network of anyone else is needed.
use std::collections::HashMap;

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use crate::failure::Failure;

#[derive(RustEmbed)]
#[folder = "../../islands/dist"]
struct Dist;

/// The names of built files with their content's hash, from the build's manifest.
#[derive(Default)]
pub(crate) struct Assets {
    names: HashMap<String, String>,
}

impl Assets {
    /// Reads the manifest; without one (Rust built before Node) names stand for themselves.
    pub fn load() -> Self {
        let manifest = Dist::get("manifest.json");
        let names = manifest.and_then(|file| serde_json::from_slice(&file.data).ok()).unwrap_or_default();
        Self { names }
    }

    /// The address of an asset.
    pub fn href(&self, name: &str) -> String {
        format!("/assets/{}", self.names.get(name).map_or(name, String::as_str))
    }
}

/// Serves one built file, compressed beforehand where the client takes it.
pub(crate) async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Failure> {
    let takes = |coding: &str| {
        headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).is_some_and(|line| line.contains(coding))
    };
    let choices = [("br", ".br"), ("gzip", ".gz")];
    let compressed = choices
        .into_iter()
        .filter(|(coding, _)| takes(coding))
        .find_map(|(coding, suffix)| Dist::get(&format!("{name}{suffix}")).map(|file| (Some(coding), file)));
    let plain = || Dist::get(&name).map(|file| (None, file));
    let (coding, file) = compressed.or_else(plain).ok_or_else(Failure::not_found)?;
    let mut response = file.data.into_owned().into_response();
    let set = response.headers_mut();
    set.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind(&name)));
    // Names carry the content's hash, so that what was fetched once is right for ever.
    set.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    set.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(coding) = coding {
        set.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    Ok(response)
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or("") {
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" | "geojson" | "map" => "application/json",
        "woff2" => "font/woff2",
        "png" => "image/png",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        _ => "application/octet-stream",
    }
}
