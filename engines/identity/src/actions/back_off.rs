//! Counting attempts before they are made, and taking them back when they were right.
use jh_db::{Base, Work};
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::fault::IdentityError;
use crate::model::back_off::{Attempt, Subject, attempt};
use crate::store;

/// Who is held back: a name, an address, or both.
pub struct Guard {
    name: Option<[u8; 16]>,
    address: Option<[u8; 16]>,
}

impl Guard {
    /// For a sign-in: what was typed as the name, known to us or not, and the network address.
    pub fn sign_in(base: &Base, name: &str, address: &str) -> Self {
        Self { name: Some(blind(base, Subject::Name, name)), address: Some(blind(base, Subject::Address, address)) }
    }

    /// For something that has no name yet.
    pub fn address(base: &Base, address: &str) -> Self {
        Self { name: None, address: Some(blind(base, Subject::Address, address)) }
    }

    /// For something the signed-in account does with its password.
    pub fn account(base: &Base, account: jh_core::actor::AccountId) -> Self {
        Self { name: Some(blind(base, Subject::Name, &account.to_string())), address: None }
    }

    /// Counts an attempt as failed, in a transaction of its own, or refuses it with the time to wait. Answers the
    /// failures of the name in a row, this one included.
    pub async fn enter(&self, base: &Base, now: OffsetDateTime) -> Result<i32, IdentityError> {
        let mut transaction = base.db.pool().begin().await?;
        // Always the name first: so two attempts never wait for each other in a ring.
        let failures = match &self.name {
            Some(key) => count(&mut transaction, Subject::Name, key, now).await?,
            None => 0,
        };
        if let Some(key) = &self.address {
            count(&mut transaction, Subject::Address, key, now).await?;
        }
        transaction.commit().await?;
        Ok(failures)
    }

    /// The attempt was right: the name's failures are forgotten, the address's count is taken back.
    pub async fn succeed(&self, work: &mut Work) -> Result<(), IdentityError> {
        let now = work.now();
        self.forgive(work.conn(), now).await
    }

    /// The attempt was never made, because the machine was too busy.
    pub async fn take_back(&self, base: &Base, now: OffsetDateTime) -> Result<(), IdentityError> {
        let mut conn = base.db.read().await?;
        for key in [&self.name, &self.address].into_iter().flatten() {
            store::back_off::take_back(&mut conn, key, now).await?;
        }
        Ok(())
    }

    async fn forgive(&self, conn: &mut PgConnection, now: OffsetDateTime) -> Result<(), IdentityError> {
        if let Some(key) = &self.name {
            store::back_off::forget(conn, key).await?;
        }
        if let Some(key) = &self.address {
            store::back_off::take_back(conn, key, now).await?;
        }
        Ok(())
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
