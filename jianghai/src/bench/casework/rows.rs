//! The rows that a past case has left, as text for `COPY`: what the engine's own acts would have written, without doing them.
use std::fmt::{Display, Write as _};

use jh_core::id::uuid_at;
use jh_crypto::keyring::Keyring;
use jh_crypto::sm3;
use rand::Rng;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use super::city::{City, Worker};
use super::words::{Words, vector, words};

/// A table that is filled: how, and the text so far.
pub struct Sheet {
    /// The statement.
    pub copy: &'static str,
    /// Rows, a line each.
    pub text: String,
}

const FILE: &str = "COPY casework.file (case_id, number, kind, version, stage, closed, title, description, category, \
    category_name, priority, channel, centre_id, holder_id, owner_id, assignee_id, assignee_name, address, geom, \
    reported_at, due_at, overdue, confirmed, awaited, result, outcome, closed_at, stars, revision, changed_at) \
    FROM STDIN";
const WORDS: &str = "COPY casework.words (case_id, week, search) FROM STDIN";
const STEP: &str = "COPY casework.step (case_id, step_id, at, act, stage_before, stage_after, account_id, actor_name, \
    organisation_id, organisation_name, target_id, target_name, note, shown) FROM STDIN";
const PARTY: &str = "COPY casework.party (case_id, party_id, role, name_sealed, phone_sealed, token_sm3, channel, since_at) \
    FROM STDIN";
const CALLER: &str = "COPY casework.caller (phone_blind, case_id, since_at) FROM STDIN";
const DEADLINE: &str = "COPY casework.deadline (case_id, code, round, base_at, started_at, amount, unit, due_at, state, \
    level, missed_at, ended_at, fire_at, organisation_id) FROM STDIN";
const CALLBACK: &str = "COPY casework.callback (case_id, callback_id, at, by_account_id, by_name, reached, solved, stars) \
    FROM STDIN";

/// A cell that holds nothing.
const NULL: &str = "\\N";

/// All tables of cases, as far as they have been written.
pub struct Sheets {
    file: String,
    words: String,
    step: String,
    party: String,
    caller: String,
    deadline: String,
    callback: String,
}

/// When and by whom a case was done.
struct Life<'a> {
    id: String,
    at: OffsetDateTime,
    closed: bool,
    overdue: bool,
    due_at: OffsetDateTime,
    agent: &'a Worker,
    holder: &'a Worker,
}

/// What a case is made from.
pub struct Seed {
    /// Its number of the day.
    pub serial: u32,
    /// When it was reported.
    pub at: OffsetDateTime,
    /// Whether it is over.
    pub closed: bool,
    /// Which department has it.
    pub department: usize,
    /// The present.
    pub now: OffsetDateTime,
}

impl Sheets {
    /// Room for a few thousand cases.
    pub fn new() -> Self {
        let text = || String::with_capacity(1 << 20);
        Self {
            file: text(),
            words: text(),
            step: text(),
            party: text(),
            caller: text(),
            deadline: text(),
            callback: text(),
        }
    }

    /// What is to be copied.
    pub fn into_sheets(self) -> [Sheet; 7] {
        [
            Sheet { copy: FILE, text: self.file },
            Sheet { copy: WORDS, text: self.words },
            Sheet { copy: STEP, text: self.step },
            Sheet { copy: PARTY, text: self.party },
            Sheet { copy: CALLER, text: self.caller },
            Sheet { copy: DEADLINE, text: self.deadline },
            Sheet { copy: CALLBACK, text: self.callback },
        ]
    }

    /// Adds one case with all that it left.
    pub fn add(&mut self, city: &City, keys: &Keyring, rng: &mut impl Rng, seed: &Seed) {
        let words = words(rng);
        // One of ten open cases is over its time; the others have hours to days, so that none fires while it is measured.
        let overdue = !seed.closed && rng.random_range(0..10) == 0;
        let due_at = match overdue {
            true => seed.now - Duration::minutes(rng.random_range(30..20_000)),
            false => seed.now + Duration::minutes(rng.random_range(600..8_000)),
        };
        let (agent, holder) = (&city.agent, &city.departments[seed.department]);
        let (id, at, closed) = (uuid_at(seed.at).to_string(), seed.at, seed.closed);
        let life = Life { id, at, closed, overdue, due_at, agent, holder };
        self.file(&life, &words, rng, seed.serial);
        self.steps(&life, &words);
        self.deadlines(&life, seed.now);
        self.reporter(&life, keys, rng);
        if closed {
            let called = life.at + Duration::days(3);
            let cells: [&dyn Display; 8] =
                [&life.id, &uuid_at(called), &instant(called), &agent.account, &agent.name, &"t", &"t", &5];
            line(&mut self.callback, &cells);
        }
    }

