/** The planner's map: rounds as lines that differ by dash and number, districts by whether their floor is met. */

import type { Feature, FeatureCollection } from "geojson";
import { Marker, type GeoJSONSource, type Map as MapView } from "maplibre-gl";
import type { Base } from "../api/base";
import type { Plan } from "../api/plans";
import { isNight } from "../enhance/site";
import { createChart } from "./create";
import { palette } from "./palette";
import { BELOW_NAMES, SEMIBOLD } from "./style";

/** The map as the page drives it. */
export interface PlanMap {
  show(plan: Plan | null): void;
  focus(key: string | null): void;
  pick(listener: ((longitude: number, latitude: number) => void) | null): void;
  resize(): void;
}

/** What the map tells the page. */
export interface PlanListener {
  stop(key: string): void;
}

const EMPTY: FeatureCollection = { type: "FeatureCollection", features: [] };
/** How the lines of rounds differ without colour; the same on paper. */
const DASHES = [[1], [3, 1.5], [0.6, 1.4], [5, 1.5, 1, 1.5]];

/** Makes the map in `container`. */
export async function planMap(container: HTMLElement, base: Base, listener: PlanListener): Promise<PlanMap> {
  const { map, onStyle } = await createChart(container, base, { padding: { top: 36, right: 56, bottom: 56, left: 40 } });
  let plan: Plan | null = null;
  let focused: string | null = null;
  let picking: ((longitude: number, latitude: number) => void) | null = null;
  const ring = new Marker({ element: ringElement() });
  onStyle(() => {
    addLayers(map);
    fill(map, base, plan);
  });
  map.on("click", (event) => {
    if (picking) return picking(event.lngLat.lng, event.lngLat.lat);
    const [hit] = map.queryRenderedFeatures(event.point, { layers: ["plan-stops"] });
    if (hit) listener.stop(String(hit.properties["key"]));
  });
  map.on("mouseenter", "plan-stops", () => map.getCanvas().classList.add("is-pointing"));
  map.on("mouseleave", "plan-stops", () => map.getCanvas().classList.remove("is-pointing"));
  const focus = (key: string | null) => {
    focused = key;
    ring.remove();
    const stop = plan?.rounds.flatMap((round) => round.stops).find((one) => one.key === key);
    if (!stop) return;
    ring.setLngLat([stop.longitude, stop.latitude]).addTo(map);
    if (!map.getBounds().contains([stop.longitude, stop.latitude])) map.easeTo({ center: [stop.longitude, stop.latitude] });
  };
  return {
    show(next) {
      const first = plan === null;
      plan = next;
      fill(map, base, plan);
      if (first && plan) fit(map, plan);
      focus(focused);
    },
    focus,
    pick(next) {
      picking = next;
      map.getCanvas().classList.toggle("is-picking", next !== null);
    },
    resize() {
      map.resize();
    },
  };
}

function ringElement(): HTMLElement {
  const made = document.createElement("div");
  made.className = "ring";
  return made;
}

function fit(map: MapView, plan: Plan): void {
  const places = plan.rounds.flatMap((round) => [round.base, ...round.stops]);
  if (!places.length) return;
  const east = places.map((place) => place.longitude);
  const north = places.map((place) => place.latitude);
  map.fitBounds([Math.min(...east), Math.min(...north), Math.max(...east), Math.max(...north)], { padding: 56, maxZoom: 13, duration: 0 });
}

function addLayers(map: MapView): void {
  const c = palette(isNight());
  for (const name of ["plan-districts", "plan-lines", "plan-stops", "plan-bases"]) map.addSource(name, { type: "geojson", data: EMPTY });
  map.addLayer({ id: "plan-unmet", type: "fill", source: "plan-districts", paint: { "fill-color": c.fyr, "fill-opacity": 0.12 } }, BELOW_NAMES);
  map.addLayer({ id: "plan-unmet-edge", type: "line", source: "plan-districts", paint: { "line-color": c.fyr, "line-width": 2, "line-dasharray": [2, 2] } }, BELOW_NAMES);
  DASHES.forEach((dash, at) => {
    const filter: ["==", ["get", string], number] = ["==", ["get", "dash"], at];
    const layout = { "line-join": "round", "line-cap": at === 2 ? "round" : "butt" } as const;
    map.addLayer({ id: `plan-case-${at}`, type: "line", source: "plan-lines", filter, layout, paint: { "line-color": c.halo, "line-width": 6 } }, BELOW_NAMES);
    map.addLayer({ id: `plan-line-${at}`, type: "line", source: "plan-lines", filter, layout, paint: { "line-color": c.primary, "line-width": 2.6, ...(at ? { "line-dasharray": dash } : {}) } }, BELOW_NAMES);
  });
  map.addLayer({ id: "plan-bases", type: "circle", source: "plan-bases", paint: { "circle-radius": 6, "circle-color": c.card, "circle-stroke-color": c.ink, "circle-stroke-width": 3 } });
  map.addLayer({ id: "plan-stops", type: "circle", source: "plan-stops", paint: { "circle-radius": 12, "circle-color": ["case", ["get", "must"], c.ink, c.primary], "circle-stroke-color": c.card, "circle-stroke-width": 2 } });
  map.addLayer({ id: "plan-numbers", type: "symbol", source: "plan-stops", layout: { "text-field": ["get", "label"], "text-font": SEMIBOLD, "text-size": 12, "text-allow-overlap": true }, paint: { "text-color": c.card } });
}

function fill(map: MapView, base: Base, plan: Plan | null): void {
  const set = (name: string, features: Feature[]) => map.getSource<GeoJSONSource>(name)?.setData({ type: "FeatureCollection", features });
  const many = (plan?.rounds.length ?? 0) > 1;
  const rounds = (plan?.features ?? []).filter((feature) => feature.properties?.["kind"] === "round");
  set("plan-lines", rounds.map((line) => ({ ...line, properties: { dash: Number(line.properties?.["round"]) % DASHES.length } })));
  const stops = (plan?.rounds ?? []).flatMap((round) => round.stops.map((stop): Feature => ({
    type: "Feature",
    properties: { key: stop.key, must: stop.must, label: many ? `${round.unit.slice(0, 1)}${stop.order}` : String(stop.order) },
    geometry: { type: "Point", coordinates: [stop.longitude, stop.latitude] },
  })));
  set("plan-stops", stops);
  set("plan-bases", (plan?.rounds ?? []).map(({ base: at }): Feature => ({ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [at.longitude, at.latitude] } })));
  const unmet = new Set((plan?.floors ?? []).filter((floor) => !floor.met).map((floor) => floor.district));
  set("plan-districts", base.districts.features.filter((district) => unmet.has(district.properties.code)));
}
