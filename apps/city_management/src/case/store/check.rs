//! The SQL of checks: cases that have to be looked at where no officer walks, whom the centre sent there, and who answers for a case.
use casework::api::CaseId;
use jh_core::actor::{AccountId, OrganisationId};
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;
use uuid::Uuid;

/// A case that has to be looked at, and that no officer has on his way.
#[derive(FromRow, Clone, Debug)]
pub struct CheckRow {
    /// The case.
    pub case_id: CaseId,
    /// Its number.
    pub number: String,
    /// What it is, in a line.
    pub title: String,
    /// What it is about.
    pub category_name: String,
    /// `collection` or `inspection`.
    pub stage: String,
    /// By when.
    pub due_at: Option<OffsetDateTime>,
    /// Since when it is known.
    pub since_at: OffsetDateTime,
    /// The unit grid, where it lies in any.
    pub grid: Option<String>,
    /// The officer who reported it, if one did.
    pub officer_name: Option<String>,
    /// Who was sent there.
    pub sent_name: Option<String>,
    /// When.
    pub sent_at: Option<OffsetDateTime>,
}

/// Cases of centres in scope that wait to be looked at where nobody walks who may: those to which nobody was sent first, then by
/// deadline.
pub async fn unwalked(
    conn: &mut PgConnection,
    scopes: &[Uuid],
    (limit, offset): (i64, i64),
    now: OffsetDateTime,
) -> Result<Vec<CheckRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT c.case_id, c.number, c.title, c.category_name, c.stage, c.due_at, c.reported_at AS since_at,
                g.code AS grid, r.name AS officer_name, s.name AS sent_name, k.sent_at
         FROM city_management.case_course k
         JOIN casework.v_case c USING (case_id)
         LEFT JOIN city_management.unit_grid g USING (grid_id)
         LEFT JOIN identity.v_account r ON r.account_id = k.officer_id
         LEFT JOIN identity.v_account s ON s.account_id = k.sent_to AND s.working AND EXISTS (
             SELECT 1 FROM identity.v_mandate d JOIN identity.v_organisation_closure h ON h.ancestor_id = d.scope_id
             WHERE d.account_id = k.sent_to AND d.permission = 'casework.case.inspect' AND h.descendant_id = c.centre_id
               AND d.begins_at <= $4 AND (d.ends_at IS NULL OR d.ends_at > $4))
         WHERE k.closed_on IS NULL AND NOT c.closed
           AND ((c.stage = 'inspection' AND NOT k.checked) OR (c.stage = 'collection' AND c.channel <> 'patrol'))
           AND NOT EXISTS (SELECT 1 FROM city_management.officer_grid_member m
                           JOIN city_management.patrol p ON p.officer_grid_id = m.officer_grid_id AND p.ends_at IS NULL
                           JOIN identity.v_mandate d ON d.account_id = p.account_id
                           JOIN identity.v_organisation_closure h ON h.ancestor_id = d.scope_id
                           WHERE m.grid_id = k.grid_id AND m.ends_at IS NULL
                             AND d.permission = 'casework.case.inspect' AND h.descendant_id = c.centre_id
                             AND d.begins_at <= $4 AND (d.ends_at IS NULL OR d.ends_at > $4))
           AND EXISTS (SELECT 1 FROM identity.v_organisation_closure t
                       WHERE t.ancestor_id = ANY($1) AND t.descendant_id = c.centre_id)
         ORDER BY s.account_id IS NOT NULL, c.due_at, c.case_id LIMIT $2 OFFSET $3",
    )
    .bind(scopes)
    .bind(limit)
    .bind(offset)
    .bind(now)
    .fetch_all(conn)
    .await?)
}

/// Who may report on patrol and inspect, by name, with their organisation; at most three hundred.
pub async fn officers(
    conn: &mut PgConnection,
    now: OffsetDateTime,
) -> Result<Vec<(AccountId, String, String)>, DbError> {
    Ok(sqlx::query_as(
        "SELECT a.account_id, a.name, coalesce(o.short_name, '')
         FROM identity.v_account a LEFT JOIN identity.v_organisation o ON o.organisation_id = a.organisation_id
         WHERE a.working AND a.account_id IN (
             SELECT account_id FROM identity.v_mandate
             WHERE permission IN ('city_management.patrol.report', 'casework.case.inspect')
               AND begins_at <= $1 AND (ends_at IS NULL OR ends_at > $1)
             GROUP BY account_id HAVING count(DISTINCT permission) = 2)
         ORDER BY a.name, a.account_id LIMIT 300",
    )
    .bind(now)
    .fetch_all(conn)
    .await?)
}

