//! All the SQL of the portal: its settings and today's cards.
use jh_db::{Base, Db, DbError};
use sqlx::FromRow;

/// One thing people come for.
#[derive(FromRow, Debug, Clone)]
pub struct Card {
    /// In Chinese.
    pub title: String,
    /// In English.
    pub title_en: String,
    /// A few words more.
    pub hint: String,
    /// The same in English.
    pub hint_en: String,
    /// Where it leads.
    pub path: String,
    /// The icon's name.
    pub icon: String,
}

/// The six cards for a month (1 to 12) and hour (0 to 23), most wanted first.
pub async fn cards(db: &Db, month: i16, hour: i16) -> Result<Vec<Card>, DbError> {
    Ok(sqlx::query_as(
        "SELECT title, title_en, hint, hint_en, path, icon FROM portal.today_card
         WHERE (months = '{}' OR $1 = ANY(months)) AND hour_from <= $2 AND $2 < hour_to
         ORDER BY weight DESC, card_id LIMIT 6",
    )
    .bind(month)
    .bind(hour)
    .fetch_all(db.pool())
    .await?)
}

/// The catalogue code of the resource that lists the services.
pub async fn services_resource(db: &Db) -> Result<Option<String>, DbError> {
    Ok(sqlx::query_scalar("SELECT value FROM portal.setting WHERE name = 'services_resource'")
        .fetch_optional(db.pool())
        .await?)
}

/// Says which resource lists the services.
pub async fn set_services_resource(base: &Base, code: &str) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO portal.setting (name, value) VALUES ('services_resource', $1)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .bind(code)
    .execute(base.db.pool())
    .await?;
    Ok(())
}

/// What everybody should know of this city's platform, in the reader's language; empty when there is nothing to say.
pub async fn notice(db: &Db, english: bool) -> Result<String, DbError> {
    let told: Option<String> =
        sqlx::query_scalar("SELECT value FROM portal.setting WHERE name = ANY($1) ORDER BY name = $2 DESC LIMIT 1")
            .bind(["notice", "notice_en"])
            .bind(if english { "notice_en" } else { "notice" })
            .fetch_optional(db.pool())
            .await?;
    Ok(told.unwrap_or_default())
}

/// Tells everybody something on the front page and over the services, for example that this is a demonstration.
pub async fn set_notice(base: &Base, zh: &str, en: &str) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO portal.setting (name, value) VALUES ('notice', $1), ('notice_en', $2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .bind(zh)
    .bind(en)
    .execute(base.db.pool())
    .await?;
    Ok(())
}
