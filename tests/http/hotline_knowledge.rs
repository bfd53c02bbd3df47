//! The hotline's knowledge base as departments, agents and the public meet it.
use std::fmt::Write as _;

use jh_tests::{Answer, Browser, City, PASSWORD};
use time::Duration;

const READ: &str = "hotline.knowledge.read";
const WRITE: &str = "hotline.knowledge.write";
const PUBLISH: &str = "hotline.knowledge.publish";
const LIST: &str = "/hotline/knowledge/entries";
const NEW: &str = "/hotline/knowledge/entries/new";

/// A department's writer and reviewer, and an agent of the hotline.
struct Desk {
    city: City,
    writer: Browser,
    reviewer: Browser,
    agent: Browser,
}

impl Desk {
    async fn open() -> Self {
        let city = City::found().await;
        city.account("writer", "NT-GA", "NT-GA", &[READ, WRITE]).await;
        city.account("reviewer", "NT-GA", "NT-GA", &[READ, WRITE, PUBLISH]).await;
        city.account("agent", "NT-XXZX", "NT", &[READ]).await;
        let enter = async |name: &str| {
            let browser = Browser::open(city.address);
            browser.sign_in(name, PASSWORD).await;
            browser
        };
        let (writer, reviewer, agent) = (enter("writer").await, enter("reviewer").await, enter("agent").await);
        Self { city, writer, reviewer, agent }
    }

    /// So many days pass, and everybody signs in anew.
    async fn pass(&self, days: i64) {
        self.city.base.clock.advance(Duration::days(days));
        for (browser, name) in [(&self.writer, "writer"), (&self.reviewer, "reviewer"), (&self.agent, "agent")] {
            browser.sign_in(name, PASSWORD).await;
        }
    }

    /// Writes an answer through the form and gives it to review. Answers its page.
    async fn written(&self, by: &Browser, fields: &[(&str, &str)]) -> String {
        let shown = by.get(NEW).await.expect(200);
        let (owner, organisation) = (chosen_owner(&shown), shown.hidden("organisation").expect("an organisation"));
        let mut all = vec![("organisation", organisation.as_str()), ("owner", owner.as_str()), ("then", "submit")];
        all.extend_from_slice(fields);
        let made = by.submit(NEW, LIST, &all).await.expect(303);
        made.location.expect("the entry's page")
    }

    async fn published(&self, fields: &[(&str, &str)]) -> String {
        let entry = self.written(&self.writer, fields).await;
        self.reviewer.submit(&entry, &format!("{entry}/publication"), &[]).await.expect(303);
        entry
    }

    /// The questions that an agent finds, best first.
    async fn finds(&self, text: &str) -> Vec<String> {
        let answer = self.agent.get(&format!("/api/hotline/knowledge?q={text}")).await.expect(200);
        let items = answer.json()["items"].as_array().cloned().unwrap_or_default();
        items.iter().map(|item| item["question"].as_str().unwrap_or_default().to_owned()).collect()
    }

    async fn waits_for(&self, who: &Browser, words: &str) -> bool {
        who.get("/workbench").await.expect(200).text.contains(words)
    }
}

/// The owner that the form proposes: whoever writes.
fn chosen_owner(shown: &Answer) -> String {
    let list = &shown.text[shown.text.find("id=\"owner\"").expect("a list of owners")..];
    let option = list.find("\" selected>").expect("one is proposed");
    let start = list[..option].rfind("value=\"").expect("with a value") + "value=\"".len();
    list[start..option].to_owned()
}

const LOST_CARD: &[(&str, &str)] = &[
    ("question", "身份证丢了怎么补办？"),
    ("aliases", "身份证遗失\n补领居民身份证"),
    ("short_answer", "到任一户籍派出所办理挂失申报和补领。"),
    ("answer", "带户口簿到就近的派出所，现场照相、采集指纹。\n补领收取工本费四十元。"),
    ("keywords", "身份证 补领"),
    ("service_path", "/services"),
    ("audience", "public"),
    ("from_on", "2026-03-02"),
    ("expires_on", "2026-06-01"),
];

