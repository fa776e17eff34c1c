/** How each staff layer is drawn: colour always beside a pattern, an outline or a number. */

import type { FeatureCollection } from "geojson";
import type { LayerSpecification, Map as MapView } from "maplibre-gl";
import { tiledLayers } from "./event-tiles";
import type { Palette } from "./palette";
import { BELOW_NAMES } from "./style";

/** What can be shown and hidden. */
export type LayerName = "heat" | "hotspots" | "reports" | "incidents" | "visits" | "coverage" | "told" | "areas";

/** The drawn layers of each name; those of tiles are there only where there are many events. */
export const LAYERS_OF: Record<LayerName, string[]> = {
  heat: ["heat", "heat-edge"],
  hotspots: ["hotspots-hit", "hotspots-case", "hotspots-firm", "hotspots-double", "hotspots-watch", "hotspots-few", "hotspots-number"],
  reports: ["reports", ...tiledLayers("reports")],
  incidents: ["incidents", "incidents-edge", ...tiledLayers("incidents")],
  visits: ["visits", ...tiledLayers("visits")],
  coverage: ["coverage"],
  told: ["told", "told-edge", "told-number"],
  areas: ["areas-case", "areas", "areas-name"],
};

const EMPTY: FeatureCollection = { type: "FeatureCollection", features: [] };

/** Adds empty sources and their layers below the names. */
export function addStaffLayers(map: MapView, c: Palette): void {
  for (const name of [...Object.keys(LAYERS_OF), "focus", "labels", "areas-names"]) map.addSource(name, { type: "geojson", data: EMPTY });
  for (const layer of [...surfaces(c), ...outlines(c), ...events(c)]) map.addLayer(layer, BELOW_NAMES);
  map.addLayer(numbers(c));
  for (const layer of told(c)) map.addLayer(layer);
}

function surfaces(c: Palette): LayerSpecification[] {
  return [
    { id: "coverage", type: "fill", source: "coverage", layout: { visibility: "none" }, paint: { "fill-color": ["get", "colour"], "fill-opacity": 0.55 } },
    { id: "heat", type: "fill", source: "heat", paint: { "fill-color": ["get", "colour"], "fill-opacity": 0.66 } },
    { id: "heat-edge", type: "line", source: "heat", paint: { "line-color": ["get", "colour"], "line-width": 1 } },
    { id: "incidents", type: "fill", source: "incidents", paint: { "fill-color": c.primary, "fill-opacity": 0.06 } },
    {
      id: "incidents-edge",
      type: "line",
      source: "incidents",
      paint: { "line-color": c.primary, "line-width": 1.2, "line-dasharray": [2, 2], "line-opacity": 0.8 },
    },
  ];
}

function outlines(c: Palette): LayerSpecification[] {
  const line = (id: string, status: string[], paint: Record<string, unknown>): LayerSpecification =>
    ({
      id,
      type: "line",
      source: "hotspots",
      filter: ["in", ["get", "status"], ["literal", status]],
      paint: { "line-color": c.ink, "line-width": 2.2, ...paint },
    }) as LayerSpecification;
  return [
    { id: "focus", type: "line", source: "focus", layout: { "line-join": "round" }, paint: { "line-color": c.fyr, "line-width": 11, "line-opacity": 0.45 } },
    { id: "hotspots-hit", type: "fill", source: "hotspots", paint: { "fill-color": c.ink, "fill-opacity": 0.02 } },
    // Under each outline one of the ground's tone, so that it stands clear of the heat by night too.
    line("hotspots-case", ["confirmed", "watch"], { "line-color": c.halo, "line-width": 5, "line-opacity": 0.75 }),
    line("hotspots-firm", ["confirmed"], {}),
    line("hotspots-double", ["confirmed"], { "line-width": 1.2, "line-offset": 4 }),
    line("hotspots-watch", ["watch"], { "line-dasharray": [3, 1.6] }),
    line("hotspots-few", ["too_few"], { "line-dasharray": [0.4, 1.6], "line-width": 1.8 }),
  ];
}

function events(c: Palette): LayerSpecification[] {
  return [
    {
      id: "visits",
      type: "circle",
      source: "visits",
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 9, 2.2, 14, 6],
        "circle-color": "#1E7F77",
        "circle-stroke-color": c.card,
        "circle-stroke-width": 1.2,
        "circle-opacity": 0.85,
      },
    },
    {
      id: "reports",
      type: "circle",
      source: "reports",
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 9, 2.4, 14, 6.5],
        "circle-color": ["case", ["get", "safePlace"], c.card, ["get", "quarantined"], "rgba(0,0,0,0)", "#A72A3B"],
        "circle-stroke-color": ["case", ["get", "safePlace"], "#1E6B45", "#A72A3B"],
        "circle-stroke-width": ["case", ["get", "safePlace"], 2, 1.2],
        "circle-opacity": 0.9,
      },
    },
  ];
}

/** What is told by others or was decided before: squares with their rank, and the borders of patrol areas. */
function told(c: Palette): LayerSpecification[] {
  const text = { "text-font": ["Fyren Semibold"], "text-size": 13 };
  return [
    { id: "told", type: "fill", source: "told", paint: { "fill-color": c.primary, "fill-opacity": 0.14 } },
    { id: "told-edge", type: "line", source: "told", paint: { "line-color": c.primary, "line-width": 2, "line-dasharray": [1, 1] } },
    { id: "told-number", type: "symbol", source: "told", layout: { ...text, "text-field": ["to-string", ["get", "rank"]], "text-allow-overlap": true }, paint: { "text-color": c.primary, "text-halo-color": c.halo, "text-halo-width": 2 } },
    { id: "areas-case", type: "line", source: "areas", layout: { "line-join": "round", visibility: "none" }, paint: { "line-color": c.halo, "line-width": 6, "line-opacity": 0.8 } },
    { id: "areas", type: "line", source: "areas", layout: { "line-join": "round", visibility: "none" }, paint: { "line-color": c.primary, "line-width": 2.6 } },
    { id: "areas-name", type: "symbol", source: "areas-names", layout: { ...text, "text-field": ["get", "name"], visibility: "none" }, paint: { "text-color": c.ink, "text-halo-color": c.halo, "text-halo-width": 2 } },
  ];
}

function numbers(c: Palette): LayerSpecification {
  return {
    id: "hotspots-number",
    type: "symbol",
    source: "labels",
    layout: {
      "text-field": ["get", "label"],
      "text-font": ["Fyren Semibold"],
      "text-size": 15,
      "text-allow-overlap": true,
    },
    paint: { "text-color": c.ink, "text-halo-color": c.halo, "text-halo-width": 2 },
  };
}
