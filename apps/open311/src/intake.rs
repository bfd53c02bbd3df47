//! A posted report becomes a case, once: who may, how often, where, and whether it was sent before. What a case is and what a
//! category asks, the case engine knows.
use std::net::IpAddr;

use casework::api::{CaseId, Channel, FileRow, Opened, Priority, Report};
use catalogue::api::Ground;
use jh_core::actor::{Actor, ActorKind, Command, OrganisationId};
use jh_core::clock::china_day;
use jh_crypto::sm3;
use jh_db::{Base, Work};
use jh_web::Pairs;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::fault::Open311Error;
use crate::form::{self, Posted};
use crate::store::{self, KeyId, Setting};

/// How long an `Idempotency-Key` is remembered.
pub const KEY_KEPT: Duration = Duration::hours(48);
/// Within this, the same content of the same sender is a second press of the button.
const CONTENT_KEPT: Duration = Duration::minutes(2);
/// The longest `Idempotency-Key`.
const IDEMPOTENCY_CHARS_MAX: usize = 200;

/// How a post came.
pub struct Post<'a> {
    /// The arguments of query and body.
    pub form: &'a Pairs,
    /// `Idempotency-Key`, if there is one.
    pub given_key: Option<&'a str>,
    /// From where.
    pub peer: IpAddr,
    /// When and under which request.
    pub command: Command,
}

/// What a post comes to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Taken {
    /// The case's number.
    Number {
        /// It.
        number: String,
        /// Whether nobody finds the case under it before a person has read what it says.
        unread: bool,
    },
    /// A token, with which the number is asked for once a person has read the report: where the city reads all of them first.
    Token(String),
}

/// Who posts.
struct Sender {
    key: Option<KeyId>,
    name: String,
}

/// Takes a report in.
pub async fn take(base: &Base, setting: &Setting, post: Post<'_>) -> Result<Taken, Open311Error> {
    let now = post.command.now;
    let allowed = setting.posts_a_minute;
    allow(base, &format!("address {}", post.peer), now, allowed).await?;
    let sender = sender(base, setting, post.form).await?;
    if let Some(key) = sender.key {
        allow(base, &format!("key {key}"), now, allowed).await?;
    }
    let posted = form::read(post.form)?;
    if posted.point.is_some_and(|point| !Ground::of(base).covers(point.lon, point.lat)) {
        return Err(Open311Error::parameter("open311-place-outside"));
    }
    let centre = OrganisationId(setting.centre_id.ok_or(Open311Error::NoCentre)?);
    let command = Command { actor: actor(&sender), key: None, ..post.command.clone() };
    let mut work = Work::begin(base, &command).await?;
    let (digest, content, kept) = digests(&sender, &post)?;
    if let Some(before) = store::claim(work.conn(), &digest, &content, now, kept).await? {
        if before.content_sm3 != content {
            return Err(Open311Error::parameter("open311-key-reused"));
        }
        let case_id = before.case_id.ok_or(Open311Error::NotFound("request"))?;
        return again(base, &mut work, case_id, before.held).await;
    }
    let opened = open(base, &mut work, setting, centre, posted).await?;
    let taken = answered(base, &mut work, setting, &opened).await?;
    let by_token = matches!(taken, Taken::Token(_));
    store::settle(work.conn(), &digest, opened.case_id.0, by_token).await?;
    if let Some(key) = sender.key {
        store::note_use(work.conn(), key, china_day(now)).await?;
    }
    work.commit().await?;
    Ok(taken)
}

/// Refuses whoever posts more often than the city allows. It is counted by itself: what is refused for another reason counts too.
async fn allow(base: &Base, who: &str, now: OffsetDateTime, allowed: i32) -> Result<(), Open311Error> {
    let second = now.unix_timestamp().rem_euclid(60);
    let minute_at = now.replace_nanosecond(0).unwrap_or(now) - Duration::seconds(second);
    let blind = base.keys.blind("open311.rate.who", who);
    let n = store::count_post(&mut *base.db.read().await?, &blind, minute_at).await?;
    if n > allowed {
        return Err(Open311Error::TooMany { retry_after_s: 60 - second, allowed });
    }
    Ok(())
}

async fn sender(base: &Base, setting: &Setting, form: &Pairs) -> Result<Sender, Open311Error> {
    let Some(key) = form.given("api_key") else {
        let nobody = Sender { key: None, name: "Open311".into() };
        return if setting.anonymous { Ok(nobody) } else { Err(Open311Error::KeyMissing) };
    };
    let found = store::key_of(&mut *base.db.read().await?, &sm3::digest(key.as_bytes())).await?;
    let (key, name) = found.ok_or(Open311Error::KeyUnknown)?;
    Ok(Sender { key: Some(key), name: format!("Open311 · {name}") })
}

/// The program that sent it, as the case's timeline names it: nobody's account, and without any right.
fn actor(sender: &Sender) -> Actor {
    Actor { kind: ActorKind::Resident, name: sender.name.as_str().into(), ..Actor::system("open311") }
}

