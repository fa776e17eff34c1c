/** The resident's map: one tap sets the pin. */

import { Marker } from "maplibre-gl";
import type { Base } from "../api/base";
import { createChart } from "./create";
import { pinElement } from "./pin";
import { inside } from "./shapes";

/** What the form asks of the map. */
export interface PinMap {
  /** Shows the pin at a position without choosing it. */
  show(longitude: number, latitude: number): void;
  /** Takes the pin away. */
  clear(): void;
  /** Fits the map to its changed container. */
  resize(): void;
}

/** What the map tells the form. */
export interface PinListener {
  chosen(longitude: number, latitude: number): void;
  refused(): void;
}

/** Makes the map in `container`. */
export async function pinMap(container: HTMLElement, base: Base, listener: PinListener): Promise<PinMap> {
  const { map } = await createChart(container, base, { padding: { top: 40, right: 64, bottom: 64, left: 48 } });
  const marker = new Marker({ element: pinElement(), anchor: "bottom" });
  const choose = (longitude: number, latitude: number) => {
    if (!inside(base, [longitude, latitude])) return listener.refused();
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
  return {
    show(longitude, latitude) {
      marker.setLngLat([longitude, latitude]).addTo(map);
      map.easeTo({ center: [longitude, latitude], zoom: Math.max(map.getZoom(), 12.5) });
    },
    clear() {
      marker.remove();
    },
    resize() {
      map.resize();
      const at = marker.getLngLat() as { lng: number; lat: number } | undefined;
      if (at) map.easeTo({ center: at, duration: 0 });
    },
  };
}
