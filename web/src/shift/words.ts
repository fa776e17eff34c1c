/** What a shift says in words. */

import type { NextStop, VisitBody } from "../api/shift";
import { locale, t } from "../i18n/messages";

/** A moment as the clock of the municipality shows it. */
export function clock(at: number, zone: string): string {
  return new Date(at).toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit", timeZone: zone });
}

/** Whole minutes of a visit, rounded up. */
export function minutesOf(visit: VisitBody): number {
  return Math.ceil((Date.parse(visit.endedAt) - Date.parse(visit.startedAt)) / 60_000);
}

/** Why somebody is due at a stop, with its numbers. */
export function reason(stop: NextStop, goalDays: number): string {
  const days = stop.daysSinceVisit;
  const seen = days === null ? t("shift.never_visited") : days === 0 ? t("shift.visited_today") : t("shift.days_since", { n: days });
  if (stop.because === "overdue") return t("shift.why_overdue", { seen, goal: goalDays });
  if (stop.because === "waiting") return seen;
  return t("shift.why_hot_spot", { rank: stop.rank ?? 0, count: stop.count ?? 0, sources: stop.sources ?? 0, seen });
}