/// By what a post is recognised again, what its content is, and how long both are remembered.
fn digests(sender: &Sender, post: &Post<'_>) -> Result<([u8; 32], [u8; 32], Duration), Open311Error> {
    let who = sender.key.map_or_else(|| post.peer.to_string(), |key| key.to_string());
    let mut pairs: Vec<&(String, String)> = post.form.0.iter().filter(|(name, _)| name != "api_key").collect();
    pairs.sort();
    let mut content = sm3::Hasher::new();
    for part in pairs.iter().flat_map(|(name, value)| [name, value]) {
        content.update(&(part.len() as u64).to_be_bytes());
        content.update(part.as_bytes());
    }
    let content = content.finalize();
    let of = |what: &str, parts: &[u8]| {
        let mut hasher = sm3::Hasher::new();
        hasher.update(format!("{what}\0{who}\0").as_bytes());
        hasher.update(parts);
        hasher.finalize()
    };
    match post.given_key.map(|key| key.trim().trim_matches('"')) {
        None => Ok((of("content", &content), content, CONTENT_KEPT)),
        Some(key) if key.is_empty() || key.len() > IDEMPOTENCY_CHARS_MAX => {
            Err(Open311Error::parameter("open311-key-wrong"))
        }
        Some(key) => Ok((of("key", key.as_bytes()), content, KEY_KEPT)),
    }
}

async fn open(
    base: &Base,
    work: &mut Work,
    setting: &Setting,
    centre: OrganisationId,
    posted: Posted,
) -> Result<Opened, Open311Error> {
    let known = casework::api::categories(base, work.conn(), true).await?;
    let service = known.into_iter().find(|(_, category)| category.code == posted.service_code);
    let (kind, category) = service.ok_or(Open311Error::NotFound("service"))?;
    let suspect = casework::api::is_suspect(&said(&posted));
    // The specification lets a report say nothing: then its service does.
    let description = if posted.description.is_empty() { category.name } else { posted.description };
    let report = Report {
        kind: kind.code(),
        title: String::new(),
        description,
        category: category.code,
        priority: Priority::Normal,
        channel: Channel::Api,
        centre,
        address: posted.address,
        point: posted.point,
        reporter: posted.reporter,
        held: setting.held || suspect,
        photo: false,
        shown: "place",
        app_ref: None,
        // Nothing is fetched: a clerk looks at it, or not.
        note: posted.media_url,
        attributes: posted.attributes,
    };
    Ok(casework::api::open_in(base, work, report).await?)
}

/// All that a person wrote and that somebody else may come to read.
fn said(posted: &Posted) -> String {
    let name = posted.reporter.as_ref().map_or("", |reporter| reporter.name.as_str());
    let own = [posted.description.as_str(), posted.address.as_str(), name];
    own.into_iter().chain(posted.attributes.iter().map(|(_, value)| value.as_str())).collect::<Vec<_>>().join(" ")
}

/// The number, or a token where a person reads every report first. Where only this one is held, for what it says, the services are
/// `realtime`, and that promises an id at once; it leads nowhere until the report is released.
async fn answered(base: &Base, work: &mut Work, setting: &Setting, opened: &Opened) -> Result<Taken, Open311Error> {
    let (held, case) = standing(work.conn(), opened.case_id).await?;
    if !(held && setting.held) {
        return Ok(Taken::Number { unread: held || case.shown == "nothing", number: case.number });
    }
    let token = token(base, opened.case_id.0);
    let now = work.now();
    store::keep_token(work.conn(), &sm3::digest(token.as_bytes()), opened.case_id.0, now).await?;
    Ok(Taken::Token(token))
}

async fn again(base: &Base, work: &mut Work, case_id: Uuid, by_token: bool) -> Result<Taken, Open311Error> {
    if by_token {
        return Ok(Taken::Token(token(base, case_id)));
    }
    let (held, case) = standing(work.conn(), CaseId(case_id)).await?;
    Ok(Taken::Number { unread: held || case.shown == "nothing", number: case.number })
}

/// The token of a case: made from it and the city's keys, so that a repeat is given the same one.
fn token(base: &Base, case_id: Uuid) -> String {
    sm3::hex(&base.keys.token_mac("open311.token", case_id.as_bytes()))
}

/// Whether a person still has to read a case, and the case.
async fn standing(conn: &mut PgConnection, id: CaseId) -> Result<(bool, FileRow), Open311Error> {
    let case = casework::api::find(conn, id).await?;
    let case = case.ok_or(Open311Error::NotFound("request"))?;
    Ok((case.shown_later.is_some(), case))
}

/// The number that a token stands for, once a person has read the report.
pub async fn number_of_token(base: &Base, token: &str) -> Result<String, Open311Error> {
    let mut conn = base.db.read().await?;
    let case_id = store::case_of_token(&mut conn, &sm3::digest(token.as_bytes())).await?;
    let case_id = case_id.ok_or(Open311Error::NotFound("token"))?;
    match standing(&mut conn, CaseId(case_id)).await? {
        (true, _) => Err(Open311Error::StillHeld),
        (false, case) => Ok(case.number),
    }
}
