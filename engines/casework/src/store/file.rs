//! The case as it stands: written with the step that made it so, in one statement.
use jh_core::actor::{AccountId, OrganisationId};
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::model::machine::{Moved, Standing};
use crate::model::procedure::Role;
use crate::model::words::Words;
use crate::model::{CaseId, Channel, Outcome, Point, Priority};
use crate::store::step::Step;

/// A case as it stands.
#[derive(Clone, Debug, FromRow)]
pub struct FileRow {
    pub case_id: CaseId,
    pub number: String,
    pub kind: String,
    pub version: i32,
    pub stage: String,
    pub closed: bool,
    pub title: String,
    pub description: String,
    pub category: String,
    pub category_name: String,
    pub priority: Priority,
    pub channel: Channel,
    pub centre_id: OrganisationId,
    pub holder_id: Option<OrganisationId>,
    pub owner_id: OrganisationId,
    pub assignee_id: Option<AccountId>,
    pub assignee_name: Option<String>,
    pub address: String,
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    pub reported_at: OffsetDateTime,
    pub due_at: Option<OffsetDateTime>,
    pub overdue: bool,
    pub paused: bool,
    pub confirmed: bool,
    pub unreached: i16,
    pub photo: bool,
    pub inspected: bool,
    pub awaited: bool,
    pub result: String,
    pub outcome: Option<Outcome>,
    pub closed_at: Option<OffsetDateTime>,
    pub merged_into: Option<CaseId>,
    pub reopened: i16,
    pub stars: Option<i16>,
    pub shown: String,
    /// What it will show once a person has released it.
    pub shown_later: Option<String>,
    pub app_ref: Option<String>,
    pub revision: i32,
    pub changed_at: OffsetDateTime,
}

impl FileRow {
    /// What the machine looks at.
    pub fn standing(&self) -> Standing {
        Standing {
            stage: self.stage.clone(),
            centre: self.centre_id,
            holder: self.holder_id,
            owner: self.owner_id,
            assignee: self.assignee_id,
            paused: self.paused,
            confirmed: self.confirmed,
            unreached: self.unreached,
            photo: self.photo,
            inspected: self.inspected,
            awaited: self.awaited,
        }
    }

    /// Stands as the machine says.
    pub fn take(&mut self, moved: Moved) {
        self.stage = moved.stage;
        self.closed = moved.closed;
        self.holder_id = moved.holder;
        self.owner_id = moved.owner;
        self.paused = moved.paused;
        self.confirmed = moved.confirmed;
        self.unreached = moved.unreached;
        self.photo = moved.photo;
        self.inspected = moved.inspected;
        if self.assignee_id != moved.assignee {
            self.assignee_id = moved.assignee;
            self.assignee_name = None;
        }
    }

    /// Where it is.
    pub fn point(&self) -> Option<Point> {
        Point::new(self.lon?, self.lat?)
    }
}

/// The scopes of each permission that lets somebody act on cases.
#[derive(Clone, Debug, Default)]
pub struct Scopes {
    pub read: Vec<Uuid>,
    pub manage: Vec<Uuid>,
    pub handle: Vec<Uuid>,
    pub inspect: Vec<Uuid>,
    pub supervise: Vec<Uuid>,
}

/// A case with what somebody is to it, and the calendar's version.
#[derive(Clone, Debug, FromRow)]
pub struct Held {
    #[sqlx(flatten)]
    pub file: FileRow,
    pub as_centre: bool,
    pub as_holder: bool,
    pub as_assistant: bool,
    pub as_inspector: bool,
    pub as_supervisor: bool,
    pub calendar_version: i32,
}

impl Held {
    /// The roles.
    pub fn roles(&self) -> Vec<Role> {
        let all = [
            (self.as_centre, Role::Centre),
            (self.as_holder, Role::Holder),
            (self.as_assistant, Role::Assistant),
            (self.as_inspector, Role::Inspector),
            (self.as_supervisor, Role::Supervisor),
        ];
        all.into_iter().filter_map(|(is, role)| is.then_some(role)).collect()
    }
}

