//! What the desk says after a call: what became of it, where it went, and the code with which the caller follows it.
use casework::api::{CaseId, FileRow};
use jh_web::{App, Failure, Page, Pairs};
use sqlx::PgConnection;

/// A case to point at.
pub struct Pointed {
    /// Its id.
    pub id: CaseId,
    /// Its number.
    pub number: String,
}

/// What is told.
pub struct Told {
    /// What was done, in a sentence.
    pub text: String,
    /// What else there is to know.
    pub note: String,
    /// The cases it is about, the call's own first.
    pub cases: Vec<Pointed>,
    /// With which the caller follows his case.
    pub code: Option<String>,
}

impl Told {
    fn plain(text: String) -> Self {
        Self { text, note: String::new(), cases: Vec::new(), code: None }
    }
}

/// What an address tells of the call before. It is looked up, so that nobody reads there what is not so.
pub async fn of(app: &App, conn: &mut PgConnection, page: &Page, query: &Pairs) -> Result<Option<Told>, Failure> {
    if query.get("dismissed") == "1" {
        return Ok(Some(Told::plain(page.t("hotline-desk-dismissed"))));
    }
    let Ok(id) = query.get("case").parse::<CaseId>() else { return Ok(None) };
    let Some(file) = casework::api::find(conn, id).await? else { return Ok(None) };
    let actor = page.actor()?;
    let scopes = actor.scopes(casework::api::READ);
    if !identity::api::in_scope(conn, &scopes, file.centre_id).await? {
        return Ok(None);
    }
    let own = Pointed { id, number: file.number.clone() };
    match (query.get("added"), query.given("taken")) {
        (again @ ("addition" | "urging"), _) => {
            let text = page.t1(&format!("hotline-desk-added-{again}"), "number", &file.number);
            Ok(Some(Told { cases: vec![own], ..Told::plain(text) }))
        }
        (_, Some(_)) => {
            let mut told = taken(conn, page, &file, own).await?;
            if query.get("alone") == "1" {
                told.note = page.t("hotline-desk-alone");
            }
            if let Some(agent) = actor.account {
                told.code = casework::api::query_code(app, conn, agent, id, page.now()).await?;
            }
            Ok(Some(told))
        }
        _ => Ok(None),
    }
}

async fn taken(conn: &mut PgConnection, page: &Page, file: &FileRow, own: Pointed) -> Result<Told, Failure> {
    let number = ("number", file.number.clone());
    if let Some(into) = file.merged_into {
        let other = casework::api::find(conn, into).await?.map(|other| other.number).unwrap_or_default();
        let text = page.ta("hotline-desk-taken-merged", &[number, ("into", other.clone())]);
        return Ok(Told { cases: vec![own, Pointed { id: into, number: other }], ..Told::plain(text) });
    }
    let text = match (file.closed, file.holder_id) {
        (true, _) => page.ta("hotline-desk-taken-answered", &[number]),
        (false, Some(holder)) => {
            let holder = identity::api::organisation(conn, holder).await?;
            let name = holder.map(|holder| holder.name).unwrap_or_default();
            page.ta("hotline-desk-taken-dispatched", &[number, ("name", name)])
        }
        (false, None) => page.ta("hotline-desk-taken", &[number]),
    };
    Ok(Told { cases: vec![own], ..Told::plain(text) })
}
