//! The job that takes a delivery from acknowledged to its end, from wherever an earlier run left it.
use std::sync::Arc;

use jh_core::actor::Command;
use jh_core::clock::china_day;
use jh_crypto::sm3;
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use serde_json::json;
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::fault::RegistryError;
use crate::land::{self, GoldenPlan, Outcome, Plan, Secrets, SettingOwned};
use crate::mapping::{Mapping, MappingFault};
use crate::model::{DeliveryId, State, Step, kind_no};
use crate::reader::{self, Format, Opening, Position, ReadFault};
use crate::schema::Schema;
use crate::standards;
use crate::store::delivery::{self, Delivery, Layout};
use crate::store::settlement;
use crate::store::{reference, tally};

/// The job's name.
pub const JOB: &str = "registry.ingest";

/// Takes the delivery as far as it goes now. True when nothing is left to do until a person acts.
pub async fn ingest(base: &Base, id: DeliveryId, stop: &CancellationToken) -> Result<bool, RegistryError> {
    let Some(found) = delivery::find(&mut *base.db.read().await?, id).await? else { return Ok(true) };
    if found.cancel_asked_at.is_some() && !found.state.is_final() {
        end(base, &found, Step::Cancel).await?;
        return Ok(true);
    }
    let schema = match standards::schema(&mut *base.db.read().await?, found.kind, found.resource_id).await {
        Ok(schema) => schema,
        Err(RegistryError::ResourceTakesNone) => return fail(base, &found, ("resource-gone", "")).await.map(|()| true),
        Err(fault) => return Err(fault),
    };
    let opened = match found.state {
        State::Received | State::Checking => check(base, &found, schema).await?,
        State::Landing => found.layout(&schema).map(|(format, mapping)| (schema, format, mapping, found.next())),
        State::Mapping | State::Done | State::Cancelled | State::Failed => None,
    };
    let Some((schema, format, mapping, from)) = opened else { return Ok(true) };
    let plan = plan(base, &found, schema, format, mapping).await?;
    let file = base.files.open_blocking(&found.file())?;
    let rejected = u64::try_from(found.rows_rejected).unwrap_or(0);
    match land::run(base, Arc::new(plan), file, from, rejected, stop).await {
        Ok(Outcome::Finished) => end(base, &found, Step::Finish).await?,
        Ok(Outcome::Cancelled) => end(base, &found, Step::Cancel).await?,
        Ok(Outcome::Taken) => {}
        Ok(Outcome::Stopped) => return Ok(false),
        Err(land::RunFault::Read(fault)) if !matches!(fault, ReadFault::Io(_)) => {
            fail(base, &found, (fault.code(), &fault.detail())).await?;
        }
        Err(fault) => return Err(fault.into()),
    }
    Ok(true)
}

type Opened = Option<(Schema, Format, Mapping, Position)>;

/// Opens the file and recognises its columns. None when the delivery ended here or waits for a person.
async fn check(base: &Base, found: &Delivery, schema: Schema) -> Result<Opened, RegistryError> {
    if found.state == State::Received {
        move_to(base, found, Step::Open).await?;
    }
    let mut file = base.files.open_blocking(&found.file())?;
    // Unpacking a workbook against its limits takes seconds; no thread that serves pages may be kept so long.
    let opening = spawn_blocking(move || reader::open(&mut file)).await.map_err(|_| RegistryError::Thread)?;
    let opening = match opening {
        Ok(opening) => opening,
        Err(fault @ ReadFault::Io(_)) => return Err(fault.into()),
        Err(fault) => {
            fail(base, found, (fault.code(), &fault.detail())).await?;
            return Ok(None);
        }
    };
    let mut connection = base.db.read().await?;
    let choices = reference::choices(&mut connection, found.target()).await?;
    let aliases = reference::division_aliases(&mut connection).await?;
    drop(connection);
    let setting = setting(found, opening.format, aliases);
    match Mapping::find(&schema, &choices, &opening.sample, setting.as_setting()) {
        Ok(mapping) => accept(base, found, schema, &opening, mapping).await,
        Err(MappingFault::Unclear { mapping, suggestions }) => {
            ask_mapping(base, found, &schema, &opening, mapping, &suggestions).await?;
            Ok(None)
        }
        Err(fault) => {
            let (code, detail) = match fault {
                MappingFault::Duplicate { header, columns } => ("header-duplicate", format!("{header}（{columns}）")),
                MappingFault::Missing { labels } => ("header-missing", labels),
                MappingFault::NoHeader => ("header-absent", String::new()),
                MappingFault::TooWide | MappingFault::Unclear { .. } => ("too-many-columns", String::new()),
            };
            fail(base, found, (code, &detail)).await?;
            Ok(None)
        }
    }
}

