/** Vetoes on hot spots: why one is not to be acted on, and until when. */

import { failure } from "./layers";

/** Why a hot spot is not to be acted on. */
export type VetoReason = "handled" | "one_event" | "more_people" | "wrong_place" | "others_duty" | "other";

/** The reasons in the order in which they are offered. */
export const REASONS: readonly VetoReason[] = ["handled", "one_event", "more_people", "wrong_place", "others_duty", "other"];

/** The veto on a hot spot, as the layer tells it. */
export interface SpotVeto {
  id: string;
  reason: VetoReason;
  note: string | null;
  by: string;
  context: "municipal" | "police";
  since: string;
  reviewOn: string;
  due: boolean;
  reportsSince: number;
  others: number;
}

/** What happened to a veto. */
export interface VetoStep {
  at: string;
  by: string;
  act: "set" | "renewed" | "ended";
  reason: VetoReason | null;
  note: string | null;
  reviewOn: string | null;
}

/** A veto with everything that happened to it. */
export interface Veto {
  id: string;
  spot: string;
  longitude: number;
  latitude: number;
  name: string | null;
  district: string | null;
  context: "municipal" | "police";
  state: "holds" | "due" | "ended";
  steps: VetoStep[];
}

/** Why, and until when. */
export interface Terms {
  reason: VetoReason;
  note: string | null;
  reviewOn: string;
}

/** Every veto that may be seen, the latest set first. */
export async function listVetoes(code: string): Promise<Veto[]> {
  const all: Veto[] = [];
  for (let total = Infinity; all.length < total; ) {
    const response = await fetch(`/api/v1/municipalities/${code}/vetoes?limit=100&offset=${all.length}`);
    if (!response.ok) throw await failure(response);
    const part = (await response.json()) as { items: Veto[]; total: number };
    all.push(...part.items);
    total = part.items.length ? part.total : all.length;
  }
  return all;
}

/** Vetoes the hot spot with a key; the same idempotency key does it once. */
export async function vetoSpot(code: string, spot: string, terms: Terms, key: string): Promise<void> {
  await send(`/api/v1/municipalities/${code}/vetoes`, { spot, ...terms }, { "idempotency-key": key });
}

/** Renews a veto on new terms. */
export async function renewVeto(code: string, id: string, terms: Terms): Promise<void> {
  await send(`/api/v1/municipalities/${code}/vetoes/${id}/review`, { outcome: "renewed", ...terms }, {});
}

/** Ends a veto, with what was found. */
export async function endVeto(code: string, id: string, note: string | null): Promise<void> {
  await send(`/api/v1/municipalities/${code}/vetoes/${id}/review`, { outcome: "ended", note }, {});
}

async function send(url: string, body: unknown, more: Record<string, string>): Promise<void> {
  const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json", ...more }, body: JSON.stringify(body) });
  if (!response.ok) throw await failure(response);
}
