/** Places by name: what the form lists, and with a net what the base map knows. */

import { t } from "../i18n/messages";
import { button, element } from "./elements";

/** A place that can be chosen. */
export interface Hit {
  name: string;
  beside: string;
  /** Value of the list's option, where it is one. */
  option?: HTMLOptionElement;
  at?: [number, number];
}

interface Found {
  name: string;
  kind: string;
  longitude: number;
  latitude: number;
  district: string | null;
  localityId: string | null;
}

/** The search box: its elements and what may be asked of it. */
export interface SearchBox {
  parts: HTMLElement[];
  focus(): void;
  /** Lists the nearest places first, as seen from here. */
  nearTo(longitude: number, latitude: number): void;
}

const SHOWN = 8;
const COORDINATES = /^\s*(-?\d{1,3}[.,]\d+)\s*[,; ]\s*(-?\d{1,3}[.,]\d+)\s*$/;

/** Builds the box over the options of `select`; `away` says how far an option is from a position. */
export function searchBox(
  select: HTMLSelectElement | null,
  url: string,
  away: (id: string, from: [number, number]) => number,
  choose: (hit: Hit) => void,
): SearchBox {
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
  let here: [number, number] | undefined;
  let asked = 0;

  const listed = (option: HTMLOptionElement): Hit => ({ name: option.text, beside: option.closest("optgroup")?.label ?? "", option });
  const local = (wanted: string): Hit[] => {
    const fits = options.filter((option) => !wanted || option.text.toLocaleLowerCase().includes(wanted));
    const from = here;
    if (wanted) fits.sort((a, b) => Number(starts(b, wanted)) - Number(starts(a, wanted)));
    else if (from) fits.sort((a, b) => away(a.value, from) - away(b.value, from));
    return (wanted ? fits : fits.slice(0, SHOWN)).map(listed);
  };
  // Rows that stand are never drawn anew by a later answer: one of them may have the focus.
  const show = (hits: Hit[], wanted: string, standing = 0) => {
    count.textContent = wanted ? t("report.found", { n: hits.length }) : "";
    const rows = hits.slice(standing, SHOWN).map((hit) => row(hit));
    if (standing) list.append(...rows);
    else list.replaceChildren(...rows);
    if (hits.length) return;
    const none = element("li", "muted");
    none.textContent = t("report.search_none");
    list.append(none);
  };
  const row = (hit: Hit) => {
    const item = document.createElement("li");
    const choice = button("", hit.name);
    const beside = element("small");
    beside.textContent = hit.beside;
    choice.append(beside);
    choice.setAttribute("aria-pressed", String(Boolean(hit.option) && select?.value === hit.option?.value));
    choice.addEventListener("click", () => {
      choose(hit);
      list.querySelectorAll("button").forEach((other) => other.setAttribute("aria-pressed", String(other === choice)));
    });
    item.append(choice);
    return item;
  };
  const draw = async () => {
    const wanted = input.value.trim().toLocaleLowerCase();
    const pair = COORDINATES.exec(wanted);
    if (pair) {
      const [north, east] = [pair[1], pair[2]].map((text) => Number(text?.replace(",", ".")));
      return show([{ name: `${north}, ${east}`, beside: t("report.coordinates"), at: [east ?? 0, north ?? 0] }], wanted);
    }
    const near = local(wanted);
    show(near, wanted);
    if (wanted.length < 3) return;
    asked += 1;
    const mine = asked;
    const found = await ask(url, wanted, here);
    if (mine !== asked) return;
    const known = new Set(near.map((hit) => hit.option?.value));
    const more = found.filter((place) => !place.localityId || !known.has(place.localityId));
    show([...near, ...more.map((place) => foreign(place, options))], wanted, near.length);
  };
  input.addEventListener("input", () => void draw());
  void draw();
  return {
    parts: [label, input, count, list],
    focus: () => input.focus(),
    nearTo(longitude, latitude) {
      here = [longitude, latitude];
      void draw();
    },
  };
}

function foreign(place: Found, options: HTMLOptionElement[]): Hit {
  const option = options.find((one) => one.value === place.localityId);
  const beside = option?.closest("optgroup")?.label ?? "";
  return { name: place.name, beside, ...(option ? { option } : { at: [place.longitude, place.latitude] }) };
}

/** Without a net the list of the form alone answers. */
async function ask(url: string, text: string, near: [number, number] | undefined): Promise<Found[]> {
  const query = new URLSearchParams({ q: text, limit: "8" });
  if (near) query.set("near", near.map((degrees) => degrees.toFixed(4)).join());
  try {
    const response = await fetch(`${url}?${query}`);
    return response.ok ? ((await response.json()) as Found[]) : [];
  } catch {
    return [];
  }
}

function starts(option: HTMLOptionElement, wanted: string): boolean {
  return option.text.toLocaleLowerCase().startsWith(wanted);
}
