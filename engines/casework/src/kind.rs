//! What an app says of its kind of case. The binary registers the kinds; the engine asks them and knows none.
use std::borrow::Borrow;

use async_trait::async_trait;
use jh_core::actor::Actor;
use jh_core::fault::Refusal;
use jh_db::{Base, DbError};
use jh_web::Message;
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use crate::model::act::Act;
use crate::model::attribute::Attribute;
use crate::model::calendar::Span;
use crate::model::procedure::Procedure;
use crate::store::file::FileRow;

/// One thing that can be reported.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Category {
    /// Unique among all kinds.
    pub code: String,
    /// In Chinese.
    pub name: String,
    /// In English.
    pub name_en: String,
    /// What it is for, in a sentence, in Chinese.
    pub hint: String,
    /// The heading it stands under, in Chinese.
    pub group: String,
    /// Words by which people look for it.
    pub keywords: Vec<String>,
    /// Whether the public may report it.
    pub open: bool,
}

/// Something that an app knows of a case, for its page.
#[derive(Clone, Debug)]
pub struct Fact {
    /// The Fluent key of what it is.
    pub label: &'static str,
    /// What it says.
    pub text: Message,
    /// Where it leads; whoever may not go there is told so there.
    pub path: Option<String>,
}

/// Where somebody with a private link follows a case. Registered as `services.register::<dyn FollowPage>(…)` by the app of the
/// public's pages, so that every app that takes something in can hand the link out.
pub trait FollowPage: Send + Sync {
    /// The address of a case's token.
    fn path(&self, token: &str) -> String;

    /// Where the public looks at a case that it may know of, by the case's number; none where there is no such page.
    fn public_path(&self, _number: &str) -> Option<String> {
        None
    }
}

/// Categories under their headings, in the order in which they come.
pub fn grouped<C: Borrow<Category>>(categories: impl IntoIterator<Item = C>) -> Vec<(String, Vec<C>)> {
    let mut groups: Vec<(String, Vec<C>)> = Vec::new();
    for category in categories {
        let group = &category.borrow().group;
        match groups.iter_mut().find(|(name, _)| name == group) {
            Some((_, list)) => list.push(category),
            None => groups.push((group.clone(), vec![category])),
        }
    }
    groups
}

/// A kind of case, registered as `services.register::<dyn CaseKind>(…)`.
#[async_trait]
pub trait CaseKind: Send + Sync {
    /// Prefixed by its app, for example `hotline.request`.
    fn code(&self) -> &'static str;

    /// The procedure that comes with the program, as JSON. A city's own versions take precedence.
    fn procedure(&self) -> &'static str;

    /// What can be reported.
    async fn categories(&self, conn: &mut PgConnection) -> Result<Vec<Category>, DbError>;

    /// What is asked of whoever reports one of them, in the order of asking.
    async fn attributes(&self, _conn: &mut PgConnection, _category: &str) -> Result<Vec<Attribute>, DbError> {
        Ok(Vec::new())
    }

    /// How long a limit is for this case, if its category says otherwise than the procedure.
    async fn span(&self, _conn: &mut PgConnection, _case: &FileRow, _limit: &str) -> Result<Option<Span>, DbError> {
        Ok(None)
    }

    /// The app's own rule on an act and who does it, after the procedure allowed it and before it is done.
    async fn allow(&self, _conn: &mut PgConnection, _case: &FileRow, _act: Act, _by: &Actor) -> Result<(), Refusal> {
        Ok(())
    }

    /// What the app knows of a case besides, for its page.
    async fn facts(&self, _conn: &mut PgConnection, _case: &FileRow) -> Result<Vec<Fact>, DbError> {
        Ok(Vec::new())
    }

    /// The Fluent key of what an act is called in a stage, where it has a name of its own there: one act may be the filing of a
    /// case in one stage and the ordering of a check in another.
    fn act_key(&self, _stage: &str, _act: Act) -> Option<&'static str> {
        None
    }

    /// Where a case of this kind is worked on by staff.
    fn path(&self, case: &FileRow) -> String {
        format!("/casework/cases/{}", case.case_id)
    }
}

/// The kind of a code.
pub fn find(base: &Base, code: &str) -> Option<std::sync::Arc<dyn CaseKind>> {
    base.services.all::<dyn CaseKind>().into_iter().find(|kind| kind.code() == code)
}

/// The Fluent key of what an act is called in a stage of a kind.
pub fn act_key(kind: Option<&dyn CaseKind>, stage: &str, act: Act) -> String {
    kind.and_then(|kind| kind.act_key(stage, act)).map_or_else(|| act.key(), str::to_owned)
}

/// Reads the procedure that comes with a kind; its app's test holds that it can be read and is sound.
pub fn shipped(kind: &dyn CaseKind) -> Option<Procedure> {
    serde_json::from_str(kind.procedure()).ok()
}
