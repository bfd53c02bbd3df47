//! Moving a version on: submission, return, publication, withdrawal.
use jh_core::actor::{AccountId, Actor, ActorKind, Command};
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use serde_json::json;

use crate::actions::draft::elements_of;
use crate::actions::locked;
use crate::draft::obstacles;
use crate::fault::CatalogueError;
use crate::model::{self, State, Step, Version};
use crate::permission::{DRAFT, PUBLISH, REVIEW};
use crate::store::resource::{self, Resource};
use crate::store::step;

/// Takes one step on the resource with this code, for the reason given where the step asks for one.
pub async fn take(
    base: &Base,
    command: &Command,
    code: &str,
    taken: Step,
    reason: &str,
) -> Result<Version, CatalogueError> {
    let mut work = Work::begin(base, command).await?;
    let record = locked(work.conn(), &command.actor, permission(taken)?, code).await?;
    // Withdrawal is of what is published, even while a newer draft is being written.
    let number = match taken {
        Step::Withdrawal => record.published_version.unwrap_or(record.newest_version),
        _ => record.newest_version,
    };
    let version = resource::version(work.conn(), record.resource_id, number).await?;
    let version = version.ok_or(CatalogueError::NotFound("version"))?;
    let reason: String = reason.trim().chars().take(500).collect();
    let to = model::step(version.state, taken, who(&command.actor, taken), &version.drafters, &reason)
        .map_err(CatalogueError::Step)?;
    if matches!(taken, Step::Submission | Step::Publication) {
        let elements = elements_of(work.conn(), &version.content.fields).await?;
        let errors = obstacles(&version.content, &elements);
        if !errors.is_empty() {
            return Err(CatalogueError::Invalid(errors));
        }
    }
    if to == State::Published {
        supersede(&mut work, command, &record).await?;
    }
    apply(&mut work, command, &record, &version, (taken, to), &reason).await?;
    work.commit().await?;
    Ok(Version { state: to, changed_at: command.now, ..version })
}

/// Who takes the step. What a second pair of eyes decides takes a person: a credential that its holder issued to himself
/// would be a second pair of his own.
fn who(actor: &Actor, taken: Step) -> Option<AccountId> {
    let decides = matches!(taken, Step::Return | Step::Publication | Step::Withdrawal);
    actor.account.filter(|_| !decides || actor.kind == ActorKind::Staff)
}

fn permission(taken: Step) -> Result<&'static str, CatalogueError> {
    match taken {
        Step::Submission => Ok(DRAFT),
        Step::Return => Ok(REVIEW),
        Step::Publication | Step::Withdrawal => Ok(PUBLISH),
        Step::Drafting | Step::Supersession => Err(CatalogueError::NotFound("step")),
    }
}

async fn supersede(work: &mut Work, command: &Command, record: &Resource) -> Result<(), CatalogueError> {
    let Some(old) = record.published_version else {
        return Ok(());
    };
    let which = (record.resource_id, old);
    resource::set_state(work.conn(), which, State::Superseded, command.now).await?;
    step::record(work.conn(), which, Step::Supersession, &command.actor, "", command.now).await
}

async fn apply(
    work: &mut Work,
    command: &Command,
    record: &Resource,
    version: &Version,
    (taken, to): (Step, State),
    reason: &str,
) -> Result<(), CatalogueError> {
    let which = (version.resource_id, version.version);
    resource::set_state(work.conn(), which, to, command.now).await?;
    step::record(work.conn(), which, taken, &command.actor, reason, command.now).await?;
    let (action, event, published) = match taken {
        Step::Submission => ("catalogue.resource.submitted", None, record.published_version),
        Step::Return => ("catalogue.resource.returned", None, record.published_version),
        Step::Publication => {
            ("catalogue.resource.published", Some("catalogue.resource.published"), Some(version.version))
        }
        Step::Withdrawal => ("catalogue.resource.withdrawn", Some("catalogue.resource.withdrawn"), None),
        Step::Drafting | Step::Supersession => return Ok(()),
    };
    resource::set_versions(work.conn(), record.resource_id, record.newest_version, published, command.now).await?;
    let detail = json!({ "code": version.code, "version": version.version });
    if let Some(event) = event {
        work.emit(event, version.resource_id.0, detail.clone());
    }
    let purpose = (!reason.is_empty()).then_some(reason);
    let organisation = Some(version.provider_id);
    work.audit(Entry { action, subject: version.resource_id.0, organisation, purpose, detail });
    Ok(())
}
