//! Finding answers while somebody types: by the pairs of characters (decision 0006) that the question shares with what
//! people ask, then with what they are answered. Rare pairs weigh more than common ones, so that 怎么办 leads nowhere.
use std::collections::{BTreeSet, HashMap};

use jh_core::gram;
use jh_db::DbError;
use sqlx::PgConnection;
use time::Date;

use super::store::answer::{self, AnswerRow};

/// The longest text looked at: what is typed during a call.
const TEXT_CHARS_MAX: usize = 1_000;
/// The most pairs that choose candidates, the rarest first.
const CHOSEN_MAX: usize = 24;
/// Pairs choose until they stand in so many questions together: what ranking may cost.
const ASKED_ROWS: i64 = 1_000;
/// The same for the full answers, whose vectors are ten times as long; what is more common there is not looked for.
const SAID_ROWS: i64 = 400;
/// The most candidates ranked.
const CANDIDATES: i64 = 60;
/// What a match of a whole way of asking counts, beside a match of all that was typed.
const PHRASE: f64 = 0.8;
/// What a match in the answer counts beside one in the question.
const SAID: f64 = 0.3;
/// From this share on an answer is shown whatever it shares.
const SHARE_MIN: f64 = 0.5;
/// The least that is shown at all.
const SCORE_MIN: f64 = 0.08;
/// What a pair weighs that people ask with.
const ASKED_WITH: f64 = 0.1;
/// A pair is telling that weighs so much of what the rarest would.
const TELLING: f64 = 0.6;

/// More pairs than these are a story and no question: who tells one mentions evening, estate and neighbours, and means none of them.
const STORY_PAIRS: usize = 12;
/// Of a way of asking so much has to be told for the story to be about it.
const TOPIC: f64 = 0.34;

/// What stands beside the best answer to a story fits it nearly as well.
const BESIDE_THE_BEST: f64 = 0.6;

/// Pairs that people ask with, whatever they ask about. In a small knowledge base they may be rare, and still tell nothing.
const ASKING: [&str; 54] = [
    "问怎", "怎么", "么办", "么样", "怎样", "样办", "如何", "何办", "什么", "为什", "是什", "多少", "少钱", "要多",
    "多久", "几天", "几点", "哪里", "在哪", "去哪", "哪儿", "找谁", "可以", "不可", "以吗", "能不", "不能", "能否",
    "是否", "有没", "没有", "需要", "要带", "带什", "要什", "么材", "办理", "请问", "你好", "您好", "我想", "想问",
    "问一", "一下", "谢谢", "我家", "我们", "这个", "那个", "的人", "了怎", "要怎", "该怎", "不了",
];

/// Whether a text says what it is about, beyond that something is asked.
pub fn says_something(text: &str) -> bool {
    gram::distinct(text).iter().any(|gram| !ASKING.contains(&gram.as_str()))
}

/// One answer found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The answer.
    pub answer: AnswerRow,
    /// How well it fits: only for comparing with others of the same search.
    pub score: f64,
}

/// The answers in force that fit a text best, best first. The text may be a word or all that was typed during a call.
pub async fn answers(
    conn: &mut PgConnection,
    today: Date,
    text: &str,
    limit: usize,
    public_only: bool,
) -> Result<Vec<Found>, DbError> {
    let text: String = text.chars().take(TEXT_CHARS_MAX).collect();
    let grams: Vec<String> = gram::distinct(&text).into_iter().collect();
    if let [one] = grams.as_slice()
        && one.chars().count() == 1
    {
        return single(conn, today, one, limit, public_only).await;
    }
    let sought = Sought::new(&grams, &answer::gram_counts(conn, &grams).await?);
    let mut found: HashMap<super::model::EntryId, Found> = HashMap::new();
    if let Some(query) = any_of(&sought.asked) {
        for row in answer::asked(conn, &query, today, public_only, CANDIDATES).await? {
            if let Some(score) = sought.score(&row) {
                found.insert(row.entry_id, Found { answer: row, score });
            }
        }
    }
    if let Some(query) = any_of(&sought.said) {
        for row in answer::said(conn, &query, today, public_only, CANDIDATES).await? {
            let score = SAID * sought.said_share(f64::from(row.rank));
            match found.get_mut(&row.entry_id) {
                Some(known) => known.score += score,
                None if score >= SAID * SHARE_MIN => drop(found.insert(row.entry_id, Found { answer: row, score })),
                None => {}
            }
        }
    }
    let mut found: Vec<Found> = found.into_values().collect();
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| b.answer.entry_id.cmp(&a.answer.entry_id)));
    // Where one answer fits a story well, what fits it half as well is about what it mentions.
    let best = found.first().map_or(0.0, |one| one.score);
    if grams.len() > STORY_PAIRS {
        found.retain(|one| one.score >= best * BESIDE_THE_BEST);
    }
    found.truncate(limit);
    Ok(found)
}

