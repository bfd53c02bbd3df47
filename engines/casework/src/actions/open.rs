//! A report becomes a case.
use jh_core::actor::{AccountId, Command, OrganisationId};
use jh_core::clock::china_day;
use jh_core::code::phone::Phone;
use jh_core::fault::FieldError;
use jh_core::mask;
use jh_crypto::sm3;
use jh_db::{Base, Work};
use serde::Serialize;
use utoipa::ToSchema;

use super::clocks::Clocks;
use super::{CREATE, step, tell, text};
use crate::fault::CaseError;
use crate::kind;
use crate::model::act::Act;
use crate::model::clocks::Move;
use crate::model::words::Words;
use crate::model::{CaseId, Channel, Part, PartyId, Point, Priority, TEXT_CHARS_MAX, TITLE_CHARS_MAX, attribute};
use crate::store;
use crate::store::file::FileRow;
use crate::store::party::PartyRow;

/// How names, telephones and addresses are sealed.
pub const NAME: &str = "casework.party.name";
/// See [`NAME`].
pub const PHONE: &str = "casework.party.phone";
/// See [`NAME`].
pub const EMAIL: &str = "casework.party.email";
/// The scheme of the telephone's blind index.
pub const PHONE_BLIND: &str = "casework.caller.phone";

/// Who reports.
#[derive(Clone, Debug, Default)]
pub struct Reporter {
    /// The account, if signed in.
    pub account: Option<AccountId>,
    /// How the person wants to be called.
    pub name: String,
    /// A telephone number, as typed.
    pub phone: String,
    /// An e-mail address.
    pub email: String,
    /// Only the centre may know who it is.
    pub confidential: bool,
    /// Whether an answer is wanted.
    pub wants_answer: bool,
}

impl Reporter {
    /// Whether this person is to be called back: wants an answer, and can be reached.
    pub fn awaits(&self) -> bool {
        self.wants_answer && !(self.phone.trim().is_empty() && self.email.trim().is_empty() && self.account.is_none())
    }
}

/// What is reported.
#[derive(Clone, Debug)]
pub struct Report {
    /// The kind's code.
    pub kind: &'static str,
    /// A line that says what; made of the description where it is empty.
    pub title: String,
    /// In the reporter's words.
    pub description: String,
    /// One of the kind's categories.
    pub category: String,
    /// How urgent.
    pub priority: Priority,
    /// How it came.
    pub channel: Channel,
    /// Who keeps it.
    pub centre: OrganisationId,
    /// Where, in words.
    pub address: String,
    /// Where.
    pub point: Option<Point>,
    /// Who.
    pub reporter: Option<Reporter>,
    /// Whether a person has to read it before anything else happens to it.
    pub held: bool,
    /// Whether a photo comes with it.
    pub photo: bool,
    /// What may be shown to the public: `nothing`, `place` or `words`.
    pub shown: &'static str,
    /// What the app knows it by.
    pub app_ref: Option<String>,
    /// A note of who took it in.
    pub note: String,
    /// Codes and values of the category's attributes; a code of a list of many as often as it has values.
    pub attributes: Vec<(String, String)>,
}

/// A case that is there now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Opened {
    /// The case.
    pub case_id: CaseId,
    /// What people call it by.
    pub number: String,
    /// With which somebody without an account follows it; stored nowhere.
    pub token: Option<String>,
    /// Its stage.
    pub stage: String,
}

/// Takes a report in, on behalf of whoever may for the centre; the public's way in is [`open_in`], behind a page that is public.
pub async fn open(base: &Base, command: &Command, report: Report) -> Result<Opened, CaseError> {
    let mut work = Work::begin(base, command).await?;
    let scopes = command.actor.scopes(CREATE);
    let within = store::organisation::organisation_within(work.conn(), report.centre, &scopes).await?;
    within.ok_or(CaseError::OutOfScope(CREATE))?;
    let opened = open_in(base, &mut work, report).await?;
    work.commit().await?;
    Ok(opened)
}