fn setting(
    found: &Delivery,
    format: Format,
    division_aliases: std::collections::HashMap<String, String>,
) -> SettingOwned {
    let serial_dates = matches!(format, Format::Xlsx { serial_dates: true });
    SettingOwned { today: china_day(found.received_at), serial_dates, division_aliases }
}

async fn plan(
    base: &Base,
    found: &Delivery,
    schema: Schema,
    format: Format,
    mapping: Mapping,
) -> Result<Plan, RegistryError> {
    let mut connection = base.db.read().await?;
    let setting = setting(found, format, reference::division_aliases(&mut connection).await?);
    Ok(Plan {
        delivery_id: found.delivery_id,
        delivery_no: found.delivery_no,
        provider_no: found.provider_no,
        resource_id: resource_or_nil(found),
        columns: Plan::columns_of(&schema, &mapping),
        golden: GoldenPlan::of(&schema),
        secrets: Secrets::new(&base.keys),
        schema,
        mapping,
        setting,
        format,
    })
}

fn resource_or_nil(found: &Delivery) -> Uuid {
    found.resource_id.map_or(Uuid::nil(), |resource| resource.0)
}

fn names<'a>(schema: &'a Schema, mapping: &Mapping) -> Vec<Option<&'a str>> {
    mapping.columns.iter().map(|position| Some(schema.attributes[(*position)?].name.as_str())).collect()
}

/// Of what was delivered to where with which columns.
fn fingerprint(found: &Delivery, names: &[Option<&str>]) -> [u8; 32] {
    let mut hasher = sm3::Hasher::new();
    hasher.update(found.provider_id.0.as_bytes());
    hasher.update(&kind_no(found.kind).to_le_bytes());
    hasher.update(resource_or_nil(found).as_bytes());
    hasher.update(&found.file_sm3);
    for name in names {
        hasher.update(name.unwrap_or_default().as_bytes());
        hasher.update(&[0]);
    }
    hasher.finalize()
}

/// The columns are clear: rows may land, unless the same file came before.
async fn accept(
    base: &Base,
    found: &Delivery,
    schema: Schema,
    opening: &Opening,
    mapping: Mapping,
) -> Result<Opened, RegistryError> {
    let attributes = names(&schema, &mapping);
    let fingerprint = fingerprint(found, &attributes);
    // Rows up to the header are read again and passed over: the chunk reader alone knows where each row begins.
    let from = opening.start;
    let layout = Layout {
        format: opening.format,
        sheet: opening.sheet.as_deref(),
        rows_declared: opening.rows_declared,
        mapping: &mapping,
        attributes,
        fingerprint: Some(fingerprint),
        next: from,
    };
    let mut work = Work::begin(base, &Command::system(JOB, base.clock.now())).await?;
    delivery::set_layout(work.conn(), found.delivery_id, &layout).await?;
    let now = work.now();
    if let Some(same) = delivery::same_before(work.conn(), found.delivery_id, &fingerprint).await? {
        delivery::set_same_as(work.conn(), found.delivery_id, same).await?;
        work.commit().await?;
        end(base, found, Step::Finish).await?;
        return Ok(None);
    }
    let moved = delivery::set_state(work.conn(), found.delivery_id, &[State::Checking], State::Landing, now).await?;
    work.commit().await?;
    Ok(moved.then_some((schema, opening.format, mapping, from)))
}

