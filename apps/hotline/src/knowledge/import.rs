//! Many entries from one CSV file (UTF-8 or GB18030): good rows become drafts, bad ones are told by row and field.
use std::collections::HashMap;

use csv::StringRecord;
use encoding_rs::GB18030;
use jh_core::actor::{AccountId, Command, OrganisationId};
use jh_core::clock::china_day;
use jh_core::fault::FieldError;
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use serde_json::json;
use sqlx::PgConnection;
use time::{Date, Duration};
use uuid::Uuid;

use super::WRITE;
use super::actions;
use super::model::{Audience, Content, EntryId};
use super::store::neighbour;
use crate::fault::HotlineError;

/// The largest file taken.
pub const BYTES_MAX: usize = 4 * 1024 * 1024;
/// The most rows of one file; a city's whole knowledge base is a few files.
pub const ROWS_MAX: usize = 1_000;
/// The columns, in the order of the template that the page offers. Only the first four and the organisation must be there.
pub const COLUMNS: [&str; 11] = [
    "question",
    "aliases",
    "short_answer",
    "answer",
    "organisation",
    "owner",
    "keywords",
    "service",
    "audience",
    "from_on",
    "expires_on",
];
/// Columns without which there is no entry.
const NEEDED: [&str; 4] = ["question", "short_answer", "answer", "organisation"];
/// When the answer expires if the file does not say.
const TERM_DAYS: i64 = 365;

/// What is wrong with one row.
#[derive(Clone, Debug)]
pub struct RowFault {
    /// The line of the file, as a spreadsheet counts: the first row under the heading is 2.
    pub row: usize,
    /// What is wrong, by column.
    pub faults: Vec<FieldError>,
}

/// What became of a file.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// The drafts.
    pub written: Vec<EntryId>,
    /// The rows that were left out.
    pub refused: Vec<RowFault>,
}

/// Reads the rows and writes those that are right as drafts, all in one transaction.
pub async fn import(base: &Base, command: &Command, bytes: &[u8]) -> Result<Imported, HotlineError> {
    let (columns, rows) = read(bytes)?;
    let mut work = Work::begin(base, command).await?;
    let scopes = work.actor().scopes(WRITE);
    let me = command.actor.account.ok_or(HotlineError::NoPerson)?;
    let mut places = Places { scopes, me, organisations: HashMap::new(), owners: HashMap::new() };
    let mut done = Imported::default();
    for (at, record) in rows.iter().enumerate() {
        let row = Row { columns: &columns, record };
        match row.entry(&mut places, work.conn(), china_day(command.now)).await? {
            Ok((organisation, owner, content)) => {
                done.written.push(actions::insert(&mut work, (organisation, owner), &content, false).await?);
            }
            Err(faults) => done.refused.push(RowFault { row: at + 2, faults }),
        }
    }
    let detail = json!({ "rows": rows.len(), "written": done.written.len(), "refused": done.refused.len() });
    let subject = jh_core::id::uuid_at(command.now);
    work.audit(Entry::new("hotline.knowledge.imported", subject).detail(detail));
    work.commit().await?;
    Ok(done)
}

/// The heading's places by name, and the rows that are not empty.
fn read(bytes: &[u8]) -> Result<(HashMap<&'static str, usize>, Vec<StringRecord>), HotlineError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // What is UTF-8 throughout is UTF-8: Chinese text in GB18030 practically never is.
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => GB18030
            .decode_without_bom_handling_and_without_replacement(bytes)
            .ok_or(HotlineError::File("hotline-knowledge-file-encoding"))?
            .into_owned(),
    };
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::Headers).from_reader(text.as_bytes());
    let unreadable = |_| HotlineError::File("hotline-knowledge-file-csv");
    let heading = reader.headers().map_err(unreadable)?.clone();
    let place = |name: &&'static str| heading.iter().position(|of| of.eq_ignore_ascii_case(name)).map(|at| (*name, at));
    let columns: HashMap<&'static str, usize> = COLUMNS.iter().filter_map(place).collect();
    if NEEDED.iter().any(|name| !columns.contains_key(name)) {
        return Err(HotlineError::File("hotline-knowledge-file-columns"));
    }
    let mut rows = Vec::new();
    for record in reader.into_records() {
        let record = record.map_err(unreadable)?;
        if rows.len() == ROWS_MAX {
            return Err(HotlineError::File("hotline-knowledge-file-long"));
        }
        rows.push(record);
    }
    if rows.is_empty() {
        return Err(HotlineError::File("hotline-knowledge-file-empty"));
    }
    Ok((columns, rows))
}

/// What was looked up of organisations and people; a file names few of them many times.
struct Places {
    scopes: Vec<Uuid>,
    me: AccountId,
    organisations: HashMap<String, Option<OrganisationId>>,
    owners: HashMap<(OrganisationId, String), Option<AccountId>>,
}

impl Places {
    async fn organisation(
        &mut self,
        conn: &mut PgConnection,
        code: &str,
    ) -> Result<Option<OrganisationId>, HotlineError> {
        if let Some(known) = self.organisations.get(code) {
            return Ok(*known);
        }
        let found = neighbour::organisation_coded(conn, code, &self.scopes).await?;
        self.organisations.insert(code.to_owned(), found);
        Ok(found)
    }