/// The same with some fields changed.
fn but<'a>(fields: &[(&'a str, &'a str)], changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = fields.iter().filter(|(name, _)| !changed.iter().any(|(other, _)| other == name));
    kept.chain(changed).copied().collect()
}

#[tokio::test]
async fn who_writes_an_answer_does_not_publish_it_and_only_what_is_published_is_found() {
    let desk = Desk::open().await;
    let bad = but(LOST_CARD, &[("question", ""), ("expires_on", "2029-01-01"), ("service_path", "//elsewhere")]);
    let shown = desk.reviewer.get(NEW).await.expect(200);
    let (owner, organisation) = (chosen_owner(&shown), shown.hidden("organisation").expect("an organisation"));
    let mut fields = vec![("owner", owner.as_str()), ("organisation", organisation.as_str()), ("then", "draft")];
    fields.extend(bad);
    let again = desk.reviewer.submit(NEW, LIST, &fields).await.expect(422);
    for field in ["question", "expires_on", "service_path"] {
        assert!(again.text.contains(&format!("href=\"#{field}\"")), "{field} is not said to be wrong: {}", again.text);
    }
    assert!(again.text.contains("补领收取工本费四十元"), "what was typed is kept");

    let entry = desk.written(&desk.reviewer, LOST_CARD).await;
    let own = desk.reviewer.get(&entry).await.expect(200);
    assert!(own.text.contains("不能自己发布") && !own.text.contains("/publication"), "{}", own.text);
    let token = [("_csrf", own.hidden("_csrf").expect("a form")), ("_key", own.hidden("_key").expect("a key"))];
    let token: Vec<_> = token.iter().map(|(name, value)| (*name, value.as_str())).collect();
    desk.reviewer.post(&format!("{entry}/publication"), &token).await.expect(403);
    assert_eq!(desk.finds("身份证").await, [""; 0]);

    let second = desk.city.staff("NT-GA", &[READ, PUBLISH]).await;
    assert!(desk.waits_for(&second, "审核热线知识：身份证丢了怎么补办").await);
    assert!(!desk.waits_for(&desk.reviewer, "审核热线知识").await, "nobody reviews what is his own");
    second.submit(&entry, &format!("{entry}/publication"), &[]).await.expect(303);
    assert_eq!(desk.finds("身份证").await, ["身份证丢了怎么补办？"]);
    let elsewhere = desk.city.staff("NT-MZ", &[READ, WRITE, PUBLISH]).await;
    let seen = elsewhere.get(&entry).await.expect(200);
    assert!(!seen.text.contains("/revision") && !seen.text.contains("历次版本"), "another department only reads it");
    elsewhere.get(&format!("{entry}/revision")).await.expect(404);
}

#[tokio::test]
async fn an_answer_is_found_by_any_phrasing_and_an_internal_one_never_by_the_public() {
    let desk = Desk::open().await;
    let entry = desk.published(LOST_CARD).await;
    let internal = but(
        LOST_CARD,
        &[("question", "身份证加急办理的内部口径"), ("aliases", "加急"), ("audience", "internal"), ("keywords", "")],
    );
    let internal = desk.published(&internal).await;
    desk.published(&but(
        LOST_CARD,
        &[("question", "晚上工地施工吵闹怎么办？"), ("aliases", "施工噪声"), ("keywords", "")],
    ))
    .await;
    for asked in ["身份证遗失", "补领居民身份证要多少钱", "我的身份证找不到了 怎么办", "身份证", "工本费四十元", "身"]
    {
        let found = desk.finds(asked).await;
        assert!(found.contains(&"身份证丢了怎么补办？".to_owned()), "{asked} finds {found:?}");
    }
    let call = "你好，我昨天在公交车上钱包被偷了，里面有银行卡还有身份证，身份证丢了要去哪里补办，要带什么";
    assert_eq!(desk.finds(call).await[0], "身份证丢了怎么补办？");
    assert_eq!(desk.finds("工地太吵怎么办").await[0], "晚上工地施工吵闹怎么办？");

    let typed = desk.agent.get_with("/hotline/knowledge?q=加急", &[("hx-request", "true")]).await.expect(200);
    assert!(
        typed.text.contains("内部口径") && !typed.text.contains("<html"),
        "a fragment while one types: {}",
        typed.text
    );
    let public = Browser::open(desk.city.address);
    let listed = public.get("/answers?q=身份证").await.expect(200);
    assert!(listed.text.contains("身份证丢了怎么补办") && !listed.text.contains("内部口径"), "{}", listed.text);
    assert!(!public.get("/answers").await.expect(200).text.contains("内部口径"));
    assert!(!public.get("/search?q=身份证加急").await.expect(200).text.contains("内部口径"));
    assert!(public.get("/search?q=身份证遗失").await.expect(200).text.contains("身份证丢了怎么补办"));
    let id = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let read = public.get(&format!("/answers/{}", id(&entry))).await.expect(200);
    assert!(read.text.contains("采集指纹。</p>") && read.text.contains("<p>补领收取工本费四十元。"), "{}", read.text);
    public.get(&format!("/answers/{}", id(&internal))).await.expect(404);
    assert!(desk.agent.get("/workbench/search?q=加急").await.expect(200).text.contains("内部口径"));
}

