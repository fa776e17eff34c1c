/* A shift without a net: its page from what was kept, its visits from a queue.
   A visit keeps the key that it was given by the tap, so that sending it twice
   logs it once. Everything that changes the queue happens here, one after the
   other, so that no page and no second tab sees half of it. */
const SHIFT_KEPT = "fyren-shift-1";
const SHIFT_PAGE = /^\/[a-z0-9-]{2,32}\/staff\/shift$/;
const SHIFT_FACTS = /^\/api\/v1\/municipalities\/[a-z0-9-]{2,32}\/(shift|plans\/current)$/;

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin || request.method !== "GET") return;
  const page = request.mode === "navigate" && SHIFT_PAGE.test(url.pathname);
  if (page || SHIFT_FACTS.test(url.pathname)) event.respondWith(lastKnown(request, url.pathname));
});

self.addEventListener("message", (event) => {
  const { visits } = event.data;
  if (!visits) return;
  if (visits.put) event.waitUntil(inTurn(() => visitStore("readwrite", (queue) => queue.put(visits.put))).then(sendVisits));
  if (visits.undo) event.waitUntil(inTurn(() => takeBack(visits.undo)).then(sendVisits));
  if (visits.drop) event.waitUntil(inTurn(() => visitStore("readwrite", (queue) => queue.delete(visits.drop))).then(tellVisits));
  if (visits.flush) event.waitUntil(sendVisits());
  if (visits.keep) event.waitUntil(keepFirst(visits.keep));
  if (visits.forget) event.waitUntil(caches.delete(SHIFT_KEPT));
});

// Where the browser can, what waits is sent even if the page is closed by then.
self.addEventListener("sync", (event) => {
  if (event.tag === "fyren-visits") event.waitUntil(sendVisits());
});

let turn = Promise.resolve();
/** Runs `work` when all that was asked before is done. */
function inTurn(work) {
  const done = turn.then(work);
  turn = done.catch(() => undefined);
  return done;
}

/** From the net, and kept; without a net as it was last known. */
async function lastKnown(request, path) {
  const cache = await caches.open(SHIFT_KEPT);
  try {
    const response = await fetch(request);
    if (response.ok && !response.redirected) await cache.put(path, response.clone());
    return response;
  } catch {
    return (await cache.match(path)) ?? Response.error();
  }
}

/** Keeps what a page had fetched before there was a worker: the first shift of a phone outlasts its net, too. */
async function keepFirst(urls) {
  const cache = await caches.open(SHIFT_KEPT);
  for (const url of urls) {
    const { pathname } = new URL(url, location.origin);
    if (await cache.match(pathname)) continue;
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok && !response.redirected) await cache.put(pathname, response);
  }
}

/** Undoes a visit: one that waits was never sent, one that was sent is withdrawn. */
async function takeBack({ key, withdraw }) {
  const known = await visitStore("readonly", (queue) => queue.get(key));
  if (known && known.state !== "sent") return visitStore("readwrite", (queue) => queue.delete(key));
  const id = known?.id ?? withdraw.id;
  const url = `${withdraw.root}/${id}/withdraw`;
  await visitStore("readwrite", (queue) => queue.put({ ...withdraw, key: withdraw.key, id: undefined, undoes: id, url, body: {}, state: "waiting" }));
  if (known) await visitStore("readwrite", (queue) => queue.put({ ...known, undone: true }));
}

function sendVisits() {
  return inTurn(async () => {
    await tellVisits();
    const all = await visitStore("readonly", (queue) => queue.getAll());
    const waiting = all.filter((visit) => visit.state === "waiting").sort((a, b) => a.at - b.at);
    for (const visit of waiting) {
      const sent = await sendVisit(visit);
      if (!sent) break;
      await visitStore("readwrite", (queue) => queue.put(sent));
      if (sent.state === "waiting") break;
    }
    await tellVisits();
  });
}

/** What a visit is after it was sent; nothing where there was no net or no room. */
async function sendVisit(visit) {
  let response;
  try {
    const headers = { "content-type": "application/json", "idempotency-key": visit.key };
    response = await fetch(visit.url, { method: "POST", headers, body: JSON.stringify(visit.body) });
  } catch {
    return undefined;
  }
  if (response.status === 429 || response.status >= 500) return undefined;
  if (response.status === 401) return { ...visit, signIn: true };
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return { ...visit, signIn: undefined, state: "sent", id: answer.id };
  const broken = (answer.violations ?? []).map((one) => one.message || one.field).join(" ");
  return { ...visit, state: "refused", problem: broken || answer.detail || String(response.status) };
}

async function tellVisits() {
  const visits = await visitStore("readonly", (queue) => queue.getAll());
  for (const client of await self.clients.matchAll()) client.postMessage({ visits });
}

/** One transaction on the queue of visits. */
function visitStore(mode, work) {
  return new Promise((done, fail) => {
    const opening = indexedDB.open("fyren-visits", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("queue", { keyPath: "key" });
    opening.onerror = () => fail(opening.error);
    opening.onsuccess = () => {
      const change = opening.result.transaction("queue", mode);
      const asked = work(change.objectStore("queue"));
      change.oncomplete = () => {
        opening.result.close();
        done(asked.result);
      };
      change.onerror = () => fail(change.error);
    };
  });
}
