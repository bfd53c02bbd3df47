//! One's own report: how it stands, what was answered, and what its reporter can do. By the private link, without an account, or
//! signed in; whoever only follows a case sees it and does nothing to it.
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use casework::api::{Act, AttachmentId, CaseId, FileRow, Part, PhotoFile, Size};
use jh_core::actor::{AccountId, Command};
use jh_core::fault::{Fault, Kind};
use jh_core::mask;
use jh_web::{App, Failure, FieldErrors, Page, Pairs, Submission, Upload, redirect, render_with};
use sqlx::PgConnection;

use super::deed::{acts, perform};
use super::progress::{self, Line, Next};
use crate::fault::HotlineError;

/// How somebody came to a case.
#[derive(Clone, Debug)]
pub enum Way {
    /// By the link that the receipt gave.
    Link(String),
    /// Signed in.
    Account(AccountId, CaseId),
}

impl Way {
    fn account(page: &Page, id: &str) -> Result<Self, Failure> {
        let account = page.actor()?.account.ok_or(HotlineError::NoPerson)?;
        Ok(Self::Account(account, id.parse().map_err(|_| HotlineError::NotFound("report"))?))
    }

    /// The address of the case by this way.
    fn path(&self) -> String {
        match self {
            Self::Link(token) => format!("/reports/follow/{token}"),
            Self::Account(_, id) => format!("/my/reports/{id}"),
        }
    }

    /// The account, or the token.
    pub fn parts(&self) -> (Option<AccountId>, Option<&str>) {
        match self {
            Self::Link(token) => (None, Some(token)),
            Self::Account(account, _) => (Some(*account), None),
        }
    }

    /// The case, and what whoever came is to it. A wrong link and a case of others do not exist, nor does what is shown to nobody for
    /// one who only follows it.
    pub async fn case(&self, conn: &mut PgConnection) -> Result<(FileRow, Part), HotlineError> {
        let gone = || HotlineError::NotFound("report");
        let id = match self {
            Self::Link(token) => casework::api::case_of_token(conn, token).await?.ok_or_else(gone)?,
            Self::Account(_, id) => *id,
        };
        let (account, token) = self.parts();
        let found = casework::api::of_reporter(conn, account, token, id).await?.ok_or_else(gone)?;
        let part = casework::api::part_in(conn, account, token, id).await?.ok_or_else(gone)?;
        let reported = matches!(part, Part::Reporter | Part::Joined);
        if found.shown == "nothing" && !reported { Err(gone()) } else { Ok((found, part)) }
    }
}

/// A photo that is shown.
struct Photo {
    id: AttachmentId,
    words: String,
}

#[derive(Template)]
#[template(path = "hotline/public_follow.html")]
struct FollowPage {
    page: Page,
    /// The address of the case by the way that was taken.
    path: String,
    by_link: bool,
    /// Just sent: the receipt stands above all else.
    receipt: bool,
    part: Part,
    held: bool,
    file: FileRow,
    stage: String,
    due: String,
    next: Vec<Next>,
    lines: Vec<Line>,
    photos: Vec<Photo>,
    merged_into: Option<String>,
    acts: Vec<Act>,
    errors: FieldErrors,
    form: Pairs,
}

impl FollowPage {
    fn reporter(&self) -> bool {
        self.part == Part::Reporter
    }

    /// Of what was reported and answered, as much as whoever reads may know: the reporter all of it, others what everybody may,
    /// and who reported the same what was answered to both.
    fn description(&self) -> String {
        self.known(self.file.shown == "words", &self.file.description)
    }

    fn answer(&self) -> String {
        let joined = self.part == Part::Joined && self.file.shown != "nothing";
        self.known(joined || self.file.shown == "words", &self.file.result)
    }

    fn address(&self) -> String {
        self.known(self.file.shown != "nothing", &self.file.address)
    }

