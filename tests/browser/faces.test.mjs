// Every face at phone and desk width, in both languages and in elder mode.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Person, close, desk, phone } from "./lib.mjs";

after(close);

const open = ["/", "/search?q=行政区划", "/search?q=没有的东西呀", "/services", "/services?q=企业", "/data", "/data?q=企业", "/data/NT-MZ-001", "/data/NT-ZWZX-001", "/data/NT-GHJ-001", "/identity/session", "/identity/registration", "/api", "/report", "/reports", "/reports?state=all", "/answers", "/answers?q=路灯"];
const staff = {
  police: ["/workbench", "/workbench/search?q=人口", "/registry/deliveries", "/registry/deliveries/new", "/registry/statistics", "/catalogue/resources", "/exchange/requests", "/exchange/agreements"],
  registrar: ["/registry/people", "/registry/organisations", "/registry/places", "/registry/map"],
  agent: ["/hotline/desk", "/hotline/desk?phone=0513-85501003&description=路面塌了一块&category=road-damage&lon=120.8567&lat=32.0195", "/casework/inbox", "/casework/inbox?tab=overdue", "/casework/cases", "/casework/cases?q=没有的东西呀"],
  supervisor: ["/hotline/board", "/hotline/bulletin", "/hotline/bulletin?by=month", "/hotline/knowledge", "/hotline/knowledge/entries", "/hotline/knowledge/entries/new", "/hotline/knowledge/gaps", "/hotline/suggestion", "/hotline/suggestion/duties", "/hotline/suggestion/history", "/casework/handover"],
  grid: ["/city_management/grids", "/city_management/grids/new", "/city_management/officer_grids", "/city_management/components", "/city_management/imports", "/city_management/categories", "/city_management/categories/event/0110", "/city_management/appraisal", "/city_management/centre"],
  patrol: ["/city_management/patrol"],
  admin: ["/casework/setup", "/casework/kinds/hotline.request", "/casework/webhooks", "/hotline/setting", "/open311/keys", "/open311/setting", "/identity/organisations", "/identity/accounts", "/identity/roles", "/identity/credentials", "/identity/audit", "/registry/rules", "/registry/rules/people/mobile_phone", "/catalogue/elements", "/catalogue/code-sets", "/operations", "/operations/jobs"],
};

for (const viewport of [phone, desk]) {
  test(`the portal can be shown at ${viewport.width} pixels`, async () => {
    const person = await Person.arrive({ viewport });
    for (const path of open) await person.visit(path);
    await person.visit("/no/such/page", 404);
    await person.leave();
  });

  test(`the workbench can be shown at ${viewport.width} pixels`, async () => {
    for (const [username, paths] of Object.entries(staff)) {
      const person = await Person.arrive({ viewport });
      await person.signIn(username);
      for (const path of paths) await person.visit(path);
      await person.leave();
    }
  });
}

test("English and elder mode hold on every public page", async () => {
  const person = await Person.arrive({ viewport: phone });
  await person.page.goto((await person.visit("/"), person.page.url()) + "preferences?lang=en&elder=1&back=/");
  for (const path of open) {
    await person.visit(path);
    assert.equal(await person.page.getAttribute("html", "lang"), "en", path);
    assert.ok((await person.page.getAttribute("html", "data-elder")) !== null, path);
  }
  await person.leave();
});

test("a data set of places is drawn, and is a table without scripts", async () => {
  const person = await Person.arrive({ viewport: phone });
  const page = await person.visit("/data/NT-GHJ-001");
  await page.locator("jh-map").scrollIntoViewIfNeeded();
  await page.waitForSelector("jh-map[data-ready] .jh-map-label");
  await page.waitForSelector("jh-chart[data-ready] canvas");
  const outlines = await page.evaluate(async () => (await (await fetch("/data/NT-GHJ-001/places.geojson")).json()).features.map((f) => f.geometry.type));
  assert.deepEqual(new Set(outlines), new Set(["MultiPolygon"]));
  await person.leave();
  const plain = await Person.arrive({ viewport: phone, scripts: false });
  await plain.visit("/data/NT-GHJ-001");
  assert.equal(await plain.page.locator("jh-map").isVisible(), false);
  assert.ok(await plain.page.locator("#preview table").isVisible());
  await plain.leave();
});
