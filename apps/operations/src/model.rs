//! What the operations page shows, and when a figure wants attention.
use std::path::Path;

use time::OffsetDateTime;

/// How a part fares.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fare {
    /// As it should.
    Good,
    /// Somebody should look before it becomes a fault.
    Warn,
    /// Somebody must act.
    Bad,
}

impl Fare {
    /// The badge's kind.
    pub fn badge(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }

    /// The word's Fluent key.
    pub fn key(self) -> &'static str {
        match self {
            Self::Good => "operations-good",
            Self::Warn => "operations-warn",
            Self::Bad => "operations-bad",
        }
    }
}

/// A fault anywhere in the last hour wants a look; more than one in a hundred wants it now.
pub fn traffic_fare(requests: i64, failed: i64) -> Fare {
    match (failed, requests) {
        (0, _) => Fare::Good,
        (failed, requests) if failed * 100 > requests => Fare::Bad,
        _ => Fare::Warn,
    }
}

/// PostgreSQL stops when its disk is full; a tenth left is the moment to act, a fifth the moment to plan.
pub fn disk_fare(free_bytes: u64, total_bytes: u64) -> Fare {
    match total_bytes {
        0 => Fare::Bad,
        total if free_bytes < total / 10 => Fare::Bad,
        total if free_bytes < total / 5 => Fare::Warn,
        _ => Fare::Good,
    }
}

/// A job that failed for good needs a person; one that waits ten minutes says that the workers do not keep up.
pub fn jobs_fare(failed: i64, oldest_due_at: Option<OffsetDateTime>, now: OffsetDateTime) -> Fare {
    if failed > 0 {
        return Fare::Bad;
    }
    match oldest_due_at {
        Some(due_at) if now - due_at > time::Duration::minutes(10) => Fare::Warn,
        _ => Fare::Good,
    }
}

/// Free and total bytes of the disk under a folder.
pub fn disk(folder: &Path) -> Option<(u64, u64)> {
    let stat = nix::sys::statvfs::statvfs(folder).ok()?;
    let block = stat.fragment_size();
    Some((stat.blocks_available() * block, stat.blocks() * block))
}

/// Bytes in the unit people read: 1.5 GB.
pub fn bytes(value: u64) -> String {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    let mut shown = value as f64;
    let mut unit = 0;
    while shown >= 1000.0 && unit + 1 < UNITS.len() {
        shown /= 1000.0;
        unit += 1;
    }
    if unit == 0 { format!("{value} B") } else { format!("{shown:.1} {}", UNITS[unit]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_fault_in_a_thousand_is_a_warning_and_two_in_a_hundred_an_alarm() {
        assert_eq!(traffic_fare(1000, 0), Fare::Good);
        assert_eq!(traffic_fare(1000, 1), Fare::Warn);
        assert_eq!(traffic_fare(100, 2), Fare::Bad);
    }

    #[test]
    fn a_disk_with_less_than_a_tenth_left_is_an_alarm() {
        assert_eq!(disk_fare(9, 100), Fare::Bad);
        assert_eq!(disk_fare(15, 100), Fare::Warn);
        assert_eq!(disk_fare(50, 100), Fare::Good);
        assert_eq!(disk_fare(0, 0), Fare::Bad);
    }

    #[test]
    fn bytes_read_in_the_largest_fitting_unit() {
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(1_500_000), "1.5 MB");
    }
}
