//! A procedure: the stages a kind of case passes through, the ways between them, who may take them, and the clocks. It is data, in
//! versions that never change; a city's administrators write new ones.
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Priority;
use super::act::Act;
use super::calendar::{AMOUNT_MAX, Span};

/// As the stage of a transition: any open stage.
pub const ANY: &str = "*";
/// As the aim of a transition: the stage where it began.
pub const SAME: &str = "=";
/// More stages than anybody can keep in mind.
const STAGES_MAX: usize = 40;
/// More transitions than that.
const TRANSITIONS_MAX: usize = 400;

/// Who stands where to a case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The centre that keeps the case.
    Centre,
    /// The organisation that handles it.
    Holder,
    /// An organisation asked to help.
    Assistant,
    /// Who inspects and calls back for the centre.
    Inspector,
    /// Who watches over holders.
    Supervisor,
    /// Who reported it.
    Reporter,
    /// The program.
    System,
}

/// What must come with an act.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// A text.
    Note,
    /// An organisation.
    Organisation,
    /// A person of the holder.
    Person,
    /// The answer to the reporter.
    Answer,
    /// A photo taken since the last dispatch.
    Photo,
    /// A callback since the last result: solved, or tried three times without reaching anybody; where nobody waits for one, none.
    Callback,
    /// An inspection since the last result that found it right.
    Inspection,
    /// Somebody who waits to be called back: where a member of staff or a sensor reported, nobody does.
    Awaited,
}

/// Who owns the case in a stage.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// The centre.
    Centre,
    /// The organisation it was dispatched to.
    Holder,
}

/// A stage.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Stage {
    /// Small letters and underscores.
    pub code: String,
    /// In Chinese.
    pub name: String,
    /// In English.
    pub name_en: String,
    /// Whose inbox it is in.
    pub owner: Owner,
    /// Whether the case is closed here.
    #[serde(default)]
    pub closed: bool,
}

/// A way from a stage.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Transition {
    /// From which stage; `*` for any open one.
    pub stage: String,
    /// By which act.
    pub act: Act,
    /// To which stage; `=` stays.
    #[serde(default = "same")]
    pub to: String,
    /// Who may.
    pub by: Vec<Role>,
    /// What must come with it.
    #[serde(default)]
    pub needs: Vec<Need>,
}

fn same() -> String {
    SAME.into()
}

/// A clock: it starts on entering its stages and ends on leaving them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Limit {
    /// Small letters and underscores.
    pub code: String,
    /// In Chinese.
    pub name: String,
    /// In English.
    pub name_en: String,
    /// The stages during which it runs.
    pub stages: Vec<String>,
    /// How long it is for a normal case.
    pub span: Span,
    /// For an urgent one, if otherwise.
    #[serde(default)]
    pub urgent: Option<Span>,
    /// For an emergency, if otherwise.
    #[serde(default)]
    pub emergency: Option<Span>,
    /// Acts after which it begins anew, as when another organisation gets the case.
    #[serde(default)]
    pub restarts: Vec<Act>,
    /// A warning after so many hundredths of it; 0 for none.
    #[serde(default)]
    pub warn_percent: u8,
}

impl Limit {
    /// How long it is.
    pub fn span(&self, priority: Priority) -> Span {
        match priority {
            Priority::Normal => self.span,
            Priority::Urgent => self.urgent.unwrap_or(self.span),
            Priority::Emergency => self.emergency.or(self.urgent).unwrap_or(self.span),
        }
    }

    /// Whether it runs in a stage.
    pub fn runs_in(&self, stage: &str) -> bool {
        self.stages.iter().any(|one| one == stage)
    }
}

/// What a kind of case passes through.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Procedure {
    /// In Chinese.
    pub name: String,
    /// In English.
    pub name_en: String,
    /// The stages; a case begins in the first.
    pub stages: Vec<Stage>,
    /// Where a report that must be looked at first begins; none where nothing is held.
    #[serde(default)]
    pub held: Option<String>,
    /// The ways between stages.
    pub transitions: Vec<Transition>,
    /// The clocks.
    pub limits: Vec<Limit>,
}

/// Why a procedure cannot be used. The code has the text `error-casework-procedure-<code>`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unsound {
    /// What is wrong.
    pub code: &'static str,
    /// Where.
    pub place: String,
}

fn unsound<T>(code: &'static str, place: impl Into<String>) -> Result<T, Unsound> {
    Err(Unsound { code, place: place.into() })
}

