// Residents and the public: accessible, narrow, by keyboard alone, without scripts.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { faults, firstDistrict, mapReady, openBrowser, openHouse, signIn } from "./house.mjs";

let house;
let browser;
let district;

before(async () => {
  house = await openHouse();
  browser = await openBrowser();
  district = await firstDistrict(house);
});

after(async () => {
  await browser?.close();
  await house?.close();
});

const paths = () => [
  "/",
  "/1427/report",
  "/1427/receipt",
  "/1427/picture",
  "/1427/promises",
  "/1427/calendar",
  "/1427/watch",
  `/1427/district/${district}`,
  "/1427/about",
  "/1427/methods",
  "/1427/staff/sign-in",
  "/1427/nowhere",
];

// On a telephone `contrast.test.mjs` looks at every state.
for (const [width, scheme] of [[1440, "light"], [1440, "dark"]]) {
  test(`every page is without a fault at ${width} px, ${scheme}`, async () => {
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: scheme, reducedMotion: "reduce" });
    const page = await context.newPage();
    for (const path of paths()) {
      await page.goto(house.url + path);
      if (path.endsWith("report") || path.endsWith("picture")) await mapReady(page);
      assert.deepEqual(await faults(page), [], path);
    }
    await signIn(page, house, "police-planner");
    await mapReady(page);
    await page.waitForSelector(".table--dense");
    assert.deepEqual(await faults(page), [], "staff");
    await context.close();
  });
}

test("nothing scrolls sideways at 320 px", async () => {
  const context = await browser.newContext({ viewport: { width: 320, height: 640 } });
  const page = await context.newPage();
  for (const path of paths()) {
    await page.goto(house.url + path);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 320, `${path} is ${wide} px wide`);
  }
  await context.close();
});

test("head, words and foot of every page begin at one edge", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  for (const width of [360, 768, 1440]) {
    await page.setViewportSize({ width, height: 800 });
    for (const path of paths().filter((path) => !/report|sign-in/.test(path))) {
      await page.goto(house.url + path);
      const edges = await page.evaluate(() => [".brand", "main h1", ".foot__inner"].map((part) => Math.round(document.querySelector(part).getBoundingClientRect().left)));
      assert.equal(new Set(edges).size, 1, `${path} at ${width} px: ${edges}`);
    }
  }
  await context.close();
});

test("the table of defects stands within the page of a telephone", async () => {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(`${house.url}/1427/picture`);
  const within = await page.locator(".table--stack").evaluate((table) => table.parentElement.scrollWidth <= table.parentElement.clientWidth);
  assert.ok(within);
  const button = await page.getByRole("button", { name: /I feel it too/ }).first().boundingBox();
  assert.ok(button.height < 60, `a button of one line, not ${button.height} px high`);
  await context.close();
});

test("a report goes in without scripts, and a fault keeps what was filled in", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false, locale: "en" });
  const page = await context.newPage();
  await page.goto(`${house.url}/1427/report?lang=en`);
  await page.fill("#text", "The lamp at the jetty is out.");
  await page.click("[data-send]");
  assert.match(await page.textContent(".summary"), /place/);
  assert.equal(await page.inputValue("#text"), "The lamp at the jetty is out.");
  await page.selectOption("#locality", { label: "Smögen" });
  await page.locator(".group summary").first().click();
  await page.locator("label", { has: page.locator("input[value=lighting]") }).click();
  await page.click("[data-send]");
  const code = (await page.textContent("[data-code]")).trim();
  assert.match(code, /^[\w-]{14,}$/);
  assert.ok(!page.url().includes(code), "the code does not stand in the address");
  await page.goto(`${house.url}/1427/receipt?lang=en`);
  await page.fill("#code", code);
  await page.click("main button[type=submit]");
  assert.match(await page.textContent(".ticket"), /Missing or broken lighting/);
  await context.close();
});

test("what is going on now never becomes a report", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${house.url}/1427/report?lang=en`);
  await page.selectOption("#locality", { label: "Smögen" });
  await page.locator(".group summary").first().click();
  await page.locator("label", { has: page.locator("input[value=lighting]") }).click();
  await page.locator("label", { has: page.locator("input[name=now][value=yes]") }).click();
  await page.click("[data-send]");
  assert.equal(await page.locator(".ticket").count(), 0);
  assert.equal(await page.getAttribute(".stop .button", "href"), "tel:112");
  await context.close();
});

test("a report goes in by keyboard alone", async () => {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  await page.goto(`${house.url}/1427/report?lang=en`);
  await mapReady(page);
  const reach = async (match) => {
    for (let tries = 0; tries < 90; tries += 1) {
      if (await page.evaluate((css) => document.activeElement?.matches(css), match)) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`${match} is not reached by Tab`);
  };
  await reach(".switch button:nth-child(3)");
  await page.keyboard.press("Enter");
  await page.keyboard.type("smögen");
  await reach(".suggestions button");
  await page.keyboard.press("Enter");
  await reach("[data-next]");
  await page.keyboard.press("Enter");
  await reach(".group summary");
  await page.keyboard.press("Enter");
  await reach("input[name=category]");
  await page.keyboard.press("Space");
  await reach("[data-next]");
  await page.keyboard.press("Enter");
  await reach("[data-send]");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".ticket__words");
  // The script of the receipt puts it there once it has come.
  await page.waitForFunction(() => location.hash.length > 1);
  assert.match(page.url(), /#[\w-]{14,}$/, "the code stands behind # alone");
  await context.close();
});

test("a pin that is sent shows on the planner's map within a moment", async (context) => {
  const desk = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const planner = await desk.newPage();
  await signIn(planner, house, "police-planner");
  await mapReady(planner);
  await planner.waitForSelector(".live.is-live");
  await planner.waitForSelector(".table--dense");
  const start = performance.now();
  const sent = await fetch(`${house.url}/api/v1/municipalities/1427/reports`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": "live-pin" },
    body: JSON.stringify({ category: "lighting", place: { longitude: 11.2272, latitude: 58.3567 } }),
  });
  assert.equal(sent.status, 201);
  await planner.waitForSelector(".flash", { timeout: 5000 });
  context.diagnostic(`from the pin to the planner's map: ${Math.round(performance.now() - start)} ms`);
  await desk.close();
});