    fn file(&mut self, life: &Life<'_>, words: &Words, rng: &mut impl Rng, serial: u32) {
        let Life { holder, agent, closed, .. } = *life;
        let day = life.at.date();
        let number = format!("{:04}{:02}{:02}-{serial:06}", day.year(), u8::from(day.month()), day.day());
        let closed_at = life.at + Duration::days(3);
        let geom = format!("SRID=4326;POINT({:.6} {:.6})", words.place.0, words.place.1);
        let owner = if closed { agent.organisation } else { holder.organisation };
        // A department's officer has one of fifty of its cases.
        let mine = !closed && rng.random_range(0..50) == 0;
        let (assignee, name) = if mine { (holder.account.to_string(), &*holder.name) } else { (NULL.into(), NULL) };
        let changed = if closed { closed_at } else { life.at + Duration::hours(2) };
        let cells: [&dyn Display; 30] = [
            &life.id,
            &number,
            &"hotline.request",
            &1,
            &if closed { "closed" } else { "handling" },
            &flag(closed),
            &words.title,
            &words.description,
            &words.category,
            &words.category_name,
            &"normal",
            &"phone",
            &agent.organisation,
            &holder.organisation,
            &owner,
            &assignee,
            &name,
            &words.address,
            &geom,
            &instant(life.at),
            &if closed { NULL.to_owned() } else { instant(life.due_at) },
            &flag(life.overdue),
            &flag(closed),
            &"t",
            &if closed { RESULT } else { "" },
            &if closed { "solved" } else { NULL },
            &if closed { instant(closed_at) } else { NULL.to_owned() },
            &if closed { "5" } else { NULL },
            &if closed { 6 } else { 3 },
            &instant(changed),
        ];
        line(&mut self.file, &cells);
        let found_by = vector(words, life.at);
        line(&mut self.words, &[&life.id, &found_by.week, &found_by.vector]);
    }

    fn steps(&mut self, life: &Life<'_>, words: &Words) {
        let Life { agent, holder, .. } = *life;
        let story = [
            ("opening", "", "intake", agent, Duration::ZERO),
            ("dispatch", "intake", "signing", agent, Duration::minutes(20)),
            ("signing", "signing", "handling", holder, Duration::hours(2)),
            ("result", "handling", "callback", holder, Duration::days(2)),
            ("callback_solved", "callback", "callback", agent, Duration::days(3)),
            ("closure", "callback", "closed", agent, Duration::days(3)),
        ];
        let done = if life.closed { story.len() } else { 3 };
        for (act, before, after, by, later) in story.into_iter().take(done) {
            let at = life.at + later;
            let given = act == "dispatch";
            let (target, target_name) = match given {
                true => (holder.organisation.to_string(), &*holder.organisation_name),
                false => (NULL.into(), ""),
            };
            let note = match act {
                "result" => RESULT,
                "dispatch" => words.category_name,
                _ => "",
            };
            let cells: [&dyn Display; 14] = [
                &life.id,
                &uuid_at(at),
                &instant(at),
                &act,
                &before,
                &after,
                &by.account,
                &by.name,
                &by.organisation,
                &by.organisation_name,
                &target,
                &target_name,
                &note,
                &flag(act == "opening" || act == "result"),
            ];
            line(&mut self.step, &cells);
        }
    }

    fn deadlines(&mut self, life: &Life<'_>, now: OffsetDateTime) {
        let (agent, holder) = (life.agent.organisation, life.holder.organisation);
        let ended = [
            ("acceptance", 2, "hour", Duration::ZERO, Duration::minutes(20), agent),
            ("signing", 1, "working_day", Duration::minutes(20), Duration::hours(2), holder),
            ("handling", 5, "working_day", Duration::minutes(20), Duration::days(2), holder),
            ("callback", 2, "working_day", Duration::days(2), Duration::days(3), agent),
        ];
        for (code, amount, unit, from, to, whose) in ended {
            let ran = life.closed || matches!(code, "acceptance" | "signing");
            if !ran && code == "callback" {
                continue;
            }
            let start = instant(life.at + from);
            let due_at = if ran { life.at + from + Duration::days(7) } else { life.due_at };
            let (state, level) = if ran { ("met", 0) } else { ("running", i32::from(life.overdue)) };
            let missed = if life.overdue && !ran { instant(due_at) } else { NULL.to_owned() };
            let end = if ran { instant(life.at + to) } else { NULL.to_owned() };
            let fire_at = if life.overdue { now + Duration::days(1) } else { due_at };
            let fire = if ran { NULL.to_owned() } else { instant(fire_at) };
            let due = instant(due_at);
            let cells: [&dyn Display; 14] = [
                &life.id, &code, &1, &start, &start, &amount, &unit, &due, &state, &level, &missed, &end, &fire, &whose,
            ];
            line(&mut self.deadline, &cells);
        }
    }

    fn reporter(&mut self, life: &Life<'_>, keys: &Keyring, rng: &mut impl Rng) {
        // Some call often: three cases a telephone on average.
        let phone = format!("139{:08}", rng.random_range(0..330_000));
        let name = keys.seal("casework.party.name", "王先生".as_bytes());
        let sealed = keys.seal("casework.party.phone", phone.as_bytes());
        let token: [u8; 32] = rng.random();
        let at = instant(life.at);
        let (name, sealed, token) = (hex(&name), hex(&sealed), hex(&sm3::digest(&token)));
        let cells: [&dyn Display; 8] =
            [&life.id, &uuid_at(life.at), &"reporter", &name, &sealed, &token, &"phone", &at];
        line(&mut self.party, &cells);
        let blind = hex(&keys.blind("casework.caller.phone", &phone));
        line(&mut self.caller, &[&blind, &life.id, &at]);
    }
}

/// What a department answers.
const RESULT: &str = "已派员到现场核实，问题属实，已责成责任单位当日整改完毕，并将结果告知来电人，来电人表示认可。";

/// A row of `COPY`'s text form. Our texts hold no tab, line feed or backslash but those meant.
fn line(text: &mut String, cells: &[&dyn Display]) {
    for (at, cell) in cells.iter().enumerate() {
        let between = if at == 0 { "" } else { "\t" };
        // Writing into a string does not fail.
        let _ = write!(text, "{between}{cell}");
    }
    text.push('\n');
}

fn instant(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).unwrap_or_default()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::from("\\\\x"), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn flag(is: bool) -> &'static str {
    if is { "t" } else { "f" }
}
