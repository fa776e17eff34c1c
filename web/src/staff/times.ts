/** Days, weeks and hours of the municipality's own clock; no Svelte, so that it can be tried by itself. */

/** Days since 1970 from `from` up to but without `to`. */
export interface Span {
  from: number;
  to: number;
}

/** A bar of the brush: its days and how much lies in them. */
export interface Bin extends Span {
  n: number;
}

/** How long a bar is. */
export type Step = "week" | "month";

const DAY_MS = 86_400_000;

/** Turns instants into local days; each hour is worked out once. */
export class Calendar {
  #format: Intl.DateTimeFormat;
  #known = new Map<string, string>();

  constructor(zone: string) {
    this.#format = new Intl.DateTimeFormat("sv-SE", { timeZone: zone });
  }

  /** The local day of an instant, `2026-07-03`. */
  day(instant: string): string {
    const hour = instant.slice(0, 13);
    let day = this.#known.get(hour);
    if (day === undefined) {
      day = this.#format.format(new Date(instant));
      this.#known.set(hour, day);
    }
    return day;
  }

  /** The local day as a number. */
  number(instant: string): number {
    return dayNumber(this.day(instant));
  }
}

/** `2026-07-03` as days since 1970. */
export function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00Z`) / DAY_MS;
}

/** Days since 1970 as `2026-07-03`. */
export function dayName(number: number): string {
  return new Date(number * DAY_MS).toISOString().slice(0, 10);
}

/** The bars that cover `whole`, whole weeks from Monday or whole months, with the days that fall in each. */
export function bins(days: number[], whole: Span, step: Step): Bin[] {
  const all: Bin[] = [];
  for (let from = floor(whole.from, step); from < whole.to; from = next(from, step)) {
    all.push({ from, to: next(from, step), n: 0 });
  }
  for (const day of days) {
    const bin = all[place(all, day)];
    if (bin && day >= bin.from && day < bin.to) bin.n += 1;
  }
  return all;
}

/** Index of the last bar that starts at or before `day`. */
export function place(all: Bin[], day: number): number {
  let [low, high] = [0, all.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((all[middle]?.from ?? Infinity) <= day) low = middle;
    else high = middle - 1;
  }
  return low;
}

function floor(day: number, step: Step): number {
  // Day 0 was a Thursday.
  if (step === "week") return day - ((((day + 3) % 7) + 7) % 7);
  return dayNumber(`${dayName(day).slice(0, 7)}-01`);
}

function next(from: number, step: Step): number {
  return step === "week" ? from + 7 : floor(from + 32, "month");
}

/** Codes of the weekdays, Monday first. */
export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** The hours of `22-04`, all 24 of an empty text. */
export function hoursOf(text: string): Set<number> {
  const hours = new Set<number>();
  if (text === "") for (let hour = 0; hour < 24; hour += 1) hours.add(hour);
  for (const part of text.split(",").filter(Boolean)) {
    const [from = 0, to = from + 1] = part.split("-").map(Number);
    for (let hour = from; hour !== to && hours.size < 24; hour = (hour + 1) % 24) {
      hours.add(hour % 24);
      if ((hour + 1) % 24 === to % 24) break;
    }
  }
  return hours;
}

/** The rows of `fri,sat` counted from Monday, all seven of an empty text. */
export function rowsOf(text: string): Set<number> {
  const codes: string[] = text === "" ? [...WEEKDAYS] : text.split(",");
  return new Set(codes.map((code) => WEEKDAYS.indexOf(code as (typeof WEEKDAYS)[number])));
}

/** Hours from `from` up to and with `to` as a filter; empty for the whole day. */
export function hoursText(from: number, to: number): string {
  return from === 0 && to === 23 ? "" : `${from}-${to + 1}`;
}

/** Rows from `from` up to and with `to` as a filter; empty for the whole week. */
export function rowsText(from: number, to: number): string {
  return from === 0 && to === 6 ? "" : WEEKDAYS.slice(from, to + 1).join(",");
}
