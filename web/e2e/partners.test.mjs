// Partners and neighbours: a link of one's own, and "I feel it too" on what is published already.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { faults, openBrowser, openHouse, signIn } from "./house.mjs";

let house;
let browser;
let link;

before(async () => {
  house = await openHouse();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await house?.close();
});

const M = () => `${house.url}/api/v1/municipalities/1427`;
const asStaff = () => ({ authorization: `Bearer ${house.logins.coordinator.token}` });

test("a coordinator makes a partner's link, and revokes an other", async () => {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB" })).newPage();
  await signIn(page, house, "coordinator");
  await page.goto(`${house.url}/1427/staff/partners?lang=en`);
  for (const name of ["Sotenäsbostäder", "Kungshamns skola"]) {
    await page.getByLabel("Name of the organisation").fill(name);
    await page.getByRole("button", { name: "Make the link" }).click();
    await page.getByText(`The link for ${name}`).waitFor();
    link ??= await page.locator(".partner-link").textContent();
  }
  assert.match(link, /\/1427\/partner#[\w-]{43}$/);
  assert.deepEqual(await faults(page), []);
  const school = page.locator(".partner-list li", { hasText: "Kungshamns skola" });
  await school.getByRole("button").click();
  await page.getByText("The reports stay.").waitFor();
  await school.getByRole("button").click();
  await school.getByText("Revoked").waitFor();
  await page.context().close();
});

test("the link opens a short form that is sent from a telephone", async () => {
  const page = await (await browser.newContext({ viewport: { width: 360, height: 780 }, locale: "en-GB" })).newPage();
  await page.goto(link);
  await page.getByRole("heading", { name: "Report to Sotenäs" }).waitFor();
  await page.getByText("Sotenäsbostäder").first().waitFor();
  assert.deepEqual(await faults(page), []);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await page.selectOption("#category", "graffiti");
  await page.selectOption("#locality", { label: "Smögen" });
  await page.getByRole("button", { name: "Send" }).click();
  await page.locator(".ticket__words").waitFor();
  const all = await (await fetch(`${M()}/layers/reports?category=graffiti`, { headers: asStaff() })).json();
  assert.ok(all.features.some((feature) => feature.properties.source === "trained"));
  await page.context().close();
});

test("without scripts the page asks for the code, and a wrong one opens nothing", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false, locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(`${house.url}/1427/partner`);
  await page.fill("#partner", "wrong");
  await page.getByRole("button", { name: "Open the form" }).click();
  await page.getByText("The code does not hold.").waitFor();
  await page.fill("#partner", link.split("#")[1]);
  await page.getByRole("button", { name: "Open the form" }).click();
  await page.getByRole("heading", { name: "Report to Sotenäs" }).waitFor();
  await context.close();
});

test("what is published near the place is told, and one tap says: I feel it too", async () => {
  const layer = await (await fetch(`${M()}/layers/defects`)).json();
  const open = layer.features.find((feature) => !["done", "not_done"].includes(feature.properties.status));
  assert.ok(open, "the demonstration has an open defect");
  const [longitude, latitude] = open.geometry.coordinates;
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB" })).newPage();
  await page.goto(`${house.url}/1427/report?lang=en`);
  await page.getByRole("button", { name: "Skip the map" }).click();
  assert.equal(await page.locator(".for-map").isVisible(), false);
  assert.match(await page.locator(".chosen-place").textContent(), /list/);
  await page.locator("details.coordinates summary").click();
  await page.fill("#latitude", String(latitude));
  await page.fill("#longitude", String(longitude));
  await page.locator("#longitude").blur();
  await page.getByText("This is known already near the place").waitFor();
  assert.deepEqual(await faults(page), []);
  await page.getByRole("button", { name: "I feel it too" }).first().click();
  await page.getByText("Thank you. Your voice counts.").waitFor();
  await page.context().close();
});

test("on the public picture the same is done without scripts", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false, locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(`${house.url}/1427/picture`);
  await page.getByRole("button", { name: /I feel it too/ }).first().click();
  await page.getByRole("heading", { name: "Thank you" }).waitFor();
  await context.close();
});
