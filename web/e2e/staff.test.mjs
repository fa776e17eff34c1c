// Staff: the picture on a phone, one report, measures, publishing, time; by hand, by keyboard, and when scripts fail.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { faults, mapReady, openBrowser, openHouse, signIn } from "./house.mjs";

let house;
let browser;
const M = () => `${house.url}/api/v1/municipalities/1427`;

before(async () => {
  house = await openHouse();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await house?.close();
});

/** A page of a member of staff, signed in. */
async function desk(role, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce", locale: "en-GB", ...options });
  const page = await context.newPage();
  await signIn(page, house, role);
  return page;
}

async function pictured(page) {
  await mapReady(page);
  await page.waitForSelector(".places, .notice--empty");
}

/** Sends a report and gives its receipt and, as staff see it, its identity. */
async function send(key, body = {}) {
  const answer = await fetch(`${M()}/reports`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify({ category: "lighting", place: { longitude: 11.2272, latitude: 58.3567 }, text: `The lamp is out (${key}).`, ...body }),
  });
  assert.equal(answer.status, 201);
  const { receipt } = await answer.json();
  const headers = { authorization: `Bearer ${house.logins.coordinator.token}` };
  const { features } = await (await fetch(`${M()}/layers/reports?category=lighting`, { headers })).json();
  for (const { id } of features.reverse()) {
    const report = await (await fetch(`${M()}/reports/${id}`, { headers })).json();
    if (report.text?.includes(`(${key})`)) return { receipt, id };
  }
  assert.fail("the report is not in the layer");
}

async function read(receipt) {
  return (await fetch(`${house.url}/api/v1/receipt`, { headers: { authorization: `Receipt ${receipt}` } })).json();
}

for (const [width, colorScheme] of [[768, "light"], [1440, "dark"]]) {
  test(`every staff page is without a fault at ${width} px, ${colorScheme}`, async () => {
    const page = await desk("coordinator", { viewport: { width, height: 780 }, colorScheme });
    await pictured(page);
    assert.deepEqual(await faults(page), [], "picture");
    await page.locator(".place").first().click();
    await page.waitForSelector(".why");
    assert.deepEqual(await faults(page), [], "hot spot");
    const line = page.locator(".question-line");
    if (await line.isVisible()) {
      await line.click();
      assert.deepEqual(await faults(page), [], "question");
    }
    await page.locator(".tabs .chip").nth(1).click();
    assert.deepEqual(await faults(page), [], "table");
    await page.locator(".events a").first().click();
    await page.waitForSelector(".way");
    assert.deepEqual(await faults(page), [], "report");
    for (const path of ["releases", "vetoes", "measures"]) {
      await page.goto(`${house.url}/1427/staff/${path}`);
      await page.waitForSelector(".page--staff section");
      assert.deepEqual(await faults(page), [], path);
    }
    await page.click(".page__head .button");
    assert.deepEqual(await faults(page), [], "measure form");
    await page.context().close();
  });
}

test("a planner on a phone sees the question and the map without scrolling", async () => {
  const page = await desk("police-planner", { viewport: { width: 360, height: 740 } });
  await pictured(page);
  const map = await page.locator(".staff__map .map").boundingBox();
  assert.ok(map.y < 200, `the map starts at ${map.y} px`);
  assert.ok(map.height >= 300 && map.y + map.height <= 740, `the map is ${map.height} px high`);
  assert.ok(await page.locator(".question-line").isVisible());
  await page.click(".question-line");
  await page.selectOption(".question select >> nth=0", "lighting");
  await page.click(".question__done");
  assert.match(await page.textContent(".question-line__text"), /lighting/i);
  await page.context().close();
});

test("no staff page scrolls sideways at 320 px", async () => {
  const page = await desk("coordinator", { viewport: { width: 320, height: 640 } });
  await pictured(page);
  const id = (await send("narrow")).id;
  for (const path of ["", "releases", "measures", "vetoes", `reports/${id}`]) {
    await page.goto(`${house.url}/1427/staff/${path}`);
    await page.waitForSelector(".places, .page--staff section, .way");
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 320, `${path} is ${wide} px wide`);
  }
  await page.context().close();
});

