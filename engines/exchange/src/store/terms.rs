//! Terms in the database: written once, read whole.
use catalogue::api::{Classification, Condition, Field, FieldType};
use jh_db::DbError;
use sqlx::{FromRow, PgConnection};
use time::{Date, OffsetDateTime};

use crate::model::{FieldTerm, Handling, Onward, Terms, TermsId};
use crate::rows;

/// Terms together with the fields they speak of, as the stated version of the resource describes them.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The terms.
    pub terms: Terms,
    /// The agreed fields, in the order of the terms.
    pub fields: Vec<Field>,
    /// The fields of the conditions, in their order.
    pub condition_fields: Vec<Field>,
}

#[derive(FromRow)]
struct TermsRow {
    calls_a_day: i32,
    rate_a_minute: i32,
    from_on: Date,
    to_on: Date,
    onward: Onward,
}

#[derive(FromRow)]
struct FieldRow {
    name: String,
    label: String,
    label_en: String,
    element: Option<String>,
    field_type: FieldType,
    classification: Classification,
    masked: bool,
    reason: Option<String>,
    operator: String,
    operands: Vec<String>,
}

impl FieldRow {
    fn field(&self) -> Field {
        Field {
            name: self.name.clone(),
            label: self.label.clone(),
            label_en: self.label_en.clone(),
            element: self.element.clone(),
            field_type: self.field_type,
            required: false,
            classification: self.classification,
            unit: String::new(),
        }
    }
}

/// Writes terms. Every field and condition must name one of `known`.
pub async fn insert(
    conn: &mut PgConnection,
    id: TermsId,
    terms: &Terms,
    known: &[Field],
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO exchange.terms (terms_id, calls_a_day, rate_a_minute, from_on, to_on, onward, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id)
    .bind(terms.calls_a_day)
    .bind(terms.rate_a_minute)
    .bind(terms.from_on)
    .bind(terms.to_on)
    .bind(terms.onward)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    let of = |name: &str| known.iter().find(|field| field.name == name);
    for (position, (term, field)) in (0i16..).zip(terms.fields.iter().filter_map(|t| Some((t, of(&t.name)?)))) {
        insert_field(conn, id, position, term, field).await?;
    }
    for (position, (condition, field)) in (0i16..).zip(terms.conditions.iter().filter_map(|c| Some((c, of(&c.field)?))))
    {
        insert_condition(conn, id, position, condition, field).await?;
    }
    Ok(())
}

async fn insert_field(
    conn: &mut PgConnection,
    id: TermsId,
    position: i16,
    term: &FieldTerm,
    field: &Field,
) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO exchange.terms_field (terms_id, position, name, label, label_en, element, field_type,
             classification, handling, reason, rule)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
             (SELECT e.rule FROM catalogue.v_element e WHERE e.identifier = $6))",
    )
    .bind(id)
    .bind(position)
    .bind(&field.name)
    .bind(&field.label)
    .bind(&field.label_en)
    .bind(&field.element)
    .bind(field.field_type.word())
    .bind(field.classification.word())
    .bind(if term.handling == Handling::Masked { "masked" } else { "clear" })
    .bind(&term.reason)
    .execute(conn)
    .await?;
    Ok(())
}

async fn insert_condition(
    conn: &mut PgConnection,
    id: TermsId,
    position: i16,
    condition: &Condition,
    field: &Field,
) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO exchange.terms_condition (terms_id, position, name, label, label_en, element, field_type,
             classification, operator, operands)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(id)
    .bind(position)
    .bind(&field.name)
    .bind(&field.label)
    .bind(&field.label_en)
    .bind(&field.element)
    .bind(field.field_type.word())
    .bind(field.classification.word())
    .bind(condition.test.op())
    .bind(condition.test.values())
    .execute(conn)
    .await?;
    Ok(())
}

/// Reads terms; none when there are none of that id.
pub async fn fetch(conn: &mut PgConnection, id: TermsId) -> Result<Option<Stored>, DbError> {
    let head: Option<TermsRow> = sqlx::query_as(
        "SELECT calls_a_day, rate_a_minute, from_on, to_on, onward FROM exchange.terms WHERE terms_id = $1",
    )
    .bind(id)
    .fetch_optional(&mut *conn)
    .await?;
    let Some(head) = head else { return Ok(None) };
    let fields: Vec<FieldRow> = sqlx::query_as(
        "SELECT name, label, label_en, element, field_type, classification, handling = 'masked' AS masked, reason,
             '' AS operator, '{}'::text[] AS operands
         FROM exchange.terms_field WHERE terms_id = $1 ORDER BY position",
    )
    .bind(id)
    .fetch_all(&mut *conn)
    .await?;
    let conditions: Vec<FieldRow> = sqlx::query_as(
        "SELECT name, label, label_en, element, field_type, classification, false AS masked, NULL::text AS reason,
             operator, operands
         FROM exchange.terms_condition WHERE terms_id = $1 ORDER BY position",
    )
    .bind(id)
    .fetch_all(conn)
    .await?;
    Ok(Some(assemble(head, &fields, &conditions)))
}

fn assemble(head: TermsRow, fields: &[FieldRow], conditions: &[FieldRow]) -> Stored {
    let handling = |row: &FieldRow| if row.masked { Handling::Masked } else { Handling::Clear };
    let term =
        |row: &FieldRow| FieldTerm { name: row.name.clone(), handling: handling(row), reason: row.reason.clone() };
    let condition = |row: &FieldRow| {
        let test = rows::test(&row.operator, row.operands.clone())?;
        Some(Condition { field: row.name.clone(), test })
    };
    Stored {
        terms: Terms {
            fields: fields.iter().map(term).collect(),
            conditions: conditions.iter().filter_map(condition).collect(),
            calls_a_day: head.calls_a_day,
            rate_a_minute: head.rate_a_minute,
            from_on: head.from_on,
            to_on: head.to_on,
            onward: head.onward,
        },
        fields: fields.iter().map(FieldRow::field).collect(),
        condition_fields: conditions.iter().map(FieldRow::field).collect(),
    }
}
