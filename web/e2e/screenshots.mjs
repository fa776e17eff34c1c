// Writes pictures of every page to `shots/`: three widths, day and night, both languages.
// Arguments narrow it: node e2e/screenshots.mjs [pages] [widths] [themes] [languages]
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { firstDistrict, mapReady, openBrowser, openHouse, signIn } from "./house.mjs";

const [pages, widths = "360,768,1440", themes = "day,night", languages = "sv,en"] = process.argv.slice(2);
const folder = resolve(import.meta.dirname, "../../shots");
mkdirSync(folder, { recursive: true });

const house = process.env.FYREN_URL ? await borrowed(process.env.FYREN_URL) : await openHouse();
const browser = await openBrowser();
const district = await firstDistrict(house);

const all = {
  demo: { path: "/", whole: true },
  report: { path: "/1427/report", map: true },
  "report-list": { path: "/1427/report", map: true, act: skipMap },
  "report-what": { path: "/1427/report", map: true, act: toStep(2) },
  "report-when": { path: "/1427/report", map: true, act: toStep(3) },
  "report-send": { path: "/1427/report", map: true, act: toStep(4) },
  "report-plain": { path: "/1427/report", plain: true, whole: true },
  receipt: { path: "/1427/report", map: true, act: send },
  "receipt-ask": { path: "/1427/receipt", whole: true },
  picture: { path: "/1427/picture", map: true, whole: true },
  promises: { path: "/1427/promises", whole: true },
  district: { path: `/1427/district/${district}`, whole: true },
  about: { path: "/1427/about", whole: true },
  "sign-in": { path: "/1427/staff/sign-in" },
  "not-found": { path: "/1427/nowhere" },
  staff: { path: "/1427/staff/", staff: true, map: true },
  "staff-table": { path: "/1427/staff/", staff: true, map: true, act: (page) => page.locator(".tabs .chip").nth(1).click() },
  "staff-visit": { path: "/1427/staff/", staff: true, map: true, act: (page) => page.locator(".staff__tools .button").click() },
};

async function skipMap(page) {
  await page.locator(".switch button").nth(1).click();
}

function toStep(step) {
  return async (page) => {
    await skipMap(page);
    await page.locator(".suggestions button").first().click();
    await page.locator(".switch button").nth(0).click();
    await page.click("[data-next]");
    if (step === 2) {
      await page.locator(".group summary").first().click();
      return;
    }
    await page.locator(".group summary").first().click();
    await page.locator("label", { has: page.locator("input[value=lighting]") }).click();
    await page.click("[data-next]");
    await page.locator("label", { has: page.locator("input[value='22-02']") }).click();
    await page.locator("label", { has: page.locator("input[value=autumn]") }).click();
    if (step > 3) await page.click("[data-next]");
  };
}

async function send(page) {
  await toStep(4)(page);
  await page.click("[data-send]");
  await page.waitForSelector(".ticket");
}

async function borrowed(url) {
  const [name, password] = (process.env.FYREN_LOGIN ?? ":").split(":");
  return { url, logins: { "police-planner": { name, password } }, close: async () => undefined };
}

const wanted = pages && pages !== "all" ? pages.split(",") : Object.keys(all);
for (const theme of themes.split(",")) {
  for (const width of widths.split(",").map(Number)) {
    const look = {
      viewport: { width, height: width < 700 ? 740 : 900 },
      colorScheme: theme === "night" ? "dark" : "light",
      deviceScaleFactor: width < 700 ? 2 : 1,
    };
    const scripted = await browser.newContext(look);
    const plain = await browser.newContext({ ...look, javaScriptEnabled: false });
    if (wanted.some((name) => all[name].staff)) {
      const page = await scripted.newPage();
      await signIn(page, house, "police-planner");
      await page.close();
    }
    for (const language of languages.split(",")) {
      for (const name of wanted) await picture(all[name], { name, theme, width, language, scripted, plain });
    }
    await scripted.close();
    await plain.close();
  }
}
await browser.close();
await house.close();

async function picture(shown, { name, theme, width, language, scripted, plain }) {
  const page = await (shown.plain ? plain : scripted).newPage();
  page.on("pageerror", (fault) => console.error(`${name}: ${fault.message}`));
  await page.goto(`${house.url}${shown.path}?lang=${language}`);
  if (shown.map) await mapReady(page);
  if (shown.act) await shown.act(page);
  await page.waitForLoadState("networkidle", { timeout: 4000 }).catch(() => undefined);
  await page.waitForTimeout(900);
  await page.screenshot({ path: join(folder, `${name}-${width}-${theme}-${language}.png`), fullPage: Boolean(shown.whole) });
  await page.close();
}
