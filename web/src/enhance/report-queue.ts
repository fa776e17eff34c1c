/** Reports that wait for a net: kept by the service worker, shown here, sent once. */

import { t } from "../i18n/messages";
import { button } from "./elements";

interface Queued {
  id: string;
  path: string;
  state: "waiting" | "sent" | "asked";
  code?: string;
}

/** Registers the service worker, keeps the page for later and shows what waits. */
export async function connectQueue(): Promise<void> {
  const bar = document.querySelector<HTMLElement>("[data-queue]");
  if (!bar || !("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/sw.js");
  const worker = (await navigator.serviceWorker.ready).active;
  const say = (message: object) => worker?.postMessage(message);
  navigator.serviceWorker.addEventListener("message", ({ data }: MessageEvent<{ reports?: Queued[]; report?: Kept }>) => {
    if (data.reports) draw(bar, data.reports, say);
    if (data.report) void resend(data.report);
  });
  const keep = () => say({ keep: [location.pathname, ...loaded()] });
  keep();
  document.addEventListener("fyren:map", keep);
  addEventListener("online", () => say({ flush: true }));
  say({ flush: true });
}

/** What the page has loaded of ours so far, and the chart that its map is drawn from. */
function loaded(): Set<string> {
  const entries = performance.getEntriesByType("resource").map((entry) => new URL(entry.name));
  const ours = entries.filter((url) => url.origin === location.origin && /^\/assets\/|\/base\.json$/.test(url.pathname));
  const base = document.querySelector<HTMLElement>(".report-map")?.dataset["base"];
  return new Set([...ours.map((url) => url.pathname).filter((path) => path !== base), ...(base ? [base] : [])]);
}

function draw(bar: HTMLElement, reports: Queued[], say: (message: object) => void): void {
  bar.hidden = reports.length === 0;
  const rows = reports.map((report) => {
    const row = document.createElement("p");
    row.dataset["state"] = report.state;
    row.textContent = t(`queue.${report.state}`);
    if (report.state === "sent") {
      const link = receiptLink(report);
      link.addEventListener("click", () => say({ drop: report.id }));
      row.append(" ", link);
    }
    if (report.state === "asked") {
      const show = button("link-button", t("queue.show"));
      show.addEventListener("click", () => say({ take: report.id }));
      row.append(" ", show);
    }
    return row;
  });
  bar.replaceChildren(...rows);
}

function receiptLink({ path, code }: Queued): HTMLAnchorElement {
  const link = document.createElement("a");
  link.href = `${path.replace(/report$/, "receipt")}#${code ?? ""}`;
  link.textContent = t("queue.receipt");
  return link;
}

interface Kept extends Queued {
  type: string;
  body: ArrayBuffer;
}

/** Sends a report again as the form that it was, so that the page can ask. */
async function resend({ path, type, body }: Kept): Promise<void> {
  const data = await new Response(body, { headers: { "content-type": type } }).formData();
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: path, enctype: "multipart/form-data", hidden: true });
  const files = new DataTransfer();
  for (const [name, value] of data) {
    if (value instanceof File) {
      if (value.size) files.items.add(value);
      continue;
    }
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    form.append(input);
  }
  const photos = document.createElement("input");
  Object.assign(photos, { type: "file", name: "photo", multiple: true });
  photos.files = files.files;
  form.append(photos);
  document.body.append(form);
  form.submit();
}
