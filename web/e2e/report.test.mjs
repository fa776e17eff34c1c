// The resident's report: six taps, the stop, the warnings, a stretch, a fraud, places by name.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { mapReady, openBrowser, openHouse } from "./house.mjs";

let house;
let browser;
const here = { longitude: 11.2272, latitude: 58.3567, accuracy: 12 };

before(async () => {
  house = await openHouse();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await house?.close();
});

async function phone(options = {}) {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, locale: "en-GB", geolocation: here, permissions: ["geolocation"], ...options });
  const page = await context.newPage();
  await page.goto(`${house.url}/1427/report?lang=en`);
  return { context, page };
}

/** Fills everything in up to the last step, by taps. */
async function toTheLastStep(page, category = "lighting") {
  await page.tap(".switch button:first-child");
  await page.waitForSelector(".chosen-place.is-set");
  await page.tap("[data-next]");
  const option = page.locator("label.option", { has: page.locator(`input[value=${category}]`) });
  await page.locator(".group", { has: option }).locator("summary").tap();
  await option.tap();
  await page.tap("[data-next]");
}

async function reportsOf(category) {
  const answer = await fetch(`${house.url}/api/v1/municipalities/1427/layers/reports?category=${category}`, {
    headers: { authorization: `Bearer ${house.logins.coordinator.token}` },
  });
  return (await answer.json()).features;
}

test("six taps on a phone send a report in less than thirty seconds, without a typed letter", async () => {
  const { context, page } = await phone();
  await mapReady(page);
  let [taps, keys] = [0, 0];
  await page.exposeFunction("tapped", () => (taps += 1));
  await page.exposeFunction("typed", () => (keys += 1));
  await page.evaluate(() => {
    document.addEventListener("pointerdown", () => window.tapped());
    document.addEventListener("keydown", () => window.typed());
  });
  const start = performance.now();
  await toTheLastStep(page);
  assert.match(await page.textContent(".sentence"), /not chosen any time/);
  await page.tap("[data-send]");
  await page.waitForSelector(".ticket__words");
  const seconds = (performance.now() - start) / 1000;
  assert.deepEqual([taps, keys], [6, 0]);
  assert.ok(seconds < 30, `${seconds} s`);
  assert.match(await page.textContent(".ticket__head"), /Responsible here/);
  await context.close();
});

