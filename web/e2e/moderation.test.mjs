// Moderators: the queue by hand and by keyboard, masking, owners by a link, ready answers, records and retention.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { faults, mapReady, openBrowser, openHouse, signIn } from "./house.mjs";

let house;
let browser;
const M = () => `${house.url}/api/v1/municipalities/1427`;
const token = () => ({ authorization: `Bearer ${house.logins.coordinator.token}` });

before(async () => {
  house = await openHouse();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await house?.close();
});

async function desk(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce", locale: "en-GB", ...options });
  const page = await context.newPage();
  await signIn(page, house, "coordinator");
  return page;
}

async function queue(page) {
  await page.goto(`${house.url}/1427/staff/queue`);
  await page.waitForSelector(".queue-card, .notice--empty");
}

async function send(key, text, place = [11.2272, 58.3567]) {
  const answer = await fetch(`${M()}/reports`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify({ category: "lighting", place: { longitude: place[0], latitude: place[1] }, text }),
  });
  assert.equal(answer.status, 201);
}

async function waiting(part = "all") {
  return (await fetch(`${M()}/queue?part=${part}&limit=100`, { headers: token() })).json();
}

/** Shows the report with a text, among the latest, and gives its card. */
async function card(page, text) {
  const { items } = await waiting();
  const { id } = items.find((item) => item.text === text);
  while (!(await page.locator(`#q-${id}`).count())) {
    const shown = await page.locator(".queue-card").count();
    await page.locator(".queue__list > p > .button").click();
    await page.waitForFunction((before) => document.querySelectorAll(".queue-card").length > before, shown);
  }
  await page.locator(`#q-${id} .queue-card__title`).click();
  await page.waitForSelector(`#q-${id}.is-open`);
  return page.locator(`#q-${id}`);
}

for (const [width, colorScheme] of [[1440, "dark"], [1440, "light"]]) {
  test(`the queue and the records are without a fault at ${width} px, ${colorScheme}`, async () => {
    await send(`fault-${width}-${colorScheme}`, "Ring Lars på 070-174 06 05 om lampan");
    const page = await desk({ viewport: { width, height: 780 }, colorScheme });
    await queue(page);
    await mapReady(page);
    assert.deepEqual(await faults(page), [], "queue");
    await page.locator(".queue-card__mark input").first().check();
    await page.waitForSelector(".queue__bulk");
    assert.deepEqual(await faults(page), [], "bulk");
    for (const key of ["r", "f", "a"]) {
      await page.keyboard.press(key);
      await page.waitForSelector("dialog[open]");
      await page.waitForTimeout(300);
      assert.deepEqual(await faults(page), [], `sheet ${key}`);
      await page.keyboard.press("Escape");
      await page.waitForSelector("dialog[open]", { state: "detached" });
    }
    await page.goto(`${house.url}/1427/staff/archive`);
    await page.waitForSelector(".archive__class");
    assert.deepEqual(await faults(page), [], "records");
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= width, `${wide} px wide`);
    await page.context().close();
  });
}

test("the queue is worked by keyboard alone", async () => {
  await send("keys-1", "Lampan vid trappan är trasig (keys)", [11.3021, 58.4419]);
  await send("keys-2", "Trasig lampa vid trappan (keys)", [11.3022, 58.4419]);
  const page = await desk();
  await queue(page);
  await page.keyboard.press("?");
  await page.waitForSelector("dialog[open]");
  assert.match(await page.textContent("dialog[open]"), /merge into the most alike/);
  await page.keyboard.press("Escape");
  const second = (await waiting()).items.find((item) => item.text === "Trasig lampa vid trappan (keys)");
  assert.equal(second.alike.length, 1, "the earlier one is proposed");
  await page.locator(".queue__parts .chip", { hasText: "Alike" }).click();
  for (let step = 0; step < 60 && !(await page.locator(`#q-${second.id}.is-open`).count()); step += 1) {
    await page.keyboard.press("j");
    await page.waitForTimeout(30);
  }
  await page.waitForSelector(`#q-${second.id}.is-open`);
  await page.keyboard.press("m");
  await page.waitForSelector(`#q-${second.id}`, { state: "detached" });
  const merged = await (await fetch(`${M()}/reports/${second.id}`, { headers: token() })).json();
  assert.equal(merged.mergedInto, second.alike[0].id);
  await page.context().close();
});

