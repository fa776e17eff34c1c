// An officer's shift on a telephone: one tap, no net, each visit exactly once; dark after sunset.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { faults, openBrowser, openHouse, signIn } from "./house.mjs";

let house;
let browser;
const M = () => `${house.url}/api/v1/municipalities/1427`;
const SMOGEN = { latitude: 58.3536, longitude: 11.2242 };

before(async () => {
  house = await openHouse();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await house?.close();
});

/** A telephone on which somebody has signed in and said which unit is out. */
async function telephone(role = "officer", unit = "OP-97", options = {}) {
  const context = await browser.newContext({
    viewport: { width: 360, height: 740 },
    reducedMotion: "reduce",
    locale: "en-GB",
    geolocation: SMOGEN,
    permissions: ["geolocation"],
    ...options,
  });
  const page = await context.newPage();
  await signIn(page, house, role);
  await page.goto(`${house.url}/1427/staff/shift`);
  await page.fill("#unit", unit);
  await page.click(".setup .go");
  await page.waitForSelector(".go--here .go__name");
  return page;
}

/** What the server has stored for a unit in this shift, corrected and withdrawn ones left out. */
async function stored(unit, role = "officer") {
  const headers = { authorization: `Bearer ${house.logins[role].token}` };
  return (await (await fetch(`${M()}/shift?unit=${unit}`, { headers })).json()).logged;
}

async function settled(page) {
  await page.waitForFunction(() => !document.querySelector("[data-state=waiting], .shift__queued"));
}

test("one tap where we stand begins a visit, and big targets end it", async () => {
  const page = await telephone("officer", "OP-91");
  await page.waitForFunction(() => /Smögen/.test(document.querySelector(".go--here .go__name")?.textContent ?? ""));
  let posts = 0;
  page.on("request", (request) => (posts += request.method() === "POST" ? 1 : 0));
  page.context().on("request", (request) => (posts += request.method() === "POST" && request.serviceWorker() ? 1 : 0));
  await page.click(".go--here");
  await page.waitForSelector(".go--leave");
  const small = await page.evaluate(() =>
    [...document.querySelectorAll(".here button, .here .tap, .next button, .mine button")].map((target) => [target.textContent, Math.min(target.getBoundingClientRect().width, target.getBoundingClientRect().height)]).filter(([, size]) => size < 56),
  );
  assert.deepEqual(small, [], "every target is at least 56 px");
  await page.click(".go--leave");
  await page.waitForSelector(".log__row");
  await settled(page);
  assert.ok(posts <= 2, `${posts} requests`);
  const [visit, ...more] = await stored("OP-91");
  assert.equal(more.length, 0);
  assert.equal(visit.purpose, "presence");
  assert.equal(visit.seen, "nothing");
  await page.context().close();
});

test("a shift that was opened only once is there without a net", async () => {
  const page = await telephone("officer", "OP-90");
  await page.evaluate(async () => {
    const wanted = [/\/staff\/shift$/, /1427\/shift$/, /\/base\.json$/, /\/en-[^/]+\.js$/];
    for (;;) {
      const kept = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
      const paths = kept.flat().map(({ url }) => new URL(url).pathname);
      if (wanted.every((one) => paths.some((path) => one.test(path)))) return;
      await new Promise((done) => setTimeout(done, 100));
    }
  });
  await page.context().setOffline(true);
  await page.reload();
  await page.waitForSelector(".stop", { timeout: 15_000 });
  await page.context().close();
});

