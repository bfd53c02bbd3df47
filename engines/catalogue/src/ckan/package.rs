//! Our records in the shape of CKAN's packages, resources, organisations, groups and tags.
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::format_description;

use crate::model::Theme;
use crate::store::described::Described;
use crate::store::search::Provider;

/// CKAN writes UTC without saying so, to the microsecond.
fn instant(at: OffsetDateTime) -> String {
    let form = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]");
    at.to_offset(time::UtcOffset::UTC).format(form).unwrap_or_default()
}

/// The file of a package and where it is.
struct File<'a> {
    part: &'a str,
    format: &'a str,
    media: &'a str,
    path: String,
}

/// The file forms every resource with rows has: suffix, CKAN format, media type.
const FORMS: [(&str, &str, &str); 2] = [("csv", "CSV", "text/csv"), ("json", "JSON", "application/json")];

/// A package as `package_show` gives it.
pub fn package(one: &Described, site: &str) -> Value {
    let resources = resources(one, site);
    let tags: Vec<_> = one.keywords.iter().map(|keyword| tag(keyword)).collect();
    json!({
        "id": one.resource_id,
        "name": one.code.to_lowercase(),
        "title": one.title,
        "notes": one.description,
        "url": format!("{site}/data/{}", one.code),
        "version": one.version.to_string(),
        "type": "dataset",
        "state": "active",
        "private": false,
        "author": one.provider_name,
        "author_email": null,
        "maintainer": one.contact,
        "maintainer_email": null,
        "license_id": "cc-by",
        "license_title": LICENCE_TITLE,
        "license_url": LICENCE_URL,
        "isopen": true,
        "creator_user_id": null,
        "metadata_created": instant(one.issued_at),
        "metadata_modified": instant(one.published_at),
        "owner_org": one.provider_code.to_lowercase(),
        "organization": organisation_of(one),
        "groups": [group(one.theme)],
        "num_tags": tags.len(),
        "tags": tags,
        "num_resources": resources.len(),
        "resources": resources,
        "extras": extras(one),
        "relationships_as_subject": [],
        "relationships_as_object": [],
    })
}

fn extras(one: &Described) -> Vec<Value> {
    let pairs = [
        ("code", one.code.as_str()),
        ("title_en", &one.title_en),
        ("notes_en", &one.description_en),
        ("frequency", one.update_cycle.word()),
        ("sharing_kind", one.sharing_kind.word()),
        ("format", one.format.word()),
        ("theme", one.theme.word()),
    ];
    pairs
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| json!({ "key": key, "value": value }))
        .collect()
}

/// The files of a package. One that is only described offers its page.
pub fn resources(one: &Described, site: &str) -> Vec<Value> {
    let page = || File { part: "page", format: "HTML", media: "text/html", path: String::new() };
    let file = |(part, format, media)| File { part, format, media, path: format!("/rows.{part}") };
    let files: Vec<File<'_>> =
        if one.rows_kind.is_some() { FORMS.into_iter().map(file).collect() } else { vec![page()] };
    files.iter().enumerate().map(|(position, file)| resource(one, site, position, file)).collect()
}

fn resource(one: &Described, site: &str, position: usize, file: &File<'_>) -> Value {
    json!({
        "id": format!("{}-{}", one.resource_id, file.part),
        "package_id": one.resource_id,
        "name": format!("{} {}", one.title, file.format),
        "description": one.description,
        "url": format!("{site}/data/{}{}", one.code, file.path),
        "url_type": null,
        "format": file.format,
        "mimetype": file.media,
        "mimetype_inner": null,
        "position": position,
        "state": "active",
        "resource_type": null,
        "size": null,
        "hash": "",
        "cache_url": null,
        "cache_last_updated": null,
        "created": instant(one.issued_at),
        "last_modified": instant(one.published_at),
        "metadata_modified": instant(one.published_at),
        "datastore_active": false,
    })
}

/// A tag.
pub fn tag(keyword: &str) -> Value {
    json!({ "id": keyword, "name": keyword, "display_name": keyword, "state": "active", "vocabulary_id": null })
}

fn organisation_of(one: &Described) -> Value {
    let name = one.provider_code.to_lowercase();
    json!({
        "id": name, "name": name, "title": one.provider_name, "type": "organization", "description": "",
        "image_url": "", "created": instant(one.issued_at), "is_organization": true,
        "approval_status": "approved", "state": "active",
    })
}

/// An organisation as `organization_show` gives it.
pub fn organisation(provider: &Provider) -> Value {
    let name = provider.code.to_lowercase();
    json!({
        "id": name, "name": name, "title": provider.name, "display_name": provider.name, "type": "organization",
        "description": "", "image_url": "", "image_display_url": "", "is_organization": true,
        "approval_status": "approved", "state": "active", "package_count": provider.resources,
        "num_followers": 0, "users": [], "tags": [], "extras": [], "groups": [],
    })
}

/// What CKAN calls a group is our theme.
pub fn group(theme: Theme) -> Value {
    let title = title(theme);
    json!({
        "id": theme.word(), "name": theme.word(), "title": title, "display_name": title, "description": "",
        "image_display_url": "",
    })
}

/// A theme's name; the CKAN API has no language, so it is the Chinese one.
pub fn title(theme: Theme) -> &'static str {
    match theme {
        Theme::Population => "人口与社会保障",
        Theme::Economy => "经济与企业",
        Theme::Construction => "城市建设与住房",
        Theme::Transport => "交通出行",
        Theme::Education => "教育文化",
        Theme::Health => "卫生健康",
        Theme::Environment => "生态环境",
        Theme::Safety => "公共安全",
        Theme::Government => "政务服务与信用",
        Theme::Geography => "地理与区划",
    }
}

/// The title of the licence of all open data here.
pub const LICENCE_TITLE: &str = "Creative Commons Attribution 4.0";
/// Its text.
pub const LICENCE_URL: &str = "https://creativecommons.org/licenses/by/4.0/";
