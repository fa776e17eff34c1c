/** The resident's map: one tap sets the pin, several draw a stretch or an area. It begins as a still picture. */

import type { Feature, Position } from "geojson";
import type { Base } from "../api/base";
import { handOver } from "./hand-over";
import { pinElement } from "./pin";
import type { LivePins } from "./report-map";
import { inside } from "./shapes";
import { stillMap, type Overlay } from "./still";
import type { Edges } from "./view";

/** What is marked on the map. */
export type Shape = "point" | "line" | "polygon";

/** What the form asks of the map. */
export interface PinMap {
  /** Shows the pin at a position without choosing it. */
  show(longitude: number, latitude: number): void;
  /** Chooses a position as a tap does. */
  choose(longitude: number, latitude: number): void;
  /** What the next taps mark; forgets what was drawn. */
  mark(shape: Shape): void;
  /** Takes the last corner back. */
  undo(): void;
  /** Takes pin and drawing away. */
  clear(): void;
  /** Fits the map to its changed container. */
  resize(): void;
  /** What the map is called. */
  name(words: string): void;
}

/** What the map tells the form. */
export interface PinListener {
  chosen(longitude: number, latitude: number): void;
  drawn(shape: Shape, corners: Position[]): void;
  refused(): void;
}

const EDGES: Edges = { top: 16, right: 56, bottom: 40, left: 24 };
/** A place that is shown is seen from at least so near. */
const NEAR = 12.5;

/** Makes the map in `container`: still at first, live once somebody turns to it. */
export function pinMap(container: HTMLElement, base: Base, listener: PinListener): PinMap {
  let shape: Shape = "point";
  let corners: Position[] = [];
  let pin: [number, number] | null = null;
  let live: LivePins | undefined;
  let begun: Promise<void> | undefined;
  const choose = (longitude: number, latitude: number) => {
    if (!inside(base, [longitude, latitude])) return listener.refused();
    if (shape !== "point") {
      corners = [...corners, [longitude, latitude]];
      return redraw();
    }
    stand([longitude, latitude]);
    listener.chosen(longitude, latitude);
  };
  const wanted = () => void (begun ??= begin());
  const overlay = { over: sketch(() => drawing(shape, corners)) };
  const still = stillMap(container, base, { edges: EDGES, overlay }, { tapped: choose, wanted });
  const sign = pinElement();
  const stand = (at: [number, number] | null) => {
    pin = at;
    if (live) live.stand(at);
    else still.stand(sign, at);
  };
  const redraw = () => {
    if (live) live.draw(drawing(shape, corners));
    else still.redraw();
    listener.drawn(shape, corners);
  };
  const begin = () =>
    handOver(container, still, async (box, view) => (await import("./report-map")).livePins(box, base, { view, tapped: choose }), (made) => {
      live = made;
      made.name(still.canvas.getAttribute("aria-label") ?? "");
      made.draw(drawing(shape, corners));
      made.stand(pin);
      if (pin) made.show(pin, NEAR);
    });
  const show = (longitude: number, latitude: number) => {
    stand([longitude, latitude]);
    if (live) return live.show([longitude, latitude], NEAR);
    still.show([longitude, latitude], NEAR);
    // Streets are only on the live map.
    if (base.basemap) wanted();
  };
  if (base.basemap) whenIdle(wanted);
  return {
    show,
    choose(longitude, latitude) {
      if (shape === "point" && inside(base, [longitude, latitude])) show(longitude, latitude);
      choose(longitude, latitude);
    },
    mark(next) {
      shape = next;
      corners = [];
      stand(null);
      redraw();
      if (shape !== "point") wanted();
    },
    undo() {
      corners = corners.slice(0, -1);
      redraw();
    },
    clear() {
      corners = [];
      stand(null);
      redraw();
    },
    resize() {
      live?.resize();
      if (pin && shape === "point") (live ?? still).centre(pin);
    },
    name(words) {
      still.canvas.setAttribute("aria-label", words);
    },
  };
}

/** Streets are worth waiting for where the telephone and its owner's data can take it. */
function whenIdle(start: () => void): void {
  const { deviceMemory = 4, connection } = navigator as Navigator & { deviceMemory?: number; connection?: { saveData?: boolean } };
  if (deviceMemory >= 4 && !connection?.saveData) (window.requestIdleCallback ?? setTimeout)(start);
}

/** What was drawn so far, on the picture. */
function sketch(drawn: () => Feature): NonNullable<Overlay["over"]> {
  return (context, place, colours) => {
    const { geometry } = drawn();
    const corners = geometry.type === "Polygon" ? (geometry.coordinates[0] ?? []) : geometry.type === "LineString" || geometry.type === "MultiPoint" ? geometry.coordinates : [];
    const dots = corners.map(place);
    context.beginPath();
    for (const at of dots) context.lineTo(...at);
    Object.assign(context, { strokeStyle: colours.primary, lineWidth: 4 });
    context.stroke();
    if (geometry.type === "Polygon") {
      Object.assign(context, { fillStyle: colours.primary, globalAlpha: 0.18 });
      context.fill();
      context.globalAlpha = 1;
    }
    Object.assign(context, { fillStyle: colours.card, lineWidth: 2 });
    for (const at of dots) {
      context.beginPath();
      context.arc(...at, 6, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
    }
  };
}

/** The corners so far as one feature. */
function drawing(shape: Shape, corners: Position[]): Feature {
  const closed = shape === "polygon" && corners.length > 2;
  const geometry: Feature["geometry"] = closed
    ? { type: "Polygon", coordinates: [[...corners, corners[0] ?? []]] }
    : corners.length > 1
      ? { type: "LineString", coordinates: corners }
      : { type: "MultiPoint", coordinates: corners };
  return { type: "Feature", properties: {}, geometry };
}
