// A map begins as a still picture: it counts taps and keys from the first, and the live map takes its place without a jump.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { faults, mapReady, openBrowser, openHouse } from "./house.mjs";

let house;
let browser;
const desk = { viewport: { width: 1440, height: 900 } };
const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

before(async () => {
  house = await openHouse();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await house?.close();
});

/** A page, and the files of the live map that it has asked for. */
async function open(path, options) {
  const context = await browser.newContext({ locale: "en-GB", reducedMotion: "reduce", serviceWorkers: "block", ...options });
  const page = await context.newPage();
  const heavy = [];
  page.on("request", (request) => {
    if (/\/assets\/(create|maplibre)[^/]*js$/.test(request.url())) heavy.push(request.url());
  });
  await page.goto(`${house.url}/1427/${path}`);
  return { page, heavy };
}

const still = (page) => page.waitForSelector(".map[data-still]");
const where = (page) => page.evaluate(() => ["longitude", "latitude"].map((name) => Number(document.getElementById(name).value)));
/** A pixel of the map that is inside the municipality, and is not covered. */
async function pixel(page, [across, down] = [0.5, 0.45]) {
  const box = await page.locator(".map").boundingBox();
  return [Math.round(box.x + box.width * across), Math.round(box.y + box.height * down)];
}

test("the first tap on the picture sets the pin, and the live map opens there", async () => {
  const { page, heavy } = await open("report", phone);
  await still(page);
  assert.deepEqual(heavy, [], "nothing heavy before somebody turns to the map");
  await page.touchscreen.tap(...(await pixel(page)));
  await page.waitForSelector(".chosen-place.is-set");
  const told = await where(page);
  await page.waitForSelector(".map[data-ready] .map__live .pin");
  assert.ok(heavy.length > 0);
  assert.deepEqual(await where(page), told);
  await page.waitForSelector(".still", { state: "detached" });
  assert.deepEqual(await faults(page), []);
  await page.click("[data-next]");
  await page.waitForSelector("body[data-step='2']");
  await page.context().close();
});

for (const [name, options] of [["phone", phone], ["desk", desk]]) {
  test(`the picture and the live map lie on each other on a ${name}`, async () => {
    const { page: first } = await open("report", options);
    await still(first);
    const at = await pixel(first, [0.4, 0.5]);
    await first.mouse.click(...at);
    const drawn = await where(first);
    const { page: second } = await open("report", options);
    await mapReady(second);
    await second.waitForSelector(".still", { state: "detached" });
    await second.mouse.click(...at);
    await second.waitForSelector(".chosen-place.is-set");
    const live = await where(second);
    // A pixel of a phone is some 0.0009 degrees here.
    drawn.forEach((value, axis) => assert.ok(Math.abs(value - live[axis]) < 0.0003, `${drawn} and ${live}`));
    await Promise.all([first, second].map((page) => page.context().close()));
  });
}

test("the picture is moved and zoomed, and the live map opens where it was left", async () => {
  const { page } = await open("report", desk);
  let come;
  const held = new Promise((done) => (come = done));
  await page.route("**/assets/create*.js", async (route) => {
    await held;
    await route.continue();
  });
  await still(page);
  const [x, y] = await pixel(page);
  await page.locator(".still__in").click();
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - 60, y - 30, { steps: 4 });
  await page.mouse.up();
  assert.equal(await page.locator(".chosen-place.is-set").count(), 0, "a drag is no tap");
  await page.mouse.click(x, y);
  const drawn = await where(page);
  await page.locator(".shapes button").first().click();
  come();
  await page.waitForSelector(".map[data-ready]");
  await page.waitForSelector(".still", { state: "detached" });
  await page.mouse.click(x, y);
  await page.waitForSelector(".chosen-place.is-set");
  const live = await where(page);
  drawn.forEach((value, axis) => assert.ok(Math.abs(value - live[axis]) < 0.0003, `${drawn} and ${live}`));
  await page.context().close();
});

test("by keyboard the picture is moved and the pin set, and the focus stays on the map", async () => {
  const { page } = await open("report", desk);
  await still(page);
  await page.locator(".still__canvas").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".chosen-place.is-set");
  await page.waitForSelector(".map[data-ready]");
  assert.equal(await page.evaluate(() => document.activeElement.className), "maplibregl-canvas");
  assert.match(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), /arrow keys/);
  await page.context().close();
});

test("who takes the list never fetches the live map", async () => {
  const { page, heavy } = await open("report", phone);
  await still(page);
  await page.locator(".switch button").last().tap();
  await page.fill("#place-search", "smög");
  await page.locator(".suggestions button").first().tap();
  await page.tap("[data-next]");
  await page.locator(".group summary").first().tap();
  await page.locator("label.option", { has: page.locator("input[value=lighting]") }).tap();
  await page.tap("[data-next]");
  await page.tap("[data-send]");
  await page.waitForSelector(".ticket__words");
  assert.deepEqual(heavy, []);
  await page.context().close();
});

test("where the live map cannot come the picture goes on as the map", async () => {
  const { page, heavy } = await open("report", desk);
  await page.route("**/assets/create*.js", (route) => route.abort());
  await still(page);
  await page.getByRole("button", { name: "Stretch" }).click();
  for (const place of [[0.5, 0.42], [0.52, 0.45]]) await page.mouse.click(...(await pixel(page, place)));
  await page.waitForFunction(() => document.querySelector("input[name=line]").value.split(" ").length === 2);
  await page.locator(".shapes button").first().click();
  await page.mouse.click(...(await pixel(page)));
  await page.waitForSelector(".still .pin");
  assert.ok((await where(page)).every(Boolean));
  assert.ok(heavy.length > 0, "it was tried");
  assert.deepEqual(await faults(page), []);
  await page.context().close();
});

test("the public picture shows what was published at once, and a tap says how many", async () => {
  const { page, heavy } = await open("picture", phone);
  assert.equal(await page.locator(".still").count(), 0, "far down, nothing is made yet");
  await page.locator("[data-picture-map]").scrollIntoViewIfNeeded();
  await still(page);
  assert.deepEqual(heavy, []);
  const row = page.locator("[data-cell]").first();
  await row.dispatchEvent("pointerenter");
  assert.ok(await row.evaluate((one) => one.classList.contains("is-chosen")));
  assert.deepEqual(heavy, [], "the table alone needs no live map");
  const box = await page.locator(".map").boundingBox();
  const chosen = page.locator("[data-cell].is-chosen");
  await page.mouse.move(1, 1);
  await page.evaluate(() => document.querySelectorAll(".is-chosen").forEach((one) => one.classList.remove("is-chosen")));
  for (let down = 20; down < box.height && !(await chosen.count()); down += 16) {
    for (let across = 20; across < box.width - 60 && !(await chosen.count()); across += 16) await page.mouse.click(box.x + across, box.y + down);
  }
  assert.match(await page.locator(".maplibregl-popup").textContent(), /\d people/);
  await page.context().close();
});

test("without scripts the public picture has its map as a drawing", async () => {
  const { page } = await open("picture", { ...desk, javaScriptEnabled: false });
  const drawn = page.locator(".picture-grid img");
  await drawn.scrollIntoViewIfNeeded();
  await page.waitForFunction(() => document.querySelector(".picture-grid img").naturalWidth > 0).catch(() => undefined);
  assert.ok((await drawn.getAttribute("alt")).length > 10);
  assert.ok((await drawn.boundingBox()).height > 100);
  await page.context().close();
});
