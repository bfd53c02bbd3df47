//! Recomputing the whole audit from its rows: every digest, every link, every signed day. It names the first place
//! that does not fit.
use std::collections::VecDeque;
use std::fmt;

use jh_crypto::chain::{GENESIS, link};
use jh_crypto::signature::PublicKey;
use jh_crypto::sm3::{self, Hasher};
use sqlx::PgConnection;
use time::Date;
use uuid::Uuid;

use super::chain::digest_of;
use super::line::{PAGE, Row};
use super::seal::SealedDay;
use crate::{Base, Db, DbError};

/// What a verification found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Report {
    /// Links recomputed.
    pub rows: u64,
    /// Signed days checked.
    pub days: u64,
    /// Rows that wait to be linked.
    pub pending: u64,
    /// The first thing that does not fit, if any.
    pub broken: Option<Broken>,
}

impl Report {
    /// Whether everything fits.
    pub fn is_intact(&self) -> bool {
        self.broken.is_none()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rows, days, pending, broken } = self;
        match broken {
            None => write!(f, "intact: {rows} rows linked, {days} days signed, {pending} rows waiting to be linked"),
            Some(broken) => write!(f, "BROKEN at {broken}; {rows} rows and {days} signed days before it are intact"),
        }
    }
}

/// The first place where the audit does not fit. `Display` says it in a sentence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Broken {
    /// Its place in the chain, where it has one.
    pub seq: Option<i64>,
    /// The row, where it is known.
    pub audit_id: Option<Uuid>,
    /// The day, where it is a day that does not fit.
    pub day: Option<Date>,
    /// What is wrong with it.
    pub wrong: Wrong,
}

/// What can be wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wrong {
    /// The row's contents are not what was linked.
    RowChanged,
    /// The row that was linked is gone.
    RowMissing,
    /// The link does not follow from the one before it and the row.
    LinkChanged,
    /// A place in the chain is missing or there twice.
    PlaceMissing,
    /// A row is neither linked nor waiting to be.
    RowUnlinked,
    /// The chain ends before or after the place that its head remembers.
    EndMoved,
    /// The day's root is not signed by the city's key.
    SignatureInvalid,
    /// The day's root is signed but says something else than the rows.
    RootDiffers,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(day) = self.day {
            write!(f, "day {day}, ")?;
        }
        if let Some(seq) = self.seq {
            write!(f, "place {seq} of the chain, ")?;
        }
        if let Some(audit_id) = self.audit_id {
            write!(f, "row {audit_id}, ")?;
        }
        f.write_str(match self.wrong {
            Wrong::RowChanged => "its contents are not what was linked",
            Wrong::RowMissing => "the row that was linked is gone",
            Wrong::LinkChanged => "its link does not follow from the one before and the row",
            Wrong::PlaceMissing => "this place is missing or there twice",
            Wrong::RowUnlinked => "the row is neither linked nor waiting to be",
            Wrong::EndMoved => "the chain does not end where its head remembers",
            Wrong::SignatureInvalid => "the day's root is not signed by the city's key",
            Wrong::RootDiffers => "the day's signed root says something else than the rows",
        })
    }
}

/// Recomputes the whole chain and every signed root, on one snapshot of the database.
pub async fn verify(base: &Base) -> Result<Report, DbError> {
    verify_with(&base.db, &base.keys.public_key_pem(), |_| {}).await
}

/// As [`verify`], by the city's public key alone, telling `progress` after every few thousand rows.
pub async fn verify_with(
    db: &Db,
    public_key_pem: &str,
    mut progress: impl FnMut(&Report) + Send,
) -> Result<Report, DbError> {
    let mut snapshot = db.pool().begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY").await?;
    // The last query looks at every row of the audit at once.
    sqlx::query("SELECT set_config('statement_timeout', '0', true)").execute(&mut *snapshot).await?;
    let roots: Vec<SealedDay> = sqlx::query_as(
        "SELECT day_on, first_seq, last_seq, root, signature, public_key_pem FROM db.audit_root ORDER BY day_on",
    )
    .fetch_all(&mut *snapshot)
    .await?;
    let pending: i64 = sqlx::query_scalar("SELECT count(*) FROM db.audit_pending").fetch_one(&mut *snapshot).await?;
    let mut walk = Walk::new(roots, public_key_pem.to_owned());
    walk.report.pending = pending.unsigned_abs();
    while walk.report.is_intact() {
        let places = next_places(&mut snapshot, walk.seq).await?;
        if places.is_empty() {
            walk.end(&mut snapshot).await?;
            break;
        }
        for place in &places {
            walk.step(place)?;
            if !walk.report.is_intact() {
                break;
            }
        }
        progress(&walk.report);
    }
    Ok(walk.report)
}

/// A place of the chain, and its row if that is still there.
#[derive(sqlx::FromRow)]
struct Place {
    seq: i64,
    linked_id: Uuid,
    digest: Vec<u8>,
    link: Vec<u8>,
    there: bool,
    #[sqlx(flatten)]
    row: Row,
}

async fn next_places(connection: &mut PgConnection, after: i64) -> Result<Vec<Place>, DbError> {
    // A row that is gone is filled with blanks, so that one query serves both cases.
    Ok(sqlx::query_as(
        "SELECT l.seq, l.audit_id AS linked_id, l.digest, l.link, a.audit_id IS NOT NULL AS there,
                l.audit_id, COALESCE(a.happened_at, 'epoch') AS happened_at, COALESCE(a.action, '') AS action,
                COALESCE(a.subject_id, l.audit_id) AS subject_id, a.account_id,
                COALESCE(a.actor_kind, '') AS actor_kind, COALESCE(a.actor_name, '') AS actor_name,
                a.actor_organisation_id, a.organisation_id, a.purpose, COALESCE(a.request_id, '') AS request_id,
                COALESCE(a.detail::text, '') AS detail
         FROM db.audit_link l LEFT JOIN db.audit a ON a.audit_id = l.audit_id
         WHERE l.seq > $1 ORDER BY l.seq LIMIT $2",
    )
    .bind(after)
    .bind(PAGE)
    .fetch_all(connection)
    .await?)
}

