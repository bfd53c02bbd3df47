// What people do about a hole in the street: the officer on his walk, the agent at the desk, the departments, the supervisor.
// Everybody goes by the links and buttons of the pages, so that all of it works with and without scripts.
import assert from "node:assert/strict";
import { deflateSync } from "node:zlib";
import { url } from "./lib.mjs";

// The check of a PNG's chunk; node's own came with version 22.
function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

// A picture of a road with something dark on it, or mended; it shows no place and nobody. No two are the same file: an officer's
// photo proves one thing once.
export function picture(mended = false) {
  const [width, height] = [320, 240];
  const rows = Buffer.alloc(height * (width * 3 + 1));
  const grain = Math.floor(Math.random() * 2 ** 30);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const hole = !mended && (x - 160) ** 2 + 4 * (y - 170) ** 2 < 2_500;
      const shade = hole ? 40 : y < 100 ? 205 : 118 + ((x * 7 + y * 13 + (grain >> (x % 30))) % 9);
      rows.fill(shade, y * (width * 3 + 1) + 1 + x * 3, y * (width * 3 + 1) + 4 + x * 3);
    }
  }
  const chunk = (kind, body) => {
    const named = Buffer.concat([Buffer.from(kind, "latin1"), body]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(body.length);
    check.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, check]);
  };
  const head = Buffer.from([0, 0, width >> 8, width & 255, 0, 0, height >> 8, height & 255, 8, 2, 0, 0, 0]);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const buffer = Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
  return { name: mended ? "mended.png" : "hole.png", mimeType: "image/png", buffer };
}

// The middle of some unit grid that the officer walks, as the grid's own map draws it.
export async function walk(officer) {
  const { page } = officer;
  await officer.visit("/city_management/grids");
  const own = page.locator('main tr:has-text("崇川 01 责任网格") a[href^="/city_management/grids/"]');
  const code = await own.nth(Math.floor(Math.random() * (await own.count()))).innerText();
  await officer.press(`main a[href="/city_management/grids/${code}"]`);
  const answer = await page.request.get(url + (await page.getAttribute("jh-map", "src")));
  assert.equal(answer.status(), 200, await answer.text());
  const grid = (await answer.json()).features.find((feature) => Object.values(feature.properties).includes(code));
  const corners = grid.geometry.coordinates.flat(Infinity);
  const middle = (which) => {
    const all = corners.filter((_, at) => at % 2 === which);
    return ((Math.min(...all) + Math.max(...all)) / 2).toFixed(6);
  };
  return { lon: middle(0), lat: middle(1) };
}

// Where the officer stands: the phone says so, or he types it.
async function stand(officer, place) {
  const { page } = officer;
  if (officer.scripts) {
    await officer.context.grantPermissions(["geolocation"]);
    await officer.context.setGeolocation({ longitude: Number(place.lon), latitude: Number(place.lat), accuracy: 8 });
    await page.click("[data-locate]");
    await page.waitForSelector("[data-locate][data-done]");
    assert.equal(await page.inputValue("#lon"), place.lon);
    return;
  }
  await page.click("#by-hand > summary");
  await page.fill("#lon", place.lon);
  await page.fill("#lat", place.lat);
}

// Sends a form of the officer's page, and the number that it was taken in under: the phone's queue says it, or the next page.
async function sent(officer, button) {
  const { page } = officer;
  if (!officer.scripts) {
    await officer.press(button);
    return (await page.innerText(".jh-alert-good")).match(/\d{8}-\d{6}/)[0];
  }
  await page.click(button);
  const line = page.locator('jh-queue li[data-state="sent"]').last();
  await line.waitFor();
  await officer.look("the officer's queue");
  return (await line.innerText()).match(/\d{8}-\d{6}/)[0];
}

export async function photograph(officer, place, words) {
  const { page } = officer;
  await officer.visit("/city_management/patrol");
  await page.setInputFiles("#file", picture());
  await stand(officer, place);
  await page.fill("#other", "道路破损");
  await page.fill("#note", words);
  return sent(officer, '#report button[type="submit"]');
}

