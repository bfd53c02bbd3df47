//! Casework's only door: kinds for apps to register, taking reports in, acts, and lists for an app's own pages.
use std::sync::Arc;

use jh_core::actor::{AccountId, Command};
use jh_core::gram;
use jh_crypto::sm3;
use jh_db::{Base, Work};
use sqlx::PgConnection;

use crate::model::words::{Sought, any_of};

pub use crate::actions::attach::{PhotoFile, Picture, act_with, add_photo, keep, prepare};
pub use crate::actions::calendar::{Days, set_days_in};
pub use crate::actions::doing::{Doing, Done, act, act_as_reporter, act_in, withdraw};
pub use crate::actions::merge::{link, merge, split};
pub use crate::actions::open::{Opened, Report, Reporter, add_party, open, open_in};
pub use crate::actions::procedure::check_all;
pub use crate::actions::{CREATE, HANDLE, INSPECT, MANAGE, READ, SUPERVISE};
pub use crate::advice::{Advice, Advised, Adviser};
pub use crate::fault::CaseError;
pub use crate::following::{link_token, query_code, token_by_code};
pub use crate::kind::{CaseKind, Category, Fact, FollowPage, grouped};
pub use crate::memory::Memory;
pub use crate::model::act::Act;
pub use crate::model::attribute::{Attribute, AttributeValue, Datatype, check as check_attributes};
pub use crate::model::calendar::{DayKind, Span, Unit};
pub use crate::model::machine::{Stuck, UNREACHED_ENOUGH};
pub use crate::model::procedure::{Limit, Procedure, Role, Unsound};
pub use crate::model::words::Words;
pub use crate::model::{AttachmentId, CaseId, Channel, Outcome, Part, PartyId, Point, Priority};
pub use crate::pages::photo::{Size, answer as photo_answer};
pub use crate::photo::FILE_BYTES_MAX as PHOTO_BYTES_MAX;
pub use crate::screening::is_suspect;
pub use crate::store::acted::ActedRow;
pub use crate::store::attachment::AttachmentRow;
pub use crate::store::attribute::AttributeRow;
pub use crate::store::count::CountRow;
pub use crate::store::file::FileRow;
pub use crate::store::list::{Frame, ListRow, NearRow, PublicAsk, PublicRow, Whose};
pub use crate::store::place::PlaceRow;
pub use crate::store::step::Step;
pub use crate::view::{Badge, due_badge, stage_names};

/// Cases looked at to find duplicates of one.
const DUPLICATES_LOOKED_AT: i64 = 60;
/// Duplicates told of.
const DUPLICATES_MAX: usize = 8;
/// Places offered for what was typed.
const PLACES_MAX: i64 = 5;
/// How far a duplicate can be, in metres.
pub const NEAR_M: f64 = 300.0;

/// A case that may be the same as what is being reported.
#[derive(Clone, Debug)]
pub struct Alike {
    /// The case.
    pub case: NearRow,
    /// 0 to 1, from distance, category and words.
    pub likeness: f64,
}

/// Open cases that may be the same as a report: near it, or, without a place, with like words; most likely first.
pub async fn duplicates(
    conn: &mut PgConnection,
    point: Option<Point>,
    category: &str,
    text: &str,
    whose: Whose<'_>,
) -> Result<Vec<Alike>, CaseError> {
    let found = match (point, whose, any_of(&text.chars().take(40).collect::<String>())) {
        (Some(point), ..) => crate::store::list::near(conn, point, NEAR_M, whose, DUPLICATES_LOOKED_AT).await?,
        (None, whose, Some(words)) => crate::store::list::alike(conn, &words, whose, DUPLICATES_LOOKED_AT).await?,
        (None, _, None) => Vec::new(),
    };
    let mut alike: Vec<Alike> = found
        .into_iter()
        .map(|case| {
            let placed = case.metres >= 0.0;
            // Without a place the public could try texts until one is answered: only what it may read is compared.
            let known = match whose {
                Whose::Public if !placed && case.shown != "words" => format!("{}{}", case.category_name, case.address),
                _ => format!("{}{}", case.title, case.description),
            };
            let words = gram::likeness(text, &known);
            let same = f64::from(u8::from(case.category == category));
            let near = if placed { 1.0 - (case.metres / NEAR_M).min(1.0) } else { 0.0 };
            let likeness = match whose {
                _ if placed => 0.35 * near + 0.25 * same + 0.4 * words,
                Whose::Public => 0.25 * same + 0.75 * words,
                Whose::Of(_) => words,
            };
            Alike { case, likeness }
        })
        .filter(|alike| alike.likeness > 0.25)
        .collect();
    alike.sort_by(|one, other| other.likeness.total_cmp(&one.likeness));
    alike.truncate(DUPLICATES_MAX);
    Ok(alike)
}

