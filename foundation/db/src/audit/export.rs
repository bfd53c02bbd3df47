//! A day of the audit as plain files, which anyone checks with `openssl` and nothing of ours.
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use jh_crypto::signature::DISTID;
use jh_crypto::sm3::Hasher;
use time::Date;

use super::seal::{self, SealedDay};
use crate::{Base, DbError};

/// What was written, and how anyone checks it.
#[derive(Clone, Debug)]
pub struct Export {
    /// The folder that was written to.
    pub dir: PathBuf,
    /// `audit-YYYY-MM-DD.jsonl` in it: one canonical line for each row, in the order of the chain.
    pub lines: PathBuf,
    /// How many lines it has.
    pub rows: u64,
    /// Shell commands to run in that folder. The first prints the `sm3:` line of root.txt if the lines are what was
    /// signed; the second checks the city's signature of root.txt.
    pub commands: [String; 2],
}

/// Writes a day's `audit-YYYY-MM-DD.jsonl`, `root.txt`, `root.sig` and `public.pem` into `dir`, making it if it is
/// missing, and sealing the day first if need be; of a day that is not over, what there is so far.
pub async fn export_day(base: &Base, day: Date, dir: &Path) -> Result<Export, DbError> {
    let sealed = match seal::signed_day(base, day).await? {
        Some(sealed) => sealed,
        None => return Err(DbError::DayOpen { day, why: "the day has no audit rows" }),
    };
    std::fs::create_dir_all(dir).map_err(|error| DbError::io(format!("create {}", dir.display()), error))?;
    let name = format!("audit-{day}.jsonl");
    let lines = dir.join(&name);
    write_lines(base, &sealed, &lines).await?;
    for (name, bytes) in [
        ("root.txt", sealed.root.as_bytes()),
        ("root.sig", &sealed.signature),
        ("public.pem", sealed.public_key_pem.as_bytes()),
    ] {
        let path = dir.join(name);
        std::fs::write(&path, bytes).map_err(|error| DbError::io(format!("write {}", path.display()), error))?;
    }
    let rows = (sealed.last_seq - sealed.first_seq + 1).unsigned_abs();
    Ok(Export { dir: dir.to_owned(), lines, rows, commands: commands(&name) })
}

fn commands(name: &str) -> [String; 2] {
    [
        format!("grep -x \"sm3: $(openssl dgst -sm3 -r {name} | cut -d' ' -f1)\" root.txt"),
        format!(
            "openssl pkeyutl -verify -pubin -inkey public.pem -rawin -digest sm3 -in root.txt -sigfile root.sig \
             -pkeyopt distid:{DISTID}"
        ),
    ]
}

/// Writes the lines, and refuses if they are not those that were signed.
async fn write_lines(base: &Base, sealed: &SealedDay, path: &Path) -> Result<(), DbError> {
    let step = || format!("write {}", path.display());
    let file = File::create(path).map_err(|error| DbError::io(step(), error))?;
    let mut file = BufWriter::new(file);
    let mut hasher = Hasher::new();
    let mut add = |line: &str| {
        for part in [line.as_bytes(), b"\n"] {
            hasher.update(part);
            file.write_all(part).map_err(|error| DbError::io(step(), error))?;
        }
        Ok(())
    };
    let mut connection = base.db.read().await?;
    seal::through(&mut connection, sealed.day_on, (sealed.first_seq, sealed.last_seq), &mut add).await?;
    file.flush().map_err(|error| DbError::io(step(), error))?;
    let signed = sealed.root.lines().find_map(|line| line.strip_prefix("sm3: ")).unwrap_or_default();
    if jh_crypto::sm3::hex(&hasher.finalize()) != signed {
        return Err(DbError::AuditBroken { day: sealed.day_on, seq: sealed.first_seq });
    }
    Ok(())
}
