//! With what a reporter without an account follows his case: a link, and, for whoever telephoned, the case's number with a code of
//! eight digits that can be told and written down.
//!
//! Both are made of the party's id with the installation's key, so nothing is stored that could be read. Whoever asks by code must be
//! counted by the page that asks: eight digits withstand twenty questions an hour, not a million.
use jh_core::actor::AccountId;
use jh_crypto::sm3;
use jh_db::Base;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

use crate::fault::CaseError;
use crate::model::{CaseId, Part, PartyId};
use crate::store;

/// How long whoever took a call in can read its code to the caller.
const TOLD_FOR: Duration = Duration::minutes(15);

/// The secret part of a party's link.
pub fn token(base: &Base, party: PartyId) -> String {
    sm3::hex(&base.keys.token_mac("casework.party.link", party.0.as_bytes()))
}

fn code(base: &Base, party: PartyId) -> String {
    let mac = base.keys.token_mac("casework.party.code", party.0.as_bytes());
    let number = u64::from_be_bytes(std::array::from_fn(|at| mac[at]));
    format!("{:08}", number % 100_000_000)
}

/// The reporter of a case that a person has just opened for him. Nobody else learns his secrets from here: whoever has them acts as
/// the reporter.
async fn reporter(
    conn: &mut PgConnection,
    by: AccountId,
    id: CaseId,
    now: OffsetDateTime,
) -> Result<Option<PartyId>, CaseError> {
    if store::step::opened_by(conn, id, now - TOLD_FOR).await? != Some(by) {
        return Ok(None);
    }
    let parties = store::party::of_case(conn, id).await?;
    Ok(parties.into_iter().find(|party| party.role == Part::Reporter).map(|party| party.party_id))
}

/// The code of a case's reporter, for the person who has just opened it for him.
pub async fn query_code(
    base: &Base,
    conn: &mut PgConnection,
    by: AccountId,
    id: CaseId,
    now: OffsetDateTime,
) -> Result<Option<String>, CaseError> {
    Ok(reporter(conn, by, id, now).await?.map(|party| code(base, party)))
}

/// The secret part of the link of a case's reporter, for the person who has just opened it for him.
pub async fn link_token(
    base: &Base,
    conn: &mut PgConnection,
    by: AccountId,
    id: CaseId,
    now: OffsetDateTime,
) -> Result<Option<String>, CaseError> {
    Ok(reporter(conn, by, id, now).await?.map(|party| token(base, party)))
}

/// The secret part of the link that a number and its code stand for; spaces in the code do not count.
pub async fn token_by_code(
    base: &Base,
    conn: &mut PgConnection,
    number: &str,
    typed: &str,
) -> Result<Option<String>, CaseError> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').take(9).collect();
    let Some(file) = store::file::by_number(conn, number.trim()).await? else { return Ok(None) };
    let parties = store::party::of_case(conn, file.case_id).await?;
    let meant = parties.into_iter().filter(|party| party.merged_from.is_none()).find(|party| {
        let known = code(base, party.party_id);
        jh_crypto::keyring::same(known.as_bytes(), typed.as_bytes())
    });
    let link = meant.map(|party| (token(base, party.party_id), party.token_sm3));
    Ok(link.filter(|(token, kept)| kept.as_deref() == Some(&sm3::digest(token.as_bytes())[..])).map(|(token, _)| token))
}
