//! What this process has answered since somebody last asked: counts and times by route, for the operations page.
//!
//! Prometheus gets the same from `/metrics`; this is for cities that run no Prometheus.
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// One route's answers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// All answers.
    pub requests: i64,
    /// Answers with status 400 to 499.
    pub refused: i64,
    /// Answers with status 500 and above.
    pub failed: i64,
    /// The sum of their times in microseconds.
    pub total_us: i64,
    /// The longest time in microseconds.
    pub max_us: i64,
}

/// The answers of this process.
#[derive(Default)]
pub struct Traffic(Mutex<HashMap<&'static str, Tally>>);

impl Traffic {
    pub(crate) fn record(&self, route: &'static str, status: u16, micros: i64) {
        let mut tallies = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let tally = tallies.entry(route).or_default();
        tally.requests += 1;
        tally.refused += i64::from((400..500).contains(&status));
        tally.failed += i64::from(status >= 500);
        tally.total_us = tally.total_us.saturating_add(micros);
        tally.max_us = tally.max_us.max(micros);
    }

    /// Takes what was recorded since the last call.
    pub fn take(&self) -> Vec<(&'static str, Tally)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).drain().collect()
    }
}
