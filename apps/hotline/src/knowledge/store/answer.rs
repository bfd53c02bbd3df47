//! What is searched: a row for each published entry, and in how many of them each pair of characters stands.
use jh_core::actor::OrganisationId;
use jh_core::gram;
use jh_core::paging::PageRequest;
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::super::model::{Audience, Content, EntryId};

/// One answer in force, as lists show it.
#[derive(Clone, Debug, FromRow)]
pub struct AnswerRow {
    pub entry_id: EntryId,
    pub version: i32,
    pub organisation_id: OrganisationId,
    pub organisation_name: String,
    pub audience: Audience,
    pub question: String,
    pub aliases: String,
    pub keywords: String,
    pub short_answer: String,
    pub expires_on: Date,
    /// PostgreSQL's own, 0 where nothing was ranked.
    pub rank: f32,
}

impl AnswerRow {
    /// A row without content, for tests of ranking.
    #[cfg(test)]
    pub fn blank() -> Self {
        Self {
            entry_id: EntryId(Uuid::nil()),
            version: 1,
            organisation_id: OrganisationId(Uuid::nil()),
            organisation_name: String::new(),
            audience: Audience::Public,
            question: String::new(),
            aliases: String::new(),
            keywords: String::new(),
            short_answer: String::new(),
            expires_on: Date::MAX,
            rank: 0.0,
        }
    }
}

/// In how many questions and answers each gram stands; the empty gram stands in all.
pub async fn gram_counts(conn: &mut PgConnection, grams: &[String]) -> Result<Vec<(String, i32, i32)>, DbError> {
    Ok(sqlx::query_as("SELECT gram, asked, said FROM hotline.knowledge_gram WHERE gram = ANY($1) OR gram = ''")
        .bind(grams)
        .fetch_all(conn)
        .await?)
}

/// Answers in force whose questions have any of the grams, those with most of them first.
pub async fn asked(
    conn: &mut PgConnection,
    query: &str,
    today: Date,
    public_only: bool,
    limit: i64,
) -> Result<Vec<AnswerRow>, DbError> {
    Ok(sqlx::query_as(
        "WITH best AS (
             SELECT a.entry_id, a.version, a.organisation_id, a.audience, a.question, a.aliases, a.keywords,
                 a.short_answer, a.expires_on, ts_rank('{1,1,1,1}', a.asked, $1::text::tsquery) AS rank
             FROM hotline.knowledge_answer a
             WHERE a.asked @@ $1::text::tsquery AND a.from_on <= $2 AND a.expires_on > $2
               AND (NOT $3 OR a.audience = 'public')
             ORDER BY rank DESC, a.entry_id DESC LIMIT $4)
         SELECT b.*, coalesce(o.name, '') AS organisation_name FROM best b
         LEFT JOIN identity.v_organisation o ON o.organisation_id = b.organisation_id
         ORDER BY b.rank DESC, b.entry_id DESC",
    )
    .bind(query)
    .bind(today)
    .bind(public_only)
    .bind(limit)
    .fetch_all(conn)
    .await?)
}

/// Answers in force whose full text has any of the grams, those with most of them first.
pub async fn said(
    conn: &mut PgConnection,
    query: &str,
    today: Date,
    public_only: bool,
    limit: i64,
) -> Result<Vec<AnswerRow>, DbError> {
    Ok(sqlx::query_as(
        "WITH best AS (
             SELECT a.entry_id, a.version, a.organisation_id, a.audience, a.question, a.aliases, a.keywords,
                 a.short_answer, a.expires_on, ts_rank('{1,1,1,1}', a.said, $1::text::tsquery) AS rank
             FROM hotline.knowledge_answer a
             WHERE a.said @@ $1::text::tsquery AND a.from_on <= $2 AND a.expires_on > $2
               AND (NOT $3 OR a.audience = 'public')
             ORDER BY rank DESC, a.entry_id DESC LIMIT $4)
         SELECT b.*, coalesce(o.name, '') AS organisation_name FROM best b
         LEFT JOIN identity.v_organisation o ON o.organisation_id = b.organisation_id
         ORDER BY b.rank DESC, b.entry_id DESC",
    )
    .bind(query)
    .bind(today)
    .bind(public_only)
    .bind(limit)
    .fetch_all(conn)
    .await?)
}

