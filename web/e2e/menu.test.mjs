// The staff menu: one line on a desk whatever the role, groups that unfold by keyboard, one button on a phone.
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

async function open(role, viewport, language = "sv-SE") {
  const context = await browser.newContext({ viewport, locale: language, reducedMotion: "reduce" });
  const page = await context.newPage();
  await signIn(page, house, role);
  await page.waitForSelector("#staff-nav", { state: "attached" });
  return page;
}

/** The vertical middle of each thing that the head shows, apart from what is unfolded. */
const middles = (page) =>
  page.evaluate(() => {
    const seen = [...document.querySelectorAll(".staff__head :is(a, button)")].filter((one) => one.checkVisibility() && !one.closest(".staff__group > ul"));
    return seen.map((one) => one.getBoundingClientRect()).map(({ top, height }) => Math.round(top + height / 2));
  });

for (const [role, language, width] of [["coordinator", "sv-SE", 1440], ["police-planner", "sv-SE", 1440], ["coordinator", "en-GB", 1280], ["admin", "sv-SE", 1440], ["officer", "en-GB", 1200]]) {
  test(`the head of ${role} is one line at ${width} px (${language})`, async () => {
    const page = await open(role, { width, height: 900 }, language);
    const at = await middles(page);
    assert.ok(at.length > 4 && Math.max(...at) - Math.min(...at) < 12, at.join());
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing is wider than the window");
    await page.context().close();
  });
}

test("groups unfold and fold by keyboard alone, one at a time, and the page that shows is marked", async () => {
  const page = await open("coordinator", { width: 1440, height: 900 }, "en-GB");
  const group = (name) => page.locator("#staff-nav").getByRole("button", { name, exact: true });
  await group("Cases").focus();
  await page.keyboard.press("Enter");
  assert.equal(await group("Cases").getAttribute("aria-expanded"), "true");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "To review");
  assert.deepEqual(await faults(page), []);
  await page.keyboard.press("Escape");
  assert.equal(await group("Cases").getAttribute("aria-expanded"), "false");
  assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), "Cases");
  await page.keyboard.press("Enter");
  await group("Set-up").focus();
  assert.equal(await group("Cases").getAttribute("aria-expanded"), "false", "what is left closes");
  await page.keyboard.press("Enter");
  await page.locator("#staff-nav").getByRole("link", { name: "Weeks", exact: true }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/1427/staff/weeks");
  await page.waitForSelector("h1[data-page-title]:focus");
  assert.equal(await group("Set-up").getAttribute("aria-expanded"), "false");
  assert.equal(await group("Set-up").getAttribute("aria-current"), "true");
  await group("Set-up").click();
  assert.equal(await page.locator("#staff-nav a[aria-current=page]").innerText(), "Weeks");
  await page.locator("h1[data-page-title]").click();
  assert.equal(await group("Set-up").getAttribute("aria-expanded"), "false");
  await page.context().close();
});

test("on a phone everything is behind one button, group by group", async () => {
  const page = await open("coordinator", { width: 360, height: 740 }, "en-GB");
  assert.equal(await page.locator("#staff-nav").isVisible(), false);
  const button = page.getByRole("button", { name: "Menu", exact: true });
  await button.click();
  assert.equal(await button.getAttribute("aria-expanded"), "true");
  for (const name of ["Picture", "To review", "Publishing", "Import"]) assert.ok(await page.locator("#staff-nav").getByRole("link", { name, exact: true }).isVisible(), name);
  assert.deepEqual(await faults(page), []);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await page.locator("#staff-nav").getByRole("link", { name: "Weeks", exact: true }).click();
  await page.waitForURL("**/1427/staff/weeks");
  assert.equal(await page.locator("#staff-nav").isVisible(), false, "choosing closes it");
  await page.context().close();
});

test("a role sees no group that it has nothing in", async () => {
  const page = await open("auditor", { width: 1440, height: 900 }, "en-GB");
  assert.equal(await page.locator(".staff__unfold").count(), 0);
  await page.context().close();
});