async fn ask_mapping(
    base: &Base,
    found: &Delivery,
    schema: &Schema,
    opening: &Opening,
    mapping: Mapping,
    suggestions: &[(usize, Option<usize>)],
) -> Result<(), RegistryError> {
    let mut suggested = mapping.clone();
    for (column, position) in suggestions {
        // Two columns may fit one attribute; the first is suggested.
        let free = position.filter(|position| !suggested.columns.contains(&Some(*position)));
        suggested.columns[*column] = free;
    }
    let layout = Layout {
        format: opening.format,
        sheet: opening.sheet.as_deref(),
        rows_declared: opening.rows_declared,
        attributes: names(schema, &suggested),
        mapping: &mapping,
        fingerprint: None,
        next: Position::default(),
    };
    let mut work = Work::begin(base, &Command::system(JOB, base.clock.now())).await?;
    delivery::set_layout(work.conn(), found.delivery_id, &layout).await?;
    let now = work.now();
    delivery::set_state(work.conn(), found.delivery_id, &[State::Checking], State::Mapping, now).await?;
    work.emit("registry.delivery.mapping_needed", found.delivery_id.0, json!({ "provider_id": found.provider_id }));
    work.commit().await?;
    Ok(())
}

async fn move_to(base: &Base, found: &Delivery, step: Step) -> Result<(), RegistryError> {
    let Some(to) = found.state.after(step) else { return Err(RegistryError::WrongState(found.state.word())) };
    let mut work = Work::begin(base, &Command::system(JOB, base.clock.now())).await?;
    let now = work.now();
    delivery::set_state(work.conn(), found.delivery_id, &[found.state], to, now).await?;
    work.commit().await?;
    Ok(())
}

/// Ends a delivery: done or cancelled.
async fn end(base: &Base, found: &Delivery, step: Step) -> Result<(), RegistryError> {
    let (to, action, event) = match step {
        Step::Cancel => (State::Cancelled, "registry.delivery.cancelled", "registry.delivery.cancelled"),
        _ => (State::Done, "registry.delivery.done", "registry.delivery.done"),
    };
    let mut work = Work::begin(base, &Command::system(JOB, base.clock.now())).await?;
    let now = work.now();
    let from: &[State] = &[State::Received, State::Checking, State::Mapping, State::Landing];
    if !delivery::set_state(work.conn(), found.delivery_id, from, to, now).await? {
        return Ok(());
    }
    if to == State::Done {
        settlement::settle_corrected(work.conn(), found.delivery_id, now).await?;
        tally::count_delivery(work.conn(), found.provider_no, kind_no(found.kind), resource_or_nil(found), now).await?;
    }
    let counts = delivery::counts(work.conn(), found.delivery_id).await?;
    let facts = json!({ "kind": found.kind, "file": found.file_name, "counts": counts });
    work.audit(Entry::new(action, found.delivery_id).organisation(found.provider_id).detail(facts.clone()));
    work.emit(event, found.delivery_id.0, json!({ "provider_id": found.provider_id, "facts": facts }));
    work.commit().await?;
    Ok(())
}

async fn fail(base: &Base, found: &Delivery, reason: (&str, &str)) -> Result<(), RegistryError> {
    let mut work = Work::begin(base, &Command::system(JOB, base.clock.now())).await?;
    let now = work.now();
    if delivery::fail(work.conn(), found.delivery_id, reason, now).await? {
        let facts = json!({ "kind": found.kind, "file": found.file_name, "failure": reason.0 });
        let entry = Entry::new("registry.delivery.failed", found.delivery_id).organisation(found.provider_id);
        work.audit(entry.detail(facts.clone()));
        work.emit("registry.delivery.failed", found.delivery_id.0, facts);
    }
    work.commit().await?;
    Ok(())
}
