//! The ways of an entry, and what its texts are made into.
use proptest::prelude::*;
use time::macros::date;

use super::*;

const TODAY: Date = date!(2026 - 03 - 02);

fn content() -> Content {
    Content {
        question: "社保卡丢了怎么补办？".into(),
        aliases: vec!["社保卡遗失".into()],
        short_answer: "先挂失，再补办。".into(),
        answer: "先挂失。\n再补办。".into(),
        keywords: vec!["社保卡".into()],
        service_path: Some("/services".into()),
        audience: Audience::Public,
        from_on: TODAY,
        expires_on: date!(2027 - 03 - 02),
    }
}

#[test]
fn an_entry_is_written_reviewed_and_published_and_a_published_one_stays_given_while_it_is_revised() {
    let submitted = State::NEW.written().and_then(State::submitted).expect("a draft can be submitted");
    assert_eq!(submitted.written(), None, "what is under review is not changed under the reviewer's hands");
    let published = submitted.returned().and_then(State::submitted).and_then(State::published).expect("published");
    assert_eq!(published, State { standing: Standing::Published, revision: Revision::None });
    let revised = published.written().and_then(State::submitted).expect("a revision");
    assert_eq!(revised.standing, Standing::Published);
    assert_eq!(published.submitted(), None, "there is nothing to submit");
}

#[test]
fn an_expired_entry_can_be_renewed_or_withdrawn_and_a_withdrawn_one_nothing_more() {
    let published = State { standing: Standing::Published, revision: Revision::None };
    let expired = published.expired().expect("expired");
    assert_eq!(expired.renewed().and_then(State::published), Some(published));
    let gone = expired.withdrawn().expect("withdrawn");
    for next in [State::written, State::submitted, State::published, State::renewed, State::withdrawn, State::expired] {
        assert_eq!(next(gone), None);
    }
    assert_eq!(State::NEW.discarded().map(|state| state.standing), Some(Standing::Withdrawn));
    assert_eq!(published.written().and_then(State::discarded), Some(published));
    assert_eq!(State::NEW.withdrawn(), None, "what was never given is discarded");
}

#[test]
fn texts_are_tidied_and_nothing_said_twice() {
    let mut untidy = content();
    untidy.question = " 社保卡丢了怎么补办？\n".into();
    untidy.aliases = vec!["社保卡丢了怎么补办？".into(), " 社保卡遗失 ".into(), "社保卡遗失".into(), String::new()];
    untidy.answer = "\r\n先挂失。 \r\n\r\n\r\n再补办。\0\r\n".into();
    untidy.keywords = vec!["社保卡，挂失 社保卡".into()];
    untidy.service_path = Some("  ".into());
    let tidy = untidy.tidy();
    assert_eq!(tidy.question, "社保卡丢了怎么补办？");
    assert_eq!(tidy.aliases, ["社保卡遗失"]);
    assert_eq!(tidy.answer, "先挂失。\n\n再补办。");
    assert_eq!(tidy.keywords, ["社保卡", "挂失"]);
    assert_eq!(tidy.service_path, None);
    assert!(tidy.faults(TODAY).is_empty());
}

#[test]
fn every_fault_is_named_with_its_field() {
    let mut wrong = content();
    wrong.question = String::new();
    wrong.short_answer = "长".repeat(SHORT_CHARS_MAX + 1);
    wrong.aliases = vec!["长".repeat(ALIAS_CHARS_MAX + 1)];
    wrong.keywords = (0..=KEYWORDS_MAX).map(|n| n.to_string()).collect();
    wrong.service_path = Some("//elsewhere".into());
    wrong.expires_on = TODAY;
    let fields: Vec<_> = wrong.faults(TODAY).into_iter().map(|fault| (fault.field, fault.code)).collect();
    assert_eq!(
        fields,
        [
            ("question", "required"),
            ("short_answer", "hotline-knowledge-too-long"),
            ("aliases", "hotline-knowledge-too-long"),
            ("keywords", "hotline-knowledge-too-many"),
            ("service_path", "hotline-knowledge-path"),
            ("expires_on", "hotline-knowledge-expiry-past"),
        ]
    );
}

#[test]
fn an_answer_is_looked_at_anew_within_two_years() {
    assert_eq!(term_fault(TODAY, date!(2028 - 03 - 02), TODAY), None);
    assert_eq!(term_fault(TODAY, date!(2028 - 03 - 04), TODAY), Some("hotline-knowledge-expiry-far"));
    assert_eq!(
        term_fault(date!(2026 - 06 - 01), date!(2026 - 05 - 01), TODAY),
        Some("hotline-knowledge-expiry-before")
    );
}

proptest! {
    #[test]
    fn whatever_happens_withdrawn_stays_withdrawn(steps in proptest::collection::vec(0_usize..8, 0..30)) {
        let all = [
            State::written, State::submitted, State::returned, State::published, State::renewed, State::discarded,
            State::expired, State::withdrawn,
        ];
        let mut state = State::NEW;
        let mut gone = false;
        for step in steps {
            if let Some(next) = all[step](state) {
                prop_assert!(!gone);
                state = next;
            }
            gone = state.standing == Standing::Withdrawn;
            prop_assert!(!gone || state.revision == Revision::None);
        }
    }

    #[test]
    fn tidying_twice_is_tidying_once(text in "[\\PC\n\r\t ]{0,80}") {
        let mut untidy = content();
        untidy.answer.clone_from(&text);
        untidy.question = text;
        let once = untidy.tidy();
        prop_assert_eq!(once.clone().tidy(), once);
    }
}
