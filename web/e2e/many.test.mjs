// Many events: a synthetic file of 30 000 incidents is imported by the binary, and staff see all of them on the map.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { binary, mapReady, openBrowser, openHouse, signIn } from "./house.mjs";

const EVENTS = 30_000;
const MOST_BYTES = 100_000;
let house;
let browser;

before(async () => {
  house = await openHouse();
  const file = join(house.folder, "synthetic-incidents.csv");
  writeFileSync(file, synthetic());
  execFileSync(binary(), ["import", "incidents", file, "--municipality", "1427", "--database", house.database, "--json"], { cwd: house.folder });
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await house?.close();
});

/** Made-up thefts in the middle of the land, always the same, more of them near Kungshamn. */
function synthetic() {
  let state = 1;
  const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const rows = Array.from({ length: EVENTS }, (_, at) => {
    const near = at % 3 === 0;
    const longitude = near ? 11.26 + 0.01 * random() : 11.3 + 0.09 * random();
    const latitude = near ? 58.362 + 0.006 * random() : 58.38 + 0.06 * random();
    const day = new Date(Date.now() - 86_400_000 * (1 + (at % 300))).toISOString().slice(0, 10);
    return `${at},${day} 21:30,Synthetic theft,${longitude.toFixed(6)},${latitude.toFixed(6)},25`;
  });
  return ["id,at,category,longitude,latitude,precision", ...rows].join("\n");
}

async function desk(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce", locale: "en-GB", ...options });
  const page = await context.newPage();
  const tiles = [];
  page.on("request", (request) => {
    if (request.url().includes("/tiles/1427/incidents/")) tiles.push(request.url());
  });
  await signIn(page, house, "coordinator");
  await mapReady(page);
  return { page, tiles };
}

/** Bytes of a tile before it was packed, as the same reader gets it. */
async function size(url) {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${house.logins.coordinator.token}` } });
  assert.equal(answer.status, 200, url);
  return (await answer.arrayBuffer()).byteLength;
}

/** Waits for something that comes from outside the page. */
async function until(holds) {
  const end = Date.now() + 20_000;
  while (!holds()) {
    assert.ok(Date.now() < end, "it never came");
    await new Promise((later) => setTimeout(later, 100));
  }
}

test("tens of thousands of incidents are on the map as clusters, in tiles that are small", async () => {
  const { page, tiles } = await desk();
  const whole = page.waitForResponse((response) => response.url().includes("/layers/incidents"));
  await page.selectOption(".question select >> nth=2", "1095");
  const layer = await (await whole).json();
  // Some lie in the water beyond the boundary and were refused.
  assert.ok(layer.numberMatched > EVENTS * 0.95, `${layer.numberMatched} match`);
  assert.equal(layer.features.length, 5000, "the layer itself does not come whole");
  await until(() => tiles.length > 0);
  await page.locator(".maplibregl-ctrl-zoom-in").click();
  await page.locator(".maplibregl-ctrl-zoom-in").click();
  await until(() => new Set(tiles.map((url) => new URL(url).pathname.split("/")[4])).size > 1);
  const sizes = await Promise.all([...new Set(tiles)].map(size));
  assert.ok(Math.max(...sizes) > 100, "the tiles hold something");
  assert.deepEqual(sizes.filter((bytes) => bytes > MOST_BYTES), []);
  await page.locator(".tabs .chip").nth(1).click();
  assert.match(await page.textContent(".events caption"), /of \d\d,\d{3} rows/);
  await page.context().close();
});

test("the filters hold for tiles, and a hidden layer asks for none", async () => {
  const { page, tiles } = await desk();
  await until(() => tiles.some((url) => /from=\d{4}-\d\d-\d\d.*square=32/.test(url)));
  const first = new URL(tiles[0]).search;
  await page.selectOption(".question select >> nth=2", "1095");
  await until(() => tiles.some((url) => new URL(url).search !== first));
  await page.locator(".layer--incidents").click();
  const before = tiles.length;
  const picture = page.waitForResponse((response) => response.url().includes("/layers/heat"));
  await page.selectOption(".question select >> nth=2", "365");
  await picture;
  await page.locator(".maplibregl-ctrl-zoom-in").click();
  await page.waitForFunction(() => document.querySelector(".place"));
  assert.equal(tiles.length, before);
  await page.context().close();
});

test("credits stay folded on a phone until somebody asks for them", async () => {
  const { page } = await desk({ viewport: { width: 360, height: 740 } });
  const credits = page.locator(".maplibregl-ctrl-attrib");
  const folded = await credits.boundingBox();
  assert.ok(folded.width <= 48 && folded.height <= 48, `${folded.width} × ${folded.height} px`);
  await page.getByLabel("Sources of the map").click();
  assert.match(await credits.textContent(), /OpenStreetMap/);
  assert.ok((await credits.boundingBox()).width > 100);
  await page.context().close();
});
