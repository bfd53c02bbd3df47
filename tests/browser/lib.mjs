// A real browser on the demonstration city: sign in, look, and let axe judge every page that is crossed.
import assert from "node:assert/strict";
import { readFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

export const url = process.env.JIANGHAI_URL ?? "http://127.0.0.1:8080";
export const password = "jianghai-2015-demo";
export const phone = { width: 390, height: 844 };
export const desk = { width: 1440, height: 900 };
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pictures = process.env.JIANGHAI_PICTURES;

let browser;

export async function open() {
  browser ??= await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
  });
  return browser;
}

export async function close() {
  await browser?.close();
  browser = undefined;
}

// A person with a device. Without scripts, axe cannot run inside the page and only the story is checked.
export class Person {
  static async arrive({ viewport = desk, scripts = true, english = false } = {}) {
    const context = await (await open()).newContext({
      viewport,
      javaScriptEnabled: scripts,
      bypassCSP: scripts,
      locale: english ? "en-GB" : "zh-CN",
      acceptDownloads: true,
    });
    const person = new Person();
    person.context = context;
    person.scripts = scripts;
    person.page = await context.newPage();
    person.page.setDefaultTimeout(15_000);
    person.faults = [];
    person.page.on("pageerror", (error) => person.faults.push(`script error on ${person.page.url()}: ${error.stack ?? error.message}`));
    person.page.on("console", (message) => {
      if (message.type() === "error" && /Content.Security.Policy|Uncaught/.test(message.text())) person.faults.push(message.text());
    });
    return person;
  }

  async leave() {
    await this.context.close();
    assert.equal(this.faults.length, 0, `${this.faults.length} faults on the way:\n${this.faults.join("\n")}`);
  }

  async visit(path, status = 200) {
    const answer = await this.page.goto(url + path, { waitUntil: "load" });
    if (answer.status() !== status) this.faults.push(`${path} answers ${answer.status()}, not ${status}`);
    await this.look(path);
    return this.page;
  }

  // Nothing wider than the screen, no serious fault for people with a disability; a picture if one is wanted.
  async look(name) {
    const { page } = this;
    if (pictures) {
      mkdirSync(pictures, { recursive: true });
      const file = `${name.replaceAll(/[^a-z0-9-]+/gi, "_")}-${page.viewportSize().width}.png`;
      await page.screenshot({ path: `${pictures}/${file}`, fullPage: true });
    }
    if (!this.scripts) return;
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 1) this.faults.push(`${name} is ${wide} px wider than the screen`);
    await page.evaluate(axeSource);
    const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    const serious = found.violations.filter((v) => ["serious", "critical"].includes(v.impact));
    for (const v of serious) {
      this.faults.push(`axe on ${name}: ${v.id}: ${v.help}\n    ${v.nodes.slice(0, 3).map((n) => n.html).join("\n    ")}`);
    }
  }

  async signIn(username) {
    await this.visit("/identity/session");
    await this.page.fill('input[name="name"]', username);
    await this.page.fill('input[name="password"]', password);
    await Promise.all([this.page.waitForURL((to) => !to.pathname.startsWith("/identity/session")), this.page.click('main button[type="submit"]')]);
    await this.look(`signed in as ${username}`);
  }

  async press(selector) {
    const loaded = this.page.waitForEvent("load");
    await this.page.click(selector);
    // Steps that weigh more ask first, where scripts run.
    const asked = this.page.locator('dialog.jh-confirm[open] button[value="yes"]');
    if (this.scripts && (await asked.isVisible({ timeout: 300 }).catch(() => false))) await asked.click();
    await loaded;
    await this.look(this.page.url().replace(url, ""));
  }

  async text() {
    return this.page.innerText("main");
  }
}
