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

/** States that a step of a wish may reach. */
export const WISH_STATES = ["contacted", "started", "not_taken_up"] as const;

/** A resident's wish to start a watch. */
export interface Wish {
  report: string;
  kinds: string[];
  district: string | null;
  receivedAt: string;
  state: "new" | (typeof WISH_STATES)[number];
  status: string;
  answered: boolean;
  quarantined: boolean;
  steps: { state: string; on: string; by: string | null; reason: string | null; area: string | null }[];
}

/** How many wishes there are, in all or in the days of a promise. */
export interface WishCount {
  promise: string | null;
  from: string | null;
  to: string | null;
  wishes: number;
  answered: number;
  started: number;
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

/** Every wish, the latest first, and how many there are. */
export async function listWishes(code: string): Promise<{ items: Wish[]; counts: WishCount[] }> {
  const response = await fetch(`${M(code)}/watch-wishes?limit=1000`);
  if (!response.ok) throw await failure(response);
  return (await response.json()) as { items: Wish[]; counts: WishCount[] };
}

/** Says what became of a wish; its sender reads the reason. */
export async function addWishStep(code: string, report: string, step: object): Promise<void> {
  await send("POST", `${M(code)}/watch-wishes/${report}/steps`, step, {});
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
