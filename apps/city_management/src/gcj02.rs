//! GCJ-02 to WGS84. Phones and web maps in China record positions shifted by some hundred metres (GCJ-02); grids and
//! components lie in WGS84. The offset is known forwards only, so the way back is a fixed-point iteration.
//!
//! Pure; `data/nantong/convert_boundaries.py` does the same for the shipped outlines.
use std::f64::consts::PI;

/// The ellipsoid of Krassovsky 1940, which the offset is defined on.
const SEMI_MAJOR_M: f64 = 6_378_245.0;
const ECCENTRICITY_SQUARED: f64 = 0.006_693_421_622_965_943;
/// Each round is some hundred times nearer; six leave less than a micrometre.
const ROUNDS: usize = 6;

/// Longitude and latitude in degrees of WGS84, from those of GCJ-02. Outside China there is no offset.
pub fn to_wgs84(lon: f64, lat: f64) -> (f64, f64) {
    let (mut east, mut north) = (lon, lat);
    for _ in 0..ROUNDS {
        let (shift_east, shift_north) = offset(east, north);
        (east, north) = (lon - shift_east, lat - shift_north);
    }
    (east, north)
}

/// By how much GCJ-02 lies beside WGS84 at this WGS84 position, in degrees.
fn offset(lon: f64, lat: f64) -> (f64, f64) {
    if !(72.004..=137.8347).contains(&lon) || !(0.8293..=55.8271).contains(&lat) {
        return (0.0, 0.0);
    }
    let (x, y) = (lon - 105.0, lat - 35.0);
    let wave = |of: f64, parts: [(f64, f64); 2]| {
        parts.iter().map(|(height, length)| height * (of * PI / length).sin()).sum::<f64>() * 2.0 / 3.0
    };
    let shared = (20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin()) * 2.0 / 3.0;
    let root = x.abs().sqrt();
    let east_m = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * root
        + shared
        + wave(x, [(20.0, 1.0), (40.0, 3.0)])
        + wave(x, [(150.0, 12.0), (300.0, 30.0)]);
    let north_m = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * root
        + shared
        + wave(y, [(20.0, 1.0), (40.0, 3.0)])
        + wave(y, [(160.0, 12.0), (320.0, 30.0)]);
    let phi = lat.to_radians();
    let bend = 1.0 - ECCENTRICITY_SQUARED * phi.sin().powi(2);
    let meridian_m = SEMI_MAJOR_M * (1.0 - ECCENTRICITY_SQUARED) / (bend * bend.sqrt());
    let parallel_m = SEMI_MAJOR_M / bend.sqrt() * phi.cos();
    ((east_m / parallel_m).to_degrees(), (north_m / meridian_m).to_degrees())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{offset, to_wgs84};

    #[test]
    fn nantong_is_shifted_as_the_public_formula_says() {
        let (east, north) = offset(120.86, 32.01);
        assert!((east - 0.004_253_555_221_8).abs() < 1e-12, "{east}");
        assert!((north + 0.002_143_953_548_9).abs() < 1e-12, "{north}");
    }

    #[test]
    fn outside_china_nothing_is_shifted() {
        assert_eq!(to_wgs84(2.35, 48.85), (2.35, 48.85));
    }

    proptest! {
        #[test]
        fn there_and_back_is_within_a_millimetre(lon in 75.0..135.0_f64, lat in 18.0..53.0_f64) {
            let (east, north) = offset(lon, lat);
            let (back_lon, back_lat) = to_wgs84(lon + east, lat + north);
            prop_assert!((back_lon - lon).abs() < 1e-8 && (back_lat - lat).abs() < 1e-8);
        }
    }
}
