//! What a room hands to the binary: routes with their permissions, jobs, migrations, menu and texts.
use std::convert::Infallible;
use std::pin::Pin;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::from_fn;
use axum::routing::{MethodFilter, MethodRouter, on};
use jh_db::jobs::JobDef;
use jh_db::migrate::Migrations;
use jh_db::{Base, Services};

use tokio_util::sync::CancellationToken;

use crate::access::Access;
use crate::app::App;
use crate::guard::guard;
use crate::lang::Lang;

/// A form or a JSON document; files have a route of their own with a limit of their own.
pub const BODY_BYTES_MAX: usize = 256 * 1024;
/// Longer than any page should take; the client gets an answer before it gives up.
const TIMEOUT_S: u64 = 30;
/// A large file over a slow line.
const UPLOAD_TIMEOUT_S: u64 = 3_600;

/// The part of the menu an entry stands in, in the order shown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Group {
    /// The portal's own navigation, for everyone.
    Portal,
    /// What waits for me.
    Todo,
    /// Data: deliveries, catalogue, agreements, registry.
    Data,
    /// Cases.
    Cases,
    /// Cards and money.
    Cards,
    /// Maps.
    Map,
    /// Organisation, accounts, audit, operations.
    Admin,
}

impl Group {
    /// The Fluent key of its heading.
    pub fn key(self) -> &'static str {
        match self {
            Self::Portal => "web-menu-portal",
            Self::Todo => "web-menu-todo",
            Self::Data => "web-menu-data",
            Self::Cases => "web-menu-cases",
            Self::Cards => "web-menu-cards",
            Self::Map => "web-menu-map",
            Self::Admin => "web-menu-admin",
        }
    }
}

/// One entry of the workbench's menu.
#[derive(Clone, Debug)]
pub struct MenuItem {
    /// A Fluent key.
    pub label: &'static str,
    /// Where it leads.
    pub path: &'static str,
    /// Shown to those who hold it anywhere; none shows it to everyone signed in.
    pub permission: Option<&'static str>,
    /// The part of the menu.
    pub group: Group,
    /// The icon's name in our sprite.
    pub icon: &'static str,
}

/// What is known of a route without calling it; the authorisation test walks all of them.
#[derive(Clone, Debug)]
pub struct RouteSpec {
    /// The HTTP method.
    pub method: Method,
    /// The path with `{parameters}`.
    pub path: &'static str,
    /// Who may.
    pub access: Access,
}

/// A room's routes. Each is declared with who may use it.
#[derive(Default)]
pub struct Routes {
    pub(crate) router: Router<App>,
    pub(crate) specs: Vec<RouteSpec>,
}

impl Routes {
    /// No routes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A page or a JSON answer that changes nothing.
    #[must_use]
    pub fn get<H: Handler<T, App>, T: 'static>(self, path: &'static str, access: Access, handler: H) -> Self {
        self.add(Method::GET, path, access, BODY_BYTES_MAX, on(MethodFilter::GET, handler))
    }

    /// A change.
    #[must_use]
    pub fn post<H: Handler<T, App>, T: 'static>(self, path: &'static str, access: Access, handler: H) -> Self {
        self.add(Method::POST, path, access, BODY_BYTES_MAX, on(MethodFilter::POST, handler))
    }

    /// A change that brings a file of at most `bytes_max`.
    #[must_use]
    pub fn post_limit<H: Handler<T, App>, T: 'static>(
        self,
        path: &'static str,
        access: Access,
        handler: H,
        bytes_max: usize,
    ) -> Self {
        self.add(Method::POST, path, access, bytes_max, on(MethodFilter::POST, handler))
    }

    /// A replacement of the thing named by the path.
    #[must_use]
    pub fn put<H: Handler<T, App>, T: 'static>(self, path: &'static str, access: Access, handler: H) -> Self {
        self.add(Method::PUT, path, access, BODY_BYTES_MAX, on(MethodFilter::PUT, handler))
    }

    /// A change of part of the thing named by the path (SCIM and other standards ask for it).
    #[must_use]
    pub fn patch<H: Handler<T, App>, T: 'static>(self, path: &'static str, access: Access, handler: H) -> Self {
        self.add(Method::PATCH, path, access, BODY_BYTES_MAX, on(MethodFilter::PATCH, handler))
    }

    /// A removal.
    #[must_use]
    pub fn delete<H: Handler<T, App>, T: 'static>(self, path: &'static str, access: Access, handler: H) -> Self {
        self.add(Method::DELETE, path, access, BODY_BYTES_MAX, on(MethodFilter::DELETE, handler))
    }

    fn add(
        mut self,
        method: Method,
        path: &'static str,
        access: Access,
        bytes_max: usize,
        route: MethodRouter<App, Infallible>,
    ) -> Self {
        let seconds = if bytes_max > BODY_BYTES_MAX { UPLOAD_TIMEOUT_S } else { TIMEOUT_S };
        let timeout = Duration::from_secs(seconds);
        let route: MethodRouter<App, Infallible> = route
            .layer::<_, Infallible>(from_fn(move |request, next| guard(access, timeout, request, next)))
            .layer::<_, Infallible>(DefaultBodyLimit::max(bytes_max));
        self.router = self.router.route(path, route);
        self.specs.push(RouteSpec { method, path, access });
        self
    }

    /// The declarations.
    pub fn specs(&self) -> &[RouteSpec] {
        &self.specs
    }
}

/// Something every process does until it is asked to stop.
pub type Background = fn(Base, CancellationToken) -> Pin<Box<dyn Future<Output = ()> + Send>>;

/// One room, as the binary sees it.
pub struct Module {
    /// The crate's name: also its schema, URL prefix and permission prefix.
    pub name: &'static str,
    /// Every permission the room checks.
    pub permissions: &'static [&'static str],
    /// Its routes.
    pub routes: Routes,
    /// Its background jobs.
    pub jobs: Vec<JobDef>,
    /// Its schema, if it stores anything.
    pub migrations: Option<Migrations>,
    /// Its entries in the workbench's menu.
    pub menu: Vec<MenuItem>,
    /// Its texts.
    pub messages: &'static [(Lang, &'static str)],
    /// The description of its `/api/` routes.
    pub openapi: Option<utoipa::openapi::OpenApi>,
    /// What every process does by itself while it serves.
    pub background: Vec<Background>,
    /// Puts what it implements for others (row source, to-do list, finder) where they find it by trait.
    pub register: fn(&Services),
}

impl Module {
    /// A room with nothing in it yet.
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            permissions: &[],
            routes: Routes::new(),
            jobs: Vec::new(),
            migrations: None,
            menu: Vec::new(),
            messages: &[],
            openapi: None,
            background: Vec::new(),
            register: |_| {},
        }
    }
}
