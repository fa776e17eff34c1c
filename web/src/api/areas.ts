/** Patrol areas: divided, saved by name, deleted; for police roles alone. */

import type { FeatureCollection, MultiPolygon } from "geojson";
import { failure, fetchLayer } from "./layers";

/** What is asked. */
export interface AreaQuestion {
  k: number;
  unit: "cell" | "district";
  /** Edge of a cell in metres. */
  cell: number;
  seed: number;
  from?: string;
}

/** One area of a division. */
export interface AreaProperties {
  area: number;
  work: number;
  share: number;
  reports: number;
  landKm2: number;
  /** In how many parts it lies; more than one where it reaches over water. */
  parts: number;
  districts: string[];
  label: [number, number] | null;
}

/** A district of today by the same measure. */
export interface TodayDistrict {
  code: string;
  name: string;
  share: number;
  parts: number;
}

/** A division with what is said of it as a whole. */
export type Division = FeatureCollection<MultiPolygon, AreaProperties> & {
  n: number;
  window: { from: string; to: string } | null;
  imbalance: number;
  spreadM: number;
  digest: string;
  today: { areas: number; imbalance: number; spreadM: number; districts: TodayDistrict[] } | null;
  params: { k: number; cellM: number; unit: "cell" | "district" };
};

/** An area of a saved set. */
export interface SavedArea {
  number: number;
  /** What the parameter `area` of a question calls it. */
  area: string;
  name: string;
  share: number;
  parts: number;
  districts: string[];
}

/** A saved set. */
export interface AreaSet {
  id: string;
  name: string;
  madeAt: string;
  by: string;
  unit: "cell" | "district";
  imbalance: number;
  todayImbalance: number | null;
  areas: SavedArea[];
}

/** An area of a saved set with its ground. */
export interface SavedShape {
  set: string;
  setName: string;
  number: number;
  name: string;
  share: number;
  parts: number;
}

const root = (code: string) => `/api/v1/municipalities/${code}`;

async function send(url: string, method: string, body: unknown, more: Record<string, string> = {}): Promise<Response> {
  const response = await fetch(url, { method, headers: { "content-type": "application/json", ...more }, body: JSON.stringify(body) });
  if (!response.ok) throw await failure(response);
  return response;
}

/** Divides the municipality; nothing is kept. */
export async function divide(code: string, question: AreaQuestion): Promise<Division> {
  let response = await send(`${root(code)}/analytics/plan/areas`, "POST", question);
  while (response.status === 202) {
    const { statusUrl } = (await response.json()) as { statusUrl: string };
    // The server answers when it is done, or says after some seconds that it is not.
    response = await fetch(statusUrl);
    if (!response.ok) throw await failure(response);
  }
  return (await response.json()) as Division;
}

/** Saves the division that was seen; the same key does it once. */
export async function saveAreas(code: string, areas: { name: string; names: string[]; question: AreaQuestion; digest: string }, key: string): Promise<string> {
  const response = await send(`${root(code)}/patrol-areas`, "POST", areas, { "idempotency-key": key });
  return ((await response.json()) as { id: string }).id;
}

/** Every saved set, the latest first. */
export async function listAreas(code: string): Promise<AreaSet[]> {
  const response = await fetch(`${root(code)}/patrol-areas?limit=100`);
  if (!response.ok) throw await failure(response);
  return ((await response.json()) as { items: AreaSet[] }).items;
}

/** The ground of one saved set. */
export function fetchSet(code: string, id: string): Promise<FeatureCollection<MultiPolygon, SavedShape>> {
  return fetchLayer<SavedShape, MultiPolygon>(`${root(code)}/layers/patrol-areas?set=${encodeURIComponent(id)}`);
}

/** Deletes a set. */
export async function deleteAreas(code: string, id: string): Promise<void> {
  const response = await fetch(`${root(code)}/patrol-areas/${encodeURIComponent(id)}`, { method: "DELETE" });
  if (!response.ok) throw await failure(response);
}