impl Procedure {
    /// A stage by its code.
    pub fn stage(&self, code: &str) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.code == code)
    }

    /// Where a new case begins.
    pub fn first(&self) -> Option<&Stage> {
        self.stages.first()
    }

    /// The way that an act takes from a stage: what is said of the stage itself comes before what is said of any.
    pub fn way(&self, stage: &str, act: Act) -> Option<&Transition> {
        let open = self.stage(stage).is_some_and(|stage| !stage.closed);
        let of = |name: &str| self.transitions.iter().find(|way| way.act == act && way.stage == name);
        of(stage).or_else(|| of(ANY).filter(|_| open))
    }

    /// The acts that lead on from a stage, in the order of the procedure.
    pub fn ways<'a>(&'a self, stage: &'a str) -> impl Iterator<Item = &'a Transition> {
        let open = self.stage(stage).is_some_and(|stage| !stage.closed);
        self.transitions.iter().filter(move |way| {
            way.stage == stage || (way.stage == ANY && open && self.way(stage, way.act).is_some_and(|w| w.stage == ANY))
        })
    }

    /// The stage that a way leads to.
    pub fn aim<'a>(&'a self, from: &'a str, way: &'a Transition) -> &'a str {
        if way.to == SAME { from } else { &way.to }
    }

    /// Whether cases can live by it: nothing it names is missing, every open stage can be reached, has a next step for somebody who
    /// works on it, and leads to a closed one; and no stage of a holder is entered while nobody holds the case.
    pub fn check(&self) -> Result<(), Unsound> {
        self.check_names()?;
        self.check_limits()?;
        self.check_ways()
    }

    fn check_names(&self) -> Result<(), Unsound> {
        if self.stages.is_empty() || self.stages.len() > STAGES_MAX || self.transitions.len() > TRANSITIONS_MAX {
            return unsound("size", self.stages.len().to_string());
        }
        let mut seen = BTreeSet::new();
        for stage in &self.stages {
            let plain = stage.code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            if !plain || stage.code.is_empty() || stage.code.len() > 30 || !seen.insert(&stage.code) {
                return unsound("stage-code", &stage.code);
            }
            if stage.name.trim().is_empty() || stage.name_en.trim().is_empty() {
                return unsound("stage-name", &stage.code);
            }
        }
        let mut pairs = BTreeSet::new();
        for way in &self.transitions {
            let known = |code: &String| self.stage(code).is_some();
            if !(way.stage == ANY || known(&way.stage)) || !(way.to == SAME || known(&way.to)) {
                return unsound("transition-stage", format!("{} {}", way.stage, way.act.code()));
            }
            if way.act.is_automatic() || way.by.is_empty() || !pairs.insert((&way.stage, way.act)) {
                return unsound("transition", format!("{} {}", way.stage, way.act.code()));
            }
            if way.act.gives_to_organisation() && !way.needs.contains(&Need::Organisation) {
                return unsound("organisation", format!("{} {}", way.stage, way.act.code()));
            }
        }
        match self.held.as_ref().filter(|held| self.stage(held).is_none_or(|stage| stage.closed)) {
            Some(held) => unsound("held", held),
            None => Ok(()),
        }
    }

    fn check_limits(&self) -> Result<(), Unsound> {
        let mut seen = BTreeSet::new();
        for limit in &self.limits {
            let spans = [Some(limit.span), limit.urgent, limit.emergency];
            let sound = spans.iter().flatten().all(|span| (1..=AMOUNT_MAX).contains(&span.amount));
            let known = limit.stages.iter().all(|code| self.stage(code).is_some_and(|stage| !stage.closed));
            if !sound || !known || limit.stages.is_empty() || limit.warn_percent >= 100 || !seen.insert(&limit.code) {
                return unsound("limit", &limit.code);
            }
        }
        Ok(())
    }

    fn check_ways(&self) -> Result<(), Unsound> {
        let reached = self.reached()?;
        for stage in &self.stages {
            if !reached.contains_key(stage.code.as_str()) {
                return unsound("unreachable", &stage.code);
            }
            if stage.closed {
                continue;
            }
            let works = |way: &&Transition| way.by.iter().any(|role| !matches!(role, Role::Reporter | Role::System));
            if !self.ways(&stage.code).filter(works).any(|way| self.aim(&stage.code, way) != stage.code) {
                return unsound("no-next-step", &stage.code);
            }
            if !self.can_close(&stage.code) {
                return unsound("no-end", &stage.code);
            }
        }
        Ok(())
    }

    /// Every stage that can be reached, with whether it can be while nobody holds the case.
    fn reached(&self) -> Result<BTreeMap<&str, bool>, Unsound> {
        let begins = self.first().into_iter().map(|stage| stage.code.as_str()).chain(self.held.as_deref());
        let mut open: Vec<(&str, bool)> = begins.map(|code| (code, false)).collect();
        let mut seen = BTreeSet::new();
        let mut reached: BTreeMap<&str, bool> = BTreeMap::new();
        while let Some((code, held)) = open.pop() {
            if !seen.insert((code, held)) {
                continue;
            }
            *reached.entry(code).or_insert(false) |= !held;
            let Some(stage) = self.stage(code) else { continue };
            if stage.owner == Owner::Holder && !stage.closed && !held {
                return unsound("no-holder", code);
            }
            for way in self.ways(code) {
                open.push((self.aim(code, way), held || way.needs.contains(&Need::Organisation)));
            }
        }
        Ok(reached)
    }

    fn can_close(&self, from: &str) -> bool {
        let (mut open, mut seen) = (vec![from], BTreeSet::new());
        while let Some(code) = open.pop() {
            if self.stage(code).is_some_and(|stage| stage.closed) {
                return true;
            }
            if seen.insert(code) {
                open.extend(self.ways(code).map(|way| self.aim(code, way)));
            }
        }
        false
    }
}
