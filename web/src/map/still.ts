/** The still picture of the map: there at once, it can be moved, zoomed and tapped until the live map has come. */

import "../styles/still.css";
import type { Position } from "geojson";
import type { Base } from "../api/base";
import { button, element } from "../enhance/elements";
import { isNight, onTheme } from "../enhance/site";
import { t } from "../i18n/messages";
import { COMPACT, credits } from "./credits";
import { connectGestures, type Pixel } from "./gestures";
import { palette, type Palette } from "./palette";
import { drawStill, stillArt, type Box } from "./still-art";
import { fit, hold, limits, moved, pixelAt, positionAt, zoomed, type Edges, type Size, type View } from "./view";

/** Draws on the picture; `place` gives the pixel of a position. */
type Drawing<Said> = (context: CanvasRenderingContext2D, place: (at: Position) => Pixel, colours: Palette) => Said;

/** What a page adds to the chart. */
export interface Overlay {
  /** Below the names: says which room they do not have. */
  under?: Drawing<Box[]>;
  over?: Drawing<void>;
}

/** What the picture tells. */
export interface StillListener {
  /** A place was tapped, or chosen in the middle with Enter. */
  tapped(longitude: number, latitude: number): void;
  /** Somebody turns to the map: it is pointed at, touched or reached by key. */
  wanted(): void;
}

/** The picture as its page drives it. */
export interface Still {
  canvas: HTMLCanvasElement;
  view(): View;
  /** Whether a finger is on it. */
  held(): boolean;
  /** Goes to a place, and at least so near. */
  show(at: [number, number], least: number): void;
  centre(at: [number, number]): void;
  redraw(): void;
  /** Stands a sign on a position; takes it away with nothing. */
  stand(sign: HTMLElement, at: [number, number] | null): void;
  /** Gives way to the live map in `box`. */
  leave(box: HTMLElement): void;
}

/** Pictures are drawn this fine at most: more is not seen. */
const FINEST = 2;
/** Milliseconds until the picture has faded, as its style says. */
const FADE = 200;

/** How the picture opens and what is on it. */
export interface StillOptions {
  edges: Edges;
  overlay: Overlay;
}

/** Draws `base` into `container`. */
export function stillMap(container: HTMLElement, base: Base, { edges, overlay }: StillOptions, listener: StillListener): Still {
  const within = limits(base);
  const art = stillArt(base);
  const box = element("div", "still");
  const canvas = document.createElement("canvas");
  canvas.className = "still__canvas";
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "region");
  let size: Size = { width: container.clientWidth, height: container.clientHeight };
  let view = size.width && size.height ? fit(within, size, edges) : undefined;
  let frame = 0;
  /** What is left of the first picture: it is drawn part by part, so that nothing waits for it long. */
  let first: Generator<void, void, void> | undefined;
  let standing: { sign: HTMLElement; at: [number, number] } | undefined;
  const parts = function* (): Generator<void, void, void> {
    if (!view || !size.width || !size.height) return;
    const seen = view;
    const fine = Math.min(devicePixelRatio || 1, FINEST);
    [canvas.width, canvas.height] = [Math.round(size.width * fine), Math.round(size.height * fine)];
    const context = canvas.getContext("2d");
    if (!context) return;
    context.scale(fine, fine);
    const colours = palette(isNight());
    const place = (at: Position) => pixelAt(seen, size, at);
    if (standing) {
      const [x, y] = place(standing.at);
      standing.sign.style.transform = `translate(${x}px, ${y}px) translate(-50%, -100%)`;
    }
    yield* drawStill(context, art, { view: seen, size }, colours, () => overlay.under?.(context, place, colours) ?? []);
    overlay.over?.(context, place, colours);
    container.dataset["still"] ??= "true";
  };
  const begin = () => {
    frame = 0;
    if (first?.next().done === false) frame = requestAnimationFrame(begin);
  };
  const draw = () => {
    frame = 0;
    for (const part of parts()) void part;
  };
  const redraw = () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(draw);
  };
  const look = (next: View) => {
    view = hold(within, size, next);
    redraw();
  };
  const middle = (): Pixel => [size.width / 2, size.height / 2];
  const zoom = (steps: number, around = middle()) => view && look(zoomed(within, size, view, steps, around));
  const held = connectGestures(canvas, {
    moved: (dx, dy) => view && look(moved(view, dx, dy)),
    zoomed: zoom,
    tapped: (at = middle()) => view && listener.tapped(...positionAt(view, size, at)),
  });
  box.append(canvas, ...controls(size.width, base, zoom));
  container.append(box);
  first = parts();
  frame = requestAnimationFrame(begin);
  const measure = () => {
    const now = { width: container.clientWidth, height: container.clientHeight };
    if (now.width === size.width && now.height === size.height) return;
    size = now;
    if (size.width && size.height) look(view ?? fit(within, size, edges));
  };
  const sized = new ResizeObserver(measure);
  sized.observe(container);
  onTheme(redraw);
  if (document.fonts.status !== "loaded") void document.fonts.ready.then(redraw);
  for (const sign of ["pointerenter", "pointerdown", "focusin", "wheel"]) box.addEventListener(sign, () => listener.wanted(), { passive: true });
  return {
    canvas,
    view: () => view ?? fit(within, size, edges),
    held,
    show: (center, least) => look({ center, zoom: Math.max(view?.zoom ?? 0, least) }),
    centre: (center) => view && look({ ...view, center }),
    redraw,
    stand(sign, at) {
      standing = at ? { sign, at } : undefined;
      sign.classList.add("still__sign");
      if (at) box.append(sign);
      else sign.remove();
      redraw();
    },
    leave(live) {
      handFocus(box, live);
      sized.disconnect();
      cancelAnimationFrame(frame);
      view = undefined;
      delete container.dataset["still"];
      box.classList.add("is-leaving");
      setTimeout(() => box.remove(), matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : FADE);
    },
  };
}

/** The buttons and the credits, where the live map has its own. */
function controls(width: number, base: Base, zoom: (steps: number) => void): HTMLElement[] {
  const group = element("div", "still__zoom");
  const make = (name: string, words: string, line: string, steps: number) => {
    const made = button(`still__${name}`, "");
    made.setAttribute("aria-label", words);
    made.innerHTML = `<svg viewBox="0 0 29 29" aria-hidden="true"><path d="${line}"/></svg>`;
    made.addEventListener("click", () => zoom(steps));
    return made;
  };
  group.append(make("in", t("map.zoom_in"), "M14.5 10v9M10 14.5h9", 1), make("out", t("map.zoom_out"), "M10 14.5h9", -1));
  const named = document.createElement("details");
  named.className = "still__credits";
  const sign = document.createElement("summary");
  sign.setAttribute("aria-label", t("map.credits_toggle"));
  sign.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="7.2"/><path d="M12 8.6v.1M12 12v3.4"/></svg>`;
  named.append(sign, credits(base));
  const wide = width >= COMPACT;
  named.open = wide;
  named.classList.toggle("is-wide", wide);
  return [named, group];
}

/** What had the focus in the picture has it in the live map. */
function handFocus(still: HTMLElement, live: HTMLElement): void {
  const focused = document.activeElement;
  if (!focused || !still.contains(focused)) return;
  const twin = focused.matches(".still__in") ? ".maplibregl-ctrl-zoom-in" : focused.matches(".still__out") ? ".maplibregl-ctrl-zoom-out" : "canvas";
  live.querySelector<HTMLElement>(twin)?.focus({ preventScroll: true });
}
