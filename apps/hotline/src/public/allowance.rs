//! How much one sender may send in an hour: an account, or whoever comes from an address without one.
use std::net::IpAddr;

use jh_core::actor::Actor;
use jh_db::Base;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

use super::store;
use crate::fault::HotlineError;

/// Photos that are looked at for each report that may be sent: some are taken again.
pub const PHOTOS_A_REPORT: i32 = 4;
/// How long counts are kept.
pub const KEPT: Duration = Duration::hours(24);

/// Counts one more `what` of a sender, and refuses above what an hour allows.
pub async fn take(
    base: &Base,
    conn: &mut PgConnection,
    what: &str,
    (actor, peer): (Option<&Actor>, IpAddr),
    now: OffsetDateTime,
    allowed: i32,
) -> Result<(), HotlineError> {
    let who = match actor.and_then(|actor| actor.account) {
        Some(account) => format!("{what} account {account}"),
        None => format!("{what} address {peer}"),
    };
    let since = now.unix_timestamp().rem_euclid(3_600);
    let hour_at = now.replace_nanosecond(0).unwrap_or(now) - Duration::seconds(since);
    let blind = base.keys.blind("hotline.allowance.who", &who);
    if store::count(conn, &blind, hour_at).await? > allowed {
        return Err(HotlineError::TooMany { retry_after_s: 3_600 - since, allowed });
    }
    Ok(())
}
