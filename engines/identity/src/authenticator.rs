//! Who is behind a session cookie or a bearer credential: one round trip, no cache.
//!
//! A cache would be faster still and would let a revoked credential or a suspended person through for as long as it
//! remembers. The one query takes a fraction of a millisecond.
use std::sync::Arc;

use async_trait::async_trait;
use jh_core::actor::{AccountId, Actor, Grant, OrganisationId};
use jh_db::{Base, DbError};
use jh_web::Authenticator;
use time::OffsetDateTime;

use crate::model::session::{SEEN_EVERY, Verdict};
use crate::store;
use crate::store::session::Found;
use crate::token::Presented;

/// Identity's `Authenticator`, which the binary hands to the frame.
#[derive(Clone, Copy, Debug, Default)]
pub struct SessionAuthenticator;

#[async_trait]
impl Authenticator for SessionAuthenticator {
    async fn session(&self, base: &Base, token: &str) -> Result<Option<Actor>, DbError> {
        let Some(presented) = Presented::session(token) else { return Ok(None) };
        let (now, account) = (base.clock.now(), presented.account);
        let mut conn = base.db.read().await?;
        let found = store::session::authenticate(&mut conn, account, &presented.hash, now).await?;
        let Some(found) = found else { return Ok(None) };
        match found.life().verdict(now) {
            Verdict::Ended => return Ok(None),
            Verdict::Live => {}
            Verdict::Seen | Verdict::Rotate => {
                store::session::note_seen(&mut conn, account, found.holder_id, now).await?;
            }
        }
        Ok(Some(actor(account, found)))
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
