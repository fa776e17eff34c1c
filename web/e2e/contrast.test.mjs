// Every page in every state that it has, residents' and staff's, on a phone, by day and by night: axe finds nothing,
// nothing scrolls sideways, and every message is said.
// By night the page is the same but for its colours, so that only what looks at colours looks again.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { faults, openBrowser, openHouse, signIn } from "./house.mjs";
import { lanes, prepare } from "./resident-pages.mjs";
import { STAFF, come, prepareStaff } from "./staff-pages.mjs";

const WIDTH = 360;
/** Families of messages: `family.key` on a page is a message that its catalogue lacks. */
const FAMILIES = [...new Set(Object.keys(JSON.parse(readFileSync(new URL("../src/i18n/sv.json", import.meta.url), "utf8"))).map((key) => key.split(".")[0]))];
const UNSAID = new RegExp(`(?<![\\w./@-])(?:${FAMILIES.join("|")})\\.[a-z][a-z_]+(?![\\w.])`);
const COLOURS = ["color-contrast", "link-in-text-block"];
let house;
let browser;

before(async () => {
  [house, browser] = await Promise.all([openHouse(), openBrowser()]);
});

after(async () => {
  await browser?.close();
  await house?.close();
});

const telephone = async () => (await browser.newContext({ viewport: { width: WIDTH, height: 740 }, locale: "sv-SE", colorScheme: "light", reducedMotion: "reduce" })).newPage();

/** What is wrong with the page as it stands, by day and by night. */
async function byDayAndNight(page) {
  await page.emulateMedia({ colorScheme: "light" });
  // What sticks to the foot lies over whatever was scrolled there, which is no fault of it.
  await page.evaluate(() => document.querySelectorAll(".report__actions").forEach((part) => (part.style.position = "static")));
  const day = await faults(page);
  await page.emulateMedia({ colorScheme: "dark" });
  const night = await faults(page, COLOURS);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  const unsaid = (await page.evaluate(() => document.body.innerText)).match(UNSAID);
  return [...(unsaid ? [`says ${unsaid[0]}`] : []), ...day, ...night.map((fault) => `by night: ${fault}`), ...(wide > WIDTH ? [`${wide} px wide`] : [])];
}

test("every state of the pages of residents is without a fault, day and night", async () => {
  const [first, ...rest] = lanes(house, await prepare(house));
  const demo = async (page) => page.goto(`${house.url}/?lang=sv`);
  const wrong = {};
  // Axe thinks in the page: one page at a time leaves the other processors idle.
  const through = async (lane) => {
    const page = await telephone();
    for (const [name, open] of Object.entries(lane)) {
      await open(page, "sv");
      const found = await byDayAndNight(page);
      if (found.length) wrong[name] = found;
    }
    await page.context().close();
  };
  await Promise.all([{ demo, ...first }, ...rest].map(through));
  assert.deepEqual(wrong, {});
});

test("every state of the pages of staff is without a fault, day and night", async () => {
  await prepareStaff(house);
  const wrong = {};
  for (const [role, all] of Object.entries(STAFF)) {
    const page = await telephone();
    await page.goto(`${house.url}/1427/staff/sign-in?lang=sv`);
    if (role === "coordinator") wrong["sign-in"] = await byDayAndNight(page);
    await signIn(page, house, role);
    for (const [name, to] of Object.entries(all)) {
      await come(page, house, to);
      wrong[name] = await byDayAndNight(page);
    }
    await page.context().close();
  }
  assert.deepEqual(Object.fromEntries(Object.entries(wrong).filter(([, found]) => found.length)), {});
});
