/** Before it is sent: what is going on is stopped, what points out a person is warned about. */

import { coded } from "../i18n/messages";

interface Checked {
  danger: boolean;
  personal: string[];
}

/** Asks about the text when it is left and before it is sent; `ready` is called as the form goes. */
export function connectCheck(form: HTMLFormElement, ready: () => void): void {
  const text = form.querySelector<HTMLTextAreaElement>("#text");
  const pauses = [...form.querySelectorAll<HTMLElement>("[data-pause]")];
  const kinds = form.querySelector<HTMLElement>("[data-personal-kinds]");
  let checked: { text: string; found: Checked | undefined } = { text: "", found: undefined };
  let sending = false;

  const meant = (name: string) => Boolean(form.querySelector(`input[type=hidden][name=${name}][value=yes]`));
  const show = (which: string) => pauses.forEach((part) => (part.hidden = part.dataset["pause"] !== which));
  /** Which pause the text calls for, as far as it is known. */
  const verdict = (): string => {
    const { found } = checked;
    if (kinds) kinds.textContent = (found?.personal ?? []).map((kind) => coded("flag", kind)).join(", ");
    if (found?.danger && !meant("over")) return "danger";
    return found?.personal.length && !meant("anyway") ? "personal" : "";
  };
  const written = () => text?.value.trim() ?? "";
  /** Asks the server about what is written; without a net nothing is known. */
  const learn = async (): Promise<void> => {
    const value = written();
    if (value !== checked.text) checked = { text: value, found: value ? await ask(form.dataset["check"] ?? "", value) : undefined };
  };
  const pause = (which: string) => {
    show(which);
    pauses.find((part) => part.dataset["pause"] === which)?.querySelector<HTMLElement>("a, button")?.focus();
  };
  text?.addEventListener("change", () => void learn().then(() => show(verdict())));
  form.addEventListener("submit", (event) => {
    if (sending) return;
    if (new FormData(form).get("now") === "yes") {
      event.preventDefault();
      return form.querySelector<HTMLElement>("[data-stop] a")?.focus();
    }
    // What is known already needs no second sending, which would come within the first.
    if (written() === checked.text && !verdict()) return ready();
    event.preventDefault();
    void learn().then(() => {
      const which = verdict();
      if (which) return pause(which);
      sending = true;
      ready();
      form.requestSubmit();
    });
  });
  form.querySelector("[data-change-text]")?.addEventListener("click", () => {
    show("");
    text?.focus();
  });
  for (const choice of form.querySelectorAll<HTMLButtonElement>("[data-meant]")) {
    choice.addEventListener("click", () => {
      const said = document.createElement("input");
      Object.assign(said, { type: "hidden", name: choice.dataset["meant"], value: "yes" });
      form.append(said);
      const which = verdict();
      show(which);
      if (which) return;
      // Who says "send it anyway" has said it.
      if (choice.dataset["meant"] === "anyway") return form.requestSubmit();
      form.querySelector<HTMLElement>("[data-send]")?.focus();
    });
  }
  // Buttons of a page that the server paused say themselves what is meant.
  for (const choice of document.querySelectorAll<HTMLButtonElement>("button[form=report][name]")) {
    choice.addEventListener("click", () => {
      sending = true;
      ready();
    });
  }
}

async function ask(url: string, text: string): Promise<Checked | undefined> {
  try {
    const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ text }) });
    return response.ok ? ((await response.json()) as Checked) : undefined;
  } catch {
    return undefined;
  }
}
