/** The life of a map: made once, fitted to where people live, capped at what it knows. */

import "maplibre-gl/dist/maplibre-gl.css";
import "../styles/map.css";
import { AttributionControl, Map as MapView, NavigationControl, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import type { Base } from "../api/base";
import { isNight, onTheme } from "../enhance/site";
import { t } from "../i18n/messages";
import { COMPACT, credits } from "./credits";
import { palette } from "./palette";
import { chart } from "./style";
import { limits, type View } from "./view";

setWorkerUrl(workerUrl);

/** What a page does with its map. */
export interface Chart {
  map: MapView;
  /** Calls `draw` now and after each change of theme, which wipes what was added. */
  onStyle(draw: (map: MapView) => void): void;
}

/** Options of a map. */
export interface ChartOptions {
  padding?: number | { top: number; right: number; bottom: number; left: number };
  quiet?: boolean;
  /** How far out one may go; a municipality fills the map by itself. */
  minZoom?: number;
  /** Where it opens; else it fits where people live. */
  view?: View;
}

/** Leaves the sign that opens the credits: open, they would cover the foot of a small map. */
function foldCredits(container: HTMLElement): void {
  const shown = container.querySelector(".maplibregl-ctrl-attrib");
  shown?.removeAttribute("open");
  shown?.classList.remove("maplibregl-compact-show");
}

/** Makes a map of `base` in `container`; resolves when it can be drawn on. */
export async function createChart(container: HTMLElement, base: Base, options: ChartOptions = {}): Promise<Chart> {
  const within = limits(base);
  const map = new MapView({
    container,
    style: chart(base, palette(isNight())),
    ...(options.view ?? { bounds: within.first }),
    fitBoundsOptions: { padding: options.padding ?? 48, maxZoom: within.fitZoom },
    minZoom: options.minZoom ?? within.minZoom,
    maxZoom: within.maxZoom,
    maxBounds: within.box,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150,
    locale: {
      "NavigationControl.ZoomIn": t("map.zoom_in"),
      "NavigationControl.ZoomOut": t("map.zoom_out"),
      "AttributionControl.ToggleAttribution": t("map.credits_toggle"),
    },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  const compact = container.clientWidth < COMPACT;
  map.addControl(new AttributionControl({ compact, customAttribution: credits(base) }), "bottom-right");
  if (compact) foldCredits(container);
  if (!options.quiet) map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  const draws: ((map: MapView) => void)[] = [];
  onTheme(() => {
    map.setStyle(chart(base, palette(isNight())), { diff: false });
    void map.once("style.load", () => draws.forEach((draw) => draw(map)));
  });
  await map.once("load");
  container.dataset["ready"] = "true";
  return {
    map,
    onStyle(draw) {
      draws.push(draw);
      draw(map);
    },
  };
}
