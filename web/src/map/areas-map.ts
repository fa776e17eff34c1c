/** The map of patrol areas: thick outlines and numbers; the tint says who has more and who has less than an even share. */

import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from "geojson";
import type { GeoJSONSource, Map as MapView } from "maplibre-gl";
import type { Base } from "../api/base";
import { isNight } from "../enhance/site";
import { createChart } from "./create";
import { palette } from "./palette";
import { box, middle } from "./shapes";
import { BELOW_NAMES, SEMIBOLD } from "./style";

/** One piece of ground on the map. */
export interface DrawnArea {
  key: string;
  label: string;
  /** Its share beside an even one: 0 is even, 1 is twice as much, −1 is nothing. */
  off: number;
  shape: MultiPolygon | Polygon;
  at?: Position | null;
}

/** The map as the page drives it. */
export interface AreasMap {
  show(areas: DrawnArea[]): void;
  focus(key: string | null): void;
}

/** How far from even a tint is at its strongest. */
const FAR = 0.6;

/** Makes the map in `container`; `choose` hears which area was clicked. */
export async function areasMap(container: HTMLElement, base: Base, choose: (key: string) => void): Promise<AreasMap> {
  const padding = { top: 36, right: 56, bottom: 44, left: 40 };
  const { map, onStyle } = await createChart(container, base, { padding });
  let areas: DrawnArea[] = [];
  let focused: string | null = null;
  onStyle(() => {
    addLayers(map);
    fill(map, areas);
    ring(map, focused);
  });
  map.on("click", "areas-fill", (event) => {
    const key: unknown = event.features?.[0]?.properties["key"];
    if (typeof key === "string") choose(key);
  });
  map.on("mouseenter", "areas-fill", () => map.getCanvas().classList.add("is-pointing"));
  map.on("mouseleave", "areas-fill", () => map.getCanvas().classList.remove("is-pointing"));
  new ResizeObserver(() => map.resize()).observe(container);
  return {
    show(next) {
      // All of the areas at first: the view of where people live cuts off the outer ones.
      if (!areas.length && next.length) map.fitBounds(box(next.map(({ shape }) => shape.coordinates)), { padding, duration: 0 });
      areas = next;
      fill(map, areas);
    },
    focus(key) {
      focused = key;
      ring(map, key);
    },
  };
}

function addLayers(map: MapView): void {
  const c = palette(isNight());
  const empty: FeatureCollection = { type: "FeatureCollection", features: [] };
  for (const name of ["areas", "areas-labels"]) map.addSource(name, { type: "geojson", data: empty });
  const off: ["get", string] = ["get", "off"];
  map.addLayer(
    {
      id: "areas-fill",
      type: "fill",
      source: "areas",
      paint: {
        "fill-color": ["case", [">=", off, 0], isNight() ? "#F08F4F" : "#D9573A", isNight() ? "#4FB0A0" : "#1E7F77"],
        "fill-opacity": ["interpolate", ["linear"], ["abs", off], 0, 0.05, FAR, isNight() ? 0.65 : 0.5],
      },
    },
    BELOW_NAMES,
  );
  const layout = { "line-join": "round" } as const;
  map.addLayer({ id: "areas-case", type: "line", source: "areas", layout, paint: { "line-color": c.halo, "line-width": 6, "line-opacity": 0.85 } }, BELOW_NAMES);
  map.addLayer({ id: "areas-edge", type: "line", source: "areas", layout, paint: { "line-color": c.primary, "line-width": 2.6 } }, BELOW_NAMES);
  map.addLayer({ id: "areas-chosen", type: "line", source: "areas", layout, filter: ["==", ["get", "key"], ""], paint: { "line-color": c.ink, "line-width": 5 } }, BELOW_NAMES);
  map.addLayer({ id: "areas-dot", type: "circle", source: "areas-labels", paint: { "circle-radius": 15, "circle-color": c.primary, "circle-stroke-color": c.card, "circle-stroke-width": 2 }, filter: ["has", "short"] });
  map.addLayer({
    id: "areas-label",
    type: "symbol",
    source: "areas-labels",
    layout: { "text-field": ["get", "label"], "text-font": SEMIBOLD, "text-size": ["case", ["has", "short"], 15, 13], "text-allow-overlap": true },
    paint: { "text-color": ["case", ["has", "short"], c.card, c.ink], "text-halo-color": c.halo, "text-halo-width": ["case", ["has", "short"], 0, 2] },
  });
}

function fill(map: MapView, areas: DrawnArea[]): void {
  const set = (name: string, features: Feature[]) => map.getSource<GeoJSONSource>(name)?.setData({ type: "FeatureCollection", features });
  const off = ({ off: value }: DrawnArea) => Math.max(-FAR, Math.min(FAR, value));
  set("areas", areas.map((area) => ({ type: "Feature", properties: { key: area.key, off: off(area) }, geometry: area.shape })));
  set("areas-labels", areas.map((area) => ({
    type: "Feature",
    properties: { label: area.label, ...(area.label.length < 3 ? { short: true } : {}) },
    geometry: { type: "Point", coordinates: area.at ?? middle(area.shape) },
  })));
}

function ring(map: MapView, key: string | null): void {
  map.setFilter("areas-chosen", ["==", ["get", "key"], key ?? ""]);
}
