//! Who is behind a session cookie or a bearer credential: one round trip, no cache.
//!
//! A cache would be faster still and would let a revoked credential or a suspended person through for as long as it
//! remembers. The one query takes a fraction of a millisecond.
use std::sync::Arc;

use async_trait::async_trait;
use jh_core::actor::{AccountId, Actor, Grant, OrganisationId};
use jh_db::{Base, DbError};
use jh_web::{Authenticator, Entered};
use sqlx::Postgres;
use sqlx::pool::PoolConnection;
use time::OffsetDateTime;

use crate::model::session::{OVERLAP, SEEN_EVERY, Verdict};
use crate::store;
use crate::store::session::Found;
use crate::token::{Fresh, Presented};

/// Identity's `Authenticator`, which the binary hands to the frame.
#[derive(Clone, Copy, Debug, Default)]
pub struct SessionAuthenticator;

/// A live session as one round trip finds it.
struct Live {
    presented: Presented,
    found: Found,
    verdict: Verdict,
    conn: PoolConnection<Postgres>,
}

async fn find(base: &Base, token: &str, now: OffsetDateTime) -> Result<Option<Live>, DbError> {
    let Some(presented) = Presented::session(token) else { return Ok(None) };
    let mut conn = base.db.read().await?;
    let found = store::session::authenticate(&mut conn, presented.account, &presented.hash, now).await?;
    let Some(found) = found else { return Ok(None) };
    let verdict = found.life().verdict(now);
    Ok((verdict != Verdict::Ended).then_some(Live { presented, found, verdict, conn }))
}

impl Live {
    /// Notes the request, at most every few minutes.
    async fn note(&mut self, now: OffsetDateTime) -> Result<(), DbError> {
        if now < self.found.seen_at.saturating_add(SEEN_EVERY) {
            return Ok(());
        }
        store::session::note_seen(&mut self.conn, self.presented.account, self.found.holder_id, now).await
    }
}

impl SessionAuthenticator {
    /// The actor of a live session; the token is replaced when the account's rights have changed and daily. The old one
    /// is honoured for a minute, for requests under way. One round trip, two when something is to be written.
    pub async fn enter(&self, base: &Base, token: &str) -> Result<Option<Entered>, DbError> {
        let now = base.clock.now();
        let Some(mut live) = find(base, token, now).await? else { return Ok(None) };
        let account = live.presented.account;
        let mut renewed = None;
        // Whoever brings the token before the last gets no third one: the second is on its way to the same browser.
        if live.verdict == Verdict::Rotate && live.found.current {
            let fresh = Fresh::session(account);
            let (old, new) = (live.presented.hash, fresh.hash());
            if store::session::rotate(&mut live.conn, account, &old, &new, now, now + OVERLAP).await? {
                renewed = Some((fresh.into_text(), (live.found.ends_at - now).whole_seconds()));
            }
        } else {
            live.note(now).await?;
        }
        let session = live.found.holder_id;
        Ok(Some(Entered { actor: actor(account, live.found), session, renewed }))
    }
}

#[async_trait]
impl Authenticator for SessionAuthenticator {
    async fn session(&self, base: &Base, token: &str) -> Result<Option<Entered>, DbError> {
        self.enter(base, token).await
    }

    async fn bearer(&self, base: &Base, token: &str) -> Result<Option<Actor>, DbError> {
        let Some(presented) = Presented::credential(token) else { return Ok(None) };
        let (now, account) = (base.clock.now(), presented.account);
        let mut conn = base.db.read().await?;
        let found = store::credential::authenticate(&mut conn, account, &presented.hash, now).await?;
        let Some(found) = found else { return Ok(None) };
        if due(found.seen_at, found.rotated_at, now) {
            store::credential::note_used(&mut conn, account, found.holder_id, now).await?;
        }
        Ok(Some(actor(account, found)))
    }
}

/// The first use is noted at once, later ones every few minutes.
fn due(seen_at: OffsetDateTime, issued_at: OffsetDateTime, now: OffsetDateTime) -> bool {
    seen_at == issued_at || now >= seen_at.saturating_add(SEEN_EVERY)
}

fn actor(account: AccountId, found: Found) -> Actor {
    // Until a first password is changed its owner may do nothing but change it.
    let grants: Arc<[Grant]> = match found.must_change_password {
        true => Arc::new([]),
        false => found
            .permissions
            .into_iter()
            .zip(found.scopes)
            .map(|(permission, scope)| Grant { permission, scope: OrganisationId(scope) })
            .collect(),
    };
    Actor {
        account: Some(account),
        kind: found.kind.into(),
        name: found.name.into(),
        organisation: found.organisation_id,
        organisation_name: found.organisation_name.into(),
        grants,
    }
}
