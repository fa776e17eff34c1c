/** Which place a position is told as: the telephone rounds, and nothing finer ever leaves it. */

import type { Place } from "../api/base";

/** A place as it is sent, and what people call it. */
export interface Spot {
  name: string;
  place: { localityId: string } | { longitude: number; latitude: number; precisionM: number };
}

/** A position of the telephone. */
export interface Fix {
  longitude: number;
  latitude: number;
}

/** Metres within which somebody is at a named place. */
export const AT_M = 300;
/** Metres to which a position without a name is rounded. */
const ROUND_M = 100;
const DEGREE_M = 111_195;

/** Metres between two positions that are near each other. */
export function metres(a: Fix, b: Fix): number {
  const east = (a.longitude - b.longitude) * Math.cos((a.latitude * Math.PI) / 180) * DEGREE_M;
  return Math.hypot(east, (a.latitude - b.latitude) * DEGREE_M);
}

/** A named place as a spot. */
export function named(place: Place): Spot {
  return { name: place.properties.name, place: { localityId: place.properties.id } };
}

/** Named places, the nearest first; without a position by weight, then by name. */
export function sorted(places: Place[], fix: Fix | null): Place[] {
  const off = (place: Place) => (fix ? metres(fix, position(place)) : -place.properties.weight);
  return [...places].sort((a, b) => off(a) - off(b) || a.properties.name.localeCompare(b.properties.name, "sv"));
}

/** The spot of a position: the nearest named place, else the middle of a square of about 100 m. */
export function spotAt(places: Place[], fix: Fix): Spot | null {
  const nearest = sorted(places, fix)[0];
  if (!nearest) return null;
  if (metres(fix, position(nearest)) <= AT_M) return named(nearest);
  const round = (degrees: number, step: number) => Number((Math.round(degrees / step) * step).toFixed(5));
  const north = ROUND_M / DEGREE_M;
  const latitude = round(fix.latitude, north);
  const longitude = round(fix.longitude, north / Math.cos((latitude * Math.PI) / 180));
  return { name: nearest.properties.name, place: { longitude, latitude, precisionM: ROUND_M } };
}

/** Where a named place is. */
export function position(place: Place): Fix {
  const [longitude = 0, latitude = 0] = place.geometry.coordinates;
  return { longitude, latitude };
}