#[tokio::test]
async fn an_answer_reminds_its_owner_leaves_the_search_on_its_day_and_comes_back_when_renewed() {
    let desk = Desk::open().await;
    let entry = desk.published(LOST_CARD).await;
    assert!(!desk.waits_for(&desk.writer, "到期：身份证").await);
    desk.pass(61).await;
    assert!(desk.waits_for(&desk.writer, "热线知识 30 天内到期：身份证丢了怎么补办").await);
    assert!(!desk.waits_for(&desk.reviewer, "内到期：身份证").await, "it is the owner's");
    desk.pass(23).await;
    assert!(desk.waits_for(&desk.writer, "热线知识 7 天内到期：身份证丢了怎么补办").await);

    desk.pass(7).await;
    assert_eq!(desk.finds("身份证").await, [""; 0], "gone before any job has run");
    desk.city.run_scheduled("hotline.knowledge_expire").await;
    for who in [&desk.writer, &desk.reviewer] {
        assert!(desk.waits_for(who, "热线知识已到期，请续期或撤回：身份证").await, "the organisation has to see to it");
    }
    assert!(desk.writer.get(&entry).await.expect(200).text.contains("已到期，不再用于答复"));
    let renewal = format!("{entry}/renewal");
    let short = [("expires_on", "2026-05-01"), ("reason", "按居民身份证法核对无变化")];
    let again = desk.writer.submit(&renewal, &renewal, &short).await.expect(422);
    assert!(again.text.contains("到期日期要晚于今天"), "{}", again.text);
    let right = [("expires_on", "2027-06-01"), ("reason", "按居民身份证法核对无变化")];
    desk.writer.submit(&renewal, &renewal, &right).await.expect(303);
    assert!(!desk.waits_for(&desk.writer, "请续期或撤回").await);
    assert_eq!(desk.finds("身份证").await, [""; 0], "a renewal is looked at by somebody else, too");
    desk.reviewer.submit(&entry, &format!("{entry}/publication"), &[]).await.expect(303);
    assert_eq!(desk.finds("身份证").await.len(), 1);
}

#[tokio::test]
async fn when_the_owner_is_gone_whoever_may_write_there_has_the_work() {
    let desk = Desk::open().await;
    let entry = desk.published(LOST_CARD).await;
    desk.agent.submit(&entry, &format!("{entry}/remarks"), &[("remark", "工本费已经改为二十元")]).await.expect(303);
    assert!(!desk.waits_for(&desk.reviewer, "处理话务员的反馈").await, "it is the owner's");
    let boss = desk.city.staff_scoped("NT-XXZX", "NT", &["identity.account.manage"]).await;
    let accounts = boss.get("/identity/accounts?q=writer").await.expect(200);
    let at = accounts.text.find(">writer<").or(accounts.text.find("writer")).expect("the writer is listed");
    let href = accounts.text[..at].rfind("href=\"/identity/accounts/").expect("with a link") + "href=\"".len();
    let path: String = accounts.text[href..].chars().take_while(|c| *c != '"').collect();
    boss.submit(&path, &format!("{path}/suspension"), &[("reason", "调离本单位")]).await.expect(303);
    assert!(desk.waits_for(&desk.reviewer, "处理话务员的反馈：身份证丢了怎么补办").await);
    desk.city.base.clock.advance(Duration::days(70));
    desk.reviewer.sign_in("reviewer", PASSWORD).await;
    assert!(desk.waits_for(&desk.reviewer, "热线知识 30 天内到期：身份证").await);
    let seen = desk.reviewer.get(&entry).await.expect(200);
    assert!(seen.text.contains("负责人已离岗"), "{}", seen.text);
    let list = desk.reviewer.get(&format!("{LIST}?expiring=1")).await.expect(200);
    assert!(list.text.contains("负责人已离岗") && list.text.contains("身份证丢了怎么补办"), "{}", list.text);
}

