//! What the reporter of a case does to it, and whoever was joined to it: what he may now, within what an hour allows.
use casework::api::{Act, CaseError, CaseId, Doing, FileRow, Outcome, Part, PhotoFile, Procedure, Step, Stuck};
use jh_core::actor::Command;
use jh_db::{Base, Work};
use jh_web::Pairs;
use sqlx::PgConnection;

use super::follow::Way;
use super::photo::is_full;
use super::submission::{REPORTER, as_outsider};
use super::{allowance, progress};
use crate::fault::HotlineError;

/// The most that is done to one case from outside in an hour: it is not taken back and reopened without end, and drawing photos
/// anew is work.
const DEEDS_AN_HOUR: i32 = 20;
/// The allowance of a case is not an address's.
pub const NOBODY: std::net::IpAddr = std::net::IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED);

/// What somebody may do to a case now.
pub fn acts(procedure: &Procedure, file: &FileRow, steps: &[Step], part: Part) -> Vec<Act> {
    let all: &[Act] = match part {
        Part::Reporter => &[Act::Rating, Act::Reopening, Act::Attachment, Act::Withdrawal],
        Part::Joined => &[Act::Rating],
        _ => &[],
    };
    // What is merged goes on elsewhere, and what was taken back or rated already nobody rates.
    let ended = file.merged_into.is_some();
    let rated = steps.iter().any(|step| step.act == Act::Rating && Some(step.at) >= file.closed_at);
    let rates = !rated && file.outcome != Some(Outcome::Withdrawn);
    let may = |act: &Act| !ended && (rates || *act != Act::Rating) && progress::may(procedure, &file.stage, *act);
    all.iter().copied().filter(may).collect()
}

/// Does it.
pub async fn perform(
    base: &Base,
    way: &Way,
    act: Act,
    form: &Pairs,
    command: &Command,
    photo: Option<PhotoFile>,
) -> Result<(), HotlineError> {
    let mut conn = base.db.read().await?;
    let (file, part) = way.case(&mut conn).await?;
    let procedure = casework::api::procedure_of(base, &mut conn, &file).await?;
    let steps = casework::api::timeline(&mut conn, file.case_id).await?;
    if !matches!(part, Part::Reporter | Part::Joined) {
        return Err(HotlineError::NotFound("report"));
    }
    if !acts(&procedure, &file, &steps, part).contains(&act) {
        return Err(CaseError::Stuck(Stuck::NotNow).into());
    }
    let (now, nobody) = (command.now, (None, NOBODY));
    allowance::take(base, &mut conn, &format!("deed on {}", file.case_id), nobody, now, DEEDS_AN_HOUR).await?;
    let photo = match (act, photo) {
        (Act::Attachment, None) => return Err(HotlineError::field("file", "hotline-photo-missing")),
        (Act::Attachment, Some(photo)) => {
            finds_room(&mut conn, file.case_id).await?;
            Some(photo)
        }
        _ => None,
    };
    drop(conn);
    let picture = match photo {
        Some(photo) => Some(casework::api::prepare(base, photo).await?),
        None => None,
    };
    let mut work = Work::begin(base, &as_outsider(command, REPORTER)).await?;
    // `photo` stays false: what a holder has to prove with a photo of its own, the reporter's does not prove.
    let doing = Doing { note: form.get("note").to_owned(), stars: form.get("stars").parse().ok(), ..Doing::default() };
    match act {
        Act::Withdrawal => casework::api::withdraw(base, &mut work, file.case_id, way.parts(), doing).await?,
        _ => drop(casework::api::act_as_reporter(base, &mut work, file.case_id, act, doing).await?),
    }
    if let Some(picture) = &picture {
        // The case is locked now: two at the same time are counted one after the other.
        finds_room(work.conn(), file.case_id).await?;
        // Nobody has looked at it yet, however much of the case is public.
        casework::api::keep(&mut work, file.case_id, picture, "reporter", false).await?;
    }
    Ok(work.commit().await?)
}

/// Refuses one photo too many.
async fn finds_room(conn: &mut PgConnection, id: CaseId) -> Result<(), HotlineError> {
    match is_full(conn, id).await? {
        true => Err(HotlineError::field("file", "hotline-photos-many")),
        false => Ok(()),
    }
}
