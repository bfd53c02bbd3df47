//! The demonstration's rows: files that departments deliver, through the same door as anyone's.
use std::io::Cursor;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use catalogue::api::RowKind;
use indicatif::{ProgressBar, ProgressStyle};
use jh_core::actor::{Command, OrganisationId};
use jh_db::{Base, Work, jobs};
use jh_web::app::Composed;
use registry::api::{self, DeliveryId, Submitted, Target};
use time::Duration as Span;

use super::extracts::{self, Plan};
use super::people::Founded;
use crate::cli::Demo;

/// The largest of our own files by far.
const FILE_BYTES_MAX: u64 = 4 << 30;

/// A file that is shipped with the program: its path below `data/`, and its bytes.
const SHIPPED: [(&str, &[u8]); 6] = [
    ("divisions/gbt2260-history.csv", include_bytes!("../../../data/divisions/gbt2260-history.csv")),
    ("nantong/divisions.csv", include_bytes!("../../../data/nantong/divisions.csv")),
    ("nantong/service-items.csv", include_bytes!("../../../data/nantong/service-items.csv")),
    ("nantong/organisations.csv", include_bytes!("../../../data/nantong/organisations.csv")),
    (
        "catalogue/datasets/county-boundaries.csv",
        include_bytes!("../../../data/catalogue/datasets/county-boundaries.csv"),
    ),
    ("standards/elements.csv", include_bytes!("../../../data/standards/elements.csv")),
];

/// One file to deliver.
struct Parcel {
    provider: String,
    kind: RowKind,
    resource: Option<String>,
    name: String,
    content: Content,
}

