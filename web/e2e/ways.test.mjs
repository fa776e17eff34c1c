// The report on an other site, on paper, by telephone, and without a net.
import assert from "node:assert/strict";
import { connect, createServer as createTcp } from "node:net";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { faults, mapReady, openBrowser, openHouse, signIn } from "./house.mjs";

let house;
let browser;
let host;

before(async () => {
  house = await openHouse({ embedFor: "http://127.0.0.1:*" });
  browser = await openBrowser();
  // A municipality's own site at its most hostile: a reset, and a strict policy.
  host = createServer((request, response) => {
    const frames = request.url === "/frames" ? house.url : "'none'";
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.setHeader("content-security-policy", `default-src 'none'; script-src ${house.url}; style-src 'self'; frame-src ${frames}`);
    const open = request.url === "/frames" ? ' open="frame"' : "";
    response.end(
      request.url === "/reset.css"
        ? ""
        : `<!doctype html><html lang="en"><title>Host</title><link rel="stylesheet" href="/reset.css"><main><h1>Host</h1><fyren-report municipality="1427"${open}><a href="${house.url}/1427/report">Report a place</a></fyren-report></main><script type="module" src="${house.url}/assets/fyren-report.js"></script></html>`,
    );
  });
  await new Promise((done) => host.listen(0, "127.0.0.1", done));
});

after(async () => {
  await browser?.close();
  host?.close();
  await house?.close();
});

const site = () => `http://127.0.0.1:${host.address().port}`;

async function reports() {
  const answer = await fetch(`${house.url}/api/v1/municipalities/1427/layers/reports?category=graffiti`, {
    headers: { authorization: `Bearer ${house.logins.coordinator.token}` },
  });
  return (await answer.json()).features.length;
}

async function fillIn(page) {
  await page.selectOption("#locality", { label: "Smögen" });
  await page.locator(".group summary").first().click();
  await page.locator("label.option", { has: page.locator("input[value=graffiti]") }).click();
}

test("the element shows its link on a site with a strict policy, and is light", async () => {
  const page = await browser.newPage();
  await page.goto(`${site()}/`);
  const link = page.locator("fyren-report .go");
  assert.equal(await link.getAttribute("href"), `${house.url}/1427/report?lang=en`);
  assert.equal(await page.locator("fyren-report a[href='tel:112']").count(), 1);
  assert.equal(await link.evaluate((a) => getComputedStyle(a).backgroundColor), "rgb(11, 79, 108)");
  const script = await (await fetch(`${house.url}/assets/fyren-report.js`)).text();
  const { gzipSync } = await import("node:zlib");
  assert.ok(gzipSync(script).length <= 8192);
  await page.close();
});

test("the element opens the form in a frame where it may, and a report goes in", async () => {
  const page = await browser.newPage();
  await page.goto(`${site()}/frames`);
  await page.locator("fyren-report .go").click();
  const frame = page.frameLocator("fyren-report iframe");
  await frame.locator("#report").waitFor();
  assert.equal(await frame.locator(".head").count(), 0, "the frame has no head of its own");
  const before = await reports();
  await frame.locator(".switch button").last().click();
  await frame.locator("#place-search").fill("smögen");
  await frame.locator(".suggestions button").first().click();
  await frame.locator("[data-next]").click();
  await frame.locator(".group summary").first().click();
  await frame.locator("label.option", { has: page.frameLocator("fyren-report iframe").locator("input[value=graffiti]") }).click();
  await frame.locator("[data-next]").click();
  await frame.locator("[data-send]").click();
  await frame.locator(".ticket__words").waitFor();
  assert.equal(await reports(), before + 1);
  await page.close();
});

test("without scripts the element is a link, and only the embedded form may be framed", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${site()}/`);
  assert.ok(await page.getByRole("link", { name: "Report a place" }).isVisible());
  const policy = async (path) => (await fetch(house.url + path)).headers.get("content-security-policy");
  assert.match(await policy("/1427/embed"), /frame-ancestors 'self' http/);
  assert.match(await policy("/1427/report"), /frame-ancestors 'self'$/);
  await page.goto(`${house.url}/1427/embed?lang=en`);
  const before = await reports();
  await fillIn(page);
  await page.click("[data-send]");
  await page.waitForSelector(".ticket__words");
  assert.equal(await reports(), before + 1);
  await context.close();
});

test("a sticker's code opens the form with its place, and one that is gone asks for it", async () => {
  const base = await (await fetch(`${house.url}/1427/base.json`)).json();
  const place = base.places.features.find((feature) => feature.properties.name === "Smögen").properties.id;
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${house.url}/1427/r/${place}?lang=en`);
  assert.equal(await page.inputValue("#locality"), place);
  await page.goto(`${house.url}/1427/r/gone?lang=en`);
  assert.equal(await page.inputValue("#locality"), "");
  await context.close();
});