/// Where the verification is.
struct Walk {
    report: Report,
    seq: i64,
    last: [u8; 32],
    roots: VecDeque<SealedDay>,
    /// The lines of the signed day we are in.
    lines: Hasher,
    before_day: [u8; 32],
    public_key_pem: String,
}

impl Walk {
    fn new(roots: Vec<SealedDay>, public_key_pem: String) -> Self {
        let (report, lines) = (Report::default(), Hasher::new());
        Self { report, seq: 0, last: GENESIS, roots: roots.into(), lines, before_day: GENESIS, public_key_pem }
    }

    fn broken(&mut self, seq: Option<i64>, audit_id: Option<Uuid>, wrong: Wrong) {
        self.report.broken.get_or_insert(Broken { seq, audit_id, day: None, wrong });
    }

    fn step(&mut self, place: &Place) -> Result<(), DbError> {
        let id = Some(place.linked_id);
        if place.seq != self.seq + 1 {
            self.broken(Some(self.seq + 1), None, Wrong::PlaceMissing);
            return Ok(());
        }
        if !place.there {
            self.broken(Some(place.seq), id, Wrong::RowMissing);
            return Ok(());
        }
        let line = place.row.canonical();
        let digest = sm3::digest(line.as_bytes());
        if digest[..] != place.digest {
            self.broken(Some(place.seq), id, Wrong::RowChanged);
            return Ok(());
        }
        let before = self.last;
        self.last = link(&before, &digest);
        if self.last != digest_of(&place.link)? {
            self.broken(Some(place.seq), id, Wrong::LinkChanged);
            return Ok(());
        }
        self.seq = place.seq;
        self.report.rows += 1;
        self.follow_day(&line, before);
        Ok(())
    }

    /// Gathers the lines of a signed day, and compares at its end.
    fn follow_day(&mut self, line: &str, before: [u8; 32]) {
        let Some(day) = self.roots.front() else { return };
        if self.seq == day.first_seq {
            self.lines = Hasher::new();
            self.before_day = before;
        }
        if self.seq < day.first_seq {
            return;
        }
        self.lines.update(line.as_bytes());
        self.lines.update(b"\n");
        if self.seq < day.last_seq {
            return;
        }
        if let Some(day) = self.roots.pop_front() {
            let lines = std::mem::take(&mut self.lines).finalize();
            self.check_day(&day, lines);
        }
    }

    fn check_day(&mut self, day: &SealedDay, lines: [u8; 32]) {
        // The key stored beside the root is for the exported files. Whoever can write there could have put their own,
        // so only the city's counts here.
        let signed = day.public_key_pem == self.public_key_pem
            && PublicKey::from_pem(&self.public_key_pem)
                .and_then(|key| key.verify(day.root.as_bytes(), &day.signature))
                .is_ok();
        let says = |name: &str, value: &str| {
            day.root.lines().any(|line| line.strip_prefix(name).and_then(|rest| rest.strip_prefix(": ")) == Some(value))
        };
        let agrees = says("day", &day.day_on.to_string())
            && says("first_seq", &day.first_seq.to_string())
            && says("last_seq", &day.last_seq.to_string())
            && says("previous_link", &sm3::hex(&self.before_day))
            && says("final_link", &sm3::hex(&self.last))
            && says("sm3", &sm3::hex(&lines));
        let wrong = match (signed, agrees) {
            (true, true) => {
                self.report.days += 1;
                return;
            }
            (false, _) => Wrong::SignatureInvalid,
            (true, false) => Wrong::RootDiffers,
        };
        let day = Some(day.day_on);
        self.report.broken.get_or_insert(Broken { seq: None, audit_id: None, day, wrong });
    }

    /// What is left once the chain is at its end.
    async fn end(&mut self, connection: &mut PgConnection) -> Result<(), DbError> {
        if let Some(day) = self.roots.front() {
            // A signed day whose rows, and places in the chain, are no longer there.
            let (seq, day) = (Some(self.seq + 1), Some(day.day_on));
            self.report.broken = Some(Broken { seq, audit_id: None, day, wrong: Wrong::PlaceMissing });
            return Ok(());
        }
        let (seq, last): (i64, Vec<u8>) =
            sqlx::query_as("SELECT seq, link FROM db.audit_head WHERE only_row").fetch_one(&mut *connection).await?;
        if seq != self.seq || last != self.last {
            self.broken(Some(self.seq + 1), None, Wrong::EndMoved);
            return Ok(());
        }
        let places: i64 = sqlx::query_scalar("SELECT count(*) FROM db.audit_link").fetch_one(&mut *connection).await?;
        if places.unsigned_abs() != self.report.rows {
            self.broken(None, None, Wrong::PlaceMissing);
            return Ok(());
        }
        let unlinked: Option<Uuid> = sqlx::query_scalar(
            "SELECT a.audit_id FROM db.audit a
             WHERE NOT EXISTS (SELECT 1 FROM db.audit_link l WHERE l.audit_id = a.audit_id)
               AND NOT EXISTS (SELECT 1 FROM db.audit_pending p WHERE p.audit_id = a.audit_id)
             ORDER BY a.happened_at LIMIT 1",
        )
        .fetch_optional(connection)
        .await?;
        if unlinked.is_some() {
            self.broken(None, unlinked, Wrong::RowUnlinked);
        }
        Ok(())
    }
}