/// Takes a report in within a transaction of the caller, who has looked at his right to.
pub async fn open_in(base: &Base, work: &mut Work, report: Report) -> Result<Opened, CaseError> {
    let kind = kind::find(base, report.kind).ok_or_else(|| CaseError::UnknownKind(report.kind.to_owned()))?;
    let version = super::procedure::current(base, work, kind.as_ref()).await?;
    let calendar_version = sqlx::query_scalar("SELECT version FROM casework.calendar_version");
    let calendar_version: i32 = calendar_version.fetch_one(work.conn()).await?;
    let mut row = checked(work, kind.as_ref(), &report, version).await?;
    let asked = kind.attributes(work.conn(), &row.category).await?;
    let answers = attribute::check(&asked, &report.attributes, report.channel).map_err(CaseError::Invalid)?;
    let (procedure, calendar) = super::clocks::rules(base, work, &row, calendar_version).await?;
    let held = procedure.held.as_deref().filter(|_| report.held);
    // Also where the kind has no stage to wait in: what a person has to read is shown to nobody before.
    if report.held {
        row.shown_later = Some(std::mem::replace(&mut row.shown, "nothing".into()));
    }
    row.stage = held.or(procedure.first().map(|stage| stage.code.as_str())).unwrap_or_default().to_owned();
    let mut clocks = Clocks::of(Vec::new());
    let began = Move { from: "", to: &row.stage, act: Act::Opening };
    clocks.turn(base, work, &row, &procedure, &calendar, began).await?;
    (row.due_at, _) = clocks.nearest();
    let mut first = step(&work.actor().clone(), row.changed_at, Act::Opening, "");
    first.note = report.note.chars().take(crate::model::NOTE_CHARS_MAX).collect();
    let texts = [&*row.title, &*row.description, &*row.address, &*row.category_name];
    let search = Words::of(&texts, row.reported_at);
    let day = china_day(row.changed_at);
    let day = format!("{:04}{:02}{:02}", day.year(), u8::from(day.month()), day.day());
    row.number = store::file::insert(work.conn(), &row, &day, &search, &first).await?;
    store::attribute::insert(work.conn(), row.case_id, &answers).await?;
    clocks.save(work, &row).await?;
    let token = match &report.reporter {
        Some(reporter) => Some(add_party(base, work, row.case_id, reporter, report.channel).await?),
        None => None,
    };
    tell(work, &row, Act::Opening, "");
    Ok(Opened { case_id: row.case_id, number: row.number, token, stage: row.stage })
}

async fn checked(
    work: &mut Work,
    kind: &dyn kind::CaseKind,
    report: &Report,
    version: i32,
) -> Result<FileRow, CaseError> {
    let mut faults: Vec<FieldError> = Vec::new();
    let description = text(&mut faults, "description", &report.description, 2, TEXT_CHARS_MAX);
    let own = if report.title.trim().is_empty() { brief(&description) } else { report.title.clone() };
    let title = text(&mut faults, "title", &own, 1, TITLE_CHARS_MAX);
    let address = text(&mut faults, "address", &report.address, 0, 200);
    let categories = kind.categories(work.conn()).await?;
    let category = categories.into_iter().find(|category| category.code == report.category);
    if category.is_none() {
        faults.push(FieldError { field: "category", code: "casework-category-unknown", args: Vec::new() });
    }
    let Some(category) = category.filter(|_| faults.is_empty()) else { return Err(CaseError::Invalid(faults)) };
    let now = work.now();
    let confidential = report.reporter.as_ref().is_some_and(|reporter| reporter.confidential);
    Ok(FileRow {
        case_id: CaseId::at(now),
        number: String::new(),
        kind: kind.code().to_owned(),
        version,
        stage: String::new(),
        closed: false,
        title,
        description,
        category: category.code,
        category_name: category.name,
        priority: report.priority,
        channel: report.channel,
        centre_id: report.centre,
        holder_id: None,
        owner_id: report.centre,
        assignee_id: None,
        assignee_name: None,
        address,
        lon: report.point.map(|point| point.lon),
        lat: report.point.map(|point| point.lat),
        reported_at: now,
        due_at: None,
        overdue: false,
        paused: false,
        confirmed: false,
        unreached: 0,
        photo: report.photo,
        inspected: false,
        awaited: report.reporter.as_ref().is_some_and(Reporter::awaits),
        result: String::new(),
        outcome: None,
        closed_at: None,
        merged_into: None,
        reopened: 0,
        stars: None,
        // Where a confidential reporter lives would tell who it is.
        shown: if confidential { "nothing" } else { report.shown }.to_owned(),
        shown_later: None,
        app_ref: report.app_ref.clone(),
        revision: 1,
        changed_at: now,
    })
}

