/** What every page gains with scripts: a switch between day and night, and printing. */

/** Connects the frame's switch; the choice is kept in this browser only. */
export function enhanceSite(): void {
  const button = document.querySelector<HTMLButtonElement>("[data-theme-switch]");
  button?.addEventListener("click", switchTheme);
  document.querySelector("[data-print-page]")?.addEventListener("click", () => window.print());
  document.querySelector(".paper [data-print]")?.addEventListener("click", () => window.print());
}

/** Turns day into night or back. */
export function switchTheme(): void {
  const theme = isNight() ? "day" : "night";
  document.documentElement.dataset["theme"] = theme;
  try {
    localStorage.setItem("fyren-theme", theme);
  } catch {
    // Storage is closed: the choice holds for this page.
  }
  document.dispatchEvent(new Event("fyren:theme"));
}

/** Whether the page shows in its night colours. */
export function isNight(): boolean {
  const chosen = document.documentElement.dataset["theme"];
  return chosen ? chosen === "night" : matchMedia("(prefers-color-scheme: dark)").matches;
}

/** Calls `change` whenever day turns to night or back. */
export function onTheme(change: () => void): void {
  document.addEventListener("fyren:theme", change);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", change);
}
