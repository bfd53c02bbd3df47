//! A governed call, from the credential to the rows: take, judge, read, mask, log.
//!
//! Every mode of exchange passes here. Nothing is remembered between calls, so a revocation stops the very next one.
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use jh_core::actor::Actor;
use jh_core::clock::china_day;
use jh_core::mask;
use jh_db::Base;
use time::OffsetDateTime;
use uuid::Uuid;

use catalogue::api::{
    Binding, Classification, Column, Exposure, FieldType, Resolved, RowFilter, RowPage, RowQuery, RowSource, Rule,
};

use crate::denial::{Denial, minute_of, next_midnight};
use crate::fault::ExchangeError;
use crate::model::{AgreementId, AgreementState, Handling};
use crate::question::{Question, shown};
use crate::record;
use crate::rows;
use crate::store::agreement;
use crate::store::call::{self, CallCondition, CallField, Knock, Taken, Unanswered};

/// Longer than any page of rows should take.
const SOURCE_TIMEOUT: Duration = Duration::from_secs(10);
/// How often a place is looked for when others were faster at the shards with room.
const TRIES_MAX: usize = 20;

/// Who calls, under which request.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The actor behind the credential.
    pub actor: Actor,
    /// The request's id.
    pub request_id: String,
}

/// The answer to a call.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The agreement's number.
    pub number: String,
    /// The resource's catalogue code.
    pub resource_code: String,
    /// The columns given.
    pub fields: Vec<CallField>,
    /// The rows and where to go on.
    pub page: RowPage,
    /// Calls left today.
    pub quota_left: i64,
}

/// Answers one call, or refuses it and says under which clause. Either way the log has its row before this returns.
pub async fn answer(
    base: &Base,
    caller: &Caller,
    id: AgreementId,
    question: Result<Question, ExchangeError>,
) -> Result<Answer, ExchangeError> {
    let now = base.clock.now();
    let organisation = caller.actor.organisation.filter(|_| caller.actor.may(crate::actions::CALL));
    let knock =
        Knock { agreement: id, caller: organisation, today: china_day(now), minute_at: minute_of(now), salt: salt() };
    let taken = take(base, knock).await?.ok_or(ExchangeError::NotFound("agreement"))?;
    let party = organisation == Some(taken.requester_id);
    let result = respond(base, caller, now, &taken, &question).await;
    let call = record::Call { id, now, caller, taken: &taken, question: question.as_ref().ok() };
    let log = record::row(base, &call, &result);
    match result {
        Ok(answer) => {
            call::settle(base.db.pool(), &log).await?;
            Ok(answer)
        }
        Err(error) => {
            let how = Unanswered {
                day: knock.today,
                minute_at: knock.minute_at,
                shard: taken.shard.unwrap_or(0),
                give_back: taken.shard.is_some(),
            };
            call::settle_unanswered(base.db.pool(), &log, how).await?;
            with_clause(base, id, party, error).await
        }
    }
}

/// The refusal with the text of its clause. A stranger gets the number alone: the text names the parties.
async fn with_clause(base: &Base, id: AgreementId, party: bool, error: ExchangeError) -> Result<Answer, ExchangeError> {
    let ExchangeError::Denied { denial, .. } = error else { return Err(error) };
    let clause = match party {
        true => agreement::clause(&mut *base.db.read().await?, id, denial.clause().number()).await?,
        false => None,
    };
    Err(ExchangeError::Denied { denial, clause })
}

/// Takes a place. Between finding a shard with room and taking from it another call may be faster; then look again.
async fn take(base: &Base, knock: Knock) -> Result<Option<Taken>, ExchangeError> {
    let mut found = call::take(base.db.pool(), knock).await?;
    for _ in 0..TRIES_MAX {
        let missed =
            |t: &Taken| t.room && t.shard.is_none() && standing(t, knock.caller.map(Into::into), knock.today).is_ok();
        if !found.as_ref().is_some_and(missed) {
            break;
        }
        found = call::take(base.db.pool(), knock).await?;
    }
    Ok(found)
}

/// Spreads neighbouring calls over the shards.
fn salt() -> i32 {
    static NEXT: AtomicI32 = AtomicI32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed) & 0x00ff_ffff
}

