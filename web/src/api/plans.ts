/** Patrol plans: drawn with reasons, kept, ended; for police roles alone. */

import type { Feature } from "geojson";
import { ApiError, failure } from "./layers";

/** A text in both languages. */
export interface Texts {
  sv: string;
  en: string;
}

/** One visit of a plan. */
export interface Stop {
  order: number;
  key: string;
  kind: "hotspot" | "district" | "wish";
  name: string;
  district: string | null;
  districtName: string | null;
  longitude: number;
  latitude: number;
  arriveAt: string;
  startAt: string;
  leaveAt: string;
  reason: Texts;
  daysSinceVisit: number | null;
  floor: boolean;
  must: boolean;
  wishedBy: string | null;
  moved: string | null;
}

/** What one shift does. */
export interface Round {
  plan?: string;
  unit: string;
  mode: string;
  from: string;
  to: string;
  leaveAt: string;
  backAt: string;
  base: { name: string; longitude: number; latitude: number };
  travelMin: number;
  idle: Texts | null;
  pause: { from: string; to: string } | null;
  stops: Stop[];
}

/** A district and its floor. */
export interface Floor {
  district: string;
  name: string;
  atLeast: number;
  planned: number;
  met: boolean;
  daysSinceVisit: number | null;
}

/** A plan with everything that it rests on. */
export interface Plan {
  id?: string;
  status?: "draft" | "decided" | "done" | "withdrawn";
  from: string;
  to: string;
  window: [string, string];
  seed: number;
  travel: "roads" | "detour";
  params: Question;
  rounds: Round[];
  floors: Floor[];
  unmet: { field: string; name: string; missing: number; outOfReach: boolean }[];
  leftOut: { key: string; name: string; reason: string; note: string | null; reviewOn: string }[];
  limits: { rule: string; number: number; text: Texts }[];
  prize: number;
  coverageShare: number;
  digest: string;
  features: Feature[];
}

/** A unit at work. */
export interface Shift {
  unit: string;
  from: string;
  to: string;
  mode: string;
  breakMin: number;
  base?: { localityId: string } | null;
}

/** A stop that somebody has moved. */
export interface Move {
  stop: string;
  longitude?: number | null;
  latitude?: number | null;
  unit?: string | null;
  earliest?: string | null;
  latest?: string | null;
  reason: string;
  note: string | null;
  reviewOn: string;
}

/** A place that must be visited. */
export interface Wish {
  place: { districtCode?: string | null; longitude?: number | null; latitude?: number | null };
  note?: string | null;
}

/** A stop that a unit wishes for in the plans to come. */
export interface StopWish {
  id: string;
  unit: string;
  name: string;
  district: string | null;
  longitude: number;
  latitude: number;
  note: string;
  until: string;
  madeAt: string;
  by: string;
}

/** A wish as it is sent. */
export interface NewWish {
  unit: string;
  place: { localityId: string } | { longitude: number; latitude: number };
  note: string;
  until: string | null;
}

/** What is asked for. */
export interface Question {
  shifts: Shift[];
  stopMin: number;
  floor: number;
  floors: Record<string, number>;
  coverageShare: number;
  seed?: number;
  mustVisit: Wish[];
  moves: Move[];
}

/** A plan in the list. */
export interface PlanHead {
  id: string;
  status: "draft" | "decided" | "done" | "withdrawn";
  from: string;
  to: string;
  madeAt: string;
  units: string[];
  stops: number;
}

/** No plan meets every floor; the nearest comes along. */
export class Infeasible extends ApiError {
  constructor(
    error: ApiError,
    readonly nearest: Plan,
  ) {
    super(error.status, error.detail, error.violations);
  }
}

/** Files of a plan. */
export const FILES = ["sheet.pdf", "plan.gpx", "plan.ics", "plan.geojson"] as const;

const root = (code: string) => `/api/v1/municipalities/${code}`;

async function send(url: string, method: string, body: unknown, more: Record<string, string> = {}): Promise<Response> {
  const response = await fetch(url, { method, headers: { "content-type": "application/json", ...more }, body: JSON.stringify(body) });
  if (response.ok) return response;
  const again = response.clone();
  const error = await failure(response);
  if (error.status !== 422) throw error;
  const { nearest } = (await again.json()) as { nearest?: Plan };
  throw nearest ? new Infeasible(error, nearest) : error;
}

/** Draws a plan; nothing is kept. */
export async function drawPlan(code: string, question: Question): Promise<Plan> {
  return (await (await send(`${root(code)}/analytics/plan/tour`, "POST", question)).json()) as Plan;
}

/** Keeps the plan that was seen; the same key does it once. */
export async function keepPlan(code: string, plan: Plan, status: "draft" | "decided", key: string): Promise<string> {
  const body = { question: plan.params, digest: plan.digest, status };
  const response = await send(`${root(code)}/plans`, "POST", body, { "idempotency-key": key });
  return ((await response.json()) as { id: string }).id;
}

/** Decides, ends or withdraws a plan. */
export async function changePlan(code: string, id: string, status: string): Promise<void> {
  await send(`${root(code)}/plans/${id}`, "PATCH", { status });
}

/** One kept plan. */
export async function readPlan(code: string, id: string): Promise<Plan> {
  const response = await fetch(`${root(code)}/plans/${id}`);
  if (!response.ok) throw await failure(response);
  return (await response.json()) as Plan;
}

/** The latest plans. */
export async function listPlans(code: string): Promise<PlanHead[]> {
  const response = await fetch(`${root(code)}/plans?limit=20`);
  if (!response.ok) throw await failure(response);
  return ((await response.json()) as { items: PlanHead[] }).items;
}

/** The wishes that stand. */
export async function listWishes(code: string): Promise<StopWish[]> {
  const response = await fetch(`${root(code)}/plan-wishes`);
  if (!response.ok) throw await failure(response);
  return ((await response.json()) as { items: StopWish[] }).items;
}

/** Wishes for a stop; the same key does it once. */
export async function wishForStop(code: string, wish: NewWish, key: string): Promise<void> {
  await send(`${root(code)}/plan-wishes`, "POST", wish, { "idempotency-key": key });
}

/** Takes a wish back. */
export async function endWish(code: string, id: string): Promise<void> {
  const response = await fetch(`${root(code)}/plan-wishes/${id}`, { method: "DELETE" });
  if (!response.ok) throw await failure(response);
}

/** The decided rounds of a unit that are driven today or now. */
export async function readRounds(code: string, unit: string): Promise<Round[]> {
  const response = await fetch(`${root(code)}/plans/current?${new URLSearchParams({ unit })}`);
  if (!response.ok) throw await failure(response);
  return ((await response.json()) as { rounds: Round[] }).rounds;
}

/** Who may get sheets by e-mail, and whether letters are sent at all. */
export async function sheetRecipients(code: string): Promise<{ mail: boolean; rules: string[] }> {
  const response = await fetch(`${root(code)}/plans/recipients`);
  if (!response.ok) throw await failure(response);
  return (await response.json()) as { mail: boolean; rules: string[] };
}

/** Sends the sheet of one unit. */
export async function sendSheet(code: string, id: string, unit: string, address: string): Promise<void> {
  await send(`${root(code)}/plans/${id}/send`, "POST", { unit, address });
}

/** Where a file of a kept plan is. */
export function fileOf(code: string, id: string, file: (typeof FILES)[number]): string {
  return `${root(code)}/plans/${id}/${file}`;
}
