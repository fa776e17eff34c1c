/** Where: the map or the list, whichever is easier. */

import type { Base, Place } from "../api/base";
import { t } from "../i18n/messages";
import { pinDrawing } from "../map/pin";
import type { PinListener, PinMap } from "../map/report-map";

/** The first step, as the rest of the form sees it. */
export interface PlaceTools extends PinListener {
  /** The chosen place in words. */
  words(): string;
  /** Gives the gazetteer with positions. */
  know(base: Base): void;
  /** Gives the map. */
  attach(map: PinMap): void;
  /** Says that there is no map. */
  withoutMap(): void;
}

const SHOWN = 8;

/** Builds the tools of the first step. */
export function connectPlace(form: HTMLFormElement): PlaceTools {
  const field = (name: string) => form.elements.namedItem(name) as HTMLInputElement;
  const locality = form.querySelector<HTMLSelectElement>("#locality");
  const district = form.querySelector<HTMLSelectElement>("#district");
  const lists = form.querySelector<HTMLElement>("[data-place-lists]");
  const tools = form.querySelector<HTMLElement>("[data-place-tools]");
  let base: Base | undefined;
  let map: PinMap | undefined;

  const switcher = element("div", "switch");
  const toMap = button("button button--plain", t("report.show_map"));
  const toList = button("button button--plain", t("report.skip_map"));
  switcher.append(toMap, toList);
  const chosen = element("p", "chosen-place");
  chosen.setAttribute("aria-live", "polite");
  const search = searchBox(locality, (option) => {
    setPin("", "");
    if (locality) locality.value = option.value;
    if (district) district.value = "";
    showOnMap(option.value);
    say();
  });
  tools?.append(switcher, chosen);
  locality?.closest(".field")?.replaceChildren(...search.parts, locality);
  if (locality) locality.hidden = true;

  const setPin = (longitude: string, latitude: string) => {
    field("longitude").value = longitude;
    field("latitude").value = latitude;
  };
  const showOnMap = (id: string) => {
    const place = base?.places.features.find((p) => p.properties.id === id);
    const [longitude, latitude] = place?.geometry.coordinates ?? [];
    if (longitude !== undefined && latitude !== undefined) map?.show(longitude, latitude);
  };
  const words = () => {
    if (field("longitude").value) {
      const near = base && nearest(base, Number(field("longitude").value), Number(field("latitude").value));
      return near ? t("report.pin_near", { place: near }) : t("report.pin");
    }
    const select = locality?.value ? locality : district?.value ? district : null;
    return select?.selectedOptions[0]?.textContent ?? "";
  };
  const say = (problem = "") => {
    const text = problem || words() || t("report.pin_hint");
    chosen.innerHTML = pinDrawing();
    const line = document.createElement("span");
    line.textContent = text;
    chosen.append(line);
    chosen.classList.toggle("is-set", words() !== "");
    if (words()) form.querySelector("#step-1 .error-text")?.remove();
  };
  const mode = (list: boolean) => {
    document.body.classList.toggle("no-map", list);
    toMap.setAttribute("aria-pressed", String(!list));
    toList.setAttribute("aria-pressed", String(list));
    if (lists) lists.hidden = !list;
    map?.resize();
  };
  toMap.addEventListener("click", () => mode(false));
  toList.addEventListener("click", () => {
    mode(true);
    search.focus();
  });
  district?.addEventListener("change", () => {
    setPin("", "");
    if (locality) locality.value = "";
    map?.clear();
    say();
  });
  mode(Boolean(locality?.value || district?.value));
  say();

  return {
    words,
    know(known) {
      base = known;
    },
    attach(made) {
      map = made;
      if (field("longitude").value) map.show(Number(field("longitude").value), Number(field("latitude").value));
      else if (locality?.value) showOnMap(locality.value);
      const canvas = document.querySelector<HTMLElement>("#map canvas");
      canvas?.setAttribute("aria-label", `${t("report.map_label")}. ${t("report.pin_keys")}`);
      say();
    },
    withoutMap() {
      mode(true);
      toMap.hidden = true;
      say(words() || t("map.failed"));
    },
    chosen(longitude, latitude) {
      setPin(longitude.toFixed(6), latitude.toFixed(6));
      if (locality) locality.value = "";
      if (district) district.value = "";
      say();
    },
    refused() {
      say(t("report.outside"));
    },
  };
}

function nearest(base: Base, longitude: number, latitude: number): string | undefined {
  const squeeze = Math.cos((latitude * Math.PI) / 180);
  const away = (place: Place) => {
    const [x = 0, y = 0] = place.geometry.coordinates;
    return Math.hypot((x - longitude) * squeeze, y - latitude);
  };
  const near = base.places.features.reduce<Place | undefined>(
    (best, place) => (best && away(best) <= away(place) ? best : place),
    undefined,
  );
  return near?.properties.name;
}

interface SearchBox {
  parts: HTMLElement[];
  focus(): void;
}

function searchBox(select: HTMLSelectElement | null, choose: (option: HTMLOptionElement) => void): SearchBox {
  const options = [...(select?.querySelectorAll<HTMLOptionElement>("optgroup option") ?? [])];
  const label = document.createElement("label");
  label.htmlFor = "place-search";
  label.textContent = t("report.search");
  const input = document.createElement("input");
  input.id = "place-search";
  input.type = "search";
  input.className = "input";
  input.autocomplete = "off";
  const count = element("p", "visually-hidden");
  count.setAttribute("role", "status");
  const list = element("ul", "suggestions");
  const draw = () => {
    const wanted = input.value.trim().toLocaleLowerCase();
    const fits = options.filter((option) => option.text.toLocaleLowerCase().includes(wanted));
    fits.sort((a, b) => Number(starts(b, wanted)) - Number(starts(a, wanted)));
    count.textContent = wanted ? t("report.found", { n: fits.length }) : "";
    list.replaceChildren(
      ...fits.slice(0, SHOWN).map((option) => {
        const item = document.createElement("li");
        const choice = button("", option.text);
        const group = element("small", "");
        group.textContent = option.closest("optgroup")?.label ?? "";
        choice.append(group);
        choice.setAttribute("aria-pressed", String(select?.value === option.value));
        choice.addEventListener("click", () => {
          choose(option);
          draw();
        });
        item.append(choice);
        return item;
      }),
    );
    if (!fits.length) {
      const none = element("li", "muted");
      none.textContent = t("report.search_none");
      list.append(none);
    }
  };
  input.addEventListener("input", draw);
  draw();
  return { parts: [label, input, count, list], focus: () => input.focus() };
}

function starts(option: HTMLOptionElement, wanted: string): boolean {
  return option.text.toLocaleLowerCase().startsWith(wanted);
}

function element(tag: string, name: string): HTMLElement {
  const made = document.createElement(tag);
  if (name) made.className = name;
  return made;
}

function button(name: string, text: string): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  if (name) made.className = name;
  made.textContent = text;
  return made;
}

