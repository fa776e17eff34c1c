/** The live half of the public map: MapLibre, fetched once somebody turns to the still picture. */

import { Popup, type ExpressionSpecification, type GeoJSONSource, type Map as MapView } from "maplibre-gl";
import type { Base } from "../api/base";
import { isNight } from "../enhance/site";
import { t } from "../i18n/messages";
import { createChart } from "./create";
import type { Follower } from "./hand-over";
import { need, palette } from "./palette";
import { bandWords, cellAt, DEFECT, LARGEST, OFF, type Published } from "./picture";
import { BELOW_NAMES } from "./style";
import type { View } from "./view";

/** The live map as the page drives it. */
export interface LivePicture extends Follower {
  select(cellId: string): void;
  /** Says what is at a place, as a click does. */
  tell(at: [number, number]): void;
}

/** Makes the map in `container`, looking where the picture looked; `select` hears which cell was clicked. */
export async function livePicture(container: HTMLElement, base: Base, data: Published, from: { view: View; select(cellId: string): void }): Promise<LivePicture> {
  const { map, onStyle } = await createChart(container, base, { view: from.view });
  let chosen = "";
  onStyle((styled) => {
    draw(styled, data);
    mark(styled, data, chosen);
  });
  map.getCanvas().setAttribute("aria-label", t("picture.map_label"));
  const popup = new Popup({ closeButton: false, maxWidth: "260px" });
  const tell = (at: [number, number]) => {
    const found = cellAt(data, at);
    if (!found) return;
    popup.setLngLat(at).setText(t("map.sources", { band: bandWords(String(found["band"])) })).addTo(map);
    from.select(String(found["cellId"]));
  };
  map.on("click", "cells", ({ lngLat }) => tell([lngLat.lng, lngLat.lat]));
  return {
    async follow(view) {
      map.resize();
      map.jumpTo(view);
      await map.once("idle");
    },
    select(cellId) {
      chosen = cellId;
      mark(map, data, chosen);
    },
    tell,
  };
}

function draw(map: MapView, data: Published): void {
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
        "fill-color": ["match", ["get", "band"], "5-9", ramp[1], "10-19", ramp[2], "20-49", ramp[3], ramp[LARGEST]],
        "fill-opacity": 0.62,
      },
    },
    BELOW_NAMES,
  );
  map.addLayer(
    { id: "cells-edge", type: "line", source: "cells", paint: { "line-color": ramp[LARGEST], "line-width": 1, "line-opacity": 0.7 } },
    BELOW_NAMES,
  );
  map.addLayer({ id: "chosen", type: "line", source: "chosen", paint: { "line-color": colours.ink, "line-width": 3 } }, BELOW_NAMES);
  const written: ExpressionSpecification = ["match", ["get", "band"], "5-9", bandWords("5-9"), "10-19", bandWords("10-19"), "20-49", bandWords("20-49"), ["get", "band"]];
  map.addLayer({
    id: "cells-band",
    type: "symbol",
    source: "cells",
    layout: { "text-field": written, "text-font": ["Fyren Semibold"], "text-size": 13 },
    paint: { "text-color": colours.ink, "text-halo-color": colours.halo, "text-halo-width": 1.4 },
  });
  map.addLayer({ id: "defects-off", type: "circle", source: "defects", paint: { "circle-radius": OFF, "circle-color": colours.card } });
  map.addLayer({
    id: "defects",
    type: "circle",
    source: "defects",
    paint: {
      "circle-radius": DEFECT - 1.25,
      "circle-color": ["match", ["get", "status"], "done", colours.mended, colours.card],
      "circle-stroke-color": colours.mended,
      "circle-stroke-width": 2.5,
    },
  });
}

function mark(map: MapView, data: Published, cellId: string): void {
  const features = data.cells.features.filter((cell) => cell.properties?.["cellId"] === cellId);
  void map.getSource<GeoJSONSource>("chosen")?.setData({ type: "FeatureCollection", features });
}
