/** Messages of the one catalogue, loaded for the page's language alone. */

import { catalogues, forResidents } from "virtual:catalogues";
import type swedish from "./sv.json";

type Whole = keyof typeof swedish;
type Stem<K> = K extends `${infer S}.one` ? S : never;

/** Every message that exists; asking for another is a type error. */
export type Key = Whole | Stem<Whole>;

type Messages = Partial<Record<string, string>>;

/** What the page's language says, and under it the one that stands in for it. */
let [messages, standIn]: [Messages, Messages] = [{}, {}];

/** Languages whose names of things are the Swedish ones. */
const SWEDISH = ["sv", "no"];

/** The language in which things have their names: that of the page, or the one that stands in for it. */
export function language(): "sv" | "en" {
  return SWEDISH.includes(document.documentElement.lang) ? "sv" : "en";
}

/** The locale in which the language writes days and numbers. */
export function locale(): string {
  const own: Record<string, string> = { sv: "sv-SE", en: "en-GB", de: "de-DE", no: "nb-NO", ar: "ar", so: "so", uk: "uk-UA" };
  return own[document.documentElement.lang] ?? "sv-SE";
}

/**
 * Loads the catalogue, and under it the one that stands in for what it does not say; `t` gives keys before that. Pages of
 * residents load what they can ask for, those of staff the whole.
 */
export async function loadMessages(readers: "residents" | "staff" = "residents"): Promise<void> {
  const from = readers === "staff" ? catalogues : forResidents;
  const code = document.documentElement.dataset["language"] ?? document.documentElement.lang;
  const [under, own] = await Promise.all([from[language()]?.(), code === language() ? undefined : from[code]?.()]);
  standIn = under?.default ?? {};
  messages = own?.default ?? standIn;
}

/** What the languages say for a key. */
function said(key: string): string | undefined {
  return messages[key] ?? standIn[key];
}

/** The message of `key` with each `{name}` replaced; `n` chooses between `.one` and `.other`. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  const text = said(key) ?? said(`${key}.${values["n"] === 1 ? "one" : "other"}`) ?? key;
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole));
}

/** The message of a code of a family, such as `status.done`; the code itself where there is none. */
export function coded(family: string, code: string): string {
  return said(`${family}.${code}`) ?? code;
}

/** A number as the language writes it. */
export function number(value: number, digits = 0): string {
  return value.toLocaleString(locale(), { maximumFractionDigits: digits });
}
