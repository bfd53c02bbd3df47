//! `jianghai bench`: what users feel, measured the way they feel it. Each prints one JSON object with `--json`.
mod answers;
mod casework;
pub mod dispatch;
mod ingest;
mod linkage;
mod pages;

use std::process::ExitCode;

use anyhow::Result;

use crate::cli::{Bench, Place};

/// Runs one measurement.
pub async fn bench(place: &Place, what: &Bench) -> Result<ExitCode> {
    match what {
        Bench::Ingest { rows, json } => ingest::measure(*rows, *json).await?,
        Bench::Casework { cases, seconds, json } => casework::measure(*cases, *seconds, *json).await?,
        Bench::Dispatch(options) => dispatch::measure(options)?,
        Bench::Answers { entries, json } => answers::measure(*entries, *json).await?,
        Bench::Linkage(options) => linkage::measure(options)?,
        Bench::Pages { rate, seconds, json } => pages::measure(place, *rate, *seconds, *json).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The value below which a share of the sorted values lies.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    match sorted.len() {
        0 => 0.0,
        n => {
            let at = (share * n as f64).ceil() as usize;
            sorted[at.clamp(1, n) - 1]
        }
    }
}

/// The most memory a process has used, from the kernel's own account, in MB.
fn peak_rss_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
    let kb: f64 = line.split_whitespace().next().and_then(|text| text.parse().ok()).unwrap_or(0.0);
    kb / 1024.0
}

#[cfg(test)]
mod tests {
    use super::quantile;

    #[test]
    fn a_quantile_is_a_value_that_was_measured() {
        let values: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(quantile(&values, 0.5), 50.0);
        assert_eq!(quantile(&values, 0.95), 95.0);
        assert_eq!(quantile(&[7.0], 0.95), 7.0);
        assert_eq!(quantile(&[], 0.95), 0.0);
    }
}
