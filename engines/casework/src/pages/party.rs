//! Who reported a case: masked, until somebody with a purpose asks for more.
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use jh_core::mask;
use jh_db::audit::Entry;
use jh_db::{Base, Work};
use jh_web::{App, Failure, Page, Pairs, Submission, render};
use serde_json::json;
use sqlx::PgConnection;

use super::case::seen;
use super::{case_id, wrong};
use crate::actions::open::{EMAIL, NAME, PHONE};
use crate::fault::CaseError;
use crate::model::CaseId;
use crate::model::Part;
use crate::store;
use crate::store::party::PartyRow;

/// Somebody concerned, as a page shows him.
#[derive(Clone, Debug)]
pub struct PartyLine {
    /// Which.
    pub party_id: String,
    /// The name, masked for who need not know it.
    pub name: String,
    /// The telephone, masked.
    pub phone: String,
    /// Whether there is a telephone or an address to be seen.
    pub reachable: bool,
    /// Whether only the centre may know who it is.
    pub confidential: bool,
    /// Whether an answer is wanted.
    pub awaits: bool,
    /// Reported it himself, or follows it.
    pub part: Part,
    /// When.
    pub since: String,
}

fn opened(base: &Base, context: &str, sealed: Option<&Vec<u8>>) -> Result<String, Failure> {
    let Some(sealed) = sealed else { return Ok(String::new()) };
    let clear = base.keys.open(context, sealed).map_err(Failure::internal)?;
    String::from_utf8(clear).map_err(Failure::internal)
}

/// Everybody concerned by a case, masked. `centre` sees who asked to be known to the centre only.
pub async fn lines(
    base: &Base,
    page: &Page,
    conn: &mut PgConnection,
    id: CaseId,
    centre: bool,
) -> Result<Vec<PartyLine>, Failure> {
    let rows = store::party::of_case(conn, id).await?;
    rows.into_iter().map(|row| line(base, page, &row, centre)).collect()
}

fn line(base: &Base, page: &Page, row: &PartyRow, centre: bool) -> Result<PartyLine, Failure> {
    let hidden = row.confidential && !centre;
    let name = opened(base, NAME, row.name_sealed.as_ref())?;
    let phone = opened(base, PHONE, row.phone_sealed.as_ref())?;
    let known = !hidden && !name.is_empty();
    Ok(PartyLine {
        party_id: row.party_id.to_string(),
        name: if known { mask::name(&name) } else { page.t("casework-anonymous") },
        phone: if hidden || phone.is_empty() { String::new() } else { mask::phone(&phone) },
        reachable: !hidden && (row.phone_sealed.is_some() || row.email_sealed.is_some()),
        confidential: row.confidential,
        awaits: row.wants_answer,
        part: row.role,
        since: page.instant(row.since_at),
    })
}

#[derive(Template)]
#[template(path = "casework/party.html")]
struct PartyPage {
    page: Page,
    id: CaseId,
    name: String,
    phone: String,
    email: String,
    purpose: String,
}

/// Shows somebody's telephone and address for a stated purpose, and remembers that it did.
pub async fn reveal(
    State(app): State<App>,
    page: Page,
    Path((text, party)): Path<(String, String)>,
    sent: Submission<Pairs>,
) -> Result<Response, Failure> {
    let id = case_id(&text)?;
    let purpose = sent.form.line("purpose", 200);
    if purpose.chars().count() < 4 {
        return Err(wrong("purpose", "casework-note-missing").into());
    }
    let mut work = Work::begin(&app, &sent.command).await?;
    let held = seen(work.conn(), &page, id).await?;
    let centre = held.as_centre || held.as_inspector;
    let scopes = page.actor()?.scopes(crate::actions::REVEAL);
    let concerned = if centre { held.file.centre_id } else { held.file.holder_id.unwrap_or(held.file.owner_id) };
    let within = store::organisation::organisation_within(work.conn(), concerned, &scopes).await?;
    within.filter(|_| centre || held.as_holder).ok_or(CaseError::NotFound("party"))?;
    let rows = store::party::of_case(work.conn(), id).await?;
    let found = rows.into_iter().find(|row| row.party_id.to_string() == party && (centre || !row.confidential));
    let row = found.ok_or(CaseError::NotFound("party"))?;
    let detail = json!({ "number": held.file.number, "party_id": row.party_id });
    let entry = Entry::new("casework.party.revealed", id).organisation(concerned).purpose(&purpose).detail(detail);
    work.audit(entry);
    work.commit().await?;
    let shown = PartyPage {
        id,
        name: opened(&app, NAME, row.name_sealed.as_ref())?,
        phone: opened(&app, PHONE, row.phone_sealed.as_ref())?,
        email: opened(&app, EMAIL, row.email_sealed.as_ref())?,
        purpose,
        page: page
            .with_title("casework-who")
            .crumb_key("/casework/cases", "casework-cases-title")
            .crumb(format!("/casework/cases/{id}"), held.file.number),
    };
    render(&shown)
}
