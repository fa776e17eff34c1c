// Writes pictures of the public pages as they are seen with large text, at 400 % zoom, on paper, and in the states between.
// Arguments narrow it: node e2e/state-shots.mjs [pages] [looks]
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { firstDistrict, openBrowser, openHouse } from "./house.mjs";

const [pages, looks = "large,zoomed,print"] = process.argv.slice(2);
const folder = resolve(import.meta.dirname, "../../shots");
mkdirSync(folder, { recursive: true });
const house = process.env.FYREN_URL ? { url: process.env.FYREN_URL, close: async () => undefined } : await openHouse();
const browser = await openBrowser();
const district = await firstDistrict(house);

const all = {
  picture: "/1427/picture",
  promises: "/1427/promises",
  district: `/1427/district/${district}`,
  about: "/1427/about",
  methods: "/1427/methods",
  "receipt-ask": "/1427/receipt",
  "sign-in": "/1427/staff/sign-in",
  "not-found": "/1427/nowhere",
  demo: "/",
};

const LOOKS = {
  /** Text of 200 % on a phone and on a desk's half. */
  large: { viewport: { width: 720, height: 900 }, style: "html { font-size: 200% !important }" },
  /** 1280 px at 400 %. */
  zoomed: { viewport: { width: 320, height: 640 } },
  /** A4 at 96 dots an inch. */
  print: { viewport: { width: 794, height: 1123 }, media: "print" },
};

for (const look of looks.split(",")) {
  const { viewport, style, media } = LOOKS[look];
  const context = await browser.newContext({ viewport, reducedMotion: "reduce" });
  for (const name of pages && pages !== "all" ? pages.split(",") : Object.keys(all)) {
    const page = await context.newPage();
    await page.goto(`${house.url}${all[name]}?lang=sv`);
    if (style) await page.addStyleTag({ content: style }).catch(() => page.evaluate(() => (document.documentElement.style.fontSize = "200%")));
    if (media) await page.emulateMedia({ media });
    await page.waitForLoadState("networkidle", { timeout: 4000 }).catch(() => undefined);
    await page.waitForTimeout(400);
    await page.screenshot({ path: join(folder, `${name}-${look}.png`), fullPage: true });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > viewport.width && !media) console.error(`${name} is ${wide} px wide (${look})`);
    await page.close();
  }
  await context.close();
}
await browser.close();
await house.close();
