/** What the page of a shift knows: who we are, where we are, what waits and what was logged. */

import { fetchBase, type Base, type Place } from "../api/base";
import { ApiError } from "../api/layers";
import { readRounds, type Round, type Stop } from "../api/plans";
import { fetchShift, shiftUrl, Queue, visitsOf, type NextStop, type Queued, type Shift, type VisitBody } from "../api/shift";
import { POLICE } from "./codes";
import { entriesOf, type Entry } from "./entries";
import { AT_M, metres, named, position, spotAt, type Fix, type Spot } from "./near";
import { legs, roundOf, type Leg } from "./round";

/** What a unit says of a visit beside where and when. */
export interface Told {
  purpose: string;
  tactics: string[];
  seen: string | null;
  contacts: string | null;
}

/** A visit that goes on. */
export interface Open extends Told {
  spot: Spot;
  startedAt: number;
  /** When somebody last said that they are still there. */
  confirmedAt: number;
}

interface Kept {
  unit: string;
  kind: string;
  mode: string;
  purpose: string;
  open: Open | null;
}

const MINUTE = 60_000;
/** Minutes after which we ask whether the unit is still there; the visit then ends here unless it says so. */
export const ASK_MIN = 20;
/** Minutes without an answer after which the visit ends by itself. */
export const CLOSE_MIN = 30;
/** Minutes of a visit that is logged afterwards: the middle of the guide. */
export const AFTERWARDS_MIN = 12;

/** The state of the page. */
export class Patrol {
  readonly code: string;
  unit = $state("");
  kind = $state("");
  mode = $state("foot");
  purpose = $state("presence");
  open = $state.raw<Open | null>(null);
  shift = $state.raw<Shift | null>(null);
  /** The decided rounds of today, for police units alone. */
  rounds = $state.raw<Round[]>([]);
  base = $state.raw<Base | null>(null);
  queue = $state.raw<Queued[]>([]);
  fix = $state.raw<Fix | null>(null);
  now = $state(Date.now());
  online = $state(navigator.onLine);
  failure = $state.raw<ApiError | null>(null);
  /** What was done last and can be undone at once. */
  last = $state.raw<{ key: string; name: string } | null>(null);
  #queue = new Queue();
  /** The key in the queue of each visit that was sent from here: it stays the visit's key when the queue has let go of it. */
  #keys = new Map<string, string>();

  constructor(code: string) {
    this.code = code;
    const kept = JSON.parse(localStorage.getItem(this.#name()) ?? "null") as Kept | null;
    if (kept) Object.assign(this, kept);
  }

  #name(): string {
    return `fyren-shift-${this.code}`;
  }

  #keep(): void {
    const { unit, kind, mode, purpose, open } = this;
    localStorage.setItem(this.#name(), JSON.stringify({ unit, kind, mode, purpose, open }));
  }

  /** Loads, starts the queue, the clock and the position; the returned function ends them. */
  start(paths: string[]): () => void {
    void this.load();
    void fetchBase(`/${this.code}/base.json`).then((base) => (this.base = base), () => undefined);
    void this.#queue.open(paths, (visits) => this.#told(visits));
    this.#queue.keep([location.pathname, shiftUrl(this.code, this.unit)]);
    const clock = setInterval(() => this.tick(), 5_000);
    this.tick();
    const watch = navigator.geolocation?.watchPosition(
      ({ coords }) => (this.fix = { longitude: coords.longitude, latitude: coords.latitude }),
      () => (this.fix = null),
      { maximumAge: 60_000, timeout: 20_000 },
    );
    const net = () => {
      this.online = navigator.onLine;
      if (this.online) void this.load();
    };
    const seen = () => {
      if (document.visibilityState !== "visible") return;
      this.tick();
      this.#queue.flush();
      void this.load();
    };
    addEventListener("online", net);
    addEventListener("offline", net);
    document.addEventListener("visibilitychange", seen);
    return () => {
      clearInterval(clock);
      if (watch !== undefined) navigator.geolocation.clearWatch(watch);
      removeEventListener("online", net);
      removeEventListener("offline", net);
      document.removeEventListener("visibilitychange", seen);
    };
  }

  /** Asks the server again; without it what is known stays. */
  async load(): Promise<void> {
    try {
      this.shift = await fetchShift(this.code, this.unit);
      this.failure = null;
      const stored = new Set(this.shift.logged.map((visit) => visit.id));
      const corrected = new Set(this.queue.flatMap(({ body, state }) => ("corrects" in body && body.corrects && state === "sent" ? [body.corrects] : [])));
      for (const visit of this.queue) {
        const known = visit.state === "sent" && (visit.undoes || visit.undone || !visit.id || stored.has(visit.id) || corrected.has(visit.id));
        if (known) this.#queue.drop(visit.key);
      }
    } catch (error) {
      this.failure = error instanceof ApiError ? error : null;
    }
    await this.#loadRounds();
  }

  /** Where somebody will be is for the police alone; nobody else asks. */
  async #loadRounds(): Promise<void> {
    if (!this.unit || !POLICE.includes(this.kind)) {
      this.rounds = [];
      return;
    }
    try {
      this.rounds = await readRounds(this.code, this.unit);
    } catch (error) {
      // Without a net what is known stays; a refusal takes it away.
      if (error instanceof ApiError && error.status) this.rounds = [];
    }
  }

  /** The round that is driven now, if one is decided. */
  get round(): Round | null {
    return roundOf(this.rounds, this.unit, this.now);
  }

  /** Its stops, those visited ticked off. */
  get legs(): Leg[] {
    return this.round ? legs(this.round, this.entries, this.base?.places.features ?? []) : [];
  }

