//! Clocks of a case: which start and stop when it moves, when they warn, and what a pause, an extension or a new calendar makes of them.
use time::OffsetDateTime;

use super::act::Act;
use super::calendar::{Calendar, Span};
use super::procedure::{Limit, Procedure};

/// How a clock stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ClockState {
    /// It runs.
    Running,
    /// It stands still.
    Paused,
    /// It ended before its time was over.
    Met,
    /// It ended too late.
    Late,
}

/// A clock.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Clock {
    /// The limit's code.
    pub code: String,
    /// From when it counts: its start, or the end of the last pause.
    pub base_at: OffsetDateTime,
    /// What it counts from there.
    pub span: Span,
    /// What was granted besides.
    pub extra: Option<Span>,
    /// When its time is over.
    pub due_at: OffsetDateTime,
    /// When it warns; none when it does not, or has.
    pub warn_at: Option<OffsetDateTime>,
    /// How it stands.
    pub state: ClockState,
    /// How often somebody was told that its time is over.
    pub level: i16,
    /// When it has to be looked at next; none when it stands still or has ended.
    pub fire_at: Option<OffsetDateTime>,
}

impl Clock {
    /// Starts now.
    pub fn start(limit: &Limit, span: Span, calendar: &Calendar, now: OffsetDateTime) -> Self {
        let due_at = calendar.end(now, span);
        let warn_at = warn_at(now, due_at, limit.warn_percent);
        let fire_at = Some(warn_at.unwrap_or(due_at));
        let (state, code) = (ClockState::Running, limit.code.clone());
        Self { code, base_at: now, span, extra: None, due_at, warn_at, state, level: 0, fire_at }
    }

    /// When its time is over by this calendar.
    pub fn due(&self, calendar: &Calendar) -> OffsetDateTime {
        let end = calendar.end(self.base_at, self.span);
        self.extra.map_or(end, |extra| calendar.end(end, extra))
    }

    /// Ends: in time, or late.
    pub fn stop(&mut self, now: OffsetDateTime) {
        // A paused clock has not passed its time, however long the pause was, unless it had before.
        let late = self.level > 0 || (self.state == ClockState::Running && now > self.due_at);
        self.state = if late { ClockState::Late } else { ClockState::Met };
        self.fire_at = None;
    }

    /// Stands still; what is left is counted on later.
    pub fn pause(&mut self, calendar: &Calendar, now: OffsetDateTime) {
        if self.state == ClockState::Running {
            let unit = self.extra.map_or(self.span.unit, |extra| extra.unit);
            self.span = calendar.left(now, self.due_at, unit);
            self.extra = None;
            self.base_at = now;
            self.state = ClockState::Paused;
            self.fire_at = None;
        }
    }

    /// Goes on.
    pub fn resume(&mut self, calendar: &Calendar, now: OffsetDateTime) {
        if self.state == ClockState::Paused {
            self.base_at = now;
            self.state = ClockState::Running;
            self.set_due(calendar, now);
        }
    }

    /// Gets more time, after what it has.
    pub fn extend(&mut self, calendar: &Calendar, now: OffsetDateTime, more: Span) {
        if let Some(extra) = self.extra.filter(|extra| extra.unit == more.unit) {
            self.extra = Some(Span::new(extra.amount.saturating_add(more.amount), extra.unit));
        } else if self.extra.is_some() {
            // Two grants counted differently: what stands becomes the ground that the new one is added to.
            self.base_at = self.due_at;
            self.span = more;
            self.extra = None;
        } else {
            self.extra = Some(more);
        }
        self.level = 0;
        self.set_due(calendar, now);
    }

    /// Counts again, after the calendar changed. Answers what the deadline was if it moved.
    pub fn recount(&mut self, calendar: &Calendar, now: OffsetDateTime) -> Option<OffsetDateTime> {
        let before = self.due_at;
        // What has been missed stays missed: nobody is pardoned by a later decree.
        if self.state != ClockState::Running || self.level > 0 || self.due(calendar) == before {
            return None;
        }
        self.set_due(calendar, now);
        Some(before)
    }

    fn set_due(&mut self, calendar: &Calendar, now: OffsetDateTime) {
        self.due_at = self.due(calendar);
        self.warn_at = self.warn_at.filter(|at| *at > now && *at < self.due_at);
        self.fire_at = Some(self.warn_at.unwrap_or(self.due_at));
    }

    /// What is to be told at `now`: the clock is moved on past it.
    pub fn fire(&mut self, calendar: &Calendar, now: OffsetDateTime) -> Option<Act> {
        if self.state != ClockState::Running || self.fire_at.is_none_or(|at| at > now) {
            return None;
        }
        if self.warn_at.is_some() && now < self.due_at {
            self.warn_at = None;
            self.fire_at = Some(self.due_at);
            return Some(Act::Warning);
        }
        self.warn_at = None;
        self.level = self.level.saturating_add(1);
        self.fire_at = Some(calendar.next_opening(now));
        Some(if self.level == 1 { Act::Miss } else { Act::Escalation })
    }
}

fn warn_at(from: OffsetDateTime, due_at: OffsetDateTime, percent: u8) -> Option<OffsetDateTime> {
    let part = (due_at - from).whole_seconds().saturating_mul(i64::from(percent)) / 100;
    (percent > 0 && part > 0).then(|| from + time::Duration::seconds(part))
}

/// A case's move, as its clocks see it.
#[derive(Clone, Copy, Debug)]
pub struct Move<'a> {
    /// From which stage; empty when it begins.
    pub from: &'a str,
    /// To which stage.
    pub to: &'a str,
    /// By which act.
    pub act: Act,
}

/// The limits that start with a move, and the codes of those that end.
pub fn turned<'a>(procedure: &'a Procedure, step: Move<'_>) -> (Vec<&'a Limit>, Vec<&'a str>) {
    let (mut starts, mut ends) = (Vec::new(), Vec::new());
    for limit in &procedure.limits {
        let (ran, runs) = (limit.runs_in(step.from), limit.runs_in(step.to));
        let anew = ran && runs && limit.restarts.contains(&step.act);
        if ran && (!runs || anew) {
            ends.push(limit.code.as_str());
        }
        if runs && (!ran || anew) {
            starts.push(limit);
        }
    }
    (starts, ends)
}
