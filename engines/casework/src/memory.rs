//! What a process remembers: versions of procedures, which never change, and the calendar as long as its version is the same.
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use jh_db::Base;
use sqlx::PgConnection;

use crate::fault::CaseError;
use crate::model::calendar::Calendar;
use crate::model::procedure::Procedure;
use crate::store;

type Versions = HashMap<(String, i32), Arc<Procedure>>;

/// Registered in `Services`, one for each base.
#[derive(Default)]
pub struct Memory {
    procedures: RwLock<Versions>,
    calendar: RwLock<Option<(i32, Arc<Calendar>)>>,
}

impl Memory {
    /// The memory of a base.
    pub fn of(base: &Base) -> Arc<Self> {
        base.services.get::<Self>().unwrap_or_default()
    }

    /// A version of a kind's procedure.
    pub async fn procedure(
        &self,
        conn: &mut PgConnection,
        kind: &str,
        version: i32,
    ) -> Result<Arc<Procedure>, CaseError> {
        let key = (kind.to_owned(), version);
        if let Some(known) = self.procedures.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(known.clone());
        }
        let loaded = store::procedure::load(conn, kind, version).await?;
        let loaded = Arc::new(loaded.ok_or_else(|| CaseError::UnknownKind(kind.to_owned()))?);
        self.procedures.write().unwrap_or_else(PoisonError::into_inner).insert(key, loaded.clone());
        Ok(loaded)
    }

    /// The calendar of this version, or the newer one that is there now.
    pub async fn calendar(&self, conn: &mut PgConnection, version: i32) -> Result<Arc<Calendar>, CaseError> {
        if let Some((known, calendar)) = &*self.calendar.read().unwrap_or_else(PoisonError::into_inner)
            && *known == version
        {
            return Ok(calendar.clone());
        }
        let (version, calendar) = store::calendar::load(conn).await?;
        let calendar = Arc::new(calendar);
        *self.calendar.write().unwrap_or_else(PoisonError::into_inner) = Some((version, calendar.clone()));
        Ok(calendar)
    }
}
