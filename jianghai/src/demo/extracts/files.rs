//! All files of the demonstration in one folder, with what the loader must know of each.
use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use super::tally::Counts;
use super::writing::{write_enterprise_extract, write_person_extract};
use super::{ENTERPRISE_FILE, ENTERPRISE_PROVIDER, ENTERPRISE_RESOURCE, PersonExtract, Plan};

/// One written file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Delivery {
    /// Where it is.
    pub path: PathBuf,
    /// The organisation that sends it.
    pub provider: &'static str,
    /// The resource of the catalogue that it fills.
    pub resource: &'static str,
    /// `person` or `organisation`.
    pub kind: &'static str,
    /// What it truly holds.
    pub counts: Counts,
}

/// Writes the four extracts into a folder.
pub fn write_all(dir: &Path, plan: &Plan) -> io::Result<Vec<Delivery>> {
    fs::create_dir_all(dir)?;
    let mut deliveries = Vec::new();
    for kind in PersonExtract::ALL {
        let path = dir.join(kind.file_name());
        let counts = write_person_extract(kind, plan, BufWriter::new(File::create(&path)?))?;
        let (provider, resource) = (kind.provider(), kind.resource());
        deliveries.push(Delivery { path, provider, resource, kind: "person", counts });
    }
    let path = dir.join(ENTERPRISE_FILE);
    let counts = write_enterprise_extract(plan, BufWriter::new(File::create(&path)?))?;
    let (provider, resource) = (ENTERPRISE_PROVIDER, ENTERPRISE_RESOURCE);
    deliveries.push(Delivery { path, provider, resource, kind: "organisation", counts });
    Ok(deliveries)
}
