// The sheet of a unit by e-mail: through a real mail server, to whom the operator allows and nobody else.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { SMTPServer } from "smtp-server";
import { binary, faults, openBrowser, openHouse, signIn } from "./house.mjs";

const M = "/api/v1/municipalities/1427";
let house;
let browser;
let server;
const letters = [];
/** The server refuses the first letter for now, as servers do. */
let busy = 1;

before(async () => {
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, session, done) {
      let raw = "";
      stream.on("data", (part) => (raw += part));
      stream.on("end", () => {
        if (busy-- > 0) return done(Object.assign(new Error("come back later"), { responseCode: 451 }));
        letters.push({ to: session.envelope.rcptTo.map((one) => one.address), raw });
        done();
      });
    },
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const url = `smtp://127.0.0.1:${server.server.address().port}`;
  house = await openHouse({ more: ["--smtp-url", url, "--mail-from", "Fyren <no-reply@example.org>"] });
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await house?.close();
  await new Promise((ended) => server.close(ended));
});

function mail(...args) {
  return execFileSync(binary(), ["mail", ...args, "--database", house.database, "--json"], { stdio: ["ignore", "pipe", "pipe"] }).toString();
}

function as(role) {
  return { authorization: `Bearer ${house.logins[role].token}`, "content-type": "application/json" };
}

async function post(path, body, role, more = {}) {
  return fetch(house.url + M + path, { method: "POST", headers: { ...as(role), ...more }, body: JSON.stringify(body) });
}

/** A decided plan of two units, by its identity. */
async function decided() {
  const at = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString();
  const question = { shifts: ["A", "B"].map((unit) => ({ unit, from: at(1), to: at(9) })), seed: 5 };
  const plan = await (await post("/analytics/plan/tour", question, "police-planner")).json();
  const kept = await post("/plans", { question, digest: plan.digest, status: "decided" }, "police-planner", { "idempotency-key": "two-units" });
  assert.equal(kept.status, 201);
  return { id: (await kept.json()).id, plan };
}

test("the sheet of one unit goes to an allowed address as a PDF, and nobody else's is taken", async () => {
  const { id, plan } = await decided();
  const path = `/plans/${id}/send`;
  const send = (address, role = "police-planner", unit = "A") => post(path, { unit, address }, role);
  assert.equal((await send("op@polis.example")).status, 422, "nobody is allowed yet");
  assert.deepEqual(JSON.parse(mail("sheets", "1427", "--to", "@polis.example,lpo@example.org")), { municipality: "1427", rules: 2 });
  assert.throws(() => mail("sheets", "1427", "--to", "polis.example"), "a rule has a form");
  for (const address of ["op@polis.example.se", "op@sub.polis.example", "other@example.org", "op@polis.example\nBcc: x@y.se"]) {
    const refused = await send(address);
    assert.equal(refused.status, 422, address);
    assert.equal((await refused.json()).violations[0].field, "address");
  }
  assert.equal((await send("op@polis.example", "police-planner", "C")).status, 422, "no such unit");
  for (const role of ["coordinator", "est", "admin", "fieldworker"]) {
    if (house.logins[role]) assert.equal((await send("op@polis.example", role)).status, 403, role);
  }
  // An address of the municipality's offices gets no plan, whatever the rules say.
  mail("offices", "1427", "--digest", "lpo@example.org");
  assert.equal((await send("lpo@example.org")).status, 422);

  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce", locale: "en-GB" })).newPage();
  await signIn(page, house, "police-planner");
  await page.goto(`${house.url}/1427/staff/plan`);
  await page.waitForSelector(".plan-stop");
  await page.click(".plan-keep__list summary");
  await page.locator(".plan-keep__list button").first().click();
  await page.click(".plan-send summary");
  await page.locator(".plan-send select").selectOption("B");
  await page.fill(".plan-send input", "op-1@polis.example");
  assert.deepEqual(await faults(page), [], "sending");
  await page.locator(".plan-send form button").click();
  await page.waitForFunction(() => /unit B is on its way/.test(document.querySelector(".plan-send [role=status]")?.textContent ?? ""));
  assert.equal((await send("op-1@polis.example", "police-planner", "B")).status, 202, "twice at once is one letter");
  await page.context().close();

  const until = Date.now() + 120_000;
  while (!letters.length) {
    if (Date.now() > until) throw new Error("no letter has come");
    await new Promise((done) => setTimeout(done, 200));
  }
  const [letter] = letters;
  assert.deepEqual(letter.to, ["op-1@polis.example"]);
  assert.match(letter.raw, /Content-Type: application\/pdf/);
  const [, encoded] = /application\/pdf[\s\S]*?\r?\n\r?\n([A-Za-z0-9+/=\r\n]+)/.exec(letter.raw.slice(letter.raw.indexOf("application/pdf") - 1));
  const pdf = Buffer.from(encoded.replace(/\s/g, ""), "base64");
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
  const folder = mkdtempSync(join(tmpdir(), "fyren-sheet-"));
  writeFileSync(join(folder, "sheet.pdf"), pdf);
  execFileSync("pdftotext", ["-layout", join(folder, "sheet.pdf"), join(folder, "sheet.txt")]);
  const text = readFileSync(join(folder, "sheet.txt"), "utf8");
  rmSync(folder, { recursive: true, force: true });
  const [a, b] = plan.rounds;
  assert.ok(text.includes("Unit B") && !text.includes("Unit A"), text.slice(0, 400));
  for (const stop of b.stops) assert.ok(text.includes(stop.name), stop.name);
  assert.ok(a.stops.length > 0);
  // What stands outside of the sheet says no place and no time.
  const outside = letter.raw.slice(0, letter.raw.indexOf("application/pdf"));
  for (const stop of b.stops) assert.ok(!outside.includes(stop.name), stop.name);

  assert.deepEqual(JSON.parse(mail("status")), { waiting: 0, failed: 0 }, "sent is forgotten");
  const audit = execFileSync(binary(), ["verify", "--database", house.database, "--json"], { stdio: ["ignore", "pipe", "pipe"] }).toString();
  assert.ok(!audit.includes("op-1@polis.example"));
});
