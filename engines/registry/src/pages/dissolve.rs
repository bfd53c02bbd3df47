//! Polygons that touch, made into one: what both have as their border is no border of the whole.
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

/// A point by the bits of its coordinates: neighbours share their points exactly, and only then are they joined.
type Point = (u64, u64);

/// The polygons without the borders between them; none where that is not needed or not certain: nothing touches, a
/// polygon has a hole or would get one, or rings meet in a point.
pub fn dissolve(polygons: &[Value]) -> Option<Vec<Value>> {
    let rings: Vec<Vec<Point>> = polygons.iter().map(only_ring).collect::<Option<_>>()?;
    let mut edges: BTreeMap<Point, Point> = BTreeMap::new();
    let all = || rings.iter().flat_map(|ring| ring.windows(2).map(|pair| (pair[0], pair[1])));
    let known: BTreeSet<_> = all().collect();
    for (from, to) in all().filter(|(from, to)| !known.contains(&(*to, *from))) {
        if edges.insert(from, to).is_some() {
            return None;
        }
    }
    if edges.len() == known.len() {
        return None;
    }
    let mut whole = Vec::new();
    while let Some((start, next)) = edges.pop_first() {
        let mut ring = vec![start, next];
        while ring.last() != Some(&start) {
            ring.push(edges.remove(ring.last()?)?);
        }
        // Rings run against the clock; one that runs with it is the edge of a hole.
        if area(&ring) <= 0.0 {
            return None;
        }
        let points: Vec<_> = ring.iter().map(|(x, y)| json!([f64::from_bits(*x), f64::from_bits(*y)])).collect();
        whole.push(json!([points]));
    }
    Some(whole)
}

fn only_ring(polygon: &Value) -> Option<Vec<Point>> {
    let [ring] = polygon.as_array()?.as_slice() else { return None };
    let point = |at: &Value| Some((at[0].as_f64()?.to_bits(), at[1].as_f64()?.to_bits()));
    ring.as_array()?.iter().map(point).collect()
}

fn area(ring: &[Point]) -> f64 {
    let number = f64::from_bits;
    ring.windows(2).map(|pair| number(pair[0].0) * number(pair[1].1) - number(pair[1].0) * number(pair[0].1)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(west: f64, south: f64) -> Value {
        let (east, north) = (west + 1.0, south + 1.0);
        json!([[[west, south], [east, south], [east, north], [west, north], [west, south]]])
    }

    #[test]
    fn neighbours_become_one_and_an_island_stays() {
        let whole = dissolve(&[square(0.0, 0.0), square(1.0, 0.0), square(5.0, 5.0)]).expect("two of them touch");
        assert_eq!(whole.len(), 2);
        assert_eq!(whole[0][0].as_array().map(Vec::len), Some(7), "six corners, the first of them twice");
    }

    #[test]
    fn what_does_not_touch_or_is_not_certain_stays_as_it_was() {
        assert_eq!(dissolve(&[square(0.0, 0.0), square(3.0, 0.0)]), None);
        let around = [(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (0.0, 1.0), (2.0, 1.0), (0.0, 2.0), (1.0, 2.0), (2.0, 2.0)];
        assert_eq!(dissolve(&around.map(|(west, south)| square(west, south))), None, "it would have a hole");
        assert_eq!(dissolve(&[json!([]), square(0.0, 0.0)]), None);
    }
}
