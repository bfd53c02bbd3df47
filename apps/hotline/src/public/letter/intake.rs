//! A letter is taken in, once: as a note of the case that its subject names, if the same person wrote, else as a case of its own.
use casework::api::{Act, CaseError, CaseId, Channel, Doing, PhotoFile, Picture, Priority, Report, Reporter};
use jh_core::actor::{Command, OrganisationId};
use jh_db::{Base, Work};
use serde::Serialize;
use utoipa::ToSchema;

use super::read::{self, Letter};
use super::{BYTES_MAX, SUBMIT};
use crate::desk::KIND;
use crate::fault::HotlineError;
use crate::public::photo::is_full;
use crate::public::submission::as_outsider;
use crate::public::{choice, store};
use crate::setting;

/// The category of what nothing speaks for.
const OTHER: &str = "other";
/// What a writer is called in a case's timeline; the handlers see that, and not his name.
const WRITER: &str = "来信人";
/// The longest note of a case.
const NOTE_CHARS_MAX: usize = 1_000;
/// What the handlers are told of a photo that was one too many.
const ONE_TOO_MANY: &str = "（来信另附图片，本件照片已满，未保存。）";

/// What became of a letter.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A new case.
    Opened,
    /// Added to the case that it answers.
    Added,
    /// Not taken in: no person wrote it.
    Ignored,
}

impl Outcome {
    fn code(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Added => "added",
            Self::Ignored => "ignored",
        }
    }

    fn parse(code: &str) -> Self {
        match code {
            "opened" => Self::Opened,
            "added" => Self::Added,
            _ => Self::Ignored,
        }
    }
}

/// A letter that was handed over.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Taken {
    /// What became of it.
    pub outcome: Outcome,
    /// The case's number, if there is one.
    pub number: Option<String>,
    /// Whether it had come before.
    pub again: bool,
}

/// Takes a letter in on behalf of whoever may hand letters over.
pub async fn take(base: &Base, command: &Command, raw: &[u8]) -> Result<Taken, HotlineError> {
    let unreadable = || HotlineError::field("message", "hotline-letter-unreadable");
    if raw.len() > BYTES_MAX {
        return Err(HotlineError::field("message", "hotline-letter-large"));
    }
    let letter = read::read(raw).ok_or_else(unreadable)?;
    let mut conn = base.db.read().await?;
    let centre = setting::centre(&mut conn).await?.ok_or(HotlineError::NoCentre)?;
    let scopes = command.actor.scopes(SUBMIT);
    if !identity::api::in_scope(&mut conn, &scopes, centre).await.map_err(CaseError::from)? {
        return Err(HotlineError::OutOfScope(SUBMIT));
    }
    if let Some(before) = again(&mut conn, &letter).await? {
        return Ok(before);
    }
    drop(conn);
    let (picture, note) = if letter.automatic { (None, "") } else { picture(base, &letter).await? };
    // The key is the mail server's; the letter has its own way of being one.
    let writer = Command { key: None, ..as_outsider(command, WRITER) };
    let mut work = Work::begin(base, &writer).await?;
    let now = work.now();
    if !store::claim_letter(work.conn(), &letter.digest, now).await? {
        work.rollback().await?;
        return Ok(again(&mut *base.db.read().await?, &letter).await?.unwrap_or(IGNORED));
    }
    if letter.automatic {
        work.commit().await?;
        return Ok(IGNORED);
    }
    let (case_id, number, outcome) = match answered(base, &mut work, &letter).await? {
        Some((case_id, number)) => (case_id, number, Outcome::Added),
        None => {
            let words = words(&letter);
            let category = category(base, work.conn(), &words).await?;
            let report =
                Report { category, note: note.into(), photo: picture.is_some(), ..report(&letter, words, centre) };
            let opened = casework::api::open_in(base, &mut work, report).await?;
            (opened.case_id, opened.number, Outcome::Opened)
        }
    };
    // Once more, now that the case's row is locked: two letters may have come at the same moment.
    if let Some(picture) = &picture
        && !is_full(work.conn(), case_id).await?
    {
        casework::api::keep(&mut work, case_id, picture, "reporter", false).await?;
    }
    store::settle_letter(work.conn(), &letter.digest, case_id, outcome.code()).await?;
    work.commit().await?;
    Ok(Taken { outcome, number: Some(number), again: false })
}

