// Patrol areas from a proposal to a saved set; several municipalities as one map; hot spots of a signed summary.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { choose, faults, openBrowser, openHouse, plantSpot, signIn } from "./house.mjs";

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

async function desk(role, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB", reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  await signIn(page, house, role);
  return page;
}

const headline = (page) => page.locator(".areas-told .headline-number").innerText();
const percent = (text) => Number(/(\d+) % off/.exec(text)[1]);

test("a planner divides the municipality, saves the areas, finds them again, asks by one and deletes them", async () => {
  const page = await desk("police-planner");
  await choose(page, "Patrol areas", "Presence");
  await page.waitForURL("**/1427/staff/patrol-areas");
  await page.waitForSelector(".areas-table tbody tr");
  await page.waitForSelector(".plan__map .map[data-ready]");
  assert.equal(await page.locator(".areas-table tbody tr").count(), 3);
  const proposal = percent(await headline(page));
  const told = await page.locator(".areas-told").innerText();
  const today = Number(/today.s districts: (\d+) %/.exec(told)[1]);
  assert.ok(proposal < today, `${proposal} % is more even than ${today} %`);
  assert.match(told, /connected on land|several parts, across water/);
  const day = new Date().toLocaleDateString("en-GB", { dateStyle: "medium", timeZone: "Europe/Stockholm" });
  assert.ok(told.includes(`–${day}.`), `rests on reports until today, ${day}: ${told}`);
  assert.deepEqual(await faults(page), []);

  await page.getByRole("button", { name: "Today's districts" }).click();
  assert.equal(percent(await headline(page)), today);
  assert.equal(await page.locator(".areas-table tbody tr").count(), 6);
  await page.getByRole("button", { name: "Proposal", exact: true }).click();

  // Whole districts, two of them, by keyboard.
  await page.fill("#areas-k", "2");
  await page.getByRole("radio", { name: "Whole districts" }).check();
  await page.locator("#areas-k").press("Enter");
  await page.waitForFunction(() => document.querySelectorAll(".areas-table tbody tr").length === 2);
  await page.getByLabel("Name of area 1").fill("Coast");
  await page.fill("#areas-name", "Summer");
  await page.getByRole("button", { name: "Save as areas" }).click();
  await page.waitForSelector("[role=status]:has-text('Summer is saved')");
  assert.deepEqual(await faults(page), []);

  // The name is taken once; what is wrong is said, and what was typed is kept.
  await page.getByRole("button", { name: "Back to the proposal" }).click();
  await page.fill("#areas-name", "Summer");
  await page.getByRole("button", { name: "Save as areas" }).click();
  await page.waitForSelector("[role=alert]:has-text('The name is taken')");
  assert.equal(await page.inputValue("#areas-name"), "Summer");

  await page.reload();
  await page.getByRole("button", { name: /^Summer/ }).click();
  await page.waitForSelector("h2:has-text('Summer')");
  assert.match(await page.locator(".areas-table").innerText(), /Coast/);

  await page.goto(`${house.url}/1427/staff/`);
  const place = page.locator("select:has(optgroup)");
  await page.locator("optgroup[label='Patrol areas: Summer']").waitFor({ state: "attached" });
  const asked = page.waitForRequest((request) => request.url().includes("/layers/reports") && request.url().includes("area="));
  await place.selectOption({ label: "Coast" });
  const { searchParams } = new URL((await asked).url());
  assert.match(searchParams.get("area"), /-1$/);
  const shown = page.waitForResponse((response) => response.url().includes("/layers/patrol-areas") && response.ok());
  await page.locator(".layer--areas").click();
  assert.equal((await (await shown).json()).features.length, 2);

  await page.goto(`${house.url}/1427/staff/patrol-areas`);
  await page.getByRole("button", { name: /^Delete\s*: Summer$/ }).click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.waitForSelector("[role=status]:has-text('Summer is deleted')");
  assert.match(await page.locator(".areas-sets").innerText(), /No division is saved/);
  await page.context().close();
});

test("the page of patrol areas is no wider than a phone, and who is not of the police has none", async () => {
  const page = await desk("police-planner", { viewport: { width: 360, height: 740 } });
  await page.goto(`${house.url}/1427/staff/patrol-areas`);
  await page.waitForSelector(".areas-table tbody tr");
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await page.context().close();
  const other = await desk("coordinator");
  assert.equal(await other.locator("#staff-nav a[href$='/patrol-areas']").count(), 0);
  const status = await other.evaluate(async () => (await fetch("/api/v1/municipalities/1427/patrol-areas")).status);
  assert.equal(status, 403);
  await other.context().close();
});

