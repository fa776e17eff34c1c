/** The decided round of a unit as its shift goes along it: which stops are done, and which comes next. */

import type { Place } from "../api/base";
import type { Round, Stop } from "../api/plans";
import type { Entry } from "./entries";
import { AT_M, metres, position, type Fix } from "./near";

/** A stop of the round with the visit that was made there. */
export interface Leg {
  stop: Stop;
  done: Entry | null;
}

const HOUR = 3_600_000;
/** How long a round stays on the page after its shift has ended, and before it begins is a visit its own. */
const AROUND = 2 * HOUR;

/** The round that a unit drives now, else its next one: of what is kept, nothing of yesterday. */
export function roundOf(rounds: Round[], unit: string, now: number): Round | null {
  const theirs = rounds.filter((round) => round.unit.toLowerCase() === unit.toLowerCase() && Date.parse(round.to) + AROUND > now);
  return theirs.sort((a, b) => a.from.localeCompare(b.from))[0] ?? null;
}

/** The stops of a round in order; each visit of the shift ticks one of them. */
export function legs(round: Round, entries: Entry[], places: Place[]): Leg[] {
  const since = Date.parse(round.from) - AROUND;
  const left = entries.filter((entry) => entry.state !== "refused" && Date.parse(entry.body.startedAt) >= since);
  // The earliest visit ticks the earliest stop of a place that is planned twice.
  left.sort((a, b) => a.body.startedAt.localeCompare(b.body.startedAt));
  return round.stops.map((stop) => {
    const at = left.findIndex((entry) => isAt(entry, stop, places));
    return { stop, done: at < 0 ? null : (left.splice(at, 1)[0] ?? null) };
  });
}

function isAt(entry: Entry, stop: Stop, places: Place[]): boolean {
  const where = whereOf(entry, places);
  const reach = Math.max(AT_M, "precisionM" in entry.body.place ? entry.body.place.precisionM : 0);
  return where ? metres(where, stop) <= reach : entry.name === stop.name;
}

function whereOf(entry: Entry, places: Place[]): Fix | null {
  const { place } = entry.body;
  if (!("localityId" in place)) return place.longitude || place.latitude ? place : null;
  const found = places.find((one) => one.properties.id === place.localityId);
  return found ? position(found) : null;
}
