/** The staff map: heat, hot spots, incidents, visits, coverage, reports as they come. */

import type { Feature, FeatureCollection, MultiPolygon, Position } from "geojson";
import { Marker, Popup, type GeoJSONSource, type Map as MapView } from "maplibre-gl";
import type { Base } from "../api/base";
import type { EventLayer, Picture } from "../api/staff";
import { isNight } from "../enhance/site";
import { precisionCircles } from "./circles";
import { createChart } from "./create";
import { manyLayer, showTiles, tiledLayers } from "./event-tiles";
import { need, palette, PRESENCE } from "./palette";
import { box, middle, type Nested } from "./shapes";
import { addStaffLayers, LAYERS_OF, type LayerName } from "./staff-layers";

/** The staff map as the app drives it. */
export interface StaffMap {
  show(picture: Picture): void;
  toggle(name: LayerName, visible: boolean): void;
  focus(feature: { geometry: { coordinates: Nested } } | undefined): void;
  flash(position: Position): void;
  /** Puts a ring around a position, or takes it away. */
  mark(position: Position | null): void;
  flyTo(longitude: number, latitude: number): void;
  pick(listener: ((longitude: number, latitude: number) => void) | null): void;
  /** Draws the ground of patrol areas. */
  areas(areas: FeatureCollection<MultiPolygon>): void;
  resize(): void;
}

/** What the map tells the app. */
export interface StaffListener {
  words(layer: LayerName, properties: Record<string, unknown>): string;
  hotspot(rank: number): void;
  /** Opens one report; `null` where the reader may not, who then gets its card. */
  report: ((id: string) => void) | null;
}

const EMPTY: FeatureCollection = { type: "FeatureCollection", features: [] };

const EVENTS: readonly EventLayer[] = ["visits", "incidents", "reports"];

/** Makes the map in `container`, whose lowest `covered` pixels lie behind something. */
export async function staffMap(container: HTMLElement, base: Base, covered: number, listener: StaffListener): Promise<StaffMap> {
  const chart = await createChart(container, base, { padding: { top: 36, right: 60, bottom: covered + 24, left: 48 } });
  const { map } = chart;
  let picture: Picture | undefined;
  let picking: ((longitude: number, latitude: number) => void) | null = null;
  let areas: FeatureCollection<MultiPolygon> = { type: "FeatureCollection", features: [] };
  const hidden = new Set<LayerName>();
  const hide = () => hidden.forEach((name) => setVisible(map, name, false));
  chart.onStyle(() => {
    addStaffLayers(map, palette(isNight()));
    if (picture) fill(map, picture);
    drawAreas(map, areas);
    hide();
  });
  const ring = new Marker({ element: element("ring") });
  const popup = new Popup({ closeButton: false, maxWidth: "280px", className: "card-popup" });
  connectPopups(map, popup, listener, () => picking === null);
  map.on("click", (event) => {
    if (picking) picking(event.lngLat.lng, event.lngLat.lat);
  });
  return {
    show(next) {
      picture = next;
      if (fill(map, next)) hide();
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
      const marker = new Marker({ element: element("flash") }).setLngLat(position as [number, number]).addTo(map);
      setTimeout(() => marker.remove(), 8000);
    },
    mark(position) {
      ring.remove();
      if (!position) return;
      ring.setLngLat(position as [number, number]).addTo(map);
      const seen = map.getBounds().contains(position as [number, number]);
      if (!seen || map.getZoom() < 11) map.easeTo({ center: position as [number, number], zoom: Math.max(map.getZoom(), 12) });
    },
    flyTo(longitude, latitude) {
      map.easeTo({ center: [longitude, latitude], zoom: Math.max(map.getZoom(), 12.5) });
    },
    pick(next) {
      picking = next;
      map.getCanvas().classList.toggle("is-picking", next !== null);
    },
    areas(next) {
      areas = next;
      drawAreas(map, areas);
    },
    resize() {
      map.resize();
    },
  };
}

function element(name: string): HTMLElement {
  const made = document.createElement("div");
  made.className = name;
  return made;
}