test("a shift without a net is merged: each visit exactly once", async () => {
  const page = await telephone("officer", "OP-92");
  await page.waitForFunction(() => navigator.serviceWorker.controller && caches.has("fyren-shift-1"));
  await page.reload();
  await page.waitForSelector(".stop");
  await page.context().setOffline(true);
  await page.reload();
  await page.waitForSelector(".stop", { timeout: 15_000 });
  for (let at = 0; at < 3; at += 1) {
    await page.locator(".stop__go").first().click();
    await page.locator(".go--leave").click();
    await page.waitForFunction((n) => document.querySelectorAll("[data-state=waiting]").length === n, at + 1);
  }
  assert.match(await page.textContent(".shift__queued"), /3 visits are waiting.*net is back/);
  // One was a mistake: it is taken back before it was ever sent.
  await page.locator(".log__row").first().locator(".log__acts .quiet").nth(1).click();
  await page.waitForFunction(() => document.querySelectorAll("[data-state=waiting]").length === 2);
  await page.reload();
  await page.waitForFunction(() => document.querySelectorAll("[data-state=waiting]").length === 2);
  // A second page of the same telephone sends at the same moment.
  const twin = await page.context().newPage();
  await twin.goto(`${house.url}/1427/staff/shift`);
  await page.context().setOffline(false);
  await Promise.all([page, twin].map((one) => one.evaluate(() => dispatchEvent(new Event("online")))));
  await settled(page);
  const visits = await stored("OP-92");
  assert.equal(visits.length, 2, JSON.stringify(visits));
  assert.equal(new Set(visits.map((visit) => visit.name)).size, 2);
  await page.reload();
  await page.waitForFunction(() => document.querySelectorAll(".log__row[data-state=sent]").length === 2);
  await page.context().close();
});

