//! The actions but for searching.
use jh_web::App;
use serde_json::{Value, json};

use crate::ckan::package::{self, LICENCE_TITLE, LICENCE_URL};
use crate::ckan::{Parameters, Refused};
use crate::model::Theme;
use crate::store::described;
use crate::store::search::{self, Narrow};

/// The most names of one list.
const NAMES_MAX: i64 = 10_000;
/// The most whole packages of one answer.
pub const PACKAGES_MAX: i64 = 1_000;

/// The version of CKAN whose Action API this follows.
const FOLLOWS: &str = "2.10";

pub fn status(app: &App) -> Value {
    let settings = app.settings();
    json!({
        "ckan_version": FOLLOWS,
        "site_url": settings.public_url,
        "site_title": format!("{}市公共数据开放", settings.city.0),
        "site_description": format!("Open data of {}", settings.city.1),
        "error_emails_to": null,
        "locale_default": "zh_Hans_CN",
        "extensions": [],
    })
}

pub fn help(parameters: &Parameters) -> Result<Value, Refused> {
    let name = parameters.needed("name")?;
    let text = match name.as_str() {
        "package_list" => "The names of all data sets. limit, offset.",
        "package_show" => "One data set. id: its name or id.",
        "package_search" => {
            "Search. q, fq (organization, groups, tags, res_format), rows, start, sort, facet, facet.field."
        }
        "organization_list" => "The departments that provide open data. all_fields, limit, offset.",
        "organization_show" => "One department. id; include_datasets.",
        "group_list" => "The themes. all_fields.",
        "group_show" => "One theme. id; include_datasets.",
        "tag_list" => "The keywords. query.",
        "resource_show" => "One file of a data set. id.",
        "license_list" => "The licences in use.",
        "status_show" => "About this site.",
        _ => return Err(Refused::Missing),
    };
    Ok(Value::from(text))
}

pub fn licences() -> Value {
    json!([{
        "id": "cc-by", "title": LICENCE_TITLE, "url": LICENCE_URL, "status": "active", "family": "",
        "maintainer": "", "is_generic": "False", "domain_content": "False", "domain_data": "True",
        "domain_software": "False", "od_conformance": "approved", "osd_conformance": "not reviewed",
        "is_okd_compliant": true, "is_osi_compliant": false,
    }])
}

pub async fn package_list(app: &App, parameters: &Parameters) -> Result<Value, Refused> {
    let limit = parameters.number("limit", NAMES_MAX, NAMES_MAX)?;
    let offset = parameters.number("offset", 0, i64::from(u32::MAX))?;
    let mut conn = app.db.read().await?;
    Ok(json!(described::codes(&mut conn, limit, offset).await?))
}

pub async fn package_show(app: &App, parameters: &Parameters) -> Result<Value, Refused> {
    let id = match parameters.text("id") {
        Some(id) => id,
        None => parameters.needed("name_or_id").map_err(|_| Refused::Invalid("id", "Missing value".into()))?,
    };
    let mut conn = app.db.read().await?;
    let found = described::by_code(&mut conn, &id).await?.ok_or(Refused::Missing)?;
    Ok(package::package(&found, &app.settings().public_url))
}

pub async fn packages(app: &App, parameters: &Parameters) -> Result<Value, Refused> {
    let limit = parameters.number("limit", 100, PACKAGES_MAX)?;
    let offset = parameters.number("offset", 0, i64::from(u32::MAX))?;
    let mut conn = app.db.read().await?;
    let all = described::described(&mut conn, &Narrow::default(), "newest", limit, offset).await?;
    Ok(all.iter().map(|one| package::package(one, &app.settings().public_url)).collect())
}

pub async fn resource_show(app: &App, parameters: &Parameters) -> Result<Value, Refused> {
    let id = parameters.needed("id")?;
    let (package_id, _) = id.rsplit_once('-').ok_or(Refused::Missing)?;
    let mut conn = app.db.read().await?;
    let found = described::by_code(&mut conn, package_id).await?.ok_or(Refused::Missing)?;
    let files = package::resources(&found, &app.settings().public_url);
    files.into_iter().find(|file| file["id"] == id.as_str()).ok_or(Refused::Missing)
}

