// Hot spots: how sure each is without colour, what it says, its veto; bandwidth and breaks while zooming; clock and brush.
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

async function desk(role, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce", locale: "en-GB", ...options });
  const page = await context.newPage();
  await signIn(page, house, role);
  await mapReady(page);
  await page.waitForSelector(".places");
  return page;
}

/** Measures against something else: the place's own earlier years, where something can be confirmed, or its residents. */
async function against(page, expected) {
  const answered = page.waitForResponse((answer) => answer.url().includes("/layers/hotspots") && answer.url().includes(`expected=${expected}`));
  await page.locator(".question select").last().selectOption(expected);
  await answered;
  await page.waitForSelector(expected === "ownHistory" ? ".mark--confirmed" : ".mark--watch");
}
const againstHistory = (page) => against(page, "ownHistory");

/** Narrows a year to its months from the fifth to the eleventh by the brush; gives the hot spots of then. */
async function narrow(page) {
  const plot = await page.locator(".brush__plot").boundingBox();
  await page.mouse.move(plot.x + plot.width * 0.4, plot.y + 20);
  await page.mouse.down();
  await page.mouse.move(plot.x + plot.width * 0.9, plot.y + 20, { steps: 4 });
  const narrowed = page.waitForResponse((answer) => answer.url().includes("/layers/hotspots"));
  await page.mouse.up();
  return (await narrowed).json();
}

async function hotspots() {
  const headers = { authorization: `Bearer ${house.logins["police-planner"].token}` };
  const from = new Date(Date.now() - 365 * 86_400_000).toISOString().slice(0, 10);
  const answer = await fetch(`${house.url}/api/v1/municipalities/1427/layers/hotspots?expected=ownHistory&from=${from}`, { headers });
  return (await answer.json()).features.map((feature) => feature.properties);
}

test("a spot that is news against its own earlier years is confirmed, and told apart without colour", async () => {
  const page = await desk("police-planner");
  await page.waitForSelector(".mark--confirmed");
  assert.equal(await page.locator(".question select").last().inputValue(), "", "against its own years by itself, where there are any");
  await against(page, "population");
  await page.waitForFunction(() => !document.querySelector(".mark--confirmed"));
  const drawn = await page.locator(".mark--watch rect").first().evaluate((rect) => getComputedStyle(rect).strokeDasharray);
  assert.notEqual(drawn, "none", "what residents alone do not explain is watched, and dashed");
  assert.equal(await page.locator(".mark--confirmed").count(), 0, "and never confirmed");
  await againstHistory(page);
  const place = page.locator(".places li", { has: page.locator(".mark--confirmed") }).first();
  assert.equal(await place.locator(".mark rect").count(), 2, "a double outline");
  assert.match(await place.textContent(), /Confirmed/);
  await place.locator(".place").click();
  const why = await page.textContent(".why");
  assert.match(why, /By chance, something like this would appear here less than once in [\d,]+ years/);
  assert.match(why, /in \d of \d+ years|hardly ever|almost always/);
  assert.match(why, /times what was expected/);
  assert.match(why, /no\. \d+ of the whole map/);
  assert.match(why, /how it usually is right here/);
  assert.deepEqual(await faults(page), []);
  await page.context().close();
});

test("what is compared with is told, also where it is not what was asked for", async () => {
  const page = await desk("police-planner");
  // Three pictures of many layers: a machine that does something else takes its time.
  page.setDefaultTimeout(120_000);
  const period = page.locator(".question select").nth(2);
  const against = page.locator(".question select").last();
  const ask = async (select, value) => {
    const answered = page.waitForResponse((answer) => answer.url().includes("/layers/hotspots"));
    await select.selectOption(value);
    return (await answered).json();
  };
  const why = async () => {
    if (!(await page.locator(".why").count())) await page.locator(".place").first().click();
    return page.textContent(".why");
  };
  assert.equal(await against.locator("option:checked").textContent(), "earlier years, else people");
  assert.equal((await narrow(page)).expectedFrom, "own_history", "these days have two earlier years");
  await page.waitForSelector(".mark--confirmed");
  assert.match(await why(), /how it usually is right here/);
  assert.equal((await ask(against, "population")).expectedFrom, "residents");
  await page.waitForSelector(".mark--confirmed", { state: "detached" });
  assert.match(await why(), /how many live here/);
  await ask(against, "ownHistory");
  assert.equal((await ask(period, "365")).expectedFrom, "own_history", "a year has two before it");
  assert.equal(await page.locator(".places__limit").count(), 0);
  // The first of four years is whole or not by the minute in which the demonstration was filled.
  const { expectedFrom } = await ask(period, "1095");
  const limit = expectedFrom === "residents" ? "too few earlier years: the number of people" : "only one earlier year";
  await page.waitForFunction((said) => document.querySelector(".places__limit")?.textContent.includes(said), limit);
  if (expectedFrom === "residents") assert.equal(await page.locator(".mark--confirmed").count(), 0);
  assert.deepEqual(await faults(page), []);
  await page.setViewportSize({ width: 360, height: 740 });
  await page.click(".question-line");
  const [whole, last] = await page.evaluate(() => [document.querySelector(".question"), [...document.querySelectorAll(".question select")].at(-1)].map((one) => one.clientWidth));
  assert.ok(last > whole - 8, `on a phone it has the width for its words: ${last} of ${whole}`);
  await page.context().close();
});

