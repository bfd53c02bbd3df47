//! What an officer's photo has to be before it proves anything: taken now, and for this.
//!
//! A phone writes when a picture was taken; a picture may say nothing of it, but what it says must be possible. And one picture
//! shows one thing once: the same file proves nothing a second time, neither another case nor that the first was put right. It must
//! not know how a case moves.
use casework::api::{CaseId, PhotoFile, Picture};
use jh_core::actor::AccountId;
use jh_db::{Base, Work};
use time::{Duration, OffsetDateTime};

use super::store;
use crate::fault::CityError;

/// How much a phone's clock may be ahead of ours.
const AHEAD_MAX: Duration = Duration::minutes(10);

/// An officer's photo, looked at.
pub struct Proof {
    /// The original as it came.
    sm3: [u8; 32],
    /// What can be kept of it.
    pub picture: Picture,
}

impl Proof {
    /// Looks at a photo, before anything is written.
    pub async fn look(base: &Base, photo: Option<PhotoFile>, now: OffsetDateTime) -> Result<Option<Self>, CityError> {
        let Some(photo) = photo else { return Ok(None) };
        let sm3 = photo.file.sm3;
        let picture = casework::api::prepare(base, photo).await?;
        if picture.taken_at.is_some_and(|at| at > now + AHEAD_MAX) {
            return Err(CityError::field("file", "city-management-photo-future"));
        }
        Ok(Some(Self { sm3, picture }))
    }

    /// Refuses what was taken before there was anything to prove.
    pub fn since(&self, start: OffsetDateTime) -> Result<(), CityError> {
        // The camera writes whole seconds.
        match self.picture.taken_at {
            Some(at) if at.unix_timestamp() < start.unix_timestamp() => {
                Err(CityError::field("file", "city-management-photo-before"))
            }
            _ => Ok(()),
        }
    }

    /// Lets it prove this case as it stands now, and nothing else from now on.
    pub async fn claim(&self, work: &mut Work, id: CaseId, revision: i32, by: AccountId) -> Result<(), CityError> {
        let now = work.now();
        match store::claim_proof(work.conn(), &self.sm3, (id, revision), by, now).await? {
            None => Ok(()),
            Some(number) => Err(CityError::field_with("file", "city-management-photo-used", vec![("number", number)])),
        }
    }
}