/// What stands in the way of a call before quota and contents are looked at.
fn standing(taken: &Taken, caller: Option<Uuid>, today: time::Date) -> Result<(), Denial> {
    let at = taken.closed_at.unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let by = taken.closed_by_name.clone().unwrap_or_default();
    if caller != Some(taken.requester_id.into()) {
        return Err(Denial::NotParty);
    }
    match taken.state {
        AgreementState::Revoked => {
            Err(Denial::Revoked { at, by, reason: taken.closed_reason.clone().unwrap_or_default() })
        }
        AgreementState::Ended => Err(Denial::Ended { at, by }),
        AgreementState::Expired => Err(Denial::TermOver { to_on: taken.to_on }),
        AgreementState::InForce if today > taken.to_on => Err(Denial::TermOver { to_on: taken.to_on }),
        AgreementState::InForce if today < taken.from_on => Err(Denial::TermAhead { from_on: taken.from_on }),
        AgreementState::InForce if !taken.published => Err(Denial::ResourceWithdrawn),
        AgreementState::InForce => Ok(()),
    }
}

/// Why no place was to be had.
fn exhausted(taken: &Taken, now: OffsetDateTime) -> Denial {
    if taken.used >= i64::from(taken.calls_a_day) {
        let resets_at = next_midnight(now);
        let retry_after_s = (resets_at - now).whole_seconds().max(1);
        return Denial::OverQuota { limit: taken.calls_a_day, resets_at, retry_after_s };
    }
    let retry_after_s = 60 - i64::from(now.second());
    Denial::OverRate { limit: taken.rate_a_minute, retry_after_s }
}

async fn respond(
    base: &Base,
    caller: &Caller,
    now: OffsetDateTime,
    taken: &Taken,
    question: &Result<Question, ExchangeError>,
) -> Result<Answer, ExchangeError> {
    let denied = |denial| ExchangeError::Denied { denial, clause: None };
    let organisation = caller.actor.organisation.filter(|_| caller.actor.may(crate::actions::CALL));
    standing(taken, organisation.map(Into::into), china_day(now)).map_err(denied)?;
    if taken.shard.is_none() {
        return Err(denied(exhausted(taken, now)));
    }
    let question = match question {
        Ok(question) => question,
        Err(ExchangeError::Query { code, parameter }) => {
            return Err(ExchangeError::Query { code, parameter: parameter.clone() });
        }
        Err(error) => return Err(ExchangeError::Write(error.to_string())),
    };
    let (fields, query) = plan(&taken.fields, &taken.conditions, question)?;
    let mut page = read(base, taken, &query).await?;
    hide(&mut page, &fields, query.exposure);
    let quota_left = (i64::from(taken.calls_a_day) - taken.used - 1).max(0);
    let (number, resource_code) = (taken.number.clone(), taken.resource_code.clone());
    Ok(Answer { number, resource_code, fields, page, quota_left })
}

/// The columns to give and the query that brings no more than the agreement allows.
/// Whether a question about a masked field asks for one whose number the caller has. Equality on anything with few values,
/// a code or a day, would tell the value of every row in a handful of calls.
fn names_one(field: &CallField, operator: &str) -> bool {
    operator == "eq" && matches!(field.rule, Some(Rule::CitizenId | Rule::Uscc | Rule::Phone))
}

