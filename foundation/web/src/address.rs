//! Addresses as answers write and read them: escaped, redirected to, and followed back only where they are our own.
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use crate::failure::Failure;

/// After a change: see the result there (303, so that reloading does not send the form again).
pub fn redirect(path: &str) -> Response {
    match HeaderValue::from_str(path) {
        Ok(value) => (StatusCode::SEE_OTHER, [(header::LOCATION, value)]).into_response(),
        Err(_) => Failure::internal("a redirect to an impossible address").into_response(),
    }
}

/// Any text as a part of an address or a header (RFC 3986, 2.1; RFC 8187, 3.2): what is not a letter, a digit or one of
/// `-._~` is escaped.
pub fn encoded(text: &str) -> String {
    askama::filters::urlencode_strict(text).map(|text| text.to_string()).unwrap_or_default()
}

/// A path of our own that a form or link asked to come back to, or `otherwise`: never another site.
///
/// Browsers drop tabs and line breaks from an address and read `\` as `/` (WHATWG URL, 4.1 and 4.4), so `/<tab>/elsewhere`
/// is another site to them. Hence only what RFC 3986 writes an address with passes: visible ASCII, everything else escaped.
pub fn local_path<'a>(wanted: &'a str, otherwise: &'a str) -> &'a str {
    let plain = wanted.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let local = plain && wanted.starts_with('/') && !wanted.starts_with("//");
    // What the routes would read of it must be all of it: a path with its query, and no host.
    let parsed = wanted.split('#').next().unwrap_or("").parse::<Uri>();
    let ours = parsed.is_ok_and(|uri| uri.scheme().is_none() && uri.authority().is_none());
    if local && ours { wanted } else { otherwise }
}

#[cfg(test)]
mod tests {
    use super::{encoded, local_path};

    #[test]
    fn what_is_escaped_is_a_part_of_any_address_and_header() {
        assert_eq!(encoded("公 a-b_c.d~1/&=?#%\"'\n"), "%E5%85%AC%20a-b_c.d~1%2F%26%3D%3F%23%25%22%27%0A");
    }

    #[test]
    fn only_paths_of_our_own_are_followed_back() {
        for ours in ["/", "/data?q=1", "/a//b", "/data?q=%E6%95%B0&page=2", "/data#rows"] {
            assert_eq!(local_path(ours, "/x"), ours);
        }
        for theirs in
            ["//elsewhere", "https://elsewhere", "", "javascript:alert(1)", "/\\elsewhere", "/a\r\nSet-Cookie: b"]
        {
            assert_eq!(local_path(theirs, "/x"), "/x", "{theirs}");
        }
    }

    #[test]
    fn nothing_that_browsers_drop_from_an_address_is_followed_back() {
        let dropped = (0..=0x20_u8).chain([0x7f]).map(char::from).chain(['\u{85}', '\u{a0}', '\u{2028}', '\u{feff}']);
        for between in dropped {
            for theirs in [format!("/{between}/elsewhere"), format!("{between}//elsewhere"), format!("/a{between}")] {
                assert_eq!(local_path(&theirs, "/x"), "/x", "{theirs:?}");
            }
        }
    }
}