// The officer finds the case among what he is to look at, and photographs that it is mended.
export async function inspect(officer, number) {
  const { page } = officer;
  await officer.visit("/city_management/patrol");
  const task = `form.jh-hand-task:has-text("${number}")`;
  await page.setInputFiles(`${task} input[type="file"]`, picture(true));
  assert.equal(await sent(officer, `${task} button[value="yes"]`), number);
}

// A call is typed, and what is known beside it looked up.
export async function listen(agent, place, { phone, name, words, address }) {
  const { page } = agent;
  await agent.visit("/hotline/desk");
  await page.fill("#phone", phone);
  await page.fill("#name", name);
  await page.fill("#description", words);
  await page.fill("#address", address);
  await page.selectOption("#category", "road-damage");
  await page.click("details:has(#point) > summary");
  await page.fill("#point", `${place.lon},${place.lat}`);
  await agent.press('.jh-form-bar button[formaction="/hotline/desk/lookup"]');
}

// Decides on the call by a button of its page; gives the address of the case that it became.
export async function decide(agent, button) {
  await agent.press(button);
  // The call's own case stands before the one that it went into.
  const link = agent.page.locator('.jh-alert-good a[href^="/casework/cases/"]').first();
  return link.getAttribute("href");
}

// The address of a case of a number, found as anybody finds it.
export async function find(person, number) {
  await person.visit(`/casework/cases?q=${number}`);
  await person.press(`main td a:text-is("${number}")`);
  return new URL(person.page.url()).pathname;
}

const ways = (name) => `main a[href$="/${name}"], main form[action$="/${name}"] button`;

export async function offers(person, path, name) {
  await person.visit(path);
  return (await person.page.locator(ways(name)).count()) > 0;
}

// Merges a case into another that its form finds nearby.
export async function merge(person, path, into, note) {
  const { page } = person;
  await person.visit(path);
  await page.click("details.jh-more:has(.jh-actions) > summary");
  await person.press(ways("merger"));
  await person.press(`main .jh-entry:has(a:text-is("${into}")) a.btn`);
  assert.equal(await page.inputValue('[name="other"]'), into);
  await page.fill('[name="note"]', note);
  await person.press("main form.jh-form button.btn-primary");
  assert.equal(new URL(page.url()).pathname, path, await person.text());
}

// Does an act on a case: by its button at once, or by its form with what belongs into it.
export async function act(person, path, name, fields = {}) {
  const { page } = person;
  await person.visit(path);
  const way = page.locator(ways(name)).first();
  assert.equal(await way.count(), 1, `${name} is offered at ${path}:\n${await person.text()}`);
  if (!(await way.isVisible())) await page.click('details.jh-more:has(.jh-actions) > summary');
  await person.press(ways(name));
  if (page.url().endsWith(`/${name}`)) {
    for (const [field, value] of Object.entries(fields)) {
      const input = page.locator(`main form.jh-form [name="${field}"]`);
      if (field === "file") await input.setInputFiles(value);
      else if (field === "stars") await page.check(`main form.jh-form [name="stars"][value="${value}"]`);
      else await input.last().fill(value);
    }
    await person.press("main form.jh-form button.btn-primary");
  }
  assert.equal(new URL(page.url()).pathname, path, `${name}: ${await person.text()}`);
}

// A figure of the supervisor's board; of a share, its part: 3 of "3/4", or of "75.00%" with "30 / 40，近 7 天" under it.
export async function figure(supervisor, label) {
  await supervisor.visit("/hotline/board");
  return read(supervisor.page, label);
}

async function read(page, label) {
  const tile = page.locator(".jh-kpi").filter({ has: page.locator(`.jh-kpi-label a:text-is("${label}")`) });
  const [value, note] = [await tile.locator(".jh-kpi-value").innerText(), await tile.locator(".jh-kpi-note").innerText()];
  const figure = (/[%–]/.test(value) ? note : value).split("/")[0];
  return Number(figure.replaceAll(",", ""));
}

// The counters are added up by a job every few seconds: the board is opened until the figure has moved.
export async function moved(supervisor, label, before) {
  const { page } = supervisor;
  const end = Date.now() + 30_000;
  for (;;) {
    await page.goto(`${url}/hotline/board`);
    const now = await read(page, label);
    if (now > before) return now;
    assert.ok(Date.now() < end, `${label} has stayed at ${before}`);
    await page.waitForTimeout(500);
  }
}
