/** When as a sentence, and everything read back before it is sent. */

import { coded, t } from "../i18n/messages";
import type { PlaceTools } from "./report-place";

const PARTS = ["hours", "weekdays", "season"];

/** The chosen times as words: "on Fridays, late in the evening, in summer". */
export function whenWords(form: HTMLFormElement): string {
  const data = new FormData(form);
  const and = ` ${t("when.and")} `;
  const parts = PARTS.map((part) => {
    const words = data.getAll(part).map((code) => coded("when", String(code)));
    return words.length > 1 ? `${words.slice(0, -1).join(", ")}${and}${words.at(-1)}` : (words[0] ?? "");
  });
  return parts.filter(Boolean).join(", ");
}

/** Keeps the sentence and the stop in step with the choices. */
export function connectWhen(form: HTMLFormElement): void {
  const sentence = form.querySelector<HTMLElement>("[data-sentence]");
  const stop = form.querySelector<HTMLElement>("[data-stop]");
  const draw = () => {
    const when = whenWords(form);
    const now = new FormData(form).get("now") === "yes";
    if (sentence) sentence.textContent = when ? t("report.sentence", { when }) : t("report.sentence_unknown");
    if (sentence) sentence.hidden = now;
    if (stop) stop.hidden = !now;
    form.querySelectorAll<HTMLElement>("[data-when]").forEach((part) => (part.hidden = now));
  };
  form.addEventListener("change", draw);
  draw();
}

/** Gives what draws the answers so far, and who is responsible, into the last step. */
export function connectReview(form: HTMLFormElement, place: PlaceTools): () => void {
  const owner = form.querySelector<HTMLElement>("[data-owner]");
  const holder = form.querySelector<HTMLElement>("[data-review]");
  return () => {
    const category = form.querySelector<HTMLInputElement>("input[name=category]:checked");
    const name = category?.parentElement?.querySelector("span")?.firstChild?.textContent ?? "";
    const rows: [string, string, number][] = [
      [t("report.review_place"), place.words(), 1],
      [t("report.review_what"), name, 2],
    ];
    const list = document.createElement("dl");
    list.className = "rows review";
    for (const [label, value, step] of rows) {
      const row = document.createElement("div");
      const term = document.createElement("dt");
      term.textContent = label;
      const words = document.createElement("dd");
      words.textContent = value || t("report.review_unknown");
      const change = document.createElement("button");
      change.type = "button";
      change.className = "link-button";
      change.textContent = t("report.change");
      change.setAttribute("aria-label", `${t("report.change")}: ${label}`);
      change.addEventListener("click", () => form.dispatchEvent(new CustomEvent("fyren:step", { detail: step })));
      // A list of terms may hold nothing but terms and what is said of them.
      const away = document.createElement("dd");
      away.append(change);
      row.append(term, words, away);
      list.append(row);
    }
    holder?.replaceChildren(list);
    if (owner) void ownerWords(form, place, category?.value ?? "").then((words) => (owner.textContent = words));
  };
}

/** Who answers for the chosen place and category; nothing where that is not known. */
async function ownerWords(form: HTMLFormElement, place: PlaceTools, category: string): Promise<string> {
  const at = place.position();
  if (!at || !category) return "";
  const query = new URLSearchParams({ longitude: String(at[0]), latitude: String(at[1]), category });
  try {
    const response = await fetch(`${form.dataset["owner"]}?${query}`);
    if (!response.ok) return "";
    const { owner } = (await response.json()) as { owner: string };
    return t("report.owner", { owner });
  } catch {
    return "";
  }
}
