//! Who is told of stages: set up, switched on and off, tried, removed. Telling itself is `crate::webhook`.
use std::net::{IpAddr, Ipv4Addr};

use jh_core::fault::FieldError;
use jh_crypto::random;
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use serde_json::json;
use time::OffsetDateTime;
use url::{Host, Url};

use jh_core::actor::{Actor, Command, OrganisationId};

use super::procedure::at_root;
use super::{CONFIGURE, text};
use crate::fault::CaseError;
use crate::kind::CaseKind;
use crate::model::CaseId;
use crate::model::act::Act;
use crate::model::webhook::{DeliveryId, WebhookId, is_public, network};
use crate::store;
use crate::store::webhook::{NewDelivery, WebhookRow};

/// How a webhook's secret is sealed.
pub const SECRET: &str = "casework.webhook.secret";
/// What a secret begins with, so that people and scanners of leaked secrets recognise it.
const SECRET_MARK: &str = "jhw_";
/// The event of a trial.
pub const TRIAL: &str = "casework.webhook.test";

/// Somebody to be told, as a form says it.
#[derive(Clone, Debug, Default)]
pub struct NewWebhook {
    /// For people.
    pub name: String,
    /// Where to post.
    pub url: String,
    /// Whose cases it hears of: those of this organisation and below.
    pub organisation: Option<OrganisationId>,
    /// Only these kinds; empty for all.
    pub kinds: Vec<String>,
    /// Only these events; empty for all.
    pub events: Vec<String>,
}

/// A webhook that is there now; the secret is told once, and kept sealed.
#[derive(Clone)]
pub struct Made {
    /// Which.
    pub webhook_id: WebhookId,
    /// For whom.
    pub name: String,
    /// With which what is told is signed.
    pub secret: String,
}

/// Where to post: over TLS, except to this machine itself.
fn address(faults: &mut Vec<FieldError>, given: &str) -> String {
    let url = Url::parse(given.trim()).ok().filter(|_| given.trim().len() <= 500);
    let sound = url.filter(|url| {
        let here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        plain && url.has_host() && (url.scheme() == "https" || (url.scheme() == "http" && here))
    });
    if sound.is_none() {
        faults.push(FieldError { field: "url", code: "casework-webhook-url", args: Vec::new() });
    }
    sound.map(String::from).unwrap_or_default()
}

/// Whether an address is written in numbers that lie within a network which nobody allowed. One with a name is judged at each call.
async fn is_shut_off(work: &mut Work, url: &str) -> Result<bool, CaseError> {
    let address = match Url::parse(url).ok().as_ref().and_then(Url::host) {
        Some(Host::Ipv4(v4)) => IpAddr::from(v4),
        Some(Host::Ipv6(v6)) => IpAddr::from(v6),
        Some(Host::Domain("localhost")) => IpAddr::from(Ipv4Addr::LOCALHOST),
        _ => return Ok(false),
    };
    Ok(!is_public(address) && !store::webhook::allowed(work.conn(), &address.to_string()).await?)
}

/// Sets one up; it hears of what happens from now on.
pub async fn create(base: &Base, command: &Command, new: &NewWebhook) -> Result<Made, CaseError> {
    let mut work = Work::begin(base, command).await?;
    at_root(&mut work).await?;
    let mut faults = Vec::new();
    let name = text(&mut faults, "name", &new.name, 2, 60);
    let url = address(&mut faults, &new.url);
    if is_shut_off(&mut work, &url).await? {
        faults.push(FieldError { field: "url", code: "casework-webhook-private", args: Vec::new() });
    }
    let kinds = base.services.all::<dyn CaseKind>();
    if new.kinds.iter().any(|kind| !kinds.iter().any(|known| known.code() == kind)) {
        faults.push(FieldError { field: "kinds", code: "casework-webhook-kind", args: Vec::new() });
    }
    if new.events.iter().any(|event| !Act::ALL.iter().any(|act| act.event() == event)) {
        faults.push(FieldError { field: "events", code: "casework-webhook-event", args: Vec::new() });
    }
    let organisation = match new.organisation {
        Some(id) => store::organisation::organisation(work.conn(), id).await?,
        None => None,
    };
    if organisation.is_none() {
        faults.push(FieldError { field: "organisation", code: "casework-organisation-unknown", args: Vec::new() });
    }
    let Some(organisation) = organisation.filter(|_| faults.is_empty()) else { return Err(CaseError::Invalid(faults)) };
    let secret = format!("{SECRET_MARK}{}", random::token());
    let row = WebhookRow {
        webhook_id: WebhookId::at(work.now()),
        name,
        url,
        kinds: new.kinds.clone(),
        events: new.events.clone(),
        organisation_id: organisation.organisation_id,
        organisation_name: None,
        active: true,
        created_at: work.now(),
        created_by: work.actor().name.to_string(),
        failing_since_at: None,
        given_up_at: None,
    };
    store::webhook::insert(work.conn(), &row, &base.keys.seal(SECRET, secret.as_bytes())).await?;
    let detail = json!({ "name": row.name, "url": row.url, "organisation": organisation.code, "kinds": row.kinds, "events": row.events });
    let entry = Entry::new("casework.webhook.created", row.webhook_id).organisation(row.organisation_id).detail(detail);
    work.audit(entry);
    work.commit().await?;
    crate::webhook::Hearing::of(base).set(true);
    Ok(Made { webhook_id: row.webhook_id, name: row.name, secret })
}

