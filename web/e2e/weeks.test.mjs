// Presence by the week: a coordinator types a week by keyboard, reads a file, and the coverage says who told it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { faults, firstDistrict, openBrowser, openHouse, openPlain, signIn } from "./house.mjs";

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

const M = () => `${house.url}/api/v1/municipalities/1427`;
const told = async () => {
  const headers = { authorization: `Bearer ${house.logins.coordinator.token}` };
  return (await (await fetch(`${M()}/presence-weeks`, { headers })).json()).items;
};

test("a coordinator types a week for every district without leaving the keyboard", async () => {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale: "en-GB", reducedMotion: "reduce" });
  const page = await context.newPage();
  await signIn(page, house, "coordinator");
  await page.goto(`${house.url}/1427/staff/weeks`);
  await page.waitForSelector(".presence input");
  assert.deepEqual(await faults(page), []);
  const fields = await page.locator(".presence input").count();
  await page.locator(".presence input").first().focus();
  for (let at = 0; at < fields; at += 2) {
    await page.keyboard.type("2");
    await page.keyboard.press("Tab");
    await page.keyboard.type("45");
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await page.waitForSelector("main [role=status]:has-text('districts are stored')");
  const weeks = await told();
  assert.equal(weeks.length, fields / 2);
  assert.ok(weeks.every((week) => week.source === "typed" && week.visits === 2 && week.minutes === 45));
  const wide = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
  assert.ok(wide, "the page is no wider than the telephone");
  await context.close();
});

test("a file is read, and a row that breaks a rule is named by its line", async () => {
  const context = await browser.newContext({ locale: "en-GB", reducedMotion: "reduce" });
  const page = await context.newPage();
  await signIn(page, house, "coordinator");
  await page.goto(`${house.url}/1427/staff/weeks`);
  await page.waitForSelector(".presence input");
  const district = await firstDistrict(house);
  const csv = `district,week,visits,minutes\n${district},2026-01-05,3,60\n${district},2026-01-06,3,60\n`;
  await page.setInputFiles("#p-csv", { name: "presence.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await page.waitForSelector("text=Line 3, week");
  assert.deepEqual(await faults(page), []);
  const imported = (await told()).filter((week) => week.source === "imported");
  assert.deepEqual(imported.map((week) => week.week), ["2026-01-05"]);
  await context.close();
});

test("nobody but a coordinator is offered the page", async () => {
  const context = await browser.newContext({ locale: "en-GB" });
  const page = await context.newPage();
  await signIn(page, house, "officer");
  await page.waitForSelector(".staff__pages a");
  assert.equal(await page.locator(".staff__pages a", { hasText: "Weeks" }).count(), 0);
  await context.close();
});

test("a promise says on the public page how much rests on presence by the week, and who told it", async () => {
  const plain = await openPlain();
  try {
    const context = await browser.newContext({ locale: "en-GB", reducedMotion: "reduce" });
    const page = await context.newPage();
    await signIn(page, plain, "coordinator");
    const district = await firstDistrict(plain);
    const typed = await page.evaluate(async (code) => {
      const rows = [{ district: code, week: "2024-03-04", visits: 2, minutes: 40 }];
      const body = JSON.stringify({ rows });
      return (await fetch("/api/v1/municipalities/1427/presence-weeks", { method: "PUT", headers: { "content-type": "application/json" }, body })).status;
    }, district);
    assert.equal(typed, 200);
    const said = async (language) => {
      await page.goto(`${plain.url}/1427/promises?lang=${language}`);
      return page.locator("[id='2023-presence']").innerText();
    };
    assert.match(await said("en"), /1 districts visited, 1 of them according to presence by week typed by the municipality\./);
    assert.match(await said("sv"), /1 områden besökta, varav 1 enligt närvaro per vecka som kommunen fyllt i\./);
    assert.deepEqual(await faults(page), []);
    await page.goto(`${plain.url}/1427/staff/weeks?lang=en`);
    await page.waitForSelector(".presence input");
    const csv = `district,week,visits,minutes\n${district},2024-03-04,3,60\n`;
    await page.setInputFiles("#p-csv", { name: "presence.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
    await page.waitForSelector("text=1 row");
    assert.match(await said("en"), /1 of them according to presence by week read from a file\./);
    await context.close();
  } finally {
    await plain.close();
  }
});
