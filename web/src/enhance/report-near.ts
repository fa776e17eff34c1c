/** What is known near the chosen place: published defects, and nothing else that residents have sent. */

import { fetchLayer } from "../api/layers";
import { t, type Key } from "../i18n/messages";
import { button, element } from "./elements";
import type { PlaceTools } from "./report-place";
import { sendVoice } from "./voice";

/** How far, in metres, a defect may be from the place to be told. */
const NEAR_M = 150;
const MOST = 3;
const CLOSED = ["done", "not_done"];
const METRES_A_DEGREE = 111_320;

interface Known {
  id: string;
  category: string;
  status: string;
  metres: number;
}

/** Tells published defects near the place whenever it changes. */
export function connectNear(form: HTMLFormElement, place: PlaceTools): void {
  const box = form.querySelector<HTMLElement>("[data-near]");
  const { defects = "", voices = "" } = box?.dataset ?? {};
  if (!box) return;
  const layer = fetchLayer(defects).catch(() => undefined);
  let told = "";
  const tell = async () => {
    const at = place.position();
    const found = at ? near((await layer)?.features ?? [], at) : [];
    const now = found.map((one) => one.id).join();
    if (now === told) return;
    told = now;
    box.hidden = found.length === 0;
    box.replaceChildren(...(found.length ? card(form, found, voices) : []));
  };
  form.addEventListener("fyren:place", () => void tell());
  void tell();
}

function near(features: readonly { id?: string | number | undefined; geometry: unknown; properties: unknown }[], [x, y]: [number, number]): Known[] {
  const known = features.flatMap((feature) => {
    const geometry = feature.geometry as { type?: string; coordinates?: [number, number] } | null;
    if (geometry?.type !== "Point" || !geometry.coordinates) return [];
    const [longitude, latitude] = geometry.coordinates;
    const east = (longitude - x) * Math.cos((y * Math.PI) / 180);
    const { category, status } = feature.properties as { category: string; status: string };
    return [{ id: String(feature.id), category, status, metres: Math.hypot(east, latitude - y) * METRES_A_DEGREE }];
  });
  const open = known.filter((one) => one.metres <= NEAR_M && !CLOSED.includes(one.status));
  return open.sort((a, b) => a.metres - b.metres).slice(0, MOST);
}

function card(form: HTMLFormElement, found: Known[], voices: string): HTMLElement[] {
  const title = element("p", "near__title");
  title.textContent = t("near.title");
  const list = element("ul", "near__list");
  list.append(...found.map((one) => row(form, one, voices)));
  const hint = element("p", "small muted");
  hint.textContent = t("near.hint");
  return [title, list, hint];
}

function row(form: HTMLFormElement, one: Known, voices: string): HTMLElement {
  const item = element("li");
  const words = element("span");
  const name = form.querySelector(`input[name="category"][value="${CSS.escape(one.category)}"] + span`)?.firstChild?.textContent ?? one.category;
  words.textContent = t("near.item", { name, metres: Math.max(10, Math.round(one.metres / 10) * 10), status: t(`status.${one.status}` as Key) });
  const too = button("button button--plain button--small", t("voice.too"));
  too.addEventListener("click", () => {
    too.disabled = true;
    void sendVoice(`${voices}/${one.id}/voices`).then((said) => {
      const answer = element("span", "small");
      answer.setAttribute("role", "status");
      answer.textContent = said;
      too.replaceWith(answer);
    });
  });
  item.append(words, too);
  return item;
}
