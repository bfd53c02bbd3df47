//! Writing drafts: the first version of a resource, a draft once more, or the next version of what is published.
use std::collections::HashMap;

use jh_core::actor::{AccountId, Command, OrganisationId};
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use serde_json::json;
use sqlx::PgConnection;

use crate::actions::{covered, locked};
use crate::draft::{bounds, catalogue_code};
use crate::fault::CatalogueError;
use crate::field::Field;
use crate::model::{Content, ResourceId, State, Step, StepRefusal, Version};
use crate::permission::DRAFT;
use crate::standard::Element;
use crate::store::resource::{self, Resource};
use crate::store::{list, standard, step};
use crate::words::{self, Weight};

/// Begins a resource with its first draft. Without a code it is given the next one of its theme.
pub async fn create(
    base: &Base,
    command: &Command,
    provider_id: OrganisationId,
    code: Option<&str>,
    content: Content,
) -> Result<Version, CatalogueError> {
    check_bounds(&content)?;
    words::ready().await;
    let mut work = Work::begin(base, command).await?;
    covered(work.conn(), &command.actor, DRAFT, provider_id).await?;
    let code = match code.map(str::trim).filter(|code| !code.is_empty()) {
        Some(code) => catalogue_code(code).ok_or_else(|| invalid("code", "catalogue-code-form"))?,
        None => next_code(work.conn(), &content).await?,
    };
    let record = Resource {
        resource_id: ResourceId::at(work.now()),
        code: code.clone(),
        provider_id,
        newest_version: 1,
        published_version: None,
    };
    if !resource::insert(work.conn(), &record, command.now).await? {
        return Err(invalid("code", "catalogue-code-taken"));
    }
    let version = Version {
        resource_id: record.resource_id,
        code,
        version: 1,
        provider_id,
        state: State::Draft,
        content,
        drafters: command.actor.account.into_iter().collect(),
        published_at: None,
        changed_at: command.now,
    };
    write(&mut work, &version).await?;
    begun(&mut work, command, &version).await?;
    work.commit().await?;
    Ok(version)
}

/// Saves a draft, or begins the next version of what is published or withdrawn. `seen` is the version and the instant
/// the writer had before them (microseconds); if somebody has written since, nothing is overwritten.
pub async fn save(
    base: &Base,
    command: &Command,
    code: &str,
    seen: Option<Seen>,
    content: Content,
) -> Result<Version, CatalogueError> {
    check_bounds(&content)?;
    words::ready().await;
    let mut work = Work::begin(base, command).await?;
    let record = locked(work.conn(), &command.actor, DRAFT, code).await?;
    let newest = resource::version(work.conn(), record.resource_id, record.newest_version).await?;
    let newest = newest.ok_or(CatalogueError::NotFound("version"))?;
    if seen.is_some_and(|seen| seen != Seen::of(&newest)) {
        return Err(CatalogueError::Stale);
    }
    let version = match newest.state {
        State::Draft => {
            Version { content, changed_at: command.now, drafters: joined(newest.drafters, command), ..newest }
        }
        State::InReview => return Err(CatalogueError::Step(StepRefusal::WrongState(State::InReview))),
        State::Published | State::Superseded | State::Withdrawn => Version {
            version: newest.version + 1,
            state: State::Draft,
            content,
            changed_at: command.now,
            drafters: command.actor.account.into_iter().collect(),
            published_at: None,
            ..newest
        },
    };
    write(&mut work, &version).await?;
    if version.version > record.newest_version {
        begun(&mut work, command, &version).await?;
    }
    let published = record.published_version;
    resource::set_versions(work.conn(), version.resource_id, version.version, published, command.now).await?;
    work.commit().await?;
    Ok(version)
}

/// Which text a writer had before them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seen {
    /// The version's number.
    pub version: i32,
    /// When it last changed, in microseconds.
    pub changed_us: i64,
}

impl Seen {
    /// What somebody sees who opens this version now.
    pub fn of(version: &Version) -> Self {
        let micros = version.changed_at.unix_timestamp_nanos() / 1_000;
        Self { version: version.version, changed_us: i64::try_from(micros).unwrap_or_default() }
    }

    /// From the hidden input `3-1790000000000000`.
    pub fn parse(text: &str) -> Option<Self> {
        let (version, changed) = text.split_once('-')?;
        Some(Self { version: version.parse().ok()?, changed_us: changed.parse().ok()? })
    }
}

impl std::fmt::Display for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.version, self.changed_us)
    }
}

fn joined(mut drafters: Vec<AccountId>, command: &Command) -> Vec<AccountId> {
    if let Some(account) = command.actor.account.filter(|account| !drafters.contains(account)) {
        drafters.push(account);
    }
    drafters
}

fn check_bounds(content: &Content) -> Result<(), CatalogueError> {
    let errors = bounds(content);
    if errors.is_empty() { Ok(()) } else { Err(CatalogueError::Invalid(errors)) }
}

fn invalid(field: &'static str, code: &'static str) -> CatalogueError {
    CatalogueError::Invalid(vec![jh_core::fault::FieldError { field, code, args: Vec::new() }])
}

/// 类 3 (部门信息资源), 项 the theme, 目 001, and the serial number.
async fn next_code(conn: &mut PgConnection, content: &Content) -> Result<String, CatalogueError> {
    let item = 1 + crate::model::Theme::ALL.iter().position(|theme| *theme == content.theme).unwrap_or_default();
    let serial = resource::next_serial(conn).await?;
    Ok(format!("3{item:02}001-{serial:06}"))
}

async fn begun(work: &mut Work, command: &Command, version: &Version) -> Result<(), CatalogueError> {
    let which = (version.resource_id, version.version);
    step::record(work.conn(), which, Step::Drafting, &command.actor, "", command.now).await
}

async fn write(work: &mut Work, version: &Version) -> Result<(), CatalogueError> {
    let vector = search_vector(work.conn(), version).await?;
    resource::put_version(work.conn(), version, &vector).await?;
    let detail = json!({ "code": version.code, "version": version.version });
    let entry = Entry {
        action: "catalogue.resource.drafted",
        subject: version.resource_id.0,
        organisation: Some(version.provider_id),
        purpose: None,
        detail,
    };
    work.audit(entry);
    Ok(())
}

async fn search_vector(conn: &mut PgConnection, version: &Version) -> Result<String, CatalogueError> {
    let provider = list::provider_name(conn, version.provider_id).await?.map(|found| found.name).unwrap_or_default();
    let content = &version.content;
    let keywords = content.keywords.join(" ");
    let labels: Vec<_> =
        content.fields.iter().flat_map(|field| [field.label.as_str(), field.label_en.as_str()]).collect();
    let labels = labels.join(" ");
    Ok(words::vector(&[
        (Weight::A, &content.title),
        (Weight::A, &content.title_en),
        (Weight::A, &version.code),
        (Weight::B, &keywords),
        (Weight::C, &provider),
        (Weight::C, &labels),
        (Weight::D, &content.description),
        (Weight::D, &content.description_en),
    ]))
}

/// The elements in force that fields are of, by identifier.
pub async fn elements_of(
    conn: &mut PgConnection,
    fields: &[Field],
) -> Result<HashMap<String, Element>, CatalogueError> {
    let identifiers: Vec<&str> = fields.iter().filter_map(|field| field.element.as_deref()).collect();
    let elements = standard::elements_named(conn, &identifiers).await?;
    Ok(elements.into_iter().map(|element| (element.identifier.clone(), element)).collect())
}