/// A single character stands in no pair of its own: what begins with it is looked for, the shortest questions first.
async fn single(
    conn: &mut PgConnection,
    today: Date,
    character: &str,
    limit: usize,
    public_only: bool,
) -> Result<Vec<Found>, DbError> {
    let query = format!("'{character}':*");
    let rows = answer::asked(conn, &query, today, public_only, CANDIDATES).await?;
    let score = |row: &AnswerRow| 1.0 / (1.0 + row.question.chars().count() as f64);
    let mut found: Vec<Found> = rows.into_iter().map(|row| Found { score: score(&row), answer: row }).collect();
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    found.truncate(limit);
    Ok(found)
}

fn any_of(grams: &[&str]) -> Option<String> {
    gram::query_any(&grams.join(" "))
}

/// What is sought: the pairs of the text with their weights, and those that choose the candidates.
struct Sought<'a> {
    weights: HashMap<&'a str, f64>,
    all: f64,
    telling: f64,
    asked: Vec<&'a str>,
    said: Vec<&'a str>,
    /// How much of all weight the pairs in `said` carry.
    said_part: f64,
}

impl<'a> Sought<'a> {
    /// `counts` says of each pair in how many questions and answers it stands; the empty one stands in all.
    fn new(grams: &'a [String], counts: &[(String, i32, i32)]) -> Self {
        let count =
            |gram: &str| counts.iter().find(|(of, ..)| of == gram).map_or((0, 0), |(_, asked, said)| (*asked, *said));
        let (entries, _) = count("");
        let rarest = (1.0 + f64::from(entries.max(1))).ln();
        let weight = |gram: &str, of: i32| match of {
            _ if ASKING.contains(&gram) => ASKED_WITH,
            // What no question has says little about any; it must not hide the rest either.
            0 => rarest * TELLING,
            _ => (1.0 + f64::from(entries) / f64::from(of)).ln(),
        };
        let counted: Vec<(&str, i32, i32)> =
            grams.iter().map(|gram| (gram.as_str(), count(gram).0, count(gram).1)).collect();
        let weights: HashMap<&str, f64> =
            counted.iter().map(|(gram, asked, _)| (*gram, weight(gram, *asked))).collect();
        let said = chosen(counted.iter().map(|(gram, _, said)| (*gram, *said)), SAID_ROWS, 0);
        let all: f64 = weights.values().sum();
        let part: f64 = said.iter().map(|gram| weights[gram]).sum();
        Self {
            asked: chosen(counted.iter().map(|(gram, asked, _)| (*gram, *asked)), ASKED_ROWS, 1),
            said_part: if all > 0.0 { part / all } else { 0.0 },
            weights,
            all,
            telling: rarest * TELLING,
            said,
        }
    }

    /// How well a question with its other ways of asking fits; none if it shares nothing that tells.
    fn score(&self, row: &AnswerRow) -> Option<f64> {
        let phrases: Vec<BTreeSet<String>> =
            std::iter::once(row.question.as_str()).chain(row.aliases.lines()).map(gram::distinct).collect();
        let mut asked: BTreeSet<&str> = phrases.iter().flatten().map(String::as_str).collect();
        let keywords = gram::distinct(&row.keywords);
        asked.extend(keywords.iter().map(String::as_str));
        let shared: Vec<f64> = asked.iter().filter_map(|gram| self.weights.get(gram).copied()).collect();
        let share = shared.iter().sum::<f64>() / self.all.max(f64::MIN_POSITIVE);
        let phrase =
            phrases.iter().filter(|phrase| phrase.len() > 1).map(|phrase| self.covered(phrase)).fold(0.0, f64::max);
        let score = share.max(PHRASE * phrase) + 0.1 * share.min(phrase);
        let tells = shared.iter().any(|weight| *weight >= self.telling);
        let says = shared.iter().any(|weight| *weight > ASKED_WITH);
        let topic = || self.weights.len() <= STORY_PAIRS || phrase >= TOPIC || self.names(&row.keywords);
        ((says && share >= SHARE_MIN) || (tells && score >= SCORE_MIN && topic())).then_some(score)
    }

    /// Whether one of an entry's own keywords was typed, one that tells something.
    fn names(&self, keywords: &str) -> bool {
        let weight = |gram: &String| self.weights.get(gram.as_str()).copied();
        keywords.split_whitespace().filter(|word| word.chars().count() > 1).any(|word| {
            let grams = gram::distinct(word);
            let known: Option<Vec<f64>> = grams.iter().map(weight).collect();
            known.is_some_and(|known| known.iter().any(|weight| *weight >= self.telling))
        })
    }

    /// How much of a way of asking was typed, of what it says besides asking.
    fn covered(&self, phrase: &BTreeSet<String>) -> f64 {
        let says = || phrase.iter().filter(|gram| !ASKING.contains(&gram.as_str()));
        let typed = says().filter(|gram| self.weights.contains_key(gram.as_str())).count();
        typed as f64 / says().count().max(2) as f64
    }

    /// How much of what is sought stands in an answer, from PostgreSQL's rank of it: for words without positions joined by
    /// "or" that is their share, times the weight 1, over the sum of 1/n² (see `calc_rank_or` of PostgreSQL).
    fn said_share(&self, rank: f64) -> f64 {
        const SUM_OF_INVERSE_SQUARES: f64 = 1.644_934_066_85;
        (rank * SUM_OF_INVERSE_SQUARES).min(1.0) * self.said_part
    }
}

