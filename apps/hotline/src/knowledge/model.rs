//! What an entry of the knowledge base is, and how it moves on. Pure: no database, no clock, no words.
use jh_core::define_id;
use jh_core::fault::FieldError;
use serde::{Deserialize, Serialize};
use time::{Date, Duration};
use utoipa::ToSchema;

define_id!(
    /// One question with its answer.
    EntryId
);
define_id!(
    /// What somebody said of an answer that is wrong.
    RemarkId
);

/// The longest question, in characters.
pub const QUESTION_CHARS_MAX: usize = 200;
/// The most other ways of asking.
pub const ALIASES_MAX: usize = 20;
/// The longest other way of asking.
pub const ALIAS_CHARS_MAX: usize = 100;
/// What can be read aloud in under a minute.
pub const SHORT_CHARS_MAX: usize = 200;
/// The longest full answer.
pub const ANSWER_CHARS_MAX: usize = 4_000;
/// The most keywords.
pub const KEYWORDS_MAX: usize = 20;
/// The longest keyword.
pub const KEYWORD_CHARS_MAX: usize = 20;
/// The longest address of a service.
pub const PATH_CHARS_MAX: usize = 300;
/// The longest reason, remark or note.
pub const NOTE_CHARS_MAX: usize = 300;
/// The fewest characters of a reason that somebody else has to understand.
pub const NOTE_CHARS_MIN: usize = 4;
/// An answer is looked at anew at least so often.
pub const TERM_DAYS_MAX: i64 = 731;
/// The owner is reminded so many days before the answer expires, and once more in the last week.
pub const REMIND_DAYS: [i64; 2] = [30, 7];

