/** The public map: released cells and published defects, nothing else. A still picture until somebody turns to it. */

import type { Feature, FeatureCollection, Position } from "geojson";
import type { Base } from "../api/base";
import { isNight } from "../enhance/site";
import { t } from "../i18n/messages";
import type { Pixel } from "./gestures";
import { handOver } from "./hand-over";
import { need, type Palette } from "./palette";
import type { LivePicture } from "./picture-map";
import { within } from "./shapes";
import { stillMap, type Overlay } from "./still";
import { SINK, take, type Box } from "./still-art";

/** What was published. */
export interface Published {
  cells: FeatureCollection;
  defects: FeatureCollection;
}

/** Places in the ramp of cells by their band, and of every larger one. */
export const BANDS: Readonly<Record<string, 1 | 2 | 3>> = { "5-9": 1, "10-19": 2, "20-49": 3 };
export const LARGEST = 4;
/** Pixels from the middle of a defect to its edge, and to the edge of what it stands off from the cells. */
export const DEFECT = 7;
export const OFF = 10;
const EDGE = 28;

/** Draws what was published in `container`, in step with the table's rows. */
export function pictureMap(container: HTMLElement, base: Base, data: Published): void {
  let chosen = "";
  let live: LivePicture | undefined;
  let asked: [number, number] | undefined;
  let begun: Promise<void> | undefined;
  const select = (cellId: string) => {
    chosen = cellId;
    live?.select(cellId);
    still.redraw();
    document.querySelectorAll<HTMLElement>("[data-cell]").forEach((row) => {
      row.classList.toggle("is-chosen", row.dataset["cell"] === cellId);
    });
  };
  const begin = () =>
    handOver(container, still, async (box, view) => (await import("./picture-map")).livePicture(box, base, data, { view, select }), (made) => {
      live = made;
      if (chosen) made.select(chosen);
      if (asked) made.tell(asked);
    });
  const edges = { top: EDGE, right: EDGE, bottom: EDGE, left: EDGE };
  const still = stillMap(container, base, { edges, overlay: overlay(data, () => chosen) }, {
    tapped(longitude, latitude) {
      asked = [longitude, latitude];
      select(String(cellAt(data, asked)?.["cellId"] ?? ""));
    },
    wanted: () => void (begun ??= begin()),
  });
  still.canvas.setAttribute("aria-label", t("picture.map_label"));
  document.querySelectorAll<HTMLElement>("[data-cell]").forEach((row) => {
    row.addEventListener("pointerenter", () => select(row.dataset["cell"] ?? ""));
    row.addEventListener("focusin", () => select(row.dataset["cell"] ?? ""));
  });
}

/** What is known of the cell at a position; of several the one that is drawn on top. */
export function cellAt({ cells }: Published, at: Position): Feature["properties"] | undefined {
  return cells.features.findLast(({ geometry }) => geometry.type === "Polygon" && within(geometry.coordinates, at))?.properties;
}

interface Cell {
  id: string;
  band: string;
  ring: Position[];
}

/** The same drawing as the live map's: cells below the names, defects above. */
function overlay(data: Published, chosen: () => string): Overlay {
  const cells = data.cells.features.flatMap(({ geometry, properties }): Cell[] =>
    geometry.type === "Polygon" ? [{ id: String(properties?.["cellId"]), band: String(properties?.["band"]), ring: geometry.coordinates[0] ?? [] }] : [],
  );
  return {
    under(context, place, c) {
      const ramp = need(isNight());
      const outline = (ring: Position[]) => {
        context.beginPath();
        for (const at of ring) context.lineTo(...place(at));
        context.closePath();
      };
      context.globalAlpha = 0.62;
      for (const { ring, band } of cells) {
        outline(ring);
        context.fillStyle = ramp[BANDS[band] ?? LARGEST];
        context.fill();
      }
      Object.assign(context, { strokeStyle: ramp[LARGEST], lineWidth: 1, globalAlpha: 0.7 });
      for (const { ring } of cells) {
        outline(ring);
        context.stroke();
      }
      Object.assign(context, { globalAlpha: 1, strokeStyle: c.ink, lineWidth: 3 });
      for (const { ring } of cells.filter(({ id }) => id === chosen())) {
        outline(ring);
        context.stroke();
      }
      return bands(context, cells.map(({ band, ring }) => [band, ring.map(place)]), c);
    },
    over(context, place, c) {
      for (const { geometry, properties } of data.defects.features) {
        if (geometry.type !== "Point") continue;
        const disc = (radius: number, fillStyle: string) => {
          context.beginPath();
          context.arc(...place(geometry.coordinates), radius, 0, 2 * Math.PI);
          Object.assign(context, { fillStyle, strokeStyle: c.mended, lineWidth: 2.5 });
          context.fill();
        };
        disc(OFF, c.card);
        disc(DEFECT, properties?.["status"] === "done" ? c.mended : c.card);
        context.stroke();
      }
    },
  };
}

/** How many, as it is written: from one number to an other. */
export function bandWords(band: string): string {
  return band.replace("-", "–");
}

/** Writes how many into the cells where there is room. */
function bands(context: CanvasRenderingContext2D, cells: [string, Pixel[]][], c: Palette): Box[] {
  const taken: Box[] = [];
  const family = getComputedStyle(document.documentElement).fontFamily;
  Object.assign(context, { font: `600 13px ${family}`, strokeStyle: c.halo, fillStyle: c.ink, lineWidth: 2.8, lineJoin: "round", textAlign: "center", textBaseline: "middle" });
  for (const [code, corners] of cells) {
    const band = bandWords(code);
    const middle = (axis: 0 | 1) => (Math.min(...corners.map((at) => at[axis])) + Math.max(...corners.map((at) => at[axis]))) / 2;
    const [x, y, half] = [middle(0), middle(1) + SINK * 13, context.measureText(band).width / 2 + 2];
    if (!take(taken, [x - half, y - 10, x + half, y + 10])) continue;
    context.strokeText(band, x, y);
    context.fillText(band, x, y);
  }
  return taken;
}
