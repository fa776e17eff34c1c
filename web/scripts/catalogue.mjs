// Fails when a message is missing in one language, is not used, or is asked for and does not exist.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { catalogue, languages } from "./languages.mjs";

const root = new URL("..", import.meta.url).pathname;
const [sv, en] = [catalogue("sv"), catalogue("en")];
const faults = [];
const holes = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort().join();

for (const [here, there, name] of [[sv, en, "en"], [en, sv, "sv"]]) {
  for (const key of Object.keys(here)) if (!(key in there)) faults.push(`${name}.json lacks "${key}"`);
}
for (const key of Object.keys(sv)) {
  if (key in en && holes(sv[key]) !== holes(en[key])) faults.push(`"${key}" has other places in en.json`);
}

// The other languages may say less, never something else.
for (const code of languages().filter((code) => code !== "sv" && code !== "en")) {
  for (const [key, text] of Object.entries(catalogue(code))) {
    if (key.startsWith("$")) continue;
    if (!(key in sv)) faults.push(`${code}.json has "${key}", which no catalogue has`);
    else if (holes(sv[key]) !== holes(text)) faults.push(`"${key}" has other places in ${code}.json`);
  }
}

function files(folder, ending) {
  return readdirSync(join(root, folder), { recursive: true })
    .filter((name) => ending.some((end) => name.endsWith(end)))
    .map((name) => join(root, folder, name));
}
const asked = [...files("pages", [".html"]), ...files("src", [".ts", ".svelte"]), ...files("../src/http", [".rs"]), ...files("../src/mail", [".rs"])];
const text = asked.map((file) => readFileSync(file, "utf8")).join("\n");
const exists = (key) => key in sv || (`${key}.one` in sv && `${key}.other` in sv);
for (const [, key] of text.matchAll(/\bt\(\s*"([a-z_]+(?:\.[\w,-]+)+)"/g)) {
  if (!exists(key)) faults.push(`"${key}" is asked for and stands in no catalogue`);
}
// A key is used when it stands whole in a source, or when its family is asked for by a computed name.
const families = new Set(
  [...text.matchAll(/["`]([a-z_]+\.(?:[a-z_]+\.?)?)(?:"\s*~|\$\{|\{[a-z_]*\})/g)].map((m) => m[1].replace(/_$/, "")),
);
for (const key of Object.keys(sv)) {
  const plain = key.replace(/\.(one|other)$/, "");
  const family = [...families].some((start) => key.startsWith(start));
  if (process.argv.includes("--unused") && !text.includes(`"${plain}"`) && !family) faults.push(`"${key}" is used nowhere`);
}

if (faults.length) {
  console.error(faults.join("\n"));
  process.exit(1);
}
