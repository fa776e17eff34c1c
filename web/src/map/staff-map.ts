/** The staff map: heat, hot spots, incidents, visits, coverage, reports as they come. */

import type { FeatureCollection, Position } from "geojson";
import { Marker, Popup, type GeoJSONSource, type Map as MapView } from "maplibre-gl";
import type { Base } from "../api/base";
import type { Picture } from "../api/staff";
import { isNight } from "../enhance/site";
import { precisionCircles } from "./circles";
import { createChart } from "./create";
import { NEED, palette, PRESENCE } from "./palette";
import { addStaffLayers, LAYERS_OF, type LayerName } from "./staff-layers";

/** The staff map as the app drives it. */
export interface StaffMap {
  show(picture: Picture): void;
  toggle(name: LayerName, visible: boolean): void;
  focus(feature: { geometry: { coordinates: unknown } } | undefined): void;
  flash(position: Position): void;
  flyTo(longitude: number, latitude: number): void;
  pick(listener: ((longitude: number, latitude: number) => void) | null): void;
  resize(): void;
}

/** What the map tells the app. */
export interface StaffListener {
  words(layer: LayerName, properties: Record<string, unknown>): string;
  hotspot(rank: number): void;
}

const EMPTY: FeatureCollection = { type: "FeatureCollection", features: [] };

/** Makes the map in `container`. */
export async function staffMap(container: HTMLElement, base: Base, listener: StaffListener): Promise<StaffMap> {
  const chart = await createChart(container, base, { padding: { top: 36, right: 60, bottom: 70, left: 48 } });
  const { map } = chart;
  let picture: Picture | undefined;
  let picking: ((longitude: number, latitude: number) => void) | null = null;
  const hidden = new Set<LayerName>();
  chart.onStyle(() => {
    addStaffLayers(map, palette(isNight()));
    if (picture) fill(map, picture);
    for (const name of hidden) setVisible(map, name, false);
  });
  const popup = new Popup({ closeButton: false, maxWidth: "280px", className: "card-popup" });
  connectPopups(map, popup, listener, () => picking === null);
  map.on("click", (event) => {
    if (picking) picking(event.lngLat.lng, event.lngLat.lat);
  });
  return {
    show(next) {
      picture = next;
      fill(map, next);
    },
    toggle(name, visible) {
      if (visible) hidden.delete(name);
      else hidden.add(name);
      setVisible(map, name, visible);
    },
    focus(feature) {
      setData(map, "focus", feature ? ({ type: "FeatureCollection", features: [feature] } as FeatureCollection) : EMPTY);
      if (feature) map.fitBounds(box(feature.geometry.coordinates), { padding: 120, maxZoom: 13 });
    },
    flash(position) {
      const element = document.createElement("div");
      element.className = "flash";
      const marker = new Marker({ element }).setLngLat(position as [number, number]).addTo(map);
      setTimeout(() => marker.remove(), 8000);
    },
    flyTo(longitude, latitude) {
      map.easeTo({ center: [longitude, latitude], zoom: Math.max(map.getZoom(), 12.5) });
    },
    pick(next) {
      picking = next;
      map.getCanvas().classList.toggle("is-picking", next !== null);
    },
    resize() {
      map.resize();
    },
  };
}

function fill(map: MapView, picture: Picture): void {
  setData(map, "heat", ramped(picture.heat as FeatureCollection));
  setData(map, "hotspots", picture.hotspots as FeatureCollection);
  setData(map, "reports", placed(picture.reports as FeatureCollection));
  setData(map, "incidents", precisionCircles(picture.incidents));
  setData(map, "visits", placed(picture.visits as FeatureCollection));
  setData(map, "coverage", covered(picture));
}

function placed(features: FeatureCollection): FeatureCollection {
  return { type: "FeatureCollection", features: features.features.filter((feature) => feature.geometry !== null) };
}

/** Bands with their colour by order, so that a colour means the same while zooming. */
function ramped(heat: FeatureCollection): FeatureCollection {
  const features = heat.features.map((feature, at) => ({
    ...feature,
    properties: { ...feature.properties, colour: NEED[Math.min(at, NEED.length - 1)] },
  }));
  return { type: "FeatureCollection", features };
}

/** Districts coloured by days since the last visit: fresh presence is deep green. */
function covered(picture: Picture): FeatureCollection {
  const features = picture.coverage.features.map((feature) => {
    const days = feature.properties.daysSinceVisit;
    const step = days === null ? 0 : days <= 3 ? 4 : days <= 7 ? 3 : days <= 14 ? 2 : days <= 28 ? 1 : 0;
    return { ...feature, properties: { ...feature.properties, colour: PRESENCE[step] } };
  });
  return { type: "FeatureCollection", features } as FeatureCollection;
}

function setData(map: MapView, name: string, data: FeatureCollection): void {
  void map.getSource<GeoJSONSource>(name)?.setData(data);
}

function setVisible(map: MapView, name: LayerName, visible: boolean): void {
  for (const id of LAYERS_OF[name]) map.setLayoutProperty(id, "visibility", visible ? "visible" : "none");
}

function connectPopups(map: MapView, popup: Popup, listener: StaffListener, open: () => boolean): void {
  const clickable: [LayerName, string][] = [
    ["reports", "reports"],
    ["visits", "visits"],
    ["incidents", "incidents"],
    ["hotspots", "hotspots-hit"],
  ];
  for (const [name, id] of clickable) {
    map.on("click", id, (event) => {
      const found = event.features?.[0];
      if (!found || !open()) return;
      if (name === "hotspots") listener.hotspot(Number(found.properties["rank"]));
      popup.setLngLat(event.lngLat).setText(listener.words(name, found.properties)).addTo(map);
    });
    map.on("mouseenter", id, () => map.getCanvas().classList.add("is-pointing"));
    map.on("mouseleave", id, () => map.getCanvas().classList.remove("is-pointing"));
  }
}

function box(coordinates: unknown): [number, number, number, number] {
  const flat = (coordinates as unknown[]).flat(Infinity) as number[];
  const xs = flat.filter((_, at) => at % 2 === 0);
  const ys = flat.filter((_, at) => at % 2 === 1);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