/// The cases of a telephone within the scopes of whoever answers it, newest first.
pub async fn of_caller(
    base: &Base,
    conn: &mut PgConnection,
    phone: &str,
    scopes: &[uuid::Uuid],
) -> Result<Vec<ListRow>, CaseError> {
    let Ok(phone) = jh_core::code::phone::Phone::parse(phone) else { return Ok(Vec::new()) };
    let blind = base.keys.blind(crate::actions::open::PHONE_BLIND, phone.normalised());
    Ok(crate::store::list::of_caller(conn, &blind, scopes, 10).await?)
}

/// What an account reported or follows.
pub async fn of_account(
    conn: &mut PgConnection,
    account: AccountId,
    page: jh_core::paging::PageRequest,
) -> Result<Vec<ListRow>, CaseError> {
    Ok(crate::store::list::of_account(conn, account, page).await?)
}

/// A case for whoever reported it: by account, or by the token that he was given.
pub async fn of_reporter(
    conn: &mut PgConnection,
    account: Option<AccountId>,
    token: Option<&str>,
    id: CaseId,
) -> Result<Option<FileRow>, CaseError> {
    let digest = token.map(|token| sm3::digest(token.as_bytes()));
    let digest = digest.as_ref().map(<[u8; 32]>::as_slice);
    Ok(crate::store::file::of_reporter(conn, account, digest, id).await?)
}

/// What an account, or whoever holds a token, is to a case: what is the reporter's to do, followers may not.
pub async fn part_in(
    conn: &mut PgConnection,
    account: Option<AccountId>,
    token: Option<&str>,
    id: CaseId,
) -> Result<Option<Part>, CaseError> {
    let digest = token.map(|token| sm3::digest(token.as_bytes()));
    Ok(crate::store::party::part(conn, id, account, digest.as_ref().map(<[u8; 32]>::as_slice)).await?)
}

/// Whether anybody who reported a case wants to stay confidential.
pub async fn is_confidential(conn: &mut PgConnection, id: CaseId) -> Result<bool, CaseError> {
    Ok(crate::store::party::confidential(conn, id).await?)
}

/// Whether an e-mail address is one of those with which a case was reported.
pub async fn is_reporters_email(
    base: &Base,
    conn: &mut PgConnection,
    id: CaseId,
    email: &str,
) -> Result<bool, CaseError> {
    let parties = crate::store::party::of_case(conn, id).await?;
    let sealed =
        parties.into_iter().filter(|party| party.role == Part::Reporter).filter_map(|party| party.email_sealed);
    let mut known = sealed.filter_map(|sealed| base.keys.open(crate::actions::open::EMAIL, &sealed).ok());
    Ok(known.any(|known| known.eq_ignore_ascii_case(email.trim().as_bytes())))
}

/// The case that a token follows.
pub async fn case_of_token(conn: &mut PgConnection, token: &str) -> Result<Option<CaseId>, CaseError> {
    Ok(crate::store::party::case_of_token(conn, &sm3::digest(token.as_bytes())).await?)
}

/// A case whoever may see it: for the program itself, and for a page that has looked at the reader's right.
pub async fn find(conn: &mut PgConnection, id: CaseId) -> Result<Option<FileRow>, CaseError> {
    Ok(crate::store::file::find(conn, id).await?)
}

/// A case by its number, as [`find`].
pub async fn by_number(conn: &mut PgConnection, number: &str) -> Result<Option<FileRow>, CaseError> {
    Ok(crate::store::file::by_number(conn, number).await?)
}

/// The timeline of a case, oldest first.
pub async fn timeline(conn: &mut PgConnection, id: CaseId) -> Result<Vec<Step>, CaseError> {
    Ok(crate::store::step::of_case(conn, id).await?)
}

/// Photos and papers of a case.
pub async fn attachments(conn: &mut PgConnection, id: CaseId) -> Result<Vec<AttachmentRow>, CaseError> {
    Ok(crate::store::attachment::attachments(conn, id).await?)
}

/// What was answered to the questions of a case's category.
pub async fn attribute_values(conn: &mut PgConnection, id: CaseId) -> Result<Vec<AttributeRow>, CaseError> {
    Ok(crate::store::attribute::of_case(conn, id).await?)
}

