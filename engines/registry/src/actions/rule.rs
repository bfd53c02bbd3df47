//! The order of sources: whose value of an attribute stands before others', and who keeps a base database as a whole.
use catalogue::api::RowKind;
use jh_core::actor::{Command, OrganisationId};
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use serde_json::json;

use crate::fault::RegistryError;
use crate::kind::shape_of;
use crate::permission::{RULE, require};
use crate::store::{reference, revision, rule};

/// The longest reason.
const BASIS_CHARS_MAX: usize = 200;
/// More providers than these have no rank of their own: the latest of them stands.
pub const ORDER_MAX: usize = 20;

/// A provider in the order.
#[derive(Clone, Debug)]
pub struct Source {
    /// Whose value.
    pub provider: OrganisationId,
    /// Why, for example 户口登记机关: shown beside every value that stands for it.
    pub basis: String,
}

/// Whose value of an attribute stands before others', the best first; an empty order leaves it to the latest delivery.
/// Golden records follow in the background.
pub async fn set_order(
    base: &Base,
    command: &Command,
    kind: RowKind,
    attribute: &str,
    order: &[Source],
) -> Result<(), RegistryError> {
    if !shape_of(kind).is_some_and(|shape| shape.elements.contains(&attribute)) {
        return Err(RegistryError::AttributeUnknown);
    }
    if order.len() > ORDER_MAX || order.iter().any(|source| !is_basis(&source.basis)) {
        return Err(RegistryError::Field("basis", "registry-basis-missing"));
    }
    let mut work = Work::begin(base, command).await?;
    let root = whole_city(&mut work, command).await?;
    let mut numbered: Vec<(i16, &str)> = Vec::with_capacity(order.len());
    let mut codes = Vec::with_capacity(order.len());
    for source in order {
        require(work.conn(), &command.actor, RULE, source.provider).await?;
        let number = reference::provider_no(work.conn(), source.provider, command.now).await?;
        if numbered.iter().any(|(other, _)| *other == number) {
            return Err(RegistryError::Field("place", "registry-place-taken"));
        }
        numbered.push((number, source.basis.trim()));
        codes.push(identity::api::organisation(work.conn(), source.provider).await?.map(|found| found.code));
    }
    rule::set_order(work.conn(), kind, attribute, &numbered).await?;
    revision::ask(work.conn(), kind, command.now).await?;
    work.enqueue(crate::revision::JOB, Some(kind.word()), json!({ "kind": kind })).await?;
    let facts = json!({ "kind": kind, "attribute": attribute, "order": codes });
    work.audit(Entry::new("registry.rule.set", root).organisation(root).detail(facts));
    work.commit().await?;
    Ok(())
}

fn is_basis(text: &str) -> bool {
    let text = text.trim();
    text.chars().nth(1).is_some() && text.chars().count() <= BASIS_CHARS_MAX && !text.chars().any(char::is_control)
}

/// Names the organisation that keeps a base database as a whole, or nobody: its resources show the golden records.
pub async fn set_keeper(
    base: &Base,
    command: &Command,
    kind: RowKind,
    keeper: Option<OrganisationId>,
) -> Result<(), RegistryError> {
    shape_of(kind).ok_or(RegistryError::Field("base", "registry-kind-unknown"))?;
    let mut work = Work::begin(base, command).await?;
    let root = whole_city(&mut work, command).await?;
    let mut code = None;
    if let Some(keeper) = keeper {
        require(work.conn(), &command.actor, RULE, keeper).await?;
        code = identity::api::organisation(work.conn(), keeper).await?.map(|found| found.code);
    }
    rule::set_keeper(work.conn(), kind, keeper).await?;
    let facts = json!({ "kind": kind, "keeper": code });
    work.audit(Entry::new("registry.keeper.set", root).organisation(root).detail(facts));
    work.commit().await?;
    Ok(())
}

/// The order of sources is the whole city's: it takes the permission at the root of the tree.
async fn whole_city(work: &mut Work, command: &Command) -> Result<OrganisationId, RegistryError> {
    let root = identity::api::root(work.conn()).await?.ok_or(RegistryError::OutsideScope)?;
    require(work.conn(), &command.actor, RULE, root).await?;
    Ok(root)
}