/// A case that somebody may see, with what he is to it.
pub async fn seen(conn: &mut PgConnection, id: CaseId, scopes: &Scopes) -> Result<Option<Held>, DbError> {
    Ok(sqlx::query_as(
        "SELECT f.*,
             EXISTS (SELECT 1 FROM identity.v_organisation_closure c
                     WHERE c.ancestor_id = ANY($3) AND c.descendant_id = f.centre_id) AS as_centre,
             EXISTS (SELECT 1 FROM identity.v_organisation_closure c
                     WHERE c.ancestor_id = ANY($4) AND c.descendant_id = f.holder_id) AS as_holder,
             EXISTS (SELECT 1 FROM casework.involved i JOIN identity.v_organisation_closure c
                         ON c.ancestor_id = ANY($4) AND c.descendant_id = i.organisation_id
                     WHERE i.case_id = f.case_id AND i.role = 'assistant') AS as_assistant,
             EXISTS (SELECT 1 FROM identity.v_organisation_closure c
                     WHERE c.ancestor_id = ANY($5) AND c.descendant_id = f.centre_id) AS as_inspector,
             EXISTS (SELECT 1 FROM identity.v_organisation_closure c
                     WHERE c.ancestor_id = ANY($6) AND c.descendant_id = f.centre_id) AS as_supervisor,
             (SELECT version FROM casework.calendar_version) AS calendar_version
         FROM casework.file_listed f
         WHERE f.case_id = $1 AND EXISTS (
             SELECT 1 FROM identity.v_organisation_closure c
             WHERE c.ancestor_id = ANY($2)
               AND (c.descendant_id IN (f.centre_id, f.owner_id, f.holder_id) OR c.descendant_id IN (
                    SELECT i.organisation_id FROM casework.involved i WHERE i.case_id = f.case_id)))",
    )
    .bind(id)
    .bind(&scopes.read)
    .bind(&scopes.manage)
    .bind(&scopes.handle)
    .bind(&scopes.inspect)
    .bind(&scopes.supervise)
    .fetch_optional(conn)
    .await?)
}

/// As [`seen`], locked for a change by who holds one of the acting permissions on it.
pub async fn lock(conn: &mut PgConnection, id: CaseId, scopes: &Scopes) -> Result<Option<Held>, DbError> {
    let held: Option<Held> = sqlx::query_as(
        "SELECT f.*,
             EXISTS (SELECT 1 FROM identity.v_organisation_closure c
                     WHERE c.ancestor_id = ANY($2) AND c.descendant_id = f.centre_id) AS as_centre,
             EXISTS (SELECT 1 FROM identity.v_organisation_closure c
                     WHERE c.ancestor_id = ANY($3) AND c.descendant_id = f.holder_id) AS as_holder,
             EXISTS (SELECT 1 FROM casework.involved i JOIN identity.v_organisation_closure c
                         ON c.ancestor_id = ANY($3) AND c.descendant_id = i.organisation_id
                     WHERE i.case_id = f.case_id AND i.role = 'assistant') AS as_assistant,
             EXISTS (SELECT 1 FROM identity.v_organisation_closure c
                     WHERE c.ancestor_id = ANY($4) AND c.descendant_id = f.centre_id) AS as_inspector,
             EXISTS (SELECT 1 FROM identity.v_organisation_closure c
                     WHERE c.ancestor_id = ANY($5) AND c.descendant_id = f.centre_id) AS as_supervisor,
             (SELECT version FROM casework.calendar_version) AS calendar_version
         FROM casework.file_listed f WHERE f.case_id = $1 FOR UPDATE OF f",
    )
    .bind(id)
    .bind(&scopes.manage)
    .bind(&scopes.handle)
    .bind(&scopes.inspect)
    .bind(&scopes.supervise)
    .fetch_optional(conn)
    .await?;
    Ok(held)
}

/// A case for whoever reported it: by account, or by the token he was given.
pub async fn of_reporter(
    conn: &mut PgConnection,
    account: Option<AccountId>,
    token_sm3: Option<&[u8]>,
    id: CaseId,
) -> Result<Option<FileRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT f.* FROM casework.file_listed f
         WHERE f.case_id = $3 AND EXISTS (
             SELECT 1 FROM casework.party p
             WHERE p.case_id = f.case_id AND (p.account_id = $1 OR p.token_sm3 = $2))",
    )
    .bind(account)
    .bind(token_sm3)
    .bind(id)
    .fetch_optional(conn)
    .await?)
}

