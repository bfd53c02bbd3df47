//! What is offered to the reader of a case: what the machine allows him, less what would answer something that nobody asked.
use jh_core::actor::Actor;
use sqlx::PgConnection;

use crate::actions::{CREATE, scopes};
use crate::fault::CaseError;
use crate::kind::{self, CaseKind};
use crate::model::act::Act;
use crate::model::machine::{Given, apply};
use crate::model::procedure::{ANY, Procedure};
use crate::store;
use crate::store::file::Held;
use crate::store::side::{ExtensionRow, SupervisionRow};

/// Something the reader can do.
#[derive(Clone, Debug)]
pub struct Way {
    /// The act.
    pub act: Act,
    /// The Fluent key of what it is called here.
    pub key: String,
    /// Whether it is done at once, without a form.
    pub at_once: bool,
    /// Whether it belongs to this stage rather than to any.
    pub main: bool,
}

/// What of a case waits for an answer, and what of that is the reader's to give.
#[derive(Clone, Debug, Default)]
pub struct Waits {
    /// The extension that nobody has decided on.
    pub extension: Option<ExtensionRow>,
    /// Whether the reader asked for it himself, and so does not decide.
    own: bool,
    /// The supervisions that nobody has answered.
    pub supervisions: Vec<SupervisionRow>,
    /// Whether an organisation of the reader's was asked to help and has not said what it did.
    helps: bool,
    /// Whether he may take reports in for this centre, and so may make two of one.
    splits: bool,
}

impl Waits {
    /// What waits of a case, for a reader.
    pub async fn of(conn: &mut PgConnection, actor: &Actor, held: &Held) -> Result<Self, CaseError> {
        let id = held.file.case_id;
        let extension = store::side::extensions(conn, id).await?.into_iter().find(|one| one.decided_at.is_none());
        let mut supervisions = store::side::supervisions(conn, id).await?;
        supervisions.retain(|one| one.answered_at.is_none());
        Ok(Self {
            own: extension.as_ref().is_some_and(|one| one.asked_by_id == actor.account),
            extension,
            supervisions,
            helps: held.as_assistant && store::asked::helps(conn, id, &scopes(actor)).await?,
            splits: held.as_centre && identity::api::in_scope(conn, &actor.scopes(CREATE), held.file.centre_id).await?,
        })
    }

    /// Whether an act answers something, where it is an answer; and whether the reader may do all that it takes.
    pub fn allow(&self, act: Act, held: &Held) -> bool {
        match act {
            Act::ExtensionGranted | Act::ExtensionRefused => self.extension.is_some() && !self.own,
            Act::ExtensionAsked => self.extension.is_none() && held.file.due_at.is_some(),
            // Where nobody has the case yet, there is nobody to look after.
            Act::Supervision => held.file.holder_id.is_some(),
            Act::SupervisionReply => !self.supervisions.is_empty(),
            Act::AssistanceReply => self.helps,
            Act::Split => self.splits,
            // What was merged goes on in the other case and nowhere else.
            Act::Reopening => held.file.merged_into.is_none(),
            _ => true,
        }
    }
}

/// What somebody in these roles can do with a case as it stands: tried on the machine with everything at hand.
pub fn ways(kind: Option<&dyn CaseKind>, procedure: &Procedure, held: &Held, waits: &Waits) -> Vec<Way> {
    let (standing, roles) = (held.file.standing(), held.roles());
    let everything = Given {
        note: true,
        organisation: Some(jh_core::actor::OrganisationId(uuid::Uuid::nil())),
        person: Some(jh_core::actor::AccountId(uuid::Uuid::nil())),
        answer: true,
        photo: true,
    };
    let can = |act: Act| waits.allow(act, held) && apply(procedure, &standing, act, &roles, &everything).is_ok();
    let all = procedure.ways(&standing.stage).filter(|way| can(way.act));
    all.map(|way| Way {
        act: way.act,
        key: kind::act_key(kind, &standing.stage, way.act),
        at_once: way.needs.is_empty()
            && !way.act.wants_reason()
            && matches!(
                way.act,
                Act::Signing | Act::Acceptance | Act::Release | Act::Resumption | Act::ExtensionGranted
            ),
        main: way.stage != ANY,
    })
    .collect()
}
