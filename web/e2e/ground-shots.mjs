// Writes pictures of the ground to `shots/`, at three zooms, by day and by night: Monaco from the
// extract that the tests use, and beside it Sotenäs as it is shipped, without streets.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { mapReady, openBrowser } from "./house.mjs";

const root = resolve(import.meta.dirname, "../..");
const binary = process.env.FYREN_BIN ?? join(root, "target/debug/fyren");
const extract = join(root, "tests/data/osm/monaco-2021-04-18.osm.pbf");
const shots = join(root, "shots");
mkdirSync(shots, { recursive: true });

const folder = mkdtempSync(join(tmpdir(), "fyren-ground-"));
const database = `sqlite://${join(folder, "fyren.db")}`;
const run = (...args) => execFileSync(binary, args, { encoding: "utf8", maxBuffer: 1 << 26 });
const boundary = join(folder, "monaco.geojson");
writeFileSync(boundary, run("basemap", "boundary", extract, "--name", "Monaco"));
run("municipality", "add", "monaco", "--name", "Monaco", "--boundary", boundary, "--time-zone", "Europe/Monaco", "--database", database);
run("basemap", "import", extract, "--municipality", "monaco", "--database", database);
run("municipality", "add", "1427", "--database", database);
const port = await freePort();
const server = spawn(binary, ["serve", "--database", database, "--listen", `127.0.0.1:${port}`], { stdio: "ignore" });
const url = `http://127.0.0.1:${port}`;
await answering(`${url}/readyz`);

const browser = await openBrowser();
// Each with the point, in pixels, that stays where it is while the map comes nearer.
for (const [code, x, y] of [["monaco", 880, 380], ["1427", 700, 620]]) {
  for (const [theme, colorScheme] of [["day", "light"], ["night", "dark"]]) {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme });
    await page.goto(`${url}/${code}/report?lang=en`);
    await mapReady(page);
    await page.mouse.move(x, y);
    for (const step of [1, 2, 3]) {
      if (step > 1) await page.mouse.wheel(0, -700);
      await page.waitForTimeout(2500);
      await page.screenshot({ path: join(shots, `ground-${code}-${step}-${theme}.png`) });
    }
    await page.close();
  }
}
await browser.close();
server.kill();
rmSync(folder, { recursive: true, force: true });

function freePort() {
  return new Promise((found) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => found(port));
    });
  });
}

async function answering(address) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const answer = await fetch(address).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((later) => setTimeout(later, 100));
  }
  throw new Error(`${address} does not answer`);
}
