/** The life of a map: made once, fitted to where people live, capped at what it knows. */

import "maplibre-gl/dist/maplibre-gl.css";
import "../styles/map.css";
import { AttributionControl, Map as MapView, NavigationControl, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import type { Base } from "../api/base";
import { isNight, onTheme } from "../enhance/site";
import { t } from "../i18n/messages";
import { palette } from "./palette";
import { bounds } from "./shapes";
import { chart } from "./style";

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
}

/** Whom to name: what is shipped where it is shown, and the imported tiles. */
function credits(base: Base): string {
  if (!base.basemap) return t("map.credits");
  const { attribution } = base.basemap;
  if (base.places.features.length === 0) return attribution;
  return t("map.credits").includes(attribution) ? t("map.credits") : `${attribution} · ${t("map.credits")}`;
}

/** Leaves the sign that opens the credits: open, they would cover the foot of a small map. */
function foldCredits(container: HTMLElement): void {
  const shown = container.querySelector(".maplibregl-ctrl-attrib");
  shown?.removeAttribute("open");
  shown?.classList.remove("maplibregl-compact-show");
}

/** Makes a map of `base` in `container`; resolves when it can be drawn on. */
export async function createChart(container: HTMLElement, base: Base, options: ChartOptions = {}): Promise<Chart> {
  const whole = bounds(base.boundary.geometry);
  const margin = 0.12;
  const map = new MapView({
    container,
    style: chart(base, palette(isNight())),
    bounds: base.view ?? whole,
    fitBoundsOptions: { padding: options.padding ?? 48, maxZoom: base.basemap ? 15 : 12.5 },
    minZoom: options.minZoom ?? 7.5,
    // Without streets the map does not pretend to know the ground.
    maxZoom: base.basemap ? 18 : 14,
    maxBounds: [whole[0] - margin, whole[1] - margin / 2, whole[2] + margin, whole[3] + margin / 2],
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
  const compact = container.clientWidth < 640;
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
