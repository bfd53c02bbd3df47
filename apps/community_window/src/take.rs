//! Taking a matter: the case, who it is for, and its way to the department that decides, in one transaction.
use casework::api::{Act, CREATE, CaseError, Channel, Doing, Opened, Priority, Report, Reporter, act_in, open_in};
use jh_core::actor::Command;
use jh_core::fault::FieldError;
use jh_db::{Base, Work};
use registry::api::{Known, known};

use crate::fault::WindowError;
use crate::kind::KIND;
use crate::store::{self, MatterRow};

/// What stands on the window's form. What is left empty is taken over from the base of persons.
#[derive(Clone, Debug, Default)]
pub struct Application {
    /// The matter's code.
    pub matter: String,
    /// The ID number; not kept, only whom it leads to.
    pub id_number: String,
    /// Who it is for.
    pub name: String,
    /// Where he is reached.
    pub phone: String,
    /// Where he lives, or what it is about.
    pub address: String,
    /// What else there is to say; up to 3,000 characters.
    pub words: String,
}

/// A matter that was taken.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The case it became.
    pub opened: Opened,
}

/// The matter of a code, if it is taken now.
pub async fn matter(conn: &mut sqlx::PgConnection, code: &str) -> Result<MatterRow, WindowError> {
    let found = store::find(conn, code).await?.filter(|matter| matter.active);
    found.ok_or(WindowError::NotFound)
}

/// What the base of persons knows of somebody who stands at the window for a matter.
///
/// # Errors
/// The number is none, the person has died, or reading is not allowed.
pub async fn look_up(
    base: &Base,
    work: &mut Work,
    id_number: &str,
    matter: &MatterRow,
) -> Result<Option<Known>, WindowError> {
    let found = known(base, work, id_number, &matter.name).await?;
    if found.as_ref().is_some_and(|known| known.died) {
        return Err(WindowError::Died);
    }
    Ok(found)
}

/// Takes a matter for the clerk's own organisation and sends it to the department that decides it.
///
/// # Errors
/// The clerk may not for his organisation; a field is wrong; neither ID number nor name says who it is for.
pub async fn take(base: &Base, command: &Command, form: &Application) -> Result<Taken, WindowError> {
    let centre = command.actor.organisation.ok_or(WindowError::OutOfScope(CREATE))?;
    let mut work = Work::begin(base, command).await?;
    let scopes = command.actor.scopes(CREATE);
    if !identity::api::in_scope(work.conn(), &scopes, centre).await.map_err(CaseError::from)? {
        return Err(WindowError::OutOfScope(CREATE));
    }
    let matter = matter(work.conn(), &form.matter).await?;
    let known = match form.id_number.as_str() {
        "" => None,
        number => look_up(base, &mut work, number, &matter).await?,
    };
    let mut prefilled = Vec::new();
    let mut filled = |typed: &str, of: fn(&Known) -> &String, what: &'static str| match &known {
        Some(known) if typed.trim().is_empty() && !of(known).is_empty() => {
            prefilled.push(what);
            of(known).clone()
        }
        _ => typed.trim().to_owned(),
    };
    let name = filled(&form.name, |known| &known.name, "name");
    let phone = filled(&form.phone, |known| &known.phone, "mobile_phone");
    let address = filled(&form.address, |known| &known.address, "residence_address");
    faults(form, &name)?;
    let report =
        report(&matter, form, Reporter { name, phone, wants_answer: true, ..Reporter::default() }, address, centre);
    let opened = open_in(base, &mut work, report).await?;
    store::put_applicant(work.conn(), opened.case_id, known.map(|known| known.subject), &prefilled).await?;
    let doing = Doing { organisation: Some(matter.organisation_id), ..Doing::default() };
    act_in(base, &mut work, opened.case_id, Act::Dispatch, doing).await?;
    work.commit().await?;
    Ok(Taken { opened })
}

fn faults(form: &Application, name: &str) -> Result<(), WindowError> {
    let mut faults = Vec::new();
    let mut fault = |field, code| faults.push(FieldError { field, code, args: Vec::new() });
    if name.is_empty() {
        fault("name", "community-window-who");
    }
    if form.words.chars().count() > 3_000 {
        fault("words", "community-window-words");
    }
    if faults.is_empty() { Ok(()) } else { Err(WindowError::Invalid(faults)) }
}

/// What becomes a case. Nothing of it is the public's: that somebody applies for relief concerns nobody else.
fn report(
    matter: &MatterRow,
    form: &Application,
    reporter: Reporter,
    address: String,
    centre: jh_core::actor::OrganisationId,
) -> Report {
    let words = form.words.trim();
    Report {
        kind: KIND,
        title: matter.name.clone(),
        description: if words.is_empty() { matter.name.clone() } else { format!("{}\n{words}", matter.name) },
        category: matter.code.clone(),
        priority: Priority::Normal,
        channel: Channel::Window,
        centre,
        address,
        point: None,
        reporter: Some(reporter),
        held: false,
        photo: false,
        shown: "nothing",
        app_ref: None,
        attributes: Vec::new(),
        note: String::new(),
    }
}
