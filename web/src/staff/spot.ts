/** What a hot spot says in plain words; no Svelte, so that it can be tried by itself. */

import type { Feature, MultiPolygon, Polygon, Position } from "geojson";
import type { HotspotProperties, ReportProperties } from "../api/staff";

/** A hot spot as the server gives it. */
export type Spot = Feature<Polygon | MultiPolygon, HotspotProperties>;

/** When reports in a spot fall: the four hours with most of them, and their share of all whose hours are known. */
export interface HotTime {
  from: number;
  share: number;
  known: number;
}

/** Whether a position lies in a spot. */
export function within(spot: Spot, [x = 0, y = 0]: Position): boolean {
  const polygons = spot.geometry.type === "Polygon" ? [spot.geometry.coordinates] : spot.geometry.coordinates;
  return polygons.some((rings) => rings.reduce((inside, ring) => inside !== crosses(ring, x, y), false));
}

function crosses(ring: Position[], x: number, y: number): boolean {
  let odd = false;
  for (let at = 0, before = ring.length - 1; at < ring.length; before = at, at += 1) {
    const [x1 = 0, y1 = 0] = ring[at] ?? [];
    const [x2 = 0, y2 = 0] = ring[before] ?? [];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) odd = !odd;
  }
  return odd;
}

/** The hottest four hours of the reports of a spot; `null` below eight with known hours. */
export function hotTime(spot: Spot, reports: Feature<{ type: "Point"; coordinates: Position } | null, ReportProperties>[]): HotTime | null {
  const hours = new Float64Array(24);
  let known = 0;
  for (const { geometry, properties: p } of reports) {
    if (!geometry || p.quarantined || p.safePlace || !p.hours?.length || p.hours.length === 24 || !within(spot, geometry.coordinates)) continue;
    known += 1;
    for (const hour of p.hours) hours[hour] = (hours[hour] ?? 0) + 1 / p.hours.length;
  }
  if (known < 8) return null;
  const sum = (from: number) => [0, 1, 2, 3].reduce((all, step) => all + (hours[(from + step) % 24] ?? 0), 0);
  let best = 0;
  for (let from = 1; from < 24; from += 1) if (sum(from) > sum(best)) best = from;
  return { from: best, share: sum(best) / known, known };
}

/** A share as people say it: 2 of 3, 1 of 5; at most tenths. */
export function odds(share: number): { n: number; of: number } {
  const near = [2, 3, 4, 5, 10].map((of) => ({ n: Math.round(share * of), of }));
  const fits = ({ n, of }: { n: number; of: number }) => n > 0 && n < of && Math.abs(n / of - share) <= 0.04;
  return near.find(fits) ?? { n: Math.round(share * 10), of: 10 };
}
