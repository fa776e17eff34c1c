/** What waits for a moderator, on the map: the chosen report and what is like it stand out. */

import type { FeatureCollection, Point } from "geojson";
import { LngLatBounds, type GeoJSONSource, type Map as MapView } from "maplibre-gl";
import type { Base } from "../api/base";
import { isNight } from "../enhance/site";
import { createChart } from "./create";
import { palette } from "./palette";

/** A report on the map. */
export interface QueuePoint {
  id: string;
  at: [number, number];
  kind: "waiting" | "chosen" | "aside";
}

/** Shows what waits, again after each change. */
export interface QueueMap {
  show(points: QueuePoint[]): void;
}

/** Makes the map in `container`; `choose` hears which report was clicked. */
export async function queueMap(container: HTMLElement, base: Base, choose: (id: string) => void): Promise<QueueMap> {
  const chart = await createChart(container, base, { padding: 24 });
  const { map } = chart;
  let shown = features([]);
  chart.onStyle((view) => draw(view, shown));
  map.on("click", "queue-point", (event) => {
    const id: unknown = event.features?.[0]?.properties["id"];
    if (typeof id === "string") choose(id);
  });
  map.on("mouseenter", "queue-point", () => (map.getCanvas().style.cursor = "pointer"));
  map.on("mouseleave", "queue-point", () => (map.getCanvas().style.cursor = ""));
  return {
    show(points) {
      shown = features(points);
      void map.getSource<GeoJSONSource>("queue")?.setData(shown);
      const chosen = points.find((point) => point.kind === "chosen");
      if (chosen) {
        if (!map.getBounds().contains(chosen.at) || map.getZoom() < 11) map.jumpTo({ center: chosen.at, zoom: Math.max(map.getZoom(), 12) });
        return;
      }
      const around = new LngLatBounds();
      for (const { at } of points) around.extend(at);
      if (!around.isEmpty()) map.fitBounds(around, { padding: 60, maxZoom: 12, animate: false });
    },
  };
}

function features(points: QueuePoint[]): FeatureCollection<Point> {
  return {
    type: "FeatureCollection",
    features: points.map(({ id, at, kind }) => ({ type: "Feature", properties: { id, kind }, geometry: { type: "Point", coordinates: at } })),
  };
}

function draw(map: MapView, points: FeatureCollection): void {
  const c = palette(isNight());
  map.addSource("queue", { type: "geojson", data: points });
  map.addLayer({
    id: "queue-point",
    type: "circle",
    source: "queue",
    layout: { "circle-sort-key": ["case", ["==", ["get", "kind"], "chosen"], 1, 0] },
    paint: {
      "circle-radius": ["match", ["get", "kind"], "chosen", 11, 7],
      "circle-color": ["match", ["get", "kind"], "chosen", c.fyr, "aside", c.card, c.primary],
      "circle-stroke-color": ["match", ["get", "kind"], "aside", c.ink2, c.card],
      "circle-stroke-width": 2,
    },
  });
}
