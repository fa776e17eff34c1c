/** Watch areas, bulletins, the calendar and single figures. */

import { failure } from "./layers";

export const WATCH_KINDS = ["boat", "harbour", "neighbourhood", "night_walk"] as const;
export const WATCH_STATUS = ["starting", "active", "resting"] as const;
export const WATCH_CONTACTS = ["contact", "main_contact", "rota", "club", "municipality", "police"] as const;
export const ENTRY_KINDS = ["watch_meeting", "watch_start", "lecture", "fraud_meeting", "dialogue", "safety_walk"] as const;
export const THEMES = ["narcotics", "traffic", "theft", "fraud", "disorder", "other"] as const;

/** A text in both languages. */
export interface Both {
  sv: string;
  en?: string | null;
}

/** A watch area. */
export interface WatchArea {
  id: string;
  kind: string;
  name: string;
  district: string | null;
  longitude: number;
  latitude: number;
  radiusM: number;
  members: number | null;
  contacts: string[];
  status: string;
  startedOn: string | null;
}

/** An entry of the calendar. */
export interface Entry {
  id: string;
  kind: string;
  startsAt: string;
  endsAt: string;
  title: Both;
  place: string;
  district: string | null;
  organiser: string;
  status: "planned" | "held" | "cancelled";
  visitors: number | null;
}

/** A bulletin. */
export interface Bulletin {
  id: string;
  area: string | null;
  sender: string;
  publishedOn: string;
  until: string;
  title: Both;
  text: Both;
}

/** A single figure. */
export interface Figure {
  kind: "tips" | "drug_habits" | "first_support_days";
  from: string;
  to: string;
  district: string | null;
  theme: string | null;
  amount: number;
  source: string;
}

const M = (code: string) => `/api/v1/municipalities/${code}`;

/** Everything of a kind. */
export async function list<T>(code: string, what: "watch-areas" | "bulletins" | "calendar" | "figures"): Promise<T[]> {
  const response = await fetch(`${M(code)}/${what}`);
  if (!response.ok) throw await failure(response);
  return ((await response.json()) as { items: T[] }).items;
}

/** Writes something new; the same key writes it once. */
export async function create(code: string, path: string, body: object, key: string): Promise<void> {
  await send("POST", `${M(code)}/${path}`, body, { "idempotency-key": key });
}

/** Replaces what is there. */
export async function replace(code: string, path: string, body: object): Promise<void> {
  await send("PUT", `${M(code)}/${path}`, body, {});
}

async function send(method: string, url: string, body: object, more: Record<string, string>): Promise<void> {
  const response = await fetch(url, { method, headers: { "content-type": "application/json", ...more }, body: JSON.stringify(body) });
  if (!response.ok) throw await failure(response);
}
