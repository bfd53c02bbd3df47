//! An agreement in words: ten numbered clauses, Chinese (which binds) and English (which helps).
//!
//! The texts are written once, when the agreement is made, and stored; a refusal quotes them. They must say exactly
//! what `call` enforces: whoever changes one changes the other.
use jh_core::actor::OrganisationId;
use serde::Serialize;
use time::Date;
use utoipa::ToSchema;

use catalogue::api::Test;

use crate::model::{Handling, Onward, Terms};

/// What a clause is about. The number is fixed, so that a program can rely on it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ClauseKind {
    /// 双方.
    Parties,
    /// 资源.
    Resource,
    /// 字段.
    Fields,
    /// 数据范围.
    Rows,
    /// 用途.
    Purpose,
    /// 每日次数.
    Quota,
    /// 频率.
    Rate,
    /// 期限.
    Term,
    /// 转供.
    Onward,
    /// 终止.
    Closing,
}

impl ClauseKind {
    /// All, in the order of their numbers.
    pub const ALL: [Self; 10] = [
        Self::Parties,
        Self::Resource,
        Self::Fields,
        Self::Rows,
        Self::Purpose,
        Self::Quota,
        Self::Rate,
        Self::Term,
        Self::Onward,
        Self::Closing,
    ];

    /// From 1.
    pub fn number(self) -> i16 {
        self as i16 + 1
    }

    /// The clause with a number.
    pub fn numbered(number: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }

    /// The Fluent key of its heading.
    pub fn key(self) -> &'static str {
        match self {
            Self::Parties => "exchange-clause-parties",
            Self::Resource => "exchange-clause-resource",
            Self::Fields => "exchange-clause-fields",
            Self::Rows => "exchange-clause-rows",
            Self::Purpose => "exchange-clause-purpose",
            Self::Quota => "exchange-clause-quota",
            Self::Rate => "exchange-clause-rate",
            Self::Term => "exchange-clause-term",
            Self::Onward => "exchange-clause-onward",
            Self::Closing => "exchange-clause-closing",
        }
    }
}

/// One clause as it stands in the agreement.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct Clause {
    /// From 1.
    pub number: i16,
    /// The binding text.
    pub text_zh: String,
    /// The same in English.
    pub text_en: String,
}

/// One side of an agreement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Party {
    /// Which organisation.
    pub id: OrganisationId,
    /// Its name when the request was made.
    pub name: String,
}

/// A field's name for people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// The field.
    pub field: String,
    /// In Chinese.
    pub zh: String,
    /// In English; may be empty.
    pub en: String,
}

/// Everything the clauses speak of.
#[derive(Clone, Debug)]
pub struct Draft<'a> {
    /// Who gives.
    pub provider: &'a Party,
    /// Who gets.
    pub requester: &'a Party,
    /// Title and catalogue code.
    pub resource: (&'a str, &'a str),
    /// English title; may be empty.
    pub resource_en: &'a str,
    /// Which version of the resource.
    pub version: i32,
    /// What for.
    pub purpose: &'a str,
    /// By what law, if said.
    pub legal_basis: Option<&'a str>,
    /// Names of all fields and conditions.
    pub labels: &'a [Label],
    /// The terms.
    pub terms: &'a Terms,
}

/// The ten clauses.
pub fn write(draft: &Draft<'_>) -> Vec<Clause> {
    ClauseKind::ALL.into_iter().map(|kind| clause(kind, draft)).collect()
}

