/** Fingers, mouse and keys on a picture: moved, zoomed and tapped as on the live map. */

/** A place on the picture, in pixels from its left and top. */
export type Pixel = [number, number];

/** What the picture hears. */
export interface Gestures {
  moved(dx: number, dy: number): void;
  /** Zoomed by steps around a place; without one, around the middle. */
  zoomed(steps: number, around?: Pixel): void;
  /** Tapped; without a place, chosen in the middle with Enter. */
  tapped(at?: Pixel): void;
}

/** Pixels that a tap may tremble. */
const TREMBLE = 6;
/** Pixels that an arrow key moves the map by. */
const STRIDE = 100;
/** Pixels of a wheel that make a step of zoom. */
const WHEEL = 450;
const KEYS: Record<string, (on: Gestures) => void> = {
  ArrowLeft: (on) => on.moved(STRIDE, 0),
  ArrowRight: (on) => on.moved(-STRIDE, 0),
  ArrowUp: (on) => on.moved(0, STRIDE),
  ArrowDown: (on) => on.moved(0, -STRIDE),
  "+": (on) => on.zoomed(1),
  "=": (on) => on.zoomed(1),
  "-": (on) => on.zoomed(-1),
  Enter: (on) => on.tapped(),
};

/** Connects `canvas`; gives a way to ask whether a finger is down. */
export function connectGestures(canvas: HTMLElement, on: Gestures): () => boolean {
  const fingers = new Map<number, Pixel>();
  let start: Pixel = [0, 0];
  let tap = false;
  const here = (event: MouseEvent): Pixel => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const lift = (event: PointerEvent) => fingers.delete(event.pointerId);
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, here(event));
    tap = fingers.size === 1;
    if (tap) start = here(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    const at = here(event);
    if (!fingers.has(event.pointerId) || (tap && apart(start, at) <= TREMBLE)) return;
    tap = false;
    const [before, wide] = [middle(fingers), spread(fingers)];
    fingers.set(event.pointerId, at);
    const [x, y] = middle(fingers);
    on.moved(x - before[0], y - before[1]);
    if (wide && spread(fingers)) on.zoomed(Math.log2(spread(fingers) / wide), [x, y]);
  });
  canvas.addEventListener("pointerup", (event) => {
    if (lift(event) && tap && fingers.size === 0) on.tapped(here(event));
  });
  canvas.addEventListener("pointercancel", lift);
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      on.zoomed(-event.deltaY / WHEEL, here(event));
    },
    { passive: false },
  );
  canvas.addEventListener("keydown", (event) => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act(on);
  });
  return () => fingers.size > 0;
}

function apart([x, y]: Pixel, [u, v]: Pixel): number {
  return Math.hypot(x - u, y - v);
}

function middle(fingers: Map<number, Pixel>): Pixel {
  const all = [...fingers.values()];
  const mean = (axis: 0 | 1) => all.reduce((sum, at) => sum + at[axis], 0) / all.length;
  return [mean(0), mean(1)];
}

/** How far two fingers are apart; nothing for another number of them. */
function spread(fingers: Map<number, Pixel>): number {
  const [first, second, more] = [...fingers.values()];
  return first && second && !more ? apart(first, second) : 0;
}
