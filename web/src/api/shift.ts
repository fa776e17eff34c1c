/** A shift: what was logged, where presence is due, and the queue of visits that wait for a net. */

import { failure } from "./layers";

/** A visit as the server tells it. */
export interface LoggedVisit {
  id: string;
  unit: string;
  unitKind: string;
  longitude: number | null;
  latitude: number | null;
  precisionM: number;
  name: string | null;
  district: string | null;
  startedAt: string;
  endedAt: string;
  minutes: number;
  mode: string;
  purpose: string;
  tactics: string[];
  seen: string | null;
  contacts: string | null;
}

/** A place where presence is due. */
export interface NextStop {
  key: string;
  name: string;
  district: string | null;
  longitude: number;
  latitude: number;
  because: "overdue" | "hot_spot" | "waiting";
  daysSinceVisit: number | null;
  openReports: number | null;
  owner: string | null;
  rank: number | null;
  count: number | null;
  sources: number | null;
}

/** What the page of a shift shows. */
export interface Shift {
  today: string;
  goalDays: number;
  logged: LoggedVisit[];
  next: NextStop[];
}

/** A visit as it is sent. */
export interface VisitBody {
  unit: string;
  unitKind: string;
  place: { localityId: string } | { longitude: number; latitude: number; precisionM: number };
  startedAt: string;
  endedAt: string;
  mode: string;
  purpose: string;
  tactics: string[];
  seen: string | null;
  contacts: string | null;
  corrects?: string;
}

/** A visit in the queue. */
export interface Queued {
  key: string;
  url: string;
  /** Nothing in a withdrawal. */
  body: VisitBody | Record<string, never>;
  /** What the place is called. */
  name: string;
  /** When it was queued, for the order of sending. */
  at: number;
  state: "waiting" | "sent" | "refused";
  id?: string;
  /** The visit that this one withdraws. */
  undoes?: string;
  undone?: boolean;
  problem?: string;
  signIn?: boolean;
}

/** Where visits are sent. */
export function visitsOf(code: string): string {
  return `/api/v1/municipalities/${code}/visits`;
}

/** Where the shift of a unit is fetched. */
export function shiftUrl(code: string, unit: string): string {
  return `/api/v1/municipalities/${code}/shift${unit ? `?${new URLSearchParams({ unit })}` : ""}`;
}

/** Fetches the shift of a unit. */
export async function fetchShift(code: string, unit: string): Promise<Shift> {
  const response = await fetch(shiftUrl(code, unit));
  if (!response.ok) throw await failure(response);
  return (await response.json()) as Shift;
}

/** The queue, which the service worker keeps. */
export class Queue {
  #worker: ServiceWorker | null = null;
  /** What was said before the worker could hear it. */
  #early: object[] = [];

  /** Starts the worker, keeps `paths` for later and hands every state of the queue to `told`. */
  async open(paths: string[], told: (visits: Queued[]) => void): Promise<void> {
    await navigator.serviceWorker.register("/sw.js");
    const ready = await navigator.serviceWorker.ready;
    this.#worker = ready.active;
    navigator.serviceWorker.addEventListener("message", ({ data }: MessageEvent<{ visits?: Queued[] }>) => {
      if (data.visits) told(data.visits);
    });
    this.#worker?.postMessage({ keep: paths });
    for (const visits of this.#early.splice(0)) this.#say(visits);
    addEventListener("online", () => this.flush());
    this.flush();
  }

  /** Queues a visit and sends it as soon as it can be. */
  put(visit: Queued): void {
    this.#say({ put: visit });
    void this.#later();
  }

  /** Takes a visit back: one that waits is dropped, one that was sent is withdrawn. */
  undo(key: string, withdraw: { key: string; root: string; id?: string; name: string; at: number }): void {
    this.#say({ undo: { key, withdraw } });
    void this.#later();
  }

  /** Forgets a visit that the server has told us of by itself. */
  drop(key: string): void {
    this.#say({ drop: key });
  }

  /** Sends what waits. */
  flush(): void {
    this.#say({ flush: true });
  }

  /** Keeps what was fetched before there was a worker, unless it is kept already. */
  keep(urls: string[]): void {
    this.#say({ keep: urls });
  }

  /** Forgets the pages that were kept for somebody signed in. */
  forget(): void {
    this.#say({ forget: true });
  }

  #say(visits: object): void {
    if (this.#worker) this.#worker.postMessage({ visits });
    else this.#early.push(visits);
  }

  /** Asks the browser, where it can, to send even if the page is closed. */
  async #later(): Promise<void> {
    const ready = (await navigator.serviceWorker.ready) as ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } };
    await ready.sync?.register("fyren-visits").catch(() => undefined);
  }
}
