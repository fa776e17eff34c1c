// Every page of residents in every state, by day and by night, on a phone and on a desk: axe finds nothing,
// contrast included, and nothing scrolls sideways.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { faults, openBrowser, openHouse } from "./house.mjs";
import { prepare, states } from "./resident-pages.mjs";

let house;
let browser;
let known;

before(async () => {
  house = await openHouse();
  browser = await openBrowser();
  known = await prepare(house);
});

after(async () => {
  await browser?.close();
  await house?.close();
});

for (const [width, colorScheme] of [[360, "dark"], [1440, "dark"], [360, "light"], [1440, "light"]]) {
  test(`every state of every resident page is without a fault at ${width} px, ${colorScheme}`, async () => {
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme, reducedMotion: "reduce", locale: "sv-SE" });
    const found = {};
    for (const [name, open] of Object.entries(states(house, known))) {
      const page = await context.newPage();
      await open(page, "sv");
      const dark = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const wrong = await faults(page);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      if (wide > width) wrong.push(`${wide} px wide`);
      if ((dark === "rgb(15, 26, 34)") !== (colorScheme === "dark")) wrong.push(`the ground is ${dark}`);
      if (wrong.length) found[name] = wrong;
      await page.close();
    }
    assert.deepEqual(found, {});
    await context.close();
  });
}