/** Draws a picture; says whether layers were added. */
function fill(map: MapView, picture: Picture): boolean {
  const { many } = picture;
  setData(map, "heat", ramped(picture.heat as FeatureCollection));
  setData(map, "hotspots", picture.hotspots as FeatureCollection);
  setData(map, "labels", labels(picture));
  setData(map, "reports", many.reports ? EMPTY : placed(picture.reports as FeatureCollection));
  setData(map, "incidents", many.incidents ? EMPTY : placed(precisionCircles(picture.incidents)));
  setData(map, "visits", many.visits ? EMPTY : placed(picture.visits as FeatureCollection));
  setData(map, "coverage", covered(picture));
  setData(map, "told", picture["summary-hotspots"] as FeatureCollection);
  const colours = palette(isNight());
  return EVENTS.map((name) => showTiles(map, name, many[name], colours)).includes(true);
}

/** Borders of patrol areas, each with its name once. */
function drawAreas(map: MapView, areas: FeatureCollection<MultiPolygon>): void {
  setData(map, "areas", areas);
  const names = areas.features.map((area): Feature => {
    return { type: "Feature", properties: area.properties, geometry: { type: "Point", coordinates: middle(area.geometry) } };
  });
  setData(map, "areas-names", { type: "FeatureCollection", features: names });
}

function placed(features: FeatureCollection): FeatureCollection {
  return { type: "FeatureCollection", features: features.features.filter((feature) => feature.geometry !== null).map(named) };
}

/** A feature whose identity is also a property: MapLibre hands out numbers only. */
function named(feature: Feature): Feature {
  return { ...feature, properties: { ...feature.properties, id: feature.id } };
}

/** What stands on a hot spot, once however many pieces it has: its rank, of too few their count, and that it is vetoed. */
function labels(picture: Picture): FeatureCollection {
  const features = picture.hotspots.features.map(({ geometry, properties: { status, count, rank, veto } }): Feature => {
    const label = status === "too_few" ? `(${count})` : `${rank ?? ""}${veto ? " veto" : ""}`;
    return { type: "Feature", properties: { label }, geometry: { type: "Point", coordinates: middle(geometry) } };
  });
  return { type: "FeatureCollection", features };
}

/** Bands with their colour by order, so that a colour means the same while zooming. */
function ramped(heat: FeatureCollection): FeatureCollection {
  const ramp = need(isNight());
  const features = heat.features.map((feature, at) => ({
    ...feature,
    properties: { ...feature.properties, colour: ramp[Math.min(at, ramp.length - 1)] },
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
  for (const id of LAYERS_OF[name]) if (map.getLayer(id)) map.setLayoutProperty(id, "visibility", visible ? "visible" : "none");
}

function connectPopups(map: MapView, popup: Popup, listener: StaffListener, open: () => boolean): void {
  const few = (name: EventLayer) => tiledLayers(name)[0] ?? name;
  const clickable: [LayerName, string][] = [
    ["reports", manyLayer("reports")],
    ["visits", manyLayer("visits")],
    ["incidents", manyLayer("incidents")],
    ["reports", "reports"],
    ["reports", few("reports")],
    ["visits", "visits"],
    ["visits", few("visits")],
    ["incidents", "incidents"],
    ["incidents", few("incidents")],
    ["hotspots", "hotspots-hit"],
    ["told", "told"],
  ];
  // Layers lie on each other; the first in this list has the click.
  let taken: unknown = null;
  for (const [name, id] of clickable) {
    map.on("click", id, (event) => {
      const found = event.features?.[0];
      if (!found || !open()) return;
      if (taken === event.originalEvent) return;
      taken = event.originalEvent;
      // Whatever stands for others is looked at from nearer, as near as the map goes.
      const nearer = name !== "hotspots" && name !== "told" && !found.properties["id"] && map.getZoom() < map.getMaxZoom() - 0.1;
      if (nearer) return void map.easeTo({ center: event.lngLat, zoom: Math.min(map.getZoom() + 2, map.getMaxZoom()) });
      if (name === "reports" && listener.report && found.properties["id"]) return listener.report(String(found.properties["id"]));
      if (name === "hotspots") listener.hotspot(Number(found.properties["rank"]));
      popup.setLngLat(event.lngLat).setText(listener.words(name, found.properties)).addTo(map);
    });
    map.on("mouseenter", id, () => map.getCanvas().classList.add("is-pointing"));
    map.on("mouseleave", id, () => map.getCanvas().classList.remove("is-pointing"));
  }
}
