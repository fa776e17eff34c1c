/** Days, spans and failures in words. */

import { ApiError } from "../api/layers";
import type { ToldSpotProperties } from "../api/staff";
import { coded, locale, number, t } from "../i18n/messages";

/** An instant as a day of the municipality, with its hour where `hour` says so. */
export function dayWords(instant: string, zone: string, hour: "day" | "hour" = "day"): string {
  const style = hour === "hour" ? ({ dateStyle: "medium", timeStyle: "short" } as const) : ({ dateStyle: "medium" } as const);
  return new Date(instant).toLocaleString(locale(), { ...style, timeZone: zone });
}

/** A calendar day, `2026-07-03`, as people say it. */
export function dateWords(day: string, style: "long" | "medium" = "medium"): string {
  return new Date(`${day}T12:00Z`).toLocaleDateString(locale(), { dateStyle: style, timeZone: "UTC" });
}

/** A number of expected events; one that would round to nothing is not nothing. */
export function expectedWords(value: number): string {
  return value > 0 && value < 0.05 ? t("staff.under", { n: number(0.1, 1) }) : number(value, 1);
}

/** A release's window, `to` exclusive: a year, a quarter or a month. */
export function windowWords(kind: string, from: string): string {
  const day = new Date(`${from}T12:00Z`);
  if (kind === "year_cells") return from.slice(0, 4);
  if (kind === "quarter_districts") return t("release.quarter", { n: Math.floor(day.getUTCMonth() / 3) + 1, year: from.slice(0, 4) });
  return day.toLocaleDateString(locale(), { month: "long", year: "numeric", timeZone: "UTC" });
}

/** Hours as spans: `22–02, 06–08`. */
export function hourWords(hours: number[]): string {
  if (hours.length === 0 || hours.length === 24) return t("staff.all_hours");
  const on = new Set(hours);
  const two = (hour: number) => String(hour).padStart(2, "0");
  const starts = hours.filter((hour) => !on.has((hour + 23) % 24));
  return starts
    .map((start) => {
      let end = start;
      while (on.has(end % 24)) end += 1;
      return `${two(start)}–${two(end % 24)}`;
    })
    .join(", ");
}

/** The names of codes of a family, joined as in a sentence. */
export function names(family: string, codes: string[]): string {
  const [first, ...more] = codes.map((code) => coded(family, code));
  return [first, ...more.map((name) => name.charAt(0).toLowerCase() + name.slice(1))].join(", ");
}

/** Why an action was not done to a report, by its code. */
export function reasonWords(reason: string): string {
  const known = [coded("problem", reason), coded("violation", reason)].find((text) => text !== reason);
  return known ?? t("staff.error");
}

/** Whose summary a hot spot stands in, and of which week. */
export function toldSource(spot: ToldSpotProperties): string {
  const made = dateWords(spot.made.slice(0, 10));
  return spot.week === null ? t(`told.from_${spot.context}`, { made }) : t(`told.week_${spot.context}`, { n: spot.week, made });
}

/** A hot spot of a summary in one line. */
export function toldWords(spot: ToldSpotProperties, district: string): string {
  const place = [spot.name, district].filter(Boolean).join(", ");
  return `${spot.rank}. ${place} · ${coded("staff", spot.status)} · ${toldSource(spot)}`;
}

/** What a failed request says to a person. */
export function failureWords(error: unknown): string {
  if (!(error instanceof ApiError)) return t("staff.no_contact");
  const broken = error.violations.map((one) => one.message || one.field).join(" ");
  return broken || error.detail || t("staff.error");
}
