//! A finished report becomes a case: the photo looked at once more, abuse held for a person, and twice is once.
use casework::api::{Category, Channel, Opened, PhotoFile, Point, Priority, Report, Reporter};
use jh_core::actor::{Actor, Command};
use jh_core::fault::FieldError;
use jh_db::{Base, Work};
use jh_web::Page;
use sqlx::PgConnection;
use std::net::IpAddr;

use super::allowance;
use super::choice::Choice;
use super::draft::{Draft, Step, fault};
use super::photo::Carried;
use crate::fault::HotlineError;
use crate::setting;

/// What a reporter is called in a case's timeline, with an account or without: handlers see the timeline, and who wants to stay
/// confidential must not be named there.
pub const REPORTER: &str = "反映人";

/// Why a report cannot be taken in as it is: on which page what is wrong stands, and what.
pub type Wrong = (Step, Vec<FieldError>);

/// A command under the name that somebody from outside has in a case, and in nobody's service: a member of staff who reports the hole
/// before his own door does it as everybody else.
pub fn as_outsider(command: &Command, name: &str) -> Command {
    // No account either: the audit of a case is read by more people than may know who reported it.
    let actor = Actor {
        account: None,
        name: name.into(),
        organisation: None,
        organisation_name: "".into(),
        grants: [].into(),
        ..command.actor.clone()
    };
    Command { actor, ..command.clone() }
}

/// Looks at every page once more: what a form carried may have been typed by anybody.
pub async fn wrong(
    base: &Base,
    conn: &mut PgConnection,
    page: &Page,
    draft: &Draft,
    choices: &[Choice],
    until: Step,
) -> Result<Option<Wrong>, HotlineError> {
    for step in Step::ALL {
        let mut faults = draft.faults(step, page.actor.is_some());
        match step {
            Step::Photo if !draft.photo.is_empty() && Carried::read(base, &draft.photo).is_none() => {
                faults.push(fault("file", "hotline-report-photo-gone"));
            }
            Step::Category if !choices.iter().any(|(_, one)| one.code == draft.category) && faults.is_empty() => {
                faults.push(fault("category", "hotline-report-category"));
            }
            Step::Details => faults.extend(details(conn, draft, choices).await?),
            Step::Place => faults.extend(outside(base, page, draft)),
            _ => {}
        }
        if !faults.is_empty() {
            return Ok(Some((step, faults)));
        }
        if step == until {
            break;
        }
    }
    Ok(None)
}

/// What is wrong with the answers to a category's questions, as the case engine will find it.
async fn details(conn: &mut PgConnection, draft: &Draft, choices: &[Choice]) -> Result<Vec<FieldError>, HotlineError> {
    let Some((kind, category)) = choices.iter().find(|(_, one)| one.code == draft.category) else {
        return Ok(Vec::new());
    };
    let asked = kind.attributes(conn, &category.code).await?;
    // Answers to the questions of a category that was chosen before are not this one's.
    let own: Vec<_> =
        draft.answers.iter().filter(|(code, _)| asked.iter().any(|one| one.code == *code)).cloned().collect();
    Ok(casework::api::check_attributes(&asked, &own, Channel::Web).err().unwrap_or_default())
}

fn outside(base: &Base, page: &Page, draft: &Draft) -> Option<FieldError> {
    let point = place(base, draft)?;
    let covered = catalogue::api::Ground::of(base).covers(point.lon, point.lat);
    let field = if draft.point.is_empty() { "photo_place" } else { "point" };
    let args = vec![("city", page.city().to_owned())];
    (!covered).then_some(FieldError { field, code: "hotline-report-outside", args })
}

/// The place of a report: what was typed or clicked, else the photo's where its sender agrees.
pub fn place(base: &Base, draft: &Draft) -> Option<Point> {
    let typed = draft.place().ok().flatten();
    typed.or_else(|| Carried::read(base, &draft.photo).filter(|_| draft.photo_place)?.point)
}

/// By which way a page was opened.
pub fn channel(agent: &str) -> Channel {
    if agent.contains("MicroMessenger") { Channel::Wechat } else { Channel::Web }
}

/// Opens the case of a report that was found right.
pub async fn open(
    base: &Base,
    command: &Command,
    draft: &Draft,
    (kind, category): &Choice,
    (channel, peer): (Channel, IpAddr),
) -> Result<Opened, HotlineError> {
    let photo = Carried::read(base, &draft.photo);
    let picture = match photo {
        Some(photo) => {
            let name = if draft.photo_name.is_empty() { "photo.jpg".into() } else { draft.photo_name.clone() };
            Some(casework::api::prepare(base, PhotoFile { name, file: photo.file }).await?)
        }
        None => None,
    };
    let (actor, now) = (command.actor.clone(), command.now);
    let mut work = Work::begin(base, &as_outsider(command, REPORTER)).await?;
    let setting = setting::get(work.conn()).await?;
    let centre = setting.centre_id.ok_or(HotlineError::NoCentre)?;
    allowance::take(base, work.conn(), "report", (Some(&actor), peer), now, setting.reports_an_hour).await?;
    let asked = kind.attributes(work.conn(), &category.code).await?;
    let own = draft.answers.iter().filter(|(code, _)| asked.iter().any(|one| one.code == *code));
    let report = Report {
        kind: kind.code(),
        title: String::new(),
        description: draft.description.clone(),
        category: category.code.clone(),
        priority: Priority::Normal,
        channel,
        centre,
        address: draft.address.clone(),
        point: place(base, draft),
        reporter: Some(reporter(draft, &actor)),
        held: casework::api::is_suspect(&format!("{} {} {}", draft.description, draft.address, draft.name)),
        photo: picture.is_some(),
        shown: shown(draft),
        app_ref: None,
        note: String::new(),
        attributes: own.cloned().collect(),
    };
    let opened = casework::api::open_in(base, &mut work, report).await?;
    if let Some(picture) = &picture {
        casework::api::keep(&mut work, opened.case_id, picture, "reporter", false).await?;
    }
    work.commit().await?;

    Ok(opened)
}

/// What the public may see before anybody has decided: category, place and stage. Nothing of who wants to stay confidential.
fn shown(draft: &Draft) -> &'static str {
    if draft.confidential { "nothing" } else { "place" }
}

fn reporter(draft: &Draft, actor: &Actor) -> Reporter {
    let named = draft.contact == "yes";
    Reporter {
        account: actor.account,
        name: if named { draft.name.clone() } else { String::new() },
        phone: if named { draft.phone.clone() } else { String::new() },
        email: String::new(),
        confidential: draft.confidential,
        wants_answer: named && draft.answer,
    }
}

/// The category's name in the page's language.
pub fn named<'a>(page: &Page, category: &'a Category) -> &'a str {
    page.pick(&category.name, &category.name_en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_within_wechat_is_a_channel_of_its_own() {
        let inside = "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0.47";
        assert_eq!((channel(inside), channel("Mozilla/5.0")), (Channel::Wechat, Channel::Web));
    }
}