    fn known(&self, open: bool, text: &str) -> String {
        match (self.reporter(), open) {
            (true, _) => text.to_owned(),
            (false, true) => mask::numbers(text),
            (false, false) => String::new(),
        }
    }

    fn may(&self, act: &str) -> bool {
        self.acts.iter().any(|one| one.code() == act)
    }

    fn outcome_key(&self) -> String {
        let code = self.file.outcome.map_or("", |outcome| outcome.code());
        format!("casework-outcome-{}", code.replace('_', "-"))
    }

    fn link(&self) -> String {
        format!("{}{}", self.page.public_url(), self.path)
    }
}

async fn page_of(
    app: &App,
    page: Page,
    way: &Way,
    (form, errors): (Pairs, FieldErrors),
    receipt: bool,
) -> Result<FollowPage, Failure> {
    let mut conn = app.db.read().await?;
    let (file, part) = way.case(&mut conn).await?;
    let reporter = part == Part::Reporter;
    let procedure = casework::api::procedure_of(app, &mut conn, &file).await?;
    let steps = casework::api::timeline(&mut conn, file.case_id).await?;
    let merged_into = match file.merged_into {
        Some(into) => casework::api::find(&mut conn, into).await?.map(|into| into.number),
        None => None,
    };
    let title = page.t1("hotline-follow-title", "number", &file.number);
    let page = match way {
        Way::Link(_) => page,
        Way::Account(..) => page.crumb_key("/my/reports", "hotline-mine-title"),
    };
    Ok(FollowPage {
        path: way.path(),
        by_link: matches!(way, Way::Link(_)),
        receipt,
        held: procedure.held.as_deref() == Some(file.stage.as_str()),
        stage: progress::stage(&page, &procedure, &file.stage),
        due: file.due_at.filter(|_| !file.closed && !file.paused).map(|at| page.instant(at)).unwrap_or_default(),
        next: progress::next(&page, &procedure, &file),
        lines: progress::for_reporter(&page, &steps, reporter),
        photos: photos(&mut conn, &page, &file, reporter).await?,
        acts: acts(&procedure, &file, &steps, part),
        part,
        page: page.with_title_text(title),
        merged_into,
        file,
        errors,
        form,
    })
}

/// The reporter sees what reporters sent; whoever follows sees what everybody may.
async fn photos(
    conn: &mut PgConnection,
    page: &Page,
    file: &FileRow,
    reporter: bool,
) -> Result<Vec<Photo>, HotlineError> {
    let all = casework::api::attachments(conn, file.case_id).await?;
    let seen = all.into_iter().filter(|row| row.shown || (reporter && row.added_role == "reporter"));
    Ok(seen
        .filter(|row| row.shown_sm3.is_some())
        .map(|row| Photo {
            id: row.attachment_id,
            words: page.t1("hotline-photo-of", "day", page.instant_date(row.added_at)),
        })
        .collect())
}

/// Nothing between us and the reader keeps a page that one comes to by a secret address.
fn private(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response.headers_mut().insert("x-robots-tag", HeaderValue::from_static("noindex"));
    response
}

async fn answer(app: &App, page: Page, way: Way, query: &Pairs) -> Result<Response, Failure> {
    let receipt = query.0.iter().any(|(name, _)| name == "receipt");
    let shown = page_of(app, page, &way, Default::default(), receipt).await?;
    render_with(StatusCode::OK, &shown).map(private)
}

/// A report by its private link.
pub async fn by_link(
    State(app): State<App>,
    page: Page,
    Path(token): Path<String>,
    query: Pairs,
) -> Result<Response, Failure> {
    answer(&app, page, Way::Link(token), &query).await
}

/// One of one's own reports.
pub async fn mine(
    State(app): State<App>,
    page: Page,
    Path(id): Path<String>,
    query: Pairs,
) -> Result<Response, Failure> {
    let way = Way::account(&page, &id)?;
    answer(&app, page, way, &query).await
}