test("the first step stands before its script has come, and nothing moves when it does", async () => {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, locale: "en-GB", serviceWorkers: "block" });
  const page = await context.newPage();
  let come;
  const held = new Promise((done) => (come = done));
  await page.route("**/assets/report-*.js", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${house.url}/1427/report?lang=en`, { waitUntil: "commit" });
  await page.locator("[data-place-tools][inert] .chosen-place").waitFor();
  await page.evaluate(() => document.fonts.ready);
  const parts = [".dots", ".switch", ".chosen-place", ".shapes", "[data-next]"];
  const stand = async () => Object.fromEntries(await Promise.all(parts.map(async (part) => [part, await page.locator(part).boundingBox()])));
  const before = await stand();
  assert.ok(Object.values(before).every(Boolean), JSON.stringify(before));
  assert.match(await page.locator(".dots").textContent(), /Step 1 of 3/);
  for (const later of ["[data-send]", "[data-place-lists]", "#step-2"]) assert.ok(await page.locator(later).isHidden(), later);
  come();
  await page.waitForSelector(".map[data-still]");
  assert.equal(await page.locator("[data-place-tools][inert]").count(), 0);
  assert.deepEqual(await stand(), before);
  await context.close();
});

for (const missing of ["report", "en"]) {
  test(`where ${missing}.js does not come the form is whole without it`, async () => {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale: "en-GB", serviceWorkers: "block" });
    const page = await context.newPage();
    await page.route(`**/assets/${missing}-*.js`, (route) => route.abort());
    await page.goto(`${house.url}/1427/report?lang=en`);
    await page.waitForSelector("html:not(.js)");
    assert.ok(await page.locator("[data-place-tools]").isHidden());
    await page.selectOption("#locality", { index: 1 });
    await page.locator(".group", { has: page.locator("input[value=lighting]") }).locator("summary").click();
    await page.check("input[value=lighting]");
    await page.click("[data-send]");
    await page.waitForSelector(".ticket__words");
    await context.close();
  });
}

test("nothing of the first question hides behind the button, and what goes on now shows none to send", async () => {
  const { context, page } = await phone();
  await mapReady(page);
  const button = await page.locator("[data-next]").boundingBox();
  for (const part of [".switch", ".chosen-place", ".shapes"]) {
    const { y, height } = await page.locator(part).boundingBox();
    assert.ok(y + height <= button.y, `${part} ends at ${y + height}, the button begins at ${button.y}`);
  }
  await toTheLastStep(page);
  await page.locator("label.chip", { has: page.locator("input[name=now][value=yes]") }).tap();
  await page.waitForSelector("[data-stop]:not([hidden]) a[href='tel:112']");
  for (const part of ["[data-send]", "#text"]) assert.ok(await page.locator(part).isHidden(), part);
  await page.locator("label.chip", { has: page.locator("input[name=now][value=no]") }).tap();
  for (const part of ["[data-send]", "#text"]) assert.ok(await page.locator(part).isVisible(), part);
  await context.close();
});

test("the telephone numbers stand on every step", async () => {
  const { context, page } = await phone();
  await mapReady(page);
  const seen = () => page.locator(".emergency a[href='tel:112']").isVisible();
  assert.ok(await seen());
  await toTheLastStep(page);
  assert.ok(await seen());
  const at = await page.locator(".emergency a[href='tel:112']").boundingBox();
  assert.ok(at.y >= 0 && at.y < 740, "the number is on the screen");
  await context.close();
});

test("dangerous words interrupt, and the report goes on once it is over", async () => {
  const { context, page } = await phone();
  await mapReady(page);
  await toTheLastStep(page);
  await page.fill("#text", "A man with a knife is at the bus stop");
  await page.tap("[data-send]");
  await page.waitForSelector("[data-pause=danger]:not([hidden]) a[href='tel:112']");
  assert.equal(await page.locator(".ticket").count(), 0);
  await page.tap("[data-meant=over]");
  await page.waitForSelector("[data-pause=danger]", { state: "hidden" });
  await page.tap("[data-send]");
  await page.waitForSelector(".ticket__words");
  const flagged = (await reportsOf("lighting")).filter((report) => report.properties.danger);
  assert.equal(flagged.length, 1, "staff see that the words are dangerous");
  await context.close();
});

test("a number plate is warned about, and kept only if it is meant", async () => {
  const { context, page } = await phone();
  await mapReady(page);
  await toTheLastStep(page, "speeding");
  await page.fill("#text", "The car with plate TBC 123 again");
  await page.tap("[data-send]");
  await page.waitForSelector("[data-pause=personal]:not([hidden])");
  assert.match(await page.textContent("[data-pause=personal]"), /number plate/);
  await page.tap("[data-change-text]");
  await page.fill("#text", "A white car again");
  await page.tap("[data-send]");
  await page.waitForSelector(".ticket__words");
  assert.equal((await reportsOf("speeding")).filter((report) => report.properties.personal).length, 0);
  await context.close();
});

test("who says that it is meant has sent it", async () => {
  const { context, page } = await phone();
  await mapReady(page);
  await toTheLastStep(page, "speeding");
  await page.fill("#text", "The car with plate TBC 124 again");
  await page.tap("[data-send]");
  await page.tap("[data-meant=anyway]");
  await page.waitForSelector(".ticket__words");
  await context.close();
});

test("without scripts the server asks the same two questions before it keeps anything", async () => {
  const { context, page } = await phone({ javaScriptEnabled: false });
  await page.selectOption("#locality", { label: "Smögen" });
  await page.locator(".group summary").first().tap();
  await page.locator("label", { has: page.locator("input[value=litter]") }).tap();
  await page.fill("#text", "Help! Call me on 070-174 06 05");
  await page.tap("[data-send]");
  assert.equal(await page.getAttribute(".stop .button--fyr", "href"), "tel:112");
  await page.tap("button[name=over]");
  assert.match(await page.textContent("section.notice--warn"), /telephone number/);
  assert.equal(await page.inputValue("#text"), "Help! Call me on 070-174 06 05");
  await page.tap("button[name=anyway]");
  await page.waitForSelector(".ticket__words");
  await context.close();
});

test("a stretch drawn on the map is one report", async () => {
  const { context, page } = await phone({ viewport: { width: 1200, height: 800 }, isMobile: false });
  await mapReady(page);
  const before = (await reportsOf("unsafe_path")).length;
  await page.getByRole("button", { name: "Stretch" }).click();
  const at = await page.locator(".map").boundingBox();
  const points = [[0.5, 0.42], [0.52, 0.45], [0.54, 0.47]];
  for (const [x, y] of points) await page.mouse.click(at.x + at.width * x, at.y + at.height * y);
  await page.waitForFunction(() => document.querySelector("input[name=line]").value.split(" ").length === 3);
  await page.click("[data-next]");
  await page.locator(".group summary").first().click();
  await page.locator("label.option", { has: page.locator("input[value=unsafe_path]") }).click();
  await page.click("[data-next]");
  await page.click("[data-send]");
  await page.waitForSelector(".ticket__words");
  assert.equal((await reportsOf("unsafe_path")).length, before + 1);
  await context.close();
});

test("an attempted fraud is two questions and advice, and keeps no place and no text", async () => {
  const { context, page } = await phone();
  await mapReady(page);
  const before = new Set((await reportsOf("fraud_attempt")).map((report) => report.id));
  await page.tap(".switch button:first-child");
  await page.waitForSelector(".chosen-place.is-set");
  await page.tap("[data-next]");
  await page.locator(".group", { has: page.locator("input[value=fraud_attempt]") }).locator("summary").tap();
  await page.locator("label", { has: page.locator("input[value=fraud_attempt]") }).tap();
  assert.match(await page.textContent(".advice"), /Hang up/);
  await page.locator("label", { has: page.locator("input[value=by_phone]") }).tap();
  await page.locator("label", { has: page.locator("input[value=nothing_lost]") }).tap();
  await page.tap("[data-next]");
  await page.tap("[data-send]");
  await page.waitForSelector(".ticket__words");
  const fresh = (await reportsOf("fraud_attempt")).filter((report) => !before.has(report.id));
  assert.equal(fresh.length, 1);
  const [sent] = fresh;
  assert.equal(sent.geometry, null);
  const detail = await fetch(`${house.url}/api/v1/municipalities/1427/reports/${sent.id}`, {
    headers: { authorization: `Bearer ${house.logins.coordinator.token}` },
  });
  assert.deepEqual((await detail.json()).details, ["by_phone", "nothing_lost"]);
  await context.close();
});

test("a place is found by name, by coordinates and by what is near", async () => {
  const { context, page } = await phone();
  await mapReady(page);
  await page.tap(".switch button:nth-child(3)");
  await page.fill("#place-search", "58.3567, 11.2272");
  await page.locator(".suggestions button").first().tap();
  assert.equal(await page.inputValue("#longitude"), "11.227200");
  await page.fill("#place-search", "");
  await page.tap(".switch button:first-child");
  const first = page.locator(".suggestions button").first();
  await page.waitForFunction(() => document.querySelector("input[name=precision]").value === "12");
  assert.doesNotMatch(await first.textContent(), /Bovallstrand/, "the nearest stand first");
  await page.fill("#place-search", "bovall");
  await first.tap();
  assert.match(await page.textContent(".chosen-place"), /Bovallstrand/);
  assert.equal(await page.inputValue("#longitude"), "", "one way of saying where at a time");
  await context.close();
});
