// Controls that the picture calls for, from the candidate to the public page; dose and gap.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { faults, openBrowser, openHouse, signIn } from "./house.mjs";

let house;
let browser;

before(async () => {
  house = await openHouse();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await house?.close();
});

async function desk(role, path, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce", locale: "en-GB", ...options });
  const page = await context.newPage();
  await signIn(page, house, role);
  await page.goto(`${house.url}/1427/staff/${path}`);
  await page.waitForSelector(".page--staff section");
  return page;
}

/** Breaches of speed in the year's output. */
async function speeding(page) {
  const rows = await page.locator("[aria-labelledby=c-out] .rows > div", { hasText: "Speeding" }).allTextContents();
  return Number(rows[0]?.replace(/\D/g, "") ?? 0);
}

test("a planner puts a candidate on the list, moves it, and an officer does it", async () => {
  const page = await desk("police-planner", "controls");
  const site = await page.locator(".control h3").last().textContent();
  const numbers = await page.locator(".control").last().locator(".three dd").allTextContents();
  assert.equal(numbers.length, 3, "explained by three numbers");
  const before = await page.locator("[aria-labelledby=c-due] .control").count();
  await page.locator(".control", { hasText: site }).last().locator("button").click();
  await page.waitForFunction((n) => document.querySelectorAll("[aria-labelledby=c-due] .control").length === n, before + 1);
  const listed = () => page.locator("[aria-labelledby=c-due] .control", { hasText: site });
  await listed().getByRole("button", { name: "Not done" }).click();
  await page.locator("dialog .chip", { hasText: "The weather" }).locator("input").check();
  await page.click("dialog .button--wide");
  await listed().locator(".tag", { hasText: "moved to" }).waitFor();
  await page.context().close();

  const officer = await desk("officer", "controls");
  const caught = await speeding(officer);
  await officer.locator("[aria-labelledby=c-due] .control", { hasText: site }).getByRole("button", { name: "Done", exact: true }).click();
  await officer.fill("#d-unit", "OP-1");
  await officer.fill("#d-veh", "80");
  await officer.fill("#d-chk", "12");
  await officer.locator(".breaches input").first().fill("3");
  await officer.fill("#d-before", "51");
  assert.deepEqual(await faults(officer), [], "the form");
  await officer.click("dialog .button--wide");
  await officer.waitForSelector("dialog", { state: "detached" });
  await officer.locator("[aria-labelledby=c-out] tbody th", { hasText: site }).first().waitFor();
  assert.equal(await speeding(officer), caught + 3, "the breaches are added to the output");
  await officer.context().close();
});

test("a coordinator sees what was done and nothing of what is to come", async () => {
  const page = await desk("coordinator", "controls");
  assert.equal(await page.locator("[aria-labelledby=c-due], [aria-labelledby=c-called]").count(), 0);
  assert.equal(await page.locator("[aria-labelledby=c-out]").count(), 1);
  await page.context().close();
});

test("the gap is told in words, and visit lengths beside the guide", async () => {
  const page = await desk("police-planner", "presence");
  await page.waitForSelector("[aria-labelledby=d-spots] table", { timeout: 120_000 });
  const spots = await page.locator("[aria-labelledby=d-spots] tbody th").allTextContents();
  assert.ok(spots.some((spot) => /^\d+\. \S.*Confirmed$/.test(spot.trim())), spots.join("; "));
  for (const spot of spots) assert.match(spot, /Confirmed|Watch|Too few to say/, "how sure each is");
  assert.match(await page.textContent(".headline-number"), /planned visits|of the need|follows need/);
  for (const words of await page.locator(".shares .card p").allTextContents()) assert.match(words, /matches need|behind need|ahead of need/);
  assert.match(await page.textContent(".page--staff"), /a guide from a trial in one city, not a rule/);
  await page.locator(".chip", { hasText: "28 days" }).click();
  await page.waitForFunction(() => document.querySelector("[aria-labelledby=d-districts] tbody td")?.textContent === "4");
  await page.context().close();
});

