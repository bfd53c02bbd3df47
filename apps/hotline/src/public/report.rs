//! The pages of a report, one thing each: photo, what, category, where, is it known, who, check. All of them are answers to one form
//! that carries what was said before; without scripts, on a telephone, within WeChat.
use std::net::IpAddr;

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use casework::api::{Alike, Attribute, Datatype, PHOTO_BYTES_MAX, PhotoFile, Whose};
use jh_core::actor::Command;
use jh_core::fault::{Fault, Kind, Refusal};
use jh_db::Base;
use jh_web::{App, Failure, FieldErrors, Page, Pairs, Peer, Submission, Upload, redirect, render_with};
use sqlx::PgConnection;

use super::choice::{self, Choice};
use super::draft::{Draft, Step};
use super::photo::Carried;
use super::submission::{self, named};
use super::{allowance, ground};
use crate::fault::HotlineError;
use crate::setting;

/// A form with one photo.
pub const FORM_BYTES_MAX: usize = PHOTO_BYTES_MAX + 64 * 1024;

/// A radio button: value, text, hint, and whether it is chosen.
type Radio = (String, String, String, bool);

#[derive(Template)]
#[template(path = "hotline/public_report.html")]
struct ReportPage {
    page: Page,
    step: Step,
    draft: Draft,
    errors: FieldErrors,
    /// The one key of the whole report, so that it is one however often its pages are sent.
    key: String,
    hidden: Vec<(String, String)>,
    likely: Vec<Radio>,
    groups: Vec<(String, Vec<(String, String)>)>,
    asked: Vec<Attribute>,
    alike: Vec<Alike>,
    /// The category in words, once one was chosen.
    category: String,
    /// The place in words, once there is one.
    place: String,
    /// Where the photo says that it was taken.
    photo_point: String,
    bounds: String,
}

impl ReportPage {
    /// What somebody else wrote, for everybody.
    fn masked(&self, text: &str) -> String {
        jh_core::mask::numbers(ground::plain_place(text))
    }

    /// What is said of a report that may be the same.
    fn known(&self, one: &Alike) -> String {
        let (number, day) = (one.case.number.clone(), self.page.instant_date(one.case.reported_at));
        match one.case.metres {
            metres if metres < 0.0 => self.page.ta("hotline-report-alike-plain", &[("number", number), ("day", day)]),
            metres => {
                let metres = self.page.number(metres as i64);
                self.page.ta("hotline-report-alike-meta", &[("number", number), ("day", day), ("metres", metres)])
            }
        }
    }

    fn parts(&self) -> Vec<String> {
        ["photo", "what", "place", "who", "check"]
            .map(|part| self.page.t(&format!("hotline-report-part-{part}")))
            .into()
    }

    fn title_key(&self) -> String {
        format!("hotline-report-{}-title", self.step.code())
    }

    /// The page before, if there is one.
    fn before(&self) -> Option<&'static str> {
        let at = Step::ALL.iter().position(|step| *step == self.step)?;
        // Pages that had nothing to ask are passed over on the way back too.
        let shown = |step: &&Step| match step {
            Step::Details => !self.asked.is_empty(),
            Step::Alike => false,
            _ => true,
        };
        Step::ALL[..at].iter().rev().find(shown).map(|step| step.code())
    }

    /// Whether a category was chosen that is not among the likely ones.
    fn is_other(&self, code: &str) -> bool {
        code == self.draft.category && !self.likely.iter().any(|(_, _, _, chosen)| *chosen)
    }

    /// Whether all categories are shown at once: nothing is likely, or one of the others was chosen.
    fn opens_all(&self) -> bool {
        self.likely.is_empty() || self.is_other(&self.draft.category) && !self.draft.category.is_empty()
    }

    fn chosen(&self, attribute: &Attribute, key: &str) -> bool {
        self.draft.answers_to(&attribute.code).any(|value| value == key)
    }

    fn answered(&self, attribute: &Attribute) -> String {
        let words = |key: &str| {
            let value = attribute.values.iter().find(|value| value.key == key);
            value.map_or(key.to_owned(), |value| self.page.pick(&value.name, &value.name_en).to_owned())
        };
        let all: Vec<String> = self.draft.answers_to(&attribute.code).map(words).collect();
        all.join(self.page.pick("、", ", "))
    }

    fn is_list(attribute: &Attribute) -> bool {
        matches!(attribute.datatype, Datatype::SingleValueList | Datatype::MultiValueList)
    }

    fn is_many(attribute: &Attribute) -> bool {
        attribute.datatype == Datatype::MultiValueList
    }
}

