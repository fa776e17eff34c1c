/** The visits of a shift, told once each: what the queue holds and what the server has stored. */

import type { LoggedVisit, Queued, VisitBody } from "../api/shift";

/** A visit of this shift, however far it has come. */
export interface Entry {
  /** Stays the same for as long as the page is open, so that what is open for it stays open. */
  key: string;
  /** The queued visit, where it stands in the queue. */
  queued: Queued | null;
  /** Identity on the server, once it is there. */
  id: string | null;
  name: string;
  body: VisitBody;
  state: "waiting" | "refused" | "sent";
  problem: string;
}

/** Every visit once, the latest first; `keys` has the key of each stored one that was sent from this page. */
export function entriesOf(queue: Queued[], logged: LoggedVisit[], keys: ReadonlyMap<string, string>): Entry[] {
  const gone = new Set(queue.flatMap((visit) => (visit.undoes ? [visit.undoes] : "corrects" in visit.body && visit.body.corrects && visit.state !== "refused" ? [visit.body.corrects] : [])));
  const known = new Set(logged.map((visit) => visit.id));
  const told = logged.filter((visit) => !gone.has(visit.id)).map((visit) => stored(visit, keys.get(visit.id) ?? visit.id));
  const queued = queue.filter((visit) => "unit" in visit.body && !visit.undone && !(visit.id && (known.has(visit.id) || gone.has(visit.id))));
  return [...told, ...queued.map(waiting)].sort((a, b) => b.body.startedAt.localeCompare(a.body.startedAt));
}

function stored(visit: LoggedVisit, key: string): Entry {
  const { id, unit, unitKind, startedAt, endedAt, mode, purpose, tactics, seen, contacts } = visit;
  const place = { longitude: visit.longitude ?? 0, latitude: visit.latitude ?? 0, precisionM: visit.precisionM };
  return { key, queued: null, id, name: visit.name ?? "", body: { unit, unitKind, place, startedAt, endedAt, mode, purpose, tactics, seen, contacts }, state: "sent", problem: "" };
}

function waiting(visit: Queued): Entry {
  return { key: visit.key, queued: visit, id: visit.id ?? null, name: visit.name, body: visit.body as VisitBody, state: visit.state, problem: visit.problem ?? "" };
}
