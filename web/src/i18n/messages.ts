/** Messages of the one catalogue, loaded for the page's language alone. */

import type swedish from "./sv.json";

type Whole = keyof typeof swedish;
type Stem<K> = K extends `${infer S}.one` ? S : never;

/** Every message that exists; asking for another is a type error. */
export type Key = Whole | Stem<Whole>;

let messages: Partial<Record<string, string>> = {};

/** The language of the page. */
export function language(): "sv" | "en" {
  return document.documentElement.lang === "en" ? "en" : "sv";
}

/** Loads the catalogue; `t` gives keys before that. */
export async function loadMessages(): Promise<void> {
  const file = language() === "en" ? await import("./en.json") : await import("./sv.json");
  messages = file.default;
}

/** The message of `key` with each `{name}` replaced; `n` chooses between `.one` and `.other`. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  const text = messages[key] ?? messages[`${key}.${values["n"] === 1 ? "one" : "other"}`] ?? key;
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole));
}

/** The message of a code of a family, such as `status.done`; the code itself where there is none. */
export function coded(family: string, code: string): string {
  return messages[`${family}.${code}`] ?? code;
}

/** A number as the language writes it. */
export function number(value: number, digits = 0): string {
  return value.toLocaleString(language() === "en" ? "en-GB" : "sv-SE", { maximumFractionDigits: digits });
}
