// Writes pictures of every page to `shots/`: three widths, day and night, both languages.
// Arguments narrow it: node e2e/screenshots.mjs [pages] [widths] [themes] [languages]
import { mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { firstDistrict, mapReady, openBrowser, openHouse, plantSpot, signIn } from "./house.mjs";

const [pages, widths = "360,768,1440", themes = "day,night", languages = "sv,en"] = process.argv.slice(2);
const folder = resolve(import.meta.dirname, "../../shots");
mkdirSync(folder, { recursive: true });

const house = process.env.FYREN_URL ? borrowed(process.env.FYREN_URL) : await openHouse();
if (!process.env.FYREN_URL) plantSpot(house);
const browser = await openBrowser();
const district = await firstDistrict(house);

const all = {
  demo: { path: "/", whole: true },
  report: { path: "/1427/report", map: true },
  "report-list": { path: "/1427/report", map: true, act: skipMap },
  "report-what": { path: "/1427/report", map: true, act: toStep(2) },
  "report-when": { path: "/1427/report", map: true, act: toStep(3) },
  "report-plain": { path: "/1427/report", plain: true, whole: true },
  receipt: { path: "/1427/report", map: true, act: send },
  paper: { path: "/1427/paper", whole: true },
  "fraud-sheet": { path: "/1427/fraud-sheet", whole: true },
  embed: { path: "/1427/embed", map: true },
  methods: { path: "/1427/methods", whole: true },
  "receipt-ask": { path: "/1427/receipt", whole: true },
  "receipt-status": { path: "/1427/receipt", whole: true, act: answered },
  "letters-demo": { path: "/1427/receipt", whole: true, act: letters },
  press: { path: "/1427/picture", whole: true, act: shared },
  picture: { path: "/1427/picture", map: true, whole: true },
  promises: { path: "/1427/promises", whole: true },
  district: { path: `/1427/district/${district}`, whole: true },
  about: { path: "/1427/about", whole: true },
  "sign-in": { path: "/1427/staff/sign-in" },
  "not-found": { path: "/1427/nowhere" },
  staff: { path: "/1427/staff/", as: "police-planner", map: true, act: settled },
  "staff-filters": { path: "/1427/staff/", as: "police-planner", map: true, act: filters },
  "staff-time": { path: "/1427/staff/", as: "police-planner", map: true, act: narrowed },
  "staff-spot": { path: "/1427/staff/", as: "police-planner", map: true, act: spot },
  "staff-confirmed": { path: "/1427/staff/", as: "police-planner", map: true, act: confirmed },
  "staff-vetoes": { path: "/1427/staff/vetoes", as: "officer", whole: true, act: vetoed },
  "staff-report": { path: "/1427/staff/", as: "coordinator", map: true, act: firstReport },
  "staff-unanswered": { path: "/1427/staff/unanswered", as: "coordinator", whole: true, act: (page) => page.waitForSelector("table.table, .notice--empty") },
  "staff-thread": { path: "/1427/staff/unanswered", as: "officer", whole: true, act: thread },
  "staff-releases": { path: "/1427/staff/releases", as: "coordinator", whole: true },
  "staff-release-due": { path: "/1427/staff/releases", as: "coordinator", whole: true, act: (page) => page.selectOption("#release-year", { index: 3 }) },
  "staff-measures": { path: "/1427/staff/measures", as: "coordinator", whole: true },
  "staff-measure": { path: "/1427/staff/measures", as: "coordinator", act: (page) => page.click(".page__head .button") },
  "staff-import": { path: "/1427/staff/import", as: "coordinator", whole: true, act: anUnknownFile },
  "staff-table": { path: "/1427/staff/", as: "police-planner", map: true, act: (page) => page.locator(".tabs .chip").nth(1).click() },
  "staff-menu": { path: "/1427/staff/weeks", as: "coordinator", act: unfolded },
  "staff-patrol-areas": { path: "/1427/staff/patrol-areas", as: "police-planner", map: true, whole: true, act: (page) => page.waitForSelector(".areas-table") },
  "staff-users": { path: "/1427/staff/users", as: "admin", whole: true, act: (page) => page.waitForSelector(".rows__row") },
  "staff-account": { path: "/1427/staff/account", as: "officer", whole: true, act: (page) => page.waitForSelector("main h2") },
  "staff-weeks": { path: "/1427/staff/weeks", as: "coordinator", whole: true, act: (page) => page.waitForSelector(".presence") },
  "staff-watch": { path: "/1427/staff/watch", as: "coordinator", whole: true, act: (page) => page.waitForSelector("main h2") },
  "staff-controls": { path: "/1427/staff/controls", as: "police-planner", whole: true, act: (page) => page.waitForSelector("main h2") },
  calendar: { path: "/1427/calendar", whole: true },
  "staff-visit": { path: "/1427/staff/", as: "police-planner", map: true, act: (page) => page.click(".staff__log") },
};

const headers = (role) => ({ authorization: `Bearer ${house.logins[role].token}`, "content-type": "application/json", "idempotency-key": crypto.randomUUID() });
let shown;

/** A report that was asked about, replied to and closed; made once. */
async function aThread() {
  if (shown) return shown;
  const M = `${house.url}/api/v1/municipalities/1427`;
  const send = (url, from, body) => fetch(url, { method: "POST", headers: from, body: JSON.stringify(body) });
  const sent = await send(`${M}/reports`, headers("coordinator"), { category: "lighting", place: { longitude: 11.2272, latitude: 58.3567 }, text: "Lampan vid trappan är släckt." });
  const { receipt } = await sent.json();
  const { items } = await (await fetch(`${M}/unanswered`, { headers: headers("coordinator") })).json();
  const id = items.at(-1).id;
  await send(`${M}/reports/${id}/messages`, headers("officer"), { kind: "question", text: "Är det trappan mot bryggan eller den mot torget?" });
  await send(`${house.url}/api/v1/receipt/messages`, { ...headers("officer"), authorization: `Receipt ${receipt}` }, { kind: "reply", text: "Den mot bryggan. Det är mörkt från fyra på eftermiddagen." });
  await send(`${M}/reports/${id}/status`, headers("coordinator"), { status: "done", answer: "Lampan är bytt i dag. Säg till om den slocknar igen." });
  shown = { receipt, id };
  return shown;
}

async function answered(page) {
  const { receipt } = await aThread();
  await page.fill("#code", receipt);
  await page.click("form[data-ask] button");
  await page.waitForSelector(".ticket__status");
}

async function letters(page) {
  await answered(page);
  if (await page.locator("#address").count()) {
    await page.fill("#address", "resident@example.org");
    await page.click("button[value=ask]");
  }
  await page.goto(`${house.url}/demo/letters`);
}

async function shared(page) {
  const { items } = await (await fetch(`${house.url}/api/v1/municipalities/1427/releases?limit=100`)).json();
  await page.goto(`${house.url}/1427/release/${items.find((one) => one.kind === (process.env.KIND ?? "year_cells")).id}`);
}

async function thread(page) {
  const { id } = await aThread();
  await page.goto(`${house.url}/1427/staff/reports/${id}`);
  await page.waitForSelector(".thread__item");
}

async function skipMap(page) {
  await page.locator(".switch button").last().click();
}

function toStep(step) {
  return async (page) => {
    await skipMap(page);
    await page.locator(".suggestions button").first().click();
    await page.locator(".switch button").nth(1).click();
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
  };
}

async function send(page) {
  await toStep(3)(page);
  await page.click("[data-send]");
  await page.waitForSelector(".ticket");
}

/** The menu with its last group open, behind its button where there is one. */
async function unfolded(page) {
  const button = page.locator(".staff__menu");
  if (await button.isVisible()) await button.click();
  else await page.locator(".staff__unfold").last().click();
}

async function settled(page) {
  await page.waitForSelector(".places");
}

async function filters(page) {
  await settled(page);
  const line = page.locator(".question-line");
  if (await line.isVisible()) await line.click();
}

async function narrowed(page) {
  await settled(page);
  const plot = await page.locator(".brush__plot").boundingBox();
  await page.mouse.move(plot.x + plot.width * 0.55, plot.y + 20);
  await page.mouse.down();
  await page.mouse.move(plot.x + plot.width * 0.8, plot.y + 20, { steps: 4 });
  await page.mouse.up();
}

async function spot(page) {
  await settled(page);
  await page.locator(".place").first().click();
}

async function confirmed(page) {
  await settled(page);
  await filters(page);
  await page.locator(".question select").last().selectOption("ownHistory");
  await page.waitForSelector(".mark--confirmed", { state: "attached" });
  const done = page.locator(".question__done");
  if (await done.isVisible()) await done.click();
  await page.locator(".places li", { has: page.locator(".mark--confirmed") }).first().locator(".place").click();
  await page.waitForTimeout(900);
}

async function vetoed(page) {
  await page.waitForSelector("#veto-due");
}

async function firstReport(page) {
  await settled(page);
  await page.locator(".tabs .chip").nth(1).click();
  await page.locator(".events a").first().click();
  await page.waitForSelector(".way");
}

async function anUnknownFile(page) {
  const rows = Array.from({ length: 7 }, (_, at) => `${at + 1};Skadegörelse;58,36${at}1;11,22${at}1;2026-0${at + 1}-14 21:30`);
  const buffer = Buffer.from(["nr;händelse;latitud;longitud;tid", ...rows].join("\n"));
  await page.setInputFiles(".drop input", { name: "exempel.csv", mimeType: "text/csv", buffer });
  await page.waitForSelector(".sample-map .map[data-ready]");
  await page.getByRole("button", { name: /^(Pröva|Try)/ }).click();
  await page.waitForSelector(".card .measure__facts");
  await page.waitForTimeout(600);
}

/** A house that runs already: its address, and the lines that it printed at its start. */
function borrowed(url) {
  const lines = readFileSync(process.env.FYREN_LOGINS, "utf8").split("\n").map((line) => line.split("\t"));
  const logins = Object.fromEntries(lines.filter((parts) => parts.length === 4).map(([role, name, password]) => [role, { name, password }]));
  return { url, logins, close: async () => undefined };
}

const wanted = pages && pages !== "all" ? pages.split(",") : Object.keys(all);
for (const theme of themes.split(",")) {
  for (const width of widths.split(",").map(Number)) {
    const look = {
      viewport: { width, height: width < 700 ? 740 : 900 },
      colorScheme: theme === "night" ? "dark" : "light",
      deviceScaleFactor: width < 700 ? 2 : 1,
    };
    const contexts = { scripted: await browser.newContext(look), plain: await browser.newContext({ ...look, javaScriptEnabled: false }) };
    for (const role of new Set(wanted.map((name) => all[name].as).filter(Boolean))) {
      contexts[role] = await browser.newContext(look);
      const page = await contexts[role].newPage();
      await signIn(page, house, role);
      await page.close();
    }
    for (const language of languages.split(",")) {
      for (const name of wanted) await picture(all[name], { name, theme, width, language, contexts });
    }
    for (const context of Object.values(contexts)) await context.close();
  }
}
await browser.close();
await house.close();

async function picture(shown, { name, theme, width, language, contexts }) {
  const page = await contexts[shown.as ?? (shown.plain ? "plain" : "scripted")].newPage();
  page.on("pageerror", (fault) => console.error(`${name}: ${fault.message}`));
  await page.goto(`${house.url}${shown.path}?lang=${language}`);
  if (shown.map) await mapReady(page);
  if (shown.act) await shown.act(page);
  await page.waitForLoadState("networkidle", { timeout: 4000 }).catch(() => undefined);
  await page.waitForTimeout(900);
  await page.screenshot({ path: join(folder, `${name}-${width}-${theme}-${language}.png`), fullPage: Boolean(shown.whole) });
  await page.close();
}