fn clause(kind: ClauseKind, draft: &Draft<'_>) -> Clause {
    let terms = draft.terms;
    let (title, code) = draft.resource;
    let english = if draft.resource_en.is_empty() { title } else { draft.resource_en };
    let (provider, requester) = (&draft.provider.name, &draft.requester.name);
    let (text_zh, text_en) = match kind {
        ClauseKind::Parties => (
            format!("提供方：{provider}。使用方：{requester}。只有使用方自己的凭证可以调用。"),
            format!("Provider: {provider}. User: {requester}. Only the user's own credentials may call."),
        ),
        ClauseKind::Resource => (
            format!("{title}（目录编码 {code}）第 {} 版。资源撤回后停止提供。", draft.version),
            format!(
                "{english} (catalogue code {code}), version {}. Supply stops when the resource is withdrawn.",
                draft.version
            ),
        ),
        ClauseKind::Fields => fields(draft),
        ClauseKind::Rows => rows(draft),
        ClauseKind::Purpose => purpose(draft),
        ClauseKind::Quota => (
            format!("每天不超过 {} 次，北京时间零点重新计数。被拒绝的调用不计入。", terms.calls_a_day),
            format!(
                "At most {} calls a day, counted anew at midnight in Beijing. Refused calls do not count.",
                terms.calls_a_day
            ),
        ),
        ClauseKind::Rate => (
            format!("每分钟不超过 {} 次，被拒绝的调用也计入。", terms.rate_a_minute),
            format!("At most {} calls a minute, refused calls included.", terms.rate_a_minute),
        ),
        ClauseKind::Term => (
            format!("自 {} 起，至 {} 止（含当日）。", day_zh(terms.from_on), day_zh(terms.to_on)),
            format!("From {} to {}, both included.", terms.from_on, terms.to_on),
        ),
        ClauseKind::Onward => onward(terms.onward),
        ClauseKind::Closing => (
            "提供方可以说明理由后撤销，使用方可以随时终止；撤销或终止后的下一次调用即被拒绝。".into(),
            "The provider may revoke with a reason and the user may end at any time; the very next call is refused."
                .into(),
        ),
    };
    Clause { number: kind.number(), text_zh, text_en }
}

fn onward(onward: Onward) -> (String, String) {
    match onward {
        Onward::Forbidden => ("不得向任何单位或个人转供。".into(), "Not to be passed on to anyone.".into()),
        Onward::OwnOffices => (
            "可以供使用方下属单位为同一用途使用，不得向其他单位或个人转供。".into(),
            "May be used by the user's own offices for the same purpose; not to be passed on to anyone else.".into(),
        ),
    }
}

fn purpose(draft: &Draft<'_>) -> (String, String) {
    let purpose = draft.purpose.trim_end_matches(['。', '.']);
    match draft.legal_basis {
        Some(basis) => (
            format!("仅用于：{purpose}。依据：{}。", basis.trim_end_matches(['。', '.'])),
            format!("Only for: {purpose}. Legal basis: {}.", basis.trim_end_matches(['。', '.'])),
        ),
        None => (format!("仅用于：{purpose}。"), format!("Only for: {purpose}.")),
    }
}

fn label<'a>(draft: &Draft<'a>, field: &'a str) -> (&'a str, &'a str) {
    match draft.labels.iter().find(|label| label.field == field) {
        Some(label) if label.en.is_empty() => (&label.zh, field),
        Some(label) => (&label.zh, &label.en),
        None => (field, field),
    }
}

fn fields(draft: &Draft<'_>) -> (String, String) {
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    for field in &draft.terms.fields {
        let (label_zh, label_en) = label(draft, &field.name);
        let (note_zh, note_en) = match (field.handling, field.reason.as_deref()) {
            (Handling::Masked, _) => ("，遮蔽".to_owned(), ", masked".to_owned()),
            (Handling::Clear, Some(reason)) => {
                (format!("，明文，理由：{reason}"), format!(", in clear because: {reason}"))
            }
            (Handling::Clear, None) => (String::new(), String::new()),
        };
        zh.push(format!("{label_zh}（{}{note_zh}）", field.name));
        en.push(format!("{label_en} ({}{note_en})", field.name));
    }
    let masked = draft.terms.fields.iter().any(|field| field.handling == Handling::Masked);
    let (tail_zh, tail_en) = match masked {
        true => ("遮蔽的字段只能按完整的值查询。", " Masked fields can be searched by their whole value only."),
        false => ("", ""),
    };
    (
        format!("只提供下列字段：{}。{tail_zh}", zh.join("、")),
        format!("These fields and no others: {}.{tail_en}", en.join(", ")),
    )
}