#[tokio::test]
async fn an_agent_says_that_an_answer_helped_or_is_wrong_and_the_owner_settles_it_with_a_new_version() {
    let desk = Desk::open().await;
    let entry = desk.published(LOST_CARD).await;
    let used = desk.agent.submit(&entry, &format!("{entry}/use"), &[("back", "/hotline/knowledge?q=a")]).await;
    assert_eq!(used.expect(303).location.as_deref(), Some("/hotline/knowledge?q=a"));
    desk.agent.submit(&entry, &format!("{entry}/use"), &[("back", "https://elsewhere")]).await.expect(303);
    let wrong = [("remark", "来电人13812345678说工本费变了")];
    desk.agent.submit(&entry, &format!("{entry}/remarks"), &wrong).await.expect(303);
    assert!(desk.waits_for(&desk.writer, "处理话务员的反馈：身份证丢了怎么补办").await);
    let seen = desk.writer.get(&entry).await.expect(200);
    assert!(seen.text.contains("来电人138********说工本费变了"), "numbers are masked: {}", seen.text);
    assert!(seen.text.contains("次数</dt><dd>2</dd>"), "{}", seen.text);

    let revision = format!("{entry}/revision");
    let changed = but(LOST_CARD, &[("answer", "带户口簿到就近的派出所，现场照相、采集指纹。\n补领收取工本费二十元。")]);
    let without = desk.writer.submit(&revision, &revision, &changed).await.expect(422);
    assert!(without.text.contains("href=\"#reason\""), "a change of what was published has a reason: {}", without.text);
    let changed = but(&changed, &[("reason", "收费标准调整"), ("then", "submit")]);
    desk.writer.submit(&revision, &revision, &changed).await.expect(303);
    let review = desk.reviewer.get(&entry).await.expect(200);
    assert!(
        review.text.contains("<del>补领收取工本费四十元。</del><ins>补领收取工本费二十元。</ins>"),
        "{}",
        review.text
    );
    let public = Browser::open(desk.city.address);
    let page = format!("/answers/{}", entry.rsplit('/').next().unwrap_or_default());
    assert!(
        public.get(&page).await.expect(200).text.contains("四十元"),
        "what is published stays until the new one is"
    );
    desk.reviewer.submit(&entry, &format!("{entry}/return"), &[("note", "依据文号也写上")]).await.expect(303);
    assert!(desk.waits_for(&desk.writer, "修改被退回的热线知识：身份证").await);
    desk.writer.submit(&entry, &format!("{entry}/submission"), &[]).await.expect(303);
    desk.reviewer.submit(&entry, &format!("{entry}/publication"), &[]).await.expect(303);
    assert!(public.get(&page).await.expect(200).text.contains("二十元"));
    assert!(!desk.waits_for(&desk.writer, "处理话务员的反馈").await, "the new version settles it");
    let old = desk.writer.get(&format!("{entry}/versions/1")).await.expect(200);
    assert!(old.text.contains("四十元"), "{}", old.text);
    desk.writer.submit(&entry, &format!("{entry}/withdrawal"), &[("reason", "并入另一条")]).await.expect(303);
    public.get(&page).await.expect(404);
    assert_eq!(desk.finds("身份证").await, [""; 0]);
}

