//! A resource of the directory: its parts, its states, and the pure rules for moving between them.
//!
//! Nothing here knows a database, a page or the time. The rule that matters most is maker and checker: whoever
//! worked on a version does not publish it, whatever permissions they hold.
use jh_core::actor::{AccountId, OrganisationId};
use jh_core::define_id;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::field::Field;
use crate::vocabulary::words;

define_id!(
    /// One entry of the directory, the same through all its versions.
    ResourceId
);

words!(
    /// How far the content may travel (数据分级).
    Classification {
        /// 公开: anyone may read it.
        Public = "public",
        /// 内部: for work within government.
        Internal = "internal",
        /// 敏感: about a person or a secret; sealed, masked, audited.
        Sensitive = "sensitive",
    }
);
words!(
    /// On what terms another department may have it (共享类型).
    SharingKind {
        /// 无条件共享.
        Unconditional = "unconditional",
        /// 有条件共享: the condition is stated.
        Conditional = "conditional",
        /// 不予共享: the legal basis is stated.
        Withheld = "withheld",
    }
);
words!(
    /// How often the provider brings it up to date (更新周期).
    UpdateCycle {
        /// 实时.
        Realtime = "realtime",
        /// 每日.
        Daily = "daily",
        /// 每周.
        Weekly = "weekly",
        /// 每月.
        Monthly = "monthly",
        /// 每季度.
        Quarterly = "quarterly",
        /// 每半年.
        HalfYearly = "half_yearly",
        /// 每年.
        Yearly = "yearly",
        /// 不定期.
        Irregular = "irregular",
    }
);
words!(
    /// Where a version stands.
    State {
        /// 草稿: may be edited.
        Draft = "draft",
        /// 待审核: waits for somebody who did not write it.
        InReview = "in_review",
        /// 已发布: never changes again.
        Published = "published",
        /// 已被新版本取代.
        Superseded = "superseded",
        /// 已撤回.
        Withdrawn = "withdrawn",
    }
);
words!(
    /// What the rows behind a resource are (基础库类型): who serves them is the row source's business.
    RowKind {
        /// Base records of persons.
        Person = "person",
        /// Base records of organisations.
        Organisation = "organisation",
        /// Base records of places.
        Place = "place",
        /// Rows delivered for this resource alone.
        Dataset = "dataset",
    }
);
words!(
    /// What an organisation of the plan would look under (主题分类).
    Theme {
        /// 人口与社会保障.
        Population = "population",
        /// 经济与企业.
        Economy = "economy",
        /// 城市建设与住房.
        Construction = "construction",
        /// 交通出行.
        Transport = "transport",
        /// 教育文化.
        Education = "education",
        /// 卫生健康.
        Health = "health",
        /// 生态环境.
        Environment = "environment",
        /// 公共安全.
        Safety = "safety",
        /// 政务服务与信用.
        Government = "government",
        /// 地理与区划.
        Geography = "geography",
    }
);
words!(
    /// The form in which the provider holds it (信息资源格式).
    Format {
        /// A table in a database.
        Database = "database",
        /// A spreadsheet or CSV.
        Table = "table",
        /// A live interface.
        Interface = "interface",
        /// Points, lines and areas.
        Geographic = "geographic",
        /// Documents.
        Document = "document",
    }
);

/// The sharing kind together with the words the kind demands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Sharing {
    /// Any department, on request.
    Unconditional,
    /// Departments that meet the condition.
    Conditional {
        /// For example "仅用于办理不动产登记".
        condition: String,
    },
    /// No department.
    Withheld {
        /// The clause of law that forbids it.
        basis: String,
    },
}

impl Sharing {
    /// The kind alone.
    pub fn kind(&self) -> SharingKind {
        match self {
            Self::Unconditional => SharingKind::Unconditional,
            Self::Conditional { .. } => SharingKind::Conditional,
            Self::Withheld { .. } => SharingKind::Withheld,
        }
    }
    /// The condition or the legal basis; empty when unconditional.
    pub fn terms(&self) -> &str {
        match self {
            Self::Unconditional => "",
            Self::Conditional { condition } => condition,
            Self::Withheld { basis } => basis,
        }
    }
    /// From the two columns or form fields that hold it.
    pub fn from_parts(kind: SharingKind, terms: &str) -> Self {
        let terms = terms.trim().to_owned();
        match kind {
            SharingKind::Unconditional => Self::Unconditional,
            SharingKind::Conditional => Self::Conditional { condition: terms },
            SharingKind::Withheld => Self::Withheld { basis: terms },
        }
    }
}

/// The longest title, in characters.
pub const TITLE_LENGTH_MAX: usize = 120;
/// The longest description, condition or legal basis.
pub const TEXT_LENGTH_MAX: usize = 2_000;
/// The most keywords.
pub const KEYWORDS_MAX: usize = 20;
/// The most fields of one version.
pub const FIELDS_MAX: usize = 200;