/// One page of the public answers, the newest first, of one organisation or of all.
pub async fn public(
    conn: &mut PgConnection,
    today: Date,
    organisation: Option<Uuid>,
    page: PageRequest,
) -> Result<Vec<AnswerRow>, DbError> {
    Ok(sqlx::query_as(
        "SELECT a.entry_id, a.version, a.organisation_id, a.audience, a.question, a.aliases, a.keywords, a.short_answer,
             a.expires_on, 0::real AS rank, coalesce(o.name, '') AS organisation_name
         FROM hotline.knowledge_answer a
         LEFT JOIN identity.v_organisation o ON o.organisation_id = a.organisation_id
         WHERE a.audience = 'public' AND a.from_on <= $1 AND a.expires_on > $1
           AND ($2::uuid IS NULL OR a.organisation_id = $2)
         ORDER BY a.published_at DESC, a.entry_id DESC LIMIT $3 OFFSET $4",
    )
    .bind(today)
    .bind(organisation)
    .bind(page.limit())
    .bind(page.offset())
    .fetch_all(conn)
    .await?)
}

/// The organisations that answer the public. There are some dozens.
pub async fn public_organisations(conn: &mut PgConnection, today: Date) -> Result<Vec<(Uuid, String)>, DbError> {
    Ok(sqlx::query_as(
        "SELECT o.organisation_id, o.name FROM identity.v_organisation o
         WHERE o.organisation_id IN (SELECT a.organisation_id FROM hotline.knowledge_answer a
             WHERE a.audience = 'public' AND a.from_on <= $1 AND a.expires_on > $1)
         ORDER BY o.path LIMIT 200",
    )
    .bind(today)
    .fetch_all(conn)
    .await?)
}

/// Which version of an entry is in force, if the public may read it.
pub async fn public_version(conn: &mut PgConnection, id: EntryId, today: Date) -> Result<Option<i32>, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT a.version FROM hotline.knowledge_answer a
         WHERE a.entry_id = $1 AND a.audience = 'public' AND a.from_on <= $2 AND a.expires_on > $2",
    )
    .bind(id)
    .bind(today)
    .fetch_optional(conn)
    .await?)
}

/// Puts a version into the search in place of whatever stood there of its entry.
pub async fn put(
    conn: &mut PgConnection,
    (id, version, organisation): (EntryId, i32, OrganisationId),
    content: &Content,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    take_out(conn, id).await?;
    let (aliases, keywords) = (content.aliases.join("\n"), content.keywords.join(" "));
    let asked = gram::distinct(&[content.question.as_str(), &aliases, &keywords].join("\n"));
    let said = gram::distinct(&[content.short_answer.as_str(), &content.answer].join("\n"));
    sqlx::query(
        "INSERT INTO hotline.knowledge_answer (entry_id, version, organisation_id, audience, question, aliases, keywords,
             short_answer, from_on, expires_on, published_at, asked, said)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, array_to_tsvector($12::text[]), array_to_tsvector($13::text[]))",
    )
    .bind(id)
    .bind(version)
    .bind(organisation)
    .bind(content.audience)
    .bind(&content.question)
    .bind(&aliases)
    .bind(&keywords)
    .bind(&content.short_answer)
    .bind(content.from_on)
    .bind(content.expires_on)
    .bind(now)
    .bind(asked.iter().collect::<Vec<_>>())
    .bind(said.iter().collect::<Vec<_>>())
    .execute(&mut *conn)
    .await?;
    count(conn, asked.into_iter().collect(), said.into_iter().collect(), 1).await
}

/// Takes an entry out of the search.
pub async fn take_out(conn: &mut PgConnection, id: EntryId) -> Result<(), DbError> {
    let gone: Option<(Vec<String>, Vec<String>)> = sqlx::query_as(
        "DELETE FROM hotline.knowledge_answer WHERE entry_id = $1
         RETURNING tsvector_to_array(asked), tsvector_to_array(said)",
    )
    .bind(id)
    .fetch_optional(&mut *conn)
    .await?;
    match gone {
        Some((asked, said)) => count(conn, asked, said, -1).await,
        None => Ok(()),
    }
}

/// Counts an answer's grams in or out. Everybody who does holds one lock, since the same few grams stand in all of them
/// and two changes would wait for each other in a circle; there are some dozens of changes a day.
async fn count(conn: &mut PgConnection, mut asked: Vec<String>, said: Vec<String>, step: i32) -> Result<(), DbError> {
    asked.push(String::new());
    sqlx::query("SELECT pg_advisory_xact_lock(hashtext('hotline.knowledge_gram'))").execute(&mut *conn).await?;
    sqlx::query(
        "INSERT INTO hotline.knowledge_gram (gram, asked, said)
         SELECT DISTINCT gram, 0, 0 FROM unnest($1::text[] || $2::text[]) AS gram ON CONFLICT DO NOTHING",
    )
    .bind(&asked)
    .bind(&said)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "UPDATE hotline.knowledge_gram SET asked = asked + $3 * (gram = ANY($1))::int, said = said + $3 * (gram = ANY($2))::int
         WHERE gram = ANY($1) OR gram = ANY($2)",
    )
    .bind(&asked)
    .bind(&said)
    .bind(step)
    .execute(&mut *conn)
    .await?;
    Ok(())
}