    /// The one keeper of that name; without a name, whoever imports.
    async fn owner(
        &mut self,
        conn: &mut PgConnection,
        organisation: OrganisationId,
        name: &str,
    ) -> Result<Option<AccountId>, HotlineError> {
        let key = (organisation, name.to_owned());
        if let Some(known) = self.owners.get(&key) {
            return Ok(*known);
        }
        let found = if name.is_empty() {
            neighbour::is_keeper(conn, self.me, organisation).await?.then_some(self.me)
        } else {
            match neighbour::keepers_named(conn, organisation, name).await?.as_slice() {
                [one] => Some(*one),
                _ => None,
            }
        };
        self.owners.insert(key, found);
        Ok(found)
    }
}

/// What a row makes, or what is wrong with it.
type Made = Result<(OrganisationId, AccountId, Content), Vec<FieldError>>;

struct Row<'a> {
    columns: &'a HashMap<&'static str, usize>,
    record: &'a StringRecord,
}

impl Row<'_> {
    fn get(&self, name: &str) -> &str {
        self.columns.get(name).and_then(|at| self.record.get(*at)).map_or("", str::trim)
    }

    fn day(&self, name: &'static str, otherwise: Date, faults: &mut Vec<FieldError>) -> Date {
        let text = self.get(name);
        if text.is_empty() {
            return otherwise;
        }
        jh_core::clock::parse_day(text).unwrap_or_else(|| {
            faults.push(FieldError { field: name, code: "not-a-date", args: Vec::new() });
            otherwise
        })
    }

    async fn entry(&self, places: &mut Places, conn: &mut PgConnection, today: Date) -> Result<Made, HotlineError> {
        let mut faults = Vec::new();
        let content = self.content(today, &mut faults);
        for fault in content.faults(today) {
            // A day that could not be read is not judged as well.
            if !faults.iter().any(|known| known.field == fault.field) {
                faults.push(fault);
            }
        }
        let wrong = |field, code| FieldError { field, code, args: Vec::new() };
        let organisation = places.organisation(conn, self.get("organisation")).await?;
        let Some(organisation) = organisation else {
            faults.push(wrong("organisation", "hotline-knowledge-organisation"));
            return Ok(Err(faults));
        };
        let owner = places.owner(conn, organisation, self.get("owner")).await?;
        match owner {
            Some(owner) if faults.is_empty() => Ok(Ok((organisation, owner, content))),
            Some(_) => Ok(Err(faults)),
            None => {
                faults.push(wrong("owner", "hotline-knowledge-owner-named"));
                Ok(Err(faults))
            }
        }
    }

    /// Other ways of asking stand in one cell, with `|` or a line break between.
    fn content(&self, today: Date, faults: &mut Vec<FieldError>) -> Content {
        let audience = match self.get("audience") {
            "" | "公开" => Audience::Public,
            "内部" => Audience::Internal,
            code => Audience::parse(code).unwrap_or_else(|| {
                faults.push(FieldError { field: "audience", code: "hotline-knowledge-audience", args: Vec::new() });
                Audience::Internal
            }),
        };
        let from_on = self.day("from_on", today, faults);
        let term = Duration::days(TERM_DAYS);
        let content = Content {
            question: self.get("question").to_owned(),
            aliases: self.get("aliases").split(['|', '｜', '\n']).map(str::to_owned).collect(),
            short_answer: self.get("short_answer").to_owned(),
            answer: self.get("answer").to_owned(),
            keywords: vec![self.get("keywords").to_owned()],
            service_path: Some(self.get("service").to_owned()),
            audience,
            from_on,
            expires_on: self.day("expires_on", today.max(from_on) + term, faults),
        };
        content.tidy()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "question,Short_Answer,answer,organisation,aliases\n问,短,全,NT-RS,甲|乙\n";

    #[test]
    fn both_encodings_and_any_order_of_columns_are_read() {
        let utf8 = [b"\xef\xbb\xbf", FILE.as_bytes()].concat();
        let gb = GB18030.encode(FILE).0.into_owned();
        for bytes in [utf8, gb] {
            let (columns, rows) = read(&bytes).expect("a file");
            let row = Row { columns: &columns, record: &rows[0] };
            assert_eq!((row.get("question"), row.get("short_answer"), row.get("owner")), ("问", "短", ""));
            let content = row.content(time::macros::date!(2026 - 03 - 02), &mut Vec::new());
            assert_eq!(content.aliases, ["甲", "乙"]);
        }
    }

    #[test]
    fn a_file_that_is_no_such_table_is_refused_with_its_reason() {
        let code = |bytes: &[u8]| match read(bytes) {
            Err(HotlineError::File(code)) => code,
            other => panic!("{other:?}"),
        };
        assert_eq!(code(b"question,answer\na,b\n"), "hotline-knowledge-file-columns");
        assert_eq!(code("question,short_answer,answer,organisation\n".as_bytes()), "hotline-knowledge-file-empty");
        assert_eq!(code(b"\xff\xff\xff"), "hotline-knowledge-file-encoding");
    }
}
