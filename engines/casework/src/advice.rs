//! Advice beside a dispatch: an app says to whom a case might go, and why. It is shown, never followed by itself.
use async_trait::async_trait;
use jh_core::actor::OrganisationId;
use jh_web::{App, Failure, Page};

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

/// What an app says.
#[derive(Clone, Debug, Default)]
pub struct Advised {
    /// At most a handful, surest first.
    pub ways: Vec<Advice>,
    /// What else there is to know: how sure it is, what it was learned from, that nothing was.
    pub notes: Vec<String>,
}

/// An app that advises on cases. Registered as `services.register::<dyn Adviser>(…)`.
#[async_trait]
pub trait Adviser: Send + Sync {
    /// Its advice on a case, for the reader of a page.
    async fn advise(&self, app: &App, page: &Page, case: &FileRow) -> Result<Advised, Failure>;
}

/// What all advisers say of a case.
pub async fn of(app: &App, page: &Page, case: &FileRow) -> Result<Advised, Failure> {
    let mut all = Advised::default();
    for adviser in app.services.all::<dyn Adviser>() {
        let said = adviser.advise(app, page, case).await?;
        all.ways.extend(said.ways);
        all.notes.extend(said.notes);
    }
    Ok(all)
}
