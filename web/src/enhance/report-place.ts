/** Where: my position, the map or the list, whichever is easier. */

import type { Position } from "geojson";
import type { Base, Place } from "../api/base";
import { t } from "../i18n/messages";
import { pinDrawing } from "../map/pin";
import type { PinListener, PinMap, Shape } from "../map/pin-map";
import { button, element } from "./elements";
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

const SHAPES: Shape[] = ["point", "line", "polygon"];
/** Fields of the form that say where; one way at a time is filled in. */
const FIELDS = ["longitude", "latitude", "precision", "line", "polygon", "locality", "district"];

/** Builds the tools of the first step. */
export function connectPlace(form: HTMLFormElement): PlaceTools {
  const field = (name: string) => form.elements.namedItem(name) as HTMLInputElement;
  const locality = form.querySelector<HTMLSelectElement>("#locality");
  const district = form.querySelector<HTMLSelectElement>("#district");
  const lists = form.querySelector<HTMLElement>("[data-place-lists]");
  const tools = form.querySelector<HTMLElement>("[data-place-tools]");
  let base: Base | undefined;
  let map: PinMap | undefined;

  const only = (values: Record<string, string>) => FIELDS.forEach((name) => (field(name).value = values[name] ?? ""));
  const named = (id: string): [number, number] | undefined => {
    const [longitude, latitude] = base?.places.features.find((p) => p.properties.id === id)?.geometry.coordinates ?? [];
    return longitude === undefined || latitude === undefined ? undefined : [longitude, latitude];
  };
  const switcher = element("div", "switch");
  const mine = button("button button--plain", t("report.my_position"));
  const toMap = button("button button--plain", t("report.show_map"));
  const toList = button("button button--plain", t("report.skip_map"));
  if ("geolocation" in navigator) switcher.append(mine);
  switcher.append(toMap, toList);
  const chosen = element("p", "chosen-place");
  chosen.setAttribute("aria-live", "polite");
  const away = (id: string, from: [number, number]) => distance(named(id) ?? [0, 0], from);
  const search = searchBox(locality, form.dataset["search"] ?? "", away, (hit) => {
    const at = hit.at ?? named(hit.option?.value ?? "");
    if (hit.option) only({ locality: hit.option.value });
    else if (hit.at) only({ longitude: hit.at[0].toFixed(6), latitude: hit.at[1].toFixed(6) });
    if (at) map?.show(...at);
    say();
  });
  const shapes = shapeChips((shape) => {
    only({});
    map?.mark(shape);
    say(shape === "point" ? "" : t("report.draw_hint"));
  }, () => map?.undo());
  tools?.append(switcher, chosen, shapes);
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
    chosen.innerHTML = pinDrawing();
    const line = document.createElement("span");
    line.textContent = problem || words() || t(document.body.classList.contains("no-map") ? "report.list_hint" : "report.pin_hint");
    chosen.append(line);
    chosen.classList.toggle("is-set", words() !== "");
    if (words()) form.querySelector("#step-1 .error-text")?.remove();
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
  say();

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
function shapeChips(choose: (shape: Shape) => void, undo: () => void): HTMLElement {
  const group = element("div", "chips shapes");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", t("report.shape"));
  const names = { point: t("report.point"), line: t("report.line"), polygon: t("report.area") };
  const back = button("link-button", t("report.draw_undo"));
  back.hidden = true;
  back.addEventListener("click", undo);
  const chips = SHAPES.map((shape) => {
    const chip = button("chip-button", names[shape]);
    chip.setAttribute("aria-pressed", String(shape === "point"));
    chip.addEventListener("click", () => {
      chips.forEach((other) => other.setAttribute("aria-pressed", String(other === chip)));
      back.hidden = shape === "point";
      choose(shape);
    });
    return chip;
  });
  group.append(...chips, back);
  return group;
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