/// What a page of the report is made of.
struct Scene {
    step: Step,
    draft: Draft,
    errors: FieldErrors,
    key: String,
    choices: Vec<Choice>,
}

async fn shown(app: &App, conn: &mut PgConnection, page: Page, scene: Scene) -> Result<ReportPage, Failure> {
    let Scene { step, draft, errors, key, choices } = scene;
    let chosen = choices.iter().find(|(_, one)| one.code == draft.category);
    let asked = match chosen {
        Some((kind, category)) => kind.attributes(conn, &category.code).await?,
        None => Vec::new(),
    };
    // Once more before it is sent: meanwhile somebody else may have reported it.
    let alike = if matches!(step, Step::Alike | Step::Check) { alike(app, conn, &draft).await? } else { Vec::new() };
    let place = submission::place(app, &draft);
    let photo = Carried::read(app, &draft.photo);
    let degrees = |point: casework::api::Point| format!("{:.5}, {:.5}", point.lon, point.lat);
    let likely = choice::likely(&choices, &draft.description);
    let mut groups = Vec::new();
    if step == Step::Category {
        for (group, own) in casework::api::grouped(choices.iter().map(|(_, one)| one)) {
            groups.push((group, own.into_iter().map(|one| (one.code.clone(), named(&page, one).to_owned())).collect()));
        }
    }
    Ok(ReportPage {
        likely: likely
            .into_iter()
            .map(|one| {
                let hint = if page.english() { String::new() } else { one.hint.clone() };
                (one.code.clone(), named(&page, one).to_owned(), hint, one.code == draft.category)
            })
            .collect(),
        groups,
        asked,
        alike,
        category: chosen.map(|(_, one)| named(&page, one).to_owned()).unwrap_or_default(),
        place: place.map(degrees).unwrap_or_default(),
        photo_point: photo.and_then(|photo| photo.point).map(degrees).unwrap_or_default(),
        bounds: if step == Step::Place { ground::begin(conn, place).await? } else { String::new() },
        hidden: draft.carried(step),
        page: page.with_title("hotline-report-title"),
        step,
        draft,
        errors,
        key,
    })
}

async fn alike(base: &Base, conn: &mut PgConnection, draft: &Draft) -> Result<Vec<Alike>, HotlineError> {
    let place = submission::place(base, draft);
    let words = format!("{} {}", draft.address, draft.description);
    let found = casework::api::duplicates(conn, place, &draft.category, &words, Whose::Public).await?;
    Ok(found.into_iter().take(5).collect())
}

/// The first page.
pub async fn start(State(app): State<App>, page: Page) -> Result<Response, Failure> {
    let mut conn = app.db.read().await?;
    setting::centre(&mut conn).await?.ok_or(HotlineError::NoCentre)?;
    let key = page.key();
    let (draft, errors) = (Draft::default(), FieldErrors::default());
    let scene = Scene { step: Step::Photo, draft, errors, key, choices: Vec::new() };
    let shown = shown(&app, &mut conn, page, scene).await?;
    render_with(StatusCode::OK, &shown)
}

/// One page was filled in: the next, or the same with what is wrong.
pub async fn step(State(app): State<App>, page: Page, Peer(peer): Peer, sent: Upload) -> Result<Response, Failure> {
    let form: Pairs = sent.fields.iter().map(|(name, value)| (name.clone(), value.clone())).collect::<Vec<_>>().into();
    let mut draft = Draft::read(&form);
    let current = Step::parse(form.get("step")).unwrap_or(Step::Photo);
    let key = form.line("_key", 40);
    let mut conn = app.db.read().await?;
    let mut errors = FieldErrors::default();
    if let Some(photo) = sent.file {
        let photo = PhotoFile { name: photo.name, file: photo.file };
        if let Err(error) = take_photo(&app, &page, &sent.command, peer, &mut draft, photo).await {
            errors = on_form(&page, error)?;
        }
    }
    if form.get("no_photo") == "yes" {
        (draft.photo, draft.photo_name, draft.photo_place) = (String::new(), String::new(), false);
    }
    let choices = casework::api::categories(&app, &mut conn, true).await.map_err(HotlineError::from)?;
    let (mut status, mut to) = (StatusCode::OK, Step::parse(form.get("to")));
    if !errors.is_empty() {
        (status, to) = (StatusCode::UNPROCESSABLE_ENTITY, Some(Step::Photo));
    } else if to.is_none()
        && let Some((at, faults)) = submission::wrong(&app, &mut conn, &page, &draft, &choices, current).await?
    {
        (status, to) = (StatusCode::UNPROCESSABLE_ENTITY, Some(at));
        errors = said(&page, faults);
    }
    let to = match to {
        Some(to) => to,
        None => after(&app, &mut conn, &draft, &choices, current).await?,
    };
    let shown = shown(&app, &mut conn, page, Scene { step: to, draft, errors, key, choices }).await?;
    render_with(status, &shown)
}

