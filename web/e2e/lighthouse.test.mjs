// Lighthouse itself, offline against the built binary: accessibility, best practices, search and speed of every
// page that residents open, each 95 or more on a throttled telephone. The scores are printed page by page.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import lighthouse from "lighthouse";
import { chromium } from "playwright-core";
import { openHouse } from "./house.mjs";
import { addresses, prepare } from "./resident-pages.mjs";

const BAR = 95;
const CATEGORIES = ["accessibility", "best-practices", "seo", "performance"];
/** Pages that say on purpose that no search engine shall keep them, or that are no page. */
const UNLISTED = new Set(["mail-gone", "not-found"]);
const port = 9300 + (process.pid % 600);
let house;
let browser;
let known;

before(async () => {
  house = await openHouse();
  known = await prepare(house);
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", `--remote-debugging-port=${port}`, "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic", "--no-first-run"],
  });
});

after(async () => {
  await browser?.close();
  await house?.close();
});

/** The scores of a page, and what was found below the bar. */
async function score(path) {
  const told = await lighthouse(`${house.url}${path}`, { port, output: "json", logLevel: "error", onlyCategories: CATEGORIES, locale: "en-US" });
  assert.equal(told.lhr.runtimeError, undefined, path);
  const scores = Object.fromEntries(CATEGORIES.map((name) => [name, Math.round((told.lhr.categories[name].score ?? 0) * 100)]));
  const weak = CATEGORIES.flatMap((name) => told.lhr.categories[name].auditRefs.filter(({ id, weight }) => weight > 0 && (told.lhr.audits[id].score ?? 1) < 0.9).map(({ id }) => `${id} ${told.lhr.audits[id].displayValue ?? ""}`.trim()));
  return { scores, weak };
}

test(`every page that residents open scores ${BAR} or more with Lighthouse`, async (context) => {
  const below = {};
  for (const [name, path] of Object.entries(addresses(known))) {
    if (UNLISTED.has(name)) continue;
    const { scores, weak } = await score(`${path}${path.includes("?") ? "&" : "?"}lang=sv`);
    context.diagnostic(`${name.padEnd(14)} ${CATEGORIES.map((category) => `${category} ${scores[category]}`).join("  ")}${weak.length ? `  (${weak.join("; ")})` : ""}`);
    const low = Object.entries(scores).filter(([, points]) => points < BAR);
    if (low.length) below[name] = { ...Object.fromEntries(low), weak };
  }
  assert.deepEqual(below, {});
});
