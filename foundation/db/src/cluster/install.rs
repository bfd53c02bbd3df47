//! Finding an installation of PostgreSQL that is complete: the programs, a version we support, and PostGIS.
//!
//! The first `postgres` on the PATH is no good guide: it may be a link into one installation's programs, or belong to
//! one without PostGIS. So each candidate folder is looked at as a whole.
use std::path::{Path, PathBuf};
use std::process::Command;

use super::ClusterError;

/// The oldest major version the SQL here is written for.
pub const VERSION_MIN: u32 = 15;

/// A complete installation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Installation {
    /// Where initdb, pg_ctl and postgres are.
    pub bin: PathBuf,
    /// Where `extension/postgis.control` is.
    pub share: PathBuf,
    /// The major version.
    pub version: u32,
}

/// The newest complete installation, or the one of the version that made existing data.
pub fn find_installation(made_by: Option<u32>) -> Result<Installation, ClusterError> {
    let mut seen = Vec::new();
    let mut found: Vec<Installation> = Vec::new();
    for bin in candidates() {
        match inspect(&bin) {
            Ok(installation) => found.push(installation),
            Err(lack) => seen.push(format!("{}: {lack}", bin.display())),
        }
    }
    // A stable sort: among equals the earlier candidate, which is what the operator named or pg_config gives.
    found.sort_by_key(|installation| std::cmp::Reverse(installation.version));
    if found.is_empty() {
        return Err(ClusterError::NotInstalled { seen });
    }
    match made_by {
        None => Ok(found.swap_remove(0)),
        Some(version) => {
            let versions: Vec<String> = found.iter().map(|one| one.version.to_string()).collect();
            found.into_iter().find(|one| one.version == version).ok_or_else(|| ClusterError::OtherVersion {
                data: PathBuf::new(),
                made_by: version,
                found: versions.join(", "),
            })
        }
    }
}

/// Folders that may hold the programs, each once, links resolved.
fn candidates() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = Vec::new();
    folders.extend(std::env::var_os("JIANGHAI_POSTGRES_BIN").map(PathBuf::from));
    folders.extend(ask("pg_config", "--bindir").map(PathBuf::from));
    // Debian and Ubuntu; Red Hat, openEuler and their like; builds from source; Homebrew.
    folders.extend(numbered("/usr/lib/postgresql", "bin"));
    folders.extend(numbered("/usr", "bin").into_iter().filter(|bin| bin.to_string_lossy().contains("/pgsql-")));
    folders.extend(["/usr/local/pgsql/bin", "/opt/homebrew/bin", "/usr/local/bin", "/usr/bin"].map(PathBuf::from));
    let mut once = Vec::new();
    for folder in folders {
        // The folder the program really is in, so that a link elsewhere leads home.
        let real = folder.join("postgres").canonicalize().ok().and_then(|program| Some(program.parent()?.to_owned()));
        let real = real.unwrap_or(folder);
        if !once.contains(&real) {
            once.push(real);
        }
    }
    once
}

/// `<parent>/*/<child>` that exist.
fn numbered(parent: &str, child: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(parent).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> =
        entries.map(|entry| entry.path().join(child)).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// Why the folder will not do, or what it is.
fn inspect(bin: &Path) -> Result<Installation, String> {
    for program in ["postgres", "initdb", "pg_ctl"] {
        if !bin.join(program).is_file() {
            return Err(format!("no {program}"));
        }
    }
    let said = ask(bin.join("postgres"), "--version").ok_or("postgres --version does not run")?;
    let version = major(&said).ok_or_else(|| format!("cannot read the version from {said:?}"))?;
    if version < VERSION_MIN {
        return Err(format!("version {version} is older than {VERSION_MIN}"));
    }
    let share = shares(bin, version).into_iter().find(|share| share.join("extension/postgis.control").is_file());
    match share {
        Some(share) => Ok(Installation { bin: bin.to_owned(), share, version }),
        None => Err(format!("version {version} without PostGIS")),
    }
}

/// Where the installation's extensions may be, likeliest first.
fn shares(bin: &Path, version: u32) -> Vec<PathBuf> {
    let mut shares: Vec<PathBuf> = ask(bin.join("pg_config"), "--sharedir").map(PathBuf::from).into_iter().collect();
    shares.push(PathBuf::from(format!("/usr/share/postgresql/{version}")));
    if let Some(home) = bin.parent() {
        shares.extend(["share", "share/postgresql", "share/pgsql"].map(|share| home.join(share)));
    }
    shares
}

/// `postgres (PostgreSQL) 15.19 (Debian …)` is 15; so is `16beta1` 16.
fn major(said: &str) -> Option<u32> {
    let number = said.split_whitespace().find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// The first line a program answers, if it runs and ends well.
fn ask(program: impl AsRef<std::ffi::OsStr>, argument: &str) -> Option<String> {
    let answered = Command::new(program).arg(argument).output().ok()?;
    let text = String::from_utf8_lossy(&answered.stdout).trim().to_owned();
    (answered.status.success() && !text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_what_postgres_says() {
        assert_eq!(major("postgres (PostgreSQL) 15.19 (Debian 15.19-0+deb12u1)"), Some(15));
        assert_eq!(major("postgres (PostgreSQL) 18beta2"), Some(18));
        assert_eq!(major("postgres"), None);
    }

    #[test]
    fn the_installation_found_has_all_it_needs() {
        let found = find_installation(None).unwrap();
        assert!(found.bin.join("initdb").is_file());
        assert!(found.share.join("extension/postgis.control").is_file());
        assert!(found.version >= VERSION_MIN);
    }

    #[test]
    fn data_of_a_version_not_installed_is_refused_by_name() {
        let refused = find_installation(Some(9)).unwrap_err().to_string();
        assert!(refused.contains("PostgreSQL 9"), "{refused}");
    }
}