test("what was planned comes from the plans, and where there was none it is said", async () => {
  const before = await desk("police-planner", "presence");
  await before.waitForSelector("[aria-labelledby=d-districts] table");
  assert.match(await before.textContent(".dose__plans"), /No plan was decided for these \d+ days/);
  assert.equal(await before.locator("[aria-labelledby=d-districts] th", { hasText: /^Planned$/ }).count(), 0);
  await before.context().close();
  const headers = { authorization: `Bearer ${house.logins["police-planner"].token}`, "content-type": "application/json" };
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const question = { shifts: [{ unit: "A", from: `${yesterday}T08:00`, to: `${yesterday}T16:00` }], seed: 5 };
  const post = (path, body) => fetch(`${house.url}/api/v1/municipalities/1427${path}`, { method: "POST", headers: { ...headers, "idempotency-key": "yesterday" }, body: JSON.stringify(body) });
  const plan = await (await post("/analytics/plan/tour", question)).json();
  assert.equal((await post("/plans", { question, digest: plan.digest, status: "decided" })).status, 201);
  const after = await desk("police-planner", "presence");
  await after.waitForSelector("[aria-labelledby=d-districts] table");
  assert.match(await after.textContent(".dose__plans"), /There was a plan on one of \d+ days/);
  const planned = await after.locator("[aria-labelledby=d-districts] tbody tr td:nth-child(2)").allTextContents();
  const sum = planned.reduce((all, cell) => all + (Number(cell) || 0), 0);
  assert.equal(sum, plan.rounds[0].stops.length, planned.join(" "));
  assert.deepEqual(await faults(after), [], "with a plan");
  await after.context().close();
  const municipal = await desk("coordinator", "presence");
  await municipal.waitForSelector("[aria-labelledby=d-districts] table");
  assert.equal(await municipal.locator(".dose__plans").count(), 0, "plans are for the police alone");
  await municipal.context().close();
});

test("a meeting goes into the public calendar, and counts once it was held", async () => {
  const page = await desk("coordinator", "watch");
  await page.locator("[aria-labelledby=t-calendar] .page__head .button").click();
  await page.fill("#e-sv", "Trygghetsträff på prov");
  await page.fill("#e-start", new Date(Date.now() - 3 * 3_600_000).toISOString().slice(0, 16));
  await page.fill("#e-min", "60");
  await page.fill("#e-place", "Biblioteket");
  await page.fill("#e-org", "Sotenäs kommun");
  assert.deepEqual(await faults(page), [], "the form");
  await page.click("dialog .button--wide");
  await page.locator(".control", { hasText: "Trygghetsträff på prov" }).getByRole("button", { name: "It was held" }).click();
  await page.waitForFunction(() => !document.querySelector("[aria-labelledby=t-calendar]")?.textContent.includes("Trygghetsträff på prov"));
  const calendar = await (await fetch(`${house.url}/1427/calendar`)).text();
  assert.match(calendar, /Trygghetsträff på prov/);
  assert.match(await (await fetch(`${house.url}/1427/calendar.ics`)).text(), /SUMMARY:Trygghetsträff på prov/);
  await page.context().close();
});

test("an officer types the month's tips, and a watch logs a pass", async () => {
  const officer = await desk("officer", "watch");
  const cell = officer.locator(".tips input").first();
  await cell.fill("3");
  await officer.getByRole("button", { name: "Save the month" }).click();
  await officer.locator(".notice", { hasText: "saved" }).waitFor();
  await officer.reload();
  await officer.waitForFunction(() => document.querySelector(".tips input")?.value === "3");
  await officer.context().close();
  const watch = await desk("fieldworker", "watch");
  await watch.getByRole("button", { name: /^Log a pass/ }).first().click();
  await watch.click("dialog .button--wide");
  await watch.locator(".notice", { hasText: "Saved" }).waitFor();
  await watch.context().close();
});

for (const path of ["calendar", "watch"]) {
  test(`the public ${path} is without a fault, day and night, on a phone and a desk`, async () => {
    for (const [width, colorScheme] of [[320, "light"], [360, "dark"], [1440, "light"]]) {
      const page = await (await browser.newContext({ viewport: { width, height: 780 }, colorScheme, reducedMotion: "reduce" })).newPage();
      await page.goto(`${house.url}/1427/${path}`);
      assert.deepEqual(await faults(page), [], `${width} ${colorScheme}`);
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width);
      await page.context().close();
    }
  });
}

for (const [width, colorScheme] of [[320, "light"], [768, "light"], [1440, "dark"]]) {
  test(`presence, controls and watch are without a fault at ${width} px, ${colorScheme}`, async () => {
    const page = await desk("police-planner", "controls", { viewport: { width, height: 780 }, colorScheme });
    for (const path of ["controls", "presence", "watch"]) {
      await page.goto(`${house.url}/1427/staff/${path}`);
      await page.waitForSelector({ controls: "[aria-labelledby=c-out]", presence: "[aria-labelledby=d-spots] table", watch: "[aria-labelledby=t-watch] li" }[path]);
      assert.deepEqual(await faults(page), [], path);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `${path} is ${wide} px wide`);
    }
    await page.context().close();
  });
}
