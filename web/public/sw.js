/* The report without a net: its page from what was kept, its sending from a queue.
   A report keeps the key of its form, so that sending it twice stores it once. */
importScripts("/assets/sw-visits.js");

const KEPT = "fyren-report-1";
const REPORT = /^\/[a-z0-9-]{2,32}\/report$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  const page = request.mode === "navigate" && REPORT.test(url.pathname);
  if (page && request.method === "POST") event.respondWith(sent(request, url.pathname));
  else if (request.method !== "GET") return;
  else if (page) event.respondWith(netFirst(request, url.pathname));
  else if (url.pathname.startsWith("/assets/") || url.pathname.endsWith("/base.json")) event.respondWith(netFirst(request, url.pathname));
});

self.addEventListener("message", (event) => {
  const { keep, flush, take, drop } = event.data;
  if (keep) event.waitUntil(keepAll(keep));
  if (flush) event.waitUntil(flushOnce());
  if (drop) event.waitUntil(store("readwrite", (reports, seen) => reports.delete(seen), drop));
  if (take) event.waitUntil(give(event.source, take));
});

async function netFirst(request, path) {
  const cache = await caches.open(KEPT);
  try {
    const response = await fetch(request);
    if (response.ok && (await cache.match(path))) await cache.put(path, response.clone());
    return response;
  } catch {
    return (await cache.match(path)) ?? Response.error();
  }
}

async function keepAll(paths) {
  const cache = await caches.open(KEPT);
  for (const path of paths) if (!(await cache.match(path))) await cache.add(path).catch(() => undefined);
}

/** Sends the form, or puts it into the queue and shows the page that says so. */
async function sent(request, path) {
  const copy = request.clone();
  try {
    return await fetch(request);
  } catch {
    await store("readwrite", (reports, queued) => reports.put(queued), {
      id: crypto.randomUUID(),
      path,
      type: copy.headers.get("content-type"),
      body: await copy.arrayBuffer(),
      state: "waiting",
    });
    return Response.redirect(path, 303);
  }
}

let flushing;
/** Sends what waits, one after the other, and tells every open page. */
function flushOnce() {
  flushing ??= flushAll().finally(() => (flushing = undefined));
  return flushing;
}

async function flushAll() {
  for (const report of await store("readonly", (reports) => reports.getAll())) {
    if (report.state !== "waiting") continue;
    const answer = await post(report);
    if (!answer) break;
    await store("readwrite", (reports, told) => reports.put(told), answer);
  }
  await tell();
}

/** What a report is after it was sent; nothing where it could not be. */
async function post({ id, path, type, body }) {
  try {
    const response = await fetch(path, { method: "POST", headers: { "content-type": type, accept: "text/html" }, body });
    if (response.status === 429 || response.status >= 500) return undefined;
    const code = /data-code>([\w-]+)</.exec(await response.text())?.[1];
    if (response.status === 201 && code) return { id, path, state: "sent", code };
    return { id, path, type, body, state: "asked" };
  } catch {
    return undefined;
  }
}

/** Gives a report whose sender is asked something back to the page. */
async function give(client, id) {
  const report = await store("readonly", (reports, wanted) => reports.get(wanted), id);
  await store("readwrite", (reports, gone) => reports.delete(gone), id);
  if (report) client.postMessage({ report });
}

async function tell() {
  const all = await store("readonly", (reports) => reports.getAll());
  const reports = all.map(({ id, path, state, code }) => ({ id, path, state, code }));
  for (const client of await self.clients.matchAll()) client.postMessage({ reports });
}

/** One transaction on the queue. */
function store(mode, work, value) {
  return new Promise((done, fail) => {
    const opening = indexedDB.open("fyren", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("reports", { keyPath: "id" });
    opening.onerror = () => fail(opening.error);
    opening.onsuccess = () => {
      const change = opening.result.transaction("reports", mode);
      const asked = work(change.objectStore("reports"), value);
      change.oncomplete = () => {
        opening.result.close();
        done(asked.result);
      };
      change.onerror = () => fail(change.error);
    };
  });
}
