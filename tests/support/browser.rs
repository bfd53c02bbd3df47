//! A browser without scripts: it keeps cookies, fills forms, and shows redirects instead of following them.
use std::net::SocketAddr;

use reqwest::header::HeaderMap;
use reqwest::multipart::{Form, Part};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Response, StatusCode};

/// A browser.
#[derive(Clone)]
pub struct Browser {
    client: Client,
    address: SocketAddr,
}

/// An answer that has been read.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// Where it leads, if it redirects.
    pub location: Option<String>,
    /// All headers.
    pub headers: HeaderMap,
    /// The body.
    pub text: String,
}

impl Answer {
    async fn read(response: Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        let location = headers.get("location").and_then(|value| value.to_str().ok()).map(str::to_owned);
        Self { status, location, headers, text: response.text().await.expect("a body") }
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("not JSON ({error}): {}", self.text))
    }

    /// The answer, after making sure of its status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    /// The value of the first hidden input of a name.
    pub fn hidden(&self, name: &str) -> Option<String> {
        let opening = format!("name=\"{name}\" value=\"");
        let rest = &self.text[self.text.find(&opening)? + opening.len()..];
        Some(rest[..rest.find('"')?].to_owned())
    }
}

impl Browser {
    /// A browser with no cookies.
    pub fn open(address: SocketAddr) -> Self {
        let client = Client::builder().cookie_store(true).redirect(Policy::none()).build().expect("a client");
        Self { client, address }
    }

    /// The absolute address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Signs in through the form.
    pub async fn sign_in(&self, username: &str, password: &str) {
        let page = "/identity/session";
        let answer = self.submit(page, page, &[("name", username), ("password", password)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "signing in failed: {}", answer.text);
    }

    /// Reads a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[]).await
    }

    /// Reads a page with headers.
    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.request(Method::GET, path, headers, None).await
    }

    /// Opens the page a form is on, and sends the form with its hidden token and key.
    pub async fn submit(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let shown = self.get(page).await;
        let token = shown.hidden("_csrf").unwrap_or_else(|| panic!("{page} has no form: {}", shown.text));
        let key = shown.hidden("_key").expect("a key beside the token");
        let mut all = vec![("_csrf", token.as_str()), ("_key", key.as_str())];
        all.extend_from_slice(fields);
        self.post(action, &all).await
    }

    /// Sends fields just as they are.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        Answer::read(self.client.post(self.url(path)).form(fields).send().await.expect("an answer")).await
    }

    /// Sends a file through the form on a page.
    pub async fn upload(&self, page: &str, action: &str, fields: &[(&str, &str)], file: (&str, Vec<u8>)) -> Answer {
        let shown = self.get(page).await;
        let mut form = Form::new()
            .text("_csrf", shown.hidden("_csrf").expect("a form"))
            .text("_key", shown.hidden("_key").expect("a key"));
        for (field, value) in fields {
            form = form.text((*field).to_owned(), (*value).to_owned());
        }
        let (name, bytes) = file;
        let form = form.part("file", Part::bytes(bytes).file_name(name.to_owned()));
        Answer::read(self.client.post(self.url(action)).multipart(form).send().await.expect("an answer")).await
    }

    /// Any request.
    pub async fn request(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<String>) -> Answer {
        let mut request = self.client.request(method, self.url(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        Answer::read(request.send().await.expect("an answer")).await
    }
}
