//! `jianghai demo`: Nantong, with its real divisions, departments and services, and synthetic residents and enterprises.
//!
//! Everything goes in the way a city's own data does: organisations and accounts through identity, standards and
//! resources through the catalogue, rows as files that departments deliver.
mod casework;
mod city_management;
mod city_management_cases;
mod community_window;
mod deliveries;
pub mod extracts;
mod hotline;
mod hotline_history;
mod open311;
pub mod people;

use anyhow::{Context, Result};
use catalogue::api::StandardFiles;
use jh_core::actor::{Actor, ActorKind, Command, Grant};
use jh_db::Base;
use jh_web::app::Composed;

use crate::cli::Demo;

const ELEMENTS: &[u8] = include_bytes!("../../../data/standards/elements.csv");
const CODE_SETS: &[u8] = include_bytes!("../../../data/standards/code_sets.csv");
const RESOURCES: &[u8] = include_bytes!("../../../data/catalogue/resources.csv");
const FIELDS: &[u8] = include_bytes!("../../../data/catalogue/fields.csv");
/// The catalogue's entry that lists the services.
const SERVICES_RESOURCE: &str = "NT-ZWZX-001";

/// Nobody may take the demonstration for the city itself.
const NOTICE: &str = "这是演示。居民和企业都是合成数据；政务服务事项取自四川省广安市广安区公布的清单，不是南通市的。";
const NOTICE_EN: &str = "This is a demonstration. Residents and enterprises are synthetic; the services are those that Guang'an \
    District in Sichuan published, not Nantong's.";

/// Loads the demonstration with the usual sizes unless there is a city already.
pub async fn load_if_empty(composed: &Composed) -> Result<()> {
    let mut connection = composed.app.db.read().await?;
    let founded = identity::api::root(&mut connection).await?.is_some();
    drop(connection);
    if founded && !deliveries::unfinished(&composed.app).await? {
        return Ok(());
    }
    load(composed, &Demo { people: 52_000, enterprises: 3_200, seed: 2015 }).await
}

/// Loads the demonstration; what is there already stays as it is.
pub async fn load(composed: &Composed, options: &Demo) -> Result<()> {
    let base: &Base = &composed.app;
    println!("loading the demonstration city: Nantong (residents and enterprises are synthetic)");
    let people = found(base).await?;
    println!("  organisations, roles, data standards and {} accounts", people.len());
    let (drafter, publisher) = (author(base, &people, "admin")?, author(base, &people, "operator")?);
    catalogue::api::import_resources(base, &drafter, &publisher, RESOURCES, FIELDS).await.context("the catalogue")?;
    portal::api::set_services_resource(base, SERVICES_RESOURCE).await?;
    portal::api::set_notice(base, NOTICE, NOTICE_EN).await?;
    println!("  the catalogue's resources");
    hotline::set_centre(base, &author(base, &people, "supervisor")?).await.context("the hotline's centre")?;
    hotline::load_knowledge(base, &author(base, &people, "supervisor")?, &drafter).await.context("the hotline")?;
    let learned = hotline_history::load(base, &author(base, &people, "supervisor")?, options.seed)
        .await
        .context("the hotline's past requests")?;
    println!("  {learned} past requests of the hotline to learn from (invented)");
    let supervisor = author(base, &people, "grid")?;
    let (grids, components) =
        city_management::load(base, &people, &supervisor, options.seed).await.context("grid city management")?;
    println!("  {grids} unit grids and {components} components of grid city management (synthetic)");
    let cases = casework::load(base, &people, &supervisor).await.context("the hotline's cases")?;
    println!("  the working calendar of 2026, and {cases} cases of the hotline (invented)");
    let seen = city_management_cases::load(base, &people, &supervisor, options.seed)
        .await
        .context("the cases of the street")?;
    println!("  {seen} cases of grid city management (invented)");
    let clerk = author(base, &people, "window")?;
    let matters = community_window::load(base, &drafter, &clerk).await.context("the community's window")?;
    println!("  {matters} matters that a community's window takes (invented)");
    deliveries::set_orders(base, &drafter).await.context("the order of sources")?;
    deliveries::deliver(composed, &people, options).await.context("the departments' deliveries")?;
    let token = deliveries::credential(base, "NT-MZ").await?;
    if let Some(key) = open311::load(base).await.context("Open311")? {
        println!("  an api_key of Open311 at /open311/v2, shown this once: {key}");
    }
    println!("  a credential of 南通市民政局 (NT-MZ) for calls, shown this once: {token}");
    Ok(())
}

/// Organisations, accounts and data standards without any rows: what a measurement of deliveries starts from.
pub async fn found(base: &Base) -> Result<Vec<people::Founded>> {
    let command = Command::system("jianghai.demo", base.clock.now());
    let people = people::found(base, &command).await.context("organisations and accounts")?;
    let standards = StandardFiles { elements: ELEMENTS, code_sets: CODE_SETS };
    catalogue::api::import_standards(base, &author(base, &people, "admin")?, &standards).await?;
    Ok(people)
}

/// A person of the demonstration acting for the whole city, as its founder lets them on the first day.
pub fn author(base: &Base, people: &[people::Founded], username: &str) -> Result<Command> {
    let found = people.iter().find(|founded| founded.person.username == username);
    let founded = found.with_context(|| format!("no demonstration account {username}"))?;
    let grants: Vec<Grant> = permissions().map(|permission| Grant { permission, scope: founded.root }).collect();
    let actor = Actor {
        account: Some(founded.account),
        kind: ActorKind::Staff,
        name: founded.person.name.into(),
        organisation: Some(founded.organisation),
        organisation_name: "".into(),
        grants: grants.into(),
    };
    Ok(Command { actor, now: base.clock.now(), key: None, request_id: "jianghai.demo".into() })
}

/// Every permission of every room.
fn permissions() -> impl Iterator<Item = String> {
    crate::modules::modules().into_iter().flat_map(|module| module.permissions.iter().map(|p| (*p).to_owned()))
}

/// Tells who can sign in.
pub fn print_accounts() {
    println!("demonstration accounts, all with the password {}", people::PASSWORD);
    for person in &people::PEOPLE {
        let roles: Vec<_> = person
            .roles
            .iter()
            .filter_map(|(code, _)| people::ROLES.iter().find(|role| role.code == *code).map(|role| role.name))
            .collect();
        println!("  {:<12} {} {} ({})", person.username, person.name, roles.join("、"), person.organisation);
    }
}
