// Who gets in: one-time codes by a phone's app, a passkey of the browser, and users that are administered.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";
import { binary, choose, faults, openBrowser, openHouse } from "./house.mjs";

let house;
let browser;
/** Passkeys need a name of this machine, not its number. */
const home = () => house.url.replace("127.0.0.1", "localhost");

before(async () => {
  house = await openHouse();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await house?.close();
});

async function fresh(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce", locale: "en-GB", ...options });
  return context.newPage();
}

async function fill(page, role) {
  await page.goto(`${home()}/1427/staff/sign-in?next=account`);
  await page.fill("#name", house.logins[role].name);
  await page.fill("#password", house.logins[role].password);
  await page.click("main form button[type=submit]");
}

/** The code that an authenticator shows for a secret as it is typed (RFC 6238). */
function code(typed, step = Math.floor(Date.now() / 30_000)) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...typed.replace(/\s/g, "")].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac("sha1", key).update(counter).digest();
  const at = hash[19] & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

test("one-time codes are set up by a picture, asked for after the password, and replaced by a recovery code once", async () => {
  const page = await fresh();
  await fill(page, "est");
  await page.getByRole("button", { name: "Set up one-time codes" }).click();
  await page.waitForSelector(".qr");
  const secret = await page.locator(".sheet .code").innerText();
  await page.fill("#a-code", code(secret));
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.waitForSelector(".codes");
  assert.deepEqual(await faults(page), []);
  const recovery = await page.locator(".codes code").allInnerTexts();
  assert.equal(recovery.length, 10);
  await page.getByRole("button", { name: "I have kept them" }).click();
  assert.match(await page.locator("main").innerText(), /10 recovery codes are left/);

  const other = await fresh({ javaScriptEnabled: false });
  await fill(other, "est");
  assert.match(await other.locator("main").innerText(), /Now the code from your app/);
  assert.deepEqual(await faults(await asked(est)), []);
  await other.fill("#code", "000000");
  await other.click("main form button[type=submit]");
  assert.match(await other.locator("[role=alert]").innerText(), /code is wrong/);
  await other.fill("#code", recovery[0].toUpperCase());
  await other.click("main form button[type=submit]");
  await other.waitForURL("**/1427/staff/account");

  const again = await fresh({ javaScriptEnabled: false });
  await fill(again, "est");
  await again.fill("#code", recovery[0]);
  await again.click("main form button[type=submit]");
  assert.match(await again.locator("[role=alert]").innerText(), /code is wrong/);
});

const est = "est";
/** The page that asks for the code, with scripts so that it can be looked through. */
async function asked(role) {
  const page = await fresh();
  await fill(page, role);
  await page.waitForSelector("#code");
  return page;
}

test("a passkey is made, signs in without a name, and opens nothing once removed", async () => {
  const page = await fresh();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await fill(page, "officer");
  await page.waitForSelector("#a-label");
  for (const label of ["Service phone", "Car"]) {
    await page.fill("#a-label", label);
    await page.getByRole("button", { name: "Make a passkey" }).click();
    if (label === "Car") break;
    await page.waitForSelector(".rows__row");
  }
  // The same authenticator is not taken twice.
  await page.waitForSelector("text=No passkey was made");
  const { credentials } = await devtools.send("WebAuthn.getCredentials", { authenticatorId });
  assert.equal(credentials.length, 1);
  assert.equal(credentials[0].isResidentCredential, true);
  assert.deepEqual(await faults(page), []);

  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.waitForURL("**/staff/sign-in");
  assert.deepEqual(await faults(page), []);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.waitForURL("**/1427/staff/");
  const session = await page.evaluate(async () => (await fetch("/api/v1/session")).json());
  assert.equal(session.name, "officer");
  const account = await page.evaluate(async () => (await fetch("/api/v1/account")).json());
  assert.equal(account.strong, true);
  assert.equal(account.passkeys.length, 1);

  await page.goto(`${home()}/1427/staff/account`);
  await page.getByRole("button", { name: "Remove Service phone" }).click();
  await page.waitForSelector("text=The passkey is removed");
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.waitForURL("**/staff/sign-in");
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.waitForSelector("text=No passkey opened");
});

test("an administrator makes a user, demands a second proof, and hands over a first password", async () => {
  const page = await fresh();
  await fill(page, "admin");
  await choose(page, "Users", "Set-up");
  await page.waitForSelector(".rows__row");
  await page.getByRole("button", { name: "New user" }).click();
  await page.fill("#u-name", "samordnare-2");
  await page.locator(".sheet input[value=coordinator]").check();
  await page.getByRole("button", { name: "Make the user" }).click();
  const password = await page.locator(".code--large").innerText();
  assert.match(password, /^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
  assert.deepEqual(await faults(page), []);
  await page.getByRole("button", { name: "Done" }).click();
  await page.waitForSelector("text=samordnare-2");
  const policy = page.locator("section", { has: page.getByRole("heading", { name: "Two proofs demanded" }) });
  await policy.getByRole("checkbox", { name: "safety coordinator" }).check();
  await page.waitForFunction(async () => (await (await fetch("/api/v1/municipalities/1427/users")).json()).secondFactor.includes("coordinator"));
  assert.deepEqual(await faults(page), []);

  const newcomer = await fresh();
  await newcomer.goto(`${home()}/1427/staff/sign-in`);
  await newcomer.fill("#name", "samordnare-2");
  await newcomer.fill("#password", password);
  await newcomer.click("main form button[type=submit]");
  await newcomer.waitForURL("**/1427/staff/account");
  await newcomer.waitForSelector("text=Your role demands a second proof");
  assert.equal(await newcomer.locator(".staff__pages a").count(), 0);
  await newcomer.getByRole("button", { name: "Set up one-time codes" }).click();
  const secret = await newcomer.locator(".sheet .code").innerText();
  await newcomer.fill("#a-code", code(secret));
  await newcomer.getByRole("button", { name: "Confirm" }).click();
  await newcomer.waitForSelector(".codes");
  await newcomer.goto(`${home()}/1427/staff/`);
  await newcomer.waitForSelector(".staff__pages a");
});

test("a planner of a police area chooses among its municipalities, and another one is not there", async () => {
  const add = (...words) => execFileSync(binary(), ["municipality", ...words, "--database", house.database], { stdio: "pipe" });
  for (const code of ["1430", "1484", "1435", "1480"]) add("add", code);
  add("area", "Västra Fyrbodal", "1427", "1430", "1484", "1435");
  const words = ["user", "add", "planner-west", "--role", "police-planner", "--area", "Västra Fyrbodal", "--database", house.database];
  execFileSync(binary(), words, { input: "a password of a test\n", stdio: ["pipe", "pipe", "pipe"] });
  const page = await fresh();
  await page.goto(`${home()}/1427/staff/sign-in`);
  await page.fill("#name", "planner-west");
  await page.fill("#password", "a password of a test");
  await page.click("main form button[type=submit]");
  const choice = page.getByRole("combobox", { name: "Municipality" });
  await choice.waitFor();
  assert.deepEqual(await choice.locator("option").allInnerTexts(), ["Lysekil", "Munkedal", "Sotenäs", "Tanum"]);
  await choice.selectOption({ label: "Munkedal" });
  await page.waitForURL("**/1430/staff/");
  assert.match(await page.title(), /Munkedal/);
  assert.equal((await page.goto(`${home()}/1480/staff/`)).status(), 404);
  const layer = await page.evaluate(async () => (await fetch("/api/v1/municipalities/1480/layers/coverage")).status);
  assert.equal(layer, 404);
});
