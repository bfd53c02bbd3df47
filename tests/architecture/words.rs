//! Both languages say the same things: equal keys, equal arguments.
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fluent_syntax::ast::{Entry, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;

use super::source::{literals, rooms, rust_files, shown};

/// Key to the names of its arguments.
fn keys(path: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", shown(path)));
    let resource =
        parser::parse(text.as_str()).unwrap_or_else(|(_, e)| panic!("{} does not parse: {e:?}", shown(path)));
    let mut keys = BTreeMap::new();
    for entry in resource.body {
        if let Entry::Message(message) = entry {
            let arguments = message.value.as_ref().map(arguments).unwrap_or_default();
            let twice = keys.insert(message.id.name.to_owned(), arguments).is_some();
            assert!(!twice, "{} defines {} twice", shown(path), message.id.name);
        }
    }
    keys
}

fn arguments(pattern: &Pattern<&str>) -> BTreeSet<String> {
    use fluent_syntax::ast::Expression;
    let mut names = BTreeSet::new();
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        match expression {
            Expression::Inline(InlineExpression::VariableReference { id }) => {
                names.insert(id.name.to_owned());
            }
            Expression::Select { selector, variants } => {
                if let InlineExpression::VariableReference { id } = selector {
                    names.insert(id.name.to_owned());
                }
                for variant in variants {
                    names.extend(arguments(&variant.value));
                }
            }
            Expression::Inline(_) => {}
        }
    }
    names
}

/// All texts of one language of a room: `zh.ftl`, and `pages.zh.ftl` beside it where one file would be too long.
fn language(folder: &Path, lang: &str) -> BTreeMap<String, BTreeSet<String>> {
    let (whole, part) = (format!("{lang}.ftl"), format!(".{lang}.ftl"));
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("the folder of texts") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if name != whole && !name.ends_with(&part) {
            continue;
        }
        for (key, arguments) in keys(&path) {
            assert!(all.insert(key.clone(), arguments).is_none(), "{} defines {key} once more", shown(&path));
        }
    }
    assert!(!all.is_empty(), "{} has no text in {lang}", shown(folder));
    all
}

#[test]
fn both_languages_have_the_same_keys_and_arguments() {
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    for room in rooms() {
        let folder = room.folder.join("i18n");
        if !folder.exists() {
            continue;
        }
        let (zh, en) = (language(&folder, "zh"), language(&folder, "en"));
        let only_zh: Vec<_> = zh.keys().filter(|key| !en.contains_key(*key)).collect();
        let only_en: Vec<_> = en.keys().filter(|key| !zh.contains_key(*key)).collect();
        assert!(
            only_zh.is_empty() && only_en.is_empty(),
            "{}: a page in one language would show a bare key. Write the missing text.\n  only Chinese: {only_zh:?}\n  \
             only English: {only_en:?}",
            room.name
        );
        for (key, arguments) in &zh {
            // What one language leaves out is a fact that its readers do not get.
            assert!(
                arguments == &en[key],
                "{}: {key} takes {arguments:?} in Chinese and {:?} in English",
                room.name,
                en[key]
            );
        }
        for key in zh.into_keys() {
            if let Some(other) = owners.insert(key.clone(), room.name.clone()) {
                panic!("{key} is defined by {other} and by {}; the program would not start", room.name);
            }
        }
    }
}

/// Names of three parts that are no actions: labels of keys, kinds of back-off, events that only other rooms hear.
const NOT_ACTIONS: [&str; 19] = [
    "casework.webhook.secret",
    "hotline.allowance.who",
    "hotline.dismissed.phone",
    "hotline.report.photo",
    "casework.party.name",
    "casework.party.phone",
    "casework.party.email",
    "casework.party.link",
    "casework.party.code",
    "casework.caller.phone",
    "identity.account.phone",
    "identity.back_off.",
    "registry.identifier.",
    "registry.delivery.mapping_needed",
    "registry.person.changed",
    "registry.organisation.changed",
    "registry.place.changed",
    "registry.dataset.changed",
    "registry.revision.done",
];

/// Whether a literal reads like the name of an action: `registry.record.revealed`.
fn reads_like_an_action(room: &str, literal: &str) -> bool {
    let parts: Vec<&str> = literal.split('.').collect();
    let plain = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    parts.len() == 3 && (parts[0] == room || parts[0] == "audit") && parts.iter().all(plain)
}

#[test]
fn every_action_of_the_audit_trail_has_words() {
    let mut actions = 0;
    let mut bare = Vec::new();
    for room in rooms().into_iter().filter(|room| room.layer == "engines" || room.layer == "apps") {
        let texts = room.folder.join("i18n");
        // A pure library says nothing to anybody, and so has no action either.
        let words = if texts.exists() { language(&texts, "zh") } else { BTreeMap::new() };
        for file in rust_files(&room.folder.join("src")) {
            for (line, literal) in literals(&file) {
                let key = literal.replace(['.', '_'], "-");
                let is_permission = words.contains_key(&format!("permission-{key}"));
                let known = is_permission || NOT_ACTIONS.iter().any(|other| literal.starts_with(other));
                if known || !reads_like_an_action(&room.name, &literal) {
                    continue;
                }
                actions += 1;
                if !words.contains_key(&format!("action-{key}")) {
                    bare.push(format!("{}:{line} {literal}", shown(&file)));
                }
            }
        }
    }
    assert!(actions > 40, "only {actions} actions were found; does the test still read the source?");
    assert!(
        bare.is_empty(),
        "the audit trail would show these by their names. Write `action-…` in the room's i18n (dots and underscores \
         become dashes), or add what is no action to NOT_ACTIONS:\n  {}",
        bare.join("\n  ")
    );
}
