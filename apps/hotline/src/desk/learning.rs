//! The city's own closed cases are what the suggestion learns from next.
use async_trait::async_trait;
use casework::api::CaseId;
use jh_core::clock::china_day;
use jh_db::jobs::JobError;
use jh_db::outbox::{Event, Handler};
use jh_db::{Base, Work};

use super::kind::KIND;
use crate::suggestion::remember;

/// Remembers who handled a case that was closed.
pub struct Closed;

#[async_trait]
impl Handler for Closed {
    fn name(&self) -> &'static str {
        "hotline.learning"
    }

    fn events(&self) -> &'static [&'static str] {
        &["casework.case.closed"]
    }

    fn only(&self) -> Option<(&'static str, &'static str)> {
        Some(("kind", KIND))
    }

    async fn handle(&self, _base: &Base, work: &mut Work, event: &Event) -> Result<(), JobError> {
        let Some(file) = casework::api::find(work.conn(), CaseId(event.subject_id)).await? else { return Ok(()) };
        // What was told in confidence is not kept a second time, in clear.
        if casework::api::is_confidential(work.conn(), file.case_id).await? {
            return Ok(());
        }
        // What nobody was dispatched to says nothing about who is responsible.
        let Some(holder) = file.holder_id else { return Ok(()) };
        let text = format!("{}\n{}", file.title, file.description);
        remember(work, &text, holder, china_day(file.reported_at), &file.number).await?;
        Ok(())
    }
}