test("what is marked is done together, and what cannot be is told", async () => {
  for (const at of [1, 2]) await send(`bulk-${at}`, `Klotter nummer ${at} (bulk)`, [11.35 + at / 100, 58.45]);
  const page = await desk();
  await queue(page);
  for (const at of [1, 2]) await (await card(page, `Klotter nummer ${at} (bulk)`)).locator("input[type=checkbox]").check();
  await page.locator(".queue__bulk .button").first().click();
  await page.waitForSelector(".queue__bulk", { state: "detached" });
  const left = (await waiting()).items.filter((item) => item.text?.includes("(bulk)"));
  assert.equal(left.length, 0, "both are read and sorted");
  await page.context().close();
});

test("words are masked from the queue and stay in the history", async () => {
  await send("mask", "Så fråga Lars om lampan (mask)");
  const page = await desk();
  await queue(page);
  const shown = await card(page, "Så fråga Lars om lampan (mask)");
  await page.keyboard.press("r");
  await page.waitForSelector("dialog[open] .button--plain");
  await page.locator("dialog[open] .button--plain", { hasText: "Mask 1" }).click();
  await page.waitForFunction(() => document.querySelector("#mask-text").value.includes("Så fråga ▮▮▮ om lampan"));
  await page.waitForSelector("dialog[open] .plain-list li");
  await page.locator("#mask-text").evaluate((field) => field.setSelectionRange(field.value.indexOf("lampan"), field.value.indexOf("lampan") + 6));
  await page.locator("dialog[open] .button", { hasText: "Mask what is selected" }).click();
  await page.waitForFunction(() => document.querySelector("#mask-text").value.includes("om ▮▮▮"));
  await page.waitForFunction(() => document.querySelectorAll("dialog[open] .plain-list li").length === 2);
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => document.querySelector(".queue-card.is-open .said")?.textContent.includes("▮▮▮"));
  assert.doesNotMatch(await shown.locator(".said").first().textContent(), /Lars/);
  await page.context().close();
});

