/** The public map: released cells and published defects, nothing else. */

import type { FeatureCollection } from "geojson";
import { Popup, type GeoJSONSource, type Map as MapView } from "maplibre-gl";
import type { Base } from "../api/base";
import { isNight } from "../enhance/site";
import { t } from "../i18n/messages";
import { createChart } from "./create";
import { need, palette } from "./palette";
import { BELOW_NAMES } from "./style";

/** Draws `cells` and `defects` on a map in `container`, in step with the table's rows. */
export async function pictureMap(
  container: HTMLElement,
  base: Base,
  data: { cells: FeatureCollection; defects: FeatureCollection },
): Promise<void> {
  const chart = await createChart(container, base, { padding: 28 });
  chart.onStyle((map) => draw(map, data));
  const popup = new Popup({ closeButton: false, maxWidth: "260px" });
  chart.map.on("click", "cells", (event) => {
    const found = event.features?.[0];
    const band = String(found?.properties["band"] ?? "");
    popup.setLngLat(event.lngLat).setText(t("map.sources", { band })).addTo(chart.map);
    select(chart.map, String(found?.properties["cellId"] ?? ""));
  });
  document.querySelectorAll<HTMLElement>("[data-cell]").forEach((row) => {
    row.addEventListener("pointerenter", () => select(chart.map, row.dataset["cell"] ?? ""));
    row.addEventListener("focusin", () => select(chart.map, row.dataset["cell"] ?? ""));
  });
}

function draw(map: MapView, data: { cells: FeatureCollection; defects: FeatureCollection }): void {
  const colours = palette(isNight());
  const ramp = need(isNight());
  map.addSource("cells", { type: "geojson", data: data.cells });
  map.addSource("chosen", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
  map.addSource("defects", { type: "geojson", data: data.defects });
  map.addLayer(
    {
      id: "cells",
      type: "fill",
      source: "cells",
      paint: {
        "fill-color": ["match", ["get", "band"], "5-9", ramp[1], "10-19", ramp[2], "20-49", ramp[3], ramp[4]],
        "fill-opacity": 0.62,
      },
    },
    BELOW_NAMES,
  );
  map.addLayer(
    { id: "cells-edge", type: "line", source: "cells", paint: { "line-color": ramp[4], "line-width": 1, "line-opacity": 0.7 } },
    BELOW_NAMES,
  );
  map.addLayer({ id: "chosen", type: "line", source: "chosen", paint: { "line-color": colours.ink, "line-width": 3 } }, BELOW_NAMES);
  map.addLayer({
    id: "cells-band",
    type: "symbol",
    source: "cells",
    layout: { "text-field": ["get", "band"], "text-font": ["Fyren Semibold"], "text-size": 13 },
    paint: { "text-color": colours.ink, "text-halo-color": colours.halo, "text-halo-width": 1.4 },
  });
  map.addLayer({
    id: "defects",
    type: "circle",
    source: "defects",
    paint: {
      "circle-radius": 6,
      "circle-color": ["match", ["get", "status"], "done", "#1E6B45", colours.card],
      "circle-stroke-color": "#1E6B45",
      "circle-stroke-width": 2.5,
    },
  });
}

function select(map: MapView, cellId: string): void {
  const features = map.querySourceFeatures("cells", { filter: ["==", ["get", "cellId"], cellId] });
  const source = map.getSource<GeoJSONSource>("chosen");
  void source?.setData({ type: "FeatureCollection", features: features.slice(0, 1) });
  document.querySelectorAll<HTMLElement>("[data-cell]").forEach((row) => {
    row.classList.toggle("is-chosen", row.dataset["cell"] === cellId);
  });
}
