//! What a program posts: `attribute[code]=value` and the other arguments of the specification, read and bounded. It must not know
//! what a category asks; the case engine does.
use casework::api::{Point, Reporter};
use jh_web::Pairs;

use crate::fault::Open311Error;

/// The longest `service_code`.
const CODE_CHARS_MAX: usize = 60;
/// The longest `media_url`: it stands in the note of the case's first step.
const MEDIA_CHARS_MAX: usize = 500;
/// The most pairs of one form.
const PAIRS_MAX: usize = 100;
/// The longest description, as the specification says.
pub const DESCRIPTION_CHARS_MAX: usize = 4_000;

/// A posted report, as far as it can be judged without the store.
#[derive(Clone, Debug)]
pub struct Posted {
    /// Which service.
    pub service_code: String,
    /// Where, in degrees.
    pub point: Option<Point>,
    /// Where, in words.
    pub address: String,
    /// In the reporter's words; may be empty.
    pub description: String,
    /// Who, if anything was said.
    pub reporter: Option<Reporter>,
    /// Where a picture is said to be.
    pub media_url: String,
    /// Codes and values.
    pub attributes: Vec<(String, String)>,
}

/// Query and body together; the body's value stands where both have one.
pub fn merged(query: Pairs, body: Pairs) -> Pairs {
    let mut all = body.0;
    all.extend(query.0);
    Pairs(all)
}

/// Reads a form.
pub fn read(form: &Pairs) -> Result<Posted, Open311Error> {
    if form.0.len() > PAIRS_MAX {
        return Err(Open311Error::parameter("open311-parameters-many"));
    }
    let service_code = form.given("service_code").ok_or(Open311Error::parameter("open311-service-missing"))?;
    if service_code.chars().count() > CODE_CHARS_MAX {
        return Err(Open311Error::NotFound("service"));
    }
    let point = point(form)?;
    let address = form.line("address_string", 1_000);
    if point.is_none() && address.is_empty() {
        let code = if form.given("address_id").is_some() { "open311-address-id" } else { "open311-place-missing" };
        return Err(Open311Error::parameter(code));
    }
    if address.chars().count() > 200 {
        return Err(Open311Error::parameter("open311-address-long"));
    }
    let description = form.get("description").replace("\r\n", "\n");
    if description.chars().count() > DESCRIPTION_CHARS_MAX {
        return Err(Open311Error::parameter("open311-description-long"));
    }
    Ok(Posted {
        service_code: service_code.to_owned(),
        point,
        address,
        description,
        reporter: reporter(form),
        media_url: media_url(form)?,
        attributes: attributes(form),
    })
}

fn point(form: &Pairs) -> Result<Option<Point>, Open311Error> {
    match (form.given("lat"), form.given("long")) {
        (None, None) => Ok(None),
        (Some(lat), Some(long)) => {
            let both = lat.parse().ok().zip(long.parse().ok());
            let point = both.and_then(|(lat, lon)| Point::new(lon, lat));
            point.map(Some).ok_or(Open311Error::parameter("open311-place-wrong"))
        }
        _ => Err(Open311Error::parameter("open311-place-half")),
    }
}

fn media_url(form: &Pairs) -> Result<String, Open311Error> {
    let url = form.get("media_url");
    let scheme = url.starts_with("https://") || url.starts_with("http://");
    let plain = url.chars().all(|c| !c.is_control() && !c.is_whitespace());
    if url.is_empty() || (scheme && plain && url.chars().count() <= MEDIA_CHARS_MAX) {
        return Ok(url.to_owned());
    }
    Err(Open311Error::parameter("open311-media-wrong"))
}

