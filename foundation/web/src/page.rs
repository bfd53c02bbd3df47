//! What every template is given as `page`: language, menu, form tokens, and how dates and numbers are written.
use std::borrow::Borrow;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use jh_core::actor::{Actor, Command};
use jh_core::clock::{CHINA, china_day};
use jh_core::fault::{Kind, Refusal};
use time::{Date, OffsetDateTime};

use crate::app::App;
use crate::failure::Failure;
use crate::lang::{Lang, Message};
use crate::visit::Visit;

/// One step of the breadcrumbs.
#[derive(Clone, Debug)]
pub struct Crumb {
    /// Where it leads; none for the page itself.
    pub href: Option<String>,
    /// Its words.
    pub label: String,
}

/// A part of the menu.
#[derive(Clone, Debug)]
pub struct MenuGroup {
    /// The heading's Fluent key.
    pub key: &'static str,
    /// Its entries.
    pub items: Vec<MenuEntry>,
}

/// An entry of the menu.
#[derive(Clone, Debug)]
pub struct MenuEntry {
    /// Where it leads.
    pub path: &'static str,
    /// The label's Fluent key.
    pub label_key: &'static str,
    /// The icon's name.
    pub icon: &'static str,
    /// Whether it is where we are.
    pub current: bool,
}

/// The page being made. An extractor, and a field of every page template.
#[derive(Clone)]
pub struct Page {
    app: App,
    visit: Visit,
    /// The language.
    pub lang: Lang,
    /// Whether elder mode is on.
    pub elder: bool,
    /// Who is signed in.
    pub actor: Option<Actor>,
    /// The path without the query.
    pub path: String,
    /// Whether htmx asked, so that a fragment may be enough.
    pub is_htmx: bool,
    /// The title, already in words.
    pub title: String,
    /// The breadcrumbs before the title.
    pub crumbs: Vec<Crumb>,
}

impl FromRequestParts<App> for Page {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let visit = parts.extensions.get::<Visit>().cloned();
        let visit = visit.ok_or_else(|| Failure::internal("the request was not identified"))?;
        Ok(Self::new(app.clone(), visit))
    }
}

impl Page {
    pub(crate) fn new(app: App, visit: Visit) -> Self {
        Self {
            lang: visit.lang,
            elder: visit.elder,
            actor: visit.actor.clone(),
            path: visit.path.to_string(),
            is_htmx: visit.htmx,
            title: String::new(),
            crumbs: Vec::new(),
            app,
            visit,
        }
    }

    /// The text of a Fluent key.
    pub fn t(&self, key: &str) -> String {
        self.app.messages().get(self.lang, key, &[])
    }

    /// Whether a Fluent key exists.
    pub(crate) fn knows(&self, key: &str) -> bool {
        self.app.messages().has(self.lang, key)
    }

    /// The text of a Fluent key with arguments.
    pub fn ta(&self, key: &str, args: &[(&'static str, String)]) -> String {
        self.app.messages().get(self.lang, key, args)
    }

    /// The text of a key that may not exist, or the text given instead.
    pub fn t_or(&self, key: &str, otherwise: &str) -> String {
        if self.knows(key) { self.t(key) } else { otherwise.to_owned() }
    }

    /// What an action of the audit trail is called: `registry.record.revealed` has the key `action-registry-record-revealed`.
    /// The architecture test holds that every action has words; one of a newer program's is shown as it is.
    pub fn action(&self, action: &str) -> String {
        self.t_or(&format!("action-{}", action.replace(['.', '_'], "-")), action)
    }

    /// The text of a key with one argument: for templates.
    pub fn t1(&self, key: &str, name: &'static str, value: impl std::fmt::Display) -> String {
        self.ta(key, &[(name, value.to_string())])
    }

    /// A message in words.
    pub fn say(&self, message: &Message) -> String {
        if !self.english() || message.args_en.is_empty() {
            return self.ta(message.key, &message.args);
        }
        let other = |name: &str| !message.args_en.iter().any(|(own, _)| *own == name);
        let kept = message.args.iter().filter(|(name, _)| other(name));
        let args: Vec<_> = kept.chain(&message.args_en).cloned().collect();
        self.ta(message.key, &args)
    }

    /// Whether the page is in English.
    pub fn english(&self) -> bool {
        self.lang == Lang::En
    }

    /// The text of this page's language.
    pub fn pick<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        self.lang.pick(zh, en)
    }

    /// The value of HTML's `lang`.
    pub fn html_lang(&self) -> &'static str {
        self.lang.html()
    }