async fn own(work: &mut Work, id: WebhookId) -> Result<WebhookRow, CaseError> {
    at_root(work).await?;
    let scopes = work.actor().scopes(CONFIGURE);
    store::webhook::find(work.conn(), id, &scopes).await?.ok_or(CaseError::NotFound("webhook"))
}

/// Switches one on or off. What it has not heard meanwhile stays waiting for a week.
pub async fn switch(base: &Base, command: &Command, id: WebhookId, active: bool) -> Result<(), CaseError> {
    let mut work = Work::begin(base, command).await?;
    let row = own(&mut work, id).await?;
    let now = work.now();
    store::webhook::switch(work.conn(), id, active, now).await?;
    let action = if active { "casework.webhook.switched_on" } else { "casework.webhook.switched_off" };
    work.audit(Entry::new(action, id).organisation(row.organisation_id).detail(json!({ "name": row.name })));
    work.commit().await?;
    if active {
        crate::webhook::Hearing::of(base).set(true);
    }
    Ok(())
}

/// Removes one, and all that waits for it.
pub async fn remove(base: &Base, command: &Command, id: WebhookId) -> Result<(), CaseError> {
    let mut work = Work::begin(base, command).await?;
    let row = own(&mut work, id).await?;
    store::webhook::remove(work.conn(), id).await?;
    let detail = json!({ "name": row.name, "url": row.url });
    let entry = Entry::new("casework.webhook.removed", id).organisation(row.organisation_id).detail(detail);
    work.audit(entry);
    Ok(work.commit().await?)
}

/// Leaves a trial to be told: the same way, the same signature, no case.
pub async fn trial(base: &Base, command: &Command, id: WebhookId) -> Result<(), CaseError> {
    let mut work = Work::begin(base, command).await?;
    let row = own(&mut work, id).await?;
    if !row.active {
        return Err(CaseError::NothingWaits("an active webhook"));
    }
    let now = work.now();
    let delivery_id = DeliveryId::at(now);
    let body = json!({ "id": delivery_id, "event": TRIAL, "occurred_at": written(now) }).to_string();
    let new = NewDelivery {
        delivery_id,
        webhook_id: id,
        // A case of its own, so that a trial waits for nothing.
        case_id: CaseId(delivery_id.0),
        seq: 0,
        event: TRIAL,
        body: &body,
        due_at: now,
    };
    store::webhook::leave(work.conn(), &new).await?;
    let entry =
        Entry::new("casework.webhook.tested", id).organisation(row.organisation_id).detail(json!({ "name": row.name }));
    work.audit(entry);
    work.enqueue(crate::webhook::JOB, None, serde_json::Value::Null).await?;
    Ok(work.commit().await?)
}

/// An instant as it is told.
pub fn written(instant: OffsetDateTime) -> String {
    let local = instant.to_offset(jh_core::clock::CHINA);
    local.format(&time::format_description::well_known::Rfc3339).unwrap_or_default()
}

/// Lets a network of the city's own be called, or no longer.
pub async fn set_network(base: &Base, command: &Command, given: &str, allowed: bool) -> Result<(), CaseError> {
    let mut work = Work::begin(base, command).await?;
    at_root(&mut work).await?;
    let network = network(given).ok_or(CaseError::field("network", "casework-webhook-network"))?;
    let (by, now) = (work.actor().name.to_string(), work.now());
    if allowed {
        store::webhook::add_network(work.conn(), &network, &by, now).await?;
    } else if !store::webhook::remove_network(work.conn(), &network).await? {
        return Err(CaseError::NotFound("network"));
    }
    let root = identity::api::root(work.conn()).await?.ok_or(CaseError::NotFound("root"))?;
    let detail = json!({ "network": network, "allowed": allowed });
    work.audit(Entry::new("casework.webhook.network_set", root).organisation(root).detail(detail));
    Ok(work.commit().await?)
}

/// The scopes in which somebody looks after webhooks.
pub fn scopes(actor: &Actor) -> Vec<uuid::Uuid> {
    actor.scopes(CONFIGURE)
}
