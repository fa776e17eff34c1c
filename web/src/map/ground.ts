/** What imported tiles add to the chart: streets, buildings, green, water and their names. */

import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import type { Base, Tiles } from "../api/base";
import type { Palette } from "./palette";

const SOURCE = "ground";
const REGULAR = ["Fyren"];
const SEMIBOLD = ["Fyren Semibold"];

/** Streets from the widest to the narrowest, with their width in pixels at zoom 12, 15 and 18. */
const STREETS: readonly [classes: string[], minzoom: number, widths: [number, number, number]][] = [
  [["pedestrian", "service"], 13.5, [0.4, 2.6, 9]],
  [["minor"], 12, [0.5, 4.6, 16]],
  [["middle"], 11, [1, 6, 19]],
  [["main"], 9, [1.8, 7.5, 22]],
  [["motorway"], 8, [2.2, 8.5, 24]],
];

/** The source of the tiles, by version, so that a new import has new addresses. */
export function groundSource(base: Base, tiles: Tiles): StyleSpecification["sources"] {
  return {
    [SOURCE]: {
      type: "vector",
      tiles: [`${location.origin}/tiles/${base.code}/basemap/{z}/{x}/{y}.mvt?v=${tiles.version}`],
      minzoom: tiles.minZoom,
      maxzoom: tiles.maxZoom,
    },
  };
}

/** Where land and coast come from: the tiles where they have them, else the document. */
export function shoreSource(base: Base, layer: "land" | "coast"): { source: string; "source-layer"?: string } {
  return base.basemap?.coast ? { source: SOURCE, "source-layer": layer } : { source: layer };
}

/** Everything that lies on the ground, below districts and data. */
export function groundLayers(c: Palette): LayerSpecification[] {
  return [...greens(c), ...waters(c), ...tracks(c), ...streets(c), ...buildings(c), ...lamps(c)];
}

/** The names of streets, waters and places, above the data. */
export function groundNames(c: Palette): LayerSpecification[] {
  const g = c.ground;
  const halo = { "text-halo-color": c.halo, "text-halo-width": 1.5, "text-halo-blur": 0.3 };
  const along = (id: string, classes: string[], minzoom: number, size: number): LayerSpecification => ({
    id,
    type: "symbol",
    source: SOURCE,
    "source-layer": "roads",
    minzoom,
    filter: ["all", ["has", "name"], among(classes)],
    layout: {
      "symbol-placement": "line",
      "text-field": ["get", "name"],
      "text-font": REGULAR,
      "text-size": ["interpolate", ["linear"], ["zoom"], 14, size, 18, size * 1.4],
      "text-padding": 6,
      "symbol-spacing": 320,
      "text-max-angle": 32,
      "text-letter-spacing": 0.02,
    },
    paint: { "text-color": g.streetInk, ...halo },
  });
  const at = (id: string, layer: string, classes: string[], look: { minzoom: number; size: number; font: string[]; colour: string }): LayerSpecification => ({
    id,
    type: "symbol",
    source: SOURCE,
    "source-layer": layer,
    minzoom: look.minzoom,
    filter: ["all", ["has", "name"], among(classes)],
    layout: {
      "text-field": ["get", "name"],
      "text-font": look.font,
      "text-size": ["interpolate", ["linear"], ["zoom"], 11, look.size, 16, look.size * 1.25],
      "text-max-width": 8,
      "text-padding": 5,
    },
    paint: { "text-color": look.colour, ...halo },
  });
  return [
    along("names-paths", ["path", "steps", "pedestrian", "service", "track"], 16, 10),
    along("names-streets", ["minor"], 14, 10.5),
    along("names-roads", ["main", "middle", "motorway"], 13, 11),
    at("names-pois", "pois", ["stop", "harbour", "amenity"], { minzoom: 15.5, size: 9.5, font: REGULAR, colour: c.ink2 }),
    at("names-water", "water", ["lake"], { minzoom: 13, size: 10.5, font: REGULAR, colour: c.seaInk }),
    at("names-spots", "places", ["locality"], { minzoom: 13.5, size: 10.5, font: REGULAR, colour: c.ink2 }),
    at("names-quarters", "places", ["hamlet"], { minzoom: 12.5, size: 11.5, font: REGULAR, colour: c.ink }),
    at("names-suburbs", "places", ["village"], { minzoom: 11, size: 12, font: SEMIBOLD, colour: c.ink }),
    at("names-cities", "places", ["town"], { minzoom: 8, size: 14.5, font: SEMIBOLD, colour: c.ink }),
  ];
}

function among(classes: string[]): ExpressionSpecification {
  return ["in", ["get", "class"], ["literal", classes]];
}