/// What the writer of a draft decides. Everything else about a version is decided by its life.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Content {
    /// Title in Chinese.
    pub title: String,
    /// Title in English; may be empty.
    pub title_en: String,
    /// Two sentences in Chinese.
    pub description: String,
    /// Two sentences in English; may be empty.
    pub description_en: String,
    /// Words people search for.
    pub keywords: Vec<String>,
    /// Where people look for it.
    pub theme: Theme,
    /// How the provider holds it.
    pub format: Format,
    /// How often it is brought up to date.
    pub update_cycle: UpdateCycle,
    /// The highest class of what it contains.
    pub classification: Classification,
    /// The terms.
    pub sharing: Sharing,
    /// Open to the public (是否向社会开放).
    pub open: bool,
    /// Whom to ask: an office and its phone.
    pub contact: String,
    /// What its rows are; none when only described.
    pub rows: Option<RowKind>,
    /// The fields, in order.
    pub fields: Vec<Field>,
}

/// One version of a resource with its life so far.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Version {
    /// The resource.
    pub resource_id: ResourceId,
    /// The resource's catalogue code.
    pub code: String,
    /// From 1.
    pub version: i32,
    /// Whose it is.
    pub provider_id: OrganisationId,
    /// Where it stands.
    pub state: State,
    /// What it says.
    pub content: Content,
    /// Everyone who worked on it, and who therefore may not publish it.
    pub drafters: Vec<AccountId>,
    /// When it was first published.
    pub published_at: Option<OffsetDateTime>,
    /// When it last changed.
    pub changed_at: OffsetDateTime,
}

words!(
    /// A move in a version's life; each has a route that is a noun.
    Step {
        /// A draft is begun: the first, or the next version's.
        Drafting = "drafting",
        /// The writer asks for a review.
        Submission = "submission",
        /// The reviewer sends it back with a reason.
        Return = "return",
        /// Somebody who did not write it publishes it.
        Publication = "publication",
        /// A newer version took its place.
        Supersession = "supersession",
        /// It is taken out of the directory, with a reason.
        Withdrawal = "withdrawal",
    }
);

/// Why a step is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StepRefusal {
    /// The version does not stand where the step starts.
    WrongState(State),
    /// The one who checks is one who made it.
    OwnWork,
    /// The program itself cannot review; a person must.
    NoPerson,
    /// This step must say why.
    ReasonMissing,
}

/// Where `step` leads from `state` when `who` takes it on a version that `drafters` wrote.
pub fn step(
    state: State,
    step: Step,
    who: Option<AccountId>,
    drafters: &[AccountId],
    reason: &str,
) -> Result<State, StepRefusal> {
    let to = match (state, step) {
        (State::Draft, Step::Submission) => State::InReview,
        (State::InReview, Step::Return) => State::Draft,
        (State::InReview, Step::Publication) => State::Published,
        (State::Published, Step::Supersession) => State::Superseded,
        (State::Published, Step::Withdrawal) => State::Withdrawn,
        _ => return Err(StepRefusal::WrongState(state)),
    };
    if matches!(step, Step::Return | Step::Withdrawal) && reason.trim().is_empty() {
        return Err(StepRefusal::ReasonMissing);
    }
    // A writer may take their own submission back ("return"); only publishing needs a second pair of eyes.
    if step == Step::Publication {
        let who = who.ok_or(StepRefusal::NoPerson)?;
        if drafters.contains(&who) {
            return Err(StepRefusal::OwnWork);
        }
    }
    Ok(to)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn account(n: u8) -> AccountId {
        AccountId(Uuid::from_bytes([n; 16]))
    }

    #[test]
    fn the_usual_life() {
        let (writer, checker) = (account(1), account(2));
        let drafters = [writer];
        let state = step(State::Draft, Step::Submission, Some(writer), &drafters, "").unwrap();
        let state = step(state, Step::Publication, Some(checker), &drafters, "").unwrap();
        assert_eq!(state, State::Published);
        assert_eq!(step(state, Step::Withdrawal, Some(checker), &drafters, ""), Err(StepRefusal::ReasonMissing));
        assert_eq!(step(state, Step::Withdrawal, Some(checker), &drafters, "数据有误"), Ok(State::Withdrawn));
    }

    #[test]
    fn the_program_cannot_publish() {
        assert_eq!(step(State::InReview, Step::Publication, None, &[], ""), Err(StepRefusal::NoPerson));
    }

    proptest! {
        #[test]
        fn nobody_ever_publishes_their_own_work(
            steps in proptest::collection::vec((0usize..Step::ALL.len(), 0u8..3), 0..30),
        ) {
            let drafters = [account(0), account(1)];
            let mut state = State::Draft;
            for (which, who) in steps {
                let taken = Step::ALL[which];
                if let Ok(next) = step(state, taken, Some(account(who)), &drafters, "原因") {
                    if next == State::Published {
                        prop_assert_eq!(who, 2);
                    }
                    // What is over stays over, and what is published is never a draft again.
                    prop_assert!(!matches!(state, State::Withdrawn | State::Superseded));
                    prop_assert!(!(state == State::Published && next == State::Draft));
                    state = next;
                }
            }
        }

        #[test]
        fn words_read_back(which in 0usize..5) {
            let state = State::ALL[which];
            prop_assert_eq!(State::from_word(state.word()), Some(state));
            prop_assert_eq!(serde_json::to_value(state).unwrap(), state.word());
        }
    }
}