test("an officer vetoes a spot with a reason and a day, and the spot stays", async () => {
  const page = await desk("officer");
  await againstHistory(page);
  const spots = await page.locator(".places li").count();
  await page.locator(".places li", { has: page.locator(".mark--confirmed") }).first().locator(".place").click();
  await page.getByRole("button", { name: "Veto this place" }).click();
  const apart = await page.locator("dialog fieldset").first().evaluate((question) => getComputedStyle(question).marginTop);
  assert.notEqual(apart, "0px", "the question keeps its distance from what stands above it");
  await page.getByRole("button", { name: "Veto this place" }).last().click();
  assert.equal(await page.textContent("dialog [role=alert]"), "Choose a reason.");
  await page.locator("dialog label", { hasText: "Known, and somebody works on it" }).click();
  await page.fill("#v-note", "Two lamps are ordered.");
  assert.deepEqual(await faults(page), [], "form");
  await page.locator("dialog button.button--wide").click();
  await page.waitForSelector(".why .veto");
  assert.equal(await page.locator(".places li").count(), spots, "no spot is dropped");
  assert.match(await page.textContent(".why .veto"), /Known, and somebody works on it.*Two lamps are ordered.*area police officer/s);
  assert.match(await page.textContent(".place__veto"), /Veto/);
  assert.deepEqual(await faults(page), [], "vetoed spot");
  const vetoed = (await hotspots()).find((spot) => spot.veto);
  assert.equal(vetoed.status, "confirmed");
  await page.click(".why .veto a");
  await page.waitForSelector(".veto__steps");
  assert.match(await page.textContent(".page--staff"), /No veto waits for review/);
  assert.deepEqual(await faults(page), [], "list");
  await page.getByRole("button", { name: /Review the veto/ }).click();
  await page.locator("dialog label", { hasText: "It ends" }).click();
  await page.fill("#v-note", "The lamps shine.");
  await page.locator("dialog button.button--wide").click();
  await page.waitForSelector("#veto-ended");
  assert.match(await page.textContent(".veto__steps"), /set.*ended.*The lamps shine/s);
  assert.ok((await hotspots()).every((spot) => spot.veto === null));
  await page.context().close();
});

test("who may not veto sees no button and still reads the list", async () => {
  const page = await desk("est");
  await page.locator(".place").first().click();
  await page.waitForSelector(".why");
  assert.equal(await page.getByRole("button", { name: "Veto this place" }).count(), 0);
  await page.goto(`${house.url}/1427/staff/vetoes`);
  await page.waitForSelector("#veto-due");
  await page.context().close();
});

test("bandwidth and breaks stay when the map is zoomed", async () => {
  const page = await desk("police-planner");
  const legend = async () => (await page.textContent(".staff-legend")).replace(/\s+/g, " ");
  const before = await legend();
  assert.match(before, /700/);
  let asked = 0;
  page.on("request", (request) => (asked += Number(request.url().includes("/layers/"))));
  const zoom = page.locator(".maplibregl-ctrl-zoom-in");
  for (let step = 0; step < 3; step += 1) {
    await zoom.click();
    await page.waitForTimeout(400);
  }
  assert.equal(await legend(), before);
  assert.equal(asked, 0, "zooming asks for no other map");
  await page.context().close();
});

test("clock and brush choose the hot spots too", async () => {
  const page = await desk("police-planner");
  const asked = [];
  page.on("request", (request) => request.url().includes("/layers/hotspots") && asked.push(new URL(request.url()).searchParams));
  await narrow(page);
  assert.ok(asked.at(-1).get("from") && asked.at(-1).get("to"), String(asked.at(-1)));
  await page.locator(".clock").focus();
  await page.keyboard.press("ArrowLeft");
  const clocked = page.waitForResponse((answer) => answer.url().includes("/layers/hotspots") && answer.url().includes("hours="));
  await page.keyboard.press("Enter");
  await clocked;
  assert.ok(asked.at(-1).get("weekdays"), String(asked.at(-1)));
  assert.ok(asked.at(-1).get("to"), "the brush holds beside the clock");
  await page.context().close();
});

test("who is heard stands beside a survey, and another one can be tried", async () => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce", locale: "en-GB" });
  const page = await context.newPage();
  await signIn(page, house, "coordinator");
  await page.goto(`${house.url}/1427/staff/heard`);
  await page.waitForSelector(".shares .card");
  assert.match(await page.textContent("main"), /Survey: Påhittad trygghetsmätning, \d{4}/);
  assert.equal(await page.locator(".shares .card").count(), 6);
  assert.deepEqual(await faults(page), []);

  await page.getByText("Type in a survey").click();
  const compare = page.getByRole("button", { name: "Compare" });
  assert.ok(await compare.isDisabled(), "one district alone has nobody to be compared with");
  const shares = { 109051: 1, 109052: 99 };
  await page.getByLabel("Smögen, %").fill("1");
  await page.getByLabel("Malmön, %").fill("99");
  await compare.click();
  await page.waitForFunction(() => document.querySelector(".headline-number")?.textContent.includes("Malmön"));
  const asked = Object.entries(shares).map(([code, share]) => `${code}:${share / 100}`).join(",");
  const answer = await page.evaluate(async (survey) => (await fetch(`/api/v1/municipalities/1427/analytics/bias?survey=${survey}`)).json(), asked);
  const silent = answer.features.map((feature) => feature.properties).filter((row) => row.silentArea);
  assert.deepEqual(silent.map((row) => row.name), ["Malmön"]);
  const card = page.locator(".shares .card", { hasText: "Malmön" });
  assert.match(await card.textContent(), /More people feel unsafe here than the reports show/);
  assert.match(await page.locator(".shares .card", { hasText: "Tossene" }).textContent(), /No survey from here/);
  await context.close();
});