    /// The page with a title from a Fluent key.
    #[must_use]
    pub fn with_title(mut self, key: &str) -> Self {
        self.title = self.t(key);
        self
    }

    /// The page with a title that is data, such as a resource's name.
    #[must_use]
    pub fn with_title_text(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Adds a breadcrumb; the label is text, not a key.
    #[must_use]
    pub fn crumb(mut self, href: impl Into<String>, label: impl Into<String>) -> Self {
        self.crumbs.push(Crumb { href: Some(href.into()), label: label.into() });
        self
    }

    /// Adds a breadcrumb whose label is a Fluent key.
    #[must_use]
    pub fn crumb_key(self, href: impl Into<String>, key: &str) -> Self {
        let label = self.t(key);
        self.crumb(href, label)
    }

    /// Who is signed in, or the refusal that leads to signing in.
    pub fn actor(&self) -> Result<&Actor, Failure> {
        self.actor.as_ref().ok_or_else(|| Failure::new(Kind::SignInNeeded, "sign-in-needed"))
    }

    /// Whether whoever is signed in holds a permission anywhere: to show or hide a button, never to protect anything.
    pub fn may(&self, permission: &str) -> bool {
        self.actor.as_ref().is_some_and(|actor| actor.may(permission))
    }

    /// The circumstances of something a GET leaves behind, such as the audit of a reading.
    pub fn command(&self) -> Command {
        Command {
            actor: self.actor.clone().unwrap_or_else(crate::submission::visitor),
            now: self.app.clock.now(),
            key: None,
            request_id: self.visit.request_id.clone(),
        }
    }

    /// The hidden `_csrf` value.
    pub fn csrf(&self) -> String {
        self.visit.csrf(&self.app)
    }

    /// A fresh value for the hidden `_key`.
    pub fn key(&self) -> String {
        jh_core::id::uuid_at(self.app.clock.now()).to_string()
    }

    /// The request's id, to quote when asking for help.
    pub fn request_id(&self) -> &str {
        &self.visit.request_id
    }

    /// The path as its route declares it, for logs; [`Self::path`] may hold a private link's token.
    pub fn route(&self) -> &'static str {
        self.visit.route
    }

    /// The hashed address of a built asset.
    pub fn asset(&self, name: &str) -> String {
        self.app.inner.assets.href(name)
    }

    /// Says with the answer how long to wait, if the refusal that is being shown knows.
    pub(crate) fn note_wait(&self, refusal: &Refusal) {
        let seconds = refusal.args.iter().find(|(name, _)| *name == "retry_after_s");
        if let Some(value) = seconds.and_then(|(_, seconds)| HeaderValue::from_str(seconds).ok()) {
            let _ = self.visit.retry_after.set(value);
        }
    }

    /// The address of an icon in our sprite.
    pub fn icon(&self, name: &str) -> String {
        format!("{}#{name}", self.asset("icons.svg"))
    }

    /// The city's name.
    pub fn city(&self) -> &str {
        let (zh, en) = &self.app.settings().city;
        self.lang.pick(zh, en)
    }

    /// The site's public address without a slash at the end.
    pub fn public_url(&self) -> &str {
        &self.app.settings().public_url
    }