/// A code in the database, in an address and in JSON, with what it stands for.
macro_rules! coded {
    ($(#[$meta:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema, sqlx::Type)]
        #[serde(rename_all = "snake_case")]
        #[sqlx(type_name = "text", rename_all = "snake_case")]
        pub enum $name { $($(#[$of])* $variant),+ }

        impl $name {
            /// As it is stored.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
        }
    };
}

coded! {
    /// Who may read an answer.
    Audience {
        /// Everybody, at `/answers`.
        Public = "public",
        /// Staff who may read the knowledge base.
        Internal = "internal",
    }
}

impl Audience {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Public, Self::Internal];

    /// From what [`Self::code`] gives.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

coded! {
    /// How what was published stands.
    Standing {
        /// Nothing has been published yet.
        Unpublished = "unpublished",
        /// It is found and given.
        Published = "published",
        /// Its term is over; it waits to be renewed or withdrawn.
        Expired = "expired",
        /// It is not given any more. For good: a new answer is a new entry.
        Withdrawn = "withdrawn",
    }
}

coded! {
    /// Whether something newer is being written.
    Revision {
        /// No.
        None = "none",
        /// It is being written.
        Draft = "draft",
        /// It waits for somebody who may publish.
        InReview = "in_review",
    }
}

/// How an entry stands: a published answer stays given while its next version is written and reviewed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct State {
    /// What was published.
    pub standing: Standing,
    /// What is being written.
    pub revision: Revision,
}

impl State {
    /// A new entry.
    pub const NEW: Self = Self { standing: Standing::Unpublished, revision: Revision::Draft };

    fn revised(self, from: Revision, to: Revision) -> Option<Self> {
        let open = self.revision == from && self.standing != Standing::Withdrawn;
        open.then_some(Self { revision: to, ..self })
    }

    /// A new version is written.
    pub fn written(self) -> Option<Self> {
        let from = if self.revision == Revision::Draft { Revision::Draft } else { Revision::None };
        self.revised(from, Revision::Draft)
    }

    /// The draft is given to review.
    pub fn submitted(self) -> Option<Self> {
        self.revised(Revision::Draft, Revision::InReview)
    }

    /// It comes back from review, returned by the reviewer or taken back by the writer.
    pub fn returned(self) -> Option<Self> {
        self.revised(Revision::InReview, Revision::Draft)
    }

    /// What was reviewed is given from now on.
    pub fn published(self) -> Option<Self> {
        let state = self.revised(Revision::InReview, Revision::None)?;
        Some(Self { standing: Standing::Published, ..state })
    }

    /// The same answer is to be good for longer; somebody else looks at it too.
    pub fn renewed(self) -> Option<Self> {
        let was_given = matches!(self.standing, Standing::Published | Standing::Expired);
        was_given.then(|| self.revised(Revision::None, Revision::InReview)).flatten()
    }

    /// The draft is thrown away; an entry of which nothing was published goes with it.
    pub fn discarded(self) -> Option<Self> {
        let state = self.revised(Revision::Draft, Revision::None)?;
        let never = state.standing == Standing::Unpublished;
        Some(if never { Self { standing: Standing::Withdrawn, ..state } } else { state })
    }

    /// The term is over. What is being written goes on.
    pub fn expired(self) -> Option<Self> {
        (self.standing == Standing::Published).then_some(Self { standing: Standing::Expired, ..self })
    }

    /// It is not given any more, and nothing newer is coming.
    pub fn withdrawn(self) -> Option<Self> {
        let was_given = matches!(self.standing, Standing::Published | Standing::Expired);
        was_given.then_some(Self { standing: Standing::Withdrawn, revision: Revision::None })
    }
}

/// What a version says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Content {
    /// As people ask it.
    pub question: String,
    /// Other ways of asking.
    pub aliases: Vec<String>,
    /// To be read aloud.
    pub short_answer: String,
    /// In full; line breaks are kept.
    pub answer: String,
    /// What it may be looked for by besides.
    pub keywords: Vec<String>,
    /// Where the matter is handled online: a path of this site.
    pub service_path: Option<String>,
    /// Who may read it.
    pub audience: Audience,
    /// The first day on which it is given.
    pub from_on: Date,
    /// The first day on which it is not given any more.
    pub expires_on: Date,
}

impl Content {
    /// The same without what nobody sees: control characters, blanks at the ends, empty and repeated lines.
    #[must_use]
    pub fn tidy(mut self) -> Self {
        self.question = one_line(&self.question);
        self.short_answer = one_line(&self.short_answer);
        self.answer = paragraphs(&self.answer);
        self.aliases = distinct(self.aliases.iter().map(|alias| one_line(alias)).filter(|a| *a != self.question));
        let words = self.keywords.iter().flat_map(|text| text.split([' ', '，', ',', '、', ';', '；', '\u{3000}']));
        self.keywords = distinct(words.map(one_line));
        self.service_path = self.service_path.map(|path| one_line(&path)).filter(|path| !path.is_empty());
        self
    }

    /// What is wrong with it, field by field, on the day it is written.
    pub fn faults(&self, today: Date) -> Vec<FieldError> {
        let mut faults = Vec::new();
        let mut wrong = |field, code, max: Option<usize>| {
            let args = max.map(|max| ("max", max.to_string())).into_iter().collect();
            faults.push(FieldError { field, code, args });
        };
        let texts: [(&'static str, &str, usize); 3] = [
            ("question", &self.question, QUESTION_CHARS_MAX),
            ("short_answer", &self.short_answer, SHORT_CHARS_MAX),
            ("answer", &self.answer, ANSWER_CHARS_MAX),
        ];
        for (field, text, max) in texts {
            match text.chars().count() {
                0 => wrong(field, "required", None),
                n if n > max => wrong(field, "hotline-knowledge-too-long", Some(max)),
                _ => {}
            }
        }
        if self.aliases.len() > ALIASES_MAX {
            wrong("aliases", "hotline-knowledge-too-many", Some(ALIASES_MAX));
        } else if self.aliases.iter().any(|alias| alias.chars().count() > ALIAS_CHARS_MAX) {
            wrong("aliases", "hotline-knowledge-too-long", Some(ALIAS_CHARS_MAX));
        }
        if self.keywords.len() > KEYWORDS_MAX {
            wrong("keywords", "hotline-knowledge-too-many", Some(KEYWORDS_MAX));
        } else if self.keywords.iter().any(|word| word.chars().count() > KEYWORD_CHARS_MAX) {
            wrong("keywords", "hotline-knowledge-too-long", Some(KEYWORD_CHARS_MAX));
        }
        if self.service_path.as_deref().is_some_and(|path| !is_path(path)) {
            wrong("service_path", "hotline-knowledge-path", None);
        }
        if let Some(code) = term_fault(self.from_on, self.expires_on, today) {
            wrong("expires_on", code, None);
        }
        faults
    }
}

/// What is wrong with a term, if anything.
fn term_fault(from: Date, expires: Date, today: Date) -> Option<&'static str> {
    if expires <= today {
        Some("hotline-knowledge-expiry-past")
    } else if expires <= from {
        Some("hotline-knowledge-expiry-before")
    } else if expires - today > Duration::days(TERM_DAYS_MAX) {
        Some("hotline-knowledge-expiry-far")
    } else {
        None
    }
}

/// A path of this site, as the page that shows it will link to it.
fn is_path(path: &str) -> bool {
    path.len() <= PATH_CHARS_MAX && jh_web::local_path(path, "") == path
}

fn one_line(text: &str) -> String {
    let shown: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    shown.trim().to_owned()
}

/// Lines without blanks at their ends, at most one empty line between two.
fn paragraphs(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.replace("\r\n", "\n").split(['\n', '\r']).map(one_line) {
        if line.is_empty() {
            empty += 1;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if empty > 0 { "\n\n" } else { "\n" });
        }
        empty = 0;
        out.push_str(&line);
    }
    out
}

fn distinct(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for text in texts.filter(|text| !text.is_empty()) {
        if !kept.contains(&text) {
            kept.push(text);
        }
    }
    kept
}

#[cfg(test)]
mod tests;