/// `attribute[code]=value`, and `attribute[code][]=value` for lists of many.
fn attributes(form: &Pairs) -> Vec<(String, String)> {
    let code = |name: &str| -> Option<String> {
        let inner = name.strip_prefix("attribute[")?;
        let inner = inner.strip_suffix("[]").unwrap_or(inner);
        let code = inner.strip_suffix(']')?;
        (!code.is_empty() && !code.contains(['[', ']'])).then(|| code.to_owned())
    };
    form.0.iter().filter_map(|(name, value)| Some((code(name)?, value.clone()))).collect()
}

/// A Chinese name is written without a space, family name first.
fn reporter(form: &Pairs) -> Option<Reporter> {
    let (first, last) = (form.line("first_name", 50), form.line("last_name", 50));
    let han = first.chars().chain(last.chars()).any(|c| ('\u{3400}'..='\u{9fff}').contains(&c));
    let name = if han { format!("{last}{first}") } else { format!("{first} {last}").trim().to_owned() };
    let (phone, email) = (form.line("phone", 50), form.line("email", 254));
    if name.is_empty() && phone.is_empty() && email.is_empty() {
        return None;
    }
    let wants_answer = !phone.is_empty() || !email.is_empty();
    Some(Reporter { name, phone, email, wants_answer, ..Reporter::default() })
}

#[cfg(test)]
mod tests {
    use jh_core::fault::Fault;
    use proptest::prelude::*;

    use super::*;

    fn form(pairs: &[(&str, &str)]) -> Pairs {
        Pairs(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    fn code(pairs: &[(&str, &str)]) -> &'static str {
        read(&form(pairs)).expect_err("a refusal").refusal().code
    }

    #[test]
    fn each_thing_that_is_wrong_has_its_own_name() {
        let at = [("service_code", "noise"), ("lat", "32"), ("long", "120.9")];
        assert_eq!(code(&[("lat", "32"), ("long", "120")]), "open311-service-missing");
        assert_eq!(code(&[("service_code", "noise")]), "open311-place-missing");
        assert_eq!(code(&[("service_code", "noise"), ("address_id", "7")]), "open311-address-id");
        assert_eq!(code(&[("service_code", "noise"), ("lat", "32")]), "open311-place-half");
        assert_eq!(code(&[("service_code", "noise"), ("lat", "132"), ("long", "1")]), "open311-place-wrong");
        assert_eq!(code(&[("service_code", "noise"), ("lat", "NaN"), ("long", "1")]), "open311-place-wrong");
        assert_eq!(code(&[at[0], at[1], at[2], ("media_url", "javascript:alert(1)")]), "open311-media-wrong");
        let long = "长".repeat(4_001);
        assert_eq!(code(&[at[0], at[1], at[2], ("description", &long)]), "open311-description-long");
    }

    #[test]
    fn attributes_come_alone_or_as_a_list() {
        let posted = read(&form(&[
            ("service_code", "noise"),
            ("address_string", "人民路 1 号"),
            ("attribute[when][]", "day"),
            ("attribute[when][]", "night"),
            ("attribute[post]", "12"),
            ("attribute", "nothing"),
            ("attribute[]", "nothing"),
        ]))
        .expect("a form");
        let codes: Vec<_> = posted.attributes.iter().map(|(code, value)| (code.as_str(), value.as_str())).collect();
        assert_eq!(codes, [("when", "day"), ("when", "night"), ("post", "12")]);
    }

    #[test]
    fn a_chinese_name_is_put_together_in_its_order() {
        let name = |first, last| {
            let pairs = [("service_code", "x"), ("address_string", "y"), ("first_name", first), ("last_name", last)];
            read(&form(&pairs)).expect("a form").reporter.map(|one| one.name)
        };
        assert_eq!(name("江海", "顾").as_deref(), Some("顾江海"));
        assert_eq!(name("John", "Smith").as_deref(), Some("John Smith"));
        assert_eq!(name("", ""), None);
    }

    proptest! {
        #[test]
        fn no_form_panics(pairs in proptest::collection::vec(("\\PC{0,20}", "\\PC{0,20}"), 0..8)) {
            let _ = read(&Pairs(pairs));
        }
    }
}