/// Does an act by the private link.
pub async fn act_by_link(
    State(app): State<App>,
    page: Page,
    Path((token, code)): Path<(String, String)>,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    act(&app, page, Way::Link(token), &code, sent.form, &sent.command, None).await
}

/// Does an act on one of one's own reports.
pub async fn act_on_mine(
    State(app): State<App>,
    page: Page,
    Path((id, code)): Path<(String, String)>,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    let way = Way::account(&page, &id)?;
    act(&app, page, way, &code, sent.form, &sent.command, None).await
}

/// Adds a photo by the private link.
pub async fn photo_by_link(
    State(app): State<App>,
    page: Page,
    Path(token): Path<String>,
    sent: Upload,
) -> Result<Response, Failure> {
    add(&app, page, Way::Link(token), sent).await
}

/// Adds a photo to one of one's own reports.
pub async fn photo_on_mine(
    State(app): State<App>,
    page: Page,
    Path(id): Path<String>,
    sent: Upload,
) -> Result<Response, Failure> {
    let way = Way::account(&page, &id)?;
    add(&app, page, way, sent).await
}

async fn add(app: &App, page: Page, way: Way, sent: Upload) -> Result<Response, Failure> {
    let note = sent.field("note").to_owned();
    let photo = sent.file.map(|photo| PhotoFile { name: photo.name, file: photo.file });
    act(app, page, way, Act::Attachment.code(), Pairs::of([("note", note)]), &sent.command, photo).await
}

async fn act(
    app: &App,
    page: Page,
    way: Way,
    code: &str,
    form: Pairs,
    command: &Command,
    photo: Option<PhotoFile>,
) -> Result<Response, Failure> {
    let act =
        Act::parse(code).filter(|act| matches!(act, Act::Rating | Act::Reopening | Act::Withdrawal | Act::Attachment));
    let act = act.ok_or(HotlineError::NotFound("act"))?;
    match perform(app, &way, act, &form, command, photo).await {
        Ok(()) => Ok(redirect(&format!("{}#story", way.path()))),
        Err(error) => {
            let refusal = error.refusal();
            if !matches!(refusal.kind, Kind::Invalid | Kind::Conflict) || refusal.code == "already-done" {
                return Err(error.into());
            }
            let errors = FieldErrors::new(&page, &refusal);
            let shown = page_of(app, page, &way, (form, errors), false).await?;
            render_with(StatusCode::UNPROCESSABLE_ENTITY, &shown).map(private)
        }
    }
}

/// A photo of a report, by its private link.
pub async fn picture_by_link(
    State(app): State<App>,
    Path((token, photo, size)): Path<(String, String, String)>,
) -> Result<Response, Failure> {
    picture(&app, &Way::Link(token), &photo, &size).await.map(private)
}

/// A photo of one of one's own reports.
pub async fn picture_of_mine(
    State(app): State<App>,
    page: Page,
    Path((id, photo, size)): Path<(String, String, String)>,
) -> Result<Response, Failure> {
    picture(&app, &Way::account(&page, &id)?, &photo, &size).await
}

async fn picture(app: &App, way: &Way, photo: &str, size: &str) -> Result<Response, Failure> {
    let gone = || HotlineError::NotFound("photo");
    let size = Size::parse(size).filter(|size| *size != Size::Original).ok_or_else(gone)?;
    let photo: AttachmentId = photo.parse().map_err(|_| gone())?;
    let mut conn = app.db.read().await?;
    let (file, part) = way.case(&mut conn).await?;
    let reporter = part == Part::Reporter;
    let all = casework::api::attachments(&mut conn, file.case_id).await?;
    drop(conn);
    let seen = |row: &casework::api::AttachmentRow| row.shown || (reporter && row.added_role == "reporter");
    let row = all.into_iter().find(|row| row.attachment_id == photo && seen(row)).ok_or_else(gone)?;
    casework::api::photo_answer(app, &row, size).await
}
