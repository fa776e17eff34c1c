// The languages that are built and so can be served.
import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("../src/i18n/", import.meta.url);

/** The head and the messages of the catalogue of a language. */
export function catalogue(code) {
  return JSON.parse(readFileSync(new URL(`${code}.json`, folder), "utf8"));
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