/// What is said of a letter that no person wrote.
const IGNORED: Taken = Taken { outcome: Outcome::Ignored, number: None, again: false };

async fn again(conn: &mut sqlx::PgConnection, letter: &Letter) -> Result<Option<Taken>, HotlineError> {
    let Some(before) = store::letter(conn, &letter.digest).await? else { return Ok(None) };
    let number = match before.case_id {
        Some(id) => casework::api::find(conn, id).await?.map(|case| case.number),
        None => None,
    };
    Ok(Some(Taken { outcome: Outcome::parse(&before.outcome), number, again: true }))
}

/// The letter's picture. One that cannot be kept does not hold up the words that came with it.
async fn picture(base: &Base, letter: &Letter) -> Result<(Option<Picture>, &'static str), HotlineError> {
    let Some((name, bytes)) = &letter.photo else { return Ok((None, "")) };
    let file = base.files.put(bytes).await?;
    match casework::api::prepare(base, PhotoFile { name: name.clone(), file }).await {
        Ok(picture) => Ok((Some(picture), "")),
        Err(CaseError::Photo(_)) => Ok((None, "来信附有一张无法读取的图片。")),
        Err(error) => Err(error.into()),
    }
}

/// Adds the letter to the case that its subject names, if its writer reported that and it can still be added to.
async fn answered(base: &Base, work: &mut Work, letter: &Letter) -> Result<Option<(CaseId, String)>, HotlineError> {
    let Some(number) = &letter.number else { return Ok(None) };
    let Some(case) = casework::api::by_number(work.conn(), number).await? else { return Ok(None) };
    if !casework::api::is_reporters_email(base, work.conn(), case.case_id, &letter.from).await? {
        return Ok(None);
    }
    let too_many = letter.photo.is_some() && is_full(work.conn(), case.case_id).await?;
    let remark = if too_many { ONE_TOO_MANY } else { "" };
    let note: String = letter.text.chars().take(NOTE_CHARS_MAX - remark.chars().count()).collect();
    let note = if note.chars().count() < 4 { format!("来信：{note}") } else { note } + remark;
    for act in [Act::Note, Act::Attachment] {
        let doing = Doing { note: note.clone(), ..Doing::default() };
        match casework::api::act_as_reporter(base, work, case.case_id, act, doing).await {
            Ok(done) => return Ok(Some((case.case_id, done.number))),
            // A closed case, or a kind that takes no notes of reporters: then the letter is a case of its own.
            Err(CaseError::Stuck(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(None)
}

/// Subject and words together.
fn words(letter: &Letter) -> String {
    let both = match (letter.subject.as_str(), letter.text.as_str()) {
        ("", text) => text.to_owned(),
        (subject, text) => format!("{subject}\n{text}"),
    };
    if both.trim().chars().count() < 2 { "（来信没有文字）".to_owned() } else { both }
}

/// The report of a letter; under what it goes and what came with it are said where it is taken in.
fn report(letter: &Letter, words: String, centre: OrganisationId) -> Report {
    Report {
        kind: KIND,
        title: letter.subject.chars().take(100).collect(),
        category: OTHER.into(),
        held: casework::api::is_suspect(&format!("{words} {}", letter.name)),
        description: words,
        priority: Priority::Normal,
        channel: Channel::Email,
        centre,
        address: String::new(),
        point: None,
        reporter: Some(Reporter {
            name: letter.name.clone(),
            email: letter.from.clone(),
            wants_answer: true,
            ..Reporter::default()
        }),
        photo: false,
        shown: "nothing",
        app_ref: None,
        note: String::new(),
        attributes: Vec::new(),
    }
}

/// What the words speak for among the hotline's own categories; else `other`, and a clerk puts it right.
async fn category(base: &Base, conn: &mut sqlx::PgConnection, words: &str) -> Result<String, HotlineError> {
    let all = casework::api::categories(base, conn, true).await?;
    let own: Vec<choice::Choice> = all.into_iter().filter(|(kind, _)| kind.code() == KIND).collect();
    Ok(choice::likely(&own, words).first().map_or_else(|| OTHER.into(), |one| one.code.clone()))
}