/// A case locked for the program itself, or for somebody whose right was looked at otherwise (a reporter's).
pub async fn lock_plain(conn: &mut PgConnection, id: CaseId) -> Result<Option<(FileRow, i32)>, DbError> {
    let file: Option<FileRow> =
        sqlx::query_as("SELECT f.* FROM casework.file_listed f WHERE f.case_id = $1 FOR UPDATE OF f")
            .bind(id)
            .fetch_optional(&mut *conn)
            .await?;
    let Some(file) = file else { return Ok(None) };
    let version = sqlx::query_scalar("SELECT version FROM casework.calendar_version").fetch_one(conn).await?;
    Ok(Some((file, version)))
}

/// A case whoever may see it: for the program itself.
pub async fn find(conn: &mut PgConnection, id: CaseId) -> Result<Option<FileRow>, DbError> {
    Ok(sqlx::query_as("SELECT f.* FROM casework.file_listed f WHERE f.case_id = $1")
        .bind(id)
        .fetch_optional(conn)
        .await?)
}

/// A case by its number: for the program itself and for the public's view of it.
pub async fn by_number(conn: &mut PgConnection, number: &str) -> Result<Option<FileRow>, DbError> {
    Ok(sqlx::query_as("SELECT f.* FROM casework.file_listed f WHERE f.number = $1 ORDER BY f.case_id LIMIT 1")
        .bind(number)
        .fetch_optional(conn)
        .await?)
}

/// Writes a new case with its first step, and answers its number.
pub async fn insert(
    conn: &mut PgConnection,
    row: &FileRow,
    day: &str,
    search: &Words,
    step: &Step,
) -> Result<String, DbError> {
    let number: String = sqlx::query_scalar(
        "WITH opened AS (
             INSERT INTO casework.file (case_id, number, kind, version, stage, title, description, category, category_name,
                 priority, channel, centre_id, owner_id, address, geom, reported_at, due_at, shown, app_ref,
                 changed_at, photo, awaited, shown_later)
             VALUES ($1, $2 || '-' || lpad((nextval('casework.number_serial') % 1000000)::text, 6, '0'), $3, $4, $5, $6, $7,
                 $8, $9, $10, $11, $12, $13, $14,
                 CASE WHEN $15::float8 IS NULL THEN NULL ELSE ST_SetSRID(ST_MakePoint($15, $16), 4326) END,
                 $17, $18, $19, $20, $22, $29, $30, $32)
             RETURNING number
         ), worded AS (
             INSERT INTO casework.words (case_id, week, search) VALUES ($1, $31, $21::text::tsvector)
         ), stepped AS (
             INSERT INTO casework.step (case_id, step_id, at, act, stage_before, stage_after, account_id, actor_name,
                 organisation_id, organisation_name, note, shown)
             VALUES ($1, $23, $22, 'opening', '', $5, $24, $25, $26, $27, $28, true)
         ), counted AS (
             INSERT INTO casework.count_delta (counted_on, centre_id, organisation_id, kind, category, channel, measure, n)
             VALUES (($22::timestamptz AT TIME ZONE 'Asia/Shanghai')::date, $12, $13, $3, $8, $11, 'opening', 1)
         )
         SELECT number FROM opened",
    )
    .bind(row.case_id)
    .bind(day)
    .bind(&row.kind)
    .bind(row.version)
    .bind(&row.stage)
    .bind(&row.title)
    .bind(&row.description)
    .bind(&row.category)
    .bind(&row.category_name)
    .bind(row.priority)
    .bind(row.channel)
    .bind(row.centre_id)
    .bind(row.owner_id)
    .bind(&row.address)
    .bind(row.lon)
    .bind(row.lat)
    .bind(row.reported_at)
    .bind(row.due_at)
    .bind(&row.shown)
    .bind(&row.app_ref)
    .bind(&search.vector)
    .bind(row.changed_at)
    .bind(step.step_id)
    .bind(step.account_id)
    .bind(&step.actor_name)
    .bind(step.organisation_id)
    .bind(&step.organisation_name)
    .bind(&step.note)
    .bind(row.photo)
    .bind(row.awaited)
    .bind(search.week)
    .bind(&row.shown_later)
    .fetch_one(conn)
    .await?;
    Ok(number)
}