test("the paper form and the sheet on frauds are whole and without a fault", async () => {
  const context = await browser.newContext({ viewport: { width: 900, height: 1200 } });
  const page = await context.newPage();
  await page.goto(`${house.url}/1427/paper?lang=en`);
  assert.equal(await page.locator(".ticket__qr svg").count(), 1);
  assert.deepEqual(await faults(page), []);
  await page.goto(`${house.url}/1427/fraud-sheet?lang=en`);
  assert.match(await page.textContent("main"), /November 2026|\d{4}/);
  assert.deepEqual(await faults(page), []);
  await page.emulateMedia({ media: "print" });
  const points = await page.locator(".paper--large li").first().evaluate((li) => parseFloat(getComputedStyle(li).fontSize) * 0.75);
  assert.ok(points >= 17.9, `${points} points`);
  const pdf = await page.pdf({ format: "A4" });
  assert.equal(pdf.toString("latin1").match(/\/Type\s*\/Page[^s]/g).length, 1, "the sheet is one page");
  await context.close();
});

test("staff enter a report for somebody on the phone, and its channel is kept", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false, locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(`${house.url}/1427/staff/enter`);
  assert.doesNotMatch(await page.content(), /id="report"/, "nobody else may enter");
  await signIn(page, house, "coordinator");
  const headers = { authorization: `Bearer ${house.logins.coordinator.token}` };
  const ids = async () => {
    const all = await fetch(`${house.url}/api/v1/municipalities/1427/layers/reports?category=graffiti`, { headers });
    return (await all.json()).features.map((feature) => feature.id);
  };
  const before = new Set(await ids());
  await page.goto(`${house.url}/1427/staff/enter?lang=en`);
  await fillIn(page);
  await page.locator("label", { has: page.locator("input[name=channel][value=paper]") }).click();
  await page.click("[data-send]");
  await page.waitForSelector(".ticket__words");
  const [fresh] = (await ids()).filter((id) => !before.has(id));
  const shown = await (await fetch(`${house.url}/api/v1/municipalities/1427/reports/${fresh}`, { headers })).json();
  assert.equal(shown.channel, "paper");
  await context.close();
});

test("a report without a net waits visibly, and arrives exactly once", async () => {
  // The net is a wire between the browser and the server that can be cut.
  const wires = new Set();
  let cut = false;
  const port = Number(new URL(house.url).port);
  const wire = createTcp((socket) => {
    if (cut) return socket.destroy();
    const other = connect(port, "127.0.0.1");
    for (const end of [socket, other]) {
      wires.add(end);
      end.on("error", () => end.destroy());
      end.on("close", () => wires.delete(end));
    }
    socket.pipe(other).pipe(socket);
  });
  await new Promise((done) => wire.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${wire.address().port}`;
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(`${url}/1427/report`);
  await mapReady(page);
  await page.waitForFunction(async () => {
    const kept = await caches.open("fyren-report-1");
    return Boolean(await kept.match("/1427/report")) && (await kept.keys()).some((one) => one.url.endsWith("base.json"));
  });
  const before = await reports();
  cut = true;
  wires.forEach((end) => end.destroy());
  await page.reload();
  await page.locator(".switch button").last().click();
  await page.fill("#place-search", "smögen");
  await page.locator(".suggestions button").first().click();
  await page.click("[data-next]");
  await page.locator(".group summary").first().click();
  await page.locator("label.option", { has: page.locator("input[value=graffiti]") }).click();
  await page.click("[data-next]");
  await page.click("[data-send]");
  await page.waitForSelector("[data-queue] [data-state=waiting]");
  assert.equal(await reports(), before);
  await page.reload();
  await page.waitForSelector("[data-queue] [data-state=waiting]");
  cut = false;
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await page.waitForSelector("[data-queue] [data-state=sent] a");
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await page.reload();
  await page.waitForSelector("[data-queue] [data-state=sent] a");
  assert.equal(await reports(), before + 1, "exactly one report");
  await page.click("[data-queue] [data-state=sent] a");
  await page.waitForSelector(".ticket");
  await context.close();
  wires.forEach((end) => end.destroy());
  wire.close();
});
