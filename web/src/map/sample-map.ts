/** The first rows of a file on the map, by their line. */

import type { FeatureCollection, Geometry } from "geojson";
import { LngLatBounds, type GeoJSONSource, type Map as MapView } from "maplibre-gl";
import type { Base } from "../api/base";
import { isNight } from "../enhance/site";
import { createChart } from "./create";
import { palette } from "./palette";

/** Shows the sample, again after each correction. */
export interface SampleMap {
  show(sample: FeatureCollection<Geometry | null>): void;
}

/** Makes the map in `container`. */
export async function sampleMap(container: HTMLElement, base: Base): Promise<SampleMap> {
  const chart = await createChart(container, base, { padding: 24 });
  let shown: FeatureCollection = { type: "FeatureCollection", features: [] };
  chart.onStyle((map) => draw(map, shown));
  return {
    show(sample) {
      const features = sample.features.filter((feature) => feature.geometry !== null);
      shown = { type: "FeatureCollection", features } as FeatureCollection;
      void chart.map.getSource<GeoJSONSource>("sample")?.setData(shown);
      const around = new LngLatBounds();
      for (const { geometry } of shown.features) if (geometry.type === "Point") around.extend(geometry.coordinates as [number, number]);
      if (!around.isEmpty()) chart.map.fitBounds(around, { padding: 80, maxZoom: 12, animate: false });
    },
  };
}

function draw(map: MapView, sample: FeatureCollection): void {
  const c = palette(isNight());
  map.addSource("sample", { type: "geojson", data: sample });
  map.addLayer({ id: "sample-line", type: "line", source: "sample", paint: { "line-color": c.primary, "line-width": 3 } });
  map.addLayer({
    id: "sample-point",
    type: "circle",
    source: "sample",
    filter: ["==", ["geometry-type"], "Point"],
    paint: { "circle-radius": 11, "circle-color": c.primary, "circle-stroke-color": c.card, "circle-stroke-width": 2 },
  });
  map.addLayer({
    id: "sample-number",
    type: "symbol",
    source: "sample",
    filter: ["==", ["geometry-type"], "Point"],
    layout: { "text-field": ["to-string", ["get", "line"]], "text-font": ["Fyren Semibold"], "text-size": 12, "text-allow-overlap": true },
    paint: { "text-color": c.card },
  });
}