test("an owner answers by a link without account and without JavaScript", async () => {
  await send("owner", "Lampan vid bryggan, fråga Lars (owner)");
  const page = await desk();
  await queue(page);
  await card(page, "Lampan vid bryggan, fråga Lars (owner)");
  await page.keyboard.press("f");
  await page.fill("#f-owner", "Vägföreningen");
  await page.fill("#f-question", "Är lampan er?");
  await page.locator("dialog[open] button.button--wide").click();
  const url = await page.inputValue("#f-link");
  assert.match(url, /\/1427\/owner\?lang=sv#[\w-]{43}$/);
  assert.match(await page.inputValue("#f-letter"), /^Hej!/);
  assert.ok((await page.inputValue("#f-letter")).includes(url));
  await page.locator("dialog[open] label", { hasText: "English" }).click();
  const english = await page.inputValue("#f-letter");
  assert.match(english, /^Hello,[^]*\/1427\/owner\?lang=en#[\w-]{43}\n/);
  assert.match(english, /opens until \d+ \w+ \d{4}/);
  assert.deepEqual(await faults(page), [], "the letter to an owner");
  await page.keyboard.press("Escape");

  const theirs = await browser.newContext({ viewport: { width: 360, height: 740 }, locale: "sv-SE", reducedMotion: "reduce" });
  const seen = await theirs.newPage();
  await seen.goto(url);
  await seen.waitForSelector("textarea");
  const text = await seen.textContent("main");
  assert.match(text, /Vägföreningen/);
  assert.doesNotMatch(text, /Lars/);
  assert.deepEqual(await faults(seen), [], "owner");
  await seen.goto(url.replace("lang=sv", "lang=en"));
  await seen.waitForSelector("textarea");
  assert.equal(await seen.getAttribute("html", "lang"), "en", "the language of the letter is that of the page");
  await theirs.close();

  const plain = await browser.newContext({ javaScriptEnabled: false, locale: "sv-SE" });
  const form = await plain.newPage();
  await form.goto(url.split("#")[0]);
  await form.fill("#code", url.split("#")[1]);
  await form.click("main button");
  await form.locator("label.chip", { hasText: "Det ska göras" }).click();
  await form.click("main form button");
  assert.match(await form.textContent(".error-text"), /behövs/);
  await form.fill("#by-day", "2035-05-01");
  await form.fill("#note", "Beställd");
  await form.click("main form button");
  assert.match(await form.textContent("main"), /1 maj 2035/);
  await plain.close();

  await page.locator(".queue__parts .chip", { hasText: "Owners" }).click();
  await page.waitForFunction(() => /Vägföreningen/.test(document.querySelector(".queue-card")?.textContent ?? ""));
  await page.context().close();
});

test("a ready answer is chosen, and reaches the resident", async () => {
  await send("ready", "Trasig lampa (ready)", [11.29, 58.46]);
  const page = await desk();
  await queue(page);
  const shown = await card(page, "Trasig lampa (ready)");
  const id = (await shown.getAttribute("id")).slice(2);
  await page.keyboard.press("a");
  await page.selectOption("#answer-tongue", "both");
  await page.selectOption("#answer-template", "lamp-mended");
  assert.match(await page.inputValue("#step-answer"), /Lampan är lagad[\s\S]*The lamp is mended/);
  await page.locator("dialog[open] .report-step button.button--wide").click();
  await page.waitForSelector("dialog[open] .notice");
  const report = await (await fetch(`${M()}/reports/${id}`, { headers: token() })).json();
  assert.equal(report.status, "done");
  assert.match(report.answers[0].text, /The lamp is mended/);
  await page.context().close();
});

test("a request for documents goes from selection to archive, and retention needs a decision", async () => {
  const page = await desk();
  await page.goto(`${house.url}/1427/staff/archive`);
  await page.waitForSelector(".archive__class");
  assert.match(await page.locator(".archive__class").first().textContent(), /No decision of retention/);
  await send("records", "Fråga Lars om lampan (records)", [11.23, 58.36]);
  await page.locator("button", { hasText: "New request" }).click();
  await page.fill("#a-reference", "KS 2026/123");
  await page.fill("#a-asked", "Reports of today");
  await page.fill("#a-from", new Date().toISOString().slice(0, 10));
  await page.locator(".archive__form .button").first().click();
  await page.waitForSelector(".queue-card");
  for (let left = await page.locator(".queue-card").count(); left > 0; left -= 1) {
    if (!(await page.locator(".queue-card form").count())) await page.locator(".queue-card .button--plain").first().click();
    const withhold = await page.locator(".queue-card form #r-text").count();
    if (withhold) assert.match(await page.inputValue("#r-text"), /▮▮▮|.+/);
    const before = await page.locator(".queue-card .tag--ok").count();
    await page.locator(".queue-card form .button").click();
    await page.waitForFunction((n) => document.querySelectorAll(".queue-card .tag--ok").length > n, before);
  }
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("a[download]").click()]);
  assert.match(download.suggestedFilename(), /^records-[0-9a-f]{32}\.zip$/);
  const first = page.locator(".archive__class").first();
  await first.locator(".link-button").click();
  await page.fill("#d-number", "KS 2026/7");
  await page.fill("#d-day", "2026-02-01");
  await page.fill("#d-days", "30");
  await first.locator("form .button").click();
  await page.waitForFunction(() => /KS 2026\/7/.test(document.querySelector(".archive__class").textContent));
  assert.match(await first.textContent(), /would be let go/);
  await page.context().close();
});
