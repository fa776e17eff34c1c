/** Shapes as they are drawn: softened coast, borders once, the veil outside. Never the data. */

import type { Feature, FeatureCollection, LineString, MultiLineString, MultiPolygon, Polygon, Position } from "geojson";
import type { Base } from "../api/base";

/** A ring with its corners cut three times (Chaikin, 1974): generalised coast looks drawn, not angular. */
function soften(ring: Position[]): Position[] {
  let points = ring.slice(0, -1);
  if (points.length < 4) return ring;
  for (let round = 0; round < 3; round += 1) {
    const next: Position[] = [];
    points.forEach(([x = 0, y = 0], at) => {
      const [u = 0, v = 0] = points[(at + 1) % points.length] ?? [];
      next.push([x * 0.75 + u * 0.25, y * 0.75 + v * 0.25], [x * 0.25 + u * 0.75, y * 0.25 + v * 0.75]);
    });
    points = next;
  }
  return [...points, points[0] ?? [0, 0]];
}

/** Land with a softened coast; the whole municipality where no land is known. */
export function drawnLand(base: Base): Feature<MultiPolygon> {
  const land = base.land ?? base.boundary;
  const coordinates = land.geometry.coordinates.map((polygon) => polygon.map(soften));
  return { type: "Feature", properties: {}, geometry: { type: "MultiPolygon", coordinates } };
}

/** The coast as lines with land on their left, whatever way the rings were wound. */
export function coastLines(land: Feature<MultiPolygon>): Feature<MultiLineString> {
  const lines = land.geometry.coordinates.flatMap((polygon) =>
    polygon.map((ring, at) => (area(ring) > 0 === (at === 0) ? ring : [...ring].reverse())),
  );
  return { type: "Feature", properties: {}, geometry: { type: "MultiLineString", coordinates: lines } };
}

function area(ring: Position[]): number {
  let sum = 0;
  for (let at = 1; at < ring.length; at += 1) {
    const [x = 0, y = 0] = ring[at - 1] ?? [];
    const [u = 0, v = 0] = ring[at] ?? [];
    sum += x * v - u * y;
  }
  return sum;
}

/** District borders, each stretch once, without the municipality's own border. */
export function districtLines(base: Base): FeatureCollection<LineString> {
  const seen = new Set<string>();
  const key = ([ax = 0, ay = 0]: Position, [bx = 0, by = 0]: Position) => (ax < bx || (ax === bx && ay < by) ? `${ax},${ay},${bx},${by}` : `${bx},${by},${ax},${ay}`);
  eachSegment(base.boundary.geometry, (a, b) => seen.add(key(a, b)));
  const lines: Position[][] = [];
  for (const district of base.districts.features) {
    let line: Position[] = [];
    eachSegment(district.geometry, (a, b) => {
      const fresh = !seen.has(key(a, b));
      seen.add(key(a, b));
      const end = line.at(-1);
      if (fresh && end && end[0] === a[0] && end[1] === a[1]) line.push(b);
      else {
        if (line.length > 1) lines.push(line);
        line = fresh ? [a, b] : [];
      }
    });
    if (line.length > 1) lines.push(line);
  }
  return {
    type: "FeatureCollection",
    features: lines.map((coordinates) => ({ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates } })),
  };
}

function eachSegment(shape: MultiPolygon, see: (a: Position, b: Position) => void): void {
  for (const polygon of shape.coordinates) {
    for (const ring of polygon) {
      for (let at = 1; at < ring.length; at += 1) see(ring[at - 1] ?? [], ring[at] ?? []);
    }
  }
}

/** Everything outside the municipality, to be veiled. */
export function outside(base: Base): Feature<Polygon> {
  const holes = base.boundary.geometry.coordinates.flatMap((polygon) => polygon.slice(0, 1));
  const world: Position[] = [[-180, -85], [180, -85], [180, 85], [-180, 85], [-180, -85]];
  return { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [world, ...holes] } };
}

/** Whether a position lies inside the municipality. */
export function inside(base: Base, at: Position): boolean {
  return base.boundary.geometry.coordinates.some((polygon) => within(polygon, at));
}

/** Whether a position lies within the rings of a polygon. */
export function within(polygon: Position[][], [x = 0, y = 0]: Position): boolean {
  let found = false;
  for (const ring of polygon) {
    for (let at = 0, before = ring.length - 1; at < ring.length; before = at, at += 1) {
      const [a = 0, b = 0] = ring[at] ?? [];
      const [c = 0, d = 0] = ring[before] ?? [];
      if (b > y !== d > y && x < ((c - a) * (y - b)) / (d - b) + a) found = !found;
    }
  }
  return found;
}

/** West, south, east and north. */
export type Box = [number, number, number, number];

/** Positions however deep they lie in coordinates of GeoJSON. */
export type Nested = Position | readonly Nested[];

/** The box around coordinates of any depth. */
export function box(coordinates: Nested): Box {
  const found: Box = [180, 90, -180, -90];
  const see = (part: Nested): void => {
    const [x, y] = part;
    if (typeof x !== "number" || typeof y !== "number") return (part as readonly Nested[]).forEach(see);
    found[0] = Math.min(found[0], x);
    found[1] = Math.min(found[1], y);
    found[2] = Math.max(found[2], x);
    found[3] = Math.max(found[3], y);
  };
  see(coordinates);
  return found;
}

/** The middle of the box around the largest piece of a shape, where its name stands. */
export function middle(shape: MultiPolygon | Polygon): Position {
  const pieces = shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates;
  const size = ([west, south, east, north]: Box) => (east - west) * (north - south);
  const [first = [0, 0, 0, 0], ...others] = pieces.map(box);
  const [west, south, east, north] = others.reduce((best, other) => (size(other) > size(best) ? other : best), first);
  return [(west + east) / 2, (south + north) / 2];
}