fn rows(draft: &Draft<'_>) -> (String, String) {
    if draft.terms.conditions.is_empty() {
        return ("资源的全部数据行。".into(), "All rows of the resource.".into());
    }
    let said = draft.terms.conditions.iter().map(|condition| {
        let (zh, en) = label(draft, &condition.field);
        let values = condition.test.values();
        let (joined, first) = (values.join("、"), values.first().map_or("", String::as_str));
        match &condition.test {
            Test::Eq { .. } => (format!("{zh}等于 {first}"), format!("{en} is {first}")),
            Test::In { .. } => (format!("{zh}为 {joined} 之一"), format!("{en} is one of {}", values.join(", "))),
            Test::Prefix { .. } => (format!("{zh}以 {first} 开头"), format!("{en} begins with {first}")),
            Test::Ge { .. } => (format!("{zh}不小于 {first}"), format!("{en} is at least {first}")),
            Test::Le { .. } => (format!("{zh}不大于 {first}"), format!("{en} is at most {first}")),
        }
    });
    let (zh, en): (Vec<_>, Vec<_>) = said.unzip();
    (
        format!("只提供同时满足下列条件的数据行：{}。", zh.join("；")),
        format!("Only rows for which all of these hold: {}.", en.join("; ")),
    )
}

fn day_zh(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), u8::from(date.month()), date.day())
}

#[cfg(test)]
mod tests {
    use catalogue::api::Condition;
    use time::macros::date;

    use super::*;
    use crate::model::FieldTerm;

    fn written() -> Vec<Clause> {
        let party = |name: &str| Party { id: OrganisationId(uuid::Uuid::nil()), name: name.into() };
        let field = |name: &str, handling, reason: Option<&str>| FieldTerm {
            name: name.into(),
            handling,
            reason: reason.map(Into::into),
        };
        let terms = Terms {
            fields: vec![
                field("name", Handling::Clear, Some("核对申请人")),
                field("citizen_id", Handling::Masked, None),
            ],
            conditions: vec![Condition { field: "division".into(), test: Test::Prefix { value: "320602".into() } }],
            calls_a_day: 2_000,
            rate_a_minute: 60,
            from_on: date!(2026 - 12 - 01),
            to_on: date!(2027 - 11 - 30),
            onward: Onward::Forbidden,
        };
        let label = |field: &str, zh: &str, en: &str| Label { field: field.into(), zh: zh.into(), en: en.into() };
        let labels = [
            label("name", "姓名", "Name"),
            label("citizen_id", "公民身份号码", ""),
            label("division", "区划", "Division"),
        ];
        write(&Draft {
            provider: &party("南通市公安局"),
            requester: &party("南通市民政局"),
            resource: ("常住人口", "306001-000001"),
            resource_en: "",
            version: 2,
            purpose: "办理低保时核对申请人户籍。",
            legal_basis: None,
            labels: &labels,
            terms: &terms,
        })
    }

    #[test]
    fn clauses_are_numbered_from_one_in_a_fixed_order() {
        let numbers: Vec<_> = written().iter().map(|clause| clause.number).collect();
        assert_eq!(numbers, (1..=10).collect::<Vec<_>>());
        assert_eq!(ClauseKind::numbered(6), Some(ClauseKind::Quota));
        assert_eq!(ClauseKind::numbered(0), None);
    }

    #[test]
    fn clauses_say_in_both_languages_what_is_enforced() {
        let clauses = written();
        let zh = |kind: ClauseKind| clauses[usize::from(kind.number().unsigned_abs()) - 1].text_zh.as_str();
        let en = |kind: ClauseKind| clauses[usize::from(kind.number().unsigned_abs()) - 1].text_en.as_str();
        assert_eq!(
            zh(ClauseKind::Fields),
            "只提供下列字段：姓名（name，明文，理由：核对申请人）、公民身份号码（citizen_id，遮蔽）。遮蔽的字段只能按完整的值查询。"
        );
        assert_eq!(zh(ClauseKind::Rows), "只提供同时满足下列条件的数据行：区划以 320602 开头。");
        assert_eq!(zh(ClauseKind::Purpose), "仅用于：办理低保时核对申请人户籍。");
        assert_eq!(zh(ClauseKind::Term), "自 2026年12月1日 起，至 2027年11月30日 止（含当日）。");
        assert_eq!(en(ClauseKind::Rows), "Only rows for which all of these hold: Division begins with 320602.");
        assert_eq!(en(ClauseKind::Term), "From 2026-12-01 to 2027-11-30, both included.");
    }
}
