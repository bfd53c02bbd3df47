//! Names and values of an address or a form, read leniently: what is not there is empty, what is said twice is a list.
use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use jh_core::paging::PageRequest;
use serde::Deserialize;
use time::Date;
use uuid::Uuid;

/// Name and value, in order. An extractor of the query, and a form: `Submission<Pairs>`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "Vec<(String, String)>")]
pub struct Pairs(pub Vec<(String, String)>);

impl From<Vec<(String, String)>> for Pairs {
    fn from(mut pairs: Vec<(String, String)>) -> Self {
        // PostgreSQL's text cannot hold it, and nobody types it.
        pairs.iter_mut().for_each(|(_, value)| value.retain(|c| c != '\0'));
        Self(pairs)
    }
}

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

    /// All values of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.trim())
    }

    /// The first value of a name as one line of at most so many characters.
    pub fn line(&self, name: &str, chars_max: usize) -> String {
        let shown = |c: &char| !c.is_control();
        self.get(name).chars().filter(shown).take(chars_max).collect::<String>().trim().to_owned()
    }

    /// A day written `2026-11-22`; none when there is none, it does not read as one, or lies outside the years 1900 to 2200.
    pub fn day(&self, name: &str) -> Option<Date> {
        jh_core::clock::parse_day(self.get(name))
    }

    /// A whole number; thousands marks are taken out, since people paste them.
    pub fn whole(&self, name: &str) -> Option<i32> {
        self.get(name).replace([',', '，', ' '], "").parse().ok()
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

    fn pairs(text: &str) -> Pairs {
        serde_html_form::from_str(text).expect("an address")
    }

    #[test]
    fn what_is_not_there_is_empty_and_what_is_wrong_is_none() {
        let address = pairs("page=x&from_on=2026-02-30&calls_a_day=1,000&field=a&field=b&id=7");
        assert_eq!(address.page().number(), 1);
        assert_eq!(address.day("from_on"), None);
        assert_eq!(address.id("id"), None);
        assert_eq!(address.whole("calls_a_day"), Some(1_000));
        assert_eq!(address.all("field").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(address.get("nothing"), "");
    }

    #[test]
    fn a_day_of_no_year_that_anybody_means_is_none() {
        for far in ["-9999-01-01", "0000-01-01", "1899-12-31", "2201-01-01", "9999-12-31"] {
            assert_eq!(Pairs::of([("day", far.to_owned())]).day("day"), None, "{far}");
        }
        for near in ["1900-01-01", "2200-12-31"] {
            assert!(Pairs::of([("day", near.to_owned())]).day("day").is_some(), "{near}");
        }
    }

    #[test]
    fn a_pager_keeps_the_filters_and_drops_the_page() {
        assert_eq!(pairs("side=asking&q=%E4%BA%BA&page=3&state=").before_page("/x"), "/x?side=asking&q=%E4%BA%BA&");
        assert_eq!(pairs("page=3").before_page("/x"), "/x?");
    }

    #[test]
    fn what_no_text_can_hold_is_left_out() {
        assert_eq!(pairs("q=a%00b%0Ac").get("q"), "ab\nc");
        assert_eq!(pairs("q=a%00b%0Ac").line("q", 10), "abc");
    }
}
