// Every page that a resident, an owner or a partner sees, in the states that it has: how each is come to.
// The audits of contrast and of Lighthouse and the pictures all go through this one list.
import { mapReady } from "./house.mjs";

const M = (house) => `${house.url}/api/v1/municipalities/1427`;
const as = (house, role) => ({ authorization: `Bearer ${house.logins[role].token}`, "content-type": "application/json", "idempotency-key": crypto.randomUUID() });
const post = async (url, headers, body) => {
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : null;
};

/** What the pages show: a thread that was closed, a link for an owner, one for a partner, a bulletin, a release. */
export async function prepare(house) {
  const headers = { "content-type": "application/json", "idempotency-key": crypto.randomUUID() };
  const place = { longitude: 11.2272, latitude: 58.3567 };
  const send = (body) => post(`${M(house)}/reports`, { ...headers, "idempotency-key": crypto.randomUUID() }, body);
  const latest = async () => (await (await fetch(`${M(house)}/unanswered?limit=1000`, { headers: as(house, "coordinator") })).json()).items.at(-1).id;

  const { receipt: fresh } = await send({ category: "lighting", place });
  const { receipt: asked } = await send({ category: "lighting", place, text: "Lampan vid trappan är släckt." });
  const question = await latest();
  await post(`${M(house)}/reports/${question}/messages`, as(house, "officer"), { kind: "question", text: "Är det trappan mot bryggan eller den mot torget?" });
  const { receipt: done } = await send({ category: "lighting", place, text: "Lampan vid kajen är släckt." });
  const closed = await latest();
  await post(`${M(house)}/reports/${closed}/messages`, as(house, "officer"), { kind: "question", text: "Är det kajen vid affären?" });
  await post(`${house.url}/api/v1/receipt/messages`, { ...headers, authorization: `Receipt ${done}`, "idempotency-key": crypto.randomUUID() }, { kind: "reply", text: "Ja, den mot bryggan. Det är mörkt från fyra på eftermiddagen." });
  await post(`${M(house)}/reports/${closed}/status`, as(house, "coordinator"), { status: "done", answer: "Lampan är bytt i dag. Säg till om den slocknar igen." });
  const { url: owner } = await post(`${M(house)}/reports/${question}/forwards`, as(house, "coordinator"), { owner: "Vägföreningen", question: "Är lampan er?" });
  const partner = await post(`${M(house)}/partners`, as(house, "coordinator"), { name: "Sotenäsbostäder", kind: "housing" });
  const bulletins = await (await fetch(`${M(house)}/bulletins`)).json();
  const releases = await (await fetch(`${M(house)}/releases?limit=100`)).json();
  const districts = await (await fetch(`${M(house)}/layers/districts`)).json();
  const base = await (await fetch(`${house.url}/1427/base.json`)).json();
  return {
    receipts: { fresh, asked, done },
    owner,
    partner: partner.link,
    bulletin: bulletins.items[0].id,
    release: releases.items.find((one) => one.kind === "year_cells").id,
    quarter: releases.items.find((one) => one.kind === "quarter_districts")?.id,
    district: districts.features[0].properties.code,
    place: base.places.features.find((feature) => feature.properties.name === "Smögen").properties.id,
  };
}

/** Pages that an address alone opens. */
export function addresses(known) {
  return {
    report: "/1427/report",
    "report-begun": "/1427/report?category=idea&watch=boat_watch",
    embed: "/1427/embed",
    sticker: `/1427/r/${known.place}`,
    "receipt-ask": "/1427/receipt",
    picture: "/1427/picture",
    promises: "/1427/promises",
    district: `/1427/district/${known.district}`,
    press: `/1427/release/${known.release}`,
    ...(known.quarter ? { "press-quarter": `/1427/release/${known.quarter}` } : {}),
    calendar: "/1427/calendar",
    watch: "/1427/watch",
    bulletin: `/1427/bulletin/${known.bulletin}`,
    about: "/1427/about",
    methods: "/1427/methods",
    paper: "/1427/paper",
    "paper-place": `/1427/paper/${known.place}`,
    "fraud-sheet": "/1427/fraud-sheet",
    "owner-ask": "/1427/owner",
    "partner-ask": "/1427/partner",
    "mail-gone": "/1427/mail/gone",
    "not-found": "/1427/nowhere",
  };
}

