/** Presence of the police that is told by the week. */

import { failure } from "./layers";

/** Visits and minutes in one district and week. */
export interface TypedWeek {
  district: string;
  week: string;
  visits: number;
  minutes: number;
}

/** The same with who says so. */
export interface ToldWeek extends TypedWeek {
  source: "typed" | "imported" | "summary";
}

/** What came of a file. */
export interface StoredWeeks {
  stored: number;
  refused: { line: number; field: string; rule: string }[];
}

const path = (code: string) => `/api/v1/municipalities/${code}/presence-weeks`;

/** Everything that is told. */
export async function listPresence(code: string): Promise<ToldWeek[]> {
  const response = await fetch(path(code));
  if (!response.ok) throw await failure(response);
  return ((await response.json()) as { items: ToldWeek[] }).items;
}

/** Stores rows in the place of what was typed before. */
export async function tellPresence(code: string, rows: TypedWeek[]): Promise<void> {
  const response = await fetch(path(code), { method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify({ rows }) });
  if (!response.ok) throw await failure(response);
}

/** Stores the rows of a CSV file. */
export async function importPresence(code: string, file: File): Promise<StoredWeeks> {
  const response = await fetch(path(code), { method: "POST", headers: { "content-type": "text/csv" }, body: await file.arrayBuffer() });
  if (!response.ok) throw await failure(response);
  return (await response.json()) as StoredWeeks;
}
