//! The running program as handlers see it, and how modules become one router.
use std::collections::HashSet;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::MatchedPath;
use axum::http::Extensions;
use axum::middleware::{from_fn, from_fn_with_state};
use jh_db::Base;
use jh_db::jobs::JobDef;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::failure::Failure;
use crate::lang::{Lang, Messages, MessagesError};
use crate::module::{Background, MenuItem, Module, RouteSpec};
use crate::provide::Authenticator;
use crate::traffic::Traffic;
use crate::{assets, frame, health, reference, visit};

/// How the frame is set up for one installation.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where people who are not signed in are sent.
    pub sign_in_path: &'static str,
    /// Whether the site is reached over HTTPS, so that cookies say `Secure`.
    pub https: bool,
    /// Whether a proxy in front sets `X-Forwarded-For`, and ours is the last entry.
    pub behind_proxy: bool,
    /// The public address, for absolute links in catalogues and feeds, without a slash at the end.
    pub public_url: String,
    /// The city's name in Chinese and English.
    pub city: (String, String),
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            sign_in_path: "/identity/session",
            https: false,
            behind_proxy: false,
            public_url: "http://127.0.0.1:8080".into(),
            city: ("南通".into(), "Nantong".into()),
        }
    }
}

pub(crate) struct Inner {
    pub base: Base,
    pub settings: Settings,
    pub messages: Messages,
    pub authenticator: Arc<dyn Authenticator>,
    pub menu: Vec<MenuItem>,
    pub specs: Vec<(&'static str, RouteSpec)>,
    /// Every declared path, once.
    pub paths: HashSet<&'static str>,
    pub permissions: Vec<&'static str>,
    pub openapi: utoipa::openapi::OpenApi,
    pub assets: assets::Assets,
    pub traffic: Arc<Traffic>,
}

/// The state of every handler. Cheap to clone; derefs to [`Base`].
#[derive(Clone)]
pub struct App {
    pub(crate) inner: Arc<Inner>,
}

impl Deref for App {
    type Target = Base;
    fn deref(&self) -> &Base {
        &self.inner.base
    }
}

/// A set of modules that does not fit together; found at boot.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// A text file is broken.
    #[error(transparent)]
    Messages(#[from] MessagesError),
    /// A route or a menu entry names a permission that no module declares.
    #[error("{module} uses the permission {permission}, which no module declares; add it to Module::permissions")]
    UnknownPermission {
        /// Which module.
        module: &'static str,
        /// Which permission.
        permission: &'static str,
    },
}

/// Everything that runs: the state, the router and the jobs.
pub struct Composed {
    /// The state.
    pub app: App,
    /// All routes, with the frame's layers around them.
    pub router: Router,
    /// All jobs.
    pub jobs: Vec<JobDef>,
    /// What every process does by itself, beside the jobs that one process does for all.
    pub background: Vec<Background>,
}

impl App {
    /// Puts the modules together.
    pub fn compose(
        base: Base,
        settings: Settings,
        authenticator: Arc<dyn Authenticator>,
        modules: Vec<Module>,
    ) -> Result<Composed, ComposeError> {
        let permissions: Vec<_> = modules.iter().flat_map(|m| m.permissions.iter().copied()).collect();
        check_permissions(&modules, &permissions)?;
        let own =
            [("web", Lang::Zh, include_str!("../i18n/zh.ftl")), ("web", Lang::En, include_str!("../i18n/en.ftl"))];
        let sources = modules.iter().flat_map(|m| m.messages.iter().map(|(lang, text)| (m.name, *lang, *text)));
        let messages = Messages::load(own.into_iter().chain(sources))?;
        let mut router = Router::new();
        let (mut specs, mut menu) = (Vec::new(), Vec::new());
        let (mut jobs, mut background) = (Vec::new(), Vec::new());
        let mut openapi = reference::skeleton();
        for module in std::iter::once(health::module()).chain(modules) {
            specs.extend(module.routes.specs.into_iter().map(|spec| (module.name, spec)));
            router = router.merge(module.routes.router);
            menu.extend(module.menu);
            jobs.extend(module.jobs);
            background.extend(module.background);
            (module.register)(&base.services);
            if let Some(part) = module.openapi {
                openapi.merge(part);
            }
        }
        reference::declare_problems(&mut openapi);
        menu.sort_by_key(|item| item.group);
        let assets = assets::Assets::load();
        let traffic = Arc::new(Traffic::default());
        base.services.register(traffic.clone());
        let paths = specs.iter().map(|(_, spec)| spec.path).collect();
        let inner = Inner {
            base,
            settings,
            messages,
            authenticator,
            menu,
            specs,
            paths,
            permissions,
            openapi,
            assets,
            traffic,
        };
        let app = Self { inner: Arc::new(inner) };
        Ok(Composed { router: layered(router, &app), app, jobs, background })
    }

    /// Every route with the module it belongs to.
    pub fn routes(&self) -> &[(&'static str, RouteSpec)] {
        &self.inner.specs
    }

    /// The path as declared that a request went to, for logs and figures: one series a route and none a record. What people
    /// put in the place of its parameters, and any address that is none of ours, may be a private link, and is told to no one.
    pub(crate) fn route_of(&self, extensions: &Extensions) -> &'static str {
        let matched = extensions.get::<MatchedPath>().and_then(|path| self.inner.paths.get(path.as_str()));
        matched.copied().unwrap_or(UNMATCHED)
    }

    /// Every permission of every module.
    pub fn permissions(&self) -> &[&'static str] {
        &self.inner.permissions
    }

    /// The description of the whole `/api/`.
    pub fn openapi(&self) -> &utoipa::openapi::OpenApi {
        &self.inner.openapi
    }

    /// How the frame is set up.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// All texts.
    pub fn messages(&self) -> &Messages {
        &self.inner.messages
    }
}

/// The description of the whole `/api/` of some modules, without running anything.
pub fn describe(modules: Vec<Module>) -> utoipa::openapi::OpenApi {
    let mut openapi = reference::skeleton();
    for part in modules.into_iter().filter_map(|module| module.openapi) {
        openapi.merge(part);
    }
    reference::declare_problems(&mut openapi);
    openapi
}

fn check_permissions(modules: &[Module], known: &[&'static str]) -> Result<(), ComposeError> {
    use crate::access::Access::{Operator, Permission};
    for module in modules {
        let routes = module.routes.specs.iter().filter_map(|spec| match spec.access {
            Permission(name) | Operator(name) => Some(name),
            _ => None,
        });
        let menu = module.menu.iter().filter_map(|item| item.permission);
        for permission in routes.chain(menu) {
            if !known.contains(&permission) {
                return Err(ComposeError::UnknownPermission { module: module.name, permission });
            }
        }
    }
    Ok(())
}

/// What is said where no route was met.
const UNMATCHED: &str = "unmatched";

/// The layers around every route, innermost first.
fn layered(router: Router<App>, app: &App) -> Router {
    router
        .fallback(|| async { Failure::not_found() })
        .method_not_allowed_fallback(frame::method_not_allowed)
        .layer(CatchPanicLayer::custom(frame::panicked))
        .layer(from_fn_with_state(app.clone(), visit::enter))
        .layer(CompressionLayer::new().quality(tower_http::CompressionLevel::Precise(4)))
        .layer(from_fn(frame::secure))
        .layer(from_fn_with_state(app.clone(), frame::observe))
        .with_state(app.clone())
}

/// How long a graceful stop waits for requests under way.
pub const GRACE: Duration = Duration::from_secs(20);
