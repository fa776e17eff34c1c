/** The resident's map: one tap sets the pin, several draw a stretch or an area. */

import { Marker, type GeoJSONSource } from "maplibre-gl";
import type { Feature, Position } from "geojson";
import type { Base } from "../api/base";
import { isNight } from "../enhance/site";
import { createChart } from "./create";
import { palette } from "./palette";
import { pinElement } from "./pin";
import { inside } from "./shapes";

/** What is marked on the map. */
export type Shape = "point" | "line" | "polygon";

/** What the form asks of the map. */
export interface PinMap {
  /** Shows the pin at a position without choosing it. */
  show(longitude: number, latitude: number): void;
  /** Chooses a position as a tap does. */
  choose(longitude: number, latitude: number): void;
  /** What the next taps mark; forgets what was drawn. */
  mark(shape: Shape): void;
  /** Takes the last corner back. */
  undo(): void;
  /** Takes pin and drawing away. */
  clear(): void;
  /** Fits the map to its changed container. */
  resize(): void;
}

/** What the map tells the form. */
export interface PinListener {
  chosen(longitude: number, latitude: number): void;
  drawn(shape: Shape, corners: Position[]): void;
  refused(): void;
}

/** Makes the map in `container`. */
export async function pinMap(container: HTMLElement, base: Base, listener: PinListener): Promise<PinMap> {
  const { map, onStyle } = await createChart(container, base, { padding: { top: 40, right: 64, bottom: 64, left: 48 } });
  const marker = new Marker({ element: pinElement(), anchor: "bottom" });
  let shape: Shape = "point";
  let corners: Position[] = [];
  onStyle((styled) => {
    const colours = palette(isNight());
    styled.addSource("drawn", { type: "geojson", data: drawing(shape, corners) });
    styled.addLayer({ id: "drawn-area", type: "fill", source: "drawn", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": colours.primary, "fill-opacity": 0.18 } });
    styled.addLayer({ id: "drawn-line", type: "line", source: "drawn", paint: { "line-color": colours.primary, "line-width": 4 } });
    styled.addLayer({ id: "drawn-corners", type: "circle", source: "drawn", paint: { "circle-color": colours.card, "circle-radius": 5, "circle-stroke-color": colours.primary, "circle-stroke-width": 2 } });
  });
  const redraw = () => {
    map.getSource<GeoJSONSource>("drawn")?.setData(drawing(shape, corners));
    listener.drawn(shape, corners);
  };
  const choose = (longitude: number, latitude: number) => {
    if (!inside(base, [longitude, latitude])) return listener.refused();
    if (shape !== "point") {
      corners = [...corners, [longitude, latitude]];
      return redraw();
    }
    marker.setLngLat([longitude, latitude]).addTo(map);
    listener.chosen(longitude, latitude);
  };
  map.on("click", (event) => choose(event.lngLat.lng, event.lngLat.lat));
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const { lng, lat } = map.getCenter();
    choose(lng, lat);
  });
  const show = (longitude: number, latitude: number) => {
    marker.setLngLat([longitude, latitude]).addTo(map);
    map.easeTo({ center: [longitude, latitude], zoom: Math.max(map.getZoom(), 12.5) });
  };
  return {
    show,
    choose(longitude, latitude) {
      if (shape === "point" && inside(base, [longitude, latitude])) show(longitude, latitude);
      choose(longitude, latitude);
    },
    mark(next) {
      shape = next;
      corners = [];
      marker.remove();
      redraw();
    },
    undo() {
      corners = corners.slice(0, -1);
      redraw();
    },
    clear() {
      corners = [];
      marker.remove();
      redraw();
    },
    resize() {
      map.resize();
      const at = marker.getLngLat() as { lng: number; lat: number } | undefined;
      if (at && shape === "point") map.easeTo({ center: at, duration: 0 });
    },
  };
}

/** The corners so far as one feature. */
function drawing(shape: Shape, corners: Position[]): Feature {
  const closed = shape === "polygon" && corners.length > 2;
  const geometry: Feature["geometry"] = closed
    ? { type: "Polygon", coordinates: [[...corners, corners[0] ?? []]] }
    : corners.length > 1
      ? { type: "LineString", coordinates: corners }
      : { type: "MultiPoint", coordinates: corners };
  return { type: "Feature", properties: {}, geometry };
}
