// The languages that are built and so can be served.
import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("../src/i18n/", import.meta.url);
const sources = new URL("../src/", import.meta.url);
/** Folders and pages of staff, who load the whole catalogue. */
const STAFF = /^(staff|shift)\/|^entry\/(staff|shift)\.ts$/;

/** The head and the messages of the catalogue of a language. */
export function catalogue(code) {
  return JSON.parse(readFileSync(new URL(`${code}.json`, folder), "utf8"));
}

/** What the scripts of residents' pages may say: keys that stand whole in them, and families asked for by a computed name. */
function asked() {
  const names = readdirSync(sources, { recursive: true }).filter((name) => /\.(ts|svelte)$/.test(name) && !STAFF.test(name));
  const text = names.map((name) => readFileSync(new URL(name, sources), "utf8")).join("\n");
  const whole = new Set([...text.matchAll(/["`]([a-z_]+(?:\.\w+)+)["`]/g)].map((m) => m[1]));
  const computed = [...text.matchAll(/`([a-z_]+\.\w*)\$\{/g)].map((m) => m[1]);
  const families = [...text.matchAll(/\bcoded\(\s*"(\w+)"/g)].map((m) => `${m[1]}.`);
  const starts = [...computed, ...families];
  return (key) => whole.has(key.replace(/\.(one|other)$/, "")) || starts.some((start) => key.startsWith(start));
}

/** The messages of a language that residents' pages can ask for. */
export function forResidents(code) {
  const is = asked();
  return Object.fromEntries(Object.entries(catalogue(code)).filter(([key]) => is(key)));
}

/** Every language that there is a file for. */
export function languages() {
  return readdirSync(folder).flatMap((name) => (name.endsWith(".json") ? [name.slice(0, -5)] : []));
}

/** The house's own languages, and those whose file says on which day a person has reviewed it. */
export function offered() {
  const reviewed = (code) => /^\d{4}-\d{2}-\d{2}$/.test(catalogue(code).$reviewed ?? "");
  return languages().filter((code) => ["sv", "en", "sv-easy"].includes(code) || reviewed(code));
}
