/** The report as a sheet that grows step by step, over one and the same form. */

import { fetchBase, type Base } from "../api/base";
import { t } from "../i18n/messages";
import type { PinMap } from "../map/pin-map";
import { breath } from "./breath";
import { connectCheck } from "./report-check";
import { connectQueue } from "./report-queue";
import { connectNear } from "./report-near";
import { connectPlace, type PlaceTools } from "./report-place";
import { connectReview, connectWhen } from "./report-words";
import { sourceToken } from "./source";

/** Turns the form of the page into steps and loads the map behind it: what can be tapped first comes first. */
export async function enhanceReport(form: HTMLFormElement): Promise<void> {
  const coming = fetchMap();
  const steps = [...form.querySelectorAll<HTMLElement>(".step")];
  let review: (() => void) | undefined;
  let map: PinMap | undefined;
  const entered = () => {
    review?.();
    map?.resize();
  };
  const flow = connectSteps(form, steps, entered);
  const failed = form.querySelector<HTMLElement>(".error-text")?.closest<HTMLElement>(".step");
  flow.go(Number(failed ? failed.dataset["step"] : form.dataset["start"]), false);
  freshKey(form);
  await breath();
  connectCheck(form, () => {
    const source = form.elements.namedItem("source");
    if (source instanceof HTMLInputElement) source.value = sourceToken();
  });
  form.querySelector<HTMLElement>(".summary")?.focus();
  await breath();
  const place = connectPlace(form);
  await breath();
  connectWhen(form);
  review = connectReview(form, place);
  review();
  await breath();
  connectNear(form, place);
  void connectQueue();
  await breath();
  map = await showMap(place, coming);
}

interface Flow {
  go(step: number, focus?: boolean): void;
}

function connectSteps(form: HTMLFormElement, steps: HTMLElement[], entered: () => void): Flow {
  const back = form.querySelector<HTMLButtonElement>("[data-back]");
  const next = form.querySelector<HTMLButtonElement>("[data-next]");
  const send = form.querySelector<HTMLButtonElement>("[data-send]");
  const dots = form.querySelector<HTMLElement>(".dots");
  let current = 1;
  const go = (step: number, focus = true) => {
    current = Math.min(Math.max(step, 1), steps.length);
    document.body.dataset["step"] = String(current);
    steps.forEach((part, at) => part.classList.toggle("is-current", at + 1 === current));
    drawDots(dots, current);
    if (back) back.hidden = current === 1;
    if (next) next.hidden = current === steps.length;
    if (send) send.hidden = current !== steps.length;
    entered();
    if (!focus) return;
    const legend = steps[current - 1]?.querySelector<HTMLElement>("legend");
    legend?.setAttribute("tabindex", "-1");
    legend?.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
    form.closest(".report")?.scrollTo({ top: 0 });
  };
  back?.addEventListener("click", () => go(current - 1));
  next?.addEventListener("click", () => {
    if (complete(form, current)) go(current + 1);
  });
  form.addEventListener("fyren:step", (event) => go((event as CustomEvent<number>).detail));
  form.addEventListener("keydown", (event) => {
    const field = event.target instanceof HTMLInputElement && event.key === "Enter";
    if (field && current < steps.length) {
      event.preventDefault();
      if (complete(form, current)) go(current + 1);
    }
  });
  return { go };
}

function drawDots(dots: HTMLElement | null, current: number): void {
  dots?.querySelectorAll("li").forEach((dot, at) => {
    dot.classList.toggle("is-done", at + 1 < current);
    if (at + 1 === current) dot.setAttribute("aria-current", "step");
    else dot.removeAttribute("aria-current");
  });
  const words = dots?.querySelector("span");
  if (words) words.textContent = t("report.step", { n: current });
}

/** Whether a step may be left; says in the page what is missing. */
function complete(form: HTMLFormElement, step: number): boolean {
  const data = new FormData(form);
  const missing =
    step === 1 && !data.get("longitude") && !data.get("line") && !data.get("polygon") && !data.get("locality") && !data.get("district")
      ? t("report.need_place")
      : step === 2 && !data.get("category")
        ? t("report.need_category")
        : "";
  const part = form.querySelector<HTMLElement>(`#step-${step}`);
  part?.querySelectorAll(".error-text").forEach((old) => old.remove());
  if (!missing || !part) return true;
  const error = document.createElement("p");
  error.className = "error-text";
  error.setAttribute("role", "alert");
  error.textContent = missing;
  part.querySelector("legend")?.after(error);
  return false;
}

type MapParts = [Base, typeof import("../map/pin-map")];

/** What the map is made of. */
function fetchMap(): Promise<MapParts> {
  const address = document.querySelector<HTMLElement>(".report-map")?.dataset["base"] ?? "";
  const coming: Promise<MapParts> = Promise.all([fetchBase(address), import("../map/pin-map")]);
  // That it does not come is said where it is waited for.
  coming.catch(() => undefined);
  return coming;
}

async function showMap(place: PlaceTools, coming: Promise<MapParts>): Promise<PinMap | undefined> {
  const container = document.getElementById("map");
  if (!container) return undefined;
  try {
    const [base, { pinMap }] = await coming;
    place.know(base);
    await breath();
    const map = pinMap(container, base, place);
    place.attach(map);
    document.dispatchEvent(new Event("fyren:map"));
    return map;
  } catch {
    place.withoutMap();
    return undefined;
  }
}

/** A page that was kept for a day without a net has the key of a report that is sent already. */
function freshKey(form: HTMLFormElement): void {
  const key = form.elements.namedItem("key");
  const digits = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0"));
  if (key instanceof HTMLInputElement) key.value = digits.join("");
}
