//! What one version changes against another, part by part, for the reviewer's eye.
use crate::field::Field;
use crate::model::Content;

/// A part of the content that differs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// The Fluent key of the part's name.
    pub part: &'static str,
    /// How it stood: a text, or a word that has a Fluent key.
    pub before: Said,
    /// How it stands.
    pub after: Said,
}

/// Something to show: text as it is, or the Fluent key of a word.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Said {
    /// As people wrote it.
    Text(String),
    /// A word of ours.
    Key(String),
}

/// A field that is new, gone or different.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldChange {
    /// Its name.
    pub name: String,
    /// How it stood, none when it is new.
    pub before: Option<Field>,
    /// How it stands, none when it is gone.
    pub after: Option<Field>,
}

/// The parts that differ, in the order of the page.
pub fn parts(before: &Content, after: &Content) -> Vec<Change> {
    let said = |content: &Content| -> Vec<(&'static str, Said)> {
        let text = |text: &str| Said::Text(text.to_owned());
        let key = |group: &str, word: &str| Said::Key(format!("catalogue-{group}-{word}"));
        vec![
            ("catalogue-title", text(&content.title)),
            ("catalogue-title-en", text(&content.title_en)),
            ("catalogue-description", text(&content.description)),
            ("catalogue-description-en", text(&content.description_en)),
            ("catalogue-keywords", text(&content.keywords.join("、"))),
            ("catalogue-theme", key("theme", content.theme.word())),
            ("catalogue-format", key("format", content.format.word())),
            ("catalogue-cycle", key("cycle", content.update_cycle.word())),
            ("catalogue-class", key("class", content.classification.word())),
            ("catalogue-sharing", key("sharing", content.sharing.kind().word())),
            ("catalogue-terms", text(content.sharing.terms())),
            ("catalogue-open", Said::Key(if content.open { "web-yes" } else { "web-no" }.into())),
            ("catalogue-contact", text(&content.contact)),
            ("catalogue-rows", content.rows.map_or(Said::Key("web-none".into()), |kind| key("rows", kind.word()))),
        ]
    };
    let pairs = said(before).into_iter().zip(said(after));
    let differing = pairs.filter(|((_, before), (_, after))| before != after);
    differing.map(|((part, before), (_, after))| Change { part, before, after }).collect()
}

/// The fields that differ: those of `after` in its order, then those that are gone.
pub fn fields(before: &[Field], after: &[Field]) -> Vec<FieldChange> {
    let find = |all: &[Field], name: &str| all.iter().find(|field| field.name == name).cloned();
    let mut changes: Vec<_> = after
        .iter()
        .map(|field| FieldChange {
            name: field.name.clone(),
            before: find(before, &field.name),
            after: Some(field.clone()),
        })
        .filter(|change| change.before != change.after)
        .collect();
    let gone = before.iter().filter(|field| find(after, &field.name).is_none());
    changes.extend(gone.map(|field| FieldChange {
        name: field.name.clone(),
        before: Some(field.clone()),
        after: None,
    }));
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Sharing;
    use crate::sample;

    #[test]
    fn the_same_content_has_no_changes() {
        let content = sample::content();
        assert!(parts(&content, &content).is_empty() && fields(&content.fields, &content.fields).is_empty());
    }

    #[test]
    fn terms_and_fields_are_told() {
        let before = sample::content();
        let mut after = before.clone();
        after.sharing = Sharing::Conditional { condition: "仅用于规划".into() };
        let gone = after.fields.remove(0);
        after.fields[0].label = "身份证号".into();
        let changed: Vec<_> = parts(&before, &after).into_iter().map(|change| change.part).collect();
        assert_eq!(changed, ["catalogue-sharing", "catalogue-terms"]);
        let changed = fields(&before.fields, &after.fields);
        assert_eq!(changed.len(), 2);
        assert_eq!(changed[1], FieldChange { name: gone.name.clone(), before: Some(gone), after: None });
    }
}
