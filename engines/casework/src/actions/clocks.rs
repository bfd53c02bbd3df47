//! Turns a case's clocks when it moves, and keeps its nearest deadline.
use jh_db::{Base, Work};
use time::OffsetDateTime;

use crate::fault::CaseError;
use crate::kind;
use crate::memory::Memory;
use crate::model::act::Act;
use crate::model::calendar::Calendar;
use crate::model::clocks::{Clock, ClockState, Move, turned};
use crate::model::procedure::Procedure;
use crate::store;
use crate::store::clock::ClockRow;
use crate::store::file::FileRow;

/// A case's clocks, with those that were touched and have to be written.
pub struct Clocks {
    /// All of them.
    pub rows: Vec<ClockRow>,
    touched: Vec<bool>,
    /// The act by which they are turned gives the case back: nothing was done in time by it.
    given_back: bool,
}

impl Clocks {
    /// What stands in the database.
    pub async fn load(work: &mut Work, row: &FileRow) -> Result<Self, CaseError> {
        Ok(Self::of(store::clock::of_case(work.conn(), row.case_id).await?))
    }

    /// These, untouched.
    pub fn of(rows: Vec<ClockRow>) -> Self {
        let touched = vec![false; rows.len()];
        Self { rows, touched, given_back: false }
    }

    /// Changes the clocks that `which` picks.
    pub fn change(&mut self, which: impl Fn(&ClockRow) -> bool, mut change: impl FnMut(&mut ClockRow)) {
        for (row, touched) in self.rows.iter_mut().zip(&mut self.touched) {
            if which(row) {
                change(row);
                *touched = true;
            }
        }
    }

    /// Ends clocks and starts others, as the move wants.
    pub async fn turn(
        &mut self,
        base: &Base,
        work: &mut Work,
        row: &FileRow,
        procedure: &Procedure,
        calendar: &Calendar,
        step: Move<'_>,
    ) -> Result<(), CaseError> {
        let now = row.changed_at;
        self.given_back = step.act == Act::Return;
        let (starts, ends) = turned(procedure, step);
        let holder = row.holder_id.unwrap_or(row.owner_id);
        self.change(
            |clock| clock.ended_at.is_none() && ends.contains(&clock.clock.code.as_str()),
            |clock| {
                clock.clock.stop(now);
                clock.ended_at = Some(now);
            },
        );
        let kind = kind::find(base, &row.kind);
        for limit in starts {
            let own = match &kind {
                Some(kind) => kind.span(work.conn(), row, &limit.code).await?,
                None => None,
            };
            let span = own.unwrap_or_else(|| limit.span(row.priority));
            let round = self.rows.iter().filter(|clock| clock.clock.code == limit.code).count();
            self.rows.push(ClockRow {
                round: i16::try_from(round + 1).unwrap_or(i16::MAX),
                clock: Clock::start(limit, span, calendar, now),
                started_at: now,
                missed_at: None,
                ended_at: None,
                organisation_id: Some(holder),
            });
            self.touched.push(true);
        }
        Ok(())
    }

    /// Stops all clocks: the case is closed.
    pub fn stop_all(&mut self, now: OffsetDateTime) {
        self.change(
            |clock| clock.ended_at.is_none(),
            |clock| {
                clock.clock.stop(now);
                clock.ended_at = Some(now);
            },
        );
    }

    /// Holds clocks still, or lets them go on.
    pub fn still(&mut self, calendar: &Calendar, now: OffsetDateTime, paused: bool) {
        self.change(
            |clock| clock.ended_at.is_none(),
            |clock| match paused {
                true => clock.clock.pause(calendar, now),
                false => clock.clock.resume(calendar, now),
            },
        );
    }

    /// The nearest deadline that runs, and whether any that runs has passed.
    pub fn nearest(&self) -> (Option<OffsetDateTime>, bool) {
        let live = || self.rows.iter().filter(|row| row.clock.state == ClockState::Running);
        (live().map(|row| row.clock.due_at).min(), live().any(|row| row.clock.level > 0))
    }

    /// Writes what was touched, and counts what ended: kept in time, or not. Who gives a case back has kept nothing by that;
    /// what he let pass before stays passed.
    pub async fn save(self, work: &mut Work, row: &FileRow) -> Result<(), CaseError> {
        let kept_nothing = self.given_back;
        let touched: Vec<ClockRow> =
            self.rows.into_iter().zip(self.touched).filter_map(|(row, touched)| touched.then_some(row)).collect();
        let count = |ended: &ClockRow| store::count::CountRow {
            counted_on: jh_core::clock::china_day(row.changed_at),
            centre_id: row.centre_id.0,
            organisation_id: ended.organisation_id.unwrap_or(row.owner_id).0,
            kind: row.kind.clone(),
            category: row.category.clone(),
            channel: row.channel.code().to_owned(),
            measure: format!(
                "{}.{}",
                if ended.clock.state == ClockState::Late { "late" } else { "kept" },
                ended.clock.code
            ),
            n: 1,
        };
        let ended: Vec<_> = touched
            .iter()
            .filter(|clock| clock.ended_at == Some(row.changed_at))
            .filter(|clock| !kept_nothing || clock.clock.state == ClockState::Late)
            .map(count)
            .collect();
        Ok(store::clock::put(work.conn(), row.case_id, &touched, &ended).await?)
    }
}

/// The procedure and the calendar that a case lives by.
pub async fn rules(
    base: &Base,
    work: &mut Work,
    row: &FileRow,
    calendar_version: i32,
) -> Result<(std::sync::Arc<Procedure>, std::sync::Arc<Calendar>), CaseError> {
    let memory = Memory::of(base);
    let procedure = memory.procedure(work.conn(), &row.kind, row.version).await?;
    let calendar = memory.calendar(work.conn(), calendar_version).await?;
    Ok((procedure, calendar))
}
