//! Follows what happens to cases of this kind, whoever opened them: where each lies and what it went through, for appraisal.
use async_trait::async_trait;
use casework::api::CaseId;
use jh_core::clock::china_day;
use jh_db::jobs::JobError;
use jh_db::outbox::{Event, Handler};
use jh_db::{Base, Work};

use super::kind::KIND;
use super::store;

/// Takes the events of cases.
pub struct Course;

#[async_trait]
impl Handler for Course {
    fn name(&self) -> &'static str {
        "city_management.course"
    }

    fn events(&self) -> &'static [&'static str] {
        &[
            "casework.case.opened",
            "casework.case.accepted",
            "casework.case.rejected",
            "casework.case.dispatched",
            "casework.case.redirected",
            "casework.case.returned",
            "casework.case.resolved",
            "casework.case.inspected",
            "casework.case.inspection_failed",
            "casework.case.closed",
            "casework.case.merged",
            "casework.case.withdrawn",
            "casework.case.reopened",
            "casework.deadline.missed",
        ]
    }

    fn only(&self) -> Option<(&'static str, &'static str)> {
        Some(("kind", KIND))
    }

    async fn handle(&self, _base: &Base, work: &mut Work, event: &Event) -> Result<(), JobError> {
        let text = |name: &str| event.payload[name].as_str().unwrap_or("");
        let id = CaseId(event.subject_id);
        if event.event == "casework.case.opened" {
            store::place(work.conn(), id, None).await?;
            return Ok(());
        }
        let on = china_day(event.happened_at);
        store::note_event(work.conn(), id, &event.event, (text("from"), text("to")), on).await?;
        Ok(())
    }
}
