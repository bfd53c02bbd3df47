//! The 50,000 historical figures: learned and chosen on half of the people, reported on the other half.
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use linkage::block::Keys;
use linkage::latin_person::{Figure, FigureTexts, LatinPerson};
use linkage::{Edge, Limits, Scorer, Training};
use serde_json::{Value, json};

use super::truth::{Rightness, rightness};
use crate::bench::peak_rss_mb;

/// Below this many bits nothing is looked at.
const LEAST_BITS: f32 = 0.0;
/// A figure has up to some dozens of records.
const CAP: usize = 100;

struct Data {
    records: Vec<Figure>,
    people: Vec<u64>,
}

/// Half of the people, by their name's hash.
fn is_reported(person: u64) -> bool {
    person >> 20 & 1 == 1
}

fn read(path: &Path) -> Result<Data> {
    let mut reader = csv::Reader::from_path(path)?;
    let headers = reader.headers()?.clone();
    let column =
        |name: &str| headers.iter().position(|header| header == name).with_context(|| format!("no column {name}"));
    let at = ["cluster", "first_name", "surname", "dob", "birth_place", "postcode_fake", "gender", "occupation"];
    let at: Vec<usize> = at.iter().map(|name| column(name)).collect::<Result<_>>()?;
    let (mut records, mut people) = (Vec::new(), Vec::new());
    for row in reader.records() {
        let row = row?;
        let text = |n: usize| row.get(at[n]).unwrap_or_default();
        records.push(Figure::read(&FigureTexts {
            first_name: text(1),
            surname: text(2),
            born: text(3),
            place: text(4),
            postcode: text(5),
            sex: text(6),
            occupation: text(7),
        }));
        people.push(linkage::hash::of_text(text(0)));
    }
    Ok(Data { records, people })
}

/// Links and measures.
pub fn measure(path: &Path) -> Result<Value> {
    let started = Instant::now();
    let data = read(path)?;
    let load_s = started.elapsed().as_secs_f64();
    let training = Instant::now();
    let learned: Vec<Figure> = data
        .records
        .iter()
        .zip(&data.people)
        .filter(|(_, person)| !is_reported(**person))
        .map(|(record, _)| *record)
        .collect();
    let model = linkage::train::<LatinPerson>(&learned, &mut Keys::of::<LatinPerson>(&learned), &Training::default());
    let scorer = Scorer::<LatinPerson>::new(&model);
    let train_s = training.elapsed().as_secs_f64();
    let predicting = Instant::now();
    let mut keys = Keys::of::<LatinPerson>(&data.records);
    let (edges, pairs) = linkage::predict(&data.records, &mut keys, &scorer, LEAST_BITS);
    let predict_s = predicting.elapsed().as_secs_f64();
    let (limits, _) = choose(&data, &edges, &scorer);
    let clustering = Instant::now();
    let groups = group(&data, &edges, &scorer, &limits);
    let cluster_s = clustering.elapsed().as_secs_f64();
    let (total_s, peak_rss_mb) = (load_s + train_s + predict_s + cluster_s, peak_rss_mb());
    let right = rightness(&groups, &data.people, is_reported);
    Ok(json!({
        "load_s": load_s, "train_s": train_s, "predict_s": predict_s, "cluster_s": cluster_s, "total_s": total_s,
        "peak_rss_mb": peak_rss_mb, "records": data.records.len(), "pairs": pairs, "precision": right.precision,
        "recall": right.recall, "f1": right.f1, "threshold": linkage::probability(limits.same_bits),
        "cohesion_bits": limits.cohesion_bits,
    }))
}

/// The bounds that are best on the half that is not reported.
fn choose(data: &Data, edges: &[Edge], scorer: &Scorer<LatinPerson>) -> (Limits, Rightness) {
    let mut best = (Limits::default(), Rightness::default());
    for cohesion_bits in [-5.0, -4.0, -3.0, -2.0, 0.0] {
        for same_bits in [0.0, 2.0, 4.0, 6.0] {
            let limits = Limits { cap: CAP, same_bits, cohesion_bits };
            let right = rightness(&group(data, edges, scorer, &limits), &data.people, |person| !is_reported(person));
            if right.f1 > best.1.f1 {
                best = (limits, right);
            }
        }
    }
    best
}

fn group(data: &Data, edges: &[Edge], scorer: &Scorer<LatinPerson>, limits: &Limits) -> Vec<u32> {
    let weigh = |one: u32, other: u32| scorer.bits(&data.records[one as usize], &data.records[other as usize]);
    linkage::cluster(data.records.len(), edges, limits, weigh).into_roots()
}
