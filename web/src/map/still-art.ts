/** The chart as a picture on a canvas: what the live map shows of our own vectors, drawn in some milliseconds. */

import type { Position } from "geojson";
import type { Base, Place } from "../api/base";
import type { Pixel } from "./gestures";
import { GROWTH, NAMES, type NameLook, RAISED } from "./names";
import type { Palette } from "./palette";
import { districtLines } from "./shapes";
import { mercator, pixelAt, worldSize, type Size, type View } from "./view";

/** Pixels of that zoom from which a bend is seen. */
const FINE = 0.7;
/** Paths are made once, in pixels of this zoom. */
const ZOOM = 10;
/** Pixels around a name that no other may touch. */
const ROOM = 4;
/** Pixels beyond the edge from which no name reaches in. */
const FAR = 60;
/** Widths of the shade within the coast, from its edge inwards. */
const SHADES = [0.5, 1];
/** How far below its middle a name stands, in its own size: where MapLibre sets it. */
export const SINK = 0.2;

/** What is drawn of a municipality; each part is made when it is drawn for the first time. */
export interface Art {
  middle: [number, number];
  coast: boolean;
  land(): Path2D;
  lines(): Lines;
  names(): [NameLook, Place[]][];
}

interface Lines {
  outside: Path2D;
  districts: Path2D;
  boundary: Path2D;
}

/** The parts of the picture of `base`. */
export function stillArt(base: Base): Art {
  const middle = mercator(base.boundary.geometry.coordinates[0]?.[0]?.[0] ?? [0, 0]);
  const size = worldSize(ZOOM);
  const pixel = (at: Position): Pixel => {
    const [east, south] = mercator(at);
    return [(east - middle[0]) * size, (south - middle[1]) * size];
  };
  const land = (base.land ?? base.boundary).geometry.coordinates.flat();
  const heavy = (a: Place, b: Place) => b.properties.weight - a.properties.weight;
  return {
    middle,
    coast: base.land !== null,
    land: once(() => drawn(land, pixel, softened)),
    lines: once(() => {
      const boundary = drawn(base.boundary.geometry.coordinates.flat(), pixel, straight);
      const outside = new Path2D(boundary);
      const far = size / 8;
      outside.rect(-far, -far, 2 * far, 2 * far);
      const districts = districtLines(base).features.map((line) => line.geometry.coordinates);
      return { boundary, outside, districts: drawn(districts, pixel, straight) };
    }),
    names: once(() => [...NAMES].reverse().map((look) => [look, base.places.features.filter((place) => look.kinds.includes(place.properties.kind)).sort(heavy)])),
  };
}

/** What `make` makes, made when it is asked for first. */
function once<T>(make: () => T): () => T {
  let made: { it: T } | undefined;
  return () => (made ??= { it: make() }).it;
}

type Pen2D = (path: Path2D, corners: Pixel[]) => void;

/** Lines as a path, without bends that nobody sees. */
function drawn(lines: Position[][], pixel: (at: Position) => Pixel, pen: Pen2D): Path2D {
  const path = new Path2D();
  for (const line of lines) {
    let [lastX, lastY] = [NaN, NaN];
    const corners: Pixel[] = [];
    line.forEach((at, index) => {
      const [x, y] = pixel(at);
      if (index < line.length - 1 && Math.hypot(x - lastX, y - lastY) < FINE) return;
      corners.push([x, y]);
      [lastX, lastY] = [x, y];
    });
    pen(path, corners);
  }
  return path;
}

const straight: Pen2D = (path, corners) => {
  corners.forEach(([x, y], index) => (index ? path.lineTo(x, y) : path.moveTo(x, y)));
};

/** A ring whose corners are cut (Chaikin, 1974) without end: the curve through the middles of its sides. */
const softened: Pen2D = (path, ring) => {
  const corners = ring.slice(0, -1);
  const last = corners.at(-1);
  if (!last || corners.length < 4) return straight(path, ring);
  const between = ([x, y]: Pixel, [u, v]: Pixel): Pixel => [(x + u) / 2, (y + v) / 2];
  path.moveTo(...between(last, corners[0] ?? last));
  corners.forEach((corner, index) => path.quadraticCurveTo(...corner, ...between(corner, corners[(index + 1) % corners.length] ?? corner)));
  path.closePath();
};

/** Left, top, right and bottom in pixels. */
export type Box = [number, number, number, number];

/**
 * The parts of the picture, from the sea upwards; each is drawn when it is asked for. `context` counts in pixels of the
 * page. `data` draws what lies below the names and says where they have no room.
 */
