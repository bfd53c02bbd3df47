//! `jianghai bench dispatch`: learns from one file of past cases and asks about another, as the hotline does, without a database.
//!
//! Departments are the names as they stand in the files. One that only the second file has cannot be right and counts as wrong.
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use hotline::suggestion::learn::measure::{Answer, Report, report};
use hotline::suggestion::learn::{self, Lesson, Model, Options};
use hotline::suggestion::table;
use serde_json::json;

use super::{peak_rss_mb, quantile};
use crate::cli::{Dispatch, Learner};

/// One of so many texts of each department is asked about.
const ASKED_OF: usize = 5;
/// Any seed does where none can be told.
const SEED: u64 = 12_345;

/// What was learned from, what was asked, and what came of it.
struct Outcome {
    rows_train: usize,
    answers: Vec<Answer>,
    learn_s: f64,
    times_ms: Vec<f64>,
    model: Model,
}

/// Learns, asks, tells.
pub fn measure(options: &Dispatch) -> Result<()> {
    let mut names = Names::default();
    let outcome = match (&options.train, &options.test, &options.file) {
        (Some(train), Some(test), _) => {
            let train = read(train, &mut names)?;
            let known = names.0.len();
            let test = read(test, &mut names)?;
            run(&names, known, train, test, options)?
        }
        (_, _, Some(file)) if options.folds => {
            let all = read(file, &mut names)?;
            in_rounds(&names, all, options)?
        }
        (_, _, Some(file)) => {
            let (train, test) = learn::parted(read(file, &mut names)?, ASKED_OF, options.seed);
            run(&names, names.0.len(), train, test, options)?
        }
        _ => anyhow::bail!("say what to learn from: --train a.csv --test b.csv, or --file one.csv"),
    };
    tell(&names, outcome, options.json);
    Ok(())
}

/// Learns from a whole file and says how good that was on texts held out, and how many seconds it took.
pub fn rehearse(file: &Path) -> Result<(Report, f64)> {
    let mut names = Names::default();
    let lessons = read(file, &mut names)?;
    let start = Instant::now();
    let how = Options { learner: learn::Learner::Chosen, seed: SEED, threads: 2, stopped: &|| false };
    let model = learn::learn(names.0, lessons, &how)?;
    Ok((model.facts().held_out.clone(), start.elapsed().as_secs_f64()))
}

/// Departments in the order in which they were met.
#[derive(Default)]
struct Names(Vec<String>, BTreeMap<String, u16>);

impl Names {
    fn number(&mut self, name: String) -> Result<u16> {
        if let Some(number) = self.1.get(&name) {
            return Ok(*number);
        }
        let number = u16::try_from(self.0.len()).context("more than 65,536 departments")?;
        self.0.push(name.clone());
        self.1.insert(name, number);
        Ok(number)
    }
}

fn read(path: &Path, names: &mut Names) -> Result<Vec<Lesson>> {
    let file = std::fs::File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let rows = table::read(file).with_context(|| format!("cannot read {}", path.display()))?;
    let (mut lessons, mut bad) = (Vec::with_capacity(rows.len()), 0_usize);
    for (_, row) in rows {
        match row {
            Ok(past) => lessons.push(Lesson { text: past.text, label: names.number(past.department)? }),
            Err(_) => bad += 1,
        }
    }
    if bad > 0 {
        eprintln!(
            "jianghai: {bad} rows of {} have no text, no department or a date that is none; left out",
            path.display()
        );
    }
    Ok(lessons)
}

fn run(names: &Names, known: usize, train: Vec<Lesson>, test: Vec<Lesson>, options: &Dispatch) -> Result<Outcome> {
    let rows_train = train.len();
    let learner = match options.learner {
        Learner::Chosen => learn::Learner::Chosen,
        Learner::Margin => learn::Learner::Margin,
        Learner::Bayes => learn::Learner::Bayes,
        Learner::Softmax => learn::Learner::Softmax,
    };
    let start = Instant::now();
    let how = Options { learner, seed: options.seed, threads: 2, stopped: &|| false };
    let model = learn::learn(names.0[..known].to_vec(), train, &how)?;
    let learn_s = start.elapsed().as_secs_f64();
    let mut times_ms = Vec::with_capacity(test.len());
    let answers = test
        .iter()
        .map(|lesson| {
            // The whole answer with its reasons is what an agent waits for.
            let start = Instant::now();
            let advice = model.advise(&lesson.text);
            times_ms.push(start.elapsed().as_secs_f64() * 1e3);
            let right = Some(usize::from(lesson.label)).filter(|label| *label < known);
            let named = advice.suggestions.iter().map(|suggestion| suggestion.place).collect();
            let sure = advice.suggestions.first().map_or(0.0, |first| first.probability);
            Answer { right, named, sure }
        })
        .collect();
    Ok(Outcome { rows_train, answers, learn_s, times_ms, model })
}

/// Every text is asked about once, by one who did not learn from it.
fn in_rounds(names: &Names, all: Vec<Lesson>, options: &Dispatch) -> Result<Outcome> {
    let mut left = all;
    let mut parts = Vec::new();
    for of in (2..=ASKED_OF).rev() {
        let (rest, part) = learn::parted(left, of, options.seed);
        parts.push(part);
        left = rest;
    }
    parts.push(left);
    let mut whole: Option<Outcome> = None;
    for asked in 0..parts.len() {
        let train = parts.iter().enumerate().filter(|(part, _)| *part != asked).flat_map(|(_, part)| part.clone());
        let one = run(names, names.0.len(), train.collect(), parts[asked].clone(), options)?;
        whole = Some(match whole {
            None => one,
            Some(mut whole) => {
                whole.answers.extend(one.answers);
                whole.times_ms.extend(one.times_ms);
                whole.learn_s += one.learn_s;
                whole
            }
        });
    }
    whole.context("nothing to ask about")
}

fn tell(names: &Names, mut outcome: Outcome, as_json: bool) {
    let counted: Report = report(&outcome.answers, names.0.len());
    outcome.times_ms.sort_by(f64::total_cmp);
    let (p50, p95) = (quantile(&outcome.times_ms, 0.5), quantile(&outcome.times_ms, 0.95));
    let model_mb = outcome.model.to_bytes().len() as f64 / 1e6;
    if as_json {
        let flat = json!({
            "rows_train": outcome.rows_train, "rows_test": outcome.answers.len(), "departments": names.0.len(),
            "top1": counted.top1, "top3": counted.top3, "macro_f1": counted.macro_f1, "ece": counted.ece,
            "train_s": outcome.learn_s, "suggest_ms_p50": p50, "suggest_ms_p95": p95,
            "peak_rss_mb": peak_rss_mb(), "model_mb": model_mb,
        });
        println!("{flat}");
        return;
    }
    println!(
        "{} texts of {} departments learned in {:.1} s; {} asked: first right {:.1} %, among three {:.1} %",
        outcome.rows_train,
        names.0.len(),
        outcome.learn_s,
        counted.texts,
        counted.top1 * 100.0,
        counted.top3 * 100.0,
    );
    println!(
        "macro F1 {:.3}, calibration error {:.3}, answer in {p50:.2} ms (p95 {p95:.2} ms)",
        counted.macro_f1, counted.ece
    );
    for bin in counted.bins.iter().filter(|bin| bin.count > 0) {
        println!(
            "  said {:>5.1} % sure: {:>6} answers, {:>5.1} % right",
            bin.said * 100.0,
            bin.count,
            bin.right * 100.0
        );
    }
}
