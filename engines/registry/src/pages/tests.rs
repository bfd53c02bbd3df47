//! The pages over the real router and a real database, as people with various rights meet them.
mod delivering;
mod looking;
mod ruling;
mod shown;

use std::net::SocketAddr;
use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode, header};
use jh_core::actor::{AccountId, Actor, ActorKind, Grant, OrganisationId};
use jh_db::{Base, DbError};
use jh_web::app::Settings;
use jh_web::provide::Entered;
use jh_web::{App, Authenticator, Lang, Module, Routes};
use tower::ServiceExt as _;

use crate::permission::{ALL, READ, SEARCH, STATISTICS, SUBMIT};
use crate::tests::City;

/// Whoever presents himself is this person.
struct Only(Actor);

#[async_trait]
impl Authenticator for Only {
    async fn session(&self, _base: &Base, _token: &str) -> Result<Option<Entered>, DbError> {
        Ok(None)
    }
    async fn bearer(&self, _base: &Base, _token: &str) -> Result<Option<Actor>, DbError> {
        Ok(Some(self.0.clone()))
    }
}

/// An answer that has been read.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    #[track_caller]
    fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }
    #[track_caller]
    fn has(self, words: &str) -> Self {
        assert!(self.text.contains(words), "{words} is not on the page:\n{}", self.text);
        self
    }
    #[track_caller]
    fn lacks(self, words: &str) -> Self {
        assert!(!self.text.contains(words), "{words} is on the page:\n{}", self.text);
        self
    }
    fn leads_to(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// One person with a browser.
struct Desk {
    router: Router,
}

impl Desk {
    /// Somebody of `organisation` with these permissions within `scope`.
    fn of(city: &City, organisation: OrganisationId, scope: OrganisationId, permissions: &[&str]) -> Self {
        let grants: Vec<Grant> =
            permissions.iter().map(|name| Grant { permission: (*name).to_owned(), scope }).collect();
        let actor = Actor {
            account: Some(AccountId::at(city.base.clock.now())),
            kind: ActorKind::Staff,
            name: "沈海".into(),
            organisation: Some(organisation),
            organisation_name: "本单位".into(),
            grants: grants.into(),
        };
        Self { router: router(city, actor) }
    }

    async fn ask(&self, mut request: Request<Body>) -> Answer {
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 9))));
        request.headers_mut().insert(header::AUTHORIZATION, "Bearer jhc_test".parse().unwrap());
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = axum::body::to_bytes(response.into_body(), 8 << 20).await.unwrap();
        Answer { status, headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask(Request::get(path).body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let key = uuid::Uuid::new_v4().to_string();
        let mut all = vec![("_key", key.as_str())];
        all.extend_from_slice(fields);
        let form = serde_html_form::to_string(&all).unwrap();
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(request.body(Body::from(form)).unwrap()).await
    }

    async fn post_json(&self, path: &str, document: &serde_json::Value) -> Answer {
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
        self.ask(request.body(Body::from(document.to_string())).unwrap()).await
    }

    /// Sends the delivery form with a file.
    async fn upload(&self, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Answer {
        let key = uuid::Uuid::new_v4().to_string();
        let mut body = Vec::new();
        for (name, value) in [("_key", key.as_str())].iter().chain(fields) {
            body.extend_from_slice(
                format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes(),
            );
        }
        if let Some((name, bytes)) = file {
            let head = format!("--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--cut--\r\n");
        let request = Request::post("/registry/deliveries");
        let request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut");
        self.ask(request.body(Body::from(body)).unwrap()).await
    }
}

/// Pages and interface, without the rest of the room.
fn router(city: &City, actor: Actor) -> Router {
    let mut module = Module::new("registry");
    module.permissions = ALL;
    module.routes = super::routes(crate::rest::routes(Routes::new()));
    module.menu = super::menu();
    module.messages = &[
        (Lang::Zh, include_str!("../../i18n/zh.ftl")),
        (Lang::Zh, include_str!("../../i18n/pages.zh.ftl")),
        (Lang::En, include_str!("../../i18n/en.ftl")),
        (Lang::En, include_str!("../../i18n/pages.en.ftl")),
    ];
    let authenticator = Arc::new(Only(actor));
    App::compose((*city.base).clone(), Settings::default(), authenticator, vec![module]).expect("modules fit").router
}

/// An officer of the police who may do everything there and nothing elsewhere.
fn police(city: &City) -> Desk {
    Desk::of(city, city.police, city.police, ALL)
}

/// An officer of the police who delivers.
fn deliverer(city: &City) -> Desk {
    Desk::of(city, city.police, city.police, &[SUBMIT, READ])
}

/// A person with the right to look, of another department.
fn insurance(city: &City) -> Desk {
    Desk::of(city, city.insurance, city.insurance, &[READ, SEARCH, STATISTICS])
}
