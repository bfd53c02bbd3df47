//! Learning as a whole, on made-up requests.
use super::generate::requests;
use super::measure::{Report, report};
use super::{Doubt, LearnError, Learner, Lesson, Model, Options, learn, parted};
use crate::suggestion::learn::codec::CodecError;

fn options(threads: usize) -> Options<'static> {
    Options { learner: Learner::Chosen, seed: 7, threads, stopped: &|| false }
}

fn learned(count: usize, wrong: usize) -> (Model, Vec<Lesson>) {
    let (names, lessons) = requests(count, false, wrong, 11);
    let (train, asked) = parted(lessons, 5, 3);
    (learn(names, train, &options(2)).expect("enough to learn from"), asked)
}

fn asked(model: &Model, lessons: &[Lesson]) -> Report {
    let answers: Vec<_> = lessons.iter().map(|one| model.answer(&one.text, Some(usize::from(one.label)))).collect();
    report(&answers, model.departments().len())
}

#[test]
fn most_requests_find_their_department_and_certainty_is_honest() {
    let (model, lessons) = learned(1_500, 30);
    let found = asked(&model, &lessons);
    assert!(found.top1 > 0.75, "{found:?}");
    assert!(found.top3 > 0.9, "{found:?}");
    assert!(found.ece < 0.1, "{found:?}");
    // What it says of itself was measured on texts it had not learned.
    assert!((model.facts().held_out.top1 - found.top1).abs() < 0.1, "{:?}", model.facts());
}

#[test]
fn one_label_in_five_being_wrong_is_survived() {
    let (model, _) = learned(1_200, 200);
    let (names, clean) = requests(200, false, 0, 99);
    let place = |name: &String| model.departments().iter().position(|known| known == name).expect("known");
    let right =
        clean.iter().filter(|one| model.answer(&one.text, None).named[0] == place(&names[usize::from(one.label)]));
    assert!(right.count() > 140);
}

#[test]
fn the_same_rows_and_seed_give_the_same_model_on_one_thread_and_on_two() {
    let (names, lessons) = requests(300, false, 30, 5);
    let one = learn(names.clone(), lessons.clone(), &options(1)).expect("learned");
    let two = learn(names, lessons, &options(2)).expect("learned");
    assert!(one.to_bytes() == two.to_bytes());
}

#[test]
fn the_words_that_spoke_for_it_are_the_citizens_own() {
    let (model, _) = learned(1_000, 0);
    let advice = model.advise("请问一下，恒达电子厂拖欠工资两个月怎么办");
    assert_eq!(advice.suggestions[0].department, "人力资源和社会保障局");
    assert!(advice.suggestions[0].terms[0].0.contains("工资"), "{:?}", advice.suggestions[0].terms);
    assert_eq!(advice.doubt, None);
    let sum: f64 = advice.suggestions.iter().map(|one| one.probability).sum();
    assert!(sum <= 1.0 + 1e-6);
}

#[test]
fn what_was_never_seen_is_not_sure() {
    let (model, _) = learned(600, 0);
    assert_eq!(model.advise("zzz qqq").doubt, Some(Doubt::NothingKnown));
    assert_eq!(model.advise("").doubt, Some(Doubt::NothingKnown));
    assert!(model.advise("薛定谔猫悖论阐释量子叠加坍缩诠释").doubt.is_some());
}

#[test]
fn texts_of_any_length_are_answered() {
    let (model, _) = learned(400, 0);
    let long = "路灯坏了没人修，".repeat(1_250);
    assert_eq!(long.chars().count(), 10_000);
    assert_eq!(model.advise(&long).suggestions.len(), 3);
}

#[test]
fn a_model_comes_back_from_its_file_as_it_was() {
    let (model, lessons) = learned(300, 0);
    let bytes = model.to_bytes();
    let back = Model::from_bytes(&bytes).expect("a model");
    assert_eq!(back.advise(&lessons[0].text), model.advise(&lessons[0].text));
    assert_eq!(back.facts().held_out.confusions, model.facts().held_out.confusions);
    let mut damaged = bytes.clone();
    damaged[bytes.len() / 2] ^= 1;
    assert_eq!(Model::from_bytes(&damaged).err(), Some(CodecError::Damaged));
    assert_eq!(Model::from_bytes(&bytes[..bytes.len() - 9]).err(), Some(CodecError::Damaged));
    assert_eq!(Model::from_bytes(b"something else").err(), Some(CodecError::Foreign));
}

#[test]
fn too_little_is_said_and_not_learned() {
    let lesson = |n: usize| Lesson { text: format!("{}坏了", "路灯井盖".repeat(n + 1)), label: 0 };
    let one_department = learn(vec!["甲".into()], (0..50).map(lesson).collect(), &options(1));
    assert_eq!(one_department.err(), Some(LearnError::TooLittle { texts: 50, departments: 1 }));
    let blank = vec![Lesson { text: " ".into(), label: 0 }; 100];
    assert_eq!(
        learn(vec!["甲".into()], blank, &options(1)).err(),
        Some(LearnError::TooLittle { texts: 0, departments: 0 })
    );
}

#[test]
fn whoever_stops_it_gets_no_model() {
    let (names, lessons) = requests(100, false, 0, 5);
    let stopped = Options { stopped: &|| true, ..options(1) };
    assert_eq!(learn(names, lessons, &stopped).err(), Some(LearnError::Stopped));
}

#[test]
fn a_department_with_one_text_is_learned_with_the_others() {
    let (mut names, mut lessons) = requests(200, false, 0, 5);
    names.push("气象局".into());
    lessons.push(Lesson { text: "明天台风预警发布了没有".into(), label: (names.len() - 1) as u16 });
    let model = learn(names, lessons, &options(2)).expect("learned");
    assert!(model.advise("台风预警发布").suggestions.iter().any(|one| one.department == "气象局"));
}