/// The rarest pairs that stand somewhere, as long as they stand in no more than `rows` together; `least` of them anyway.
fn chosen<'a>(counted: impl Iterator<Item = (&'a str, i32)>, rows: i64, least: usize) -> Vec<&'a str> {
    let mut known: Vec<(&str, i32)> = counted.filter(|(gram, count)| *count > 0 && !ASKING.contains(gram)).collect();
    known.sort_by_key(|(gram, count)| (*count, *gram));
    let mut sum = 0;
    let within = |(place, (_, count)): &(usize, (&str, i32))| {
        sum += i64::from(*count);
        *place < least || sum <= rows
    };
    known.into_iter().take(CHOSEN_MAX).enumerate().take_while(within).map(|(_, (gram, _))| gram).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(entries: &[(&str, i32)]) -> Vec<(String, i32, i32)> {
        entries.iter().map(|(gram, count)| ((*gram).to_owned(), *count, *count)).collect()
    }

    fn row(question: &str, aliases: &str) -> AnswerRow {
        AnswerRow { question: question.into(), aliases: aliases.into(), ..AnswerRow::blank() }
    }

    fn grams(text: &str) -> Vec<String> {
        gram::distinct(text).into_iter().collect()
    }

    #[test]
    fn the_rarest_pairs_choose_and_one_always_does() {
        assert_eq!(
            chosen([("怎么", 3), ("小区", 9_000), ("挂失", 3), ("社保", 400), ("停电", 0)].into_iter(), 2_000, 1),
            ["挂失", "社保"]
        );
        assert_eq!(chosen([("小区", 9_000)].into_iter(), 2_000, 1), ["小区"]);
        assert!(chosen([("小区", 9_000)].into_iter(), 2_000, 0).is_empty());
    }

    #[test]
    fn what_only_shares_common_words_is_not_found() {
        let typed = grams("外星人怎么办理");
        let sought = Sought::new(&typed, &counts(&[("", 60), ("怎么", 30), ("么办", 30), ("办理", 35)]));
        assert_eq!(sought.score(&row("居住证怎么办理", "")), None);
        let typed = grams("火星移民要多少钱");
        let sought = Sought::new(&typed, &counts(&[("", 60), ("要多", 1), ("多少", 2), ("少钱", 1)]));
        assert_eq!(sought.score(&row("办执照要多少钱", "")), None, "rare as it is, 多少钱 tells nothing");
        assert!(!says_something("请问怎么办？") && says_something("请问社保卡怎么办？"));
    }

    #[test]
    fn any_way_of_asking_leads_to_the_answer_and_the_closest_question_comes_first() {
        let typed = grams("社保卡不见了");
        let sought = Sought::new(&typed, &counts(&[("", 60), ("社保", 4), ("保卡", 3), ("不见", 1), ("见了", 1)]));
        let by_alias = sought.score(&row("社会保障卡遗失后如何补领", "社保卡不见了怎么办")).expect("found");
        let by_word = sought.score(&row("社保缴费记录在哪里查", "")).expect("found");
        assert!(by_alias > by_word, "{by_alias} {by_word}");
    }

    #[test]
    fn a_story_of_a_street_lamp_is_not_about_what_else_it_mentions() {
        let typed = grams("小区门口一排路灯不亮，已经三天了，老人晚上出门不方便");
        let sought =
            Sought::new(&typed, &counts(&[("", 60), ("路灯", 1), ("不亮", 1), ("小区", 3), ("晚上", 1), ("老人", 3)]));
        let with = |question: &str, aliases: &str, keywords: &str| {
            let row = AnswerRow { keywords: keywords.into(), ..row(question, aliases) };
            sought.score(&row)
        };
        assert!(with("路灯不亮向谁反映？", "路灯坏了", "路灯 照明").is_some());
        assert_eq!(with("广场舞声音太大怎么办？", "晚上跳舞音响吵\n广场舞扰民", "广场舞 噪声 公园"), None);
        assert_eq!(with("电梯坏了困人找谁？", "小区电梯经常坏\n电梯故障投诉", "电梯 困人 维修 物业"), None);
        assert_eq!(with("路灯由哪家单位负责？", "", ""), None);
        assert!(with("路灯由哪家单位负责？", "", "路灯 照明").is_some(), "a keyword that was typed is the topic");
    }

    #[test]
    fn one_telling_word_in_a_long_call_is_enough() {
        let typed = grams("你好我住在人民路这边晚上回家路上很黑有个路灯坏了好几天没人管");
        let sought = Sought::new(&typed, &counts(&[("", 20_000), ("路灯", 12), ("晚上", 300), ("没人", 90)]));
        assert!(sought.score(&row("路灯不亮向谁反映", "路灯坏了")).is_some());
        assert_eq!(sought.score(&row("晚上施工扰民怎么投诉", "")), None);
    }
}