test("an answer written on a report is read on its receipt", async () => {
  const { receipt, id } = await send("answer");
  const page = await desk("coordinator");
  await page.goto(`${house.url}/1427/staff/reports/${id}`);
  await page.waitForSelector(".said");
  assert.match(await page.textContent(".said"), /The lamp is out/);
  await page.locator(".report-step .chip", { has: page.locator("input[value=not_done]") }).click();
  await page.click(".report-step button");
  assert.match(await page.textContent(".report-step .error-text"), /no or a referral/);
  await page.fill("#step-answer", "The lamp is private; we have told its owner.");
  await page.click(".report-step button");
  await page.waitForSelector(".way__answer");
  const { status, answers } = await read(receipt);
  assert.equal(status, "not_done");
  assert.equal(answers[0].text, "The lamp is private; we have told its owner.");
  await page.context().close();
});

test("a report is put aside, counted again, and its defect shown and withdrawn", async () => {
  const { id } = await send("moderate");
  const page = await desk("coordinator");
  await page.goto(`${house.url}/1427/staff/reports/${id}`);
  await page.getByRole("button", { name: "Do not count it" }).click();
  await page.getByRole("button", { name: "Count it again" }).click();
  await page.getByRole("button", { name: "Do not count it" }).waitFor();
  await page.fill("#defect-owner", "Road department");
  await page.getByRole("button", { name: "Show the defect to everybody" }).click();
  await page.getByRole("button", { name: "Stop showing it" }).click();
  await page.waitForSelector("#defect-owner");
  await page.context().close();
});

test("a report that repeats an other one is linked at arrival, unlinked by hand, and linked again", async () => {
  await send("first");
  const { id } = await send("second");
  const page = await desk("coordinator");
  await page.goto(`${house.url}/1427/staff/reports/${id}`);
  await page.getByRole("button", { name: "It is no repetition" }).click();
  await page.getByRole("button", { name: "This one repeats it" }).first().click();
  await page.getByRole("button", { name: "It is no repetition" }).waitFor();
  await page.context().close();
});

test("a measure is written from a hot spot, and ended with what came of it", async () => {
  const page = await desk("coordinator");
  await pictured(page);
  await page.locator(".place").first().click();
  await page.getByRole("button", { name: "Write a measure for the place" }).click();
  await page.fill("#m-problem", "Dark by the quay.");
  await page.fill("#m-action", "Six new lamps by the quay.");
  await page.fill("#m-owner", "Road department");
  await page.fill("#m-due", "2031-05-01");
  await page.click(".sheet .button--wide");
  const card = page.locator(".measure", { hasText: "Six new lamps by the quay." });
  await card.waitFor();
  assert.match(await card.textContent(), /a hot spot/);
  await card.getByRole("button").click();
  await page.locator(".sheet .chip", { has: page.locator("input[value=done]") }).click();
  await page.fill("#m-outcome", "Reports fell from nine to four.");
  await page.click(".sheet .button--wide");
  await page.locator(".measure", { hasText: "Reports fell from nine to four." }).waitFor();
  await page.context().close();
});

test("what would be published is shown with what is held back, and published after a question", async () => {
  const page = await desk("coordinator");
  await page.goto(`${house.url}/1427/staff/releases`);
  await page.waitForSelector("#release-year");
  const years = await page.locator("#release-year option").allTextContents();
  for (const year of years) {
    await page.selectOption("#release-year", year);
    await page.waitForSelector("#due-title");
    if (await page.locator(".release").count()) break;
  }
  assert.match(await page.locator(".release").first().textContent(), /Reports behind what is shown|No reports in the period/);
  await page.getByRole("button", { name: /^Publish/ }).click();
  await page.getByRole("button", { name: "Publish now" }).click();
  await page.getByText("See the public page").waitFor();
  assert.equal(await page.locator(".release").count(), 0);
  await page.context().close();
});

test("the brush and the clock narrow the picture, by keyboard alone, and let go", async () => {
  const page = await desk("police-planner");
  await pictured(page);
  const asked = (part) => page.waitForRequest((request) => request.url().includes("/layers/heat") && request.url().includes(part));
  await page.locator(".brush__handle").first().focus();
  let request = asked("to=");
  await page.keyboard.press("PageUp");
  assert.match((await request).url(), /from=\d{4}-\d\d-\d\d/);
  request = page.waitForRequest((one) => one.url().includes("/layers/heat") && !one.url().includes("to="));
  await page.getByRole("button", { name: "Whole period" }).click();
  await request;
  await page.locator(".clock").focus();
  await page.keyboard.press("ArrowLeft");
  request = asked("hours=");
  await page.keyboard.press("Enter");
  assert.match((await request).url(), /weekdays=/);
  request = page.waitForRequest((one) => one.url().includes("/layers/heat") && !one.url().includes("hours="));
  await page.keyboard.press("Escape");
  await request;
  await page.context().close();
});