fn plan(
    agreed: &[CallField],
    conditions: &[CallCondition],
    question: &Question,
) -> Result<(Vec<CallField>, RowQuery), ExchangeError> {
    let denied = |denial| ExchangeError::Denied { denial, clause: None };
    let of = |name: &str| agreed.iter().find(|field| field.name == name);
    if let Some(stray) = question.touched().find(|name| of(name).is_none()) {
        return Err(denied(Denial::FieldNotAgreed { field: shown(stray) }));
    }
    let fields: Vec<CallField> = match &question.fields {
        Some(names) => names.iter().filter_map(|name| of(name)).cloned().collect(),
        None => agreed.to_vec(),
    };
    let guess = question.conditions.iter().find(|asked| {
        of(&asked.field).is_some_and(|field| field.handling == Handling::Masked && !names_one(field, asked.test.op()))
    });
    if let Some(condition) = guess {
        return Err(denied(Denial::MaskedSearch { field: condition.field.clone() }));
    }
    let known: Vec<_> = agreed.iter().map(CallField::field).collect();
    let searched =
        RowFilter(question.conditions.clone()).resolve(&known).map_err(catalogue::api::CatalogueError::Filter)?;
    let limits: Vec<Resolved> = conditions.iter().filter_map(CallCondition::resolved).collect();
    // A condition that cannot be read must not be left out: it would give more rows than agreed.
    if limits.len() != conditions.len() {
        return Err(ExchangeError::Write("an agreed condition cannot be read".into()));
    }
    let outside = searched.iter().find(|search| {
        limits.iter().any(|limit| limit.column.name == search.column.name && rows::contradicts(limit, search))
    });
    if let Some(search) = outside {
        return Err(denied(Denial::OutsideRows { field: search.column.name.clone() }));
    }
    let clear = fields.iter().any(|field| field.sensitive() && field.handling == Handling::Clear);
    let query = RowQuery {
        columns: fields.iter().map(|field| Column::from(&field.field())).collect(),
        filter: limits.into_iter().chain(searched).collect(),
        sort: None,
        after: question.cursor.clone(),
        limit: question.size,
        exposure: if clear { Exposure::Clear } else { Exposure::Masked },
    };
    Ok((fields, query))
}

async fn read(base: &Base, taken: &Taken, query: &RowQuery) -> Result<RowPage, ExchangeError> {
    let serves = |source: &std::sync::Arc<dyn RowSource>| source.kinds().contains(&taken.row_kind);
    let source = base.services.all::<dyn RowSource>().into_iter().find(serves).ok_or(ExchangeError::SourceAway)?;
    let binding = Binding { kind: taken.row_kind, resource_id: taken.resource_id, provider_id: taken.provider_id };
    match tokio::time::timeout(SOURCE_TIMEOUT, source.rows(base, &binding, query)).await {
        Ok(page) => Ok(page?),
        Err(_) => Err(ExchangeError::SourceAway),
    }
}

/// A source shows all sensitive columns or masks all of them. Where one is agreed in clear, the others are masked here.
fn hide(page: &mut RowPage, fields: &[CallField], exposure: Exposure) {
    if exposure == Exposure::Masked {
        return;
    }
    let masked: Vec<_> = (0..).zip(fields).filter(|(_, field)| field.handling == Handling::Masked).collect();
    for row in &mut page.rows {
        for (place, field) in &masked {
            let place: usize = *place;
            if let Some(Some(cell)) = row.cells.get_mut(place) {
                *cell = field.mask(cell);
            }
        }
    }
}

impl CallField {
    fn sensitive(&self) -> bool {
        self.classification == Classification::Sensitive
    }

    fn field(&self) -> catalogue::api::Field {
        catalogue::api::Field {
            name: self.name.clone(),
            label: String::new(),
            label_en: String::new(),
            element: self.element.clone(),
            field_type: self.field_type,
            required: false,
            classification: self.classification,
            unit: String::new(),
        }
    }

    fn mask(&self, cell: &str) -> String {
        match self.rule {
            Some(Rule::CitizenId) => mask::id_number(cell),
            Some(Rule::Phone) => mask::phone(cell),
            Some(Rule::PersonName) => mask::name(cell),
            _ => "****".into(),
        }
    }

    /// Whether a value searched for may stand in the log: what anyone may read, or a code that many share.
    pub(crate) fn may_be_logged(&self) -> bool {
        match self.classification {
            Classification::Public => true,
            Classification::Internal => self.field_type == FieldType::Code,
            Classification::Sensitive => false,
        }
    }
}

impl CallCondition {
    fn resolved(&self) -> Option<Resolved> {
        let column = Column {
            name: self.name.clone(),
            element: self.element.clone(),
            field_type: self.field_type,
            sensitive: self.classification == Classification::Sensitive,
        };
        Some(Resolved { column, test: rows::test(&self.operator, self.operands.clone())? })
    }
}

#[cfg(test)]
mod stand_in;
#[cfg(test)]
mod tests;
