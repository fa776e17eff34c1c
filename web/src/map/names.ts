/** How places are named on our map, live or still: from the smallest to the largest. */

import type { PlaceProperties } from "../api/base";

/** How one kind of place is named. */
export interface NameLook {
  id: string;
  kinds: PlaceProperties["kind"][];
  minzoom: number;
  /** Pixels at zoom 9; a third more at zoom 14. */
  size: number;
  cut: "regular" | "semibold";
  colour: "ink" | "ink2" | "seaInk";
  /** Where the name stands if not on its place: beside its own sign, or clear of a sign that stands in the same place. */
  stands?: "below" | "above";
}

/** How far above its place a name stands, in its own size. */
export const RAISED = 0.35;

/** How much larger a name is at zoom 14 than at zoom 9. */
export const GROWTH = 1.35;

/** Later ones take the room first. */
export const NAMES: readonly NameLook[] = [
  { id: "names-stops", kinds: ["stop", "amenity"], minzoom: 12.6, size: 9.5, cut: "regular", colour: "ink2", stands: "below" },
  { id: "names-harbours", kinds: ["harbour"], minzoom: 12.4, size: 10, cut: "regular", colour: "seaInk", stands: "below" },
  { id: "names-localities", kinds: ["locality"], minzoom: 11.4, size: 11, cut: "regular", colour: "ink2", stands: "above" },
  { id: "names-hamlets", kinds: ["hamlet"], minzoom: 10.2, size: 12, cut: "regular", colour: "ink", stands: "above" },
  { id: "names-villages", kinds: ["village"], minzoom: 8.5, size: 13, cut: "semibold", colour: "ink" },
  { id: "names-towns", kinds: ["town"], minzoom: 7, size: 15.5, cut: "semibold", colour: "ink" },
];