pub async fn organization_list(app: &App, parameters: &Parameters) -> Result<Value, Refused> {
    let limit = usize::try_from(parameters.number("limit", 1_000, 1_000)?).unwrap_or_default();
    let offset = usize::try_from(parameters.number("offset", 0, 1_000)?).unwrap_or_default();
    let wanted: Vec<_> = parameters.list("organizations").iter().map(|name| name.to_lowercase()).collect();
    let mut conn = app.db.read().await?;
    let all = search::providers(&mut conn, None).await?;
    let named = all.iter().filter(|one| wanted.is_empty() || wanted.contains(&one.code.to_lowercase()));
    let shown = named.skip(offset).take(limit);
    Ok(if parameters.flag("all_fields") {
        shown.map(package::organisation).collect()
    } else {
        shown.map(|one| Value::from(one.code.to_lowercase())).collect()
    })
}

pub async fn organization_show(app: &App, parameters: &Parameters) -> Result<Value, Refused> {
    let id = parameters.needed("id")?;
    let mut conn = app.db.read().await?;
    let found = search::providers(&mut conn, Some(&id)).await?.into_iter().next().ok_or(Refused::Missing)?;
    let mut shown = package::organisation(&found);
    if parameters.flag("include_datasets") {
        let narrow = Narrow { provider: Some(&found.code), ..Narrow::default() };
        // CKAN itself stops at ten here unless it is told otherwise.
        let sets = described::described(&mut conn, &narrow, "newest", 10, 0).await?;
        shown["packages"] = sets.iter().map(|one| package::package(one, &app.settings().public_url)).collect();
    }
    Ok(shown)
}

pub async fn group_list(app: &App, parameters: &Parameters) -> Result<Value, Refused> {
    let mut conn = app.db.read().await?;
    let counts = search::facets(&mut conn, &Narrow::default()).await?;
    let hits = |theme: Theme| {
        counts.iter().find(|row| row.facet == "theme" && row.value == theme.word()).map_or(0, |r| r.hits)
    };
    let used = Theme::ALL.iter().copied().filter(|theme| hits(*theme) > 0);
    Ok(if parameters.flag("all_fields") {
        used.map(|theme| counted(theme, hits(theme))).collect()
    } else {
        used.map(|theme| Value::from(theme.word())).collect()
    })
}

fn counted(theme: Theme, hits: i64) -> Value {
    let mut shown = package::group(theme);
    shown["package_count"] = hits.into();
    shown["state"] = "active".into();
    shown["type"] = "group".into();
    shown
}

pub async fn group_show(app: &App, parameters: &Parameters) -> Result<Value, Refused> {
    let theme = Theme::from_word(&parameters.needed("id")?).ok_or(Refused::Missing)?;
    let narrow = Narrow { theme: Some(theme.word()), ..Narrow::default() };
    let mut conn = app.db.read().await?;
    let counts = search::facets(&mut conn, &narrow).await?;
    let mut shown = counted(theme, counts.iter().find(|row| row.facet == "all").map_or(0, |row| row.hits));
    if parameters.flag("include_datasets") {
        let sets = described::described(&mut conn, &narrow, "newest", 10, 0).await?;
        shown["packages"] = sets.iter().map(|one| package::package(one, &app.settings().public_url)).collect();
    }
    Ok(shown)
}

pub async fn tag_list(app: &App, parameters: &Parameters) -> Result<Value, Refused> {
    let like = parameters.text("query");
    let mut conn = app.db.read().await?;
    let mut all = search::keywords(&mut conn, like.as_deref(), NAMES_MAX).await?;
    all.sort();
    Ok(if parameters.flag("all_fields") {
        all.iter().map(|keyword| package::tag(keyword)).collect()
    } else {
        json!(all)
    })
}