    /// The address that changes a preference and comes back here.
    pub fn switch_href(&self, name: &str, value: &str) -> String {
        let back =
            if self.visit.query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, self.visit.query) };
        let query = serde_html_form::to_string([(name, value), ("back", &back)]).unwrap_or_default();
        format!("/preferences?{query}")
    }

    /// The workbench's menu for whoever is signed in.
    pub fn menu(&self) -> Vec<MenuGroup> {
        let mut groups: Vec<MenuGroup> = Vec::new();
        let visible = |item: &&crate::MenuItem| item.permission.is_none_or(|name| self.may(name));
        for item in self.app.inner.menu.iter().filter(visible) {
            let below = self.path.strip_prefix(item.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            let entry = MenuEntry { path: item.path, label_key: item.label, icon: item.icon, current: below };
            match groups.last_mut().filter(|group| group.key == item.group.key()) {
                Some(group) => group.items.push(entry),
                None => groups.push(MenuGroup { key: item.group.key(), items: vec![entry] }),
            }
        }
        groups
    }

    /// A date in running text: 2026年11月22日, or 22 November 2026.
    pub fn date(&self, date: impl Borrow<Date>) -> String {
        let date = date.borrow();
        match self.lang {
            Lang::Zh => format!("{}年{}月{}日", date.year(), u8::from(date.month()), date.day()),
            Lang::En => format!("{} {} {}", date.day(), date.month(), date.year()),
        }
    }

    /// A date in a table: 2026-11-22.
    pub fn day(&self, date: impl Borrow<Date>) -> String {
        let date = date.borrow();
        format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
    }

    /// An instant in a table, Beijing time: 2026-11-22 15:04.
    pub fn instant(&self, instant: impl Borrow<OffsetDateTime>) -> String {
        let local = instant.borrow().to_offset(CHINA);
        format!("{} {:02}:{:02}", self.day(local.date()), local.hour(), local.minute())
    }

    /// The day of an instant in running text.
    pub fn instant_date(&self, instant: impl Borrow<OffsetDateTime>) -> String {
        self.date(china_day(*instant.borrow()))
    }

    /// A whole number with thousands marks.
    pub fn number(&self, value: impl Whole) -> String {
        let value = value.whole();
        let digits = value.unsigned_abs().to_string();
        let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
        if value < 0 {
            out.push('-');
        }
        for (at, digit) in digits.char_indices() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                out.push(',');
            }
            out.push(digit);
        }
        out
    }

    /// The present instant, for deadlines shown as time left.
    pub fn now(&self) -> OffsetDateTime {
        self.app.clock.now()
    }
}

/// A whole number as templates hold it: owned or borrowed, of any width.
pub trait Whole {
    /// Its value; what does not fit is drawn to the nearest bound.
    fn whole(&self) -> i64;
}

macro_rules! whole {
    ($($kind:ty),*) => {$(
        impl Whole for $kind {
            fn whole(&self) -> i64 {
                i64::try_from(*self).unwrap_or(i64::MAX)
            }
        }
    )*};
}
whole!(i16, i32, i64, u16, u32, u64, usize);

impl<T: Whole + ?Sized> Whole for &T {
    fn whole(&self) -> i64 {
        (**self).whole()
    }
}

/// A template as an HTML answer.
pub fn render<T: Template>(template: &T) -> Result<Response, Failure> {
    template.render().map(|text| Html(text).into_response()).map_err(Failure::internal)
}

/// A template as an HTML answer with another status, such as 422 for a form with errors.
pub fn render_with<T: Template>(status: StatusCode, template: &T) -> Result<Response, Failure> {
    render(template).map(|mut response| {
        *response.status_mut() = status;
        response
    })
}

#[cfg(test)]
mod tests {
    use super::Whole;

    #[test]
    fn whole_numbers_of_any_width_read_the_same() {
        assert_eq!((7_u32.whole(), (&&7_i16).whole(), u64::MAX.whole()), (7, 7, i64::MAX));
    }
}
