/** The live half of the resident's map: MapLibre, fetched once somebody turns to the still picture. */

import type { Feature, FeatureCollection } from "geojson";
import { Marker, type GeoJSONSource } from "maplibre-gl";
import type { Base } from "../api/base";
import { isNight } from "../enhance/site";
import { createChart } from "./create";
import type { Follower } from "./hand-over";
import { palette } from "./palette";
import { pinElement } from "./pin";
import type { View } from "./view";

/** The live map as the resident's map drives it. */
export interface LivePins extends Follower {
  name(words: string): void;
  draw(drawn: Feature): void;
  stand(at: [number, number] | null): void;
  /** Goes to a place, and at least so near. */
  show(at: [number, number], least: number): void;
  centre(at: [number, number]): void;
  resize(): void;
}

const NOTHING: FeatureCollection = { type: "FeatureCollection", features: [] };

/** Makes the map in `container`, looking where the picture looked. */
export async function livePins(container: HTMLElement, base: Base, from: { view: View; tapped(longitude: number, latitude: number): void }): Promise<LivePins> {
  const { map, onStyle } = await createChart(container, base, { view: from.view });
  const marker = new Marker({ element: pinElement(), anchor: "bottom" });
  let drawn: Feature | FeatureCollection = NOTHING;
  onStyle((styled) => {
    const colours = palette(isNight());
    styled.addSource("drawn", { type: "geojson", data: drawn });
    styled.addLayer({ id: "drawn-area", type: "fill", source: "drawn", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": colours.primary, "fill-opacity": 0.18 } });
    styled.addLayer({ id: "drawn-line", type: "line", source: "drawn", paint: { "line-color": colours.primary, "line-width": 4 } });
    styled.addLayer({ id: "drawn-corners", type: "circle", source: "drawn", paint: { "circle-color": colours.card, "circle-radius": 5, "circle-stroke-color": colours.primary, "circle-stroke-width": 2 } });
  });
  map.on("click", (event) => from.tapped(event.lngLat.lng, event.lngLat.lat));
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const { lng, lat } = map.getCenter();
    from.tapped(lng, lat);
  });
  return {
    name: (words) => map.getCanvas().setAttribute("aria-label", words),
    async follow(view) {
      map.resize();
      map.jumpTo(view);
      await map.once("idle");
    },
    draw(next) {
      drawn = next;
      void map.getSource<GeoJSONSource>("drawn")?.setData(next);
    },
    stand(at) {
      if (at) marker.setLngLat(at).addTo(map);
      else marker.remove();
    },
    show(at, least) {
      map.easeTo({ center: at, zoom: Math.max(map.getZoom(), least) });
    },
    centre(at) {
      map.easeTo({ center: at, duration: 0 });
    },
    resize() {
      map.resize();
    },
  };
}