/** Pages whose map is looked at live; that of their sisters is the same one. */
const withMap = new Set(["report", "picture"]);
const withPicture = new Set(["report-begun", "embed"]);

/** How each page and state is come to; `url` gets the language. */
export function states(house, known) {
  const go = async (page, path, language = "sv") => {
    await page.goto(`${house.url}${path}${path.includes("?") ? "&" : "?"}lang=${language}`);
  };
  const all = {};
  for (const [name, path] of Object.entries(addresses(known))) {
    all[name] = async (page, language) => {
      await go(page, path, language);
      if (withMap.has(name)) await mapReady(page);
      if (withPicture.has(name)) await page.waitForSelector(".map[data-still]");
    };
  }
  const step = (to, act) => async (page, language) => {
    // The list needs no map.
    await go(page, "/1427/report", language);
    await page.locator(".switch button").last().click();
    await page.locator(".suggestions button").first().click();
    await page.click("[data-next]");
    if (to === 2) return act?.(page);
    await page.locator(".group summary").first().click();
    await page.locator("label.option", { has: page.locator("input[value=lighting]") }).click();
    await page.click("[data-next]");
    await act?.(page);
  };
  const opened = (code) => async (page, language) => {
    await go(page, "/1427/receipt", language);
    await page.fill("#code", code);
    await page.click("form[data-ask] button");
    await page.waitForSelector(".ticket__status");
  };
  return Object.assign(all, {
    "report-list": async (page, language) => {
      await go(page, "/1427/report", language);
      await page.locator(".switch button").last().click();
      await page.fill("#place-search", "smög");
      await page.locator(".suggestions button").first().waitFor();
    },
    "report-what": step(2, (page) => page.locator(".group summary").first().click()),
    "report-fraud": step(2, async (page) => {
      await page.locator(".group", { has: page.locator("input[value=fraud_attempt]") }).locator("summary").click();
      await page.locator("label.option", { has: page.locator("input[value=fraud_attempt]") }).click();
    }),
    "report-when": step(3),
    "report-stop": step(3, async (page) => {
      await page.fill("#text", "En man har en kniv vid busshållplatsen");
      await page.click("[data-send]");
      await page.waitForSelector("[data-pause=danger]:not([hidden])");
    }),
    "report-personal": step(3, async (page) => {
      await page.fill("#text", "Ring mig på 070-174 06 05 om lampan");
      await page.click("[data-send]");
      await page.waitForSelector("[data-pause=personal]:not([hidden])");
    }),
    ticket: step(3, async (page) => {
      await page.click("[data-send]");
      await page.waitForSelector(".ticket__words");
    }),
    "receipt-fresh": opened(known.receipts.fresh),
    "receipt-asked": opened(known.receipts.asked),
    "receipt-done": opened(known.receipts.done),
    "receipt-unknown": async (page, language) => {
      await go(page, "/1427/receipt", language);
      await page.fill("#code", "nothing-of-that-kind");
      await page.click("form[data-ask] button");
      await page.waitForSelector("#error-code, .error-text");
    },
    owner: async (page, language) => {
      const [address, code] = known.owner.split("#");
      await page.goto(`${address}?lang=${language ?? "sv"}#${code}`);
      await page.waitForSelector("#note");
    },
    partner: async (page, language) => {
      const [address, code] = new URL(known.partner, house.url).href.split("#");
      await page.goto(`${address}?lang=${language ?? "sv"}#${code}`);
      await page.waitForSelector("#category");
    },
  });
}
