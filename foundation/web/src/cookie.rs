//! The few cookies we set: session, visitor (for the form token of people not signed in), language and elder mode.
use axum::http::{HeaderMap, HeaderValue, header};

/// The signed-in session's token.
pub const SESSION: &str = "jh_session";
/// A random name for a visitor who is not signed in; it only ties a form to the browser it was shown in.
pub const VISITOR: &str = "jh_visitor";
/// `zh` or `en`.
pub const LANG: &str = "jh_lang";
/// `1` for elder mode.
pub const ELDER: &str = "jh_elder";

/// The longest cookie value read.
const VALUE_LEN_MAX: usize = 256;

/// A cookie of the request.
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, value)| *key == name && value.len() <= VALUE_LEN_MAX)
        .map(|(_, value)| value)
}

/// A `Set-Cookie` that scripts cannot read. `seconds` of `None` lasts until the browser closes.
pub fn set(name: &str, value: &str, seconds: Option<i64>, secure: bool) -> HeaderValue {
    let age = seconds.map(|s| format!("; Max-Age={s}")).unwrap_or_default();
    let secure = if secure { "; Secure" } else { "" };
    let line = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}");
    HeaderValue::from_str(&line).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// A `Set-Cookie` that forgets the cookie.
pub fn clear(name: &str, secure: bool) -> HeaderValue {
    set(name, "", Some(0), secure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others_and_an_overlong_one_is_not() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; jh_lang=en; b=2"));
        assert_eq!(read(&headers, LANG), Some("en"));
        assert_eq!(read(&headers, "lang"), None);
        let long = format!("{ELDER}={}", "1".repeat(300));
        headers.append(header::COOKIE, HeaderValue::from_str(&long).expect("a header"));
        assert_eq!(read(&headers, ELDER), None);
    }

    #[test]
    fn cookies_are_out_of_reach_of_scripts_and_of_other_sites() {
        let line = set(SESSION, "token", Some(60), true);
        assert_eq!(line, "jh_session=token; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure");
    }
}