/// The first sentence of a description, without anybody's numbers: titles stand in lists that many read.
fn brief(description: &str) -> String {
    let first = description.split(['。', '\n', '！', '？', '；']).map(str::trim).find(|part| !part.is_empty());
    let masked = mask::numbers(first.unwrap_or(description));
    let mut title: String = masked.chars().take(40).collect();
    if masked.chars().count() > 40 {
        title.push('…');
    }
    title
}

/// Adds somebody who follows a case without having reported it.
pub async fn add_follower(
    base: &Base,
    work: &mut Work,
    case_id: CaseId,
    follower: &Reporter,
) -> Result<String, CaseError> {
    add(base, work, case_id, follower, Channel::Web, Part::Subscriber).await
}

/// Adds a reporter, sealed, and answers the token with which he follows the case.
pub async fn add_party(
    base: &Base,
    work: &mut Work,
    case_id: CaseId,
    reporter: &Reporter,
    channel: Channel,
) -> Result<String, CaseError> {
    add(base, work, case_id, reporter, channel, Part::Reporter).await
}

async fn add(
    base: &Base,
    work: &mut Work,
    case_id: CaseId,
    reporter: &Reporter,
    channel: Channel,
    role: Part,
) -> Result<String, CaseError> {
    let mut faults = Vec::new();
    let name = text(&mut faults, "name", &reporter.name, 0, 50);
    let email = text(&mut faults, "email", &reporter.email, 0, 254);
    if !email.is_empty() && !email.split_once('@').is_some_and(|(to, at)| !to.is_empty() && at.contains('.')) {
        faults.push(FieldError { field: "email", code: "casework-email", args: Vec::new() });
    }
    let phone = match reporter.phone.trim() {
        "" => None,
        typed => Phone::parse(typed)
            .map_err(|_| faults.push(FieldError { field: "phone", code: "casework-phone", args: Vec::new() }))
            .ok(),
    };
    if !faults.is_empty() {
        return Err(CaseError::Invalid(faults));
    }
    let sealed = |context: &str, value: &str| (!value.is_empty()).then(|| base.keys.seal(context, value.as_bytes()));
    let phone = phone.as_ref().map_or("", |phone| phone.normalised());
    let party_id = PartyId::at(work.now());
    let token = crate::following::token(base, party_id);
    let row = PartyRow {
        case_id,
        party_id,
        role,
        account_id: reporter.account,
        name_sealed: sealed(NAME, &name),
        phone_sealed: sealed(PHONE, phone),
        email_sealed: sealed(EMAIL, &email),
        token_sm3: Some(sm3::digest(token.as_bytes()).to_vec()),
        confidential: reporter.confidential,
        wants_answer: reporter.wants_answer,
        channel,
        merged_from: None,
        since_at: work.now(),
    };
    let blind = (!phone.is_empty()).then(|| base.keys.blind(PHONE_BLIND, phone));
    store::party::insert(work.conn(), &row, blind.as_ref().map(<[u8; 16]>::as_slice)).await?;
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::brief;

    #[test]
    fn a_title_is_the_first_sentence_without_numbers_of_people() {
        assert_eq!(brief("人民路路灯不亮。请尽快修理"), "人民路路灯不亮");
        assert!(!brief("请联系13912345678处理").contains("13912345678"));
        assert!(brief(&"路灯不亮".repeat(30)).chars().count() <= 41);
    }
}
