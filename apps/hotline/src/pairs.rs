//! Names and values of an address or a form, read leniently: what is not there is empty, what is said twice is a list.
use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use jh_core::paging::PageRequest;
use serde::Deserialize;
use time::Date;
use uuid::Uuid;

/// Name and value, in order.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct Pairs(pub Vec<(String, String)>);

impl<S: Sync> FromRequestParts<S> for Pairs {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(serde_html_form::from_str(parts.uri.query().unwrap_or("")).unwrap_or_default())
    }
}

impl Pairs {
    /// From names and values.
    pub fn of<const N: usize>(pairs: [(&str, String); N]) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// The first value of a name, trimmed; empty when there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// The first value of a name unless it is empty.
    pub fn given(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }

    /// The first value of a name as one line of at most so many characters; PostgreSQL's text cannot hold U+0000.
    pub fn line(&self, name: &str, chars_max: usize) -> String {
        let shown = |c: &char| !c.is_control();
        self.get(name).chars().filter(shown).take(chars_max).collect::<String>().trim().to_owned()
    }

    /// A day written `2026-11-22`; none when there is none or it does not read as one.
    pub fn day(&self, name: &str) -> Option<Date> {
        Date::parse(self.get(name), time::macros::format_description!("[year]-[month]-[day]")).ok()
    }

    /// An id; none when there is none or it does not read as one.
    pub fn id(&self, name: &str) -> Option<Uuid> {
        self.get(name).parse().ok()
    }

    /// Page number and size.
    pub fn page(&self) -> PageRequest {
        PageRequest { page: self.get("page").parse().ok(), size: self.get("size").parse().ok() }
    }

    /// The address of the same list without the page number, ready for one: ends in `?` or `&`.
    pub fn before_page(&self, path: &str) -> String {
        let kept: Vec<_> = self.0.iter().filter(|(name, value)| name != "page" && !value.is_empty()).collect();
        match serde_html_form::to_string(&kept) {
            Ok(query) if !query.is_empty() => format!("{path}?{query}&"),
            _ => format!("{path}?"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_empty_and_what_is_wrong_is_none() {
        let pairs: Pairs = serde_html_form::from_str("page=x&from_on=2026-02-30&q=%E7%A4%BE%00%0A%E4%BF%9D+&id=7").unwrap();
        assert_eq!((pairs.page().number(), pairs.day("from_on"), pairs.id("id")), (1, None, None));
        assert_eq!((pairs.line("q", 10).as_str(), pairs.line("q", 1).as_str(), pairs.get("r")), ("社保", "社", ""));
    }

    #[test]
    fn a_pager_keeps_the_filters_and_drops_the_page() {
        let pairs: Pairs = serde_html_form::from_str("state=draft&q=%E4%BA%BA&page=3&organisation=").unwrap();
        assert_eq!(pairs.before_page("/x"), "/x?state=draft&q=%E4%BA%BA&");
        assert_eq!(Pairs::default().before_page("/x"), "/x?");
    }
}
