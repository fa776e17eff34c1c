/** Measures: who does what about a problem, by when, and what came of it. */

import { failure, fetchLayer } from "./layers";

/** A text in both languages. */
export interface Texts {
  sv: string;
  en: string;
}

/** Where a measure stands. */
export type MeasureStatus = "planned" | "running" | "done" | "stopped";

/** A measure as staff see it. */
export interface Measure {
  id: string;
  district: string | null;
  problem: Texts;
  action: Texts;
  owner: string;
  context: "municipal" | "police";
  decidedOn: string;
  dueOn: string;
  overdue: boolean;
  status: MeasureStatus;
  indicator: string;
  outcome: Texts | null;
  promise: string | null;
  spot: { longitude: number; latitude: number } | null;
  synthetic: boolean;
}

/** A measure as it is sent. */
export type NewMeasure = Omit<Measure, "id" | "context" | "overdue" | "synthetic" | "problem" | "action" | "outcome"> & {
  problem: { sv: string; en?: string };
  action: { sv: string; en?: string };
  outcome: { sv: string; en?: string } | null;
};

/** A promise that a measure can serve. */
export interface PromiseName {
  slug: string;
  text: Texts;
  from: string;
  to: string;
}

/** Every measure, the latest decision first. */
export async function listMeasures(code: string): Promise<Measure[]> {
  const all: Measure[] = [];
  for (let total = Infinity; all.length < total; ) {
    const response = await fetch(`/api/v1/municipalities/${code}/measures?limit=100&offset=${all.length}`);
    if (!response.ok) throw await failure(response);
    const part = (await response.json()) as { items: Measure[]; total: number };
    all.push(...part.items);
    total = part.items.length ? part.total : all.length;
  }
  return all;
}

/** Stores a new measure; the same key stores it once. */
export async function createMeasure(code: string, measure: NewMeasure, key: string): Promise<void> {
  await send("POST", `/api/v1/municipalities/${code}/measures`, measure, { "idempotency-key": key });
}

/** Replaces what a measure says. */
export async function replaceMeasure(code: string, id: string, measure: NewMeasure): Promise<void> {
  await send("PUT", `/api/v1/municipalities/${code}/measures/${id}`, measure, {});
}

/** The promises that can be served. */
export async function listPromises(code: string): Promise<PromiseName[]> {
  const found = await fetchLayer<PromiseName>(`/api/v1/municipalities/${code}/layers/promises`);
  return found.features.map((feature) => feature.properties);
}

async function send(method: string, url: string, body: unknown, more: Record<string, string>): Promise<void> {
  const response = await fetch(url, { method, headers: { "content-type": "application/json", ...more }, body: JSON.stringify(body) });
  if (!response.ok) throw await failure(response);
}