export function* drawStill(context: CanvasRenderingContext2D, art: Art, at: { view: View; size: Size }, c: Palette, data: () => Box[]): Generator<void, void, void> {
  const { view, size } = at;
  context.fillStyle = art.coast ? c.sea : c.land;
  context.fillRect(0, 0, size.width, size.height);
  context.save();
  const scale = 2 ** (view.zoom - ZOOM);
  const [x, y] = mercator(view.center);
  context.translate(size.width / 2 - (x - art.middle[0]) * worldSize(view.zoom), size.height / 2 - (y - art.middle[1]) * worldSize(view.zoom));
  context.scale(scale, scale);
  context.lineJoin = "miter";
  context.miterLimit = 2;
  yield* ground(context, art, c, pen(context, view.zoom, scale));
  context.restore();
  const taken = data();
  for (const [look, places] of art.names()) {
    if (view.zoom >= look.minzoom) names(context, look, places, { at, c, taken });
  }
}

type Stroke = (path: Path2D, colour: string, width: number, opacity?: number, dash?: number[]) => void;

interface Pen {
  stroke: Stroke;
  /** A width at zoom 9 and at zoom 14. */
  wide(small: number, large: number): number;
}

/** Strokes in pixels of the page, whatever the scale. */
function pen(context: CanvasRenderingContext2D, zoom: number, scale: number): Pen {
  return {
    stroke(path, colour, width, opacity = 1, dash = []) {
      context.strokeStyle = colour;
      context.globalAlpha = opacity;
      context.lineWidth = width / scale;
      context.setLineDash(dash.map((part) => (part * width) / scale));
      context.stroke(path);
      context.globalAlpha = 1;
    },
    wide: (small, large) => small + (large - small) * Math.min(Math.max((zoom - 9) / 5, 0), 1),
  };
}

function* ground(context: CanvasRenderingContext2D, art: Art, c: Palette, { stroke, wide }: Pen): Generator<void, void, void> {
  const land = art.land();
  yield;
  if (art.coast) {
    // One wave of the live map's two: each line along the whole coast costs a cheap telephone ten milliseconds.
    stroke(land, c.wave, 2 * wide(1.7, 6) + 1.2, 0.5);
    stroke(land, c.sea, 2 * wide(1.7, 6) - 1.2);
  }
  context.fillStyle = c.land;
  context.fill(land, "evenodd");
  if (art.coast) {
    for (const part of SHADES) {
      yield;
      context.save();
      context.clip(land, "evenodd");
      stroke(land, c.shade, wide(6, 20) * part, 0.2);
      context.restore();
    }
  }
  stroke(land, c.coast, wide(0.7, 1.6));
  yield;
  const { outside, districts, boundary } = art.lines();
  context.fillStyle = c.veil;
  context.fill(outside, "evenodd");
  stroke(districts, c.district, 1, 0.75, [4, 3]);
  stroke(boundary, c.border, 1.4, 0.7, [8, 2, 1.5, 2]);
  yield;
}

function names(context: CanvasRenderingContext2D, look: NameLook, places: Place[], on: { at: { view: View; size: Size }; c: Palette; taken: Box[] }): void {
  const { view, size } = on.at;
  const letters = look.size * (1 + (GROWTH - 1) * Math.min(Math.max((view.zoom - 9) / 5, 0), 1));
  const family = getComputedStyle(document.documentElement).fontFamily;
  Object.assign(context, { font: `${look.cut === "semibold" ? 600 : 400} ${letters}px ${family}`, textAlign: "center", textBaseline: "middle", lineJoin: "round", lineWidth: 3.2 });
  context.setLineDash([]);
  context.strokeStyle = on.c.halo;
  context.fillStyle = on.c[look.colour];
  for (const place of places) {
    const [x, point] = pixelAt(view, size, place.geometry.coordinates);
    const y = point + SINK * letters;
    if (x < -FAR || y < -FAR || x > size.width + FAR || y > size.height + FAR) continue;
    const lines = wrapped(context, place.properties.name, 8 * letters);
    const half = Math.max(...lines.map((line) => context.measureText(line).width)) / 2 + ROOM;
    const tall = lines.length * letters * 0.6 + ROOM;
    const middle = y + { below: tall + letters * 0.3, above: -letters * (lines.length * 0.6 + RAISED), on: 0 }[look.stands ?? "on"];
    const box: Box = [x - half, middle - tall, x + half, middle + tall];
    if (!take(on.taken, box)) continue;
    lines.forEach((line, index) => {
      const top = middle + (index - (lines.length - 1) / 2) * letters * 1.2;
      context.strokeText(line, x, top);
      context.fillText(line, x, top);
    });
  }
}

/** Takes the room of `box`, where nobody has it. */
export function take(taken: Box[], box: Box): boolean {
  if (taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) return false;
  taken.push(box);
  return true;
}

/** A name in lines of about the same length, none longer than `most` where it can be helped. */
function wrapped(context: CanvasRenderingContext2D, name: string, most: number): string[] {
  const wide = (text: string) => context.measureText(text).width;
  const aim = wide(name) / Math.ceil(wide(name) / most);
  const lines: string[] = [];
  for (const word of name.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && wide(`${last} ${word}`) <= Math.max(aim * 1.1, most / 2)) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
