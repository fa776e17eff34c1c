// Fails when a page weighs more than the house allows, gzipped.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { languages, offered } from "./languages.mjs";

const dist = new URL("../dist/", import.meta.url).pathname;
const manifest = JSON.parse(readFileSync(join(dist, "manifest.json"), "utf8"));
const weigh = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length / 1000;

/** Everything that an entry loads before it asks for more. */
function files(key, seen = new Set()) {
  const { file, css = [], imports = [] } = manifest[key];
  seen.add(file);
  css.forEach((style) => seen.add(style));
  imports.forEach((next) => files(next, seen));
  return seen;
}

const sum = (names) => [...names].reduce((total, name) => total + weigh(name), 0);
const map = Object.keys(manifest).find((key) => key.startsWith("_create") && manifest[key].file.endsWith(".js"));
// The still picture of a map is what a page with a map loads beside its own.
const own = new Set(["report", "picture"].flatMap((name) => [...files(`src/entry/${name}.ts`)]));
const still = ["pin-map", "picture"].flatMap((name) => [...files(`src/map/${name}.ts`)]).filter((file) => !own.has(file));
// A catalogue is fetched for one language only; the heavier one counts.
const catalogue = (code) => weigh(manifest[`virtual:words/${code}`].file);
const words = Math.max(catalogue("en"), catalogue("sv") + catalogue("sv-easy"));
// A catalogue that nobody has reviewed may not even be fetched.
const leaked = languages().filter((code) => !offered().includes(code) && (manifest[`src/i18n/${code}.json`] || manifest[`virtual:words/${code}`]));
const budgets = [
  ...["site", "report", "receipt", "picture", "demo"].map((name) => [name, sum(files(`src/entry/${name}.ts`)) + words, 30]),
  ["still", sum(new Set(still)), 16],
  ["map", map ? weigh(manifest[map].file) : 0, 320],
];
let over = leaked.length > 0;
if (over) console.log(`UNREVIEWED ${leaked.join(", ")} is in the build`);
for (const [name, weight, limit] of budgets) {
  const fits = weight <= limit && weight > 0;
  over ||= !fits;
  console.log(`${fits ? "ok " : "OVER"} ${name.padEnd(8)} ${weight.toFixed(1)} of ${limit} kB`);
}
if (over) process.exit(1);
