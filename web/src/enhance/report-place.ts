/** Where: my position, the map or the list, whichever is easier. */

import type { Position } from "geojson";
import type { Base, Place } from "../api/base";
import { t } from "../i18n/messages";
import type { PinListener, PinMap, Shape } from "../map/pin-map";
import { searchBox } from "./report-search";

/** The first step, as the rest of the form sees it. */
export interface PlaceTools extends PinListener {
  /** The chosen place in words. */
  words(): string;
  /** Where the chosen place is, if it is at one point. */
  position(): [number, number] | undefined;
  /** Gives the gazetteer with positions. */
  know(base: Base): void;
  /** Gives the map. */
  attach(map: PinMap): void;
  /** Says that there is no map. */
  withoutMap(): void;
}

/** Fields of the form that say where; one way at a time is filled in. */
const FIELDS = ["longitude", "latitude", "precision", "line", "polygon", "locality", "district"];

/** Builds the tools of the first step. */
export function connectPlace(form: HTMLFormElement): PlaceTools {
  const field = (name: string) => form.elements.namedItem(name) as HTMLInputElement;
  const locality = form.querySelector<HTMLSelectElement>("#locality");
  const district = form.querySelector<HTMLSelectElement>("#district");
  const lists = form.querySelector<HTMLElement>("[data-place-lists]");
  // The page has them, so that nothing moves when they begin to answer.
  const tool = <E extends HTMLElement>(selector: string) => form.querySelector(`[data-place-tools] ${selector}`) as E;
  let base: Base | undefined;
  let map: PinMap | undefined;

  const only = (values: Record<string, string>) => FIELDS.forEach((name) => (field(name).value = values[name] ?? ""));
  const named = (id: string): [number, number] | undefined => {
    const [longitude, latitude] = base?.places.features.find((p) => p.properties.id === id)?.geometry.coordinates ?? [];
    return longitude === undefined || latitude === undefined ? undefined : [longitude, latitude];
  };
  const mine = tool("[data-mine]");
  const toMap = tool("[data-to-map]");
  const toList = tool("[data-to-list]");
  const chosen = tool(".chosen-place");
  mine.hidden = !("geolocation" in navigator);
  const away = (id: string, from: [number, number]) => distance(named(id) ?? [0, 0], from);
  const search = searchBox(locality, form.dataset["search"] ?? "", away, (hit) => {
    const at = hit.at ?? named(hit.option?.value ?? "");
    if (hit.option) only({ locality: hit.option.value });
    else if (hit.at) only({ longitude: hit.at[0].toFixed(6), latitude: hit.at[1].toFixed(6) });
    if (at) map?.show(...at);
    say();
  });
  const shapes = tool(".shapes");
  connectShapes(shapes, (shape) => {
    only({});
    map?.mark(shape);
    say(shape === "point" ? "" : t("report.draw_hint"));
  }, () => map?.undo());
  locality?.closest(".field")?.replaceChildren(...search.parts, locality);
  if (locality) locality.hidden = true;

  const position = (): [number, number] | undefined => {
    const { longitude, latitude } = { longitude: field("longitude").value, latitude: field("latitude").value };
    return longitude && latitude ? [Number(longitude.replace(",", ".")), Number(latitude.replace(",", "."))] : named(locality?.value ?? "");
  };
  const words = () => {
    if (field("line").value) return t("report.drawn_line");
    if (field("polygon").value) return t("report.drawn_area");
    const select = locality?.value ? locality : district?.value ? district : null;
    if (select) return select.selectedOptions[0]?.textContent ?? "";
    const at = position();
    if (!at) return "";
    const near = base && nearest(base, ...at);
    return near ? t("report.pin_near", { place: near }) : t("report.pin");
  };
  const say = (problem = "") => {
    const said = words();
    const line = problem || said || t(document.body.classList.contains("no-map") ? "report.list_hint" : "report.pin_hint");
    const old = chosen.querySelector("span");
    // What stands already is not told again to who listens to the page; a problem is.
    if (old && (problem || old.textContent !== line)) old.textContent = line;
    chosen.classList.toggle("is-set", said !== "");
    if (said) form.querySelector("#step-1 .error-text")?.remove();
    form.dispatchEvent(new Event("fyren:place"));
  };
  const mode = (list: boolean) => {
    document.body.classList.toggle("no-map", list);
    toMap.setAttribute("aria-pressed", String(!list));
    toList.setAttribute("aria-pressed", String(list));
    if (lists) lists.hidden = !list;
    shapes.hidden = list;
    say();
    map?.resize();
  };
  toMap.addEventListener("click", () => mode(false));
  toList.addEventListener("click", () => {
    mode(true);
    search.focus();
  });
  mine.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const at: [number, number] = [coords.longitude, coords.latitude];
        search.nearTo(...at);
        if (map) map.choose(...at);
        else tell.chosen(...at);
        if (field("longitude").value) field("precision").value = String(Math.max(5, Math.round(coords.accuracy)));
      },
      () => say(t("report.my_position_failed")),
      { enableHighAccuracy: true, timeout: 8000, maximumAge: 60_000 },
    );
  });
  district?.addEventListener("change", () => {
    only({ district: district.value });
    map?.clear();
    say();
  });
  for (const name of ["longitude", "latitude"]) {
    field(name).addEventListener("change", () => {
      const { longitude, latitude } = { longitude: field("longitude").value, latitude: field("latitude").value };
      only({ longitude, latitude });
      const at = position();
      if (at?.every(Number.isFinite)) map?.show(...at);
      say();
    });
  }
  mode(Boolean(locality?.value || district?.value));
  form.querySelector<HTMLElement>("[data-place-tools]")?.removeAttribute("inert");

  const tell: PlaceTools = {
    words,
    position,
    know(known) {
      base = known;
    },
    attach(made) {
      map = made;
      const at = position();
      if (at) map.show(...at);
      map.name(`${t("report.map_label")}. ${t("report.pin_keys")}`);
      say();
    },
    withoutMap() {
      mode(true);
      toMap.hidden = true;
      say(words() || t("map.failed"));
    },
    chosen(longitude, latitude) {
      only({ longitude: longitude.toFixed(6), latitude: latitude.toFixed(6) });
      say();
    },
    drawn(shape, corners) {
      if (shape === "point") return;
      const enough = corners.length > (shape === "line" ? 1 : 2);
      only(enough ? { [shape]: pairs(corners) } : {});
      say(enough ? "" : corners.length ? t("report.drawn", { n: corners.length }) : t("report.draw_hint"));
    },
    refused() {
      say(t("report.outside"));
    },
  };
  return tell;
}