/// Of each of these cases the first photo that the public may see.
pub async fn photos_shown(conn: &mut PgConnection, cases: &[CaseId]) -> Result<Vec<(CaseId, AttachmentId)>, CaseError> {
    Ok(crate::store::attachment::first_shown(conn, cases).await?)
}

/// Cases that the public may know of, newest first.
pub async fn public(conn: &mut PgConnection, ask: &PublicAsk<'_>) -> Result<Vec<PublicRow>, CaseError> {
    Ok(crate::store::list::public(conn, ask).await?)
}

/// Everything that can be reported, with the kind it belongs to; `open_only` for what the public may report.
pub async fn categories(
    base: &Base,
    conn: &mut PgConnection,
    open_only: bool,
) -> Result<Vec<(Arc<dyn CaseKind>, Category)>, CaseError> {
    let mut all = Vec::new();
    for kind in base.services.all::<dyn CaseKind>() {
        let own = kind.categories(conn).await?;
        all.extend(own.into_iter().filter(|one| one.open || !open_only).map(|one| (kind.clone(), one)));
    }
    Ok(all)
}

/// A member of the public follows a case that the public may know of.
pub async fn follow(base: &Base, command: &Command, id: CaseId) -> Result<(), CaseError> {
    let account = command.actor.account.ok_or(CaseError::NoPerson)?;
    let mut work = Work::begin(base, command).await?;
    let file = crate::store::file::find(work.conn(), id).await?;
    file.filter(|file| file.shown != "nothing").ok_or(CaseError::NotFound("case"))?;
    if !crate::store::party::follows(work.conn(), id, account).await? {
        let follower = Reporter { account: Some(account), ..Reporter::default() };
        crate::actions::open::add_follower(base, &mut work, id, &follower).await?;
    }
    Ok(work.commit().await?)
}

/// How often each thing happened between two days, both included, at centres and organisations in scope.
pub async fn counts(
    conn: &mut PgConnection,
    kind: Option<&str>,
    scopes: &[uuid::Uuid],
    from: time::Date,
    to: time::Date,
) -> Result<Vec<CountRow>, CaseError> {
    Ok(crate::store::count::between(conn, kind, scopes, from, to).await?)
}

/// What was done to cases of a kind between two moments, newest first: the rows behind a figure of [`counts`].
pub async fn acted(
    conn: &mut PgConnection,
    of: (&str, Act),
    scopes: &[uuid::Uuid],
    between: (time::OffsetDateTime, time::OffsetDateTime),
    page: jh_core::paging::PageRequest,
) -> Result<Vec<ActedRow>, CaseError> {
    Ok(crate::store::acted::between(conn, (of.0, of.1.code()), scopes, between, page).await?)
}

/// Places that earlier cases in scope know by words like these, with their point; none for less than two characters.
pub async fn places_like(
    conn: &mut PgConnection,
    text: &str,
    scopes: &[uuid::Uuid],
) -> Result<Vec<PlaceRow>, CaseError> {
    let part: String = text.trim().chars().take(40).collect();
    let Sought::Words { few, .. } = Sought::of(&part) else { return Ok(Vec::new()) };
    if part.chars().count() < 2 {
        return Ok(Vec::new());
    }
    let part = part.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    Ok(crate::store::place::like(conn, &few, &part, scopes, PLACES_MAX).await?)
}

/// Categories of the newest cases that the public may know of: what a list of them can be narrowed to.
pub async fn categories_shown(conn: &mut PgConnection) -> Result<Vec<String>, CaseError> {
    Ok(crate::store::list::categories_shown(conn).await?)
}

/// The open organisation of a name, code or short name; none where it is not clear which is meant.
pub async fn organisation_named(
    conn: &mut PgConnection,
    text: &str,
) -> Result<Option<identity::api::Organisation>, CaseError> {
    let found = crate::store::organisation::organisations_like(conn, text, 9).await?;
    let exact = found.iter().find(|row| row.code.eq_ignore_ascii_case(text) || row.name == text);
    let only = exact.or(found.first().filter(|_| found.len() == 1));
    match only {
        Some(row) => Ok(identity::api::organisation(conn, row.organisation_id).await?),
        None => Ok(None),
    }
}

/// The procedure that a case lives by.
pub async fn procedure_of(base: &Base, conn: &mut PgConnection, case: &FileRow) -> Result<Arc<Procedure>, CaseError> {
    Memory::of(base).procedure(conn, &case.kind, case.version).await
}

/// Driving procedures at random, for the tests of the apps that bring them.
#[cfg(feature = "testing")]
pub mod testing {
    pub use crate::model::machine::walk::{Step as Choice, walk};
}
