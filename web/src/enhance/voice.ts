/** "I feel it too": a voice on what is public already, sent without leaving the page. */

import { t } from "../i18n/messages";
import { sourceToken } from "./source";

/** Sends a voice to `url`; gives the words of what became of it. */
export async function sendVoice(url: string): Promise<string> {
  const token = sourceToken();
  const headers: Record<string, string> = token ? { "Fyren-Source": token } : {};
  try {
    const answer = await fetch(url, { method: "POST", headers });
    if (answer.status === 409 || answer.status === 404) return t("voice.closed");
    if (!answer.ok) return t("voice.failed");
    const { new: fresh } = (await answer.json()) as { new: boolean };
    return t(fresh ? "voice.new" : "voice.known");
  } catch {
    return t("voice.failed");
  }
}

/** Lets the forms of a page send their voice without leaving it. */
export function connectVoices(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-voice]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const said = document.createElement("p");
      said.className = "small";
      said.setAttribute("role", "status");
      form.replaceChildren(said);
      void sendVoice(form.dataset["voice"] ?? "").then((words) => (said.textContent = words));
    });
  }
}