function pairs(corners: Position[]): string {
  return corners.map(([x = 0, y = 0]) => `${x.toFixed(6)},${y.toFixed(6)}`).join(" ");
}

/** Chips that say what the next taps mark, and a way to take one back. */
function connectShapes(group: HTMLElement, choose: (shape: Shape) => void, undo: () => void): void {
  const chips = [...group.querySelectorAll<HTMLElement>("[data-shape]")];
  const back = group.querySelector<HTMLElement>("[data-undo]");
  back?.addEventListener("click", undo);
  for (const chip of chips) {
    chip.addEventListener("click", () => {
      const shape = chip.dataset["shape"] as Shape;
      chips.forEach((other) => other.setAttribute("aria-pressed", String(other === chip)));
      if (back) back.hidden = shape === "point";
      choose(shape);
    });
  }
}

/** A measure of distance that orders places near each other, in degrees of latitude. */
function distance([x, y]: [number, number], [longitude, latitude]: [number, number]): number {
  return Math.hypot((x - longitude) * Math.cos((latitude * Math.PI) / 180), y - latitude);
}

function nearest(base: Base, longitude: number, latitude: number): string | undefined {
  const away = (place: Place) => {
    const [x = 0, y = 0] = place.geometry.coordinates;
    return distance([x, y], [longitude, latitude]);
  };
  const near = base.places.features.reduce<Place | undefined>(
    (best, place) => (best && away(best) <= away(place) ? best : place),
    undefined,
  );
  return near?.properties.name;
}