function greens(c: Palette): LayerSpecification[] {
  const g = c.ground;
  const colour: ExpressionSpecification = [
    "match", ["get", "class"],
    "wood", g.wood, "heath", g.wood, "field", g.park, "park", g.park,
    "pitch", g.pitch, "beach", g.beach, "rock", g.square, "square", g.square, g.park,
  ];
  return [
    { id: "green", type: "fill", source: SOURCE, "source-layer": "green", paint: { "fill-color": colour, "fill-opacity": fade(11, 12.5) } },
    { id: "piers-area", type: "fill", source: SOURCE, "source-layer": "piers", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": c.land } },
    { id: "piers", type: "line", source: SOURCE, "source-layer": "piers", paint: { "line-color": c.coast, "line-width": grow(0.8, 2, 3) } },
  ];
}

function waters(c: Palette): LayerSpecification[] {
  return [
    { id: "water", type: "fill", source: SOURCE, "source-layer": "water", paint: { "fill-color": c.sea } },
    { id: "water-edge", type: "line", source: SOURCE, "source-layer": "water", minzoom: 12, paint: { "line-color": c.ground.waterInk, "line-width": 0.8 } },
    {
      id: "waterways",
      type: "line",
      source: SOURCE,
      "source-layer": "waterways",
      paint: { "line-color": c.ground.waterInk, "line-width": grow(0.8, 2.2, 6) },
    },
  ];
}

function tracks(c: Palette): LayerSpecification[] {
  const g = c.ground;
  const line = (id: string, classes: string[], minzoom: number, paint: Record<string, unknown>): LayerSpecification =>
    ({
      id,
      type: "line",
      source: SOURCE,
      "source-layer": "roads",
      minzoom,
      filter: among(classes),
      layout: { "line-join": "round", "line-cap": "butt" },
      paint,
    }) as LayerSpecification;
  return [
    line("ferries", ["ferry"], 9, { "line-color": c.seaInk, "line-width": 1, "line-dasharray": [5, 4], "line-opacity": 0.5 }),
    line("paths", ["path"], 14, { "line-color": g.path, "line-width": grow(0.6, 1.1, 2.4), "line-dasharray": [3, 1.6] }),
    line("steps", ["steps"], 14.5, { "line-color": g.path, "line-width": grow(1, 2, 5), "line-dasharray": [0.5, 0.5] }),
    line("tracks", ["track"], 13, { "line-color": g.path, "line-width": grow(0.7, 1.4, 3), "line-dasharray": [6, 2] }),
    line("rails", ["rail"], 10.5, { "line-color": g.rail, "line-width": grow(0.8, 1.6, 3) }),
    line("sleepers", ["rail"], 14, { "line-color": g.rail, "line-width": grow(2, 5, 9), "line-dasharray": [0.2, 2.2] }),
  ];
}

/** Edges of all streets first, so that crossings are open. */
function streets(c: Palette): LayerSpecification[] {
  const g = c.ground;
  const line = (kind: "edge" | "street", at: number): LayerSpecification => {
    const [classes, minzoom, widths] = STREETS[at] ?? [[], 12, [1, 2, 3]];
    const main = at > 2;
    const extra = kind === "edge" ? 1.6 : 0;
    const colour = kind === "edge" ? (main ? g.mainEdge : g.streetEdge) : main ? g.main : g.street;
    return {
      id: `${kind}-${classes[0]}`,
      type: "line",
      source: SOURCE,
      "source-layer": "roads",
      minzoom,
      filter: among(classes),
      layout: { "line-join": "round", "line-cap": kind === "edge" ? "butt" : "round" },
      paint: { "line-color": colour, "line-width": grow(widths[0] + extra * 0.6, widths[1] + extra, widths[2] + extra * 1.4) },
    };
  };
  const all = STREETS.map((_, at) => at);
  return [...all.map((at) => line("edge", at)), ...all.map((at) => line("street", at))];
}

function buildings(c: Palette): LayerSpecification[] {
  const g = c.ground;
  return [
    { id: "buildings", type: "fill", source: SOURCE, "source-layer": "buildings", minzoom: 13, paint: { "fill-color": g.building, "fill-opacity": fade(13, 14.2) } },
    {
      id: "buildings-edge",
      type: "line",
      source: SOURCE,
      "source-layer": "buildings",
      minzoom: 14.5,
      paint: { "line-color": g.buildingEdge, "line-width": grow(0.3, 0.6, 1.2) },
    },
  ];
}

function lamps(c: Palette): LayerSpecification[] {
  return [
    {
      id: "lamps",
      type: "circle",
      source: SOURCE,
      "source-layer": "lamps",
      minzoom: 15.5,
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 15.5, 1.4, 18, 3.6],
        "circle-color": c.ground.lamp,
        "circle-stroke-color": c.ground.streetEdge,
        "circle-stroke-width": 0.8,
      },
    },
  ];
}

/** A width in pixels at zoom 12, 15 and 18. */
function grow(far: number, middle: number, close: number): ExpressionSpecification {
  return ["interpolate", ["exponential", 1.4], ["zoom"], 12, far, 15, middle, 18, close];
}

function fade(from: number, to: number): ExpressionSpecification {
  return ["interpolate", ["linear"], ["zoom"], from, 0, to, 1];
}
