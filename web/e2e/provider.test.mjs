// Signing in by an identity provider: a real one in a process of its own, the code flow with PKCE, groups that are roles.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { after, before, test } from "node:test";
import { openBrowser, openHouse } from "./house.mjs";

let house;
let browser;
let provider;

function freePort() {
  return new Promise((done) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

before(async () => {
  const [port, own] = [await freePort(), await freePort()];
  const issuer = `http://127.0.0.1:${port}`;
  const back = `http://127.0.0.1:${own}/api/v1/session/provider`;
  provider = spawn(process.execPath, [new URL("provider.mjs", import.meta.url).pathname, String(port), back], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((done) => provider.stdout.once("data", done));
  house = await openHouse({
    port: own,
    more: [
      "--public-url", `http://127.0.0.1:${own}`, "--oidc-issuer", issuer, "--oidc-client", "fyren", "--oidc-scope", "groups",
      "--oidc-grant", "planners=police-planner@area:demo", "--oidc-grant", "board=est@1427", "--oidc-grant", "office=coordinator@1427",
    ],
  });
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await house?.close();
  provider?.kill();
});

/** Goes to the provider and back as somebody whose groups are in the name: `planners.kim`. */
async function signInAs(account) {
  const context = await browser.newContext({ locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(`${house.url}/1427/staff/sign-in?next=account`);
  await page.getByRole("link", { name: "Sign in with your organisation's account" }).click();
  await page.waitForSelector("input[name=login]");
  await page.fill("input[name=login]", account);
  await page.fill("input[name=password]", "any");
  await page.click("button[type=submit]");
  const answer = page.waitForResponse((response) => response.url().includes("/api/v1/session/provider"));
  await page.click("button[type=submit]");
  return { page, answer: await answer };
}

const session = (page) => page.evaluate(async () => (await fetch("/api/v1/session")).json());

test("whom the provider vouches for signs in with the roles of the groups, and under no name", async () => {
  const { page } = await signInAs("planners.kim");
  await page.waitForURL("**/1427/staff/account");
  const told = await session(page);
  assert.deepEqual(told.grants.map((grant) => grant.role), ["police-planner"]);
  assert.match(told.name, /^sso-[0-9a-f]{12}$/);
  const account = await page.evaluate(async () => (await fetch("/api/v1/account")).json());
  assert.equal(account.strong, true);
  assert.equal(account.password, false);
  const again = await signInAs("planners.kim");
  await again.page.waitForURL("**/1427/staff/account");
  assert.equal((await session(again.page)).name, told.name);
});

test("two groups of one context are two roles", async () => {
  const { page } = await signInAs("board+office.lo");
  await page.waitForURL("**/1427/staff/account");
  assert.deepEqual((await session(page)).grants.map((grant) => grant.role).sort(), ["coordinator", "est"]);
});

test("a group without a role here, and roles of both contexts, open nothing", async () => {
  for (const account of ["strangers.bo", "planners+board.mo"]) {
    const { page, answer } = await signInAs(account);
    assert.equal(answer.status(), 403, account);
    assert.equal((await page.evaluate(async () => (await fetch("/api/v1/session")).status)), 401);
  }
});

test("an answer that nobody asked for is not believed", async () => {
  const answer = await fetch(`${house.url}/api/v1/session/provider?code=x&state=y`);
  assert.equal(answer.status, 401);
  const context = await browser.newContext({ locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(`${house.url}/1427/staff/sign-in`);
  await page.route("**/auth?*", (route) => route.abort());
  await page.getByRole("link", { name: "Sign in with your organisation's account" }).click().catch(() => undefined);
  const forged = await page.goto(`${house.url}/api/v1/session/provider?code=stolen&state=forged`);
  assert.equal(forged.status(), 401);
});