/// The next page that has something to ask.
async fn after(
    base: &Base,
    conn: &mut PgConnection,
    draft: &Draft,
    choices: &[Choice],
    current: Step,
) -> Result<Step, HotlineError> {
    let mut next = current.next();
    if next == Step::Details {
        let chosen = choices.iter().find(|(_, one)| one.code == draft.category);
        let asks = match chosen {
            Some((kind, category)) => !kind.attributes(conn, &category.code).await?.is_empty(),
            None => false,
        };
        next = if asks { next } else { Step::Place };
    }
    if next == Step::Alike && alike(base, conn, draft).await?.is_empty() {
        next = Step::Who;
    }
    Ok(next)
}

/// A photo is looked at when it comes, so that whoever sent one that cannot be read hears of it while the thing is before him.
async fn take_photo(
    base: &Base,
    page: &Page,
    command: &Command,
    peer: IpAddr,
    draft: &mut Draft,
    photo: PhotoFile,
) -> Result<(), HotlineError> {
    let mut conn = base.db.read().await?;
    let allowed = setting::get(&mut conn).await?.reports_an_hour.saturating_mul(allowance::PHOTOS_A_REPORT);
    let who = (page.actor.as_ref(), peer);
    allowance::take(base, &mut conn, "photo", who, command.now, allowed).await?;
    drop(conn);
    let (name, file) = (photo.name.clone(), photo.file);
    let picture = casework::api::prepare(base, photo).await?;
    draft.photo = Carried { file, point: picture.point }.write(base);
    draft.photo_name = name;
    draft.photo_place = false;
    Ok(())
}

/// What is wrong in words, if it can be mended on the page; anything else is a page of its own.
fn on_form(page: &Page, error: HotlineError) -> Result<FieldErrors, Failure> {
    let refusal = error.refusal();
    match refusal.kind {
        Kind::Invalid | Kind::TooLarge | Kind::Unavailable if !refusal.fields.is_empty() => {
            Ok(FieldErrors::new(page, &refusal))
        }
        _ => Err(error.into()),
    }
}

fn said(page: &Page, faults: Vec<jh_core::fault::FieldError>) -> FieldErrors {
    let mut refusal = Refusal::new(Kind::Invalid, "hotline-invalid");
    refusal.fields = faults;
    FieldErrors::new(page, &refusal)
}

/// The whole report is sent.
pub async fn submit(
    State(app): State<App>,
    page: Page,
    Peer(peer): Peer,
    headers: HeaderMap,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    let draft = Draft::read(&sent.form);
    let key = sent.form.line("_key", 40);
    let mut conn = app.db.read().await?;
    let choices = casework::api::categories(&app, &mut conn, true).await.map_err(HotlineError::from)?;
    let found = submission::wrong(&app, &mut conn, &page, &draft, &choices, Step::Check).await?;
    let (step, errors) = match found {
        Some((step, faults)) => (step, said(&page, faults)),
        None => {
            let chosen = choices.iter().find(|(_, one)| one.code == draft.category);
            let chosen = chosen.ok_or(HotlineError::NotFound("category"))?;
            let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or("");
            let way = (submission::channel(agent), peer);
            drop(conn);
            match submission::open(&app, &sent.command, &draft, chosen, way).await {
                Ok(opened) => {
                    return Ok(redirect(&format!("/reports/follow/{}?receipt", opened.token.unwrap_or_default())));
                }
                Err(error) => {
                    conn = app.db.read().await?;
                    (Step::Check, on_form(&page, error)?)
                }
            }
        }
    };
    let shown = shown(&app, &mut conn, page, Scene { step, draft, errors, key, choices }).await?;
    render_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}
