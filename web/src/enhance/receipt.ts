/** The receipt: the code stands behind `#`, never in a path or a query. */

/** Opens the report of a code behind `#`, keeps it there after sending, prints and shares. */
export async function enhanceReceipt(): Promise<void> {
  const page = document.querySelector<HTMLElement>("[data-receipt]");
  const address = page?.dataset["receipt"];
  if (!page || !address) return;
  const shown = page.querySelector<HTMLElement>("[data-code]")?.textContent?.trim();
  if (shown) history.replaceState(null, "", `${address}#${shown}`);
  else if (location.hash.length > 1 && page.querySelector("[data-ask]")) await open(page, address, location.hash.slice(1));
  connect(page, address);
}

async function open(page: HTMLElement, address: string, code: string): Promise<void> {
  const response = await fetch(address, { method: "POST", body: new URLSearchParams({ code }) });
  const answer = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = answer.querySelector<HTMLElement>("[data-receipt]");
  if (fresh) page.replaceChildren(...fresh.childNodes);
}

function connect(page: HTMLElement, address: string): void {
  page.querySelector("[data-print]")?.addEventListener("click", () => window.print());
  page.querySelector<HTMLElement>("[data-done]")?.focus();
  keepCode(page, address);
  const share = page.querySelector<HTMLButtonElement>("[data-share]");
  const code = page.querySelector<HTMLElement>("[data-code]")?.textContent?.trim();
  if (!share || !code || !("share" in navigator)) return;
  share.hidden = false;
  share.addEventListener("click", () => {
    const url = new URL(`${address}#${code}`, location.href).href;
    // A closed sharing sheet is an answer, too.
    void navigator.share({ title: document.title, url }).catch(() => undefined);
  });
}

/** Lets the code stand behind `#` after what is sent, and in the other language, too. */
function keepCode(page: HTMLElement, address: string): void {
  // A code that leads nowhere any more is kept nowhere either.
  if (page.querySelector("[data-gone]")) return history.replaceState(null, "", address);
  const code = page.querySelector<HTMLInputElement>("input[type=hidden][name=code]")?.value ?? location.hash.slice(1);
  if (!code) return;
  if (!location.hash) history.replaceState(null, "", `${address}#${code}`);
  for (const form of page.querySelectorAll<HTMLFormElement>("form[data-keep-hash]")) form.action += `#${code}`;
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a[href*='?lang=']")) link.hash = code;
}
