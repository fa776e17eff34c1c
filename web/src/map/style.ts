/** Our own map, drawn like a printed chart of the coast. */

import type { LayerSpecification, StyleSpecification } from "maplibre-gl";
import type { Base } from "../api/base";
import { groundLayers, groundNames, groundSource, shoreSource } from "./ground";
import { GROWTH, NAMES, RAISED } from "./names";
import type { Palette } from "./palette";
import { coastLines, districtLines, drawnLand, outside } from "./shapes";

const REGULAR = ["Fyren"];
/** The heavier of the two cuts of the map. */
export const SEMIBOLD = ["Fyren Semibold"];

/** The layer below which data are drawn, so that names stay readable. */
export const BELOW_NAMES = "stops";

/** The whole style: nothing is asked of anybody but our own server. */
export function chart(base: Base, colours: Palette): StyleSpecification {
  const land = drawnLand(base.basemap?.coast ? { ...base, land: null } : base);
  const tiles = base.basemap ? groundSource(base, base.basemap) : {};
  return {
    version: 8,
    sources: {
      ...tiles,
      land: { type: "geojson", data: land },
      coast: { type: "geojson", data: coastLines(land) },
      outside: { type: "geojson", data: outside(base) },
      boundary: { type: "geojson", data: base.boundary },
      districts: { type: "geojson", data: districtLines(base) },
      places: { type: "geojson", data: base.places },
    },
    layers: [
      ...ground(colours, base),
      ...points(colours),
      ...(base.basemap ? groundNames(colours) : []),
      ...names(colours),
    ],
  };
}

function ground(c: Palette, base: Base): LayerSpecification[] {
  const coast = base.land !== null || base.basemap?.coast === true;
  const shore = shoreSource(base, "coast");
  const line = (id: string, paint: Record<string, unknown>): LayerSpecification =>
    ({ id, type: "line", ...shore, layout: { "line-join": "round" }, paint }) as LayerSpecification;
  const wide = (small: number, large: number) => ["interpolate", ["linear"], ["zoom"], 9, small, 14, large];
  return [
    { id: "sea", type: "background", paint: { "background-color": coast ? c.sea : c.land } },
    line("wave-2", { "line-color": c.wave, "line-width": 1, "line-blur": 0.6, "line-opacity": 0.4, "line-offset": wide(3.4, 13) }),
    line("wave-1", { "line-color": c.wave, "line-width": 1.2, "line-blur": 0.4, "line-opacity": 0.75, "line-offset": wide(1.7, 6) }),
    { id: "land", type: "fill", ...shoreSource(base, "land"), paint: { "fill-color": c.land, "fill-antialias": true } } as LayerSpecification,
    line("shade", { "line-color": c.shade, "line-width": wide(4, 14), "line-blur": wide(4, 12), "line-offset": wide(-2, -6), "line-opacity": 0.55 }),
    ...(base.basemap ? groundLayers(c) : []),
    line("coast", { "line-color": c.coast, "line-width": wide(0.7, 1.6) }),
    { id: "veil", type: "fill", source: "outside", paint: { "fill-color": c.veil } },
    {
      id: "districts",
      type: "line",
      source: "districts",
      paint: { "line-color": c.district, "line-width": 1, "line-dasharray": [4, 3], "line-opacity": 0.75 },
    },
    {
      id: "boundary",
      type: "line",
      source: "boundary",
      paint: { "line-color": c.border, "line-width": 1.4, "line-dasharray": [8, 2, 1.5, 2], "line-opacity": 0.7 },
    },
  ];
}

function points(c: Palette): LayerSpecification[] {
  const ring = (id: string, kind: string, fill: string, radius: number): LayerSpecification => ({
    id,
    type: "circle",
    source: "places",
    minzoom: 12,
    filter: ["==", ["get", "kind"], kind],
    paint: {
      "circle-radius": radius,
      "circle-color": fill,
      "circle-stroke-color": c.seaInk,
      "circle-stroke-width": 1.4,
    },
  });
  return [ring("stops", "stop", c.card, 2.6), ring("harbours", "harbour", c.seaInk, 3), ring("amenities", "amenity", c.ink2, 2.6)];
}

function names(c: Palette): LayerSpecification[] {
  return NAMES.map(({ id, kinds, minzoom, size, cut, colour, stands }) => ({
    id,
    type: "symbol",
    source: "places",
    minzoom,
    filter: ["in", ["get", "kind"], ["literal", kinds]],
    layout: {
      "text-field": ["get", "name"],
      "text-font": cut === "regular" ? REGULAR : SEMIBOLD,
      "text-size": ["interpolate", ["linear"], ["zoom"], 9, size, 14, size * GROWTH],
      "text-max-width": 8,
      "text-padding": 4,
      "symbol-sort-key": ["-", 0, ["get", "weight"]],
      ...(stands === "above" ? { "text-anchor": "bottom", "text-offset": [0, -RAISED] } : {}),
      ...(stands === "below"
        ? { "text-variable-anchor": ["top", "bottom", "left", "right"], "text-radial-offset": 0.6, "text-justify": "auto" }
        : {}),
    },
    paint: { "text-color": c[colour], "text-halo-color": c.halo, "text-halo-width": 1.6, "text-halo-blur": 0.4 },
  }));
}
