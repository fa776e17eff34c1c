// The planner's day: Malmön has waited for weeks, the plan is drawn, changed with a reason, decided, and printed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { faults, mapReady, openBrowser, openHouse, plantSpot, signIn } from "./house.mjs";

let house;
let browser;

before(async () => {
  house = await openHouse();
  plantSpot(house);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await house?.close();
});

async function open(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce", locale: "en-GB", ...options });
  return context.newPage();
}

async function drawn(page, act) {
  const answered = page.waitForResponse((answer) => answer.url().includes("/analytics/plan/tour"));
  await act();
  assert.equal((await answered).status(), 200);
  await page.waitForSelector(".plan-stop");
}

test("from the start page to a plan with the district that has waited, and on to its sheet", async () => {
  const page = await open();
  await page.goto(`${house.url}/?lang=en`);
  const title = await page.textContent("#overdue-title");
  const [, place, days] = /^(.+): (\d+) days/.exec(title);
  await drawn(page, () => page.click("#overdue a.button"));
  await mapReady(page);
  const must = page.locator(".plan-stop", { has: page.locator(".is-must") });
  assert.match(await must.first().textContent(), new RegExp(`${place}: ${days} days since the last visit|${place}: \\d+ days`));
  const floors = await page.locator(".plan-floors tbody tr").allTextContents();
  assert.equal(floors.length, 6);
  assert.ok(floors.every((row) => row.includes("✓")), floors.join("\n"));
  assert.deepEqual(await faults(page), [], "page");
  await page.getByRole("button", { name: "Decide the plan" }).click();
  await page.waitForSelector(".plan-keep__files");
  assert.deepEqual(await faults(page), [], "decided");
  const [sheet] = await Promise.all([page.context().waitForEvent("page"), page.click(".plan-keep__files a")]);
  await sheet.waitForSelector(".sheet-table");
  assert.match(await sheet.textContent(".sheet-paper"), new RegExp(place));
  assert.equal(await sheet.locator(".sheet-map__stop").count(), await sheet.locator(".sheet-table__tick").count());
  assert.deepEqual(await faults(sheet), [], "sheet");
  const files = await page.locator(".plan-keep__files a[download]").evaluateAll((links) => links.map((link) => link.href));
  const begins = { pdf: "%PDF-", gpx: "<?xml", ics: "BEGIN:VCALENDAR", geojson: "{" };
  for (const file of files) {
    const answer = await page.context().request.get(file);
    assert.equal(answer.status(), 200, file);
    const text = (await answer.body()).toString("latin1");
    assert.ok(text.startsWith(begins[file.split(".").pop()]), `${file}: ${text.slice(0, 40)}`);
  }
  await page.context().close();
});

test("a stop is refused with a reason, another is moved, and the plan is drawn again at once", async () => {
  const page = await open();
  await signIn(page, house, "officer");
  await drawn(page, () => page.goto(`${house.url}/1427/staff/plan`));
  const first = page.locator(".plan-stop").first();
  const name = await first.locator(".plan-stop__name").evaluate((element) => element.firstChild.textContent);
  await first.locator(".plan-stop__head").click();
  await page.getByRole("button", { name: "Refuse" }).click();
  await page.locator("dialog label", { hasText: "Somebody else" }).first().click();
  await page.fill("#v-note", "The harbour watch walks here.");
  assert.deepEqual(await faults(page), [], "refusing");
  await drawn(page, () => page.locator("dialog button.button--wide").click());
  await page.waitForSelector(".plan-left");
  assert.match(await page.textContent(".plan-left"), new RegExp(`${name}.*harbour watch`, "s"));
  const moved = page.locator(".plan-stop").first();
  await moved.locator(".plan-stop__head").click();
  await page.getByRole("button", { name: "Move" }).click();
  await page.fill("dialog input[type=time]", "19:00");
  await page.locator("dialog label", { hasText: "Somebody else" }).first().click();
  assert.deepEqual(await faults(page), [], "moving");
  await drawn(page, () => page.locator("dialog button.button--wide").click());
  assert.match(await page.textContent(".plan__rounds"), /Moved: /);
  await page.context().close();
});

