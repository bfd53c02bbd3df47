//! Two languages, Chinese first. Texts live in each crate's `i18n/*.ftl`; this module only looks them up.
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// A language of the pages.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Lang {
    /// Simplified Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// `zh` or `en`, as in cookies and queries.
    pub fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// The value of HTML's `lang`.
    pub fn html(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// From a cookie, a query or the first tag of `Accept-Language`; anything unknown is none.
    pub fn parse(text: &str) -> Option<Self> {
        match text.get(..2)?.to_ascii_lowercase().as_str() {
            "zh" => Some(Self::Zh),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// Picks the text of this language.
    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::En if !en.is_empty() => en,
            _ => zh,
        }
    }
}

/// A text still to be put into words: key and arguments.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// The Fluent key.
    pub key: &'static str,
    /// The Fluent arguments.
    pub args: Vec<(&'static str, String)>,
    /// Arguments that are other words in English, instead of those of the same name.
    pub args_en: Vec<(&'static str, String)>,
}

impl Message {
    /// A message without arguments.
    pub fn new(key: &'static str) -> Self {
        Self { key, args: Vec::new(), args_en: Vec::new() }
    }

    /// Adds an argument.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    /// Adds an argument that has a name in both languages, such as a stage.
    #[must_use]
    pub fn arg_named(mut self, name: &'static str, zh: impl ToString, en: impl ToString) -> Self {
        self.args_en.push((name, en.to_string()));
        self.arg(name, zh)
    }
}

/// How the keys of actions begin.
const ACTION: &str = "action-";

/// All texts of all modules.
pub struct Messages {
    bundles: HashMap<Lang, FluentBundle<FluentResource>>,
    /// The keys of what the audit trail can hold.
    actions: BTreeSet<String>,
}

/// A text file that cannot be used; found at boot and by the tests.
#[derive(Debug, thiserror::Error)]
#[error("the {lang:?} texts of {module} are broken: {reason}")]
pub struct MessagesError {
    /// Which language.
    pub lang: Lang,
    /// Which module.
    pub module: String,
    /// What is wrong.
    pub reason: String,
}

impl Messages {
    /// Reads every module's texts. A syntax error or a key defined twice is refused at boot.
    pub fn load<'a>(sources: impl IntoIterator<Item = (&'a str, Lang, &'a str)>) -> Result<Self, MessagesError> {
        let mut bundles = HashMap::new();
        let mut actions = BTreeSet::new();
        for (module, lang, text) in sources {
            let keys = text.lines().filter_map(|line| line.split_once(" =")).map(|(key, _)| key);
            actions.extend(keys.filter(|key| key.starts_with(ACTION)).map(str::to_owned));
            let fail = |reason: String| MessagesError { lang, module: module.to_owned(), reason };
            let bundle = bundles.entry(lang).or_insert_with(|| {
                let tag: LanguageIdentifier = lang.html().parse().unwrap_or_default();
                let mut bundle = FluentBundle::new_concurrent(vec![tag]);
                // Isolation marks are for mixed writing directions; we have one and screen readers stumble on them.
                bundle.set_use_isolating(false);
                bundle
            });
            let resource =
                FluentResource::try_new(text.to_owned()).map_err(|(_, errors)| fail(format!("{errors:?}")))?;
            bundle.add_resource(resource).map_err(|errors| fail(format!("{errors:?}")))?;
        }
        Ok(Self { bundles, actions })
    }

    /// The words of every action of the audit trail, with its key without the prefix: `identity-session-begun`.
    pub fn actions(&self, lang: Lang) -> Vec<(&str, String)> {
        let named = |key: &String| self.get(lang, key, &[]);
        self.actions.iter().map(|key| (&key[ACTION.len()..], named(key))).collect()
    }

    /// Whether a text exists.
    pub fn has(&self, lang: Lang, key: &str) -> bool {
        self.bundles.get(&lang).is_some_and(|bundle| bundle.has_message(key))
    }

    /// The text in words; a missing key is logged and shown as itself, since a page with one odd word beats none.
    pub fn get(&self, lang: Lang, key: &str, args: &[(&str, String)]) -> String {
        let found = self.bundles.get(&lang).and_then(|bundle| {
            let pattern = bundle.get_message(key)?.value()?;
            let mut errors = Vec::new();
            let values = (!args.is_empty()).then(|| fluent_args(args));
            let text = bundle.format_pattern(pattern, values.as_ref(), &mut errors);
            if !errors.is_empty() {
                tracing::warn!(key, ?errors, "a text lacks an argument");
            }
            Some(text.into_owned())
        });
        found.unwrap_or_else(|| {
            tracing::warn!(key, lang = lang.code(), "a text is missing");
            key.to_owned()
        })
    }
}

fn fluent_args<'a>(args: &'a [(&str, String)]) -> FluentArgs<'a> {
    let mut values = FluentArgs::new();
    for (name, value) in args {
        // Counts stay numbers so that plural rules apply; everything else stays the text it is.
        let value = match value.parse::<i64>() {
            Ok(number) if number.to_string() == *value && number.abs() < 1_000 => FluentValue::from(number),
            _ => FluentValue::String(Cow::Borrowed(value.as_str())),
        };
        values.set(name.to_string(), value);
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(text: &str) -> Result<Messages, MessagesError> {
        Messages::load([("test", Lang::Zh, text)])
    }

    #[test]
    fn a_text_takes_its_arguments_and_a_missing_one_shows_its_key() {
        let all = messages("rows = 共 { $n } 行\n").expect("a good file");
        assert_eq!(all.get(Lang::Zh, "rows", &[("n", "1,234".into())]), "共 1,234 行");
        assert_eq!(all.get(Lang::Zh, "no-such", &[]), "no-such");
        assert_eq!(all.get(Lang::En, "rows", &[]), "rows");
    }

    #[test]
    fn a_key_defined_twice_is_refused_at_boot() {
        assert!(Messages::load([("a", Lang::Zh, "x = 1\n"), ("b", Lang::Zh, "x = 2\n")]).is_err());
    }

    #[test]
    fn an_identifier_with_leading_zeros_stays_as_it_is() {
        let all = messages("code = { $c }\n").expect("a good file");
        assert_eq!(all.get(Lang::Zh, "code", &[("c", "007".into())]), "007");
    }
}
