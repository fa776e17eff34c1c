/** Events that are too many to be sent one by one: drawn from tiles, a square of many as a circle with its number. */

import type { ExpressionSpecification, LayerSpecification, Map as MapView, VectorTileSource } from "maplibre-gl";
import type { EventLayer, Many } from "../api/staff";
import type { Palette } from "./palette";
import { BELOW_NAMES } from "./style";

/** Where a circle of metres is drawn, which Mercator makes wider towards the poles. */
const EARTH_M = 40_075_017;
const TILE_PX = 512;
const DEEPEST = 18;

/** The drawn layers of each layer of events that has tiles. */
export function tiledLayers(name: EventLayer): string[] {
  return [`${name}-few`, `${name}-many`, `${name}-number`];
}

/** The layer whose features stand for many each. */
export function manyLayer(name: EventLayer): string {
  return `${name}-many`;
}

/** Draws `name` from its tiles, or no longer where there are none. Says whether layers were added. */
export function showTiles(map: MapView, name: EventLayer, many: Many | undefined, c: Palette): boolean {
  const id = `${name}-tiles`;
  const source = map.getSource<VectorTileSource>(id);
  if (!many) {
    if (!source) return false;
    for (const layer of tiledLayers(name)) map.removeLayer(layer);
    map.removeSource(id);
    return false;
  }
  // The fragment is never sent; it tells one generation from the next.
  const address = `${many.tiles}#${encodeURIComponent(many.generation)}`;
  if (source) {
    if (source.tiles[0] !== address) source.setTiles([address]);
    return false;
  }
  map.addSource(id, { type: "vector", tiles: [address], minzoom: 0, maxzoom: DEEPEST });
  for (const layer of layers(name, id, c, map.getCenter().lat)) map.addLayer(layer, BELOW_NAMES);
  return true;
}

function layers(name: EventLayer, source: string, c: Palette, latitude: number): LayerSpecification[] {
  const shared = { source, "source-layer": name };
  const colour = { reports: "#A72A3B", visits: "#1E7F77", incidents: c.primary }[name];
  const single: ExpressionSpecification = ["==", ["get", "count"], 1];
  return [
    { id: `${name}-few`, type: "circle", ...shared, filter: single, paint: few(name, colour, c, latitude) },
    {
      id: manyLayer(name),
      type: "circle",
      ...shared,
      filter: ["!", single],
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["sqrt", ["get", "count"]], 1, 6, 3.2, 8.5, 10, 12, 32, 15, 100, 17],
        "circle-color": colour,
        "circle-opacity": 0.88,
        "circle-stroke-color": c.card,
        "circle-stroke-width": 1.2,
      },
    },
    {
      id: `${name}-number`,
      type: "symbol",
      ...shared,
      filter: ["!", single],
      layout: {
        "text-field": ["case", [">=", ["get", "count"], 10_000], ["concat", ["to-string", ["round", ["/", ["get", "count"], 1000]]], "k"], ["to-string", ["get", "count"]]],
        "text-font": ["Fyren Semibold"],
        "text-size": ["interpolate", ["linear"], ["sqrt", ["get", "count"]], 1, 8.5, 10, 10.5, 100, 12],
        "text-allow-overlap": true,
        "text-ignore-placement": true,
      },
      paint: { "text-color": name === "incidents" ? c.card : "#FFFFFF" },
    },
  ];
}

/** One event as the layer draws it elsewhere; a square of many with a single event says nothing but its category. */
function few(name: EventLayer, colour: string, c: Palette, latitude: number): Record<string, unknown> {
  if (name === "incidents") {
    const metres: ExpressionSpecification = ["max", ["coalesce", ["get", "precisionM"], 25], 25];
    const pixels = (zoom: number): ExpressionSpecification => ["*", metres, (TILE_PX * 2 ** zoom) / (EARTH_M * Math.cos((latitude * Math.PI) / 180))];
    return {
      "circle-radius": ["interpolate", ["exponential", 2], ["zoom"], 0, pixels(0), DEEPEST, pixels(DEEPEST)],
      "circle-color": colour,
      "circle-opacity": 0.06,
      "circle-stroke-color": colour,
      "circle-stroke-opacity": 0.8,
      "circle-stroke-width": 1.2,
    };
  }
  const safe: ExpressionSpecification = ["coalesce", ["get", "safePlace"], false];
  const aside: ExpressionSpecification = ["coalesce", ["get", "quarantined"], false];
  return {
    "circle-radius": ["interpolate", ["linear"], ["zoom"], 9, 2.4, 14, 6.5],
    "circle-color": ["case", safe, c.card, aside, "rgba(0,0,0,0)", colour],
    "circle-stroke-color": name === "visits" ? c.card : ["case", safe, "#1E6B45", colour],
    "circle-stroke-width": ["case", safe, 2, 1.2],
    "circle-opacity": 0.9,
  };
}
