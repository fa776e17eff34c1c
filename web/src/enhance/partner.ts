/** The page of a partner: the code behind `#` opens the form, and the position fills it in. */

import { loadMessages, t } from "../i18n/messages";

/** Connects whatever of it is on the page. */
export function connectPartner(): void {
  const ask = document.querySelector<HTMLFormElement>("form[data-partner]");
  const code = decodeURIComponent(location.hash.slice(1));
  const field = ask?.elements.namedItem("partner");
  if (ask && field instanceof HTMLInputElement && code && !("failed" in ask.dataset)) {
    field.value = code;
    ask.submit();
  }
  const here = document.querySelector<HTMLButtonElement>("[data-partner-here]");
  const said = document.querySelector<HTMLElement>("[data-partner-at]");
  if (!here || !said) return;
  if (!("geolocation" in navigator)) here.hidden = true;
  here.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => void loadMessages().then(() => fill(said, coords)),
      () => void loadMessages().then(() => (said.textContent = t("report.my_position_failed"))),
      { enableHighAccuracy: true, timeout: 8000, maximumAge: 60_000 },
    );
  });
}

function fill(said: HTMLElement, coords: GeolocationCoordinates): void {
  const put = (id: string, value: string) => {
    const input = document.getElementById(id);
    if (input instanceof HTMLInputElement || input instanceof HTMLSelectElement) input.value = value;
  };
  put("latitude", coords.latitude.toFixed(6));
  put("longitude", coords.longitude.toFixed(6));
  put("locality", "");
  said.textContent = t("partner.here", { metres: Math.max(5, Math.round(coords.accuracy)) });
}