test("a unit wishes for stops from the list and from the map, and the planner sees by whom and why", async () => {
  const page = await open();
  await signIn(page, house, "officer");
  await drawn(page, () => page.goto(`${house.url}/1427/staff/plan`));
  await mapReady(page);
  await page.getByRole("button", { name: "Wish for a stop" }).click();
  await page.locator(".plan-wish--new input").first().fill("Anna Ek");
  await page.locator(".plan-wish--new button.button").click();
  assert.match(await page.textContent(".plan-wish--new [role=alert]"), /code/i, "a code, never a name");
  await page.locator(".plan-wish--new input").first().fill("OP-7");
  const place = await page.locator(".plan-wish--new select option").nth(3).textContent();
  await page.locator(".plan-wish--new select").selectOption({ index: 3 });
  await page.fill(".plan-wish--new textarea", "The boats are laid up here.");
  assert.deepEqual(await faults(page), [], "wishing");
  await drawn(page, () => page.locator(".plan-wish--new button.button").click());
  await page.waitForSelector(".plan-wishes__list .plan-wish");
  assert.match(await page.textContent(".plan-wishes__list"), new RegExp(`${place}.*laid up here.*OP-7`, "s"));
  await page.getByRole("button", { name: "Wish for a stop" }).click();
  await page.locator(".plan-wish--new input").first().fill("OP-8");
  await page.locator(".plan-wish--new").getByRole("button", { name: "Choose on the map" }).click();
  await page.waitForSelector(".plan__pick");
  const box = await page.locator(".plan__map .map").boundingBox();
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await page.waitForFunction(() => !document.querySelector(".plan__pick"));
  await page.fill(".plan-wish--new textarea", "The barrier stands open.");
  const sent = page.waitForResponse((answer) => answer.url().includes("/plan-wishes") && answer.request().method() === "POST");
  await page.locator(".plan-wish--new button.button").click();
  assert.equal((await sent).status(), 201, await (await sent).text());
  await page.waitForFunction(() => document.querySelectorAll(".plan-wishes__list .plan-wish").length === 2);
  await page.context().close();

  const planner = await open();
  await signIn(planner, house, "police-planner");
  await drawn(planner, () => planner.goto(`${house.url}/1427/staff/plan`));
  await planner.waitForSelector(".plan-wishes__list .plan-wish");
  const reasons = await planner.locator(".plan-stop__why").allTextContents();
  assert.ok(reasons.some((why) => /Unit OP-7 wishes: The boats are laid up here/.test(why)), reasons.join("\n"));
  assert.deepEqual(await faults(planner), [], "with wishes");
  const stays = await planner.locator(".plan-wishes__list .plan-wish").count();
  await drawn(planner, () => planner.locator(".plan-wish", { hasText: "OP-7" }).getByRole("button", { name: "Take back" }).click());
  await planner.waitForFunction((n) => document.querySelectorAll(".plan-wishes__list .plan-wish").length === n, stays - 1);
  assert.ok((await planner.locator(".plan-stop__why").allTextContents()).every((why) => !/OP-7/.test(why)));
  await planner.context().close();
});

test("shifts too short for every district are refused with the nearest plan, and that one can be had", async () => {
  const page = await open();
  await signIn(page, house, "police-planner");
  await drawn(page, () => page.goto(`${house.url}/1427/staff/plan`));
  const from = await page.locator(".plan-shift input[type=datetime-local]").first().inputValue();
  await page.locator(".plan-shift input[type=datetime-local]").last().fill(`${from.slice(0, 11)}15:00`);
  await page.locator(".plan-shift input[type=number]").fill("0");
  const refused = page.waitForResponse((answer) => answer.url().includes("/analytics/plan/tour"));
  await page.locator(".plan-ask button.button--wide").click();
  assert.equal((await refused).status(), 422);
  await page.waitForSelector(".plan__rounds [role=alert]");
  assert.deepEqual(await faults(page), [], "refused");
  await drawn(page, () => page.getByRole("button", { name: "Settle for what can be done" }).click());
  assert.equal(await page.locator(".plan__rounds [role=alert]").count(), 0);
  await page.context().close();
});

test("a unit with much of its shift left is told of where its round stands, and leaves in time and not before", async () => {
  const page = await open();
  await signIn(page, house, "police-planner");
  await drawn(page, () => page.goto(`${house.url}/1427/staff/plan`));
  await page.getByRole("button", { name: "Add a shift" }).click();
  await drawn(page, () => page.locator(".plan-ask button.button--wide").click());
  await page.waitForSelector(".plan-round--1");
  const idle = await page.locator(".plan-idle").allTextContents();
  assert.ok(idle.length, "two units have more time than there are places");
  assert.ok(idle.every((said) => /^No stop for \d+ h( \d+ min)? of the \d+ h of this shift\. Every place is already/.test(said)), idle.join("\n"));
  for (const round of await page.locator(".plan-round").all()) {
    const times = await round.locator(".plan-stop__time").allTextContents();
    assert.deepEqual(times, times.toSorted(), "a break, the way out and every stop stand in their order");
  }
  assert.deepEqual(await faults(page), [], "told");
  await page.context().close();
});

test("who is not of the police finds no plan, neither in the menu nor behind the address", async () => {
  const page = await open();
  await signIn(page, house, "coordinator");
  assert.equal(await page.locator("#staff-nav a[href$='/plan']").count(), 0);
  const refused = page.waitForResponse((answer) => answer.url().includes("/analytics/plan/tour"));
  await page.goto(`${house.url}/1427/staff/plan`);
  assert.equal((await refused).status(), 403);
  assert.equal(await page.locator(".plan-stop").count(), 0);
  await page.context().close();
});

test("on a phone everything fits its width", async () => {
  for (const width of [320, 360]) {
    const page = await open({ viewport: { width, height: 740 } });
    await signIn(page, house, "officer");
    await drawn(page, () => page.goto(`${house.url}/1427/staff/plan`));
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(over <= 0, `${width}: ${over}`);
    await page.context().close();
  }
});
