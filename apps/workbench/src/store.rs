//! The only SQL of the workbench: what changed around me, from the audit.
use jh_db::{Db, DbError};
use sqlx::FromRow;
use sqlx::types::JsonValue;
use time::OffsetDateTime;
use uuid::Uuid;

/// One change.
#[derive(FromRow, Debug)]
pub struct Change {
    /// When.
    pub happened_at: OffsetDateTime,
    /// What, as the audit names it: `registry.delivery.submitted`.
    pub action: String,
    /// `staff`, `resident`, `service` or `system`.
    pub actor_kind: String,
    /// Who.
    pub actor_name: String,
    /// The facts.
    pub detail: JsonValue,
}

impl Change {
    /// What was changed, where the audit tells.
    pub fn object(&self) -> Option<&str> {
        jh_db::audit::object(&self.detail)
    }
}

/// The latest changes that concern an organisation and that somebody else made.
pub async fn changes(db: &Db, organisation: Uuid, account: Option<Uuid>) -> Result<Vec<Change>, DbError> {
    Ok(sqlx::query_as(
        "SELECT happened_at, action, actor_kind, actor_name, detail
         FROM db.v_audit
         WHERE organisation_id = $1 AND account_id IS DISTINCT FROM $2
           AND action NOT LIKE 'identity.session.%'
         ORDER BY happened_at DESC LIMIT 12",
    )
    .bind(organisation)
    .bind(account)
    .fetch_all(db.pool())
    .await?)
}