test("the window of time is drawn and moved with the mouse", async () => {
  const page = await desk("police-planner");
  await pictured(page);
  const plot = await page.locator(".brush__plot").boundingBox();
  const drag = async (from, to) => {
    await page.mouse.move(plot.x + plot.width * from, plot.y + 20);
    await page.mouse.down();
    await page.mouse.move(plot.x + plot.width * to, plot.y + 20, { steps: 5 });
    await page.mouse.up();
    return page.textContent(".brush__said");
  };
  const whole = await page.textContent(".brush__said");
  const drawn = await drag(0.4, 0.6);
  assert.notEqual(drawn, whole);
  const moved = await drag(0.5, 0.7);
  assert.notEqual(moved, drawn);
  await page.context().close();
});

test("signing in leads on to the page that was asked for", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${house.url}/1427/staff/measures`);
  await page.fill("#name", house.logins.coordinator.name);
  await page.fill("#password", house.logins.coordinator.password);
  await page.click("main button[type=submit]");
  await page.waitForURL("**/1427/staff/measures");
  await context.close();
});

test("a script that does not arrive is said, with a way to load again", async () => {
  const page = await desk("police-planner");
  await page.route(/assets\/(staff|sv|en)-.*\.js$/, (route) => route.fulfill({ status: 404 }));
  await page.reload();
  await page.locator("[data-broken]").waitFor({ state: "visible" });
  assert.equal(await page.locator("[data-starting]").isVisible(), false);
  await page.context().close();
});

test("a role sees the pages that it may use and no other", async () => {
  const page = await desk("officer");
  await pictured(page);
  const pages = await page.locator(".staff__pages a").allTextContents();
  assert.deepEqual(pages, ["Picture", "Shift", "Presence and need", "Plan", "Patrol areas", "Controls", "Together", "Waiting for an answer", "Vetoes", "Who is heard"]);
  await page.context().close();
});

test("a file that nobody knows is dropped, corrected, tried, stored, seen on the map, and taken back", async () => {
  const page = await desk("coordinator");
  await page.goto(`${house.url}/1427/staff/import`);
  await page.waitForSelector(".drop");
  const rows = Array.from({ length: 7 }, (_, at) => `${at + 1};Skadegörelse;58,36${at}1;11,22${at}1;2026-0${at + 1}-14 21:30`);
  const text = ["k1;k2;k3;k4;k5", ...rows, "8;Klotter;48,0;11,2;2026-08-01 10:00"].join("\n");
  const file = await page.evaluateHandle((body) => {
    const held = new DataTransfer();
    held.items.add(new File([body], "okand-fil.csv", { type: "text/csv" }));
    return held;
  }, text);
  await page.dispatchEvent(".drop", "drop", { dataTransfer: file });
  await page.waitForSelector(".import-table");
  const meanings = ["id", "category", "latitude", "longitude", "at"];
  for (const [at, meaning] of meanings.entries()) {
    const answer = page.waitForResponse((one) => one.request().method() === "PUT");
    await page.locator(".import-table select").nth(at).selectOption(meaning);
    await answer;
  }
  assert.equal(await page.locator(".import-table tbody tr").count(), 5);
  await page.waitForSelector(".sample-map .map[data-ready]");
  assert.deepEqual(await faults(page), []);
  await page.getByRole("button", { name: "Try without storing" }).click();
  await page.getByText("What would happen").waitFor();
  assert.match(await page.locator(".card", { hasText: "What would happen" }).textContent(), /Would be stored\s*7.*Refused\s*1/s);
  const incidents = async () => {
    const headers = { authorization: `Bearer ${house.logins.coordinator.token}` };
    return (await (await fetch(`${M()}/layers/incidents`, { headers })).json()).features.length;
  };
  const before = await incidents();
  await page.getByRole("button", { name: "Store the rows" }).click();
  await page.getByText("7 rows are stored.").waitFor();
  assert.equal(await incidents(), before + 7);
  await page.getByText("See them on the map").click();
  await pictured(page);
  await page.goto(`${house.url}/1427/staff/import`);
  await page.getByRole("button", { name: /okand-fil/ }).click();
  await page.getByRole("button", { name: "Take the whole import back" }).click();
  await page.getByText("The import is taken back.").waitFor();
  assert.equal(await incidents(), before);
  await page.context().close();
});
