// The whole story, clicked: a delivery with faults is corrected; data is asked for, narrowed, agreed, called, revoked.
// Once with scripts, on a desk, and once without, on a phone.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Person, close, desk, phone, url } from "./lib.mjs";

after(close);

const token = process.env.JIANGHAI_TEST_TOKEN;
const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

// A citizen ID by GB 11643 for an invented person.
function citizen(birth, sequence) {
  const digits = `320602${birth}${String(sequence).padStart(3, "0")}`;
  const sum = [...digits].reduce((total, digit, at) => total + Number(digit) * weights[at], 0);
  return digits + "10X98765432"[sum % 11];
}

const header = "公民身份号码,姓名,性别,出生日期,户籍地区划,联系电话";

function rows(first) {
  const people = ["周安然", "吴一帆", "郑思远", "王若溪", "冯海明", "陈江月"];
  return people.map((name, at) => {
    const sequence = first + at * 2;
    const sex = sequence % 2 === 1 ? "男" : "女";
    return `${citizen(`198${at}0315`, sequence)},${name},${sex},198${at}-03-15,320613,1380000${String(1000 + first + at)}`;
  });
}

function faulty(first) {
  const lines = rows(first);
  lines[1] = lines[1].replace(/^(\d{17})./, (whole, body) => body + (whole.at(-1) === "0" ? "1" : "0"));
  lines[3] = lines[3].replace("1983-03-15,", "1983-02-30,");
  lines[4] = lines[4].replace("冯海明", "<script>alert(1)</script>");
  return [header, ...lines, ""].join("\r\n");
}

async function deliver(person, name, content, link) {
  const { page } = person;
  if (link) await person.press(link);
  else await person.visit("/registry/deliveries/new");
  await page.check('input[name="kind"][value="person"]');
  await page.setInputFiles('input[name="file"]', { name, mimeType: "text/csv", buffer: Buffer.from(content) });
  await person.press('main form[action="/registry/deliveries"] button[type="submit"]');
  const path = new URL(page.url()).pathname;
  assert.match(path, /^\/registry\/deliveries\/[0-9a-f-]{36}$/);
  for (let tries = 0; tries < 100; tries += 1) {
    // As long as it can be cancelled it is under way.
    if ((await page.locator('form[action$="/cancellation"]').count()) === 0) break;
    await page.waitForTimeout(300);
    await page.goto(url + path);
  }
  await person.look(`delivery of ${name}`);
  return path;
}

async function correct(viewport, scripts, first) {
  const officer = await Person.arrive({ viewport, scripts });
  await officer.signIn("civil");
  const path = await deliver(officer, `救助-${first}.csv`, faulty(first));
  const text = await officer.text();
  assert.match(text, /未通过/, text);
  await officer.visit(`${path}/rejects`);
  const report = await officer.text();
  assert.match(report, /出生日期/, report);
  assert.ok(report.includes("<script>"), "script in a field shows as text");
  await officer.visit(path);
  await deliver(officer, `救助-${first}-更正.csv`, [header, ...rows(first), ""].join("\n"), 'main a[href*="corrects="]');
  const done = await officer.text();
  assert.ok(!/未通过的行/.test(done) || /0/.test(done), done);
  await officer.leave();
}

async function agree(viewport, scripts) {
  const asker = await Person.arrive({ viewport, scripts });
  await asker.signIn("civil");
  await asker.visit("/exchange/requests/new?resource=NT-GA-001");
  const { page } = asker;
  await page.fill('textarea[name="purpose"]', "办理最低生活保障时核对家庭成员户籍");
  const names = await page.$$eval('input[name="field"]', (inputs) => inputs.map((input) => input.value));
  assert.ok(names.length >= 3, `${names}`);
  for (const name of names.slice(0, 3)) await page.check(`#field-${name}`);
  // Days are Beijing's, wherever this browser stands.
  const day = (ahead) => new Date(Date.now() + 8 * 3600_000 + ahead * 86400_000).toISOString().slice(0, 10);
  await page.fill('input[name="from_on"]', day(0));
  await page.fill('input[name="to_on"]', day(200));
  await page.fill('input[name="calls_a_day"]', "1000");
  await asker.press('main form[action="/exchange/requests"] button[type="submit"]');
  const request = new URL(page.url()).pathname;
  assert.match(request, /^\/exchange\/requests\/[0-9a-f-]{36}$/, await asker.text());

  const approver = await Person.arrive({ viewport, scripts });
  await approver.signIn("police2");
  await approver.visit(`${request}/decision`);
  await approver.page.uncheck(`input[name="field"][value="${names[0]}"]`);
  await approver.page.fill('input[name="calls_a_day"]', "100");
  await approver.press('button[name="decision"][value="grant"]');

  await asker.visit(request);
  await asker.press('main form[action$="/acceptance"] button[type="submit"]');
  const agreement = new URL(page.url()).pathname;
  const id = agreement.split("/").at(-1);
  const call = () => fetch(`${url}/api/exchange/agreements/${id}/rows?size=5`, { headers: { authorization: `Bearer ${token}` } });
  const answer = await call();
  assert.equal(answer.status, 200, await answer.clone().text());
  const given = await answer.json();
  const columns = JSON.stringify(given.fields);
  assert.ok(!columns.includes(`"${names[0]}"`) && columns.includes(`"${names[1]}"`), columns);

  await approver.visit(`${agreement}/revocation`);
  await approver.page.fill('textarea[name="reason"]', "户籍数据改由省级平台统一提供");
  await approver.press('main form[action$="/revocation"] button[type="submit"]');
  const refused = await call();
  assert.equal(refused.status, 403);
  const problem = await refused.json();
  assert.equal(problem.code, "exchange-revoked");
  assert.match(problem.detail, /第 \d+ 条/);
  await asker.visit(`${agreement}/calls`);
  await asker.leave();
  await approver.leave();
}

async function audited(viewport, scripts) {
  const auditor = await Person.arrive({ viewport, scripts });
  await auditor.signIn("auditor");
  await auditor.visit("/identity/audit");
  assert.match(await auditor.text(), /交付|协议|共享/);
  await auditor.leave();
}

// The same file twice changes nothing, so that a second visit to the same city brings other people.
const first = 1 + 2 * Math.floor(Math.random() * 200);

test("the story with scripts, on a desk", async () => {
  await correct(desk, true, first);
  await agree(desk, true);
  await audited(desk, true);
});

test("the story without scripts, on a phone", async () => {
  await correct(phone, false, first + 440);
  await agree(phone, false);
  await audited(phone, false);
});