test("hot spots of the police summary are a layer of their own, dated, with their source", async () => {
  plantSpot(house);
  const file = join(house.folder, "police.fyren-summary");
  const key = house.run(["summary", "key"]).trim();
  // The police tell of incidents; here as many as a place needs to stand out.
  const rows = Array.from({ length: 90 }, (_, at) => `i${at};${new Date(Date.now() - (4 + at * 4) * 86_400_000).toISOString().slice(0, 10)} 22:10;Skadegörelse;${at % 6 === 5 ? "11.3017;58.4407" : "11.2235;58.3538"};25`);
  const csv = join(house.folder, "incidents.csv");
  writeFileSync(csv, ["id;tid;kategori;longitude;latitude;noggrannhet", ...rows].join("\n"));
  house.run(["import", "incidents", csv, "--municipality", "1427", "--map", "id=id", "--map", "at=tid", "--map", "category=kategori", "--map", "precision=noggrannhet"]);
  house.run(["summary", "export", file, "--municipality", "1427"]);
  house.run(["summary", "import", file, "--trust", key]);
  const page = await desk("coordinator");
  await page.waitForSelector(".told li");
  assert.match(await page.locator(".panel:has(.told)").innerText(), /From the police summary of week \d+, made/);
  const layer = page.getByRole("button", { name: "From a summary", exact: true });
  assert.equal(await layer.getAttribute("aria-pressed"), "true");
  assert.match(await page.locator(".staff-legend").innerText(), /From the police summary of week \d+/);
  assert.deepEqual(await faults(page), []);
  await layer.click();
  assert.equal(await layer.getAttribute("aria-pressed"), "false");
  await page.context().close();
});

test("a planner of the area has its four municipalities as one map, and nobody else has", async () => {
  for (const code of ["1430", "1484", "1435", "1480"]) house.run(["municipality", "add", code]);
  house.run(["municipality", "area", "Västra Fyrbodal", "1427", "1430", "1484", "1435"]);
  const people = { west: ["--area", "Västra Fyrbodal"], one: ["--municipality", "1427"] };
  for (const [name, scope] of Object.entries(people)) house.run(["user", "add", `planner-${name}`, "--role", "police-planner", ...scope], "a password of a test\n");
  const enter = async (name, viewport = { width: 1440, height: 900 }) => {
    const context = await browser.newContext({ viewport, locale: "en-GB", reducedMotion: "reduce" });
    const page = await context.newPage();
    await page.goto(`${house.url}/1427/staff/sign-in`);
    await page.fill("#name", `planner-${name}`);
    await page.fill("#password", "a password of a test");
    await page.click("main button[type=submit]");
    await page.waitForURL("**/1427/staff/");
    return page;
  };
  const page = await enter("west");
  await choose(page, "The area");
  await page.waitForURL("**/1427/staff/area");
  await page.waitForSelector(".area__member");
  await page.waitForSelector(".plan__map .map[data-ready]");
  assert.equal(await page.locator("h1[data-page-title]").innerText(), "Västra Fyrbodal");
  assert.deepEqual(await page.locator(".area__member h3").allInnerTexts(), ["Lysekil", "Munkedal", "Sotenäs", "Tanum"]);
  const sotenas = await page.locator(".area__member", { hasText: "Sotenäs" }).innerText();
  const reports = Number(/Reports\s+([\d,]+)/.exec(sotenas)[1].replaceAll(",", ""));
  assert.ok(reports > 10, sotenas);
  assert.deepEqual(await faults(page), []);
  // The whole area is in view, and a click on the ground goes into its municipality.
  const box = await page.locator(".area .map").boundingBox();
  assert.ok(box.width > 400 && box.height > 400);
  await page.locator(".area__member h3 a", { hasText: "Munkedal" }).click();
  await page.waitForURL("**/1430/staff/");
  await page.goto(`${house.url}/1427/staff/area`);
  await page.waitForSelector(".plan__map .map[data-ready]");
  await page.locator(".area .map canvas").click();
  await page.waitForURL(/\/(1427|1430|1484|1435)\/staff\/$/);
  await page.context().close();

  const small = await enter("west", { width: 360, height: 740 });
  await small.goto(`${house.url}/1427/staff/area`);
  await small.waitForSelector(".area__member");
  assert.ok(await small.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await small.context().close();

  const other = await enter("one");
  assert.equal(await other.getByRole("link", { name: "The area" }).count(), 0);
  assert.equal((await other.goto(`${house.url}/1427/staff/area`)).status(), 404);
  const asked = await other.evaluate(async () => (await fetch(`/api/v1/areas/${encodeURIComponent("Västra Fyrbodal")}`)).status);
  assert.equal(asked, 404);
  await other.context().close();
});
