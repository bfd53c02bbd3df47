//! Matters and applicants, as rows.
use casework::api::CaseId;
use jh_core::actor::OrganisationId;
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;
use uuid::Uuid;

/// A matter that the window takes.
#[derive(Clone, Debug, FromRow)]
pub struct MatterRow {
    /// `matter-` and a number; a category of the kind.
    pub code: String,
    /// In Chinese.
    pub name: String,
    /// In English; may be empty.
    pub name_en: String,
    /// Who decides it.
    pub organisation_id: OrganisationId,
    /// Its name.
    pub organisation_name: String,
    /// What must be brought, one thing a line.
    pub materials: String,
    /// In how many working days.
    pub working_days: i16,
    /// Whether it is taken now.
    pub active: bool,
}

/// The matters in whose name or department all words stand, by department; of departments in `scopes`, or of all without any.
pub async fn list(
    conn: &mut PgConnection,
    words: &[String],
    scopes: Option<&[Uuid]>,
    active: bool,
    limit: i64,
    offset: i64,
) -> Result<Vec<MatterRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT m.code, m.name, m.name_en, m.organisation_id, o.name AS organisation_name, m.materials, m.working_days, m.active
         FROM community_window.matter m JOIN identity.v_organisation o USING (organisation_id)
         WHERE (NOT $3 OR (m.active AND o.closed_on IS NULL))
           AND NOT EXISTS (SELECT 1 FROM unnest($1::text[]) AS word
                           WHERE strpos(lower(m.name || ' ' || m.name_en || ' ' || o.name), lower(word)) = 0)
           AND ($2::uuid[] IS NULL OR m.organisation_id IN
                (SELECT descendant_id FROM identity.v_organisation_closure WHERE ancestor_id = ANY($2)))
         ORDER BY o.name, m.name, m.code LIMIT $4 OFFSET $5",
    )
    .bind(words)
    .bind(scopes)
    .bind(active)
    .bind(limit)
    .bind(offset)
    .fetch_all(conn)
    .await?)
}

/// One matter.
pub async fn find(conn: &mut PgConnection, code: &str) -> Result<Option<MatterRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT m.code, m.name, m.name_en, m.organisation_id, o.name AS organisation_name, m.materials, m.working_days, m.active
         FROM community_window.matter m JOIN identity.v_organisation o USING (organisation_id) WHERE m.code = $1",
    )
    .bind(code)
    .fetch_optional(conn)
    .await?)
}

/// Writes a matter, a new one without a code; answers its code, or none when its department has one of this name.
pub async fn put(
    conn: &mut PgConnection,
    row: &MatterRow,
    now: OffsetDateTime,
    by: &str,
) -> Result<Option<String>, DbError> {
    Ok(sqlx::query_scalar(
        "INSERT INTO community_window.matter AS m (code, name, name_en, organisation_id, materials, working_days, active, changed_at, changed_by)
         SELECT COALESCE(NULLIF($1, ''), 'matter-' || nextval('community_window.matter_serial')), $2, $3, $4, $5, $6, $7, $8, $9
         WHERE NOT EXISTS (SELECT 1 FROM community_window.matter o
                           WHERE o.name = $2 AND o.organisation_id = $4 AND o.code <> $1)
         ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name, name_en = EXCLUDED.name_en,
             organisation_id = EXCLUDED.organisation_id, materials = EXCLUDED.materials, working_days = EXCLUDED.working_days,
             active = EXCLUDED.active, changed_at = EXCLUDED.changed_at, changed_by = EXCLUDED.changed_by
         RETURNING m.code",
    )
    .bind(&row.code)
    .bind(&row.name)
    .bind(&row.name_en)
    .bind(row.organisation_id)
    .bind(&row.materials)
    .bind(row.working_days)
    .bind(row.active)
    .bind(now)
    .bind(by)
    .fetch_optional(conn)
    .await?)
}

/// Notes who a case is for.
pub async fn put_applicant(
    conn: &mut PgConnection,
    case: CaseId,
    subject: Option<Uuid>,
    prefilled: &[&str],
) -> Result<(), DbError> {
    sqlx::query("INSERT INTO community_window.applicant (case_id, subject_id, prefilled) VALUES ($1, $2, $3)")
        .bind(case)
        .bind(subject)
        .bind(prefilled)
        .execute(conn)
        .await?;
    Ok(())
}

/// Who a case is for, in the base of persons.
pub async fn subject(conn: &mut PgConnection, case: CaseId) -> Result<Option<Uuid>, DbError> {
    let found: Option<Option<Uuid>> =
        sqlx::query_scalar("SELECT subject_id FROM community_window.applicant WHERE case_id = $1")
            .bind(case)
            .fetch_optional(conn)
            .await?;
    Ok(found.flatten())
}