enum Content {
    Shipped(&'static [u8]),
    Generated(Vec<u8>),
    File(PathBuf),
}

/// Whether an earlier load was cut off before its deliveries were all there.
pub async fn unfinished(base: &Base) -> Result<bool> {
    let mut connection = base.db.read().await?;
    let Some(id) = catalogue::api::resource_by_code(&mut connection, extracts::ENTERPRISE_RESOURCE).await? else {
        return Ok(true);
    };
    let Some(version) = catalogue::api::published(&mut connection, id).await? else { return Ok(true) };
    drop(connection);
    Ok(catalogue::api::freshness(base, &version, 1).await?.rows == 0)
}

/// Of each attribute of a person, whose value stands first, and on what basis; the others are left to the latest delivery.
const ORDERS: [(&str, &[(&str, &str)]); 8] = [
    ("person_name", &[("NT-GA", "户口登记机关")]),
    ("sex", &[("NT-GA", "户口登记机关")]),
    ("birth_on", &[("NT-GA", "户口登记机关")]),
    ("registered_division", &[("NT-GA", "户口登记机关")]),
    ("registered_address", &[("NT-GA", "户口登记机关")]),
    ("mobile_phone", &[("NT-RS", "参保人本人办理时核对"), ("NT-WJW", "就诊时登记")]),
    ("employer_name", &[("NT-RS", "社会保险登记机构")]),
    ("health_record_number", &[("NT-WJW", "居民健康档案建档单位")]),
];

/// Says whose value stands where departments differ.
pub async fn set_orders(base: &Base, command: &Command) -> Result<()> {
    for (attribute, sources) in ORDERS {
        let mut order = Vec::with_capacity(sources.len());
        for (code, basis) in sources {
            let found = identity::api::organisation_by_code(&mut *base.db.read().await?, code).await?;
            let provider = found.with_context(|| format!("no organisation {code}"))?.id;
            order.push(api::Source { provider, basis: (*basis).to_owned() });
        }
        api::set_order(base, command, RowKind::Person, attribute, &order).await?;
    }
    Ok(())
}

/// Delivers all files and waits until they have landed.
pub async fn deliver(composed: &Composed, people: &[Founded], options: &Demo) -> Result<()> {
    let base: &Base = &composed.app;
    let root = people.first().context("no accounts")?.root;
    let folder = std::env::temp_dir().join(format!("jianghai-demo-{}", std::process::id()));
    let plan =
        Plan { seed: options.seed, people: u64::from(options.people), enterprises: u64::from(options.enterprises) };
    let parcels = pack(&folder, plan)?;
    let bar = ProgressBar::new(parcels.len() as u64);
    bar.set_style(
        ProgressStyle::with_template("  {bar:30} {pos}/{len} files  {msg}").unwrap_or(ProgressStyle::default_bar()),
    );
    let mut waiting = Vec::new();
    for parcel in parcels {
        bar.set_message(parcel.name.clone());
        waiting.push((parcel.name.clone(), send(base, root, parcel).await?));
        land(composed, base, &waiting, &bar).await?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    let _ = std::fs::remove_dir_all(&folder);
    tell(base, &waiting).await
}

/// All files, in the order in which they make sense.
fn pack(folder: &std::path::Path, plan: Plan) -> Result<Vec<Parcel>> {
    let mut parcels = vec![Parcel {
        provider: "NT-MZ".into(),
        kind: RowKind::Place,
        resource: None,
        name: "南通市镇村级区划.csv".into(),
        content: Content::Shipped(shipped("nantong/divisions.csv")?),
    }];
    for row in csv::Reader::from_reader(super::RESOURCES).records() {
        let row = row?;
        let (code, provider, source) = (row[0].to_owned(), row[1].to_owned(), row.get(16).unwrap_or(""));
        if row.get(15) != Some("dataset") {
            continue;
        }
        let content = match source.strip_prefix("generated:") {
            Some("population") => {
                let mut bytes = Vec::new();
                extracts::write_population(&plan, &mut bytes)?;
                Content::Generated(bytes)
            }
            Some(other) => bail!("resources.csv: nothing generates {other}"),
            None => Content::Shipped(shipped(source)?),
        };
        let name = format!("{}.csv", &row[2]);
        parcels.push(Parcel { provider, kind: RowKind::Dataset, resource: Some(code), name, content });
    }
    for written in extracts::write_all(folder, &plan)? {
        let organisation = written.resource == extracts::ENTERPRISE_RESOURCE;
        parcels.push(Parcel {
            provider: written.provider.into(),
            kind: if organisation { RowKind::Organisation } else { RowKind::Person },
            resource: None,
            name: written.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            content: Content::File(written.path),
        });
    }
    Ok(parcels)
}

fn shipped(path: &str) -> Result<&'static [u8]> {
    let found = SHIPPED.iter().find(|(name, _)| *name == path);
    found.map(|(_, bytes)| *bytes).with_context(|| format!("data/{path} is not shipped with the program"))
}

async fn send(base: &Base, root: OrganisationId, parcel: Parcel) -> Result<DeliveryId> {
    let file = match &parcel.content {
        Content::Shipped(bytes) => base.files.put_stream(Cursor::new(*bytes), FILE_BYTES_MAX).await?,
        Content::Generated(bytes) => base.files.put_stream(Cursor::new(bytes.as_slice()), FILE_BYTES_MAX).await?,
        Content::File(path) => base.files.put_stream(tokio::fs::File::open(path).await?, FILE_BYTES_MAX).await?,
    };
    let mut connection = base.db.read().await?;
    let provider = identity::api::organisation_by_code(&mut connection, &parcel.provider).await?;
    let provider = provider.with_context(|| format!("no organisation {}", parcel.provider))?;
    let resource = match &parcel.resource {
        Some(code) => catalogue::api::resource_by_code(&mut connection, code).await?,
        None => None,
    };
    drop(connection);
    let command = crate::ingest::sender(base, root, provider.id, &provider.name);
    let target = Target { kind: parcel.kind, resource_id: resource, provider_id: provider.id };
    // The divisions' file has a short code beside the statistical one; only the latter is the place's own.
    let choices = match parcel.kind {
        RowKind::Place => vec![api::Choice { column: "code".into(), attribute: None }],
        _ => Vec::new(),
    };
    let submitted = Submitted { target, file_name: parcel.name, file, choices, corrects: None };
    Ok(api::submit(base, &command, submitted).await?)
}

/// Runs the jobs of this load until the newest delivery is at its end.
async fn land(composed: &Composed, base: &Base, sent: &[(String, DeliveryId)], bar: &ProgressBar) -> Result<()> {
    let Some((name, newest)) = sent.last() else { return Ok(()) };
    loop {
        jobs::run_due(base, &composed.jobs).await?;
        let progress = api::progress(base, *newest).await?.with_context(|| format!("{name} was not found again"))?;
        bar.set_message(format!("{name}: {} rows", progress.counts.rows_read));
        if progress.state.is_final() || progress.state == api::State::Mapping {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn tell(base: &Base, sent: &[(String, DeliveryId)]) -> Result<()> {
    for (name, id) in sent {
        let progress = api::progress(base, *id).await?.with_context(|| format!("{name} was not found again"))?;
        println!("  {name}: {:?}, {}", progress.state, progress.counts);
    }
    Ok(())
}

/// A credential with which a department's system of the demonstration can call and deliver; shown once.
pub async fn credential(base: &Base, code: &str) -> Result<String> {
    let command = Command::system("jianghai.demo", base.clock.now());
    let mut work = Work::begin(base, &command).await?;
    let organisation = identity::api::organisation_by_code(work.conn(), code).await?;
    let organisation = organisation.with_context(|| format!("no organisation {code}"))?;
    let ends_at = work.now() + Span::days(365);
    let issued =
        identity::api::issue_credential(&mut work, organisation.id, "演示系统", ends_at, &["department-system"])
            .await?;
    work.commit().await?;
    Ok(issued.token)
}