/** Decides a plan for a unit whose shift is under way, and gives its round. */
async function decided(unit) {
  const headers = { authorization: `Bearer ${house.logins["police-planner"].token}`, "content-type": "application/json" };
  const at = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString();
  const question = { shifts: [{ unit, from: at(-0.5), to: at(8), breakMin: 20 }], seed: 5 };
  const post = async (path, body, more = {}) => {
    const answer = await fetch(`${M()}${path}`, { method: "POST", headers: { ...headers, ...more }, body: JSON.stringify(body) });
    assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.clone().text()}`);
    return answer.json();
  };
  const plan = await post("/analytics/plan/tour", question);
  await post("/plans", { question, digest: plan.digest, status: "decided" }, { "idempotency-key": `plan-${unit}` });
  return plan.rounds[0];
}

test("the decided plan is the list of the shift: kept without a net, ticked off by visits, merged once", async () => {
  const round = await decided("OP-81");
  assert.ok(round.stops.length >= 6);
  const page = await telephone("officer", "OP-81");
  await page.waitForSelector("[data-plan=ahead]");
  const clock = (at) => new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Stockholm" });
  assert.equal(await page.locator("[data-plan=ahead]").count(), 5, "the next ones are enough at first");
  await page.click(".next > .quiet");
  const shown = await page.locator("[data-plan=ahead]").allTextContents();
  assert.equal(shown.length, round.stops.length);
  for (const [at, stop] of round.stops.entries()) {
    for (const part of [clock(stop.startAt), stop.name, stop.reason.en]) assert.ok(shown[at].includes(part), `${part} in ${shown[at]}`);
  }
  assert.match(await page.textContent(".next__sum"), new RegExp(`0 of ${round.stops.length} stops`));
  assert.deepEqual(await faults(page), [], "with a plan");
  await page.waitForFunction(() => navigator.serviceWorker.controller && caches.has("fyren-shift-1"));
  await page.reload();
  await page.waitForSelector("[data-plan=ahead]");
  await page.context().setOffline(true);
  await page.reload();
  await page.waitForSelector("[data-plan=ahead]", { timeout: 15_000 });
  for (let at = 0; at < 2; at += 1) {
    await page.locator("[data-plan=ahead] .stop__go").first().click();
    await page.locator(".go--leave").click();
    await page.waitForFunction((n) => document.querySelectorAll("[data-state=waiting]").length === n, at + 1);
  }
  const done = (number) => page.waitForFunction((n) => document.querySelector(".next__sum")?.textContent.startsWith(`${n} of `), number);
  await done(2);
  await page.context().setOffline(false);
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await settled(page);
  const visits = await stored("OP-81");
  assert.equal(visits.length, 2, JSON.stringify(visits));
  await page.reload();
  await done(2);
  await page.locator(".next > .quiet").first().click();
  const ticked = await page.locator("[data-plan=done]").allTextContents();
  assert.deepEqual(ticked.map((row) => round.stops.slice(0, 2).some((stop) => row.includes(stop.name))), [true, true]);
  // What the plan has is offered first where something was forgotten.
  await page.locator(".mine > .go").click();
  assert.ok((await page.locator(".ticks__label").first().textContent()).includes(round.stops[2].name));
  assert.deepEqual(await faults(page), [], "ticked off");
  // Undone, it is ahead again.
  await page.locator(".log__row").first().locator(".log__acts .quiet").nth(1).click();
  await done(1);
  await page.context().close();
});

test("a unit without a plan has the list of what is due, and who is not of the police is not asked about plans", async () => {
  await decided("OP-82");
  const other = await telephone("officer", "OP-83");
  await other.waitForSelector(".stop[data-because]");
  assert.equal(await other.locator("[data-plan]").count(), 0);
  await other.context().close();
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale: "en-GB" });
  const asked = [];
  context.on("request", (request) => request.url().includes("/plans/") && asked.push(request.url()));
  const page = await context.newPage();
  await signIn(page, house, "fieldworker");
  await page.goto(`${house.url}/1427/staff/shift`);
  await page.fill("#unit", "OP-82");
  await page.click(".setup .go");
  await page.waitForSelector(".stop[data-because]");
  assert.equal(await page.locator("[data-plan]").count(), 0);
  assert.deepEqual(asked, []);
  await context.close();
});

test("an answer that is lost on its way does not double a visit", async () => {
  const page = await telephone("officer", "OP-93");
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  let lost = 0;
  await page.context().route("**/visits", async (route) => {
    if (lost > 0) return route.continue();
    lost += 1;
    await route.fetch();
    return route.abort();
  });
  await page.click(".go--here");
  await page.click(".go--leave");
  await page.waitForSelector("[data-state=waiting]");
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await settled(page);
  assert.equal(lost, 1, "the first answer was lost");
  assert.equal((await stored("OP-93")).length, 1);
  await page.context().close();
});

test("what was sent is corrected by an addition, and undone", async () => {
  const page = await telephone("officer", "OP-94");
  await page.locator(".here__pair .go").nth(1).click();
  await page.waitForSelector(".log__row");
  await settled(page);
  assert.equal((await stored("OP-94"))[0].minutes, 12, "I was here just now");
  await page.locator(".log__acts .quiet").first().click();
  await page.locator(".stepper button").first().click();
  await page.click(".change summary");
  await page.locator(".change .tap", { hasText: "Harbour" }).locator("input").check();
  await page.click(".change > .go");
  await page.waitForFunction(() => /7 minutes/.test(document.querySelector(".log__what")?.textContent ?? ""));
  await settled(page);
  const [changed, ...more] = await stored("OP-94");
  assert.deepEqual([changed.minutes, changed.tactics, more.length], [7, ["harbour"], 0]);
  await page.waitForFunction(() => document.querySelectorAll(".log__row").length === 1);
  await page.locator(".log__acts .quiet").nth(1).click();
  await page.waitForFunction(() => document.querySelectorAll(".log__row").length === 0);
  await settled(page);
  await page.waitForFunction(async (url) => (await (await fetch(url)).json()).logged.length === 0, `/api/v1/municipalities/1427/shift?unit=OP-94`);
  await page.context().close();
});

test("what is open for a visit stays open while the visit is sent and read back", async () => {
  const page = await telephone("officer", "OP-90");
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  // A moment that the server writes otherwise than the telephone: "….12Z" for "….120Z".
  await page.clock.setFixedTime(new Date(Math.floor(Date.now() / 1000) * 1000 + 120));
  await page.context().setOffline(true);
  await page.locator(".here__pair .go").nth(1).click();
  await page.waitForSelector("[data-state=waiting]");
  await page.locator(".log__acts .quiet").first().click();
  await page.locator(".stepper button").first().click();
  await page.evaluate(() => (document.querySelector(".change").dataset.seen = "before"));
  await page.context().setOffline(false);
  const read = page.waitForResponse((answer) => answer.url().includes("/shift?") && answer.ok());
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await read;
  await settled(page);
  await page.waitForFunction(async () => {
    const opening = indexedDB.open("fyren-visits", 1);
    const queue = await new Promise((done) => (opening.onsuccess = () => done(opening.result)));
    const left = await new Promise((done) => (queue.transaction("queue").objectStore("queue").count().onsuccess = (event) => done(event.target.result)));
    queue.close();
    return left === 0;
  });
  await page.waitForSelector(".log__row[data-state=sent]");
  assert.equal(await page.locator(".change[data-seen=before]").count(), 1, "it is the very same");
  assert.match(await page.textContent(".stepper output"), /^7 minutes/);
  // The line that says what was logged takes it back even now.
  await page.click(".undo .quiet");
  await page.waitForFunction(() => document.querySelectorAll(".log__row").length === 0);
  await settled(page);
  assert.equal((await stored("OP-90")).length, 0);
  await page.context().close();
});

test("a visit that nobody ends asks, and then ends by itself", async () => {
  const page = await telephone("officer", "OP-95");
  await page.clock.install({ time: Date.now() - 40 * 60_000 });
  await page.reload();
  await page.waitForSelector(".go--here .go__name");
  await page.click(".go--here");
  await page.clock.fastForward("21:00");
  await page.waitForSelector(".here__ask");
  await page.locator(".here__ask .go").first().click();
  await page.waitForSelector(".go--leave");
  await page.clock.fastForward("16:00");
  await page.clock.resume();
  assert.equal(await page.locator(".here__ask").count(), 0, "the answer holds for a while");
  await page.evaluate(() => {
    const kept = JSON.parse(localStorage.getItem("fyren-shift-1427"));
    kept.open.startedAt -= 40 * 60_000;
    kept.open.confirmedAt = kept.open.startedAt;
    localStorage.setItem("fyren-shift-1427", JSON.stringify(kept));
  });
  await page.reload();
  await page.waitForSelector(".log__row");
  await settled(page);
  assert.equal((await stored("OP-95"))[0].minutes, 20, "it ends where it was last known");
  await page.context().close();
});

test("the end of the shift ticks what was forgotten", async () => {
  const page = await telephone("fieldworker", "FALT-1");
  await page.waitForSelector(".stop");
  await page.locator(".mine > .go").click();
  await page.locator(".ticks input[type=checkbox]").first().check();
  await page.locator(".ticks input[type=checkbox]").nth(1).check();
  await page.locator(".ticks select").first().selectOption({ index: 4 });
  await page.click(".ticks .go");
  await page.waitForFunction(() => document.querySelectorAll(".log__row").length === 2);
  await settled(page);
  const visits = await stored("FALT-1", "fieldworker");
  assert.deepEqual(visits.map((visit) => visit.unitKind), ["fieldworkers", "fieldworkers"]);
  await page.context().close();
});

test("a new visit shows on the staff map without a reload", async () => {
  const map = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB" })).newPage();
  await signIn(map, house, "officer");
  await map.waitForSelector(".live.is-live");
  const asked = map.waitForResponse((answer) => answer.url().includes("/layers/visits") && answer.request().timing().startTime > 0);
  const page = await telephone("officer", "OP-96");
  await page.click(".go--here");
  await page.click(".go--leave");
  await settled(page);
  const layer = await (await asked).json();
  assert.ok(layer.features.length > 0);
  await page.context().close();
  await map.context().close();
});

test("the page is dark after sunset and follows the telephone by day", async () => {
  for (const [time, dark] of [["2026-12-01T17:00:00Z", true], ["2026-06-21T11:00:00Z", false], ["2026-06-21T22:30:00Z", true]]) {
    const page = await telephone("officer", "OP-98", { colorScheme: "light" });
    await page.clock.setFixedTime(new Date(time));
    await page.reload();
    await page.waitForSelector(".go--here .go__name");
    await page.waitForFunction((wanted) => (document.documentElement.dataset.theme === "night") === wanted, dark);
    await page.context().close();
  }
});

for (const [width, colorScheme] of [[320, "light"], [360, "dark"], [768, "light"], [1440, "dark"]]) {
  test(`the shift is without a fault at ${width} px, ${colorScheme}`, async () => {
    const page = await telephone("officer", `W-${width}`, { viewport: { width, height: 780 }, colorScheme });
    await page.waitForSelector(".stop");
    assert.deepEqual(await faults(page), [], "at rest");
    await page.locator(".here__pair .go").first().click();
    assert.deepEqual(await faults(page), [], "choosing");
    await page.click(".go--here");
    await page.waitForSelector(".go--leave");
    assert.deepEqual(await faults(page), [], "there");
    await page.click(".go--leave");
    await page.waitForSelector(".log__row");
    await settled(page);
    await page.locator(".log__acts .quiet").first().click();
    await page.locator(".mine > .go").click();
    await page.click(".change summary");
    assert.deepEqual(await faults(page), [], "changing, ending");
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= width, `${wide} px wide`);
    await page.context().close();
  });
}
