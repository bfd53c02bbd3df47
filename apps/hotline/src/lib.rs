//! The 12345 hotline: what an agent answers from, and what becomes of a call; see README.md.
//!
//! This file only puts the parts together. Each part (`knowledge`, …) has its own `routes`, `jobs`, permissions, texts and
//! migration, so that a new part is a line in each list below. It must not know any other application.
mod desk;
mod fault;
mod knowledge;
mod public;
mod setting;
pub mod suggestion;

/// For the binary's demonstration, and for tests.
pub mod api {
    pub use crate::desk::{Call, KIND, Taken, Way, take};
    pub use crate::fault::HotlineError;
    pub use crate::knowledge::{EntryId, Found, Imported, RowFault, answers, any, import, publish, submit};
    pub use crate::public::letter::{
        BYTES_MAX as LETTER_BYTES_MAX, Outcome, SUBMIT as LETTER_SUBMIT, Taken as TakenLetter, take as take_letter,
    };
    pub use crate::setting::{Setting, centre, get as setting, set as set_setting};
}

use jh_db::jobs::JobDef;
use jh_db::migrate::Migrations;
use jh_web::{Lang, MenuItem, Module, Routes};

/// Every permission the room checks, a line for each part.
const PERMISSIONS: &[&str] = &[
    knowledge::READ,
    knowledge::WRITE,
    knowledge::PUBLISH,
    suggestion::USE,
    suggestion::MANAGE,
    desk::DESK,
    desk::BOARD,
    public::letter::SUBMIT,
    setting::MANAGE,
];

/// The schema's files; numbers are given out in README.md.
const MIGRATIONS: Migrations = Migrations {
    schema: "hotline",
    files: &[
        ("0001_knowledge", include_str!("../migrations/0001_knowledge.sql")),
        ("0002_suggestion", include_str!("../migrations/0002_suggestion.sql")),
        ("0004_setting", include_str!("../migrations/0004_setting.sql")),
        ("0005_public", include_str!("../migrations/0005_public.sql")),
        ("0006_dismissed", include_str!("../migrations/0006_dismissed.sql")),
    ],
};

/// Every text, a pair of files for each part.
const MESSAGES: &[(Lang, &str)] = &[
    (Lang::Zh, include_str!("../i18n/zh.ftl")),
    (Lang::En, include_str!("../i18n/en.ftl")),
    (Lang::Zh, include_str!("../i18n/desk.zh.ftl")),
    (Lang::En, include_str!("../i18n/desk.en.ftl")),
    (Lang::Zh, include_str!("../i18n/knowledge.zh.ftl")),
    (Lang::En, include_str!("../i18n/knowledge.en.ftl")),
    (Lang::Zh, include_str!("../i18n/suggestion.zh.ftl")),
    (Lang::En, include_str!("../i18n/suggestion.en.ftl")),
    (Lang::Zh, include_str!("../i18n/public.zh.ftl")),
    (Lang::En, include_str!("../i18n/public.en.ftl")),
];

/// The room, as the binary sees it.
pub fn module() -> Module {
    let mut module = Module::new("hotline");
    module.permissions = PERMISSIONS;
    module.routes = routes(Routes::new());
    module.jobs = jobs();
    module.migrations = Some(MIGRATIONS);
    module.menu = menu();
    module.messages = MESSAGES;
    module.openapi = Some(openapi());
    module.register = |services| {
        knowledge::register(services);
        suggestion::register(services);
        desk::register(services);
        public::register(services);
    };
    module
}

fn routes(routes: Routes) -> Routes {
    let parts = [desk::routes, knowledge::routes, public::routes, setting::routes, suggestion::routes];
    parts.into_iter().fold(routes, |routes, part| part(routes))
}

fn jobs() -> Vec<JobDef> {
    [desk::jobs(), knowledge::jobs(), public::jobs(), suggestion::jobs()].into_iter().flatten().collect()
}

fn menu() -> Vec<MenuItem> {
    [desk::menu(), public::menu(), knowledge::menu(), suggestion::menu(), setting::menu()]
        .into_iter()
        .flatten()
        .collect()
}

fn openapi() -> utoipa::openapi::OpenApi {
    let mut all = knowledge::openapi();
    all.merge(suggestion::openapi());
    all.merge(public::openapi());
    all
}
