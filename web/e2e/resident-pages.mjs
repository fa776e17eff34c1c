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
  const staff = as(house, "coordinator");
  const step = (id, status, answer) => post(`${M(house)}/reports/${id}/status`, { ...staff, "idempotency-key": crypto.randomUUID() }, { status, answer });
  const made = async (...steps) => {
    const { receipt } = await send({ category: "lighting", place, text: "Lampan vid trappan är släckt." });
    const id = await latest();
    for (const [status, answer] of steps) await step(id, status, answer);
    return [receipt, id];
  };
  const [planned, into] = await made(["planned", "Vi byter lampan i vecka 50. Firman har fått beställningen."]);
  const [refused] = await made(["not_done", "Vägen ägs av en förening. Vi har sagt till den."]);
  const [reopened] = await made(["done", "Lampan är bytt i dag."]);
  await post(`${house.url}/api/v1/receipt/messages`, { ...headers, authorization: `Receipt ${reopened}`, "idempotency-key": crypto.randomUUID() }, { kind: "not_solved", text: "Den slocknade igen i går kväll." });
  const [merged, same] = await made();
  await post(`${M(house)}/reports/${same}/merge`, { ...staff, "idempotency-key": crypto.randomUUID() }, { into });
  const { url: answered } = await post(`${M(house)}/reports/${into}/forwards`, as(house, "coordinator"), { owner: "Kungshamns vägförening", question: "Är lampan er?" });
  const defects = await (await fetch(`${M(house)}/layers/defects`)).json();
  const known = defects.features.find((feature) => !["done", "not_done"].includes(feature.properties.status));
  const partner = await post(`${M(house)}/partners`, as(house, "coordinator"), { name: "Sotenäsbostäder", kind: "housing" });
  const bulletins = await (await fetch(`${M(house)}/bulletins`)).json();
  const releases = await (await fetch(`${M(house)}/releases?limit=100`)).json();
  const districts = await (await fetch(`${M(house)}/layers/districts`)).json();
  const base = await (await fetch(`${house.url}/1427/base.json`)).json();
  return {
    receipts: { fresh, asked, done, planned, refused, reopened, merged },
    owner,
    answered,
    defect: known?.geometry.coordinates,
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

/** How each page and state is come to. */
export function states(house, known) {
  return Object.assign({}, ...lanes(house, known));
}

/** The same in lanes that know nothing of each other: they may be gone through side by side. */
export function lanes(house, known) {
  const go = async (page, path, language = "sv") => {
    await page.context().setOffline(false);
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
  return [all, reports(house, known, go), { ...receipts(house, known, go), ...links(house, known, go) }];
}

/** The report, step by step, in all its ways. */
function reports(house, known, go) {
  const toList = (page) => page.locator(".switch button").last().click();
  const choose = async (page, category) => {
    const option = page.locator("label.option", { has: page.locator(`input[value=${category}]`) });
    await page.locator(".group", { has: option }).locator("summary").click();
    await option.click();
  };
  const step = (to, act, path = "/1427/report") => async (page, language) => {
    // The list needs no map.
    await go(page, path, language);
    await toList(page);
    await page.locator(".suggestions button").first().click();
    await page.click("[data-next]");
    if (to === 2) return act?.(page);
    await choose(page, "lighting");
    await page.click("[data-next]");
    await act?.(page);
  };
  const paused = (text, why) => async (page) => {
    await page.fill("#text", text);
    await page.click("[data-send]");
    await page.waitForSelector(`[data-pause=${why}]:not([hidden])`);
  };
  const sent = async (page) => {
    await page.click("[data-send]");
    await page.waitForSelector(".ticket__words");
  };
  const said = async (page) => {
    await page.locator("label.chip", { has: page.locator("input[name=factor]") }).first().click();
    await page.locator("label.chip", { has: page.locator("input[name=feeling]") }).first().click();
  };
  return {
    "report-list": async (page, language) => {
      await go(page, "/1427/report", language);
      await toList(page);
      await page.fill("#place-search", "smög");
      await page.locator(".suggestions button").first().waitFor();
    },
    "report-nothing-found": async (page, language) => {
      await go(page, "/1427/report", language);
      await toList(page);
      await page.fill("#place-search", "qqqq");
      await page.waitForTimeout(600);
    },
    "report-no-place": async (page, language) => {
      await go(page, "/1427/report", language);
      await toList(page);
      await page.click("[data-next]");
    },
    "report-mine": async (page, language) => {
      await page.context().grantPermissions(["geolocation"]);
      await page.context().setGeolocation({ longitude: 11.2272, latitude: 58.3567, accuracy: 12 });
      await go(page, "/1427/report", language);
      await page.waitForSelector(".map[data-still]");
      await page.click("[data-mine]");
      await page.waitForSelector(".chosen-place.is-set");
    },
    "report-stretch": async (page, language) => {
      await go(page, "/1427/report", language);
      await mapReady(page);
      await page.click("[data-shape=line]");
      const at = await page.locator(".map").boundingBox();
      for (const [x, y] of [[0.5, 0.42], [0.53, 0.47], [0.56, 0.44]]) await page.mouse.click(at.x + at.width * x, at.y + at.height * y);
    },
    ...(known.defect ? { "report-near": async (page, language) => {
      await go(page, "/1427/report", language);
      await toList(page);
      await page.locator("details.coordinates summary").click();
      await page.fill("#latitude", String(known.defect[1]));
      await page.fill("#longitude", String(known.defect[0]));
      await page.locator("#longitude").blur();
      await page.waitForSelector("[data-near]:not([hidden])");
    } } : {}),
    "report-groups": step(2),
    "report-no-category": step(2, (page) => page.click("[data-next]")),
    "report-what": step(2, async (page) => {
      await choose(page, "lighting");
      await said(page);
    }),
    "report-fraud": step(2, (page) => choose(page, "fraud_attempt")),
    "report-when": step(3),
    "report-when-said": step(3, async (page) => {
      await page.locator("label", { has: page.locator("input[value='22-02']") }).click();
      await page.locator("label", { has: page.locator("input[value=autumn]") }).click();
      await page.fill("#text", "Lampan vid trappan är släckt.");
    }),
    "report-now": step(3, async (page) => {
      await page.locator("label.chip", { has: page.locator("input[name=now][value=yes]") }).click();
      await page.waitForSelector("[data-stop]:not([hidden])");
    }),
    "report-stop": step(3, paused("En man har en kniv vid busshållplatsen", "danger")),
    "report-personal": step(3, paused("Ring mig på 070-174 06 05 om lampan", "personal")),
    ticket: step(3, sent),
    "embed-what": step(2, (page) => choose(page, "lighting"), "/1427/embed"),
    "embed-when": step(3, undefined, "/1427/embed"),
    "embed-ticket": step(3, sent, "/1427/embed"),
    // Last: what waits is told on the form until it is sent, and what was sent as long as the browser keeps it.
    "report-waiting": step(3, async (page) => {
      await page.context().setOffline(true);
      await page.click("[data-send]");
      await page.waitForSelector("[data-queue] [data-state=waiting]");
    }),
    "report-sent": async (page, language) => {
      await go(page, "/1427/report", language);
      await page.waitForSelector("[data-queue] [data-state=sent] a");
    },
  };
}

/** The private page of a report, in each status, and its letters. */
function receipts(house, known, go) {
  const opened = (code, act) => async (page, language) => {
    await go(page, "/1427/receipt", language);
    await page.fill("#code", code);
    await page.click("form[data-ask] button");
    await page.waitForSelector(".ticket__status");
    await act?.(page);
  };
  const said = (text, after) => async (page) => {
    await page.fill("#text", text);
    await page.locator("form#reply button[name=kind][value=reply]").click();
    await page.waitForSelector(after);
  };
  return {
    ...Object.fromEntries(Object.entries(known.receipts).map(([name, code]) => [`receipt-${name}`, opened(code)])),
    "receipt-replied": opened(known.receipts.asked, said("Trappan mot bryggan.", "[data-done]")),
    "receipt-stop": opened(known.receipts.planned, said("En man har en kniv vid trappan", ".stop")),
    "receipt-personal": opened(known.receipts.planned, said("Ring mig på 070-174 06 05", "section.notice--warn")),
    "receipt-letters": opened(known.receipts.refused, async (page) => {
      if (await page.locator("#address").count()) {
        await page.fill("#address", "resident@example.org");
        await page.click("button[value=ask]");
        await page.waitForSelector("button[value=stop]");
      }
    }),
    letters: async (page, language) => go(page, "/demo/letters", language),
    "mail-confirm": async (page, language) => {
      await go(page, "/demo/letters", language);
      await page.locator(".envelope a").first().click();
      await page.waitForSelector("button[name=do]");
    },
    "receipt-unknown": async (page, language) => {
      await go(page, "/1427/receipt", language);
      await page.fill("#code", "nothing-of-that-kind");
      await page.click("form[data-ask] button");
      await page.waitForSelector("#error-code, .error-text");
    },
  };
}

/** What a link of one's own opens: for an owner, for a partner, for a neighbour's voice. */
function links(house, known, go) {
  // Where only what follows the hash is an other, a browser stays on the page that it has.
  const owner = (link) => async (page, language) => {
    const [address, code] = link.split("#");
    await page.goto("about:blank");
    await page.goto(`${address}?lang=${language ?? "sv"}#${code}`);
    await page.waitForSelector("dl.rows");
  };
  const partner = (act) => async (page, language) => {
    const [address, code] = new URL(known.partner, house.url).href.split("#");
    await page.goto("about:blank");
    await page.goto(`${address}?lang=${language ?? "sv"}#${code}`);
    await page.waitForSelector("#category");
    await act?.(page);
  };
  const send = async (page) => {
    await page.selectOption("#category", "graffiti");
    await page.selectOption("#locality", { label: "Smögen" });
    await page.click("#partner-form button[type=submit]");
  };
  const unknown = (path, field, form) => async (page, language) => {
    await go(page, path, language);
    await page.fill(field, "nothing-of-that-kind");
    await page.click(form);
    await page.waitForSelector(".error-text");
  };
  return {
    owner: owner(known.owner),
    "owner-answered": async (page, language) => {
      await owner(known.answered)(page, language);
      if (!(await page.locator("#note").count())) return;
      await page.locator("label.chip").first().click();
      await page.fill("#note", "Vi byter lampan på fredag.");
      await page.click("main button[type=submit]");
      await page.waitForSelector("#answer-title");
    },
    "owner-unknown": unknown("/1427/owner", "#code", "form[data-ask] button"),
    partner: partner(),
    "partner-fault": partner(async (page) => {
      await page.click("#partner-form button[type=submit]");
      await page.waitForSelector(".summary");
    }),
    "partner-stop": partner(async (page) => {
      await page.fill("#text", "En man har en kniv vid trappan");
      await send(page);
      await page.waitForSelector(".stop");
    }),
    "partner-ticket": partner(async (page) => {
      await send(page);
      await page.waitForSelector(".ticket__words");
    }),
    "partner-unknown": unknown("/1427/partner", "#partner", "form[data-partner] button"),
    voice: async (page, language) => {
      await go(page, "/1427/picture", language);
      await page.locator("form[action$='/voice'] button").first().evaluate((button) => button.form.submit());
      await page.waitForURL("**/voice");
    },
  };
}

/** The same form for a browser that runs no scripts: whole, at fault, and stopped. */
export function plainStates(house) {
  const go = (page, language = "sv") => page.goto(`${house.url}/1427/report?lang=${language}`);
  const send = async (page, text, now = false) => {
    await page.selectOption("#locality", { label: "Smögen" });
    await page.locator(".group summary").first().click();
    await page.locator("label", { has: page.locator("input[value=lighting]") }).click();
    if (now) await page.locator("label", { has: page.locator("input[name=now][value=yes]") }).click();
    await page.fill("#text", text);
    await page.click("[data-send]");
  };
  return {
    "plain-report": go,
    "plain-fault": async (page, language) => {
      await go(page, language);
      await page.click("[data-send]");
      await page.waitForSelector(".summary");
    },
    "plain-now": async (page, language) => {
      await go(page, language);
      await send(page, "", true);
      await page.waitForSelector(".stop");
    },
    "plain-stop": async (page, language) => {
      await go(page, language);
      await send(page, "En man har en kniv vid trappan");
      await page.waitForSelector(".stop");
    },
    "plain-personal": async (page, language) => {
      await go(page, language);
      await send(page, "Ring mig på 070-174 06 05");
      await page.waitForSelector("section.notice--warn");
    },
    "plain-ticket": async (page, language) => {
      await go(page, language);
      await send(page, "");
      await page.waitForSelector(".ticket__words");
    },
  };
}
