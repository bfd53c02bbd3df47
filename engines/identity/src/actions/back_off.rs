//! Counting attempts before they are made, and taking them back when they were right.
use std::net::{IpAddr, Ipv6Addr};

use jh_db::{Base, Work};
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::fault::IdentityError;
use crate::model::back_off::{Attempt, Subject, attempt};
use crate::store;

/// Who is held back. In the order of the counters' locks: always the same, so two attempts never wait in a ring.
pub struct Guard(Vec<(Subject, [u8; 16])>);

/// How often an attempt's name has failed in a row, this attempt included.
#[derive(Clone, Copy, Default, Debug)]
pub struct Failures {
    /// At this address.
    pub here: i32,
    /// Wherever it was tried.
    pub anywhere: i32,
}

impl Guard {
    /// For a sign-in: what was typed as the name, known to us or not, and the network address.
    pub fn sign_in(base: &Base, name: &str, address: &str) -> Self {
        let place = place(address);
        // No address holds U+0000, so no two pairs are written alike.
        let here = format!("{place}\0{name}");
        let subjects =
            [(Subject::NameAnywhere, name), (Subject::NameHere, here.as_str()), (Subject::Address, place.as_str())];
        Self(subjects.map(|(subject, text)| (subject, blind(base, subject, text))).to_vec())
    }

    /// For something that has no name yet.
    pub fn address(base: &Base, address: &str) -> Self {
        Self(vec![(Subject::Address, blind(base, Subject::Address, &place(address)))])
    }

    /// For something the signed-in account does with its password. Strict wherever it comes from: only whoever holds
    /// the session can fail here.
    pub fn account(base: &Base, account: jh_core::actor::AccountId) -> Self {
        Self(vec![(Subject::NameHere, blind(base, Subject::NameHere, &account.to_string()))])
    }

    /// Counts an attempt as failed, in a transaction of its own, or refuses it with the time to wait.
    pub async fn enter(&self, base: &Base, now: OffsetDateTime) -> Result<Failures, IdentityError> {
        let mut transaction = base.db.pool().begin().await?;
        let mut failures = Failures::default();
        for (subject, key) in &self.0 {
            let counted = count(&mut transaction, *subject, key, now).await?;
            match subject {
                Subject::NameHere => failures.here = counted,
                Subject::NameAnywhere => failures.anywhere = counted,
                Subject::Address => {}
            }
        }
        transaction.commit().await?;
        Ok(failures)
    }

    /// The attempt was right: the name's failures here are forgotten. Of the counters that others fill too only this
    /// attempt is taken back: a guess spread over many addresses does not begin anew because the owner signed in.
    pub async fn succeed(&self, work: &mut Work) -> Result<(), IdentityError> {
        let now = work.now();
        self.forgive(work.conn(), now).await
    }

    /// The attempt was never made, because the machine was too busy.
    pub async fn take_back(&self, base: &Base, now: OffsetDateTime) -> Result<(), IdentityError> {
        let mut conn = base.db.read().await?;
        for (_, key) in &self.0 {
            store::back_off::take_back(&mut conn, key, now).await?;
        }
        Ok(())
    }

    async fn forgive(&self, conn: &mut PgConnection, now: OffsetDateTime) -> Result<(), IdentityError> {
        for (subject, key) in &self.0 {
            match subject {
                Subject::NameHere => store::back_off::forget(conn, key).await?,
                Subject::NameAnywhere | Subject::Address => store::back_off::take_back(conn, key, now).await?,
            }
        }
        Ok(())
    }
}

/// What counts as one address. Whoever has one address of IPv6 has the 2^64 of its network (RFC 4291, 2.5.1).
fn place(address: &str) -> String {
    match address.parse().map(|ip: IpAddr| ip.to_canonical()) {
        Ok(IpAddr::V6(ip)) => Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64).to_string(),
        Ok(ip) => ip.to_string(),
        Err(_) => address.to_owned(),
    }
}

fn blind(base: &Base, subject: Subject, text: &str) -> [u8; 16] {
    base.keys.blind(subject.scheme(), text)
}

async fn count(
    conn: &mut PgConnection,
    subject: Subject,
    key: &[u8; 16],
    now: OffsetDateTime,
) -> Result<i32, IdentityError> {
    let before = store::back_off::lock(conn, key, now).await?;
    match attempt(subject, Some(before), now) {
        Attempt::Wait(retry_after_s) => Err(IdentityError::TooManyAttempts { retry_after_s }),
        Attempt::Allowed(held) => {
            store::back_off::write(conn, key, held).await?;
            Ok(held.failures)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn a_network_of_ipv6_is_one_address() {
        assert_eq!(place("2001:db8:1:2:3:4:5:6"), place("2001:db8:1:2:ffff::1"));
        assert_ne!(place("2001:db8:1:2::1"), place("2001:db8:1:3::1"));
        assert_eq!(place("::ffff:203.0.113.7"), "203.0.113.7");
        assert_ne!(place("203.0.113.7"), place("203.0.113.8"));
    }
}