  /** The spot of a stop of the round. */
  spotOfPlan(stop: Stop): Spot {
    return this.spotOf(stop, stop.kind === "hotspot" ? 0 : AT_M);
  }

  /** The spot of what is due. */
  spotOfDue(stop: NextStop): Spot {
    return this.spotOf(stop, stop.because === "hot_spot" ? 0 : 2_000);
  }

  /** What else is due: not what the round goes to anyhow. */
  get due(): NextStop[] {
    const stops = this.round?.stops ?? [];
    const visited = new Set(this.entries.map((entry) => entry.name));
    const due = (this.shift?.next ?? []).filter((stop) => !visited.has(stop.name) && this.open?.spot.name !== stop.name);
    return due.filter((stop) => !stops.some((one) => one.key === stop.key || metres(one, stop) < AT_M));
  }

  #told(visits: Queued[]): void {
    const sent = (all: Queued[]) => all.filter((visit) => visit.state === "sent").length;
    const more = sent(visits) > sent(this.queue);
    for (const { id, key } of visits) if (id) this.#keys.set(id, key);
    this.queue = visits;
    if (more) void this.load();
  }

  /** Sets who we are; remembered on this telephone. */
  become(unit: string, kind: string, mode: string): void {
    Object.assign(this, { unit, kind, mode });
    this.#keep();
    void this.load();
  }

  /** The clock: asks, and ends a visit that nobody speaks of any more. */
  tick(): void {
    this.now = Date.now();
    if (this.open && this.now - this.open.confirmedAt >= CLOSE_MIN * MINUTE) {
      this.leave(this.open.confirmedAt + ASK_MIN * MINUTE);
    }
  }

  /** Named places that are not mere stops of buses. */
  get places(): Place[] {
    return (this.base?.places.features ?? []).filter((place) => place.properties.kind !== "stop");
  }

  /** Where we are: the nearest known place, stops included. */
  get here(): Spot | null {
    return this.fix && this.base ? spotAt(this.base.places.features, this.fix) : null;
  }

  /** The place of a stop, told as the place of its name if that lies within `within` metres, else as its own rounded point. */
  spotOf(stop: Fix & { name: string }, within: number): Spot {
    const places = this.base?.places.features ?? [];
    const same = places.find((place) => place.properties.name === stop.name && metres(position(place), stop) < within);
    if (same) return named(same);
    return { name: stop.name, place: { longitude: stop.longitude, latitude: stop.latitude, precisionM: 100 } };
  }

  /** We have come: one tap, with the purpose of last time. */
  arrive(spot: Spot): void {
    if (this.open) this.leave(Date.now());
    const at = Date.now();
    this.open = { spot, startedAt: at, confirmedAt: at, purpose: this.purpose, tactics: [], seen: "nothing", contacts: null };
    this.last = null;
    this.#keep();
  }

  /** We are still there. */
  stay(): void {
    if (this.open) this.tell({ confirmedAt: Date.now() });
  }

  /** Says more of the visit that goes on. */
  tell(more: Partial<Open>): void {
    if (!this.open) return;
    this.open = { ...this.open, ...more };
    if (more.purpose) this.purpose = more.purpose;
    this.#keep();
  }

  /** The tap was a mistake: there is no visit. */
  forgetOpen(): void {
    this.open = null;
    this.#keep();
  }

  /** The visit ends at `at`, and is queued. */
  leave(at: number): void {
    const open = this.open;
    if (!open) return;
    this.open = null;
    this.#keep();
    const { purpose, tactics, seen, contacts } = open;
    this.log(open.spot, [open.startedAt, Math.max(at, open.startedAt + MINUTE)], { purpose, tactics, seen, contacts });
  }

  /** Queues a visit and gives its key. */
  log(spot: Spot, [from, to]: [number, number], told: Told, corrects?: string): string {
    const key = crypto.randomUUID();
    const body: VisitBody = {
      unit: this.unit,
      unitKind: this.kind,
      place: spot.place,
      startedAt: new Date(from).toISOString(),
      endedAt: new Date(to).toISOString(),
      mode: this.mode,
      ...told,
      ...(corrects ? { corrects } : {}),
    };
    this.#queue.put({ key, url: visitsOf(this.code), body, name: spot.name, at: Date.now(), state: "waiting" });
    this.purpose = told.purpose;
    this.last = { key, name: spot.name };
    this.#keep();
    return key;
  }

  /** Takes an entry back. */
  undo(entry: { key: string; id: string | null; name: string }): void {
    const id = entry.id ?? [...this.#keys].find(([, key]) => key === entry.key)?.[0];
    const withdraw = { key: crypto.randomUUID(), root: visitsOf(this.code), name: entry.name, at: Date.now(), ...(id ? { id } : {}) };
    this.#queue.undo(entry.key, withdraw);
    this.last = null;
  }

  /** Replaces what an entry says; what was sent stays, corrected by an addition. */
  change(entry: Entry, told: Told, [from, to]: [number, number]): void {
    const { place, corrects } = entry.body;
    if (entry.state !== "sent") this.#queue.undo(entry.key, { key: crypto.randomUUID(), root: visitsOf(this.code), name: entry.name, at: Date.now() });
    this.log({ name: entry.name, place }, [from, to], told, entry.id ?? corrects);
  }

  /** Every visit of this shift, from the queue and from the server, each once, the latest first. */
  get entries(): Entry[] {
    return entriesOf(this.queue, this.shift?.logged ?? [], this.#keys);
  }

  /** What waits to be sent, withdrawals included. */
  get waiting(): Queued[] {
    return this.queue.filter((visit) => visit.state === "waiting");
  }

  /** Forgets the kept pages, because somebody signs out. */
  signOut(): void {
    this.#queue.forget();
  }
}
