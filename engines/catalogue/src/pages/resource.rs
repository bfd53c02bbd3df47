//! One resource for staff: summary left, timeline right, the next action beside the title; and what its versions change.
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use jh_core::actor::Actor;
use jh_web::{App, Failure, FieldErrors, Page, render};
use serde::Deserialize;

use crate::actions::draft::elements_of;
use crate::api::{Offer, Offered};
use crate::diff::{self, Change, FieldChange, Said};
use crate::draft::obstacles;
use crate::fault::CatalogueError;
use crate::model::{Sharing, State as Stand, Version};
use crate::pages::{Worded, pick};
use crate::permission::{DRAFT, PUBLISH, READ, REVIEW};
use crate::store::list::{self, Abilities, ProviderName, VersionLine};
use crate::store::resource::{self, Resource};
use crate::store::step::{Taken, timeline};

/// Which version is looked at, or which two are compared.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Which {
    version: Option<i32>,
    from: Option<i32>,
    to: Option<i32>,
}

#[derive(Template)]
#[template(path = "catalogue/resource.html")]
struct ResourcePage {
    page: Page,
    version: Version,
    provider: ProviderName,
    resource: Resource,
    versions: Vec<VersionLine>,
    timeline: Vec<Taken>,
    missing: FieldErrors,
    can: Can,
    offers: Vec<Offered>,
}

/// What the actor may do with this version now: decides which buttons are shown, protects nothing.
struct Can {
    edit: bool,
    submit: bool,
    give_back: bool,
    publish: bool,
    own_work: bool,
    withdraw: bool,
}

impl Can {
    fn of(version: &Version, newest: bool, able: &Abilities, actor: &Actor) -> Self {
        let state = version.state;
        let own_work = actor.account.is_some_and(|account| version.drafters.contains(&account));
        let in_review = newest && state == Stand::InReview;
        Self {
            edit: able.draft && newest && state != Stand::InReview,
            submit: able.draft && newest && state == Stand::Draft,
            give_back: able.review && in_review,
            publish: able.publish && in_review && !own_work,
            own_work: able.publish && in_review && own_work,
            withdraw: able.publish && state == Stand::Published,
        }
    }
}

/// A resource the actor may see. `full` says whether it lies in their scope, so that drafts too may be seen.
struct Seen {
    resource: Resource,
    full: bool,
    able: Abilities,
}

async fn seen(app: &App, actor: &Actor, code: &str) -> Result<Seen, Failure> {
    let mut conn = app.db.read().await?;
    let scopes = actor.scopes(READ);
    let resource = resource::visible(&mut conn, code, &scopes).await?;
    let resource = resource.ok_or(CatalogueError::NotFound("resource"))?;
    let (draft, review, publish) = (actor.scopes(DRAFT), actor.scopes(REVIEW), actor.scopes(PUBLISH));
    let able = list::abilities(&mut conn, resource.provider_id, [&scopes, &draft, &review, &publish]).await?;
    Ok(Seen { full: able.read, resource, able })
}

impl Seen {
    /// The version to show: the one asked for, or the newest; outside the scope only the published one.
    async fn version(&self, app: &App, asked: Option<i32>) -> Result<Version, Failure> {
        let published = self.resource.published_version;
        let number = match asked {
            Some(number) if self.full || Some(number) == published => number,
            Some(_) => return Err(CatalogueError::NotFound("version").into()),
            None if self.full => self.resource.newest_version,
            None => published.unwrap_or(self.resource.newest_version),
        };
        let mut conn = app.db.read().await?;
        let version = resource::version(&mut conn, self.resource.resource_id, number).await?;
        Ok(version.ok_or(CatalogueError::NotFound("version"))?)
    }
}

/// `GET /catalogue/resources/{code}`.
pub async fn detail(
    State(app): State<App>,
    page: Page,
    Path(code): Path<String>,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let actor = page.actor()?.clone();
    let seen = seen(&app, &actor, &code).await?;
    let version = seen.version(&app, which.version).await?;
    let newest = version.version == seen.resource.newest_version;
    let can = Can::of(&version, newest, &seen.able, &actor);
    let mut conn = app.db.read().await?;
    let provider = list::provider_name(&mut conn, version.provider_id).await?;
    let (mut versions, mut taken) = (Vec::new(), Vec::new());
    if seen.full {
        versions = list::versions(&mut conn, version.resource_id).await?;
        taken = timeline(&mut conn, version.resource_id).await?;
    }
    let missing = if can.submit {
        let errors = obstacles(&version.content, &elements_of(&mut conn, &version.content.fields).await?);
        let refusal = jh_core::fault::Fault::refusal(&CatalogueError::Invalid(errors.clone()));
        if errors.is_empty() { FieldErrors::default() } else { FieldErrors::new(&page, &refusal) }
    } else {
        FieldErrors::default()
    };
    drop(conn);
    let offers = match version.state {
        Stand::Published => app.services.all::<dyn Offer>().iter().flat_map(|o| o.offers(&version, &actor)).collect(),
        _ => Vec::new(),
    };
    let title = pick(&page, &version.content.title, &version.content.title_en).to_owned();
    let crumb = page.t("catalogue-resources-title");
    let page = page.with_title_text(title).crumb("/catalogue/resources", crumb);
    let provider = provider.ok_or(CatalogueError::NotFound("provider"))?;
    let resource = seen.resource;
    render(&ResourcePage { page, version, provider, resource, versions, timeline: taken, missing, can, offers })
}

#[derive(Template)]
#[template(path = "catalogue/changes.html")]
struct ChangesPage {
    page: Page,
    code: String,
    from: i32,
    to: i32,
    parts: Vec<Change>,
    fields: Vec<FieldChange>,
}

impl ChangesPage {
    fn say(&self, said: &Said) -> String {
        match said {
            Said::Text(text) => text.clone(),
            Said::Key(key) => self.page.t(key),
        }
    }

    /// A field in one line, for comparing.
    fn line(&self, field: &crate::field::Field) -> String {
        let required = if field.required { self.page.t("catalogue-field-required") } else { String::new() };
        let parts = [
            self.page.pick(&field.label, &field.label_en).to_owned(),
            field.field_type.name(&self.page),
            field.classification.name(&self.page),
            field.element.clone().unwrap_or_default(),
            field.unit.clone(),
            required,
        ];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }
}

/// `GET /catalogue/resources/{code}/changes`: the newest version against the published one, or any two.
pub async fn changes(
    State(app): State<App>,
    page: Page,
    Path(code): Path<String>,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let actor = page.actor()?.clone();
    let seen = seen(&app, &actor, &code).await?;
    let to = which.to.unwrap_or(seen.resource.newest_version);
    let published = seen.resource.published_version.filter(|published| *published < to);
    let from = which.from.or(published).unwrap_or((to - 1).max(1));
    let after = seen.version(&app, Some(to)).await?;
    let before = seen.version(&app, Some(from)).await?;
    let title = pick(&page, &after.content.title, &after.content.title_en).to_owned();
    let crumb = page.t("catalogue-resources-title");
    let page = page.with_title("catalogue-changes-title").crumb("/catalogue/resources", crumb);
    let page = page.crumb(format!("/catalogue/resources/{}", after.code), title);
    let parts = diff::parts(&before.content, &after.content);
    let fields = diff::fields(&before.content.fields, &after.content.fields);
    render(&ChangesPage { page, code: after.code, from, to, parts, fields })
}
