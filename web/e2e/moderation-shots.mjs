// Pictures of what moderators and owners see, to be looked at: `FYREN=… node e2e/moderation-shots.mjs FOLDER`.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { mapReady, openBrowser, openHouse, signIn } from "./house.mjs";

const folder = process.argv[2] ?? "../shots/moderation";
mkdirSync(folder, { recursive: true });
const house = await openHouse();
const browser = await openBrowser();
const M = `${house.url}/api/v1/municipalities/1427`;
const auth = { authorization: `Bearer ${house.logins.coordinator.token}` };

async function send(key, category, text, [longitude, latitude]) {
  await fetch(`${M}/reports`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify({ category, place: { longitude, latitude }, text }),
  });
}
await send("s1", "lighting", "Lampan vid trappan är trasig, det är kolsvart på kvällen.", [11.2272, 58.3567]);
await send("s2", "lighting", "Trasig lampa vid trappan", [11.2274, 58.3567]);
await send("s3", "graffiti", "Ring Lars på 070-174 06 05 om klottret, han vet vem det är.", [11.3021, 58.4419]);
await send("s4", "rowdiness", "Hjälp, någon blir misshandlad just nu vid bryggan", [11.2472, 58.3467]);
const { items } = await (await fetch(`${M}/queue?limit=100`, { headers: auth })).json();
const second = items.find((item) => item.text === "Trasig lampa vid trappan");
const made = await (await fetch(`${M}/reports/${second.id}/forwards`, { method: "POST", headers: { ...auth, "content-type": "application/json" }, body: JSON.stringify({ owner: "Vägföreningen", question: "Är lampan vid trappan er?" }) })).json();
await fetch(`${M}/retention/decisions`, { method: "POST", headers: { ...auth, "content-type": "application/json" }, body: JSON.stringify({ class: "report", number: "KS 2026/7", decidedOn: "2026-02-01", days: 365 }) });

for (const [width, height] of [[360, 740], [1440, 900]]) {
  for (const colorScheme of ["light", "dark"]) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: "reduce", locale: "sv-SE" });
    const page = await context.newPage();
    const name = (what) => join(folder, `${what}-${width}-${colorScheme === "light" ? "day" : "night"}.png`);
    await signIn(page, house, "coordinator");
    await page.goto(`${house.url}/1427/staff/queue`);
    await page.waitForSelector(".queue-card");
    await mapReady(page);
    await page.waitForTimeout(600);
    await page.screenshot({ path: name("queue") });
    await page.locator(".queue__parts .chip", { hasText: "Liknar" }).click();
    await page.waitForTimeout(500);
    await page.locator(`#q-${second.id} .queue-card__title`).click();
    await page.waitForTimeout(300);
    await page.screenshot({ path: name("alike"), fullPage: width < 500 });
    await page.locator(".queue__parts .chip", { hasText: "Att se upp" }).click();
    await page.waitForTimeout(400);
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await page.waitForTimeout(300);
    await page.screenshot({ path: name("bulk") });
    await page.keyboard.press("r");
    await page.waitForTimeout(500);
    await page.screenshot({ path: name("mask") });
    await page.keyboard.press("Escape");
    await page.keyboard.press("f");
    await page.waitForTimeout(300);
    await page.screenshot({ path: name("forward") });
    await page.goto(`${house.url}/1427/staff/archive`);
    await page.waitForSelector(".archive__class");
    await page.screenshot({ path: name("archive"), fullPage: true });
    await page.goto(made.url);
    await page.waitForSelector("textarea");
    await page.screenshot({ path: name("owner"), fullPage: true });
    await page.goto(`${house.url}/1427/report?lang=sv-easy`);
    await page.waitForTimeout(500);
    await page.screenshot({ path: name("easy") });
    await page.evaluate(() => (document.documentElement.dir = "rtl"));
    await page.waitForTimeout(200);
    await page.screenshot({ path: name("rtl") });
    await context.close();
  }
}
await browser.close();
await house.close();