#[tokio::test]
async fn good_rows_of_a_file_become_drafts_and_bad_ones_are_told_by_row_and_column() {
    let desk = Desk::open().await;
    let import = "/hotline/knowledge/import";
    let mut file = String::from("question,aliases,short_answer,answer,organisation,owner,audience,expires_on\n");
    for (row, organisation, owner, expires) in [
        ("居住证怎么办？", "NT-GA", "writer", "2026-12-31"),
        ("户口怎么迁移？", "NT-GA", "", ""),
        ("低保怎么申请？", "NT-MZ", "", ""),
        ("驾照怎么换？", "NT-GA", "nobody", "2026-13-01"),
        ("", "NT-GA", "writer", ""),
    ] {
        writeln!(file, "{row},别的问法|再一种,短答,\"第一行\n第二行\",{organisation},{owner},公开,{expires}")
            .expect("text");
    }
    let done = desk.writer.upload(import, import, &[], ("知识.csv", file.into_bytes())).await.expect(200);
    assert!(done.text.contains("已导入 2 条，另有 3 行没有导入"), "{}", done.text);
    for (row, column) in [("4", "organisation"), ("5", "expires_on"), ("5", "owner"), ("6", "question")] {
        let cell = format!(">{row}</td>");
        let shown =
            done.text.split("<tr>").any(|tr| tr.contains(&cell) && tr.contains(&format!("<code>{column}</code>")));
        assert!(shown, "row {row} column {column} is not named: {}", done.text);
    }
    let drafts = desk.writer.get(&format!("{LIST}?state=draft")).await.expect(200);
    assert!(drafts.text.contains("居住证怎么办？") && drafts.text.contains("户口怎么迁移？"), "{}", drafts.text);
    let agent = desk.agent.get(&format!("{LIST}?state=draft")).await.expect(200);
    assert!(agent.text.contains("居住证怎么办？"), "who may read for the whole city sees drafts of its departments");
    let other = desk.city.staff("NT-MZ", &[READ, WRITE]).await;
    assert!(!other.get(&format!("{LIST}?state=draft")).await.expect(200).text.contains("居住证怎么办？"));
    let none = desk.writer.upload(import, import, &[], ("x.csv", b"a,b\n1,2\n".to_vec())).await.expect(422);
    assert!(none.text.contains("第一行缺少必要的列名"), "{}", none.text);
    let template = desk.writer.get("/hotline/knowledge/import/template.csv").await.expect(200);
    assert!(template.text.contains("question,aliases,short_answer"), "{}", template.text);
}

#[tokio::test]
async fn what_agents_search_in_vain_is_counted_without_numbers_until_somebody_sees_to_it() {
    let desk = Desk::open().await;
    desk.published(LOST_CARD).await;
    let typed = [("hx-request", "true")];
    desk.agent.get_with("/hotline/knowledge?q=飞行汽车牌照", &typed).await.expect(200);
    for asked in ["飞行汽车牌照13812345678", "飞行汽车牌照13812345678", "身份证", "？？"] {
        desk.agent.get(&format!("/hotline/knowledge?q={asked}")).await.expect(200);
    }
    let gaps = "/hotline/knowledge/gaps";
    let listed = desk.agent.get(gaps).await.expect(200);
    assert!(listed.text.contains("飞行汽车牌照138********") && !listed.text.contains("13812345678"), "{}", listed.text);
    assert!(listed.text.contains("搜索次数\">2</td>"), "half-typed searches do not count: {}", listed.text);
    assert!(!listed.text.contains(">身份证<") && !listed.text.contains("？？"), "{}", listed.text);
    desk.writer.submit(gaps, &format!("{gaps}/closure"), &[("text", "飞行汽车牌照138********")]).await.expect(303);
    assert!(desk.writer.get(gaps).await.expect(200).text.contains("没有搜不到的问题"));
}

#[tokio::test]
async fn what_happens_to_an_answer_is_in_the_audit() {
    let desk = Desk::open().await;
    let entry = desk.published(LOST_CARD).await;
    desk.writer.submit(&entry, &format!("{entry}/withdrawal"), &[("reason", "并入另一条")]).await.expect(303);
    let auditor = desk.city.staff("NT-GA", &["audit.read"]).await;
    let trail = auditor.get("/identity/audit").await.expect(200);
    for words in ["编写热线知识", "提交热线知识审核", "发布热线知识", "撤回热线知识", "并入另一条"]
    {
        assert!(trail.text.contains(words), "{words} is not in the audit: {}", trail.text);
    }
}
