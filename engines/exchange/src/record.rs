//! What the log keeps of a call: who, which fields, how many rows, under which clause; never a personal value.
use jh_core::fault::Fault;
use jh_crypto::sm3;
use jh_db::Base;
use time::OffsetDateTime;

use crate::call::{Answer, Caller};
use crate::fault::ExchangeError;
use crate::model::AgreementId;
use crate::question::{Question, shown};
use crate::store::call::{CallRow, Taken};

/// The most characters of a filter.
const FILTER_CHARS_MAX: usize = 500;
/// The most field names of one call.
const FIELDS_MAX: usize = 200;
/// Bytes of the keyed hash that stand for a value: enough to tell calls apart, too few to test a guess for certain.
const HASH_BYTES: usize = 4;

/// A call at its end.
pub struct Call<'a> {
    /// The agreement.
    pub id: AgreementId,
    /// When it came.
    pub now: OffsetDateTime,
    /// Who.
    pub caller: &'a Caller,
    /// What was found.
    pub taken: &'a Taken,
    /// What was asked, if it could be read.
    pub question: Option<&'a Question>,
}

/// The log row.
pub fn row(base: &Base, call: &Call<'_>, result: &Result<Answer, ExchangeError>) -> CallRow {
    let (outcome, clause, code) = match result {
        Ok(_) => ("answered", None, None),
        Err(ExchangeError::Denied { denial, .. }) => {
            ("refused", Some(denial.clause().number()), Some(denial.code().to_owned()))
        }
        Err(error @ ExchangeError::Query { .. }) => ("refused", None, Some(error.refusal().code.to_owned())),
        Err(error @ ExchangeError::Catalogue(_)) => ("refused", None, Some(error.refusal().code.to_owned())),
        Err(error) => ("failed", None, Some(error.refusal().code.to_owned())),
    };
    let rows = result.as_ref().map_or(0, |answer| answer.page.rows.len());
    let elapsed = base.clock.now() - call.now;
    CallRow {
        agreement_id: call.id,
        call_id: jh_core::id::uuid_at(call.now),
        called_at: call.now,
        caller_id: call.caller.actor.organisation,
        caller_name: call.caller.actor.name.to_string(),
        fields: fields(call, result),
        filter: filter(base, call),
        rows_returned: i32::try_from(rows).unwrap_or(i32::MAX),
        outcome: outcome.to_owned(),
        clause,
        code,
        elapsed_us: i64::try_from(elapsed.whole_microseconds()).unwrap_or(i64::MAX),
        request_id: call.caller.request_id.clone(),
    }
}

/// The columns given, or those asked for.
fn fields(call: &Call<'_>, result: &Result<Answer, ExchangeError>) -> Vec<String> {
    if let Ok(answer) = result {
        return answer.fields.iter().map(|field| field.name.clone()).collect();
    }
    let asked = call.question.and_then(|question| question.fields.as_ref());
    asked.into_iter().flatten().take(FIELDS_MAX).map(|name| shown(name)).collect()
}

/// `division eq 320602; citizen_id eq #1f2e3d4c`.
fn filter(base: &Base, call: &Call<'_>) -> String {
    let Some(question) = call.question else { return String::new() };
    let mut text = String::new();
    for condition in &question.conditions {
        let field = call.taken.fields.iter().find(|field| field.name == condition.field);
        let open = field.is_some_and(|field| field.may_be_logged());
        let value = |value: &String| match open {
            true => value.clone(),
            // Bound to the agreement, so that equal values in two departments' logs do not look equal.
            false => {
                let blind = base.keys.blind("exchange.log", &format!("{} {value}", call.id));
                format!("#{}", sm3::hex(&blind[..HASH_BYTES]))
            }
        };
        let values: Vec<_> = condition.test.values().iter().map(value).collect();
        let separator = if text.is_empty() { "" } else { "; " };
        text.push_str(&format!("{separator}{} {} {}", shown(&condition.field), condition.test.op(), values.join(",")));
        if text.chars().count() > FILTER_CHARS_MAX {
            return text.chars().take(FILTER_CHARS_MAX).collect();
        }
    }
    text
}
