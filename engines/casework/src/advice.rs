//! Advice beside a dispatch: an app says to whom a case might go, and why. It is shown, never followed by itself.
use async_trait::async_trait;
use jh_core::actor::OrganisationId;
use jh_db::{Base, DbError};
use sqlx::PgConnection;

use crate::store::file::FileRow;

/// One organisation that a case might go to.
#[derive(Clone, Debug)]
pub struct Advice {
    /// Which.
    pub organisation: OrganisationId,
    /// Its name.
    pub name: String,
    /// How sure, in hundredths; none where nothing is counted.
    pub percent: Option<u8>,
    /// Whether it is sure enough to be followed without a second look.
    pub sure: bool,
    /// Why: words, past cases, a clause; each already in words.
    pub reasons: Vec<String>,
}

/// An app that advises on cases. Registered as `services.register::<dyn Adviser>(…)`.
#[async_trait]
pub trait Adviser: Send + Sync {
    /// At most a handful for a case, surest first; nothing where it has nothing to say.
    async fn advise(&self, base: &Base, conn: &mut PgConnection, case: &FileRow) -> Result<Vec<Advice>, DbError>;
}

/// What all advisers say of a case.
pub async fn of(base: &Base, conn: &mut PgConnection, case: &FileRow) -> Result<Vec<Advice>, DbError> {
    let mut all = Vec::new();
    for adviser in base.services.all::<dyn Adviser>() {
        all.extend(adviser.advise(base, conn, case).await?);
    }
    Ok(all)
}
