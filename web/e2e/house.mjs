// Starts the built binary with a demonstration of its own, and the browser that looks at it.
import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";

const root = resolve(import.meta.dirname, "../..");
const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");

/** The binary: the one named by FYREN, else the newest build. */
export function binary() {
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

/** Starts a demonstration on the data of a folder, which it fills where nothing is there yet. */
async function demonstrate(folder, { port: wanted, more = [] } = {}) {
  const port = wanted ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const database = `sqlite://${join(folder, "demo.db")}`;
  const child = spawn(
    binary(),
    ["demo", "--database", database, "--listen", `127.0.0.1:${port}`, ...more],
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
    database,
    async end() {
      const ended = new Promise((done) => child.once("exit", done));
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/**
 * The folder that keeps one filled demonstration of today for all files of a run, to be copied: to fill one takes an
 * unoptimised binary many seconds. Without it each house fills its own.
 */
function keptDemo() {
  const today = new Date().toLocaleDateString("sv", { timeZone: "Europe/Stockholm" });
  return process.env.FYREN_DEMO_FOLDER && join(process.env.FYREN_DEMO_FOLDER, today);
}

/** Fills a demonstration beside `kept` and puts it there whole: another file may do the same at the same time. */
async function fill(kept) {
  const filling = mkdtempSync(`${kept}-`);
  await (await demonstrate(filling)).end();
  try {
    renameSync(filling, kept);
  } catch (refused) {
    if (!existsSync(kept)) throw refused;
    rmSync(filling, { recursive: true, force: true });
  }
}

/** A running demonstration: its address, its log-ins by role, its folder and data base, and how to end it. */
export async function openHouse({ embedFor, port, more = [] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "fyren-e2e-"));
  const kept = keptDemo();
  if (kept) {
    if (!existsSync(kept)) await fill(kept);
    cpSync(kept, folder, { recursive: true });
  }
  const house = await demonstrate(folder, { port, more: [...(embedFor ? ["--embed-for", embedFor] : []), ...more] });
  return {
    ...house,
    folder,
    /** Runs a command of the program on the same data; gives what it prints. */
    run(words, input = "") {
      return execFileSync(binary(), [...words, "--database", house.database], { input, stdio: ["pipe", "pipe", "pipe"], encoding: "utf8" });
    },
    /** Imports rows of reports beside the running server. */
    importReports(name, rows) {
      const file = join(folder, `${name}.csv`);
      writeFileSync(file, ["id;tid;kategori;longitude;latitude;noggrannhet;källa", ...rows].join("\n"));
      const map = ["id=id", "at=tid", "category=kategori", "longitude=longitude", "latitude=latitude", "precision=noggrannhet", "source=källa"];
      const named = map.flatMap((pair) => ["--map", pair]);
      execFileSync(binary(), ["import", "reports", file, "--municipality", "1427", "--database", house.database, ...named], { stdio: "pipe" });
    },
    async close() {
      await house.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A running server with Sotenäs and nothing in it but a coordinator. */
export async function openPlain() {
  const folder = mkdtempSync(join(tmpdir(), "fyren-e2e-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const database = `sqlite://${join(folder, "fyren.db")}`;
  const run = (words, input = "") => execFileSync(binary(), [...words, "--database", database], { input, stdio: ["pipe", "pipe", "pipe"], encoding: "utf8" });
  const password = "a password of a test";
  run(["municipality", "add", "1427"]);
  run(["user", "add", "coordinator", "--role", "coordinator", "--municipality", "1427"], `${password}\n`);
  const child = spawn(binary(), ["serve", "--database", database, "--listen", `127.0.0.1:${port}`], { stdio: "ignore" });
  const end = Date.now() + 60_000;
  while (!(await ready(url))) {
    if (child.exitCode !== null || Date.now() > end) throw new Error("the server did not start");
    await new Promise((done) => setTimeout(done, 200));
  }
  return {
    url,
    run,
    logins: { coordinator: { name: "coordinator", password } },
    async close() {
      const ended = new Promise((done) => child.once("exit", done));
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Plants a place that is news this year: reports of as many people in the last ten months. */
export function plantSpot(house, [longitude, latitude] = [11.3021, 58.4419], number = 60) {
  const rows = Array.from({ length: number }, (_, at) => {
    const day = new Date(Date.now() - (5 + at * 5) * 86_400_000).toISOString().slice(0, 10);
    const off = (step) => ((at * step) % 17) * 0.00008;
    return `p${at};${day} ${21 + (at % 3)}:10;lighting;${(longitude + off(5)).toFixed(6)};${(latitude + off(3)).toFixed(6)};25;planted-${at}`;
  });
  house.importReports("planted", rows);
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

/** Opens a page of the staff menu, unfolding the group that it is in. */
export async function choose(page, name, group = "") {
  if (group) await page.locator("#staff-nav").getByRole("button", { name: group, exact: true }).click();
  await page.locator("#staff-nav").getByRole("link", { name, exact: true }).click();
}

/** Turns to the map of the page, as a person does, and waits until it is live. */
export async function mapReady(page) {
  await page.waitForSelector(".map");
  await page.evaluate(() => document.querySelector(".map").scrollIntoView({ block: "nearest" }));
  await page.waitForSelector(".map[data-still], .map[data-ready]", { timeout: 30_000 });
  if (await page.locator(".map[data-still]").count()) await page.locator(".still").dispatchEvent("pointerenter");
  await page.waitForSelector(".map[data-ready]", { timeout: 30_000 });
}

/** The first district of the demonstration's municipality. */
export async function firstDistrict(house) {
  const answer = await fetch(`${house.url}/api/v1/municipalities/1427/layers/districts`);
  return (await answer.json()).features[0].properties.code;
}

const LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** What axe finds wrong with a page, contrast and size of targets included; or what some of its rules find. */
export async function faults(page, rules = []) {
  // Of what passes nobody reads where it is.
  const how = { resultTypes: ["violations"], runOnly: rules.length ? { type: "rule", values: rules } : { type: "tag", values: LEVELS } };
  // In the page itself: frames are left out, and a second page to gather what they say would double the time. Axe stays
  // in a page that it has looked at: to bring it again takes longer than to look.
  const { violations } = (await page.evaluate(() => "axe" in window))
    ? await page.evaluate(async (options) => ({ violations: (await window.axe.run({ exclude: [["iframe"]] }, options)).violations }), how)
    : await new AxeBuilder({ page }).setLegacyMode(true).exclude("iframe").options(how).analyze();
  return violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.target} ${node.any[0]?.message ?? ""}`),
  );
}
