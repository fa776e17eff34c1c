/** Several municipalities as one map: each with its count, and its hot spots. */

import type { Feature, FeatureCollection, MultiPolygon, Position } from "geojson";
import type { GeoJSONSource, Map as MapView } from "maplibre-gl";
import type { AreaMember, Spots } from "../api/area";
import type { Base, Place } from "../api/base";
import { isNight } from "../enhance/site";
import { createChart } from "./create";
import { palette } from "./palette";
import { BELOW_NAMES, SEMIBOLD } from "./style";

/** The map as the page drives it. */
export interface AreaMap {
  spots(spots: Spots): void;
  focus(code: string | null): void;
}

/** Places of a municipality that are named on a map of several. */
const NAMED = 3;

/** The ground of several municipalities as if it were one, whose districts they are. */
export function joined(bases: Base[]): Base {
  const shapes = (of: (base: Base) => Feature<MultiPolygon>): Feature<MultiPolygon> => ({
    type: "Feature", properties: {}, geometry: { type: "MultiPolygon", coordinates: bases.flatMap((base) => of(base).geometry.coordinates) },
  });
  const largest = (base: Base): Place[] =>
    [...base.places.features].filter((place) => place.properties.kind === "town" || place.properties.kind === "village").sort((a, b) => b.properties.weight - a.properties.weight).slice(0, NAMED);
  return {
    code: "", name: "", view: null, basemap: null,
    boundary: shapes((base) => base.boundary),
    land: shapes((base) => base.land ?? base.boundary),
    districts: { type: "FeatureCollection", features: bases.map(({ boundary, code, name }) => ({ ...boundary, properties: { code, name } })) },
    places: { type: "FeatureCollection", features: bases.flatMap(largest) },
  };
}

/** Makes the map in `container`; `open` hears which municipality was clicked. */
export async function areaMap(container: HTMLElement, bases: Base[], members: AreaMember[], open: (code: string) => void): Promise<AreaMap> {
  const { map, onStyle } = await createChart(container, joined(bases), { padding: 24, minZoom: 6.5 });
  let spots: Spots = { type: "FeatureCollection", features: [] };
  let focused: string | null = null;
  const most = Math.max(...members.map((member) => member.reports), 1);
  const counts: FeatureCollection = {
    type: "FeatureCollection",
    features: bases.map((base): Feature => {
      const member = members.find((one) => one.code === base.code);
      const count = member?.reports ?? 0;
      return { type: "Feature", properties: { code: base.code, name: base.name, count: String(count), size: Math.sqrt(count / most) }, geometry: { type: "Point", coordinates: heart(base) } };
    }),
  };
  const grounds: FeatureCollection = { type: "FeatureCollection", features: bases.map(({ boundary, code }) => ({ ...boundary, properties: { code } })) };
  onStyle(() => {
    addLayers(map, grounds, counts);
    set(map, spots);
    mark(map, focused);
  });
  for (const layer of ["area-ground", "area-count"]) {
    map.on("click", layer, (event) => {
      const code: unknown = event.features?.[0]?.properties["code"];
      if (typeof code === "string" && !event.originalEvent.defaultPrevented) {
        event.originalEvent.preventDefault();
        open(code);
      }
    });
    map.on("mouseenter", layer, () => map.getCanvas().classList.add("is-pointing"));
    map.on("mouseleave", layer, () => map.getCanvas().classList.remove("is-pointing"));
  }
  new ResizeObserver(() => map.resize()).observe(container);
  return {
    spots(next) {
      spots = next;
      set(map, spots);
    },
    focus(code) {
      focused = code;
      mark(map, code);
    },
  };
}

/** Where people of a municipality are: the place that weighs most, else the middle. */
function heart(base: Base): Position {
  const [first] = [...base.places.features].sort((a, b) => b.properties.weight - a.properties.weight);
  if (base.view) return [(base.view[0] + base.view[2]) / 2, (base.view[1] + base.view[3]) / 2];
  return first?.geometry.coordinates ?? [0, 0];
}

function addLayers(map: MapView, grounds: FeatureCollection, counts: FeatureCollection): void {
  const c = palette(isNight());
  map.addSource("area-grounds", { type: "geojson", data: grounds });
  map.addSource("area-counts", { type: "geojson", data: counts });
  map.addSource("area-spots", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
  map.addLayer({ id: "area-ground", type: "fill", source: "area-grounds", paint: { "fill-color": c.primary, "fill-opacity": 0.01 } }, BELOW_NAMES);
  map.addLayer({ id: "area-focus", type: "fill", source: "area-grounds", filter: ["==", ["get", "code"], ""], paint: { "fill-color": c.primary, "fill-opacity": 0.14 } }, BELOW_NAMES);
  const line = (id: string, statuses: string[], paint: object) =>
    map.addLayer({ id, type: "line", source: "area-spots", filter: ["in", ["get", "status"], ["literal", statuses]], paint: { "line-color": c.ink, "line-width": 2, ...paint } }, BELOW_NAMES);
  line("area-spots-case", ["confirmed", "watch"], { "line-color": c.halo, "line-width": 5, "line-opacity": 0.8 });
  line("area-spots-firm", ["confirmed"], {});
  line("area-spots-watch", ["watch"], { "line-dasharray": [3, 1.6] });
  const size: ["get", string] = ["get", "size"];
  map.addLayer({
    id: "area-count",
    type: "circle",
    source: "area-counts",
    paint: { "circle-radius": ["interpolate", ["linear"], size, 0, 15, 1, 34], "circle-color": "#A72A3B", "circle-opacity": 0.86, "circle-stroke-color": c.card, "circle-stroke-width": 2 },
  });
  map.addLayer({ id: "area-number", type: "symbol", source: "area-counts", layout: { "text-field": ["get", "count"], "text-font": SEMIBOLD, "text-size": 15, "text-allow-overlap": true }, paint: { "text-color": "#FFFFFF" } });
  map.addLayer({
    id: "area-name",
    type: "symbol",
    source: "area-counts",
    layout: { "text-field": ["get", "name"], "text-font": SEMIBOLD, "text-size": 17, "text-offset": [0, -2.6], "text-allow-overlap": true },
    paint: { "text-color": c.ink, "text-halo-color": c.halo, "text-halo-width": 2 },
  });
}

function set(map: MapView, spots: Spots): void {
  void map.getSource<GeoJSONSource>("area-spots")?.setData(spots);
}

function mark(map: MapView, code: string | null): void {
  map.setFilter("area-focus", ["==", ["get", "code"], code ?? ""]);
}
