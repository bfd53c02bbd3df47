// A call and an officer's photo of one hole in the street become one case, and the case is taken to its end. Once the photo was
// there first, and it is a case of city management; once the call, and it is a request of the hotline. Each with scripts, the
// officer on a phone and all others at a desk, and without scripts, everybody on a phone.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Person, close, desk, phone } from "./lib.mjs";
import { act, decide, figure, find, inspect, listen, merge, moved, offers, photograph, picture, walk } from "./street.mjs";

after(close);

const roads = "南通市城乡建设局";
const traffic = "南通市交通运输局";

async function cast(scripts) {
  const people = {};
  for (const name of ["agent", "supervisor", "housing", "transport"]) {
    people[name] = await Person.arrive({ viewport: scripts ? desk : phone, scripts });
    await people[name].signIn(name);
  }
  people.officer = await Person.arrive({ viewport: phone, scripts });
  await people.officer.signIn("patrol");
  return people;
}

async function leave(people) {
  for (const person of Object.values(people)) await person.leave();
}

// Words that no other call or photo of this city has.
function told() {
  const house = 100 + Math.floor(Math.random() * 900);
  return {
    phone: `0513-85${String(Math.floor(Math.random() * 1e6)).padStart(6, "0")}`,
    name: "季先生",
    address: `濠北路 ${house} 号门前`,
    words: `濠北路 ${house} 号门前的路面破了一个大坑，有脸盆那么大，晚上骑车会摔倒。`,
    seen: `濠北路 ${house} 号门前路面破损，坑深约十厘米，已放锥筒`,
  };
}

// Both who reported it are among those whom the case concerns, and none of them with his telephone.
async function concerns(person, path, telephone) {
  await person.visit(path);
  const who = person.page.locator('section.jh-panel:has(h2:text-is("诉求人"))');
  assert.equal(await who.locator(".jh-entry").count(), 2, await who.innerText());
  assert.match(await who.innerText(), /季/);
  assert.ok(!(await who.innerText()).includes(telephone), "a telephone is masked");
}

async function photoFirst(scripts) {
  const people = await cast(scripts);
  const { agent, supervisor, housing, transport, officer } = people;
  const requests = await figure(supervisor, "诉求");
  const call = told();
  const place = await walk(officer);
  const number = await photograph(officer, place, call.seen);

  // The agent hears of the same hole, sees the officer's case beside the call, and says so.
  await listen(agent, place, call);
  const said = await decide(agent, `#beside .jh-entry:has(a:text-is("${number}")) button[value^="same:"]`);
  await agent.visit(said);
  assert.match(await agent.text(), new RegExp(`已并入案件 ${number}`));
  await agent.press(`main a:has-text("已并入案件 ${number}")`);
  const path = new URL(agent.page.url()).pathname;
  await concerns(agent, path, call.phone);
  assert.ok((await moved(supervisor, "诉求", requests)) > requests);

  // Filed, given to the wrong department, returned with a reason, and given to the right one.
  await act(agent, path, "acceptance");
  await act(agent, path, "dispatch", { organisation: traffic });
  await act(transport, path, "return", { note: "这一段是市政道路，不归公路部门养护。" });
  await act(supervisor, path, "redirection", { organisation: roads, note: "经核实属于市政道路，改派建设部门。" });
  await act(housing, path, "signing");
  await act(housing, path, "result", { answer: "已用冷补料填平坑洞并压实，路面恢复通行。", file: picture(true) });

  // Nobody closes it before somebody has looked and the caller has been asked.
  await act(agent, path, "acceptance");
  assert.equal(await offers(agent, path, "closure"), false, "not inspected yet");
  await inspect(officer, number);
  assert.equal(await offers(agent, path, "closure"), false, "not called back yet");
  await act(agent, path, "callback_solved", { stars: "5", note: "来电人说坑已经填好了。" });
  await act(agent, path, "closure");
  await finished(agent, path, ["接收并案", "退回", "改派", "核查通过", "回访：已解决", "结案"]);
  await leave(people);
}

async function callFirst(scripts) {
  const people = await cast(scripts);
  const { agent, supervisor, housing, officer } = people;
  const solved = await figure(supervisor, "回访解决率");
  const call = told();
  const place = await walk(officer);
  await listen(agent, place, call);
  const path = await decide(agent, 'button[name="way"][value="ticket"]');
  await agent.visit(path);
  const number = (await agent.page.innerText("h1")).match(/\d{8}-\d{6}/)[0];

  // The officer photographs what the caller meant; the agent merges his case into the call's.
  const photo = await photograph(officer, place, call.seen);
  const other = await find(agent, photo);
  await merge(agent, other, number, "与来电是同一处路面。");
  assert.match(await agent.text(), new RegExp(`已并入案件 ${number}`));
  await concerns(agent, path, call.phone);

  // Dispatched, signed, returned with a reason; the supervisor does not grant it, and it is mended.
  await act(agent, path, "acceptance");
  await act(agent, path, "dispatch", { organisation: roads });
  await act(housing, path, "signing");
  await act(housing, path, "return", { note: "怀疑是自来水管漏水掏空路基，请转供水企业。" });
  await act(supervisor, path, "upholding", { note: "道路养护单位先行修复，再查明原因。" });
  await act(housing, path, "result", { answer: "已填平路面，并通知供水企业检查管道，未发现漏水。", file: picture(true) });
  assert.equal(await offers(agent, path, "closure"), false, "not called back yet");
  await act(agent, path, "callback_solved", { stars: "4", note: "来电人表示满意，希望以后快一些。" });
  await act(agent, path, "closure");
  await finished(agent, path, ["接收并案", "退回", "维持原派", "办结反馈", "回访：已解决", "结案"]);
  assert.ok((await moved(supervisor, "回访解决率", solved)) > solved);
  await leave(people);
}

// Closed as solved, with the caller's stars, and the timeline says everything that happened.
async function finished(person, path, acts) {
  await person.visit(path);
  const text = await person.page.innerText("main");
  assert.match(text, /已解决/);
  assert.match(text, /[45] 星/);
  const titles = await person.page.locator(".jh-timeline .jh-event-title").allInnerTexts();
  for (const name of acts) assert.ok(titles.some((title) => title.includes(name)), `${name} in ${titles}`);
}

test("a photo, then a call about the same: with scripts, at desks and on a phone", () => photoFirst(true));

test("a photo, then a call about the same: without scripts, on phones", () => photoFirst(false));

test("a call, then a photo of the same: with scripts, at desks and on a phone", () => callFirst(true));

test("a call, then a photo of the same: without scripts, on phones", () => callFirst(false));
