/** Where a map looks, in Web Mercator as MapLibre reckons it: a still picture and the live map lie on each other. */

import type { Position } from "geojson";
import type { Base } from "../api/base";
import { box, type Box } from "./shapes";

/** The middle of a map, longitude and latitude, and how near it is. */
export interface View {
  center: [number, number];
  zoom: number;
}

/** Pixels of a map. */
export interface Size {
  width: number;
  height: number;
}

/** Pixels kept free along the edges. */
export interface Edges {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

/** What a map of a municipality may show. */
export interface Limits {
  /** What the first view fits, and how near it may come. */
  first: Box;
  fitZoom: number;
  minZoom: number;
  maxZoom: number;
  /** What the map never leaves. */
  box: Box;
}

/** Pixels of the world at zoom 0. */
const WORLD = 512;
const MARGIN = 0.12;

/** The limits of the map of `base`. */
export function limits(base: Base): Limits {
  const whole = box(base.boundary.geometry.coordinates);
  return {
    first: base.view ?? whole,
    fitZoom: base.basemap ? 15 : 12.5,
    minZoom: 7.5,
    // Without streets the map does not pretend to know the ground.
    maxZoom: base.basemap ? 18 : 14,
    box: [whole[0] - MARGIN, whole[1] - MARGIN / 2, whole[2] + MARGIN, whole[3] + MARGIN / 2],
  };
}

/** A position in the square of the world, from 0 to 1 eastwards and southwards. */
export function mercator([longitude = 0, latitude = 0]: Position): [number, number] {
  const north = Math.log(Math.tan(Math.PI / 4 + (latitude * Math.PI) / 360));
  return [(180 + longitude) / 360, (180 - (180 / Math.PI) * north) / 360];
}

/** The position at a place in the square of the world. */
export function unmercator(x: number, y: number): [number, number] {
  return [x * 360 - 180, (360 / Math.PI) * Math.atan(Math.exp(((180 - y * 360) * Math.PI) / 180)) - 90];
}

/** Pixels of the whole world at a zoom. */
export function worldSize(zoom: number): number {
  return WORLD * 2 ** zoom;
}

/** The first view. */
export function fit(within: Limits, size: Size, edges: Edges): View {
  const [west, north] = mercator([within.first[0], within.first[3]]);
  const [east, south] = mercator([within.first[2], within.first[1]]);
  const across = Math.max(size.width - edges.left - edges.right, 1) / (east - west);
  const down = Math.max(size.height - edges.top - edges.bottom, 1) / (south - north);
  const zoom = Math.min(Math.log2(Math.min(across, down) / WORLD), within.fitZoom);
  const pixel = 1 / worldSize(zoom);
  const x = (west + east) / 2 - ((edges.left - edges.right) / 2) * pixel;
  const y = (north + south) / 2 - ((edges.top - edges.bottom) / 2) * pixel;
  return hold(within, size, { center: unmercator(x, y), zoom });
}

/** The view nearest to the wanted one that stays within the limits. */
export function hold(within: Limits, size: Size, wanted: View): View {
  const [west, north] = mercator([within.box[0], within.box[3]]);
  const [east, south] = mercator([within.box[2], within.box[1]]);
  const least = Math.log2(Math.max(size.width / (east - west), size.height / (south - north)) / WORLD);
  const zoom = Math.max(Math.min(Math.max(wanted.zoom, within.minZoom), within.maxZoom), least);
  const pixel = 1 / worldSize(zoom);
  const [x, y] = mercator(wanted.center);
  return { zoom, center: unmercator(between(x, west, east, size.width * pixel), between(y, north, south, size.height * pixel)) };
}

/** A middle from which `extent` around it stays between two ends. */
function between(middle: number, from: number, to: number, extent: number): number {
  return extent >= to - from ? (from + to) / 2 : Math.min(Math.max(middle, from + extent / 2), to - extent / 2);
}

/** The view after its picture was moved by pixels. */
export function moved(view: View, dx: number, dy: number): View {
  const [x, y] = mercator(view.center);
  const pixel = 1 / worldSize(view.zoom);
  return { ...view, center: unmercator(x - dx * pixel, y - dy * pixel) };
}

/** The view after zooming by `steps` around a pixel, which stays where it is. */
export function zoomed(within: Limits, size: Size, view: View, steps: number, [left, top]: [number, number]): View {
  const { zoom } = hold(within, size, { ...view, zoom: view.zoom + steps });
  const [dx, dy] = [left - size.width / 2, top - size.height / 2];
  return moved({ ...moved(view, -dx, -dy), zoom }, dx, dy);
}

/** Where a position is on a map, in pixels. */
export function pixelAt(view: View, size: Size, at: Position): [number, number] {
  const [x, y] = mercator(at);
  const [middleX, middleY] = mercator(view.center);
  const world = worldSize(view.zoom);
  return [size.width / 2 + (x - middleX) * world, size.height / 2 + (y - middleY) * world];
}

/** The position under a pixel of a map. */
export function positionAt(view: View, size: Size, [left, top]: [number, number]): [number, number] {
  return moved(view, size.width / 2 - left, size.height / 2 - top).center;
}