/// Whether somebody may report on patrol and inspect for each of some cases' centres: else what he is sent to is not in his list.
pub async fn can_look(
    conn: &mut PgConnection,
    account: AccountId,
    cases: &[Uuid],
    now: OffsetDateTime,
) -> Result<bool, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM identity.v_mandate d
                        WHERE d.account_id = $1 AND d.permission = 'city_management.patrol.report'
                          AND d.begins_at <= $3 AND (d.ends_at IS NULL OR d.ends_at > $3))
            AND NOT EXISTS (
                SELECT 1 FROM casework.v_case c WHERE c.case_id = ANY($2) AND NOT EXISTS (
                    SELECT 1 FROM identity.v_mandate d
                    JOIN identity.v_organisation_closure h ON h.ancestor_id = d.scope_id
                    WHERE d.account_id = $1 AND d.permission = 'casework.case.inspect' AND h.descendant_id = c.centre_id
                      AND d.begins_at <= $3 AND (d.ends_at IS NULL OR d.ends_at > $3)))",
    )
    .bind(account)
    .bind(cases)
    .bind(now)
    .fetch_one(conn)
    .await?)
}

/// Sends an officer, else whoever reported each on patrol, to open cases of centres in scope; the cases, with their centres.
pub async fn send(
    conn: &mut PgConnection,
    cases: &[Uuid],
    officer: Option<AccountId>,
    scopes: &[Uuid],
    now: OffsetDateTime,
    by: &str,
) -> Result<Vec<(CaseId, OrganisationId)>, DbError> {
    Ok(sqlx::query_as(
        "UPDATE city_management.case_course k
         SET sent_to = coalesce($2::uuid, k.officer_id), sent_at = $4, sent_by_name = $5
         FROM casework.v_case c
         WHERE c.case_id = k.case_id AND k.case_id = ANY($1) AND NOT c.closed AND c.stage IN ('collection', 'inspection')
           AND ($2::uuid IS NOT NULL OR EXISTS (
               SELECT 1 FROM identity.v_mandate d JOIN identity.v_organisation_closure h ON h.ancestor_id = d.scope_id
               WHERE d.account_id = k.officer_id AND d.permission = 'casework.case.inspect' AND h.descendant_id = c.centre_id
                 AND d.begins_at <= $4 AND (d.ends_at IS NULL OR d.ends_at > $4)))
           AND EXISTS (SELECT 1 FROM identity.v_organisation_closure t
                       WHERE t.ancestor_id = ANY($3) AND t.descendant_id = c.centre_id)
         RETURNING k.case_id, c.centre_id",
    )
    .bind(cases)
    .bind(officer)
    .bind(scopes)
    .bind(now)
    .bind(by)
    .fetch_all(conn)
    .await?)
}

/// Notes at once that a case was found right, before its events are heard: it leaves the officer's list as he sends it.
pub async fn passed(conn: &mut PgConnection, id: CaseId) -> Result<(), DbError> {
    sqlx::query("UPDATE city_management.case_course SET checked = true WHERE case_id = $1")
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Who answers for looking at a case.
#[derive(FromRow, Clone, Debug)]
pub struct DutyRow {
    /// The unit grid.
    pub grid: Option<String>,
    /// The officer who reported it.
    pub reporter: Option<String>,
    /// The officer who was sent.
    pub sent: Option<String>,
    /// The officers who walk there.
    pub walkers: Vec<String>,
}

/// Who answers for looking at a case; none while it has no course yet.
pub async fn duty(conn: &mut PgConnection, id: CaseId) -> Result<Option<DutyRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT g.code AS grid, r.name AS reporter, s.name AS sent,
                ARRAY(SELECT DISTINCT a.name FROM city_management.officer_grid_member m
                      JOIN city_management.patrol p ON p.officer_grid_id = m.officer_grid_id AND p.ends_at IS NULL
                      JOIN identity.v_account a ON a.account_id = p.account_id AND a.working
                      WHERE m.grid_id = k.grid_id AND m.ends_at IS NULL ORDER BY a.name LIMIT 5) AS walkers
         FROM city_management.case_course k
         LEFT JOIN city_management.unit_grid g USING (grid_id)
         LEFT JOIN identity.v_account r ON r.account_id = k.officer_id
         LEFT JOIN identity.v_account s ON s.account_id = k.sent_to AND s.working
         WHERE k.case_id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await?)
}
