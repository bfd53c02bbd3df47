// The whole story, clicked: a delivery with faults is corrected; its data is described and published, asked for, narrowed,
// agreed, called, revoked; and the audit of it all is verified by openssl. Once with scripts, on a desk, and once
// without, on a phone.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
  await officer.signIn("police");
  const path = await deliver(officer, `户籍-${first}.csv`, faulty(first));
  const text = await officer.text();
  assert.match(text, /未通过/, text);
  await officer.visit(`${path}/rejects`);
  const report = await officer.text();
  assert.match(report, /出生日期/, report);
  assert.ok(report.includes("<script>"), "script in a field shows as text");
  await officer.visit(path);
  await deliver(officer, `户籍-${first}-更正.csv`, [header, ...rows(first), ""].join("\n"), 'main a[href*="corrects="]');
  const done = await officer.text();
  assert.ok(!/未通过的行/.test(done) || /0/.test(done), done);
  await officer.leave();
}

const fields = [
  ["citizen_id", "公民身份号码", "text", "sensitive"],
  ["person_name", "姓名", "text", "internal"],
  ["birth_on", "出生日期", "date", "internal"],
  ["registered_division", "户籍地行政区划代码", "text", "internal"],
];

// The data officer describes the resource and hands it in; the approver publishes it.
async function publish(viewport, scripts, code) {
  const officer = await Person.arrive({ viewport, scripts });
  await officer.signIn("police");
  await officer.visit("/catalogue/resources/new");
  const { page } = officer;
  await page.fill('input[name="code"]', code);
  await page.fill('input[name="title"]', `社会救助对象户籍核对（${code}）`);
  await page.fill('textarea[name="description"]', "本市户籍登记的居民的身份和户籍地，供民政部门核对社会救助对象。");
  await page.fill('input[name="keywords"]', "户籍；救助");
  await page.selectOption('select[name="theme"]', "population");
  await page.selectOption('select[name="classification"]', "sensitive");
  await page.selectOption('select[name="sharing"]', "conditional");
  await page.fill('textarea[name="terms"]', "仅用于社会救助对象的核对。");
  await page.fill('input[name="contact"]', "户政支队 12345");
  await page.selectOption('select[name="rows"]', "person");
  for (const [at, [name, label, type, secrecy]] of fields.entries()) {
    await page.locator('input[name="field_name"]').nth(at).fill(name);
    await page.locator('input[name="field_label"]').nth(at).fill(label);
    await page.locator('input[name="field_element"]').nth(at).fill(name);
    await page.locator('select[name="field_type"]').nth(at).selectOption(type);
    await page.locator('select[name="field_class"]').nth(at).selectOption(secrecy);
  }
  await officer.press('main form[action="/catalogue/resources"] button.btn-primary');
  const path = new URL(page.url()).pathname;
  assert.equal(path, `/catalogue/resources/${code}`, await officer.text());
  await officer.press('form[action$="/submission"] button[type="submit"]');
  await officer.leave();

  const approver = await Person.arrive({ viewport, scripts });
  await approver.signIn("police2");
  await approver.visit("/catalogue/reviews");
  assert.ok((await approver.text()).includes(code), "it waits for review");
  await approver.visit(path);
  await approver.press('form[action$="/publication"] button[type="submit"]');
  assert.match(await approver.text(), /已发布|社会救助对象户籍核对/);
  await approver.leave();
}

async function agree(viewport, scripts, code) {
  const asker = await Person.arrive({ viewport, scripts });
  await asker.signIn("civil");
  await asker.visit(`/exchange/requests/new?resource=${code}`);
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
  assert.ok(given.rows.length > 0, JSON.stringify(given));

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

// The auditor finds what happened, takes today so far home, and openssl agrees with it.
async function audited(viewport, scripts, code) {
  const auditor = await Person.arrive({ viewport, scripts });
  await auditor.signIn("auditor");
  await auditor.visit("/identity/audit");
  const trail = await auditor.text();
  for (const word of [/交付/, /发布/, /协议/, /调用|撤销|终止/]) assert.match(trail, word);
  const { page } = auditor;
  await auditor.press('main a[href^="/identity/audit/days/"], aside a[href^="/identity/audit/days/"]');
  const day = page.url().slice(-10);
  const [archive] = await Promise.all([page.waitForEvent("download"), page.click('a[href$="/export"]')]);
  const folder = mkdtempSync(join(tmpdir(), "jianghai-audit-"));
  await archive.saveAs(join(folder, "audit.zip"));
  const run = (command) => execFileSync("bash", ["-c", command], { cwd: folder, encoding: "utf8" });
  run("python3 -m zipfile -e audit.zip .");
  const commands = await page.$$eval("pre code[id^=check-]", (found) => found.map((code) => code.textContent));
  assert.equal(commands.length, 2);
  assert.match(run(commands[0]), /^sm3: [0-9a-f]{64}$/m);
  assert.match(run(commands[1]), /Signature Verified Successfully/);
  const lines = run(`cat audit-${day}.jsonl`);
  for (const action of ["registry.delivery", "catalogue.resource", "exchange.agreement"]) assert.ok(lines.includes(action), action);
  assert.ok(lines.includes(code), "the published resource is in the trail");
  rmSync(folder, { recursive: true });
  await auditor.leave();
}

// The same file twice changes nothing, so that a second visit to the same city brings other people.
const first = 1 + 2 * Math.floor(Math.random() * 200);

async function story(viewport, scripts, first) {
  const code = `NT-GA-${800 + first}`;
  await correct(viewport, scripts, first);
  await publish(viewport, scripts, code);
  await agree(viewport, scripts, code);
  await audited(viewport, scripts, code);
}

test("the story with scripts, on a desk", () => story(desk, true, first));

test("the story without scripts, on a phone", () => story(phone, false, first + 440));
