/** How the live map takes the place of the still picture: after what was begun on it, and where it looks. */

import { element } from "../enhance/elements";
import type { Still } from "./still";
import type { View } from "./view";

/** A live map that can look where the picture looks. */
export interface Follower {
  /** Resolves when what is there can be seen. */
  follow(view: View): Promise<void>;
}

/** Milliseconds that the last names may take to appear. */
const SETTLE = 600;

/** Makes the live map with `make` under the picture in `container`; `took` hears it once it is to be seen. */
export async function handOver<L extends Follower>(container: HTMLElement, still: Still, make: (box: HTMLElement, view: View) => Promise<L>, took: (live: L) => void): Promise<void> {
  const box = element("div", "map__live");
  try {
    await painted();
    container.prepend(box);
    const made = await make(box, still.view());
    await released(still);
    await Promise.race([made.follow(still.view()), new Promise((done) => setTimeout(done, SETTLE))]);
    await released(still);
    took(made);
    still.leave(box);
    container.dataset["ready"] = "true";
    document.dispatchEvent(new Event("fyren:map"));
  } catch {
    // No net or no graphics: the picture goes on as the map.
    box.remove();
  }
}

/** After what was tapped is on the screen. */
function painted(): Promise<void> {
  return new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
}

/** After the last finger has left the picture. */
async function released(still: Still): Promise<void> {
  while (still.held()) {
    await new Promise((done) => ["pointerup", "pointercancel"].forEach((end) => addEventListener(end, done, { once: true })));
  }
}
