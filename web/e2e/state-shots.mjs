// Writes pictures of every state of every page, as they are seen on a telephone, by night, with large text, at 400 % zoom,
// on paper and from right to left. Arguments narrow it: node e2e/state-shots.mjs [states] [looks] [languages]; the states may be `residents`.
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { openBrowser, openHouse, signIn } from "./house.mjs";
import { plainStates, prepare, states } from "./resident-pages.mjs";
import { STAFF, come, prepareStaff } from "./staff-pages.mjs";

const [wanted = "all", looks = "phone,night,large,zoomed,print", languages = "sv"] = process.argv.slice(2);
const folder = resolve(import.meta.dirname, "../../shots");
mkdirSync(folder, { recursive: true });
const LOOKS = {
  phone: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2 },
  night: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, colorScheme: "dark" },
  tablet: { viewport: { width: 768, height: 1024 } },
  "tablet-night": { viewport: { width: 768, height: 1024 }, colorScheme: "dark" },
  desk: { viewport: { width: 1440, height: 900 } },
  "desk-night": { viewport: { width: 1440, height: 900 }, colorScheme: "dark" },
  /** Text of 200 % on a phone and on a desk's half. */
  large: { viewport: { width: 720, height: 900 }, size: "200%" },
  /** 1280 px at 400 %. */
  zoomed: { viewport: { width: 320, height: 640 }, deviceScaleFactor: 2 },
  /** A4 at 96 dots an inch. */
  print: { viewport: { width: 794, height: 1123 }, media: "print" },
  mirrored: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, dir: "rtl" },
};
const STICKY = ".emergency, .report__actions, .report-map, .picture-map";
const isWanted = (name) => ["all", "residents"].includes(wanted) || wanted.split(",").some((one) => (one.endsWith("*") ? name.startsWith(one.slice(0, -1)) : one === name));

const house = await openHouse();
const browser = await openBrowser();
const open = { demo: (page, language) => page.goto(`${house.url}/?lang=${language}`), ...states(house, await prepare(house)) };
const plain = plainStates(house);
const roles = Object.entries(wanted === "residents" ? {} : STAFF).filter(([, all]) => Object.keys(all).some(isWanted));
if (roles.length) await prepareStaff(house);

for (const look of looks.split(",")) {
  for (const language of languages.split(",")) {
    const { size, media, dir, ...options } = LOOKS[look];
    const context = await browser.newContext({ ...options, reducedMotion: "reduce", locale: language === "en" ? "en-GB" : "sv-SE" });
    const picture = async (page, name) => {
      if (size) await page.evaluate((text) => (document.documentElement.style.fontSize = text), size);
      if (dir) await page.evaluate((way) => (document.documentElement.dir = way), dir);
      if (media) await page.emulateMedia({ media });
      await page.waitForLoadState("networkidle", { timeout: 4000 }).catch(() => undefined);
      await page.waitForTimeout(400);
      const file = (part) => join(folder, `${name}-${look}-${language}${part}.png`);
      // What sticks to the screen hides a part of the whole page: both are looked at.
      if (await page.locator("body.is-report").count()) await page.screenshot({ path: file("-screen") });
      await page.evaluate((css) => document.querySelectorAll(css).forEach((part) => (part.style.position = "relative")), STICKY);
      await page.screenshot({ path: file(""), fullPage: true });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      if (wide > options.viewport.width && !media) console.error(`${name} is ${wide} px wide (${look})`);
      if (media) await page.emulateMedia({ media: "screen" });
    };
    const page = await context.newPage();
    for (const [name, act] of Object.entries(open)) {
      if (!isWanted(name)) continue;
      // What fails leaves the other pictures alone.
      await act(page, language).then(() => picture(page, name), (fault) => console.error(`${name} (${look}): ${fault.message}`));
    }
    const bare = await browser.newContext({ ...options, javaScriptEnabled: false, locale: language === "en" ? "en-GB" : "sv-SE" });
    for (const [name, act] of Object.entries(plain).filter(([name]) => isWanted(name))) {
      const tab = await bare.newPage();
      await act(tab, language);
      await tab.screenshot({ path: join(folder, `${name}-${look}-${language}.png`), fullPage: true });
      await tab.close();
    }
    await bare.close();
    for (const [role, all] of roles) {
      await context.clearCookies();
      await page.goto(`${house.url}/1427/staff/sign-in?lang=${language}`);
      await signIn(page, house, role);
      const names = Object.keys(all);
      for (const name of names.slice(0, names.findLastIndex(isWanted) + 1)) {
        // A page that has an address of its own needs nothing before it.
        if (!isWanted(name) && typeof all[name] === "string") continue;
        await come(page, house, all[name]);
        if (isWanted(name)) await picture(page, `staff-${name}`);
      }
    }
    await context.close();
  }
}
await browser.close();
await house.close();
