// Starts the built binary with a demonstration of its own, and the browser that looks at it.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";

const root = resolve(import.meta.dirname, "../..");
const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");

/** The binary: the one named by FYREN, else the newest build. */
function binary() {
  const found = [process.env.FYREN, join(target, "debug/fyren"), join(target, "release/fyren")].find(
    (path) => path && existsSync(path),
  );
  if (!found) throw new Error("Build the binary first: cargo build");
  return found;
}

function freePort() {
  return new Promise((done, fail) => {
    const server = createServer();
    server.on("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** A running demonstration: its address, its log-ins by role, and how to end it. */
export async function openHouse() {
  const folder = mkdtempSync(join(tmpdir(), "fyren-e2e-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    binary(),
    ["demo", "--database", `sqlite://${join(folder, "demo.db")}`, "--listen", `127.0.0.1:${port}`],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let out = "";
  let log = "";
  child.stdout.on("data", (data) => (out += data));
  child.stderr.on("data", (data) => (log += data));
  const end = Date.now() + 120_000;
  while (!(await ready(url))) {
    if (child.exitCode !== null || Date.now() > end) throw new Error(`the demonstration did not start:\n${log}`);
    await new Promise((done) => setTimeout(done, 200));
  }
  const logins = Object.fromEntries(
    out.split("\n").map((line) => line.split("\t")).filter((parts) => parts.length === 4).map(([role, name, password, token]) => [role, { name, password, token }]),
  );
  return {
    url,
    logins,
    async close() {
      const ended = new Promise((done) => child.once("exit", done));
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ready(url) {
  try {
    return (await fetch(`${url}/readyz`)).ok;
  } catch {
    return false;
  }
}

/** The browser of the system. */
export function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic", "--no-first-run"],
  });
}

/** Signs a page in through the form, as a person does. */
export async function signIn(page, house, role) {
  await page.goto(`${house.url}/1427/staff/sign-in`);
  await page.fill("#name", house.logins[role].name);
  await page.fill("#password", house.logins[role].password);
  await page.click("main button[type=submit]");
  await page.waitForURL("**/1427/staff/");
}

/** Waits until a map of the page can be drawn on and is still. */
export async function mapReady(page) {
  await page.waitForSelector(".map[data-ready]", { timeout: 30_000 });
}

/** The first district of the demonstration's municipality. */
export async function firstDistrict(house) {
  const answer = await fetch(`${house.url}/api/v1/municipalities/1427/layers/districts`);
  return (await answer.json()).features[0].properties.code;
}