/// Writes what changed of a case with the step that changed it. The caller holds the row's lock.
pub async fn update(conn: &mut PgConnection, row: &FileRow, step: &Step) -> Result<(), DbError> {
    sqlx::query(
        "WITH changed AS (
             UPDATE casework.file SET stage = $2, closed = $3, holder_id = $4, owner_id = $5, assignee_id = $6,
                 assignee_name = $7, due_at = $8, overdue = $9, paused = $10, confirmed = $11, unreached = $12, photo = $13,
                 result = $14, outcome = $15, closed_at = $16, merged_into = $17, reopened = $18, stars = $19, shown = $20,
                 priority = $21, inspected = $40, awaited = $41, shown_later = $42,
                 revision = revision + 1, changed_at = $22
             WHERE case_id = $1
         ), counted AS (
             INSERT INTO casework.count_delta (counted_on, centre_id, organisation_id, kind, category, channel, measure, n)
             VALUES (($22::timestamptz AT TIME ZONE 'Asia/Shanghai')::date, $36, COALESCE($4, $5), $37, $38, $39, $23, 1)
         )
         INSERT INTO casework.step (case_id, step_id, at, act, stage_before, stage_after, account_id, actor_name,
             organisation_id, organisation_name, target_id, target_name, note, shown, due_before_at, due_after_at)
         VALUES ($1, $24, $22, $23, $25, $2, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35)",
    )
    .bind(row.case_id)
    .bind(&row.stage)
    .bind(row.closed)
    .bind(row.holder_id)
    .bind(row.owner_id)
    .bind(row.assignee_id)
    .bind(&row.assignee_name)
    .bind(row.due_at)
    .bind(row.overdue)
    .bind(row.paused)
    .bind(row.confirmed)
    .bind(row.unreached)
    .bind(row.photo)
    .bind(&row.result)
    .bind(row.outcome)
    .bind(row.closed_at)
    .bind(row.merged_into)
    .bind(row.reopened)
    .bind(row.stars)
    .bind(&row.shown)
    .bind(row.priority)
    .bind(row.changed_at)
    .bind(step.act)
    .bind(step.step_id)
    .bind(&step.stage_before)
    .bind(step.account_id)
    .bind(&step.actor_name)
    .bind(step.organisation_id)
    .bind(&step.organisation_name)
    .bind(step.target_id)
    .bind(&step.target_name)
    .bind(&step.note)
    .bind(step.shown)
    .bind(step.due_before_at)
    .bind(step.due_after_at)
    .bind(row.centre_id)
    .bind(&row.kind)
    .bind(&row.category)
    .bind(row.channel)
    .bind(row.inspected)
    .bind(row.awaited)
    .bind(&row.shown_later)
    .execute(conn)
    .await?;
    Ok(())
}

/// Where a case is, what it is about and how it is found, put right.
pub async fn amend(conn: &mut PgConnection, row: &FileRow, search: &Words) -> Result<(), DbError> {
    sqlx::query(
        "WITH worded AS (
             UPDATE casework.words SET search = $7::text::tsvector WHERE case_id = $1
         )
         UPDATE casework.file SET category = $2, category_name = $3, address = $4,
             geom = CASE WHEN $5::float8 IS NULL THEN NULL ELSE ST_SetSRID(ST_MakePoint($5, $6), 4326) END, title = $8
         WHERE case_id = $1",
    )
    .bind(row.case_id)
    .bind(&row.category)
    .bind(&row.category_name)
    .bind(&row.address)
    .bind(row.lon)
    .bind(row.lat)
    .bind(&search.vector)
    .bind(&row.title)
    .execute(conn)
    .await?;
    Ok(())
}
